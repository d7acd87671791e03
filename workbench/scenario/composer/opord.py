"""The operation order in five paragraphs, worded from the scenario itself so that order, map and events agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.scenario.composer.brief import Brief
from workbench.scenario.composer.layout import Layout
from workbench.scenario.composer.names import Opponent
from workbench.scenario.composer.wording import (
    clock,
    duration,
    grid,
    group_time,
    joined,
    spaced,
    with_article,
)
from workbench.scenario.intent import Mission, Posture
from workbench.scenario.model import (
    Area,
    ControlMeasure,
    ControlMeasureKind,
    Environment,
    Exercise,
    Objective,
    Opord,
    RulesOfEngagement,
    SideId,
    Task,
    TaskVerb,
    Terrain,
    Unit,
)

__all__ = ["Facts", "write_opord", "write_summary", "write_title"]

_POSTURES: Final = {
    Posture.DEFENDING: "is defending",
    Posture.ATTACKING: "is expected to attack",
    Posture.MOVING: "is moving through the area",
    Posture.AMBUSHING: "is preparing ambushes",
    Posture.WITHDRAWING: "is withdrawing",
}

_VERBS: Final = {
    TaskVerb.ATTACK: "attacks", TaskVerb.SEIZE: "seizes", TaskVerb.CLEAR: "clears", TaskVerb.DEFEND: "defends",
    TaskVerb.DELAY: "delays from", TaskVerb.WITHDRAW: "withdraws to", TaskVerb.RECONNOITRE: "reconnoitres from",
    TaskVerb.SCREEN: "screens from", TaskVerb.AMBUSH: "ambushes from", TaskVerb.BREACH: "breaches",
    TaskVerb.MOVE: "moves to", TaskVerb.ESCORT: "escorts to", TaskVerb.PATROL: "patrols to",
    TaskVerb.CORDON: "cordons from", TaskVerb.SEARCH: "searches", TaskVerb.SUPPORT_BY_FIRE: "supports by fire from",
    TaskVerb.FIRE_SUPPORT: "fires in support from", TaskVerb.BLOCK: "blocks from", TaskVerb.SECURE: "secures",
    TaskVerb.RELIEVE: "relieves at", TaskVerb.EVACUATE: "evacuates from", TaskVerb.RESUPPLY: "supplies from",
    TaskVerb.HARASS: "harasses from", TaskVerb.RESCUE: "rescues at",
}  # fmt: skip

_MISSION_NOUNS: Final = {
    Mission.ATTACK: "attack at", Mission.DEFEND: "defence of", Mission.DELAY: "delay at",
    Mission.WITHDRAW: "withdrawal from", Mission.RECON: "reconnaissance of", Mission.AMBUSH: "ambush at",
    Mission.RAID: "raid on", Mission.GAP_CROSSING: "gap crossing at", Mission.BREACH: "breach at",
    Mission.CONVOY: "convoy to", Mission.CORDON_SEARCH: "cordon and search of", Mission.PATROL: "patrol to",
    Mission.AIR_ASSAULT: "air assault on", Mission.AMPHIBIOUS: "amphibious landing at",
    Mission.RELIEF_IN_PLACE: "relief in place at", Mission.EVACUATION: "evacuation from",
    Mission.HUMANITARIAN: "humanitarian relief for", Mission.CHECKPOINT: "checkpoint at",
    Mission.SCREEN: "screen at", Mission.RESCUE: "rescue at",
}  # fmt: skip

_TEXT_LIMIT: Final = 4000
"""``Text`` of the document model."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the order speaks of."""

    brief: Brief
    layout: Layout
    area: Area
    terrain: Terrain
    environment: Environment
    exercise: Exercise
    units: Sequence[Unit]
    objective: Objective
    measures: Sequence[ControlMeasure]
    tasks: Sequence[Task]
    roe: RulesOfEngagement
    opponent: Opponent

    @property
    def own_top(self) -> Unit:
        return next(unit for unit in self.units if unit.id == "own")

    @property
    def enemy_top(self) -> Unit | None:
        return next((unit for unit in self.units if unit.id == "enemy"), None)


def write_title(facts: Facts) -> str:
    return f"{facts.own_top.name}: {_MISSION_NOUNS[facts.brief.mission]} {facts.layout.site.place}"[:120]


def write_summary(facts: Facts) -> str:
    return " ".join(_summary(facts))


def _summary(facts: Facts) -> Iterator[str]:
    brief, own = facts.brief, facts.own_top
    yield f"{own.name} {_mission_phrase(facts)} in order to {brief.scheme.intent_phrase}."
    if facts.enemy_top is not None:
        yield f"The enemy is {with_article(_strength(facts.enemy_top))} of the {facts.opponent.force}; it {_POSTURES.get(brief.posture, 'is present')}."
    else:
        yield "No enemy is expected."
    yield f"Terrain: {joined([spaced(kind) for kind in facts.terrain.kinds])}."
    yield (
        f"The exercise starts at {group_time(facts.environment)} ({facts.environment.light}, "
        f"{joined([spaced(kind) for kind in facts.environment.weather[0].kinds])}) and lasts {duration(facts.exercise.duration_s)}."
    )
    if brief.threats:
        yield f"Threats: {joined([spaced(threat) for threat in brief.threats])}."
    if brief.civilians:
        yield "Civilians are present."


