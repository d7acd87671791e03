"""Rules about tasks: who does what to whom, when, and whether there is time for it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from workbench.scenario.model import SideId, Task, TaskVerb
from workbench.scenario.plane import inside
from workbench.scenario.rules.book import Case, Remark
from workbench.scenario.sight import line_of_sight

__all__ = [
    "ENGAGEMENT_VERBS",
    "FRIENDLY_VERBS",
    "everyone_tasked",
    "fires_clear_of_protected",
    "friendly_targets",
    "hostile_targets",
    "support_sees",
    "tasks_fit_route",
    "tasks_in_exercise",
    "tasks_in_phase",
    "tasks_in_turn",
    "targets_not_self",
]

V = TaskVerb

ENGAGEMENT_VERBS: Final = frozenset({V.ATTACK, V.CLEAR, V.AMBUSH, V.SUPPORT_BY_FIRE, V.FIRE_SUPPORT, V.HARASS, V.DELAY})
"""Verbs that make no sense without an enemy to do them to."""

FRIENDLY_VERBS: Final = frozenset({V.ESCORT, V.RELIEVE, V.RESCUE, V.EVACUATE, V.RESUPPLY})
"""Verbs that are done for someone."""

_FIRE_VERBS: Final = frozenset({V.SUPPORT_BY_FIRE, V.FIRE_SUPPORT, V.ATTACK, V.AMBUSH})
_COMBAT_ROLES: Final = ("manoeuvre", "fires")


def everyone_tasked(case: Case) -> Iterator[Remark]:
    for unit in case.leaves:
        if unit.role in _COMBAT_ROLES and not unit.reserve and unit.id not in case.tasks_of:
            yield Remark(
                unit.id,
                f"{unit.name} has neither a task nor the name of a reserve",
                "give it a task or name it reserve",
            )


def tasks_in_exercise(case: Case) -> Iterator[Remark]:
    end = case.scenario.exercise.duration_s
    for task in case.scenario.tasks:
        if task.end_s <= task.start_s:
            yield Remark(
                task.id, f"it ends at {task.end_s} s, not after its start at {task.start_s} s", "correct its times"
            )
        elif task.end_s > end:
            yield Remark(task.id, f"it ends at {task.end_s} s, the exercise at {end} s", "end it inside the exercise")


def tasks_in_phase(case: Case) -> Iterator[Remark]:
    phases = {phase.id: phase for phase in case.scenario.exercise.phases}
    for task in case.scenario.tasks:
        phase = phases.get(task.phase)
        if phase is not None and not phase.start_s <= task.start_s < phase.end_s:
            yield Remark(
                task.id, f"it starts at {task.start_s} s, outside its phase {phase.name}", "name the phase it starts in"
            )


def tasks_in_turn(case: Case) -> Iterator[Remark]:
    """A unit does one thing at a time."""
    for tasks in case.tasks_of.values():
        for before, after in pairwise(tasks):
            if after.start_s < before.end_s:
                yield Remark(
                    after.id, f"it starts before {before.id} of the same unit ends", "let one follow the other"
                )


def tasks_fit_route(case: Case) -> Iterator[Remark]:
    for task in case.scenario.tasks:
        route = case.routes.get(task.route or "")
        if route is None:
            continue
        if route.unit != task.unit:
            yield Remark(task.id, f"its route {route.id} belongs to {route.unit}", "give it a route of its own unit")
        if task.end_s - task.start_s < route.duration_s:
            yield Remark(
                task.id,
                f"it has {task.end_s - task.start_s} s for a route of {route.duration_s} s",
                "give it more time, or start the unit nearer",
            )


def targets_not_self(case: Case) -> Iterator[Remark]:
    for task in case.scenario.tasks:
        if task.target is not None and task.target == task.unit:
            yield Remark(task.id, "the unit is its own target", "name another target")


def hostile_targets(case: Case) -> Iterator[Remark]:
    for task in case.scenario.tasks:
        if task.verb not in ENGAGEMENT_VERBS:
            continue
        unit, target = case.units.get(task.unit), case.units.get(task.target or "")
        if task.target is None:
            yield Remark(task.id, f"{task.verb} needs an enemy target", "name an enemy unit")
        elif target is not None and unit is not None and not _opposed(unit.side, target.side):
            yield Remark(task.id, f"its target {target.id} is not an enemy of {unit.id}", "name an enemy unit")


def _opposed(a: SideId, b: SideId) -> bool:
    return {a, b} == {SideId.OWN, SideId.ENEMY}


def friendly_targets(case: Case) -> Iterator[Remark]:
    for task in case.scenario.tasks:
        unit, target = case.units.get(task.unit), case.units.get(task.target or "")
        if unit is None:
            continue
        if task.verb in FRIENDLY_VERBS:
            if task.target is None:
                yield Remark(task.id, f"{task.verb} needs someone to do it for", "name a friendly unit")
            elif target is not None and _opposed(unit.side, target.side):
                yield Remark(task.id, f"its target {target.id} is an enemy", "name a friendly unit")
        elif task.verb not in ENGAGEMENT_VERBS and target is not None and target.side is unit.side:
            yield Remark(
                task.id,
                f"{task.verb} is aimed at the friendly unit {target.id}",
                "remove the target or change the verb",
            )


def fires_clear_of_protected(case: Case) -> Iterator[Remark]:
    for task in case.scenario.tasks:
        target = case.units.get(task.target or "")
        if task.verb not in _FIRE_VERBS or target is None:
            continue
        for area in case.no_fire_areas:
            if area.geometry == "area" and inside(target.at, area.points):
                yield Remark(
                    task.id, f"its target {target.id} stands in {area.name}", "choose a target outside the no-fire area"
                )


def support_sees(case: Case) -> Iterator[Remark]:
    if case.ground is None:
        return
    for task in case.scenario.tasks:
        if task.verb is V.SUPPORT_BY_FIRE and not _sees(case, task):
            yield Remark(task.id, "it sees neither its target nor the objective", "move the support by fire position")


def _sees(case: Case, task: Task) -> bool:
    unit, ground = case.units.get(task.unit), case.ground
    if unit is None or ground is None:
        return True
    at = case.position_at(unit, task.end_s)
    target = case.units.get(task.target or "")
    aims = [objective.at for objective in case.scenario.objectives] + ([target.at] if target else [])
    return any(line_of_sight(ground, at, aim) for aim in aims)
