"""Clock times, dates and date-time groups of a prompt, and the start they mean.

Understood: ``0200``, ``0200Z``, ``02:00``, ``2:30 pm``, ``5 am``, ``2230 local``, ``120200ZMAY26``, ``2026-05-12``,
``2026-05-12T02:00Z``, ``14 June 2026``, ``June 14, 2026``. Four bare digits are a time only where they begin
with 0 or a word beside them says so (``at``, ``from``, ``hrs`` …). A date without a year is no date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from workbench.language.candidates import LITERAL, Candidate
from workbench.language.reading import Evidence

__all__ = ["ClockTime", "read_clock", "start_candidates"]

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"

_DTG: Final = re.compile(
    rf"\b(?P<day>\d{{2}})(?P<hour>\d{{2}})(?P<minute>\d{{2}}) ?(?P<zone>[A-Z]) ?{_MONTH} ?(?P<year>\d{{4}}|\d{{2}})\b",
    re.I,
)
_ISO: Final = re.compile(
    r"\b(?P<year>\d{4})-(?P<monthno>\d{2})-(?P<day>\d{2})(?:[T ](?P<hour>\d{2}):?(?P<minute>\d{2})(?::\d{2})?(?P<zone>Z)?)?\b",
    re.I,
)
_DAY_MONTH: Final = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?P<year>\d{{4}})\b", re.I)
_MONTH_DAY: Final = re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b", re.I)
_COLON: Final = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})? ?(?P<half>[ap]\.?m\b\.?)?(?P<zone>Z\b)?", re.I
)
_MERIDIEM: Final = re.compile(r"(?<![\d:.,])(?P<hour>\d{1,2})(?:\.(?P<minute>\d{2}))? ?(?P<half>[ap]\.?m)\b\.?", re.I)
_OCLOCK: Final = re.compile(r"(?<![\d:.,])(?P<hour>\d{1,2}) o['’]?clock\b", re.I)
_BARE: Final = re.compile(
    r"(?<![\w.,:/-])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<zone>Z\b)?"
    r"(?P<suffix> ?(?:hrs?|hours|h|local|lcl|[ABZ]))?(?![\w:/]|[.,]\d)",
    re.IGNORECASE,
)

_CUE_BEFORE: Final = re.compile(
    r"\b(?:at|by|from|until|till|before|after|around|about|nlt|net|h-?hour|h-?hr|h hr|start(?:s|ing)?(?: time)?|begin(?:s|ning)?(?: at)?|between|to|and|since|time|ld|lod|eta|not later than)[ :=]*$",
    re.I,
)
_LIMIT_BEFORE: Final = re.compile(
    r"\b(?:by|until|till|before|nlt|not later than|no later than|end(?:s|ing)?(?: at)?|to|and|-|–)\s*$", re.I
)
_START_BEFORE: Final = re.compile(
    r"\b(?:start(?:s|ing)?(?: time)?|begin(?:s|ning)?|h-?hour|h-?hr|from|commenc\w+|kick-?off|ld|lod|at)(?: at| is| on| of)*[ :=]*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A date, a time of day or both, as ISO 8601 has them."""

    day: str | None
    minutes: int | None
    """After midnight."""
    is_utc: bool
    is_limit: bool
    """An end or deadline: ``until 18:00``, ``NLT 0400``."""
    claims_start: bool
    evidence: Evidence

    @property
    def time_text(self) -> str:
        if self.minutes is None:
            return ""
        return f"{self.minutes // 60:02d}:{self.minutes % 60:02d}{'Z' if self.is_utc else ''}"


def read_clock(text: str) -> list[ClockTime]:
    """Every date and time of the text, in order, none inside another."""
    found: list[ClockTime] = []
    for pattern in (_DTG, _ISO, _DAY_MONTH, _MONTH_DAY, _COLON, _MERIDIEM, _OCLOCK, _BARE):
        for hit in pattern.finditer(text):
            span = Evidence(start=hit.start(), end=hit.end())
            if not any(span.start < other.evidence.end and other.evidence.start < span.end for other in found):
                found.extend(_clock_time(text, hit, span, is_bare=pattern is _BARE))
    return sorted(found, key=lambda clock: clock.evidence.start)


def start_candidates(clocks: list[ClockTime]) -> list[Candidate]:
    """The start that the times mean: the first that is not a limit, joined with the first date."""
    day = next((clock for clock in clocks if clock.day), None)
    timed = [clock for clock in clocks if clock.minutes is not None and not clock.is_limit]
    timed.sort(key=lambda clock: not clock.claims_start)
    parts = [clock for clock in (day, timed[0] if timed else None) if clock is not None]
    if not parts:
        return []
    texts = [day.day if day and day.day else "", timed[0].time_text if timed else ""]
    spans = tuple(dict.fromkeys(clock.evidence for clock in parts))
    return [Candidate("start", "T".join(part for part in texts if part), LITERAL, spans)]


def _clock_time(text: str, hit: re.Match[str], span: Evidence, *, is_bare: bool) -> Iterator[ClockTime]:
    groups = hit.groupdict()
    before = text[max(0, span.start - 30) : span.start]
    if is_bare and not (
        hit.group().startswith("0") or groups["suffix"] or groups["zone"] or _CUE_BEFORE.search(before)
    ):
        return
    minutes = _minutes(groups)
    day = _day(groups)
    if (minutes is None) == ("hour" in groups and groups["hour"] is not None) or ("day" in groups and day is None):
        return
    yield ClockTime(
        day=day,
        minutes=minutes,
        is_utc=(groups.get("zone") or groups.get("suffix") or "").strip().upper() == "Z",
        is_limit=_LIMIT_BEFORE.search(before) is not None,
        claims_start=_START_BEFORE.search(before) is not None,
        evidence=span,
    )


def _minutes(groups: dict[str, str | None]) -> int | None:
    hour_text = groups.get("hour")
    if not hour_text:
        return None
    hour, minute = int(hour_text), int(groups.get("minute") or 0)
    half = (groups.get("half") or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _day(groups: dict[str, str | None]) -> str | None:
    year, day_text = groups.get("year"), groups.get("day")
    if not year or not day_text:
        return None
    named = groups.get("month")
    month = _MONTHS.index(named.lower()) + 1 if named else int(groups.get("monthno") or 0)
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day_text)).isoformat()
    except ValueError:
        return None
