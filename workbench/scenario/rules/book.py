"""What a rule is, and what it is shown.

A rule is a function from the case to remarks. It judges anything that fits the schema: a composed
scenario, a hand edit, an import; so it never assumes that a reference exists or a number makes sense, and
it never raises.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from workbench.errors import ScenarioFileError
from workbench.scenario.findings import Finding, Severity
from workbench.scenario.ground import Ground
from workbench.scenario.model import (
    ControlMeasure,
    ControlMeasureKind,
    Inject,
    Objective,
    Point,
    Route,
    Scenario,
    Task,
    Unit,
)

__all__ = ["Case", "Judge", "Remark", "Rule"]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule has to say about one object."""

    where: str
    message: str
    fix: str = ""


Judge = Callable[["Case"], Iterator[Remark]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule."""

    name: str
    severity: Severity
    title: str
    """What holds where the rule is kept."""
    why: str
    judge: Judge

    def findings(self, case: "Case") -> Iterator[Finding]:
        for remark in self.judge(case):
            yield Finding(
                rule=self.name, severity=self.severity, where=remark.where, message=remark.message, fix=remark.fix
            )


class Case:
    """A scenario as the rules look at it: by id, and with its ground where the blobs are whole."""

    def __init__(self, scenario: Scenario, blobs: Mapping[str, bytes]) -> None:
        self.scenario = scenario
        self.blobs = blobs

    @cached_property
    def ground(self) -> Ground | None:
        """None where the grids are missing or damaged, which a rule of its own says."""
        return self._ground[0]

    @cached_property
    def ground_trouble(self) -> str | None:
        """Why there is no ground."""
        return self._ground[1]

    @cached_property
    def _ground(self) -> tuple[Ground | None, str | None]:
        try:
            return Ground.from_blobs(self.scenario.terrain, self.blobs), None
        except ScenarioFileError as error:
            return None, str(error)

    @cached_property
    def units(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.scenario.units}

    @cached_property
    def commanders(self) -> frozenset[str]:
        """Units that have subordinates."""
        return frozenset(unit.parent for unit in self.scenario.units if unit.parent is not None)

    @cached_property
    def leaves(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.scenario.units if unit.id not in self.commanders)

    @cached_property
    def routes(self) -> dict[str, Route]:
        return {route.id: route for route in self.scenario.routes}

    @cached_property
    def objectives(self) -> dict[str, Objective]:
        return {objective.id: objective for objective in self.scenario.objectives}

    @cached_property
    def measures(self) -> dict[str, ControlMeasure]:
        return {measure.id: measure for measure in self.scenario.control_measures}

    @cached_property
    def injects(self) -> dict[str, Inject]:
        return {inject.id: inject for inject in self.scenario.injects}

    @cached_property
    def tasks_of(self) -> dict[str, list[Task]]:
        """Tasks by unit, in order of time."""
        by_unit: dict[str, list[Task]] = {}
        for task in sorted(self.scenario.tasks, key=lambda task: (task.start_s, task.id)):
            by_unit.setdefault(task.unit, []).append(task)
        return by_unit

    @cached_property
    def no_fire_areas(self) -> tuple[ControlMeasure, ...]:
        kind = ControlMeasureKind.NO_FIRE_AREA
        return tuple(measure for measure in self.scenario.control_measures if measure.kind is kind)

    def position_at(self, unit: Unit, second: int) -> Point:
        """Where the unit is once the routes of its tasks that end by then are travelled."""
        at = unit.at
        for task in self.tasks_of.get(unit.id, ()):
            route = self.routes.get(task.route or "")
            if route is not None and task.end_s <= second:
                at = route.points[-1]
        return at
