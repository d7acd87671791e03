"""Each rule is kept by a composed scenario and broken by one damage to it, and names what was damaged."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from workbench.scenario import Composition, Intent, Scenario, check, compose
from workbench.scenario.model import (
    Affiliation,
    ControlMeasureKind,
    Mobility,
    Point,
    SideId,
    TaskVerb,
    Unit,
    WeatherSpell,
)
from workbench.scenario.rules import RULES

Damage = Callable[[Scenario], Scenario]

SLOTS: Mapping[str, object] = {
    "mission": "attack",
    "own_echelon": "company",
    "own_type": "mechanized",
    "enemy_echelon": "platoon",
    "threats": ["artillery", "drones"],
    "own_assets": ["engineers", "artillery"],
    "civilians": "present",
    "objective": "bridge",
    "weather": ["rain"],
    "time_of_day": "day",
    "duration_min": 600,
}


@pytest.fixture(scope="module")
def sound() -> Composition:
    return compose(Intent.model_validate(SLOTS), 11)


def changed(scenario: Scenario, collection: str, id_: str, **fields: Any) -> Scenario:
    """The scenario with fields of one object changed."""
    items = getattr(scenario, collection)
    assert any(item.id == id_ for item in items), id_
    edited = tuple(item.model_copy(update=fields) if item.id == id_ else item for item in items)
    return scenario.model_copy(update={collection: edited})


def without(scenario: Scenario, collection: str, condition: Callable[[Any], bool]) -> Scenario:
    kept = tuple(item for item in getattr(scenario, collection) if not condition(item))
    assert len(kept) < len(getattr(scenario, collection))
    return scenario.model_copy(update={collection: kept})


def task_id(scenario: Scenario, condition: Callable[[Any], bool]) -> str:
    return next(task.id for task in scenario.tasks if condition(task))


def leaf(scenario: Scenario, side: SideId = SideId.OWN) -> Unit:
    parents = {unit.parent for unit in scenario.units}
    return next(u for u in scenario.units if u.side is side and u.role == "manoeuvre" and u.id not in parents)


def moved(point: Point, east_m: int = 0, north_m: int = 0) -> Point:
    return Point(east_cm=point.east_cm + east_m * 100, north_cm=point.north_cm + north_m * 100)


def routed_task(scenario: Scenario) -> Any:
    return next(task for task in scenario.tasks if task.route and task.unit.startswith("own"))


def route_of(scenario: Scenario, task: Any) -> Any:
    return next(route for route in scenario.routes if route.id == task.route)


# ---------------------------------------------------------------- one damage per rule


def same_id(s: Scenario) -> Scenario:
    return changed(s, "units", "own.1", id="own.2")


def dangling_target(s: Scenario) -> Scenario:
    return changed(s, "tasks", task_id(s, lambda t: t.target), target="nobody")


def same_name(s: Scenario) -> Scenario:
    return changed(s, "units", "own.1", name=s.units[0].name)


def same_callsign(s: Scenario) -> Scenario:
    return changed(s, "units", "own.1", callsign=s.units[0].callsign)


def team_as_battalion(s: Scenario) -> Scenario:
    return changed(s, "units", leaf(s).id, echelon="battalion")


def parent_on_the_other_side(s: Scenario) -> Scenario:
    return changed(s, "units", "own.1", parent="enemy")


def parents_in_a_circle(s: Scenario) -> Scenario:
    return changed(s, "units", "own", parent="own.1")


def off_the_map(s: Scenario) -> Scenario:
    return changed(s, "units", leaf(s).id, at=Point(east_cm=-1, north_cm=0))


def in_the_river(s: Scenario) -> Scenario:
    water = s.terrain.water_courses[0].points
    return changed(s, "units", leaf(s).id, at=water[len(water) // 2], mobility=Mobility.TRACKED)


def stacked(s: Scenario) -> Scenario:
    return changed(s, "units", "own.1", at=moved(s.units[0].at, east_m=1))


def friendly_symbol_for_the_enemy(s: Scenario) -> Scenario:
    unit = leaf(s, SideId.ENEMY)
    return changed(s, "units", unit.id, sidc=unit.sidc[:3] + "3" + unit.sidc[4:])


def wrong_echelon_in_the_symbol(s: Scenario) -> Scenario:
    unit = leaf(s)
    return changed(s, "units", unit.id, sidc=unit.sidc[:8] + "21" + unit.sidc[10:])


def nobody_home(s: Scenario) -> Scenario:
    return changed(s, "units", leaf(s).id, personnel=0)


def friendly_enemy(s: Scenario) -> Scenario:
    return changed(s, "sides", "enemy", affiliation=Affiliation.FRIEND)


def idle(s: Scenario) -> Scenario:
    idler = leaf(s).id
    return without(s, "tasks", lambda task: task.unit == idler)


def after_the_end(s: Scenario) -> Scenario:
    return changed(s, "tasks", s.tasks[0].id, end_s=s.exercise.duration_s + 1)


def backwards(s: Scenario) -> Scenario:
    return changed(s, "tasks", s.tasks[0].id, start_s=500, end_s=400)


def wrong_phase(s: Scenario) -> Scenario:
    return changed(s, "tasks", s.tasks[0].id, phase=s.exercise.phases[-1].id)


def two_at_once(s: Scenario) -> Scenario:
    task = next(t for t in s.tasks if t.id.endswith(".2") and t.verb is TaskVerb.SECURE)
    return changed(s, "tasks", task.id, start_s=task.start_s - 60)


def no_time(s: Scenario) -> Scenario:
    task = routed_task(s)
    return changed(s, "tasks", task.id, end_s=task.start_s + 1)


def own_target(s: Scenario) -> Scenario:
    task = next(t for t in s.tasks if t.verb is TaskVerb.ATTACK)
    return changed(s, "tasks", task.id, target=task.unit)


def friendly_fire(s: Scenario) -> Scenario:
    return changed(s, "tasks", task_id(s, lambda t: t.verb is TaskVerb.ATTACK), target="own")


def attack_on_nobody(s: Scenario) -> Scenario:
    return changed(s, "tasks", task_id(s, lambda t: t.verb is TaskVerb.ATTACK), target=None)


def escort_for_the_enemy(s: Scenario) -> Scenario:
    return changed(s, "tasks", task_id(s, lambda t: t.unit == "own.1"), verb=TaskVerb.ESCORT, target="enemy")


def fire_on_the_clinic(s: Scenario) -> Scenario:
    task = next(t for t in s.tasks if t.verb is TaskVerb.FIRE_SUPPORT and t.unit.startswith("own"))
    area = next(m for m in s.control_measures if m.kind is ControlMeasureKind.NO_FIRE_AREA)
    target = next(unit for unit in s.units if unit.id == task.target)
    around = tuple(moved(target.at, east_m=e, north_m=n) for e, n in ((-50, -50), (50, -50), (50, 50), (-50, 50)))
    return changed(s, "control_measures", area.id, points=around)


def blind_support(s: Scenario) -> Scenario:
    """The way to the position ends in a far corner instead."""
    task = next(t for t in s.tasks if t.verb is TaskVerb.SUPPORT_BY_FIRE)
    route = route_of(s, task)
    corner = Point(east_cm=0, north_cm=0)
    return changed(s, "routes", route.id, points=(*route.points[:-1], corner))


def route_through_the_river(s: Scenario) -> Scenario:
    route = route_of(s, routed_task(s))
    bank = s.terrain.water_courses[0].points
    return changed(s, "routes", route.id, points=(route.points[0], *bank[:4], route.points[-1]))


def short_route(s: Scenario) -> Scenario:
    route = route_of(s, routed_task(s))
    return changed(s, "routes", route.id, length_cm=route.length_cm // 2)


def fast_route(s: Scenario) -> Scenario:
    return changed(s, "routes", route_of(s, routed_task(s)).id, duration_s=1)


def route_from_elsewhere(s: Scenario) -> Scenario:
    task = routed_task(s)
    unit = next(unit for unit in s.units if unit.id == task.unit)
    return changed(s, "units", unit.id, at=moved(unit.at, north_m=3))


def route_of_wheels(s: Scenario) -> Scenario:
    return changed(s, "routes", route_of(s, routed_task(s)).id, mobility=Mobility.AIR)


def route_to_elsewhere(s: Scenario) -> Scenario:
    route = route_of(s, routed_task(s))
    return changed(s, "routes", route.id, points=route.points[:1] * 2)


def unused_route(s: Scenario) -> Scenario:
    task = routed_task(s)
    return changed(s, "tasks", task.id, route=None)


def objective_off_the_map(s: Scenario) -> Scenario:
    return changed(s, "objectives", "obj.1", at=Point(east_cm=-5, north_cm=5))


def bridge_without_bridge(s: Scenario) -> Scenario:
    return s.model_copy(update={"terrain": s.terrain.model_copy(update={"crossings": ()})})


def objective_on_the_clinic(s: Scenario) -> Scenario:
    area = next(m for m in s.control_measures if m.kind is ControlMeasureKind.NO_FIRE_AREA)
    at = s.objectives[0].at
    around = tuple(moved(at, east_m=e, north_m=n) for e, n in ((-50, -50), (50, -50), (50, 50), (-50, 50)))
    return changed(s, "control_measures", area.id, points=around)


def line_off_the_map(s: Scenario) -> Scenario:
    return changed(s, "control_measures", "cm.ld", points=(Point(east_cm=-1, north_cm=0), s.units[0].at))


def line_of_one_point(s: Scenario) -> Scenario:
    return changed(s, "control_measures", "cm.ld", points=(s.units[0].at,))


def phases_with_a_gap(s: Scenario) -> Scenario:
    first, *rest = s.exercise.phases
    gap = first.model_copy(update={"end_s": first.end_s - 60})
    return s.model_copy(update={"exercise": s.exercise.model_copy(update={"phases": (gap, *rest)})})


def injects_reversed(s: Scenario) -> Scenario:
    return s.model_copy(update={"injects": s.injects[::-1]})


def inject_misnumbered(s: Scenario) -> Scenario:
    return changed(s, "injects", s.injects[0].id, number=99)


def inject_too_late(s: Scenario) -> Scenario:
    return changed(s, "injects", s.injects[-1].id, at_s=s.exercise.duration_s + 5)


def injects_in_a_circle(s: Scenario) -> Scenario:
    a, b = s.injects[0].id, s.injects[1].id
    return changed(changed(s, "injects", a, after=(b,)), "injects", b, after=(a,))


def inject_before_its_cause(s: Scenario) -> Scenario:
    return changed(s, "injects", s.injects[0].id, after=(s.injects[-1].id,))


def inject_off_the_map(s: Scenario) -> Scenario:
    return changed(s, "injects", s.injects[0].id, location=Point(east_cm=-1, north_cm=1))


def inject_for_the_enemy(s: Scenario) -> Scenario:
    return changed(s, "injects", s.injects[0].id, recipient="enemy")


def unwatched(s: Scenario) -> Scenario:
    return changed(s, "injects", s.injects[0].id, assessor=" ")


def unassessed(s: Scenario) -> Scenario:
    goal = s.training_objectives[0]
    return s.model_copy(
        update={"training_objectives": (*s.training_objectives, goal.model_copy(update={"id": "to.x"}))}
    )


def threat_not_played(s: Scenario) -> Scenario:
    return without(s, "injects", lambda inject: inject.threat == "artillery")


def asset_missing(s: Scenario) -> Scenario:
    return without(s, "units", lambda unit: unit.kind.startswith("engineer"))


def wrong_size(s: Scenario) -> Scenario:
    return changed(s, "units", "own", echelon="brigade")


def no_civilians(s: Scenario) -> Scenario:
    return without(s, "units", lambda unit: unit.side is SideId.CIVIL)


def other_duration(s: Scenario) -> Scenario:
    longer = s.exercise.model_copy(update={"duration_s": s.exercise.duration_s + 60})
    return s.model_copy(update={"exercise": longer})


def with_weather(s: Scenario, *spells: WeatherSpell) -> Scenario:
    return s.model_copy(update={"environment": s.environment.model_copy(update={"weather": spells})})


def other_weather(s: Scenario) -> Scenario:
    return with_weather(s, s.environment.weather[0].model_copy(update={"kinds": ("snow",)}))


def at_night(s: Scenario) -> Scenario:
    return s.model_copy(update={"environment": s.environment.model_copy(update={"light": "night"})})


def weather_backwards(s: Scenario) -> Scenario:
    first = s.environment.weather[0]
    return with_weather(s, first, first)


def range_off(s: Scenario) -> Scenario:
    return s.model_copy(update={"terrain": s.terrain.model_copy(update={"max_height_cm": s.terrain.max_height_cm + 1})})


def wider_area(s: Scenario) -> Scenario:
    return s.model_copy(update={"area": s.area.model_copy(update={"side_m": s.area.side_m * 2})})


def other_grid(s: Scenario) -> Scenario:
    heights = s.terrain.heights.model_copy(update={"sha256": "0" * 64})
    return s.model_copy(update={"terrain": s.terrain.model_copy(update={"heights": heights})})


def crossing_on_land(s: Scenario) -> Scenario:
    crossing = s.terrain.crossings[0].model_copy(update={"at": s.units[0].at})
    return s.model_copy(update={"terrain": s.terrain.model_copy(update={"crossings": (crossing,)})})


def road_off_the_map(s: Scenario) -> Scenario:
    road = s.terrain.roads[0]
    off = road.model_copy(update={"points": (*road.points, Point(east_cm=-100, north_cm=0))})
    return s.model_copy(update={"terrain": s.terrain.model_copy(update={"roads": (off,)})})


def no_mission(s: Scenario) -> Scenario:
    return s.model_copy(update={"opord": s.opord.model_copy(update={"mission": " "})})


EXAMPLES: tuple[tuple[str, Damage], ...] = (
    ("identity.ids", same_id),
    ("identity.references", dangling_target),
    ("identity.names", same_name),
    ("identity.callsigns", same_callsign),
    ("unit.echelon", team_as_battalion),
    ("unit.parent", parent_on_the_other_side),
    ("unit.parent", parents_in_a_circle),
    ("unit.area", off_the_map),
    ("unit.passable", in_the_river),
    ("unit.spacing", stacked),
    ("unit.symbol", friendly_symbol_for_the_enemy),
    ("unit.symbol", wrong_echelon_in_the_symbol),
    ("unit.strength", nobody_home),
    ("side.affiliation", friendly_enemy),
    ("task.assigned", idle),
    ("task.window", after_the_end),
    ("task.window", backwards),
    ("task.phase", wrong_phase),
    ("task.sequence", two_at_once),
    ("task.feasible", no_time),
    ("target.self", own_target),
    ("target.hostile", friendly_fire),
    ("target.hostile", attack_on_nobody),
    ("target.friendly", escort_for_the_enemy),
    ("fires.protected", fire_on_the_clinic),
    ("fires.sight", blind_support),
    ("route.traversable", route_through_the_river),
    ("route.length", short_route),
    ("route.speed", fast_route),
    ("route.start", route_from_elsewhere),
    ("route.start", route_of_wheels),
    ("route.end", route_to_elsewhere),
    ("route.used", unused_route),
    ("objective.area", objective_off_the_map),
    ("objective.ground", bridge_without_bridge),
    ("objective.protected", objective_on_the_clinic),
    ("measure.area", line_off_the_map),
    ("measure.area", line_of_one_point),
    ("phase.order", phases_with_a_gap),
    ("inject.order", injects_reversed),
    ("inject.number", inject_misnumbered),
    ("inject.window", inject_too_late),
    ("inject.cycle", injects_in_a_circle),
    ("inject.after", inject_before_its_cause),
    ("inject.area", inject_off_the_map),
    ("inject.recipient", inject_for_the_enemy),
    ("inject.assessor", unwatched),
    ("training.assessed", unassessed),
    ("asked.threats", threat_not_played),
    ("asked.assets", asset_missing),
    ("asked.size", wrong_size),
    ("asked.civilians", no_civilians),
    ("asked.duration", other_duration),
    ("asked.weather", other_weather),
    ("asked.light", at_night),
    ("weather.order", weather_backwards),
    ("terrain.grids", other_grid),
    ("terrain.size", wider_area),
    ("terrain.range", range_off),
    ("terrain.crossings", crossing_on_land),
    ("terrain.roads", road_off_the_map),
    ("opord.complete", no_mission),
)


def rules_that_spoke(scenario: Scenario, blobs: Mapping[str, bytes]) -> set[str]:
    return {finding.rule for finding in check(scenario, blobs)}


def test_the_composed_scenario_keeps_every_rule(sound: Composition) -> None:
    assert check(sound.scenario, sound.blobs) == ()


@pytest.mark.parametrize(("rule", "damage"), EXAMPLES, ids=lambda value: getattr(value, "__name__", value))
def test_a_damage_is_found_by_its_rule(sound: Composition, rule: str, damage: Damage) -> None:
    assert rule in rules_that_spoke(damage(sound.scenario), sound.blobs)


def test_every_rule_has_a_failing_example() -> None:
    assert {name for name, _ in EXAMPLES} == {rule.name for rule in RULES}


def test_there_are_enough_rules_each_with_its_own_name_and_reason() -> None:
    assert len(RULES) >= 28
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.title and rule.why for rule in RULES)


def test_findings_name_the_damaged_object_and_say_what_to_do(sound: Composition) -> None:
    damaged = stacked(sound.scenario)
    (finding,) = [finding for finding in check(damaged, sound.blobs) if finding.rule == "unit.spacing"]
    assert "own.1" in finding.where
    assert finding.message
    assert finding.fix


def test_findings_come_in_the_same_order_every_time(sound: Composition) -> None:
    damaged = parent_on_the_other_side(stacked(injects_reversed(sound.scenario)))
    assert check(damaged, sound.blobs) == check(damaged, sound.blobs)


@pytest.mark.parametrize("blobs", [{}, {"0" * 64: b"x"}])
def test_a_scenario_without_its_grids_is_judged_without_an_exception(
    sound: Composition, blobs: Mapping[str, bytes]
) -> None:
    assert "terrain.grids" in rules_that_spoke(sound.scenario, blobs)


@pytest.mark.parametrize(
    "field",
    ["sides", "units", "objectives", "control_measures", "routes", "tasks", "injects", "training_objectives"],
)
def test_a_document_with_an_empty_collection_is_judged_without_an_exception(sound: Composition, field: str) -> None:
    check(sound.scenario.model_copy(update={field: ()}), sound.blobs)


def test_a_unit_far_outside_is_judged_without_an_exception(sound: Composition) -> None:
    far = Point(east_cm=10**15, north_cm=-(10**15))
    damaged = changed(sound.scenario, "units", leaf(sound.scenario).id, at=far)
    assert "unit.area" in rules_that_spoke(damaged, sound.blobs)
