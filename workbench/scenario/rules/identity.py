"""Rules about names and references."""

from collections import Counter
from collections.abc import Iterable, Iterator

from workbench.scenario.rules.book import Case, Remark

__all__ = ["callsigns_unique", "ids_unique", "names_unique", "references_exist"]


def ids_unique(case: Case) -> Iterator[Remark]:
    for id_, count in Counter(_every_id(case)).items():
        if count > 1:
            yield Remark(
                id_, f"the identifier {id_} is used {count} times", "give each object an identifier of its own"
            )


def _every_id(case: Case) -> Iterator[str]:
    scenario, terrain = case.scenario, case.scenario.terrain
    collections: tuple[Iterable[object], ...] = (
        scenario.units, scenario.objectives, scenario.control_measures, scenario.routes, scenario.tasks,
        scenario.injects, scenario.training_objectives, scenario.exercise.phases, terrain.roads,
        terrain.water_courses, terrain.crossings, terrain.settlements, terrain.features,
    )  # fmt: skip
    for collection in collections:
        for item in collection:
            yield str(getattr(item, "id"))  # noqa: B009 - the collections share no base class with an id


def names_unique(case: Case) -> Iterator[Remark]:
    yield from _duplicates(((unit.id, unit.name) for unit in case.scenario.units), "name")
    yield from _duplicates(((m.id, m.name) for m in case.scenario.control_measures), "name")


def callsigns_unique(case: Case) -> Iterator[Remark]:
    yield from _duplicates(((unit.id, unit.callsign) for unit in case.scenario.units), "callsign")


def _duplicates(named: Iterable[tuple[str, str]], what: str) -> Iterator[Remark]:
    first: dict[str, str] = {}
    for id_, name in named:
        other = first.setdefault(name.casefold(), id_)
        if other != id_:
            yield Remark(id_, f"the {what} {name!r} is that of {other} too", f"give one of them another {what}")


def references_exist(case: Case) -> Iterator[Remark]:
    for where, what, id_, known in _references(case):
        if id_ is not None and id_ not in known:
            yield Remark(where, f"its {what} {id_} does not exist", f"name an existing {what} or remove it")


def _references(case: Case) -> Iterator[tuple[str, str, str | None, Iterable[str]]]:
    scenario = case.scenario
    phases = {phase.id for phase in scenario.exercise.phases}
    goals = {goal.id for goal in scenario.training_objectives}
    sides = {side.id for side in scenario.sides}
    for unit in scenario.units:
        yield unit.id, "parent", unit.parent, case.units
        yield unit.id, "side", unit.side, sides
    for route in scenario.routes:
        yield route.id, "unit", route.unit, case.units
    places = case.objectives.keys() | case.measures.keys()
    for task in scenario.tasks:
        yield task.id, "unit", task.unit, case.units
        yield task.id, "target", task.target, case.units.keys() | places
        yield task.id, "objective", task.objective, places
        yield task.id, "route", task.route, case.routes
        yield task.id, "phase", task.phase, phases
    for inject in scenario.injects:
        yield inject.id, "recipient", inject.recipient, case.units
        yield inject.id, "training objective", inject.training_objective, goals
        for before in inject.after:
            yield inject.id, "preceding inject", before, case.injects
    for objective in scenario.objectives:
        yield objective.id, "holder", objective.held_by, sides
    for measure in scenario.control_measures:
        yield measure.id, "side", measure.side, sides
