"""The road network: cheapest paths between settlements, sites and the edges of the map.

One search spreads from all of them at once; where two spreads meet is the cheapest way between their
sources. A minimum spanning tree of those ways joins everything, a few more make loops. Slopes are dear,
rivers dearer, lakes and sea closed. Roads are then painted; where a road lies over water there is a crossing,
so no road is ever in water otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.scenario.model import Cover
from workbench.scenario.streams import Streams
from workbench.scenario.terrain.canvas import CODE, Canvas, Cell, Node
from workbench.scenario.terrain.drainage import Course
from workbench.scenario.terrain.paths import BLOCKED, DIRECTIONS, Spread, spread_from
from workbench.scenario.terrain.raster import cells_touched, offsets_touched
from workbench.scenario.terrain.siting import Siting

__all__ = ["PaintedCrossing", "PlannedRoad", "choose_exits", "paint_roads", "plan_fords", "plan_roads"]

Ints = NDArray[np.int64]
RoadKind = Literal["highway", "road", "track"]

_SLOPE_COST: Final = 12
"""A road of 8 % costs twice as much as a level one (1000 permille added per 83 permille of slope)."""
_WET_COST_M: Final = 90
"""A sample of river to cross costs as much as so many metres of level road."""
_CLIMB_LIMIT: Final = 350
_EXIT_DRAWS: Final = 12
_LOOP_PERCENT: Final = 35
"""Further ways beyond the tree, in percent of its number."""


@dataclass(frozen=True, slots=True)
class PlannedRoad:
    """A road as corners in samples."""

    kind: RoadKind
    corners: tuple[Cell, ...]
    only_fords: bool = False
    """Goes through the water however wide it is."""


@dataclass(frozen=True, slots=True)
class PaintedCrossing:
    """Where a painted road lies over water."""

    kind: Literal["bridge", "ford"]
    cell: Cell
    road_kind: RoadKind


def choose_exits(siting: Siting, streams: Streams) -> list[Node]:
    """The node where a road leaves the area, on each of the four sides that has dry ground."""
    last = siting.canvas.nodes - 1
    exits = []
    for side in range(4):
        stream = streams.named(f"roads.exit.{side}")
        drawn = [stream.between(last * 15 // 100, last * 85 // 100) for _ in range(_EXIT_DRAWS)]
        nodes = [((0, at), (at, 0), (last, at), (at, last))[side] for at in drawn]
        dry = [node for node in nodes if not siting.near_water[node]]
        if dry:
            exits.append(min(dry, key=lambda node: (int(siting.bumps_cm[node]), node)))
    return exits


def plan_roads(canvas: Canvas, places: Sequence[Node], exits: Sequence[Node], lesser: int) -> list[PlannedRoad]:
    """Roads that join all places and exits that dry ground joins.

    Ways between exits and the first place are highways; ways of the loops and those between two of the
    ``lesser`` last places are tracks; the others are roads.
    """
    sources = [*exits, *places]
    flat = [row * canvas.nodes + col for row, col in sources]
    edges = _edges(canvas)
    spread = spread_from(flat, edges)
    tree, loops = _ways(spread, edges, len(sources))
    first_place, first_lesser = len(exits), len(sources) - lesser
    planned: list[tuple[RoadKind, list[int]]] = []
    for one, other, way in tree:
        major = one <= first_place and other <= first_place
        minor = one >= first_lesser or other >= first_lesser
        planned.append(("highway" if major else "track" if minor else "road", way))
    planned += [("track", way) for _, _, way in loops]
    return _rounded_roads(canvas, planned)


def _edges(canvas: Canvas) -> Ints:
    """Cost of building a road along each edge of the lattice."""
    heights = canvas.at_nodes(canvas.heights)
    size = canvas.nodes
    edges = np.full((len(DIRECTIONS), size, size), BLOCKED, dtype=np.int64)
    for number, (up, right) in enumerate(DIRECTIONS[:4]):
        west, east = (1, size) if right < 0 else (0, size - right)
        here = (slice(0, size - up), slice(west, east))
        there = (slice(up, size), slice(west + right, east + right))
        length_m = canvas.step * canvas.wish.cell_m * (141 if up and right else 100) // 100
        slope = np.abs(heights[there] - heights[here]) * 10 // length_m
        wet, still = _water_on_edges(canvas, here, up, right)
        cost = length_m * (1000 + _SLOPE_COST * slope) // 1000 + wet * _WET_COST_M
        cost[still | (slope > _CLIMB_LIMIT)] = BLOCKED
        edges[number][here] = cost
        edges[number + 4][there] = cost
    return edges


def _water_on_edges(canvas: Canvas, here: tuple[slice, slice], up: int, right: int) -> tuple[Ints, NDArray[np.bool_]]:
    """For every edge of a direction: samples of water under it, and whether any is sea or lake."""
    rows, cols = canvas.positions[here[0]], canvas.positions[here[1]]
    wet = np.zeros((len(rows), len(cols)), dtype=np.int64)
    still = np.zeros(wet.shape, dtype=np.bool_)
    water, last = canvas.water, canvas.samples - 1
    for north, east in offsets_touched(up * canvas.step, right * canvas.step):
        under = np.ix_(np.minimum(rows + north, last), np.clip(cols + east, 0, last))
        wet += water[under]
        still |= canvas.still_water[under]
    return wet, still


Way = tuple[int, int, list[int]]
"""Two sources and the nodes between them."""


def _ways(spread: Spread, edges: Ints, sources: int) -> tuple[list[Way], list[Way]]:
    """The minimum spanning tree of the sources, and the cheapest further ways."""
    meetings = _meetings(spread, edges)
    group = list(range(sources))
    tree: list[Way] = []
    spare: list[Way] = []
    for _, one, other, here, there in meetings:
        way = (one, other, spread.way_back(here)[::-1] + spread.way_back(there))
        if group[one] == group[other]:
            spare.append(way)
            continue
        tree.append(way)
        merged = group[other]
        group = [group[one] if each == merged else each for each in group]
    return tree, spare[: len(tree) * _LOOP_PERCENT // 100]


def _meetings(spread: Spread, edges: Ints) -> list[tuple[int, int, int, int, int]]:
    """For each two sources whose spreads touch, the cheapest edge between: (cost, one, other, here, there)."""
    _, size, _ = edges.shape
    owner = np.array(spread.source).reshape(size, size)
    cost = np.array(spread.cost, dtype=np.int64).reshape(size, size)
    best: dict[tuple[int, int], tuple[int, int, int, int, int]] = {}
    for number, (up, right) in enumerate(DIRECTIONS[:4]):
        rows, cols = np.nonzero(edges[number] != BLOCKED)
        beside = (rows + up, cols + right)
        meets = (owner[rows, cols] != owner[beside]) & (owner[rows, cols] >= 0) & (owner[beside] >= 0)
        rows, cols = rows[meets], cols[meets]
        beside = (rows + up, cols + right)
        total = cost[rows, cols] + cost[beside] + edges[number][rows, cols]
        ends = (owner[rows, cols], owner[beside], rows * size + cols, beside[0] * size + beside[1])
        for whole, one, other, here, there in zip(total.tolist(), *(end.tolist() for end in ends), strict=True):
            if one > other:
                one, other, here, there = other, one, there, here
            found = (whole, one, other, here, there)
            best[one, other] = min(best.get((one, other), found), found)
    return sorted(best.values())


def _rounded_roads(canvas: Canvas, planned: Sequence[tuple[RoadKind, list[int]]]) -> list[PlannedRoad]:
    """Roads in samples, corners cut where the ground is dry and no other road branches off."""
    beside: dict[int, set[int]] = {}
    for _, way in planned:
        for one, other in pairwise(way):
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
    roads = []
    for kind, way in planned:
        cells = [canvas.cell_of(divmod(node, canvas.nodes)) for node in way]
        corners = [cells[0]]
        for place in range(1, len(way) - 1):
            branches = len(beside[way[place]]) > 2
            corners += [cells[place]] if branches else _cut_corner(canvas, *cells[place - 1 : place + 2])
        roads.append(PlannedRoad(kind, (*corners, cells[-1])))
    return roads


def _cut_corner(canvas: Canvas, before: Cell, corner: Cell, after: Cell) -> list[Cell]:
    """Two corners instead of one, unless the road goes straight on or the short cut is wet."""
    turn = (corner[0] - before[0]) * (after[1] - corner[1]) - (corner[1] - before[1]) * (after[0] - corner[0])
    if turn == 0:
        return [corner]
    first = ((before[0] + 3 * corner[0]) // 4, (before[1] + 3 * corner[1]) // 4)
    second = ((3 * corner[0] + after[0]) // 4, (3 * corner[1] + after[1]) // 4)
    rows, cols = cells_touched(canvas.point(first), canvas.point(second), canvas.cell_cm)
    wet = bool((canvas.cover[rows, cols] == CODE[Cover.WATER]).any())
    return [corner] if wet else [first, second]


def plan_fords(canvas: Canvas, siting: Siting, river: Course, streams: Streams) -> list[PlannedRoad]:
    """One or two short tracks straight through the river, away from its ends."""
    stream = streams.named("roads.fords")
    fords = []
    for _ in range(stream.between(1, 2)):
        place = stream.between(len(river.nodes) * 15 // 100, len(river.nodes) * 85 // 100)
        across = [_bank_to_bank(siting, river.nodes[place], up, right) for up, right in DIRECTIONS[:4]]
        shortest = min((banks for banks in across if banks is not None), default=None)
        if shortest is not None:
            banks = tuple(canvas.cell_of(node) for node in shortest[1:])
            fords.append(PlannedRoad("track", banks, only_fords=True))
    return fords


def _bank_to_bank(siting: Siting, node: Node, up: int, right: int) -> tuple[int, Node, Node] | None:
    """Nodes apart, and the first dry nodes on both sides along a direction; None if too far."""
    banks = []
    for sign in (1, -1):
        for far in range(1, 5):
            bank = (node[0] + sign * far * up, node[1] + sign * far * right)
            if not all(0 <= each < siting.canvas.nodes for each in bank):
                return None
            if not siting.near_water[bank]:
                banks.append((far, bank))
                break
    return (banks[0][0] + banks[1][0], banks[0][1], banks[1][1]) if len(banks) == 2 else None


def paint_roads(canvas: Canvas, roads: Sequence[PlannedRoad]) -> list[PaintedCrossing]:
    """Paint roads in the order given and return their crossings; nothing paved is painted over."""
    return [crossing for road in roads for crossing in _paint_road(canvas, road)]


def _paint_road(canvas: Canvas, road: PlannedRoad) -> list[PaintedCrossing]:
    rows, cols = _touched(canvas, road)
    wet = canvas.cover[rows, cols] == CODE[Cover.WATER]
    dry = ~wet & ~np.isin(canvas.cover[rows, cols], _PAVED)
    canvas.cover[rows[dry], cols[dry]] = CODE[Cover.TRACK if road.kind == "track" else Cover.ROAD]
    crossings = []
    for run in np.split(np.arange(len(wet)), np.flatnonzero(np.diff(wet)) + 1):
        if wet[run[0]]:
            shallow = road.kind == "track" and not canvas.deep_water[rows[run], cols[run]].any()
            kind: Literal["bridge", "ford"] = "ford" if shallow or road.only_fords else "bridge"
            canvas.cover[rows[run], cols[run]] = CODE[Cover(kind)]
            middle = int(run[len(run) // 2])
            crossings.append(PaintedCrossing(kind, (int(rows[middle]), int(cols[middle])), road.kind))
    return crossings


_PAVED: Final = tuple(CODE[cover] for cover in (Cover.ROAD, Cover.TRACK, Cover.BRIDGE, Cover.FORD))


def _touched(canvas: Canvas, road: PlannedRoad) -> tuple[Ints, Ints]:
    """Samples under the whole road, in order."""
    legs = [
        cells_touched(canvas.point(one), canvas.point(other), canvas.cell_cm) for one, other in pairwise(road.corners)
    ]
    return np.concatenate([leg[0] for leg in legs]), np.concatenate([leg[1] for leg in legs])
