"""The time of day: its words, what a clock time implies, and where the two disagree."""

import itertools
from typing import Final

from workbench.language.candidates import INFERRED, Candidate, Contradiction, literal
from workbench.language.clock import ClockTime
from workbench.language.matching import Match, ReadText

__all__ = ["daylight_contradictions", "light_at", "read_daylight"]

NIGHT_UNTIL, DAY_FROM, DAY_UNTIL, NIGHT_FROM = 4 * 60, 8 * 60, 16 * 60, 22 * 60
"""Minutes after midnight between which the light is sure in the latitudes where people train, in every
season but the polar ones. Between them it depends on date and place, and nothing is implied."""

_DEADLINES: Final = frozenset({"before", "until", "till", "by"})
_SEQUENCE: Final = frozenset(
    {"then", "until", "till", "from", "through", "into", "after", "before", "to", "later", "and", "or", "left", "next"}
)
_AFTERWARDS: Final = frozenset({"then", "later", "after", "followed", "until", "till", "before", "next"})

_POSSIBLE: Final = {
    "night": frozenset((*range(9 * 60), *range(16 * 60, 24 * 60))),
    "dawn": frozenset(range(2 * 60, 10 * 60)),
    "day": frozenset(range(4 * 60, 22 * 60)),
    "dusk": frozenset(range(14 * 60, 24 * 60)),
}
"""Minutes after midnight at which a word can be true somewhere people train, in some season."""


def light_at(minutes: int) -> str | None:
    """``night`` or ``day`` where that is sure, else None."""
    if minutes < NIGHT_UNTIL or minutes >= NIGHT_FROM:
        return "night"
    return "day" if DAY_FROM <= minutes < DAY_UNTIL else None


def read_daylight(text: ReadText, clocks: list[ClockTime]) -> list[Candidate]:
    found = [
        literal("time_of_day", str(match.value("time")), match, weight=_weight(text, match))
        for match in text.of("time")
    ]
    for clock in clocks:
        implied = None if clock.minutes is None or clock.is_limit else light_at(clock.minutes)
        if implied:
            found.append(Candidate("time_of_day", implied, INFERRED, (clock.evidence,), weight=-5))
    return found


def daylight_contradictions(
    text: ReadText, candidates: list[Candidate], clocks: list[ClockTime]
) -> list[Contradiction]:
    """A word against the clock, or two words in one sentence that nothing puts one after the other."""
    words = [one for one in candidates if one.confidence != INFERRED and one.weight > -3]
    starts = [one for one in clocks if one.minutes is not None and not one.is_limit]
    for word in words:
        for clock in starts:
            if clock.minutes not in _POSSIBLE[str(word.value)] and not _is_later(text, word, clock):
                values = (str(word.value), clock.time_text)
                return [Contradiction("time_of_day", values, (*word.evidence, clock.evidence))]
    matches = [match for match in text.of("time") if _weight(text, match) > -3]
    for first, second in itertools.pairwise(matches):
        if _exclude(text, first, second):
            pair = [literal("time_of_day", str(match.value("time")), match) for match in (first, second)]
            return [_contradiction(*pair)]
    return []


def _is_later(text: ReadText, word: Candidate, clock: ClockTime) -> bool:
    """``attack at dawn, then resupply at 1300``: one after the other."""
    first, last = sorted((word.evidence[0].start, clock.evidence.start))
    between = {text.words[i] for i, token in enumerate(text.tokens) if first <= token.start < last}
    return bool(_AFTERWARDS & between)


def _exclude(text: ReadText, first: Match, second: Match) -> bool:
    if {first.value("time"), second.value("time")} != {"day", "night"} or first.sentence != second.sentence:
        return False
    return not _SEQUENCE & set(text.words[max(0, first.first - 1) : second.first])


def _contradiction(one: Candidate, other: Candidate) -> Contradiction:
    return Contradiction("time_of_day", (str(one.value), str(other.value)), (*one.evidence, *other.evidence))


def _weight(text: ReadText, match: Match) -> int:
    """Deadlines (``before midnight``) and ``rain all day`` say little about when the exercise begins."""
    before = text.before(match.first, 2)
    if before and before[-1] in _DEADLINES and match.value("time") != "night":
        return -4
    if before and before[-1] in _DEADLINES | {"after"}:
        return -4
    return -4 if text.words[match.first] in ("all", "tonight") else 0
