"""Where the water runs: a river through the area, its tributaries, and lakes in natural hollows.

Planned on the lattice of the canvas. The river takes the cheapest way along low ground from one side to the
other (or to the sea) and cuts a valley whose floor falls all the way. All other water follows priority flood:
hollows fill until they overflow, the largest keep a lake, the rest silt up, and where enough of the area
drains through one node a brook begins. Beds never rise on the way down: by construction for the river
(running minimum), and for brooks because filled levels never do.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario._regions import region_grid
from workbench.scenario.streams import Streams
from workbench.scenario.terrain.canvas import Canvas, Node
from workbench.scenario.terrain.noise import fractal
from workbench.scenario.terrain.paths import BLOCKED, DIRECTIONS, Drains, drains_to, spread_from
from workbench.scenario.terrain.shapes import Shape

__all__ = ["Course", "Lake", "edge_costs", "plan_brooks", "plan_river", "settle_hollows"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_RIVER_CUT_CM: Final = 200
_BROOK_CUT_CM: Final = 80
_LEAST_BROOK_NODES: Final = 8
_LEAST_LAKE_ARM_NODES: Final = 4
_LEAST_LAKE_NODES: Final = 5
_LEAST_LAKE_DEPTH_CM: Final = 60
_BROOK_CATCHMENT: Final = 90
"""A brook begins where one part in so many of the area drains through a node."""


@dataclass(frozen=True, slots=True)
class Course:
    """A river or brook as planned: nodes downstream and the height of the water at each."""

    nodes: tuple[Node, ...]
    beds_cm: tuple[int, ...]
    width_m: int


@dataclass(frozen=True, slots=True)
class Lake:
    """A hollow that keeps its water."""

    level_cm: int
    nodes: Mask


def edge_costs(entering: Ints) -> Ints:
    """Edges for :func:`spread_from` from the cost of entering each node; diagonals cost 1.41 times that."""
    rows, cols = entering.shape
    edges = np.full((len(DIRECTIONS), rows, cols), BLOCKED, dtype=np.int64)
    for number, (up, right) in enumerate(DIRECTIONS):
        here = (slice(max(-up, 0), rows - max(up, 0)), slice(max(-right, 0), cols - max(right, 0)))
        there = (slice(max(up, 0), rows - max(-up, 0)), slice(max(right, 0), cols - max(-right, 0)))
        edges[number][here] = entering[there] * (141 if up and right else 100) // 100
    return edges


def plan_river(canvas: Canvas, shape: Shape, streams: Streams, sea: Mask) -> Course:
    """The river through the area, from one side to the opposite one or to the sea."""
    heights = canvas.at_nodes(canvas.heights)
    size = canvas.nodes
    low, high = int(heights.min()), int(heights.max())
    wander = _wander(size, streams)
    entering = 60 + (heights - low) * 600 // max(high - low, 1) + (wander * 1500 >> 14)
    inlet, outlets = _ends(heights, sea, streams)
    way = spread_from(outlets, edge_costs(entering)).way_back(inlet)
    nodes = tuple(divmod(node, size) for node in way)
    beds = np.minimum.accumulate([max(int(heights[node]) - _RIVER_CUT_CM, 0) for node in nodes])
    return Course(nodes, tuple(beds.tolist()), shape.river_width_m)


def _wander(size: int, streams: Streams) -> Ints:
    """What makes water wind where the ground leaves it free: 0 … about 2^15, in patches of a few nodes."""
    wave = max(size // 9, 4)
    bends = fractal((size, size), streams=streams, label="wander", wavelength=wave, octaves=3, gain_percent=55)
    return np.abs(bends.astype(np.int64))


def _ends(heights: Ints, sea: Mask, streams: Streams) -> tuple[int, list[int]]:
    """The inlet node and the nodes where the river may end, by flat number."""
    size = heights.shape[0]
    flat = np.arange(size * size, dtype=np.int64).reshape(size, size)
    quarter_turns = streams.named("river.side").below(4)
    if sea.any():
        wettest = [int(np.rot90(sea, turn)[0].sum()) for turn in range(4)]
        quarter_turns = wettest.index(max(wettest))
    turned, turned_heights = np.rot90(flat, quarter_turns), np.rot90(heights, quarter_turns)
    middle = slice(size * 3 // 10, size * 7 // 10)
    inlet = int(turned[-1, middle][turned_heights[-1, middle].argmin()])
    outlet = int(turned[0, middle][turned_heights[0, middle].argmin()])
    return inlet, flat[sea].tolist() if sea.any() else [outlet]


def settle_hollows(
    canvas: Canvas, shape: Shape, river: Course | None, sea: Mask, streams: Streams
) -> tuple[Drains, tuple[Lake, ...]]:
    """Drain every node, keep the largest hollows as lakes and silt up the others on the canvas."""
    heights = canvas.at_nodes(canvas.heights)
    size = canvas.nodes
    rim = np.ones((size, size), dtype=np.bool_)
    rim[1:-1, 1:-1] = False
    outlets = np.flatnonzero(rim | sea).tolist()
    if river is not None:
        for node, bed in zip(river.nodes, river.beds_cm, strict=True):
            heights[node] = bed
            outlets.append(node[0] * size + node[1])
    drains = drains_to(outlets, heights, _wander(size, streams))
    depth = drains.level - heights
    lakes = _largest_hollows(drains.level, depth, shape.lakes)
    for lake in lakes:
        depth[lake.nodes] = 0
    canvas.heights += canvas.stretched(depth)
    return drains, lakes


def _largest_hollows(levels: Ints, depth: Ints, count: int) -> tuple[Lake, ...]:
    """Hollows by size, then by number; none larger than a twenty-fifth of the area."""
    regions = region_grid(depth >= _LEAST_LAKE_DEPTH_CM)
    sizes = np.bincount(regions[regions >= 0])
    fit = [
        (-int(nodes), region)
        for region, nodes in enumerate(sizes.tolist())
        if _LEAST_LAKE_NODES <= nodes <= depth.size // 25
    ]
    chosen = [regions == region for _, region in sorted(fit)[:count]]
    return tuple(Lake(int(levels[nodes].min()), nodes) for nodes in chosen)


def plan_brooks(
    canvas: Canvas, shape: Shape, drains: Drains, river: Course | None, lakes: tuple[Lake, ...]
) -> list[Course]:
    """The longest brooks, each ending where it joins another course, the sea or the rim."""
    size = canvas.nodes
    beds: dict[int, int] = {}
    if river is not None:
        beds = {row * size + col: bed for (row, col), bed in zip(river.nodes, river.beds_cm, strict=True)}
    lake_nodes = np.zeros((size, size), dtype=np.bool_)
    levels = drains.level.copy()
    for lake in lakes:
        lake_nodes |= lake.nodes
        levels[lake.nodes] = lake.level_cm
    in_lake = lake_nodes.ravel()
    brooks: list[Course] = []
    for way in _channels(drains, size):
        course = _cut_short(way, beds)
        if len(course) < _LEAST_BROOK_NODES or len(brooks) >= shape.brooks:
            continue
        falling = _brook_beds(course, levels.ravel(), in_lake, beds.get(course[-1]))
        beds |= dict(zip(course, falling, strict=True))
        for part in _between_lakes(course, in_lake):
            nodes = tuple(divmod(node, size) for node in course[part])
            if len(nodes) >= _LEAST_LAKE_ARM_NODES:
                brooks.append(Course(nodes, tuple(falling[part]), canvas.wish.cell_m))
    return brooks


def _between_lakes(course: list[int], in_lake: Mask) -> list[slice]:
    """The parts of a course outside lakes, each with the node by which it leaves or enters one."""
    parts: list[slice] = []
    start = 0
    for place in range(1, len(course)):
        if in_lake[course[place]] and not in_lake[course[place - 1]]:
            parts.append(slice(start, place + 1))
        if in_lake[course[place - 1]] and not in_lake[course[place]]:
            start = place - 1
    if not in_lake[course[-1]]:
        parts.append(slice(start, len(course)))
    return parts


def _channels(drains: Drains, size: int) -> list[list[int]]:
    """Ways from every spring to its outlet, the longest first."""
    area = drains.area()
    least = size * size // _BROOK_CATCHMENT
    wet = [node for node in drains.order if area[node] >= least]
    fed = {drains.downstream[node] for node in wet}
    ways = [_way_down(node, drains) for node in wet if node not in fed]
    return sorted(ways, key=lambda way: (-len(way), way[0]))


def _way_down(node: int, drains: Drains) -> list[int]:
    way = [node]
    while drains.downstream[way[-1]] >= 0:
        way.append(drains.downstream[way[-1]])
    return way


def _cut_short(way: list[int], taken: dict[int, int]) -> list[int]:
    """The way up to and with the first node that another course has taken."""
    for place, node in enumerate(way):
        if node in taken:
            return way[: place + 1]
    return way


def _brook_beds(course: list[int], levels: Ints, in_lake: Mask, joins_at: int | None) -> list[int]:
    """Water heights downstream, never rising, flat through a lake and ending at what it joins."""
    below = joins_at if joins_at is not None else 0
    beds = []
    for node in reversed(course):
        cut = 0 if in_lake[node] else _BROOK_CUT_CM
        below = max(int(levels[node]) - cut, below)
        beds.append(below)
    if joins_at is not None:
        beds[0] = joins_at
    return beds[::-1]
