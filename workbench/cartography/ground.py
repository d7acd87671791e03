"""What lies on the ground: water courses, roads, crossings, settlements and named places."""

import itertools
import math
from collections.abc import Iterable, Iterator

from workbench.cartography.frame import Box, Frame
from workbench.cartography.labels import Labels, Style
from workbench.cartography.lines import distance_to_segment
from workbench.cartography.palette import BRIDGE, INK, MUTED, ROAD_CASING, ROAD_FILL, WATER_INK, WATER_TINT, hex_colour
from workbench.cartography.relief import Relief
from workbench.cartography.svg import element, group, path
from workbench.scenario.model import Crossing, Feature, Road, Settlement, Terrain, WaterCourse

__all__ = ["ground_labels", "ground_lines"]

ROAD_WIDTHS = {"highway": (5.4, 3.6), "road": (3.8, 2.4), "track": (1.3, 0.0)}
"""Casing and fill in sheet units."""
MIN_WATER_WIDTH = 2.2
BUILDING_SIDE_M = 14
MIN_BUILDING_UNITS = 1.6
MAX_BUILDINGS_DRAWN = 60
"""Per settlement; beyond that the tint of the ground says enough."""
BRIDGE_HALF_LENGTH, BRIDGE_HALF_WIDTH = 8.0, 4.2

SETTLEMENT_STYLE = Style(size=12.5, fill=INK, bold=True)
HAMLET_STYLE = Style(size=10.5, fill=INK)
WATER_STYLE = Style(size=10.5, fill=WATER_INK, italic=True)
CROSSING_STYLE = Style(size=9, fill=INK)
FEATURE_STYLE = Style(size=9.5, fill=MUTED, italic=True)
TOWN_POPULATION = 2_000
HILL = "hill"


def ground_lines(terrain: Terrain, frame: Frame) -> str:
    """Water courses, roads (casings below fills, so that junctions join), buildings and crossings."""
    return group(
        (
            group((_water(course, frame) for course in terrain.water_courses), stroke_linecap="round"),
            group(_roads(terrain.roads, frame), stroke_linejoin="round", stroke_linecap="round"),
            group(_buildings(terrain.settlements, frame), fill="#4a3b36"),
            group(_crossing(crossing, terrain, frame) for crossing in terrain.crossings),
        ),
        id="ground",
    )


def ground_labels(terrain: Terrain, relief: Relief, frame: Frame, labels: Labels) -> str:
    """Names, the most important first."""
    towns = sorted(terrain.settlements, key=lambda place: (-place.population, place.id))
    return group(
        (
            *(_settlement_label(place, frame, labels) for place in towns),
            *(_crossing_label(crossing, frame, labels) for crossing in terrain.crossings),
            *(_water_label(course, frame, labels) for course in terrain.water_courses),
            *(_feature_label(feature, relief, frame, labels) for feature in terrain.features),
        ),
        id="names",
    )


def _water(course: WaterCourse, frame: Frame) -> str:
    width = max(MIN_WATER_WIDTH, course.width_cm / 100 * frame.units_per_metre)
    points = [frame.at(point) for point in course.points]
    return path(points, stroke=WATER_INK, stroke_width=width + 1.2, stroke_linejoin="round") + path(
        points, stroke=hex_colour(WATER_TINT), stroke_width=width, stroke_linejoin="round"
    )


def _roads(roads: Iterable[Road], frame: Frame) -> Iterator[str]:
    lines = [(road.kind, [frame.at(point) for point in road.points]) for road in roads]
    lines.sort(key=lambda line: ("track", "road", "highway").index(line[0]))
    for kind, points in lines:
        dash = "5 2.5" if kind == "track" else None
        yield path(points, stroke=ROAD_CASING, stroke_width=ROAD_WIDTHS[kind][0], stroke_dasharray=dash)
    for kind, points in lines:
        if kind != "track":
            yield path(points, stroke=ROAD_FILL[kind], stroke_width=ROAD_WIDTHS[kind][1])


