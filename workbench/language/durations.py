"""How long the exercise lasts, in minutes.

A length is *strong* where the prompt says that it is the exercise's (``lasts``, ``for``, ``duration``, ``a
2 hour patrol`` …) and *weak* otherwise. Lengths that belong to something else (``in 24 hours``,
``after two hours``, ``every 30 min``) are weaker still, and count only where nothing better stands.
"""

import re
from fractions import Fraction
from typing import Final

from workbench.language.candidates import INFERRED, LITERAL, Candidate, Contradiction
from workbench.language.numbers import NUMBER, parse_number
from workbench.language.reading import Evidence
from workbench.scenario.intent import MAX_DURATION_MIN

__all__ = ["duration_contradictions", "read_durations"]

_UNITS: Final = (
    (r"minutes?|mins?|min\b|′", 1),
    (r"hours?|hrs?|houres?|h\b|hr\b", 60),
    (r"days?", 24 * 60),
    (r"nights?(?= long)", 8 * 60),
    (r"weeks?", 7 * 24 * 60),
)
_UNIT: Final = "|".join(f"(?:{pattern})" for pattern, _ in _UNITS)
_LENGTH: Final = re.compile(
    rf"(?<![\w.:+-])(?P<number>{NUMBER})[ -]{{0,2}}(?P<unit>{_UNIT})(?![a-z])(?P<half> and a half)?", re.IGNORECASE
)
_HOURS_MINUTES: Final = re.compile(
    r"(?<![\w.:])(\d{1,3}) ?h(?:rs?|ours?)?(?: and)? ?(\d{1,2}) ?(?:m|min|mins|minutes)?\b(?![:.])", re.I
)
_WINDOW: Final = re.compile(
    r"\b(?:from|between)\s+(\d{1,2})[:.]?(\d{2})\s*(?:hrs?|h|z|local)?\s*(?:to|until|till|and|-|–)\s*(\d{1,2})[:.]?(\d{2})\b"
    r"|(?<![\d:])(\d{1,2}):(\d{2}) ?(?:-|–|to|until|till) ?(\d{1,2}):(\d{2})(?![\d:])",
    re.IGNORECASE,
)
_STRONG_BEFORE: Final = re.compile(
    r"(?:\b(?:for|lasts?|lasting|duration|length|run it|runs?|over|within|takes|spans?|think of|time limit|limit|timeframe|time frame)"
    r"(?: of| is| about| around| roughly| the next| approximately| should be| for| some| up to)*[ :=]*)$",
    re.I,
)
_OTHER_BEFORE: Final = re.compile(
    r"\b(?:in|after|every|before|last|past|previous|arrives?|ago|of|next)(?: the| about| another| next)*\s*$", re.I
)
_OTHER_AFTER: Final = re.compile(
    r"^\s*(?:ago|later|earlier|away|behind|before|old|ahead|of daylight|of light|notice|to move|march)\b", re.I
)
_SENTENCE_END: Final = re.compile(r"[.;!?\n](?!\d)")

_STRONG, _PLAIN, _OTHER = 20, 10, 2


def read_durations(text: str) -> list[Candidate]:
    """Every length in the text that could be the exercise's, heaviest meaning by ``weight``."""
    found: list[Candidate] = []
    taken: list[Evidence] = []
    for minutes, span in (*_windows(text), *_hours_minutes(text), *_lengths(text)):
        if any(span.start < other.end and other.start < span.end for other in taken):
            continue
        taken.append(span)
        if 1 <= minutes <= MAX_DURATION_MIN and minutes.denominator == 1:
            weight = _weight(text, span)
            confidence = INFERRED - 10 if weight == _OTHER else LITERAL
            found.append(Candidate("duration_min", int(minutes), confidence, (span,), weight))
    return found


def duration_contradictions(candidates: list[Candidate]) -> list[Contradiction]:
    """Two different lengths that both claim to be the exercise's."""
    claims = [candidate for candidate in candidates if candidate.weight >= _PLAIN]
    strong = [candidate for candidate in claims if candidate.weight == _STRONG]
    if len({claim.value for claim in claims}) < 2 or not strong:
        return []
    values = tuple(dict.fromkeys(str(claim.value) for claim in claims))
    return [Contradiction("duration_min", values, tuple(claim.evidence[0] for claim in claims))]


def _lengths(text: str) -> list[tuple[Fraction, Evidence]]:
    lengths = []
    for found in _LENGTH.finditer(text):
        number = parse_number(found["number"])
        if number is None or (
            found["number"].lower() in ("a", "an") and not found["half"] and not _is_counted(text, found)
        ):
            continue
        if found["half"]:
            number += Fraction(1, 2)
        scale = next(size for pattern, size in _UNITS if re.fullmatch(pattern, found["unit"], re.I))
        lengths.append((number * scale, Evidence(start=found.start(), end=found.end())))
    return lengths


def _is_counted(text: str, found: re.Match[str]) -> bool:
    """``for an hour`` is a length; ``a day patrol`` and ``twice a day`` are not."""
    return _STRONG_BEFORE.search(text[: found.start()]) is not None


def _hours_minutes(text: str) -> list[tuple[Fraction, Evidence]]:
    return [
        (Fraction(int(found[1]) * 60 + int(found[2])), Evidence(start=found.start(), end=found.end()))
        for found in _HOURS_MINUTES.finditer(text)
        if int(found[2]) < 60
    ]


def _windows(text: str) -> list[tuple[Fraction, Evidence]]:
    windows = []
    for found in _WINDOW.finditer(text):
        hour, minute, to_hour, to_minute = (int(part) for part in found.groups() if part is not None)
        if max(hour, to_hour) > 24 or max(minute, to_minute) > 59:
            continue
        minutes = (to_hour * 60 + to_minute - hour * 60 - minute) % (24 * 60) or 24 * 60
        windows.append((Fraction(minutes), Evidence(start=found.start(), end=found.end())))
    return windows


def _weight(text: str, span: Evidence) -> int:
    before = _SENTENCE_END.split(text[max(0, span.start - 60) : span.start])[-1]
    after = text[span.end : span.end + 30]
    if _STRONG_BEFORE.search(before):
        return _STRONG
    if _OTHER_BEFORE.search(before) or _OTHER_AFTER.search(after):
        return _OTHER
    return _PLAIN