def write_opord(facts: Facts) -> Opord:
    """The order of the own side."""
    return Opord(
        situation=_text(_situation(facts)),
        mission=_text(_mission(facts)),
        execution=_text(_execution(facts)),
        sustainment=_text(_sustainment(facts)),
        command_and_signal=_text(_command(facts)),
    )


def _text(sentences: Iterator[str]) -> str:
    """Sentences up to the limit of the document; whole sentences only."""
    kept: list[str] = []
    size = 0
    for sentence in sentences:
        size += len(sentence) + 1
        if size > _TEXT_LIMIT:
            break
        kept.append(sentence)
    return " ".join(kept)


def _strength(unit: Unit) -> str:
    return f"{spaced(unit.kind)}"


def _at_objective(facts: Facts) -> str:
    return f"{facts.objective.name} ({facts.layout.site.place}, grid {grid(facts.objective.at)})"


def _mission_phrase(facts: Facts) -> str:
    enemy = _strength(facts.enemy_top) if facts.enemy_top else "enemy"
    return facts.brief.scheme.verb_phrase.format(objective=_at_objective(facts), enemy=enemy)


# ---------------------------------------------------------------- paragraphs


def _situation(facts: Facts) -> Iterator[str]:
    brief, environment = facts.brief, facts.environment
    side_km = facts.area.side_m // 1000
    yield (
        f"Area: {facts.area.name}, {side_km} by {side_km} km. Grid references give hundreds of metres east and north "
        "of its south-west corner."
    )
    high, low = facts.terrain.max_height_cm // 100, facts.terrain.min_height_cm // 100
    yield f"Terrain: {joined([spaced(kind) for kind in facts.terrain.kinds])}, {low} to {high} m high."
    yield from _enemy_situation(facts)
    own = facts.own_top
    yield f"Friendly forces: {own.name} at grid {grid(own.at)}, {_headcount(facts, SideId.OWN)} people in all."
    reserve = [_short(unit) for unit in _tops_of(facts) if unit.reserve]
    if reserve:
        yield f"Reserve: {joined(reserve)}."
    if brief.civilians:
        yield f"Civilians: about {_headcount(facts, SideId.CIVIL)} people live or move in the area."
    yield from _weather(environment)


def _weather(environment: Environment) -> Iterator[str]:
    first = environment.weather[0]
    yield (
        f"Weather at the start: {joined([spaced(kind) for kind in first.kinds])}, {first.temperature_dc // 10} °C, "
        f"visibility {first.visibility_m} m, wind from {first.wind_from_deg:03d} degrees at {first.wind_cm_s // 100} m/s."
    )
    yield (
        f"Light: {environment.light} at the start; sunrise {clock(environment.sunrise_min)}, sunset "
        f"{clock(environment.sunset_min)} local time, moon {environment.moon_percent} percent."
    )


def _enemy_situation(facts: Facts) -> Iterator[str]:
    enemy, brief = facts.enemy_top, facts.brief
    if enemy is None:
        yield "Enemy forces: none are expected; crime and accidents remain possible."
        return
    yield (
        f"Enemy forces: {enemy.name}, last seen near grid {grid(enemy.at)}, "
        f"{_POSTURES.get(brief.posture, 'is present')}."
    )
    if brief.threats:
        yield f"Expect {joined([_THREATS.get(str(threat), spaced(threat)) for threat in brief.threats])}."


_THREATS: Final = {
    "drones": "drones", "ied": "improvised explosive devices", "mines": "mines", "artillery": "artillery",
    "ew": "jamming", "cbrn": "chemical agents", "air": "air attack", "anti_tank": "anti-tank missiles",
    "sniper": "snipers", "air_defense": "air defence", "cyber": "cyber attack",
}  # fmt: skip


def _mission(facts: Facts) -> Iterator[str]:
    brief = facts.brief
    start = _phase_start(facts)
    yield (
        f"{facts.own_top.name} {_mission_phrase(facts)} not before {group_time(facts.environment, start)} in order to "
        f"{brief.scheme.intent_phrase}."
    )


def _phase_start(facts: Facts) -> int:
    phases = facts.exercise.phases
    return phases[1].start_s if facts.brief.scheme.stance == "approach" else phases[0].start_s


def _execution(facts: Facts) -> Iterator[str]:
    yield f"Objective: {_at_objective(facts)}. {facts.objective.reason}"
    phases = facts.exercise.phases
    yield (
        f"The operation has {len(phases)} phases: "
        + "; ".join(
            f"{phase.name} from {group_time(facts.environment, phase.start_s)} for {duration(phase.end_s - phase.start_s)}"
            for phase in phases
        )
        + "."
    )
    names = {measure.id: measure.name for measure in facts.measures} | {facts.objective.id: facts.objective.name}
    units = {unit.id: unit for unit in facts.units}
    for unit in _tops_of(facts):
        sentence = _task_sentence(facts, unit, names, units)
        if sentence:
            yield sentence
    yield from _coordination(facts)


