"""Routes over the ground for a mobility class, exact and deterministic.

The search is Dijkstra's over the graph of :mod:`workbench.scenario._lattice`, from the goal outwards, with
integer times and ties broken by node number; the tree of a goal is kept, so that a whole company routed to
one objective pays for one search. An end that lies in a pocket, from which no straight leg leads to the graph,
is joined to it by a shortest chain of samples, so a route is found whenever the ground has one. The path is
then pulled straight wherever that is not slower. Every leg of a route satisfies :func:`leg_is_traversable`.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario._lattice import Lattice, lattice_of
from workbench.scenario._regions import fewest_steps, region_grid
from workbench.scenario.ground import Ground
from workbench.scenario.legs import leg_is_traversable, leg_length_cm, leg_time_us, whole_seconds
from workbench.scenario.model import COVER_CODES, Cover, Mobility, Point

__all__ = [
    "FoundRoute",
    "Router",
    "find_route",
    "leg_is_traversable",
    "nearest_passable",
    "nearest_road",
]

_ROAD_COVERS: Final = (Cover.ROAD, Cover.TRACK, Cover.BRIDGE)

_TREES_KEPT: Final = 64
"""Search trees held by one router, about 1 MB each; a battalion has fewer objectives."""

_UNREACHED: Final = 1 << 62
_GOAL: Final = -1


@dataclass(frozen=True, slots=True)
class FoundRoute:
    """A way from the first point to the last; each straight leg between is traversable."""

    points: tuple[Point, ...]
    length_cm: int
    duration_s: int
    """Whole seconds, rounded up, at the speed of the mobility class on each surface."""


@dataclass(frozen=True, slots=True)
class _Access:
    """A way from a point to a node of the graph."""

    node: int
    time_us: int
    points: tuple[Point, ...]
    """From the point to the node, both included."""


class Router:
    """Finds routes on one ground and remembers what it has searched; answers do not depend on that."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._lattices: dict[Mobility, Lattice] = {}
        self._regions: dict[Mobility, NDArray[np.int32]] = {}
        self._trees: dict[tuple[Mobility, Point], _Tree] = {}

    def connected(self, mobility: Mobility, a: Point, b: Point) -> bool:
        """There is some way between the points; cheap, so ask before placing."""
        if not (self.ground.passable(mobility, a) and self.ground.passable(mobility, b)):
            return False
        if mobility is Mobility.AIR:
            return True
        regions = self._region_grid(mobility)
        return bool(regions[self.ground.cell_of(a)] == regions[self.ground.cell_of(b)])

    def route(self, mobility: Mobility, start: Point, goal: Point) -> FoundRoute | None:
        """The quickest way that the graph knows, or None exactly where there is no way.

        There is none when an end is outside the area or impassable, nor for STATIC, which does not move.
        """
        if mobility is Mobility.STATIC or not self.connected(mobility, start, goal):
            return None
        if mobility is Mobility.AIR:
            return _measured(self.ground, mobility, [start, goal])
        path = self._path(mobility, start, goal)
        return _measured(self.ground, mobility, _straightened(self.ground, mobility, path))

    def _path(self, mobility: Mobility, start: Point, goal: Point) -> list[Point]:
        """The quickest of: straight, over the graph, and from sample to sample between two pockets."""
        ways = [[start, goal]] if leg_is_traversable(self.ground, mobility, start, goal) else []
        tree, accesses = self._tree(mobility, goal), self._accesses(mobility, start)
        over_graph = [(access.time_us + left, access.node, access) for access in accesses
                      if (left := tree.time_from(access.node)) is not None]  # fmt: skip
        if over_graph:
            _, node, access = min(over_graph, key=lambda way: way[:2])
            ways.append([*access.points, *tree.way_from(node)])
        if not accesses or (_is_chain(accesses) and _is_chain(tree.accesses)):
            ways.append(self._chain(mobility, start, goal))
        return min(ways, key=lambda way: _time_us(self.ground, mobility, way))

    def _chain(self, mobility: Mobility, start: Point, goal: Point) -> list[Point]:
        """From sample to sample, by the fewest; the ends are known to be connected."""
        target = np.zeros((self.ground.rows, self.ground.cols), dtype=np.bool_)
        target[self.ground.cell_of(goal)] = True
        cells = fewest_steps(self.ground.cell_of(start), target, self.ground.passable_grid(mobility)) or []
        return [start, *(self.ground.point_of(row, col) for row, col in cells), goal]

    def _tree(self, mobility: Mobility, goal: Point) -> "_Tree":
        key = (mobility, goal)
        if key not in self._trees:
            if len(self._trees) >= _TREES_KEPT:
                del self._trees[next(iter(self._trees))]
            self._trees[key] = _Tree(self.ground, self._lattice(mobility), self._accesses(mobility, goal))
        return self._trees[key]

    def _lattice(self, mobility: Mobility) -> Lattice:
        if mobility not in self._lattices:
            self._lattices[mobility] = lattice_of(self.ground, mobility, self._region_grid(mobility))
        return self._lattices[mobility]

    def _region_grid(self, mobility: Mobility) -> NDArray[np.int32]:
        if mobility not in self._regions:
            self._regions[mobility] = region_grid(self.ground.passable_grid(mobility))
        return self._regions[mobility]

    def _accesses(self, mobility: Mobility, point: Point) -> list[_Access]:
        """Straight ways to the main nodes around the point, else one chain to the nearest main node."""
        lattice = self._lattice(mobility)
        found = []
        for node in _nodes_around(self.ground, lattice, point):
            at = _node_point(self.ground, lattice, node)
            time = leg_time_us(self.ground, mobility, point, at) if lattice.main[node] else None
            if time is not None:
                found.append(_Access(node, time, (point, at)))
        return found or self._chained_access(mobility, lattice, point)

    def _chained_access(self, mobility: Mobility, lattice: Lattice, point: Point) -> list[_Access]:
        target = np.zeros((self.ground.rows, self.ground.cols), dtype=np.bool_)
        target[np.divmod(lattice.cells[lattice.main], self.ground.cols)] = True
        cells = fewest_steps(self.ground.cell_of(point), target, self.ground.passable_grid(mobility))
        if cells is None:
            return []
        row, col = cells[-1]
        node = lattice.between(row * self.ground.cols + col, row * self.ground.cols + col)[0]
        points = (point, *(self.ground.point_of(*cell) for cell in cells))
        return [_Access(node, _time_us(self.ground, mobility, points), points)]


