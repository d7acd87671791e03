"""Terrain, weather, civilians, rules of engagement and the objective."""

from collections.abc import Iterator, Sequence
from typing import Final

from workbench.language.candidates import LITERAL, Candidate, Contradiction, literal
from workbench.language.matching import Match, ReadText

__all__ = [
    "list_contradictions",
    "read_civilians",
    "read_objectives",
    "read_terrain",
    "read_weather",
]

_DEPARTED: Final = frozenset({"left", "fled", "gone", "evacuated", "departed", "removed", "relocated", "flown", "away"})
_REMAINING: Final = frozenset({"not", "never", "still", "hardly", "refuse", "refused", "yet"})
_ACTION_CONCEPTS: Final = ("mission_verb", "mission_noun")
_AIMS: Final = frozenset(
    {"on", "at", "for", "against", "to", "of", "over", "near", "towards", "toward", "from", "around", "into"}
)
_SCENERY: Final = frozenset({"in", "through", "inside", "across", "along", "within", "outside", "behind", "under"})
_EXCLUSIVE_WEATHER: Final = (
    ("clear", frozenset({"rain", "fog", "snow", "storm", "overcast", "dust"})),
    ("heat", frozenset({"cold", "snow"})),
)
_EXCLUSIVE_TERRAIN: Final = (
    ("desert", frozenset({"jungle", "arctic", "wetland"})),
    ("jungle", frozenset({"arctic"})),
)
_CHANGES: Final = frozenset({
    "then", "later", "after", "until", "followed", "turning", "turns", "becoming", "becomes", "before",
    "clearing", "changing", "clears",
})  # fmt: skip
_ASIDES: Final = frozenset({"while", "whereas", "after", "before", "until"})
_GENERIC_OBJECTIVES: Final = frozenset({"route", "base", "enemy_force"})


def read_terrain(text: ReadText) -> list[Candidate]:
    return [literal("terrain", value, match) for match in text.of("terrain") for value in _terrain_values(match)]


def read_weather(text: ReadText) -> list[Candidate]:
    return [
        literal("weather", value, match)
        for match in text.of("weather")
        for value in match.values("weather")
        if not _is_other_clear(text, match)
    ]


def read_civilians(text: ReadText) -> list[Candidate]:
    found = []
    for match in text.of("civilians"):
        value = "none" if _have_left(text, match) else str(match.value("civilians"))
        found.append(literal("civilians", value, match))
    for match in text.of("civilians", negated=True):
        if match.value("civilians") == "present" and not _is_still_there(text, match):
            found.append(literal("civilians", "none", match))
        elif match.value("civilians") == "present":
            found.append(literal("civilians", "present", match))
    return found


def read_objectives(text: ReadText) -> list[Candidate]:
    """What the action aims at weighs most, what is only scenery weighs nothing and is left out."""
    found = []
    for match in text.of("objective"):
        weight = _objective_weight(text, match)
        for value in match.values("objective"):
            if weight > 0:
                found.append(literal("objective", value, match, weight=weight - (value in _GENERIC_OBJECTIVES)))
    return found


def list_contradictions(text: ReadText, candidates: Sequence[Candidate]) -> Iterator[Contradiction]:
    """Values that exclude each other, where the prompt names no change from one to the other."""
    yield from _exclusive(text, candidates, "weather", _EXCLUSIVE_WEATHER)
    yield from _exclusive(text, candidates, "terrain", _EXCLUSIVE_TERRAIN)
    for slot in ("civilians", "roe"):
        named = {str(one.value): one for one in candidates if one.slot == slot}
        if len(named) > 1:
            yield Contradiction(slot, tuple(named), tuple(one.evidence[0] for one in named.values()))


def _exclusive(
    text: ReadText, candidates: Sequence[Candidate], slot: str, rules: Sequence[tuple[str, frozenset[str]]]
) -> Iterator[Contradiction]:
    named = {str(one.value): one for one in candidates if one.slot == slot and one.confidence >= LITERAL - 20}
    if _CHANGES & set(text.words):
        return
    for value, others in rules:
        against = sorted(others & named.keys())
        if value in named and against:
            values = (value, *against)
            yield Contradiction(slot, values, tuple(named[one].evidence[0] for one in values))


def _terrain_values(match: Match) -> Sequence[str]:
    return match.values("terrain")


def _is_other_clear(text: ReadText, match: Match) -> bool:
    """``clear a minefield``, ``clear orders``: not the weather."""
    if text.words[match.first : match.last] not in (("clear",), ("clears",)):
        return False
    following = text.after(match.last, 1)
    before = text.before(match.first, 1)
    return not ((not following or following[0] in ",.;)") and (not before or before[0] in ",is;.("))


def _have_left(text: ReadText, match: Match) -> bool:
    after = list(text.after(match.last, 7))
    departed = [word for word in after if word in _DEPARTED]
    before = text.before(match.first, 1)
    if before and before[0] in ("evacuated", "evacuate", "evacuating"):
        return False
    return bool(departed) and not _REMAINING & set(after)


def _is_still_there(text: ReadText, match: Match) -> bool:
    """``the villagers have not left``: the denial is of the leaving."""
    return bool(_DEPARTED & set(text.after(match.last, 7))) and "not" in text.after(match.last, 5)


def _objective_weight(text: ReadText, match: Match) -> int:
    action = _action_before(text, match)
    if (
        _ASIDES & set(text.words[max(0, match.first - 8) : match.first])
        and match.value("objective") in _GENERIC_OBJECTIVES
    ):
        return 0
    lead = [word for word in text.before(match.first, 4) if word in _AIMS | _SCENERY]
    if (
        action is not None
        and match.first - action.last <= 4
        and not _SCENERY & set(text.words[action.last : match.first])
    ):
        return 10
    if "by" in text.after(match.last, 3) or text.after(match.last, 1) == ["held"]:
        return 8
    if lead and lead[-1] in _SCENERY:
        return 0 if match.value("terrain") or match.value("objective") in _GENERIC_OBJECTIVES | {"settlement"} else 3
    if lead:
        return 6 if action is not None else 4
    return 0 if match.value("objective") == "route" else 3


def _action_before(text: ReadText, match: Match) -> Match | None:
    actions = [
        one
        for one in text.matches
        if one.sentence == match.sentence
        and one.last <= match.first
        and any(one.value(concept) for concept in _ACTION_CONCEPTS)
        and not one.is_negated
    ]
    return actions[-1] if actions else None