def _tops_of(facts: Facts) -> list[Unit]:
    """The elements that the commander gives orders to."""
    tops = [unit for unit in facts.units if unit.side is SideId.OWN and unit.parent == "own"]
    return tops or [facts.own_top]


def _task_sentence(facts: Facts, unit: Unit, names: dict[str, str], units: dict[str, Unit]) -> str:
    """What an element does, read off the tasks of its first leaf that has some."""
    if unit.reserve:
        return (
            f"{_short(unit)} is the reserve at grid {grid(unit.at)}; be ready to take over the task of the main effort."
        )
    prefix = f"{unit.id}."
    owners = [u.id for u in facts.units if u.id == unit.id or u.id.startswith(prefix)]
    for owner in owners:
        tasks = [task for task in facts.tasks if task.unit == owner and task.verb is not TaskVerb.COMMAND]
        if tasks:
            parts = [_clause(facts, task, names, units) for task in tasks]
            return f"{_short(unit)} {', then '.join(parts)}."
    return ""


def _clause(facts: Facts, task: Task, names: dict[str, str], units: dict[str, Unit]) -> str:
    where = names.get(task.objective or "", "its position")
    target = units.get(task.target or "")
    friendly = target is not None and target.side is not SideId.ENEMY
    verb = _VERBS.get(task.verb, spaced(task.verb))
    if friendly and target is not None:
        verb = _FOR_FRIENDS.get(task.verb, verb).format(target=_short(target))
        if task.verb is TaskVerb.EVACUATE and not target.id.startswith("ward"):
            verb = f"carries the wounded of {_short(target)} to"
    return f"{verb} {where} from {group_time(facts.environment, task.start_s)} in order to {task.purpose}"


def _short(unit: Unit) -> str:
    """A unit's name without the names of those above it."""
    return unit.name.split(",")[0]


_FOR_FRIENDS: Final = {
    TaskVerb.ESCORT: "escorts {target} to", TaskVerb.RELIEVE: "relieves {target} at",
    TaskVerb.EVACUATE: "evacuates {target} from", TaskVerb.RESUPPLY: "supplies {target} from",
    TaskVerb.RESCUE: "rescues {target} at",
}  # fmt: skip


def _coordination(facts: Facts) -> Iterator[str]:
    by_kind: dict[ControlMeasureKind, list[str]] = {}
    for measure in facts.measures:
        if measure.side is SideId.OWN:
            by_kind.setdefault(measure.kind, []).append(measure.name)
    shown = (
        ControlMeasureKind.LINE_OF_DEPARTURE, ControlMeasureKind.AXIS, ControlMeasureKind.PHASE_LINE,
        ControlMeasureKind.ENGAGEMENT_AREA, ControlMeasureKind.NO_FIRE_AREA,
    )  # fmt: skip
    named = [name for kind in shown for name in by_kind.get(kind, [])]
    if named:
        yield f"Control measures: {joined(named)}."
    yield f"Rules of engagement are {facts.roe.level}: {facts.roe.rules[3]}"


def _sustainment(facts: Facts) -> Iterator[str]:
    base = next(
        (m for m in facts.measures if m.kind is ControlMeasureKind.ASSEMBLY_AREA and m.side is SideId.OWN), None
    )
    where = base.name if base else "the assembly area"
    yield f"Supplies for {duration(max(facts.exercise.duration_s, 86_400))} are carried; resupply takes place in {where}."
    medical = [
        unit.name for unit in facts.units if unit.side is SideId.OWN and unit.kind.startswith(("medical", "lift"))
    ]
    if medical:
        yield f"Casualties go to {medical[0].split(',')[0]} and from there to the exercise hospital."
    else:
        yield f"Casualties are brought to {where} and handed over to the exercise medical service."
    yield "Vehicles that cannot be repaired within two hours are recovered to the rear. Captured persons go to the rear under guard."


def _command(facts: Facts) -> Iterator[str]:
    own = facts.own_top
    yield f"Command post of {own.name} ({own.callsign}): grid {grid(own.at)}."
    second = _tops_of(facts)[0]
    if second.id != own.id:
        yield f"Succession of command: {own.name}, then {_short(second)}."
    calls = [f"{_short(unit)} is {unit.callsign}" for unit in _tops_of(facts) if unit.id != own.id]
    if calls:
        yield f"Callsigns: {joined(calls)}."
    yield "Primary means is secure voice radio, alternate data, contingency satellite telephone, emergency runner."
    yield "Real emergencies are announced with the words NO DUFF and stop the exercise. All times in this order are UTC."


def _headcount(facts: Facts, side: SideId) -> int:
    return sum(unit.personnel for unit in facts.units if unit.side is side)
