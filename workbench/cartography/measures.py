"""Control measures on the map, in the manner of MIL-STD-2525D.

Own and enemy graphics differ by more than colour: enemy ones carry ``ENY``.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from workbench.cartography.frame import Frame
from workbench.cartography.labels import Labels, Style
from workbench.cartography.lines import along, arrow_head, centre, offset, simplified
from workbench.cartography.palette import OBSTACLE, SIDE_INK
from workbench.cartography.svg import XY, group, path
from workbench.cartography.wording import shortened
from workbench.scenario.model import (
    ControlMeasure,
    ControlMeasureKind,
    Scenario,
    SideId,
)

__all__ = ["control_measures", "measure_labels", "title"]

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
AXIS_WIDTH = 7.0
"""Half width of an axis arrow's shaft."""
LABEL = 11.0
POINT_RADIUS = 7.0
TOOTH = 5.0
_NAMED_ONCE = frozenset({Kind.AXIS, Kind.OBSTACLE, Kind.SUPPORT_BY_FIRE, Kind.BATTLE_POSITION})


def control_measures(scenario: Scenario, frame: Frame) -> str:
    """Every line, area and point, without its label."""
    return group((_draw(measure, frame) for measure in scenario.control_measures), id="measures")


def measure_labels(scenario: Scenario, frame: Frame, labels: Labels) -> str:
    """Names at both ends of lines, in areas and beside points."""
    return group(
        (label for measure in scenario.control_measures for label in _labels(measure, frame, labels)),
        id="measure-names",
    )


def title(measure: ControlMeasure) -> str:
    """``PL AMBER``: words that have an abbreviation shortened, the abbreviation put before a name without one.

    A checkpoint's name says itself what it is ("Observation Post Ursa"), and so does a boundary's.
    """
    own = measure.name.upper().removeprefix("ENEMY ").removeprefix("ENY ")
    short = ABBREVIATIONS[measure.kind]
    name = shortened(own)
    says_itself = not short or (measure.kind is Kind.CHECKPOINT and " " in name)
    known = says_itself or name != own or name == short or name.startswith(f"{short} ")
    prefix = "ENY " if measure.side is SideId.ENEMY else ""
    return prefix + (name if known else f"{short} {name}")


def _draw(measure: ControlMeasure, frame: Frame) -> str:
    points = [frame.at(point) for point in measure.points]
    ink = OBSTACLE if measure.kind is Kind.OBSTACLE else SIDE_INK[measure.side]
    if _is_point(measure):
        return _point(measure.kind, points[0], ink)
    if measure.kind is Kind.AXIS:
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
        return group(path(arm, stroke=ink, stroke_width=LINE_WIDTH) for arm in arms)
    house = ((x, y), (x - 6, y - 7), (x - 6, y - 19), (x + 6, y - 19), (x + 6, y - 7))
    return path(house, closed=True, fill="#ffffff", fill_opacity=0.8, stroke=ink, stroke_width=1.4)


def _axis(points: list[XY], ink: str) -> str:
    """An open arrow along the line: two rails and a head."""
    points = simplified(points, AXIS_WIDTH)
    head = along(points[-1], points[-2], 2.6 * AXIS_WIDTH)
    shaft = [*points[:-1], head]
    left, right = offset(shaft, AXIS_WIDTH), offset(shaft, -AXIS_WIDTH)
    wings = offset([points[-2], head], 2 * AXIS_WIDTH)[1], offset([points[-2], head], -2 * AXIS_WIDTH)[1]
    outline = [*left, wings[0], points[-1], wings[1], *reversed(right)]
    return path(outline, fill=ink, fill_opacity=0.10, stroke=ink, stroke_width=LINE_WIDTH, stroke_linejoin="round")


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
    normal = offset([start, end], 34)
    arrows = (_arrow(start, normal[0], ink), _arrow(end, normal[1], ink))
    return group((path(points, stroke=ink, stroke_width=LINE_WIDTH), *arrows))


def _arrow(start: XY, tip: XY, ink: str) -> str:
    return path((start, tip), stroke=ink, stroke_width=LINE_WIDTH) + arrow_head(start, tip, ink, 7)


def _is_point(measure: ControlMeasure) -> bool:
    return measure.geometry == "point" or len(measure.points) < 2


def _middle(points: list[XY]) -> XY:
    """The middle corner, or half-way where there are but two."""
    if len(points) > 2:
        return points[len(points) // 2]
    return along(points[0], points[1], math.dist(points[0], points[1]) / 2)


def _labels(measure: ControlMeasure, frame: Frame, labels: Labels) -> Iterator[str]:
    points = [frame.at(point) for point in measure.points]
    ink = OBSTACLE if measure.kind is Kind.OBSTACLE else SIDE_INK[measure.side]
    style = Style(size=LABEL, fill=ink, bold=True)
    content = title(measure)
    if _is_point(measure):
        lift = 13 if measure.kind is Kind.CHECKPOINT else 0
        yield labels.around((points[0][0], points[0][1] - lift), content, style, clearance=POINT_RADIUS + 1)
    elif measure.geometry == "area" and content in labels.written:
        return
    elif measure.geometry == "area":
        yield labels.centred(centre(points), content, style)
    elif measure.kind in _NAMED_ONCE:
        yield labels.around(_middle(points), content, style, clearance=AXIS_WIDTH + 2)
    else:
        yield labels.at_end(points[0], points[1], content, style)
        yield labels.at_end(points[-1], points[-2], content, style)
