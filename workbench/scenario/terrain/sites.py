"""Where people live and work: settlements and their buildings, airfields, ports, depots, bases, posts.

Settlements and sites are planned before roads, so that roads lead to them; buildings are placed after, so
that none stands on a road.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.errors import CompositionError
from workbench.scenario.model import Cover, Point
from workbench.scenario.streams import Stream, Streams
from workbench.scenario.terrain.canvas import CODE, Canvas, Cell, Node
from workbench.scenario.terrain.noise import UNIT, octave
from workbench.scenario.terrain.shapes import Shape
from workbench.scenario.terrain.siting import Siting

__all__ = ["Site", "Town", "choose_sites", "choose_towns", "paint_towns", "place_buildings"]

_TOWN_SPACING_PERCENT: Final = 10
_SITE_SPACING_PERCENT: Final = 6
_PAD_HALF_M: Final = {"depot": 120, "base": 150, "border": 40, "factory": 150, "port": 100}
_RUNWAY_M: Final = 1_800
_RUNWAY_HALF_WIDTH_M: Final = 20
_AIRFIELD_HALF_WIDTH_M: Final = 120
_AIRFIELD_DRAWS: Final = 240
_NO_AIRFIELD: Final = (CODE[Cover.WATER], CODE[Cover.BUILT_UP])
_PAD_SLOPE_PERMILLE: Final = 280
"""How steeply the ground is cut or filled around a level pad."""

_LOT_M: Final = 36
_LEAST_LOTS: Final = 3
_MOST_LOTS: Final = 18
"""Lots from the middle of a town to its edge: a city is drawn as about 700 blocks, not as every house."""
_BUILDING_SLOPE: Final = 250
_FEWEST_BUILDINGS: Final = 6


@dataclass(frozen=True, slots=True)
class Town:
    """A settlement as planned."""

    node: Node
    radius_m: int


@dataclass(frozen=True, slots=True)
class Site:
    """A place of work as planned; ``kind`` is the kind of its feature."""

    kind: str
    node: Node


def choose_towns(siting: Siting, shape: Shape, streams: Streams) -> list[Town]:
    """Settlements, the largest first. Numbers of a shape are meant for 10 km; smaller areas hold fewer."""
    side_m = siting.canvas.wish.side_m
    count = max(2, min(shape.towns, side_m * shape.towns // 8_000))
    largest = min(shape.town_radius_m, side_m // 7)
    # Villages keep clear of the largest settlement's edge, wherever it comes to lie.
    spacing = _TOWN_SPACING_PERCENT + largest * 100 // side_m
    towns = []
    for rank in range(count):
        stream = streams.named(f"town.{rank}")
        radius = largest if rank == 0 else min(largest, stream.between(120, 320))
        towns.append(Town(siting.choose(stream, spacing), radius))
    return towns


def paint_towns(canvas: Canvas, towns: Sequence[Town], streams: Streams) -> None:
    """Built-up ground with ragged edges around each settlement; water stays."""
    ragged = octave(canvas.samples, canvas.samples, canvas.cells(240), streams.named("town.edges"))
    for town in towns:
        row, col = canvas.cell_of(town.node)
        radius = canvas.cells(town.radius_m)
        south, west = max(row - radius, 0), max(col - radius, 0)
        box = (slice(south, row + radius + 1), slice(west, col + radius + 1))
        up = (np.arange(south, min(row + radius + 1, canvas.samples)) - row) ** 2
        right = (np.arange(west, min(col + radius + 1, canvas.samples)) - col) ** 2
        edge = radius * radius * (3 * UNIT + ragged[box].astype(np.int64)) // (4 * UNIT)
        inside = (up[:, None] + right[None, :] <= edge) & ~canvas.water[box]
        canvas.cover[box][inside] = CODE[Cover.BUILT_UP]


def choose_sites(siting: Siting, shape: Shape, towns: Sequence[Town], streams: Streams) -> list[Site]:
    """Every wished site except single buildings, and the factories of industrial country."""
    wished = sorted(set(siting.canvas.wish.features) - {"building"})
    kinds = [*wished, *["factory"] * shape.factories]
    return [
        _build_site(siting, kind, towns, streams.named(f"site.{kind}.{number}")) for number, kind in enumerate(kinds)
    ]


def _build_site(siting: Siting, kind: str, towns: Sequence[Town], stream: Stream) -> Site:
    if kind == "airfield":
        return Site(kind, _build_airfield(siting, stream))
    node = _port_node(siting, towns) if kind == "port" else siting.choose(stream, _SITE_SPACING_PERCENT)
    half = siting.canvas.cells(_PAD_HALF_M[kind])
    _build_pad(siting.canvas, node, half, half, Cover.BUILT_UP)
    return Site(kind, node)


def _port_node(siting: Siting, towns: Sequence[Town]) -> Node:
    """By the sea or lake, else the river, nearest to the largest settlement."""
    canvas = siting.canvas
    water = canvas.still_water if canvas.still_water.any() else canvas.water
    rows, cols = np.nonzero(water)
    if not len(rows):
        raise CompositionError("a port needs water and this terrain has none; ask for a coast or a river")
    row, col = canvas.cell_of(towns[0].node)
    shore = int(((rows - row) ** 2 + (cols - col) ** 2).argmin())
    return siting.nearest((int(rows[shore]) // canvas.step, int(cols[shore]) // canvas.step))


def _build_airfield(siting: Siting, stream: Stream) -> Node:
    """A levelled strip with a runway, along rows or columns, where the ground is flattest."""
    canvas = siting.canvas
    half_length = canvas.cells(min(_RUNWAY_M, canvas.wish.side_m // 5) // 2)
    half_width = canvas.cells(_AIRFIELD_HALF_WIDTH_M)
    best: tuple[int, Node, bool] | None = None
    for draw in range(_AIRFIELD_DRAWS):
        node, along_rows = (stream.between(*siting.inner), stream.between(*siting.inner)), stream.percent(50)
        half = (half_length, half_width) if along_rows else (half_width, half_length)
        box = _box(canvas, node, *half)
        # Late draws may come nearer to towns: a small area has no room for the full distance.
        spacing = half_length // canvas.step + (4 if draw < _AIRFIELD_DRAWS // 2 else -2)
        if siting.is_free(node, spacing) and not np.isin(canvas.cover[box], _NO_AIRFIELD).any():
            bumps = int(canvas.heights[box].max()) - int(canvas.heights[box].min())
            best = min(best or (bumps, node, along_rows), (bumps, node, along_rows))
    if best is None:
        raise CompositionError("no dry strip is long enough for an airfield; try another seed or terrain")
    _, node, along_rows = best
    half = (half_length, half_width) if along_rows else (half_width, half_length)
    _build_pad(canvas, node, *half, Cover.OPEN)
    runway = canvas.cells(_RUNWAY_HALF_WIDTH_M)
    strip = (half_length, runway) if along_rows else (runway, half_length)
    canvas.cover[_box(canvas, node, *strip)] = CODE[Cover.ROAD]
    return siting.take(node)


def _box(canvas: Canvas, node: Node, half_rows: int, half_cols: int) -> tuple[slice, slice]:
    row, col = canvas.cell_of(node)
    return (
        slice(max(row - half_rows, 0), row + half_rows + 1),
        slice(max(col - half_cols, 0), col + half_cols + 1),
    )


def _build_pad(canvas: Canvas, node: Node, half_rows: int, half_cols: int, cover: Cover) -> None:
    """Level a rectangle, slope the ground around it down or up to it, and cover it; water stays."""
    row, col = canvas.cell_of(node)
    sample = np.arange(canvas.samples, dtype=np.int64)
    outside = np.maximum(
        np.maximum(np.abs(sample - row) - half_rows, 0)[:, None],
        np.maximum(np.abs(sample - col) - half_cols, 0)[None, :],
    )
    dry = ~canvas.water
    pad = (outside == 0) & dry
    level = int(canvas.heights[pad].astype(np.int64).sum()) // int(pad.sum())
    reach = outside * canvas.cell_cm * _PAD_SLOPE_PERMILLE // 1000
    canvas.heights[dry] = np.clip(canvas.heights, level - reach, level + reach)[dry]
    canvas.cover[pad] = CODE[cover]


def place_buildings(canvas: Canvas, town: Town, slopes: NDArray[np.int32], stream: Stream) -> tuple[Point, ...]:
    """Buildings of a settlement: one to a lot, denser towards the middle, on dry ground off the roads.

    They stand on gentle slopes, but a settlement that has none clings to what there is.
    """
    usable = [(at, cell) for at in _drawn_lots(canvas, town, stream) if _is_usable(canvas, cell := _cell(canvas, at))]
    gentle = [at for at, cell in usable if int(slopes[cell]) <= _BUILDING_SLOPE]
    return tuple(gentle if len(gentle) >= _FEWEST_BUILDINGS else (at for at, _ in usable))


def _drawn_lots(canvas: Canvas, town: Town, stream: Stream) -> list[Point]:
    row, col = canvas.cell_of(town.node)
    lot_m = max(_LOT_M, town.radius_m // _MOST_LOTS)
    lots = max(town.radius_m // lot_m, _LEAST_LOTS)
    drawn = []
    for north in range(-lots, lots + 1):
        for east in range(-lots, lots + 1):
            wanted = stream.below(lots * lots) > (north * north + east * east) * 3 // 4
            at = Point(
                east_cm=col * canvas.cell_cm + east * lot_m * 100 + stream.between(-800, 800),
                north_cm=row * canvas.cell_cm + north * lot_m * 100 + stream.between(-800, 800),
            )
            if wanted:
                drawn.append(at)
    return drawn


_BUILDING_COVERS: Final = tuple(
    CODE[cover] for cover in (Cover.BUILT_UP, Cover.OPEN, Cover.FIELD, Cover.SAND, Cover.SNOW)
)


def _cell(canvas: Canvas, at: Point) -> Cell:
    half = canvas.cell_cm // 2
    return (at.north_cm + half) // canvas.cell_cm, (at.east_cm + half) // canvas.cell_cm


def _is_usable(canvas: Canvas, cell: Cell) -> bool:
    inside = 0 <= cell[0] < canvas.samples and 0 <= cell[1] < canvas.samples
    return inside and int(canvas.cover[cell]) in _BUILDING_COVERS
