"""Where: decimal degrees, degrees with minutes and seconds, MGRS, or a capitalised name after a preposition.

The first exact position wins over names. Positions are given as ``"lat, lon"`` in decimal degrees
(as written, or to four decimals from minutes and seconds), MGRS without spaces, names as written.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from workbench.language.candidates import LITERAL, Candidate
from workbench.language.lexicon import Lexicon
from workbench.language.reading import Evidence
from workbench.language.tokens import fold

__all__ = ["read_named_places", "read_positions"]

_DECIMAL: Final = re.compile(
    r"(?<![\w.])(?:lat(?:itude)?[ :=]*)?(?P<lat>[+-]?\d{1,2}\.\d+) ?°? ?(?P<ns>[NS])?\b[ ,;/]{1,3}(?:lon(?:g|gitude)?[ :=]*)?"
    r"(?P<lon>[+-]?\d{1,3}\.\d+)(?: ?°)?(?: ?(?P<ew>[EW])\b)?(?![\w.]*\d)",
    re.I,
)
_SEXAGESIMAL: Final = re.compile(
    r"(?P<lat>\d{1,2}) ?° ?(?:(?P<latm>\d{1,2}) ?['′’] ?)?(?:(?P<lats>\d{1,2}(?:\.\d+)?) ?(?:\"|″|''|”) ?)?(?P<ns>[NS])[ ,;/]{0,3}"
    r"(?P<lon>\d{1,3}) ?° ?(?:(?P<lonm>\d{1,2}) ?['′’] ?)?(?:(?P<lons>\d{1,2}(?:\.\d+)?) ?(?:\"|″|''|”) ?)?(?P<ew>[EW])\b",
    re.I,
)
_MGRS: Final = re.compile(
    r"\b(?P<zone>\d{1,2})(?P<band>[C-HJ-NP-X]) ?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V]) ?(?P<digits>\d{1,5} \d{1,5}|\d{2,10})\b"
)
_NAME: Final = re.compile(
    r"\b(?:near|in|at|around|outside|close to|north of|south of|east of|west of|vicinity of|vic|of|toward|towards|by|from|into|over)"
    r"(?: the)? (?P<name>[A-Z][a-zà-žA-Z'’\-]{2,}(?: (?:[A-Z][a-zà-ž'’\-]+|upon|on|am|an der|de|la))*(?: (?:Gap|Valley|Peninsula|Strait|Pass|Forest|Island|Bay))?)"
)
_AREA_WORDS: Final = frozenset(
    {"near", "in", "at", "around", "outside", "close", "north", "south", "east", "west", "vicinity", "vic"}
)
_NOT_NAMES: Final = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "english", "french", "german", "russian", "python", "nato", "opfor", "blufor", "winter", "summer",
    "spring", "autumn", "fall", "phase", "zulu", "java", "javascript", "google", "excel", "word", "objective",
    "step", "support", "christmas",
})  # fmt: skip


def read_positions(text: str) -> Iterator[Candidate]:
    """Exact positions, in order of exactness: coordinates, then MGRS."""
    for pattern in (_SEXAGESIMAL, _DECIMAL):
        for found in pattern.finditer(text):
            position = _degrees(found.groupdict())
            if position:
                yield Candidate("place", position, LITERAL, (_span(found),), weight=20)
    for found in _MGRS.finditer(text):
        digits = found["digits"].replace(" ", "")
        halves = found["digits"].split(" ")
        if 1 <= int(found["zone"]) <= 60 and len(digits) % 2 == 0 and len(halves[0]) in (len(digits), len(digits) // 2):
            grid = f"{found['zone']}{found['band']}{found['square']}{digits}"
            yield Candidate("place", grid, LITERAL, (_span(found),), weight=20)


def read_named_places(text: str, lexicon: Lexicon) -> Iterator[Candidate]:
    """Capitalised names that are no words of the vocabulary."""
    for found in _NAME.finditer(text):
        name = found["name"].strip()
        words = [fold(word) for word in name.split()]
        if all(word in lexicon.words for word in words) or words[0] in _NOT_NAMES or name.isupper():
            continue
        is_area = found.group().split()[0].lower() in _AREA_WORDS
        if is_area:
            span = Evidence(start=found.start("name"), end=found.start("name") + len(name))
            yield Candidate("place", name[:120], LITERAL - 10, (span,), weight=10)


def _span(found: re.Match[str]) -> Evidence:
    return Evidence(start=found.start(), end=found.end())


def _degrees(groups: dict[str, str | None]) -> str | None:
    if "latm" in groups:
        latitude = _sexagesimal(groups["lat"], groups["latm"], groups["lats"])
        longitude = _sexagesimal(groups["lon"], groups["lonm"], groups["lons"])
        texts = [
            _signed(_four_decimals(latitude), groups["ns"], "S"),
            _signed(_four_decimals(longitude), groups["ew"], "W"),
        ]
    else:
        texts = [_signed(groups["lat"] or "", groups["ns"], "S"), _signed(groups["lon"] or "", groups["ew"], "W")]
    if abs(Fraction(texts[0])) > 90 or abs(Fraction(texts[1])) > 180:
        return None
    return ", ".join(texts)


def _sexagesimal(degrees: str | None, minutes: str | None, seconds: str | None) -> Fraction:
    return Fraction(degrees or 0) + Fraction(minutes or 0) / 60 + Fraction(seconds or 0) / 3600


def _four_decimals(value: Fraction) -> str:
    scaled = round(value * 10_000)
    return f"{scaled // 10_000}.{scaled % 10_000:04d}"


def _signed(number: str, hemisphere: str | None, negative: str) -> str:
    magnitude = number.lstrip("+")
    return f"-{magnitude.lstrip('-')}" if (hemisphere or "").upper() == negative else magnitude
