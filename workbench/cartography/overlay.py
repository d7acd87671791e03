"""The operation on the map: control measures, objectives and routes, in the manner of MIL-STD-2525D, 5.3.

Own and enemy graphics differ by more than colour: enemy ones carry ``ENY`` (MIL-STD-2525D, 5.3.3.3.2).
"""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from workbench.cartography.frame import Box, Frame
from workbench.cartography.labels import Labels, Style
from workbench.cartography.palette import INK, OBSTACLE, SIDE_INK
from workbench.cartography.svg import XY, element, group, path
from workbench.scenario.model import (
    ControlMeasure,
    ControlMeasureKind,
    Objective,
    Route,
    Scenario,
    SideId,
)

__all__ = ["ABBREVIATIONS", "control_measures", "measure_labels", "objectives", "routes"]

Kind = ControlMeasureKind

ABBREVIATIONS: Mapping[ControlMeasureKind, str] = {
    Kind.PHASE_LINE: "PL",
    Kind.BOUNDARY: "",
    Kind.ASSEMBLY_AREA: "AA",
    Kind.OBJECTIVE_AREA: "OBJ",
    Kind.AXIS: "AXIS",
    Kind.ENGAGEMENT_AREA: "EA",
    Kind.BATTLE_POSITION: "BP",
    Kind.LINE_OF_DEPARTURE: "LD",
    Kind.OBSTACLE: "OBST",
    Kind.TARGET_REFERENCE_POINT: "TRP",
    Kind.NO_FIRE_AREA: "NFA",
    Kind.CHECKPOINT: "CP",
    Kind.SUPPORT_BY_FIRE: "SBF",
}
_DASHES: Mapping[ControlMeasureKind, str] = {
    Kind.BOUNDARY: "14 4 2 4",
    Kind.ASSEMBLY_AREA: "7 4",
    Kind.ENGAGEMENT_AREA: "10 4 2 4",
}
LINE_WIDTH = 1.8
AXIS_WIDTH = 9.0
"""Half width of an axis arrow's shaft."""
LABEL = 11.0
POINT_RADIUS = 7.0
TOOTH = 5.0
OBJECTIVE_STYLE = Style(size=12, fill=INK, bold=True)
_NAMED_ONCE = frozenset({Kind.AXIS, Kind.OBSTACLE, Kind.SUPPORT_BY_FIRE, Kind.BATTLE_POSITION})


def control_measures(scenario: Scenario, frame: Frame) -> str:
    """Every line, area and point, without its label."""
    return group((_draw(measure, frame) for measure in scenario.control_measures), id="measures")


def measure_labels(scenario: Scenario, frame: Frame, labels: Labels) -> str:
    """Names at both ends of lines, in areas and beside points."""
    return group(
        (
            label
            for measure in scenario.control_measures
            for label in _labels(measure, frame, labels)
        ),
        id="measure-names",
    )


def objectives(scenario: Scenario, frame: Frame, labels: Labels) -> str:
    """Each objective as a ring of its radius and a target, with its name."""
    return group((_objective(objective, scenario, frame, labels) for objective in scenario.objectives), id="objectives")


def routes(scenario: Scenario, frame: Frame) -> str:
    """Routes as thin arrows in the colour of the unit's side."""
    sides = {unit.id: unit.side for unit in scenario.units}
    return group(
        (_route(route, SIDE_INK[sides.get(route.unit, SideId.CIVIL)], frame) for route in scenario.routes),
        id="routes",
        fill="none",
    )


def title(measure: ControlMeasure) -> str:
    """``PL AMBER``: the abbreviation once, even where the name has it already."""
    short = ABBREVIATIONS[measure.kind]
    name = measure.name.upper()
    known = not short or name.startswith((short + " ", short + "/")) or name == short
    prefix = "ENY " if measure.side is SideId.ENEMY and not name.startswith("ENY") else ""
    return prefix + (name if known else f"{short} {name}")


