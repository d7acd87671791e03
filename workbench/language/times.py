"""Durations, clock times, dates and places in a prompt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workbench.scenario.intent import MAX_DURATION_MIN

__all__ = ["Found", "find_durations", "find_place", "find_starts", "light_of"]

_NUMBER_WORDS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40,
    "forty five": 45, "sixty": 60, "ninety": 90, "half a": 0,
}  # fmt: skip
_MINUTES: Final = {"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "h": 60, "hr": 60, "hrs": 60, "hour": 60,
                   "hours": 60, "day": 1440, "days": 1440, "week": 10_080}  # fmt: skip
_WORDS: Final = "|".join(sorted((re.escape(word) for word in _NUMBER_WORDS if word), key=len, reverse=True))
_DURATION: Final = re.compile(
    rf"(?<![\w:.,])(?P<count>\d{{1,4}}(?:[.,]\d)?|{_WORDS})[\s-]*(?P<unit>minutes?|mins?|hours?|hrs?|days?|weeks?|h|m)\b",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(
    r"(?<![\d.])(?P<h>[01]?\d|2[0-3])[:.](?P<m>[0-5]\d)(?:\s*(?P<half>[ap])\.?m\b)?(?![\d.])", re.IGNORECASE
)
_MILITARY: Final = re.compile(
    r"(?<!\d)(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)\s?(?:hrs|hours|h|z|zulu|l|local)?(?![\w°.])", re.IGNORECASE
)
_HALF_DAY: Final = re.compile(r"\b(?P<h>1[0-2]|[1-9])\s*(?P<half>[ap])\.?m\b", re.IGNORECASE)
_DTG: Final = re.compile(
    r"\b(?P<d>\d{2})(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)[A-Z]\s?(?P<mon>[A-Z]{3})\s?(?P<y>\d{2})\b", re.IGNORECASE
)
_DATE: Final = re.compile(r"\b(?P<date>(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AT_WORDS: Final = re.compile(
    r"(?:\bat|\bh[\s-]?hour|\bfrom|\bby|\bafter|\bbefore|\bstart\w*|@|,|\bnlt|\baround|\babout)[\s:]*$", re.IGNORECASE
)

_DECIMAL_PAIR: Final = re.compile(
    r"(?<![\d.])(-?\d{1,2}\.\d{1,7})\s*[°]?\s*([NS])?[\s,/]+(-?\d{1,3}\.\d{1,7})\s*[°]?\s*([EW])?(?![\d.])"
)
_MGRS: Final = re.compile(
    r"\b(\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?(?:\d{2}){2,5}|\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s\d{3,5}\s\d{3,5})\b"
)
_NAMED: Final = re.compile(
    r"\b(?:near|around|outside|north of|south of|east of|west of)\s+((?:[A-ZÀ-Ž][\w'’-]+)(?:\s[A-ZÀ-Ž][\w'’-]+){0,2})"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where it stands."""

    value: str | int
    start: int
    end: int


def find_durations(prompt: str) -> list[Found]:
    """Durations in minutes, in the order of the text; what is over a week or zero is left out."""
    found = []
    for match in _DURATION.finditer(prompt):
        minutes = _minutes(match["count"].lower(), match["unit"].lower())
        if 1 <= minutes <= MAX_DURATION_MIN:
            found.append(Found(minutes, match.start(), match.end()))
    return found


def _minutes(count: str, unit: str) -> int:
    factor = _MINUTES[unit]
    if count in _NUMBER_WORDS:
        return _NUMBER_WORDS[count] * factor or factor // 2
    whole, _, tenth = count.replace(",", ".").partition(".")
    return (int(whole) * 10 + int(tenth or 0)) * factor // 10


def find_starts(prompt: str, taken: list[Found]) -> list[Found]:
    """Start times as ISO text: ``HH:MM``, a date, or both; ``taken`` spans (durations, grids) are no times."""
    dated = list(_dated(prompt))
    spans = [*taken, *dated]
    return dated + [time for time in _clock_times(prompt) if not any(_overlap(time, span) for span in spans)]


def _dated(prompt: str) -> Iterator[Found]:
    for match in _DTG.finditer(prompt):
        month = match["mon"].lower()
        if month in _MONTHS and 1 <= int(match["d"]) <= 31:
            iso = f"20{match['y']}-{_MONTHS.index(month) + 1:02d}-{match['d']}T{match['h']}:{match['m']}"
            yield Found(iso, match.start(), match.end())
    for match in _DATE.finditer(prompt):
        yield Found(match["date"], match.start(), match.end())


def _clock_times(prompt: str) -> Iterator[Found]:
    for match in _CLOCK.finditer(prompt):
        yield Found(_clock(int(match["h"]), match["m"], match["half"]), match.start(), match.end())
    for match in _HALF_DAY.finditer(prompt):
        yield Found(_clock(int(match["h"]), "00", match["half"]), match.start(), match.end())
    for match in _MILITARY.finditer(prompt):
        marked = not match.group().isdigit()
        if marked or _AT_WORDS.search(prompt[: match.start()]) or match.start() == 0:
            yield Found(f"{match['h']}:{match['m']}", match.start(), match.end())


def _clock(hour: int, minute: str, half: str | None) -> str:
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return f"{hour:02d}:{minute}"


def light_of(start: str) -> str | None:
    """Time of day of a clock time, by the usual hours of middle latitudes; None for a bare date."""
    clock = start.rpartition("T")[2]
    if ":" not in clock:
        return None
    hour = int(clock[:2])
    if hour < 5 or hour >= 21:
        return "night"
    return "dawn" if hour < 7 else "day" if hour < 18 else "dusk"


def find_place(prompt: str) -> Found | None:
    """Coordinates, an MGRS reference, or a name behind "near"."""
    if match := _MGRS.search(prompt):
        return Found(match[1], match.start(1), match.end(1))
    if match := _DECIMAL_PAIR.search(prompt):
        lat, lon = _signed(match[1], match[2], "S"), _signed(match[3], match[4], "W")
        if abs(float(lat)) <= 90 and abs(float(lon)) <= 180:
            return Found(f"{lat}, {lon}", match.start(), match.end())
    if match := _NAMED.search(prompt):
        return Found(match[1], match.start(1), match.end(1))
    return None


def _signed(number: str, letter: str | None, negative: str) -> str:
    return f"-{number}" if letter == negative and not number.startswith("-") else number


def _overlap(a: Found, b: Found) -> bool:
    return a.start < b.end and b.start < a.end
