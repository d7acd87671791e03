"""The graph in which routes are searched: a lattice over the ground joined with its roads.

Nodes are samples of the ground: every ``step``-th sample of every ``step``-th row, and each vertex of a
road. Edges join lattice neighbours in eight directions, the ends of each road segment, and each road
vertex with the lattice nodes around it. An edge exists only where the straight leg touches no cell that
the mobility class cannot enter, so a path in the graph is a path on the ground.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario._regions import joined
from workbench.scenario.ground import NO_ENTRY, Ground
from workbench.scenario.model import Mobility
from workbench.scenario.terrain.raster import offsets_touched

__all__ = ["Lattice", "lattice_of", "lattice_step"]

Ints = NDArray[np.int64]

_NODES_A_SIDE: Final = 125
"""A tree over 126 × 126 nodes takes about a tenth of a second, and 80 m between nodes at 10 km."""

_HALF_PLANE: Final = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Each undirected lattice direction once, in steps (row, col)."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Nodes by number and their edges as compressed rows, sorted by node, then by neighbour."""

    step: int
    cells: Ints
    """Flat sample index of each node, ascending."""
    first_edge: tuple[int, ...]
    neighbours: tuple[int, ...]
    times_us: tuple[int, ...]
    main: NDArray[np.bool_]
    """Which nodes belong to the largest connected part of the graph in their region of the ground."""

    def between(self, low: int, high: int) -> range:
        """Nodes whose flat sample index lies in low … high."""
        first, last = np.searchsorted(self.cells, (low, high + 1)).tolist()
        return range(first, last)

    def edges(self, node: int) -> Iterator[tuple[int, int]]:
        """``(neighbour, microseconds)`` of every edge of the node."""
        low, high = self.first_edge[node], self.first_edge[node + 1]
        return zip(self.neighbours[low:high], self.times_us[low:high], strict=True)


def lattice_step(ground: Ground) -> int:
    """Samples between lattice nodes on this ground."""
    return max(1, -(-(max(ground.rows, ground.cols) - 1) // _NODES_A_SIDE))


def lattice_of(ground: Ground, mobility: Mobility, regions: NDArray[np.int32]) -> Lattice:
    """The graph of one mobility class, whose connected regions of the ground are ``regions``."""
    step = lattice_step(ground)
    paces = ground.cost_grid(mobility)
    roads = _road_segments(ground)
    nodes = _nodes(ground, step, roads)
    legs = [*_lattice_legs(ground, step), *_by_offset(ground, *roads), *_access_legs(ground, step, roads)]
    tails, heads, times = [], [], []
    for tail, (row, col) in legs:
        keep, time = _timed(paces, ground, tail, row, col)
        tails.append(keep)
        heads.append(keep + row * ground.cols + col)
        times.append(time)
    a = np.searchsorted(nodes, np.concatenate(tails))
    b = np.searchsorted(nodes, np.concatenate(heads))
    main = _main_parts(regions.ravel()[nodes], joined(len(nodes), a, b))
    return _compressed(step, nodes, main, a, b, np.concatenate(times))


def _main_parts(region: NDArray[np.int32], part: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Nodes in the largest part of each region (the lowest-numbered among equals); lone nodes never are."""
    size = np.bincount(part, minlength=len(part))
    order = np.lexsort((part, -size[part], region))
    largest = np.full(int(region.max(initial=0)) + 1, -1, dtype=np.int64)
    first = np.flatnonzero(np.diff(region[order], prepend=-2))
    largest[region[order][first]] = part[order][first]
    main: NDArray[np.bool_] = (region >= 0) & (largest[region] == part) & (size[part] > 1)
    return main


def _nodes(ground: Ground, step: int, roads: tuple[Ints, Ints]) -> Ints:
    rows = np.arange(0, ground.rows, step, dtype=np.int64)
    cols = np.arange(0, ground.cols, step, dtype=np.int64)
    lattice = (rows[:, None] * ground.cols + cols[None, :]).ravel()
    return np.unique(np.concatenate([lattice, *roads]))


def _road_segments(ground: Ground) -> tuple[Ints, Ints]:
    """Flat sample indices of the two ends of each road segment."""
    tails: list[int] = []
    heads: list[int] = []
    for road in ground.terrain.roads:
        flat = [row * ground.cols + col for row, col in map(ground.cell_of, road.points)]
        tails += flat[:-1]
        heads += flat[1:]
    return np.array(tails, dtype=np.int64), np.array(heads, dtype=np.int64)


def _lattice_legs(ground: Ground, step: int) -> Iterator[tuple[Ints, tuple[int, int]]]:
    """Starts of the legs between lattice neighbours, by offset."""
    for row, col in _HALF_PLANE:
        rows = np.arange(0, ground.rows - row * step, step, dtype=np.int64)
        cols = np.arange(step if col < 0 else 0, ground.cols - max(col, 0) * step, step, dtype=np.int64)
        yield (rows[:, None] * ground.cols + cols[None, :]).ravel(), (row * step, col * step)


def _access_legs(ground: Ground, step: int, roads: tuple[Ints, Ints]) -> Iterator[tuple[Ints, tuple[int, int]]]:
    """Legs from each road vertex to the four lattice nodes around it."""
    vertices = np.unique(np.concatenate(roads))
    rows, cols = vertices // ground.cols, vertices % ground.cols
    for up in (0, 1):
        for right in (0, 1):
            to_rows, to_cols = (rows // step + up) * step, (cols // step + right) * step
            inside = (to_rows < ground.rows) & (to_cols < ground.cols)
            heads = to_rows * ground.cols + to_cols
            yield from _by_offset(ground, vertices[inside], heads[inside])


def _by_offset(ground: Ground, tails: Ints, heads: Ints) -> Iterator[tuple[Ints, tuple[int, int]]]:
    """Legs grouped by how far apart their ends are, so that each group is proven in one sweep."""
    rows = heads // ground.cols - tails // ground.cols
    cols = heads % ground.cols - tails % ground.cols
    width = 2 * ground.cols
    keys = (rows + ground.rows) * width + (cols + ground.cols)
    for key in np.unique(keys).tolist():
        offset = (key // width - ground.rows, key % width - ground.cols)
        if offset != (0, 0):
            yield tails[keys == key], offset


def _timed(paces: NDArray[np.int32], ground: Ground, tails: Ints, row: int, col: int) -> tuple[Ints, Ints]:
    """The tails whose leg by this offset is free, and the microseconds that it takes."""
    flat = paces.ravel()
    total = np.zeros(len(tails), dtype=np.int64)
    free = np.ones(len(tails), dtype=np.bool_)
    offsets = offsets_touched(row, col)
    for up, right in offsets:
        pace = flat[tails + (up * ground.cols + right)]
        free &= pace != NO_ENTRY
        total += pace
    length_cm = isqrt((row * row + col * col) * ground.cell_cm**2)
    return tails[free], total[free] * length_cm // (len(offsets) * 100)


def _compressed(step: int, nodes: Ints, main: NDArray[np.bool_], a: Ints, b: Ints, times: Ints) -> Lattice:
    """Edges in both directions, in rows by node."""
    source, target, cost = np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([times, times])
    order = np.lexsort((cost, target, source))
    first = np.searchsorted(source[order], np.arange(len(nodes) + 1))
    return Lattice(
        step=step,
        cells=nodes,
        first_edge=tuple(first.tolist()),
        neighbours=tuple(target[order].tolist()),
        times_us=tuple(cost[order].tolist()),
        main=main,
    )