def _draw(measure: ControlMeasure, frame: Frame) -> str:
    points = [frame.at(point) for point in measure.points]
    ink = OBSTACLE if measure.kind is Kind.OBSTACLE else SIDE_INK[measure.side]
    if measure.geometry == "point":
        return _point(measure.kind, points[0], ink)
    if measure.kind is Kind.AXIS and len(points) > 1:
        return _axis(points, ink)
    if measure.kind is Kind.OBSTACLE:
        return _toothed(points, ink, closed=measure.geometry == "area")
    if measure.kind is Kind.SUPPORT_BY_FIRE and measure.geometry == "line":
        return _support_by_fire(points, ink)
    closed = measure.geometry == "area"
    fill, opacity = (ink, 0.06) if closed else ("none", None)
    if measure.kind is Kind.NO_FIRE_AREA:
        fill, opacity = "url(#hatch)", 1
    return path(
        points,
        closed=closed,
        fill=fill,
        fill_opacity=opacity,
        stroke=ink,
        stroke_width=LINE_WIDTH + (0.6 if measure.kind is Kind.LINE_OF_DEPARTURE else 0),
        stroke_dasharray=_DASHES.get(measure.kind),
        stroke_linejoin="round",
    )


def _point(kind: ControlMeasureKind, at: XY, ink: str) -> str:
    x, y = at
    if kind is Kind.TARGET_REFERENCE_POINT:
        arms = ((x - POINT_RADIUS, y), (x + POINT_RADIUS, y)), ((x, y - POINT_RADIUS), (x, y + POINT_RADIUS))
        return group((path(arm, stroke=ink, stroke_width=LINE_WIDTH) for arm in arms))
    house = ((x, y), (x - 6, y - 7), (x - 6, y - 19), (x + 6, y - 19), (x + 6, y - 7))
    return path(house, closed=True, fill="#ffffff", fill_opacity=0.8, stroke=ink, stroke_width=1.4)


def _axis(points: list[XY], ink: str) -> str:
    """An open arrow along the line: two rails and a head."""
    head = _along(points[-1], points[-2], 2.6 * AXIS_WIDTH)
    shaft = [*points[:-1], head]
    left, right = _offset(shaft, AXIS_WIDTH), _offset(shaft, -AXIS_WIDTH)
    wings = _offset([points[-2], head], 2 * AXIS_WIDTH)[1], _offset([points[-2], head], -2 * AXIS_WIDTH)[1]
    outline = [*left, wings[0], points[-1], wings[1], *reversed(right)]
    return path(
        outline, fill=ink, fill_opacity=0.10, stroke=ink, stroke_width=LINE_WIDTH, stroke_linejoin="round"
    )


def _toothed(points: list[XY], ink: str, *, closed: bool) -> str:
    """An obstacle: a line with teeth towards its left side."""
    corners = [*points, points[0]] if closed else points
    drawn = [point for start, end in pairwise(corners) for point in _teeth(start, end)]
    return path([*drawn, corners[-1]], stroke=ink, stroke_width=LINE_WIDTH, stroke_linejoin="round")


def _teeth(start: XY, end: XY) -> Iterator[XY]:
    length = math.dist(start, end) or 1.0
    left = ((end[1] - start[1]) / length * TOOTH, (start[0] - end[0]) / length * TOOTH)
    count = max(1, round(length / (2.4 * TOOTH)))
    for index in range(count):
        for part, height in ((index / count, 0), ((index + 0.3) / count, 1), ((index + 0.6) / count, 0)):
            yield (
                start[0] + (end[0] - start[0]) * part + left[0] * height,
                start[1] + (end[1] - start[1]) * part + left[1] * height,
            )


def _support_by_fire(points: list[XY], ink: str) -> str:
    """The base line with two diverging arrows forward of it."""
    start, end = points[0], points[-1]
    normal = _offset([start, end], 34)
    arrows = (_arrow(start, normal[0], ink), _arrow(end, normal[1], ink))
    return group((path(points, stroke=ink, stroke_width=LINE_WIDTH), *arrows))


def _arrow(start: XY, tip: XY, ink: str) -> str:
    return path((start, tip), stroke=ink, stroke_width=LINE_WIDTH) + _arrow_head(start, tip, ink, 7)