def _is_chain(accesses: Sequence[_Access]) -> bool:
    return len(accesses) == 1 and len(accesses[0].points) > 2


class _Tree:
    """Quickest times from the nodes of a lattice to one goal, searched no farther than was asked."""

    def __init__(self, ground: Ground, lattice: Lattice, accesses: Sequence[_Access]) -> None:
        self.accesses = accesses
        self._ground, self._lattice = ground, lattice
        self._ends = {access.node: access.points[::-1] for access in accesses}
        self._best = [_UNREACHED] * len(lattice.cells)
        self._next = [_GOAL] * len(lattice.cells)
        self._settled = bytearray(len(lattice.cells))
        self._frontier = sorted((access.time_us, access.node) for access in accesses)
        for time, node in self._frontier:
            self._best[node] = time

    def time_from(self, node: int) -> int | None:
        """Microseconds from the node to the goal, or None where the lattice knows no way."""
        while not self._settled[node] and self._frontier:
            self._settle()
        return self._best[node] if self._settled[node] else None

    def way_from(self, node: int) -> list[Point]:
        """Points after the node's own, up to the goal."""
        points = []
        while self._next[node] != _GOAL:
            node = self._next[node]
            points.append(_node_point(self._ground, self._lattice, node))
        return [*points, *self._ends[node][1:]]

    def _settle(self) -> None:
        time, node = heapq.heappop(self._frontier)
        if self._settled[node]:
            return
        self._settled[node] = True
        for beside, leg in self._lattice.edges(node):
            if time + leg < self._best[beside]:
                self._best[beside] = time + leg
                self._next[beside] = node
                heapq.heappush(self._frontier, (time + leg, beside))


