"""The operation on the map: where it goes (routes) and what it is for (objectives)."""

import math
from itertools import pairwise

from workbench.cartography.frame import Frame
from workbench.cartography.labels import Labels, Style
from workbench.cartography.lines import arrow_head
from workbench.cartography.palette import INK, SIDE_INK
from workbench.cartography.svg import element, group, path
from workbench.cartography.wording import shortened
from workbench.scenario.model import ControlMeasureKind, Objective, Route, Scenario, SideId

__all__ = ["objectives", "routes"]

OBJECTIVE_STYLE = Style(size=12, fill=INK, bold=True)
MIN_RADIUS = 9.0


def objectives(scenario: Scenario, frame: Frame, labels: Labels) -> str:
    """Each objective's name, and a ring of its radius unless an objective area is drawn around it."""
    areas = {
        shortened(measure.name)
        for measure in scenario.control_measures
        if measure.kind is ControlMeasureKind.OBJECTIVE_AREA
    }
    drawn = (_objective(objective, frame, labels, areas) for objective in scenario.objectives)
    return group(drawn, id="objectives")


def routes(scenario: Scenario, frame: Frame) -> str:
    """Routes as thin dotted arrows in the colour of the unit's side."""
    sides = {unit.id: unit.side for unit in scenario.units}
    drawn = (_route(route, SIDE_INK[sides.get(route.unit, SideId.CIVIL)], frame) for route in scenario.routes)
    return group(drawn, id="routes", fill="none")


def _objective(objective: Objective, frame: Frame, labels: Labels, areas: set[str]) -> str:
    x, y = frame.at(objective.at)
    radius = max(MIN_RADIUS, objective.radius_cm / 100 * frame.units_per_metre)
    name = _name(objective)
    ring = element(
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
    label = labels.around((x, y), name, OBJECTIVE_STYLE, clearance=radius + 2)
    return ("" if name in areas else ring) + label


def _name(objective: Objective) -> str:
    name = shortened(objective.name)
    return name if name.startswith("OBJ ") else f"OBJ {name}"


def _route(route: Route, ink: str, frame: Frame) -> str:
    points = [frame.at(point) for point in route.points]
    distinct = [point for point, after in pairwise(points) if math.dist(point, after) > 0.01] + [points[-1]]
    if len(distinct) < 2:
        return ""
    line = path(
        distinct,
        stroke=ink,
        stroke_width=1.5,
        stroke_opacity=0.75,
        stroke_dasharray="1.5 3.2",
        stroke_linecap="round",
        stroke_linejoin="round",
    )
    return line + arrow_head(distinct[-2], distinct[-1], ink, 8)
