"""The layers of :class:`~workbench.widgets.tactical_map.TacticalMap`, in kilometres north and east of the corner.

Every text from a scenario is escaped before it becomes HTML, for it may come from anyone.
"""

import math
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

import ipyleaflet as leaflet

from workbench.cartography import to_mgrs
from workbench.cartography.measures import title
from workbench.cartography.palette import GRID, INK, OBSTACLE, ROAD_CASING, ROAD_FILL, SIDE_INK, WATER_INK
from workbench.cartography.png import data_url, encode_png
from workbench.cartography.projection import UtmFrame
from workbench.cartography.relief import ground_picture, read_relief
from workbench.cartography.symbols import CENTRE, FRAME_WIDTH, glyph
from workbench.cartography.units import FRAME_UNITS, RANK
from workbench.cartography.wording import shortened
from workbench.scenario.model import ControlMeasure, ControlMeasureKind, Objective, Point, Scenario, Terrain, Unit

__all__ = [
    "CM_PER_KM",
    "grid",
    "ground",
    "ground_lines",
    "measures",
    "objectives",
    "places",
    "routes",
    "unit",
]

CM_PER_KM: Final = 100_000
GROUND_PX: Final = 1200
"""Of the whole area; some 1.5 MB as a data URL."""
ROAD_WEIGHT: Final = {"highway": 4, "road": 3, "track": 1}
MOST_GRID_LINES: Final = 40
GRID_STEPS_M: Final = (1_000, 2_000, 5_000, 10_000, 20_000)
FEATURES_NAMED: Final = 60
LANDMARKS: Final = frozenset({"hill", "wood", "lake", "farm", "airfield", "depot"})
"""Features that stand apart; those inside a settlement would cover its name."""

LatLng = tuple[float, float]

_CORNERS: Final = 48
_CIRCLE: Final = tuple(
    (math.cos(2 * math.pi * corner / _CORNERS), math.sin(2 * math.pi * corner / _CORNERS)) for corner in range(_CORNERS)
)


def ground(scenario: Scenario, blobs: Mapping[str, bytes]) -> Any:
    """Relief and land cover of the whole area as one picture."""
    side_m = scenario.area.side_m
    picture = encode_png(ground_picture(read_relief(scenario, blobs), side_m, GROUND_PX))
    bounds = ((0, 0), (side_m / 1000, side_m / 1000))
    return leaflet.ImageOverlay(url=data_url(picture), bounds=bounds, name="Ground")


