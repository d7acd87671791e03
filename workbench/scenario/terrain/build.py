"""Builds terrain, stage by stage: relief, water, settlements and sites, cover, roads, buildings, names.

The order is part of the design. Water is settled first, so that nothing is built in it; towns and sites
come before roads, which lead to them; buildings come after, so that none stands on a road. A wish that the
first draw of the land cannot meet (no bridge, no room for an airfield) is tried on a few more draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from workbench.canonical import sha256_hex
from workbench.errors import CompositionError
from workbench.scenario.composition import Progress, no_progress
from workbench.scenario.ground import Ground, slope_grid
from workbench.scenario.intent import TerrainKind
from workbench.scenario.model import Crossing, Grid, Road, Settlement, Terrain, WaterCourse
from workbench.scenario.streams import Streams
from workbench.scenario.terrain.canvas import Canvas
from workbench.scenario.terrain.cover import paint_cover
from workbench.scenario.terrain.drainage import Course, Lake, plan_brooks, plan_river, settle_hollows
from workbench.scenario.terrain.features import Places, name_features
from workbench.scenario.terrain.gazetteer import Gazetteer
from workbench.scenario.terrain.relief import land_heights, sea_inland_cells
from workbench.scenario.terrain.roads import (
    PaintedCrossing,
    PlannedRoad,
    choose_exits,
    paint_roads,
    plan_fords,
    plan_roads,
)
from workbench.scenario.terrain.shapes import Shape, shape_of
from workbench.scenario.terrain.sites import Site, Town, choose_sites, choose_towns, paint_towns, place_buildings
from workbench.scenario.terrain.siting import Siting
from workbench.scenario.terrain.water import PaintedCourse, cut_valley, paint_course, paint_lakes, paint_sea
from workbench.scenario.terrain.wish import BuiltTerrain, TerrainWish

__all__ = ["build_terrain"]

_ATTEMPTS: Final = 6
_GENTLEST_VALLEY_PERMILLE: Final = 40
_STEEPEST_VALLEY_PERMILLE: Final = 420
_LOAD_CLASSES: Final = {"highway": 80, "road": 50, "track": 20}
_ROAD_RANKS: Final = ("highway", "road", "track")
_PEOPLE_PER_BUILDING: Final = (3, 6)
_URBAN_RADIUS_M: Final = 500
_PEOPLE_PER_URBAN_BUILDING: Final = (12, 30)


def build_terrain(wish: TerrainWish, streams: Streams, progress: Progress = no_progress) -> BuiltTerrain:
    """Terrain as wished: the same wish and seed give the same bytes.

    Raises:
        CompositionError: no draw of the land can hold what was wished.
    """
    failure: CompositionError | None = None
    tell = _never_falling(progress)
    for attempt in range(_ATTEMPTS):
        try:
            return _build(wish, streams.scoped(f"terrain.{attempt}."), tell)
        except CompositionError as error:
            failure = failure or error
    raise CompositionError(f"no terrain fits the wish after {_ATTEMPTS} draws: {failure}") from failure


def _never_falling(progress: Progress) -> Progress:
    """Another draw of the land begins where the one before gave up."""
    highest = 0

    def tell(stage: str, percent: int) -> None:
        nonlocal highest
        highest = max(highest, percent)
        progress(stage, highest)

    return tell


@dataclass(frozen=True, slots=True)
class _Waters:
    """Courses as planned and painted (the river first), lakes, and whether there is sea."""

    river: Course | None
    courses: tuple[tuple[Course, PaintedCourse], ...]
    lakes: tuple[Lake, ...]
    has_sea: bool


def _build(wish: TerrainWish, streams: Streams, progress: Progress) -> BuiltTerrain:
    shape = _shape(wish)
    progress("relief", 0)
    canvas = Canvas.blank(wish, land_heights(wish, shape, streams))
    progress("water", 20)
    waters = _run_water(canvas, shape, streams)
    progress("cover", 45)
    siting = Siting(canvas)
    towns = choose_towns(siting, shape, streams)
    paint_cover(canvas, shape, streams)
    paint_towns(canvas, towns, streams)
    sites = choose_sites(siting, shape, towns, streams)
    progress("roads", 65)
    roads = _plan_roads(canvas, siting, towns, sites, waters, streams)
    crossings = paint_roads(canvas, roads)
    if wish.needs_bridge and not any(crossing.kind == "bridge" for crossing in crossings):
        raise CompositionError("no road crosses the river on a bridge")
    progress("settlements", 85)
    names = Gazetteer(streams.named("names"))
    settlements = _settle(canvas, towns, names, streams)
    places = Places(sites, settlements, waters.lakes, waters.has_sea)
    features = name_features(canvas, shape, places, names, streams)
    progress("terrain document", 95)
    heights, cover = canvas.heights.astype("<i4").tobytes(), canvas.cover.tobytes()
    terrain = Terrain(
        kinds=wish.kinds or (TerrainKind.RURAL,),
        heights=_grid(canvas, heights, "height_cm_i32"),
        cover=_grid(canvas, cover, "cover_u8"),
        min_height_cm=int(canvas.heights.min()),
        max_height_cm=int(canvas.heights.max()),
        roads=tuple(_road(canvas, number, road) for number, road in enumerate(roads, start=1)),
        water_courses=_water_courses(canvas, waters, names),
        crossings=_crossings(canvas, crossings, names),
        settlements=settlements,
        features=features,
    )
    blobs = {terrain.heights.sha256: heights, terrain.cover.sha256: cover}
    return BuiltTerrain(terrain=terrain, blobs=blobs, ground=Ground.from_blobs(terrain, blobs))


def _shape(wish: TerrainWish) -> Shape:
    """The numbers of the wished kinds, with water where a wish needs it."""
    shape = shape_of(wish.kinds)
    needs_river = wish.needs_bridge or ("port" in wish.features and not shape.coast)
    return replace(shape, river_percent=100) if needs_river else shape


def _run_water(canvas: Canvas, shape: Shape, streams: Streams) -> _Waters:
    if shape.coast:
        paint_sea(canvas, sea_inland_cells(canvas.wish, streams))
    sea = canvas.at_nodes(canvas.still_water.astype(np.int32)) > 0
    river = None
    if streams.named("river").percent(shape.river_percent):
        river = plan_river(canvas, shape, streams, sea)
        side_slope = min(_GENTLEST_VALLEY_PERMILLE + shape.relief_m, _STEEPEST_VALLEY_PERMILLE)
        cut_valley(canvas, river, side_slope)
    drains, lakes = settle_hollows(canvas, shape, river, sea, streams)
    brooks = plan_brooks(canvas, shape, drains, river, lakes)
    painted = [] if river is None else [(river, paint_course(canvas, river))]
    paint_lakes(canvas, lakes)
    canvas.deep_water |= canvas.water
    painted += [(course, paint_course(canvas, course)) for course in brooks]
    return _Waters(river, tuple(each for each in painted if each[1]), lakes, bool(sea.any()))


def _plan_roads(
    canvas: Canvas, siting: Siting, towns: Sequence[Town], sites: Sequence[Site], waters: _Waters, streams: Streams
) -> list[PlannedRoad]:
    """All roads, the best first."""
    places = [*(town.node for town in towns), *(site.node for site in sites)]
    lesser = len(places) - (len(towns) + 1) // 2
    roads = plan_roads(canvas, places, choose_exits(siting, streams), lesser)
    if waters.river is not None:
        roads += plan_fords(canvas, siting, waters.river, streams)
    return sorted(roads, key=lambda road: _ROAD_RANKS.index(road.kind))


def _settle(canvas: Canvas, towns: Sequence[Town], names: Gazetteer, streams: Streams) -> tuple[Settlement, ...]:
    slopes = slope_grid(canvas.heights, canvas.cell_cm)
    settlements = []
    for number, town in enumerate(towns, start=1):
        stream = streams.named(f"town.{number}.buildings")
        buildings = place_buildings(canvas, town, slopes, stream)
        people = _PEOPLE_PER_URBAN_BUILDING if town.radius_m >= _URBAN_RADIUS_M else _PEOPLE_PER_BUILDING
        settlements.append(
            Settlement(
                id=f"town.{number}",
                name=names.town(),
                at=canvas.point(canvas.cell_of(town.node)),
                radius_cm=town.radius_m * 100,
                population=len(buildings) * stream.between(*people),
                buildings=buildings,
            )
        )
    return tuple(settlements)


def _grid(canvas: Canvas, blob: bytes, kind: Literal["height_cm_i32", "cover_u8"]) -> Grid:
    return Grid(sha256=sha256_hex(blob), rows=canvas.samples, cols=canvas.samples, cell_cm=canvas.cell_cm, kind=kind)


def _road(canvas: Canvas, number: int, road: PlannedRoad) -> Road:
    return Road(id=f"road.{number}", kind=road.kind, points=tuple(map(canvas.point, road.corners)))


def _water_courses(canvas: Canvas, waters: _Waters, names: Gazetteer) -> tuple[WaterCourse, ...]:
    courses = []
    brooks = 0
    for course, painted in waters.courses:
        is_river = course is waters.river
        brooks += not is_river
        cells_wide = course.width_m // canvas.wish.cell_m // 2 * 2 + 1
        courses.append(
            WaterCourse(
                id="river.1" if is_river else f"brook.{brooks}",
                name=f"{names.water()} {'River' if is_river else 'Brook'}",
                width_cm=cells_wide * canvas.cell_cm,
                points=tuple(map(canvas.point, _without_repeats(painted))),
            )
        )
    return tuple(courses)


def _without_repeats(painted: PaintedCourse) -> PaintedCourse:
    return (painted[0], *(there for here, there in pairwise(painted) if here != there))


def _crossings(canvas: Canvas, painted: Sequence[PaintedCrossing], names: Gazetteer) -> tuple[Crossing, ...]:
    count = {"bridge": 0, "ford": 0}
    crossings = []
    for crossing in painted:
        count[crossing.kind] += 1
        crossings.append(
            Crossing(
                id=f"{crossing.kind}.{count[crossing.kind]}",
                kind=crossing.kind,
                name=names.place(crossing.kind.title()),
                at=canvas.point(crossing.cell),
                load_class=_LOAD_CLASSES[crossing.road_kind],
            )
        )
    return tuple(crossings)
