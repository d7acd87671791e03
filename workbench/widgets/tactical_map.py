"""The scenario on an interactive map: no tiles, no network; the ground is the scenario's own.

Positions are kilometres north and east of the area's south-west corner on a plain grid (Leaflet's
``CRS.Simple``), so one map unit is one kilometre and nothing is projected.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

import ipyleaflet as leaflet

from workbench.cartography import symbol_svg, to_mgrs
from workbench.cartography.png import data_url, encode_png
from workbench.cartography.relief import ground_picture, read_relief
from workbench.scenario.model import (
    ControlMeasure,
    Objective,
    Point,
    Road,
    Scenario,
    SideId,
    Unit,
    WaterCourse,
)

__all__ = ["TacticalMap"]

GROUND_PX: Final = 1200
SYMBOL_PX: Final = 26
CM_PER_KM: Final = 100_000
FIT_PX: Final = 620
SIDE_INK: Final = {SideId.OWN: "#0b5fa5", SideId.ENEMY: "#b3261e", SideId.CIVIL: "#4b6b2a"}
SIDE_LAYER: Final = {SideId.OWN: "Own forces", SideId.ENEMY: "Enemy forces", SideId.CIVIL: "Civilians"}

LatLng = tuple[float, float]


class TacticalMap(leaflet.Map):  # type: ignore[misc]  # ipyleaflet is untyped
    """A map of one scenario: ground, roads, water, units by side, routes, control measures, objectives."""

    def __init__(self, scenario: Scenario, blobs: Mapping[str, bytes], **options: Any) -> None:
        side = scenario.area.side_m / 1000
        super().__init__(
            crs=leaflet.projections.Simple,
            center=(side / 2, side / 2),
            zoom=_zoom_for(side),
            min_zoom=_zoom_for(side) - 1,
            max_zoom=_zoom_for(side) + 5,
            zoom_snap=0.25,
            scroll_wheel_zoom=True,
            attribution_control=False,
            layers=(),
            **options,
        )
        self.layout.height = f"{FIT_PX + 20}px"
        self.scenario = scenario
        self.add(_ground(scenario, blobs, side))
        self.add(_group("Roads and water", _ground_lines(scenario)))
        self.add(_group("Control measures", _measures(scenario)))
        self.add(_group("Routes", (_route(scenario, index) for index in range(len(scenario.routes)))))
        self.add(_group("Objectives", (_objective(item) for item in scenario.objectives)))
        for held, title in SIDE_LAYER.items():
            units = [unit for unit in scenario.units if unit.side is held]
            if units:
                self.add(_group(title, (_unit(unit, scenario) for unit in units)))
        self.add(leaflet.LayersControl(position="topright", collapsed=True))
        self.add(leaflet.FullScreenControl())


def _zoom_for(side_km: float) -> float:
    """The zoom at which the area is about :data:`FIT_PX` pixels wide (2^zoom pixels per kilometre)."""
    zoom, pixels = 0.0, side_km
    while pixels * 2**0.25 <= FIT_PX:
        zoom, pixels = zoom + 0.25, pixels * 2**0.25
    return zoom


def _at(point: Point) -> LatLng:
    return point.north_cm / CM_PER_KM, point.east_cm / CM_PER_KM


def _group(title: str, layers: Iterable[Any]) -> Any:
    return leaflet.LayerGroup(layers=tuple(layers), name=title)


def _ground(scenario: Scenario, blobs: Mapping[str, bytes], side_km: float) -> Any:
    relief = read_relief(scenario, blobs)
    picture = encode_png(ground_picture(relief, scenario.area.side_m, GROUND_PX))
    return leaflet.ImageOverlay(url=data_url(picture), bounds=((0, 0), (side_km, side_km)), name="Ground")


def _ground_lines(scenario: Scenario) -> Iterable[Any]:
    for course in scenario.terrain.water_courses:
        yield _line(course, "#3f86b8", max(2, course.width_cm // 1500))
    widths = {"highway": 4, "road": 3, "track": 1}
    for road in scenario.terrain.roads:
        yield _line(road, "#f7f3e8" if road.kind != "track" else "#8a6a44", widths[road.kind])


def _line(course: Road | WaterCourse, ink: str, weight: int) -> Any:
    return leaflet.Polyline(locations=[_at(point) for point in course.points], color=ink, weight=weight, fill=False)


def _measures(scenario: Scenario) -> Iterable[Any]:
    for measure in scenario.control_measures:
        yield from _measure(measure)


def _measure(measure: ControlMeasure) -> Iterable[Any]:
    ink, places = SIDE_INK[measure.side], [_at(point) for point in measure.points]
    style = {"color": ink, "weight": 2, "dash_array": "6 4"}
    if measure.geometry == "area":
        yield leaflet.Polygon(locations=places, fill_color=ink, fill_opacity=0.06, **style)
    elif measure.geometry == "line":
        yield leaflet.Polyline(locations=places, fill=False, **style)
    yield _words(places[0], measure.name, ink)


def _route(scenario: Scenario, index: int) -> Any:
    route = scenario.routes[index]
    sides = {unit.id: unit.side for unit in scenario.units}
    ink = SIDE_INK[sides.get(route.unit, SideId.OWN)]
    return leaflet.Polyline(locations=[_at(point) for point in route.points], color=ink, weight=1, fill=False)


def _objective(objective: Objective) -> Any:
    radius = max(0.1, objective.radius_cm / CM_PER_KM)
    north, east = _at(objective.at)
    square = [
        (north - radius, east - radius),
        (north - radius, east + radius),
        (north + radius, east + radius),
        (north + radius, east - radius),
    ]
    shape = leaflet.Polygon(locations=square, color="#1f1f1f", weight=2, fill_opacity=0.08)
    return leaflet.LayerGroup(layers=(shape, _words((north + radius, east), objective.name, "#1f1f1f")))


def _unit(unit: Unit, scenario: Scenario) -> Any:
    drawing = symbol_svg(unit.sidc, frame_px=SYMBOL_PX)
    icon = leaflet.DivIcon(
        html=f'<div title="{escape(_tip(unit, scenario))}">{drawing}</div>',
        icon_size=(SYMBOL_PX, SYMBOL_PX),
        icon_anchor=(SYMBOL_PX // 2, SYMBOL_PX // 2),
        bg_pos=(0, 0),
        class_name="pacai-unit",
    )
    return leaflet.Marker(location=_at(unit.at), icon=icon, draggable=False, title=_tip(unit, scenario), alt=unit.name)


def _tip(unit: Unit, scenario: Scenario) -> str:
    return f"{unit.name} · {unit.echelon.value} · {to_mgrs(scenario.area, unit.at, digits=4)}"


def _words(place: LatLng, words: str, ink: str) -> Any:
    style = f"color:{ink};font:600 11px sans-serif;white-space:nowrap;text-shadow:0 0 3px #fff,0 0 3px #fff"
    icon = leaflet.DivIcon(
        html=f'<span style="{style}">{escape(words)}</span>',
        icon_size=(0, 0),
        bg_pos=(0, 0),
        class_name="pacai-words",
    )
    return leaflet.Marker(location=place, icon=icon, draggable=False, opacity=1.0)
