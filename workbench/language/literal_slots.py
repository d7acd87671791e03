"""Slots of the intent from the phrases of a prompt.

Each slot gets candidates with the phrases that say them. One candidate is the value; several of a slot that
holds one value are a contradiction, said to the person and never silently resolved.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from workbench.language.phrases import Phrase, Text
from workbench.language.sides import ENEMY, OWN, sides_of
from workbench.language.times import Found, find_durations, find_place, find_starts, light_of
from workbench.scenario.intent import Asset, EnemyType, ForceType, Threat

__all__ = ["Candidates", "gather"]

Spans = list[tuple[int, int]]

_GENERAL: Final = ("attack", "defend")
"""Missions whose words are used for nearly everything; a more special one beside them is meant."""
_BARE_THREATS: Final = frozenset({"ied", "mines", "sniper", "cyber", "cbrn", "ew"})
"""Threats even where no side is said: nobody lists them as help."""
_HELP_WORDS: Final = frozenset({"support", "supported", "have", "has", "with", "our", "attached", "overhead", "call"})
_DANGER_WORDS: Final = frozenset(
    {"threat", "expect", "expected", "enemy", "under", "against", "risk", "danger", "watch"}
)
_REACH: Final = 6
_PASSIVE: Final = frozenset({"held", "defended", "occupied", "guarded", "fortified", "entrenched", "barricaded"})


@dataclass
class Candidates:
    """Values of one slot, each with the spans that say it, in the order of the prompt."""

    values: dict[str | int, Spans] = field(default_factory=dict)

    def add(self, value: str | int, start: int, end: int) -> None:
        self.values.setdefault(value, []).append((start, end))

    def drop(self, values: Iterable[str | int]) -> None:
        for value in values:
            self.values.pop(value, None)


def gather(text: Text) -> dict[str, Candidates]:
    """Candidates by slot name; slots about which the prompt says nothing are left out."""
    sides = sides_of(text)
    slots: dict[str, Candidates] = {}
    for rule in _RULES:
        rule(text, sides, slots)
    _settle(slots)
    return {name: found for name, found in slots.items() if found.values}


def _add(slots: dict[str, Candidates], slot: str, value: str | int, where: Phrase | Found) -> None:
    slots.setdefault(slot, Candidates()).add(value, where.start, where.end)


def _forces(text: Text, sides: Mapping[int, str], slots: dict[str, Candidates]) -> None:
    for index, phrase in enumerate(text.phrases):
        side = sides.get(index)
        if side is None or phrase.denied:
            continue
        for value in phrase.values("echelon"):
            _add(slots, f"{side}_echelon", value, phrase)
        kinds = EnemyType if side == ENEMY else ForceType
        for value in phrase.values("branch"):
            if value in kinds.__members__.values() or value in {kind.value for kind in kinds}:
                _add(slots, f"{side}_type", value, phrase)


def _missions(text: Text, sides: Mapping[int, str], slots: dict[str, Candidates]) -> None:
    for index, phrase in enumerate(text.phrases):
        if phrase.denied:
            continue
        doer = _doer(text, index, sides)
        for value in phrase.values("mission_verb"):
            passive = text.words[phrase.first] in _PASSIVE and doer != OWN
            if doer == ENEMY or passive or _is_done_by(text, phrase):
                continue
            _add(slots, "mission", value, phrase)
        for value in phrase.values("mission_noun"):
            if sides.get(index) != ENEMY:
                _add(slots, "mission", value, phrase)


def _postures(text: Text, sides: Mapping[int, str], slots: dict[str, Candidates]) -> None:
    for index, phrase in enumerate(text.phrases):
        passive = text.words[phrase.first] in _PASSIVE
        if phrase.denied or not (
            passive or _is_done_by(text, phrase) or _doer(text, index, sides) == ENEMY or sides.get(index) == ENEMY
        ):
            continue
        for value in (*phrase.values("posture_verb"), *phrase.values("posture_noun")):
            _add(slots, "enemy_posture", "defending" if passive else value, phrase)


def _is_done_by(text: Text, phrase: Phrase) -> bool:
    """A verb in the passive, "attacked by": who is named before it suffers it."""
    following = text.words[phrase.last + 1 : phrase.last + 2]
    return following == ("by",) and text.words[phrase.first].endswith("ed")


def _doer(text: Text, index: int, sides: Mapping[int, str]) -> str | None:
    """Side of the nearest force or side word before a verb in its sentence."""
    phrase = text.phrases[index]
    for before in range(index - 1, -1, -1):
        other = text.phrases[before]
        if other.sentence != phrase.sentence:
            return None
        if before in sides and (other.values("side") or other.values("echelon") or other.values("branch")):
            return sides[before]
    return None


def _things(text: Text, sides: Mapping[int, str], slots: dict[str, Candidates]) -> None:
    threats, assets = {kind.value for kind in Threat}, {kind.value for kind in Asset}
    for index, phrase in enumerate(text.phrases):
        values = phrase.values("thing")
        if not values or phrase.denied:
            continue
        helps = _helps(text, phrase, sides.get(index))
        for value in values:
            if value in assets and (helps or value not in threats):
                _add(slots, "own_assets", value, phrase)
            elif value in threats and not helps:
                _add(slots, "threats", value, phrase)


def _helps(text: Text, phrase: Phrase, side: str | None) -> bool:
    near = set(text.words[max(0, phrase.first - _REACH) : phrase.last + 3])
    if side == ENEMY:
        return False
    if side == OWN and near & {"enemy", "opfor", "hostile", "against"}:
        return True
    if set(phrase.values("thing")) & _BARE_THREATS or near & _DANGER_WORDS:
        return False
    return side == OWN or bool(near & _HELP_WORDS)


def _simple(slot: str, concept: str) -> Callable[[Text, Mapping[int, str], dict[str, Candidates]], None]:
    def rule(text: Text, sides: Mapping[int, str], slots: dict[str, Candidates]) -> None:
        for phrase in text.phrases:
            if not phrase.denied:
                for value in phrase.values(concept):
                    _add(slots, slot, value, phrase)

    return rule


def _civilians(text: Text, sides: Mapping[int, str], slots: dict[str, Candidates]) -> None:
    for phrase in text.phrases:
        for value in phrase.values("civilians"):
            _add(slots, "civilians", "none" if phrase.denied else value, phrase)


def _numbers(text: Text, sides: Mapping[int, str], slots: dict[str, Candidates]) -> None:
    durations, place = find_durations(text.prompt), find_place(text.prompt)
    for found in durations:
        _add(slots, "duration_min", found.value, found)
    for found in find_starts(text.prompt, durations + ([place] if place else [])):
        _add(slots, "start", found.value, found)
        light = light_of(str(found.value))
        if light:
            _add(slots, "time_of_day", light, found)
    if place:
        _add(slots, "place", place.value, place)


_RULES: Final = (
    _forces,
    _missions,
    _postures,
    _things,
    _simple("terrain", "terrain"),
    _simple("weather", "weather"),
    _simple("time_of_day", "time"),
    _simple("roe", "roe"),
    _simple("objective", "objective"),
    _civilians,
    _numbers,
)


def _settle(slots: dict[str, Candidates]) -> None:
    """Readings that are no contradiction: the special mission, the light that words and clock agree on."""
    mission = slots.get("mission")
    if mission and any(value not in _GENERAL for value in mission.values):
        mission.drop(_GENERAL)
    if mission and "attack" in mission.values and "defend" in mission.values:
        mission.drop(["defend"] if next(iter(mission.values)) == "attack" else ["attack"])
    if mission is None and "attacking" in slots.get("enemy_posture", Candidates()).values:
        where = slots["enemy_posture"].values["attacking"][0]
        slots.setdefault("mission", Candidates()).add("defend", *where)
    times = slots.get("time_of_day")
    if times and {"night", "dawn"} <= times.values.keys() and len(times.values) == 2:
        times.drop(["night"])
    if times and {"day", "dusk"} == times.values.keys():
        times.drop(["day"])