def _arrow_head(before: XY, tip: XY, ink: str, size: float) -> str:
    foot = _along(tip, before, size)
    left, right = _offset([foot, tip], size * 0.42)[0], _offset([foot, tip], -size * 0.42)[0]
    return path((left, tip, right), closed=True, fill=ink, stroke="none")


def _route(route: Route, ink: str, frame: Frame) -> str:
    points = [frame.at(point) for point in route.points]
    distinct = [point for point, after in pairwise(points) if math.dist(point, after) > 0.01] + [points[-1]]
    if len(distinct) < 2:
        return ""
    return path(
        distinct,
        stroke=ink,
        stroke_width=1.5,
        stroke_opacity=0.75,
        stroke_dasharray="1.5 3.2",
        stroke_linecap="round",
        stroke_linejoin="round",
    ) + _arrow_head(distinct[-2], distinct[-1], ink, 8)


def _objective(objective: Objective, scenario: Scenario, frame: Frame, labels: Labels) -> str:
    x, y = frame.at(objective.at)
    radius = max(9.0, objective.radius_cm / 100 * frame.units_per_metre)
    circle = element(
        "circle",
        cx=x,
        cy=y,
        r=radius,
        fill=INK,
        fill_opacity=0.05,
        stroke=INK,
        stroke_width=1.7,
        stroke_dasharray="3 2.2",
    )
    return circle + labels.around((x, y), _objective_name(objective), OBJECTIVE_STYLE, clearance=radius * 0.75)


def _objective_name(objective: Objective) -> str:
    name = objective.name.upper()
    return name if name.startswith("OBJ") else f"OBJ {name}"


def _labels(measure: ControlMeasure, frame: Frame, labels: Labels) -> Iterator[str]:
    points = [frame.at(point) for point in measure.points]
    ink = OBSTACLE if measure.kind is Kind.OBSTACLE else SIDE_INK[measure.side]
    style = Style(size=LABEL, fill=ink, bold=True)
    content = title(measure)
    if measure.geometry == "point":
        lift = 13 if measure.kind is Kind.CHECKPOINT else 0
        yield labels.around((points[0][0], points[0][1] - lift), content, style, clearance=POINT_RADIUS + 1)
    elif measure.geometry == "area":
        yield labels.centred(_centre(points), content, style)
    elif measure.kind in _NAMED_ONCE:
        middle = points[len(points) // 2] if len(points) > 2 else _along(points[0], points[1], math.dist(*points) / 2)
        yield labels.around(middle, content, style, clearance=AXIS_WIDTH + 2)
    else:
        yield from (_end_label(points[end], content, style, frame, labels) for end in (0, -1))


def _end_label(end: XY, content: str, style: Style, frame: Frame, labels: Labels) -> str:
    """At the end of a line; moved inside where the line runs to the frame."""
    width, height = style.box(content)
    box: Box = frame.box
    x = min(max(end[0], box.left + width / 2 + 5), box.right - width / 2 - 5)
    y = min(max(end[1], box.top + height + 4), box.bottom - height - 4)
    return labels.around((x, y), content, style, clearance=1) if (x, y) == end else labels.centred((x, y), content, style)


def _centre(points: list[XY]) -> XY:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _along(start: XY, towards: XY, distance: float) -> XY:
    """The position ``distance`` from ``start`` on the way to ``towards``."""
    length = math.dist(start, towards) or 1.0
    part = distance / length
    return start[0] + (towards[0] - start[0]) * part, start[1] + (towards[1] - start[1]) * part


def _offset(points: list[XY], distance: float) -> list[XY]:
    """The line moved sideways, positive to its left (y grows downwards)."""
    moved = []
    for index, (x, y) in enumerate(points):
        before, after = points[max(0, index - 1)], points[min(len(points) - 1, index + 1)]
        length = math.dist(before, after) or 1.0
        moved.append(
            (x + (after[1] - before[1]) / length * distance, y - (after[0] - before[0]) / length * distance)
        )
    return moved