def _node_point(ground: Ground, lattice: Lattice, node: int) -> Point:
    return ground.point_of(*divmod(int(lattice.cells[node]), ground.cols))


def _nodes_around(ground: Ground, lattice: Lattice, point: Point) -> Iterator[int]:
    """Nodes within one and a half steps of the point's cell, by number."""
    row, col = ground.cell_of(point)
    reach = lattice.step + lattice.step // 2
    west, east = max(col - reach, 0), min(col + reach, ground.cols - 1)
    for near in range(max(row - reach, 0), min(row + reach + 1, ground.rows)):
        yield from lattice.between(near * ground.cols + west, near * ground.cols + east)


def _straightened(ground: Ground, mobility: Mobility, path: Sequence[Point]) -> list[Point]:
    """The path with every run of legs replaced by one straight leg where that is free and no slower."""
    kept = [path[0]]
    anchor, spent = path[0], 0
    for here, there in pairwise(path):
        leg = leg_time_us(ground, mobility, here, there) or 0
        straight = leg_time_us(ground, mobility, anchor, there)
        if straight is not None and straight <= spent + leg:
            spent = straight
            continue
        kept.append(here)
        anchor, spent = here, leg
    return [*kept, path[-1]]


def _time_us(ground: Ground, mobility: Mobility, points: Sequence[Point]) -> int:
    """Time along legs that are known to be traversable."""
    return sum(leg_time_us(ground, mobility, a, b) or 0 for a, b in pairwise(points) if a != b)


def _measured(ground: Ground, mobility: Mobility, points: Sequence[Point]) -> FoundRoute:
    legs = [leg for leg in pairwise(points) if leg[0] != leg[1]]
    stops = (points[0], *(b for _, b in legs)) if legs else (points[0], points[-1])
    return FoundRoute(
        points=stops,
        length_cm=sum(leg_length_cm(a, b) for a, b in legs),
        duration_s=whole_seconds(_time_us(ground, mobility, points)),
    )


def find_route(ground: Ground, mobility: Mobility, start: Point, goal: Point) -> FoundRoute | None:
    """One route; use a :class:`Router` for several on the same ground."""
    return Router(ground).route(mobility, start, goal)


def nearest_passable(ground: Ground, mobility: Mobility, point: Point, within_m: int) -> Point | None:
    """The point itself, else the nearest sample that the class can enter, south-westernmost among equals."""
    if ground.passable(mobility, point):
        return point
    return _nearest_sample(ground, ground.passable_grid(mobility), point, within_m * 100)


def nearest_road(ground: Ground, point: Point) -> Point | None:
    """The nearest sample of a road, track or bridge; None where the area has none."""
    codes = [COVER_CODES.index(cover) for cover in _ROAD_COVERS]
    reach_cm = 16 * ground.cell_cm
    while True:
        found = _nearest_sample(ground, np.isin(ground.cover, codes), point, reach_cm)
        if found is not None or reach_cm > 2 * ground.side_cm:
            return found
        reach_cm *= 4


def _nearest_sample(ground: Ground, mask: NDArray[np.bool_], point: Point, reach_cm: int) -> Point | None:
    """The true sample nearest to the point, at most ``reach_cm`` away."""
    row, col = ground.cell_of(point)
    reach = reach_cm // ground.cell_cm + 1
    south, west = max(row - reach, 0), max(col - reach, 0)
    rows, cols = np.nonzero(mask[south : row + reach + 1, west : col + reach + 1])
    north_cm = (rows + south) * ground.cell_cm - point.north_cm
    east_cm = (cols + west) * ground.cell_cm - point.east_cm
    squares = north_cm * north_cm + east_cm * east_cm
    if not len(squares) or int(squares.min()) > reach_cm * reach_cm:
        return None
    nearest = int(squares.argmin())
    return ground.point_of(int(rows[nearest]) + south, int(cols[nearest]) + west)