def _buildings(settlements: Iterable[Settlement], frame: Frame) -> Iterator[str]:
    side = max(MIN_BUILDING_UNITS, BUILDING_SIDE_M * frame.units_per_metre)
    for place in settlements:
        for point in place.buildings[:MAX_BUILDINGS_DRAWN]:
            x, y = frame.at(point)
            yield element("rect", x=x - side / 2, y=y - side / 2, width=side, height=side)


def _crossing(crossing: Crossing, terrain: Terrain, frame: Frame) -> str:
    """Two rails along the road for a bridge, dashed for a ford."""
    x, y = frame.at(crossing.at)
    turn = math.degrees(_road_direction(crossing, terrain, frame))
    rails = (
        path(
            (
                (-BRIDGE_HALF_LENGTH - 2, side * (BRIDGE_HALF_WIDTH + 2)),
                (-BRIDGE_HALF_LENGTH, side * BRIDGE_HALF_WIDTH),
                (BRIDGE_HALF_LENGTH, side * BRIDGE_HALF_WIDTH),
                (BRIDGE_HALF_LENGTH + 2, side * (BRIDGE_HALF_WIDTH + 2)),
            ),
            stroke=BRIDGE,
            stroke_width=1.6,
            stroke_dasharray="2.5 2" if crossing.kind == "ford" else None,
        )
        for side in (-1, 1)
    )
    return group(rails, transform=f"translate({x:.2f} {y:.2f}) rotate({turn:.1f})")


def _road_direction(crossing: Crossing, terrain: Terrain, frame: Frame) -> float:
    """Radians on the sheet of the road segment nearest to the crossing; 0 where there is no road."""
    at = frame.at(crossing.at)
    nearest, direction = math.inf, 0.0
    for road in terrain.roads:
        points = [frame.at(point) for point in road.points]
        for start, end in itertools.pairwise(points):
            distance = distance_to_segment(at, start, end)
            if distance < nearest:
                nearest = distance
                direction = math.atan2(end[1] - start[1], end[0] - start[0])
    return direction


def _settlement_label(place: Settlement, frame: Frame, labels: Labels) -> str:
    style = SETTLEMENT_STYLE if place.population >= TOWN_POPULATION else HAMLET_STYLE
    clearance = min(26.0, place.radius_cm / 100 * frame.units_per_metre * 0.6)
    return labels.around(frame.at(place.at), place.name, style, clearance=clearance)


def _feature_label(feature: Feature, relief: Relief, frame: Frame, labels: Labels) -> str:
    """The name; on a hill beside a peak mark and with its height."""
    x, y = frame.at(feature.at)
    if feature.kind != HILL:
        return labels.centred((x, y), feature.name, FEATURE_STYLE)
    height = round(relief.height_at(feature.at.east_cm / 100, feature.at.north_cm / 100))
    label = labels.around((x, y), f"{feature.name} {height}", FEATURE_STYLE, clearance=4)
    peak = path(((x, y - 4), (x + 3.6, y + 2.6), (x - 3.6, y + 2.6)), closed=True, fill=MUTED)
    return label and peak + label


def _crossing_label(crossing: Crossing, frame: Frame, labels: Labels) -> str:
    x, y = frame.at(crossing.at)
    labels.block(Box.around(x, y, 2 * BRIDGE_HALF_LENGTH, 2 * BRIDGE_HALF_LENGTH))
    content = f"{crossing.name} MLC {crossing.load_class}"
    return labels.around((x, y), content, CROSSING_STYLE, clearance=BRIDGE_HALF_LENGTH)


def _water_label(course: WaterCourse, frame: Frame, labels: Labels) -> str:
    """The name at the first free of five places along the course."""
    points = [frame.at(point) for point in course.points]
    places = [points[min(len(points) - 1, len(points) * part // 12)] for part in (6, 3, 9, 1, 11)]
    width = course.width_cm / 100 * frame.units_per_metre
    return next(
        (
            label
            for place in places
            if (label := labels.around(place, course.name, WATER_STYLE, clearance=width / 2 + 2))
        ),
        "",
    )