def ground_lines(terrain: Terrain) -> Iterator[Any]:
    """Water courses, then roads on top."""
    for course in terrain.water_courses:
        yield _line(course.points, WATER_INK, max(2, course.width_cm // 1500))
    for road in terrain.roads:
        ink = ROAD_CASING if road.kind == "track" else ROAD_FILL[road.kind]
        yield _line(road.points, ink, ROAD_WEIGHT[road.kind])


def places(terrain: Terrain) -> Iterator[Any]:
    """Names of settlements, crossings and features."""
    for place in terrain.settlements:
        yield _words(_at(place.at), place.name, INK, size=12)
    for crossing in terrain.crossings:
        yield _words(_at(crossing.at), f"{crossing.name} MLC {crossing.load_class}", INK, size=10)
    landmarks = [feature for feature in terrain.features if feature.kind in LANDMARKS]
    for feature in landmarks[:FEATURES_NAMED]:
        yield _words(_at(feature.at), feature.name, "#4d4d4d", size=10)


def grid(scenario: Scenario) -> Iterator[Any]:
    """Lines of the military grid with their principal digits."""
    utm, side = UtmFrame(scenario.area), scenario.area.side_m
    step = next((step for step in GRID_STEPS_M if 2 * side / step <= MOST_GRID_LINES), GRID_STEPS_M[-1])
    west, south = utm.to_utm(0, 0)
    for value in range(-(-int(west) // step) * step, int(west) + side, step):
        ends = [utm.to_local(value, south), utm.to_local(value, south + side)]
        yield from _grid_line(ends, value)
    for value in range(-(-int(south) // step) * step, int(south) + side, step):
        ends = [utm.to_local(west, value), utm.to_local(west + side, value)]
        yield from _grid_line(ends, value)


def measures(scenario: Scenario) -> Iterator[Any]:
    """Control measures with their doctrinal names."""
    for measure in scenario.control_measures:
        yield from _measure(measure)


def objectives(scenario: Scenario) -> Iterator[Any]:
    """Each objective as a ring of its radius, with its name."""
    for objective in scenario.objectives:
        yield _ring(objective)
        yield _words(_at(objective.at), shortened(objective.name), INK, size=12)


def routes(scenario: Scenario) -> Iterator[Any]:
    """Routes in the ink of the unit's side."""
    sides = {unit.id: unit.side for unit in scenario.units}
    for route in scenario.routes:
        if route.unit in sides:
            yield _line(route.points, SIDE_INK[sides[route.unit]], 2, dash="2 5")


def unit(shown: Unit, designation: str, scenario: Scenario) -> Any:
    """A unit's symbol with its designation; its name, echelon and place as a tip; higher echelons on top."""
    drawing, scale = glyph(shown.sidc), FRAME_UNITS[shown.echelon] / FRAME_WIDTH
    tip = f"{shown.name} · {shown.echelon.value} · {to_mgrs(scenario.area, shown.at, digits=4)}"
    name = _span(designation, SIDE_INK[shown.side], 10)
    # ipyleaflet's icons have no class of their own, so the class that tests and styles find is inside.
    icon = leaflet.DivIcon(
        html=f'<div class="pacai-unit" title="{escape(tip)}">{drawing.svg(scale)}{name}</div>',
        icon_size=(round(drawing.width * scale), round(drawing.height * scale)),
        icon_anchor=(round((CENTRE - drawing.left) * scale), round((CENTRE - drawing.top) * scale)),
    )
    return leaflet.Marker(
        location=_at(shown.at),
        icon=icon,
        draggable=False,
        title=tip,
        alt=shown.name,
        z_index_offset=1000 * (1 + RANK[shown.echelon]),
    )


def _measure(measure: ControlMeasure) -> Iterator[Any]:
    ink = OBSTACLE if measure.kind is ControlMeasureKind.OBSTACLE else SIDE_INK[measure.side]
    spots, dash = [_at(point) for point in measure.points], "8 5"
    solid = measure.kind in (ControlMeasureKind.PHASE_LINE, ControlMeasureKind.LINE_OF_DEPARTURE)
    if measure.geometry == "area":
        yield leaflet.Polygon(locations=spots, color=ink, weight=2, fill_color=ink, fill_opacity=0.06)
        yield _words(_mean(spots), title(measure), ink)
        return
    if measure.geometry == "line":
        yield _line(measure.points, ink, 2, dash=None if solid else dash)
        if measure.kind is not ControlMeasureKind.AXIS:
            yield _words(spots[-1], title(measure), ink)
    yield _words(spots[0], title(measure), ink)


def _ring(objective: Objective) -> Any:
    """A ring of straight pieces: Leaflet's circles measure their radius on the globe."""
    north, east = _at(objective.at)
    reach = max(0.05, objective.radius_cm / CM_PER_KM)
    corners = [(north + reach * y, east + reach * x) for x, y in _CIRCLE]
    return leaflet.Polygon(locations=corners, color=INK, weight=2, dash_array="4 3", fill_opacity=0.05)


def _grid_line(ends: list[tuple[float, float]], value: int) -> Iterator[Any]:
    places = [(north / 1000, east / 1000) for east, north in ends]
    yield leaflet.Polyline(locations=places, color=GRID, weight=1, opacity=0.45, fill=False)
    yield _words(places[0], f"{value // 1000 % 100:02d}", GRID, size=10)


def _line(points: tuple[Point, ...], ink: str, weight: int, *, dash: str | None = None) -> Any:
    options = {"dash_array": dash} if dash else {}
    return leaflet.Polyline(locations=[_at(point) for point in points], color=ink, weight=weight, fill=False, **options)


def _words(place: LatLng, words: str, ink: str, *, size: int = 11) -> Any:
    icon = leaflet.DivIcon(html=_span(words, ink, size), icon_size=(0, 0))
    return leaflet.Marker(location=place, icon=icon, draggable=False, keyboard=False)


def _span(words: str, ink: str, size: int) -> str:
    style = (
        f"color:{ink};font:600 {size}px sans-serif;white-space:nowrap;"
        "text-shadow:0 0 2px #fff,0 0 2px #fff,0 0 3px #fff"
    )
    return f'<span style="{style}">{escape(words)}</span>'


def _at(point: Point) -> LatLng:
    return point.north_cm / CM_PER_KM, point.east_cm / CM_PER_KM


def _mean(spots: list[LatLng]) -> LatLng:
    return sum(north for north, _ in spots) / len(spots), sum(east for _, east in spots) / len(spots)
