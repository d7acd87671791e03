"""Rules about the MSEL: times, dependencies, assessment, and the civilians that were asked for."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from workbench.scenario.intent import Civilians
from workbench.scenario.model import Inject, SideId
from workbench.scenario.rules.book import Case, Remark

__all__ = [
    "assessors_present",
    "civilians_as_asked",
    "injects_acyclic",
    "injects_follow",
    "injects_in_exercise",
    "injects_inside",
    "injects_numbered",
    "injects_ordered",
    "objectives_assessed",
    "recipients_own",
]

_TWICE: Final = 2
"""Injects per training objective where the list is long enough: one success may be luck."""


def injects_ordered(case: Case) -> Iterator[Remark]:
    for before, after in pairwise(case.scenario.injects):
        if after.at_s < before.at_s:
            yield Remark(after.id, f"it comes before {before.id}, which stands above it", "order the injects by time")


def injects_numbered(case: Case) -> Iterator[Remark]:
    for place, inject in enumerate(case.scenario.injects, start=1):
        if inject.number != place:
            yield Remark(inject.id, f"it has number {inject.number} at place {place}", "number the injects in order")


def injects_in_exercise(case: Case) -> Iterator[Remark]:
    length = case.scenario.exercise.duration_s
    for inject in case.scenario.injects:
        if inject.at_s >= length:
            yield Remark(inject.id, f"it comes at {inject.at_s} s, the exercise ends at {length} s", "move it earlier")


def injects_acyclic(case: Case) -> Iterator[Remark]:
    """Injects on a circle, and those that wait for one: none of them can ever happen."""
    waiting = dict(case.injects)
    while ready := [name for name, inject in waiting.items() if not _blockers(inject, waiting)]:
        for name in ready:
            del waiting[name]
    for name in waiting:
        yield Remark(name, "it waits for itself, through others", "remove a dependency of the circle")


def _blockers(inject: Inject, waiting: dict[str, Inject]) -> list[str]:
    return [name for name in inject.after if name in waiting]


def injects_follow(case: Case) -> Iterator[Remark]:
    for inject in case.scenario.injects:
        if inject.trigger == "event" and not inject.after:
            yield Remark(inject.id, "it is triggered by an event and names none", "name what it comes after")
        for name in inject.after:
            before = case.injects.get(name)
            if before is not None and before.at_s > inject.at_s:
                yield Remark(inject.id, f"it waits for {name}, which comes later", "change a time or the dependency")


def injects_inside(case: Case) -> Iterator[Remark]:
    side = case.scenario.area.side_m * 100
    for inject in case.scenario.injects:
        at = inject.location
        if at is not None and not (0 <= at.east_cm <= side and 0 <= at.north_cm <= side):
            yield Remark(inject.id, "it happens outside the area", "move it into the area")


def recipients_own(case: Case) -> Iterator[Remark]:
    for inject in case.scenario.injects:
        unit = case.units.get(inject.recipient)
        if unit is not None and unit.side is not SideId.OWN:
            yield Remark(inject.id, f"its recipient {unit.id} is not in training", "send it to a unit of the own side")


def assessors_present(case: Case) -> Iterator[Remark]:
    for inject in case.scenario.injects:
        said = {"text": inject.text, "expected action": inject.expected_action, "assessor": inject.assessor}
        for what, words in said.items():
            if not words.strip():
                yield Remark(inject.id, f"its {what} is empty", f"write the {what}")


def objectives_assessed(case: Case) -> Iterator[Remark]:
    goals = case.scenario.training_objectives
    served = Counter(inject.training_objective for inject in case.scenario.injects)
    least = _TWICE if len(case.scenario.injects) >= _TWICE * len(goals) else 1
    for goal in goals:
        if served[goal.id] < least:
            words = f"it is assessed by {served[goal.id]} injects, at least {least} are needed"
            yield Remark(goal.id, words, "add an inject that lets it be assessed")


def civilians_as_asked(case: Case) -> Iterator[Remark]:
    asked = case.scenario.recipe.intent.civilians
    there = any(unit.side is SideId.CIVIL for unit in case.scenario.units)
    if asked is Civilians.PRESENT and not there:
        yield Remark("scenario", "civilians were asked for and there are none", "add civilians")
    if asked is Civilians.NONE and there:
        yield Remark("scenario", "a scenario without civilians was asked for and there are some", "remove them")
