"""Every mission composes, passes every rule and has what was asked for."""

from collections.abc import Callable
from itertools import cycle

import pytest

from workbench.scenario import Composition, Options, Severity, check
from workbench.scenario.intent import Asset, Mission, ObjectiveKind, Posture, Threat
from workbench.scenario.model import ControlMeasureKind, SideId, TaskVerb

Composed = Callable[..., Composition]

OBJECTIVES = [kind for kind in ObjectiveKind if kind is not ObjectiveKind.UNSPECIFIED]
MISSIONS = [mission for mission in Mission if mission is not Mission.UNSPECIFIED]


def errors_of(composition: Composition) -> list[str]:
    findings = check(composition.scenario, composition.blobs)
    return [f"{f.rule} {f.where}: {f.message}" for f in findings if f.severity is Severity.ERROR]


@pytest.mark.parametrize(("mission", "kind"), zip(MISSIONS, cycle(OBJECTIVES), strict=False))
def test_each_mission_and_each_kind_of_objective_compose(
    composed: Composed, mission: Mission, kind: ObjectiveKind
) -> None:
    composition = composed(mission=mission, own_echelon="platoon", objective=kind)
    assert errors_of(composition) == []
    (objective,) = composition.scenario.objectives
    assert objective.kind is kind
    assert objective.reason.endswith(".")


@pytest.mark.parametrize("echelon", ["team", "battalion", "division"])
def test_each_echelon_composes_with_a_bounded_number_of_units(composed: Composed, echelon: str) -> None:
    composition = composed(mission="attack", own_echelon=echelon)
    assert errors_of(composition) == []
    assert 2 <= len(composition.scenario.units) <= 400


def test_an_empty_request_gets_a_sensible_default(composed: Composed) -> None:
    scenario = composed(seed=123).scenario
    assert errors_of(composed(seed=123)) == []
    assumed = {entry.split("=")[0] for entry in scenario.recipe.assumed}
    assert {"mission", "own_echelon", "own_type", "enemy_type", "terrain", "weather", "roe"} <= assumed
    assert len(scenario.injects) >= 10


def test_what_the_prompt_says_is_not_listed_as_assumed(composed: Composed) -> None:
    scenario = composed(mission="attack", own_echelon="platoon", roe="permissive").scenario
    assumed = {entry.split("=")[0] for entry in scenario.recipe.assumed}
    assert not assumed & {"mission", "own_echelon", "roe"}
    assert scenario.roe.level == "permissive"


ALL_THREATS = tuple(sorted(Threat))
ALL_ASSETS = tuple(sorted(Asset))


def test_every_threat_and_asset_asked_for_is_present(composed: Composed) -> None:
    composition = composed(mission="attack", own_echelon="platoon", threats=ALL_THREATS, own_assets=ALL_ASSETS)
    assert errors_of(composition) == []
    scenario = composition.scenario
    assert {inject.threat for inject in scenario.injects} >= set(ALL_THREATS)
    obstacles = [m for m in scenario.control_measures if m.kind is ControlMeasureKind.OBSTACLE]
    assert obstacles


def test_without_an_enemy_there_is_no_enemy_side_and_threats_are_still_played(composed: Composed) -> None:
    composition = composed(mission="humanitarian", enemy_type="none", threats=("mines", "drones"))
    assert errors_of(composition) == []
    scenario = composition.scenario
    assert SideId.ENEMY not in {side.id for side in scenario.sides}
    assert {"mines", "drones"} <= {inject.threat for inject in scenario.injects}


@pytest.mark.parametrize("civilians", ["present", "none"])
def test_civilians_are_there_as_asked(composed: Composed, civilians: str) -> None:
    scenario = composed(mission="attack", own_echelon="platoon", civilians=civilians).scenario
    there = any(unit.side is SideId.CIVIL for unit in scenario.units)
    assert there == (civilians == "present")
    if there:
        assert any(inject.training_objective == "to.civil" for inject in scenario.injects)
        assert any(m.kind is ControlMeasureKind.NO_FIRE_AREA for m in scenario.control_measures)


@pytest.mark.parametrize("posture", [p for p in Posture if p is not Posture.UNSPECIFIED])
def test_each_enemy_posture_shows_in_the_enemys_tasks(composed: Composed, posture: Posture) -> None:
    composition = composed(mission="attack", own_echelon="platoon", enemy_echelon="platoon", enemy_posture=posture)
    assert errors_of(composition) == []
    verbs = {task.verb for task in composition.scenario.tasks if task.unit.startswith("enemy")}
    shown = {
        Posture.DEFENDING: TaskVerb.DEFEND,
        Posture.ATTACKING: TaskVerb.ATTACK,
        Posture.MOVING: TaskVerb.MOVE,
        Posture.AMBUSHING: TaskVerb.AMBUSH,
        Posture.WITHDRAWING: TaskVerb.WITHDRAW,
    }
    assert shown[posture] in verbs


@pytest.mark.parametrize("minutes", [1, 15, 600])
def test_the_duration_asked_for_is_kept_exactly(composed: Composed, minutes: int) -> None:
    composition = composed(mission="attack", own_echelon="platoon", duration_min=minutes)
    assert errors_of(composition) == []
    assert composition.scenario.exercise.duration_s == minutes * 60


def test_support_by_fire_is_a_task_of_an_attack_and_its_measure_is_drawn(composed: Composed) -> None:
    scenario = composed(mission="attack", own_echelon="company").scenario
    assert any(task.verb is TaskVerb.SUPPORT_BY_FIRE for task in scenario.tasks)
    kinds = {measure.kind for measure in scenario.control_measures}
    assert {
        ControlMeasureKind.SUPPORT_BY_FIRE,
        ControlMeasureKind.LINE_OF_DEPARTURE,
        ControlMeasureKind.PHASE_LINE,
        ControlMeasureKind.BOUNDARY,
        ControlMeasureKind.AXIS,
        ControlMeasureKind.ASSEMBLY_AREA,
        ControlMeasureKind.OBJECTIVE_AREA,
    } <= kinds


def test_commanders_command_and_leaves_have_tasks_or_are_the_reserve(composed: Composed) -> None:
    scenario = composed(mission="attack", own_echelon="company").scenario
    tasked = {task.unit for task in scenario.tasks}
    for unit in scenario.units:
        assert unit.id in tasked or unit.reserve or unit.side is SideId.CIVIL


def test_the_force_ratio_changes_the_enemy_and_the_number_of_injects_is_honoured(composed: Composed) -> None:
    def enemies(percent: int) -> int:
        options = Options(force_ratio_percent=percent, injects=40)
        scenario = composed(options=options, mission="attack", own_echelon="platoon", enemy_echelon="company").scenario
        assert len(scenario.injects) >= 40
        return sum(unit.side is SideId.ENEMY for unit in scenario.units)

    assert enemies(50) > enemies(200)
