"""Rules about routes, proven anew on the ground and not believed from the document."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from workbench.scenario.ground import COVER_SPEEDS_CM_S
from workbench.scenario.intent import Echelon
from workbench.scenario.legs import leg_is_traversable, leg_length_cm
from workbench.scenario.model import ControlMeasure, Mobility, Point, Route, Task
from workbench.scenario.plane import distance_cm, distance_to_segment_cm, inside
from workbench.scenario.rules.book import Case, Remark
from workbench.scenario.scale import scale_of

__all__ = [
    "routes_end_at_objective",
    "routes_measured",
    "routes_not_too_fast",
    "routes_start_at_unit",
    "routes_traversable",
    "routes_used",
]

_LENGTH_TOLERANCE_CM: Final = 200
"""Rounding of the legs, per route."""

_ROOM_CM: Final = scale_of(Echelon.COMPANY).objective_radius_m * 100
"""Room around a place where the document has no objective."""

_START_TOLERANCE_CM: Final = 100


def routes_traversable(case: Case) -> Iterator[Remark]:
    ground = case.ground
    if ground is None:
        return
    known: dict[tuple[Mobility, Point, Point], bool] = {}
    for route in case.scenario.routes:
        for number, (a, b) in enumerate(pairwise(route.points), 1):
            key = (route.mobility, a, b)
            if key not in known:
                known[key] = leg_is_traversable(ground, route.mobility, a, b)
            if not known[key]:
                yield Remark(
                    route.id, f"leg {number} cannot be travelled by {route.mobility} units", "find the route again"
                )
                break


def routes_measured(case: Case) -> Iterator[Remark]:
    for route in case.scenario.routes:
        length = sum(leg_length_cm(a, b) for a, b in pairwise(route.points))
        if abs(length - route.length_cm) > _LENGTH_TOLERANCE_CM + len(route.points):
            yield Remark(route.id, f"it is {length} cm long and says {route.length_cm} cm", "measure the route again")


def routes_not_too_fast(case: Case) -> Iterator[Remark]:
    for route in case.scenario.routes:
        length = sum(leg_length_cm(a, b) for a, b in pairwise(route.points))
        fastest = max(COVER_SPEEDS_CM_S[route.mobility].values())
        if fastest * (route.duration_s + 1) < length:
            yield Remark(
                route.id,
                f"{length // 100} m in {route.duration_s} s is faster than {route.mobility} units move on any ground",
                "reckon the duration again",
            )


def routes_start_at_unit(case: Case) -> Iterator[Remark]:
    """The first route at the unit, each later one where the one before ended; mobility as the unit's."""
    for unit in case.scenario.units:
        at = unit.at
        for task in case.tasks_of.get(unit.id, ()):
            route = case.routes.get(task.route or "")
            if route is None or route.unit != unit.id:
                continue
            if distance_cm(route.points[0], at) > _START_TOLERANCE_CM:
                yield Remark(
                    route.id,
                    f"it starts {distance_cm(route.points[0], at) // 100} m from its unit",
                    "start it at the unit",
                )
            if route.mobility is not unit.mobility:
                yield Remark(
                    route.id, f"it is for {route.mobility} units, {unit.id} is {unit.mobility}", "find the route again"
                )
            at = route.points[-1]


def routes_end_at_objective(case: Case) -> Iterator[Remark]:
    for task in case.scenario.tasks:
        route = case.routes.get(task.route or "")
        if route is None or task.objective is None:
            continue
        apart, allowed = _apart(case, task, route)
        if apart > allowed:
            yield Remark(
                route.id, f"it ends {apart // 100} m from {task.objective}", "lead it to the place of its task"
            )


def _apart(case: Case, task: Task, route: Route) -> tuple[int, int]:
    """Distance of the end of the route from the place of the task, and how much is allowed."""
    end = route.points[-1]
    room = 2 * max((o.radius_cm for o in case.scenario.objectives), default=_ROOM_CM)
    objective = case.objectives.get(task.objective or "")
    if objective is not None:
        return distance_cm(end, objective.at), objective.radius_cm + room
    measure = case.measures.get(task.objective or "")
    return (_from_measure(end, measure), room) if measure is not None else (0, 0)


def _from_measure(point: Point, measure: ControlMeasure) -> int:
    points: Sequence[Point] = measure.points
    if len(points) == 1:
        return distance_cm(point, points[0])
    if measure.geometry == "area" and inside(point, points):
        return 0
    closed = [*points, points[0]] if measure.geometry == "area" else points
    return min(distance_to_segment_cm(point, a, b) for a, b in pairwise(closed))


def routes_used(case: Case) -> Iterator[Remark]:
    used = {task.route for task in case.scenario.tasks}
    for route in case.scenario.routes:
        if route.id not in used:
            yield Remark(route.id, "no task uses the route", "remove it or give it to a task")
