"""Temperatures in degrees: ``-15C``, ``minus 20 degrees``, ``38 °C``. Frost is cold, a hot day is heat."""

import re
from typing import Final

from workbench.language.candidates import LITERAL, Candidate
from workbench.language.reading import Evidence

__all__ = ["read_temperatures"]

COLD_AT, HOT_AT = -5, 32
"""Degrees Celsius from which people and engines must be looked after (STANAG 2895 climates C0 and A2, rounded)."""

_CELSIUS: Final = re.compile(
    r"(?<![\w.])(?P<sign>minus |-|−)?(?P<number>\d{1,2}) ?(?:°|deg(?:rees?)?)? ?(?P<unit>C|Celsius)\b"
    r"|(?<![\w.])(?P<minus>minus |-|−)(?P<figure>\d{1,2}) ?(?:°|deg(?:rees?)?)(?! ?[NSEWF])",
    re.IGNORECASE,
)


def read_temperatures(text: str) -> list[Candidate]:
    """Candidates for ``weather``: ``cold`` or ``heat``, or nothing for mild weather."""
    found = []
    for hit in _CELSIUS.finditer(text):
        degrees = int(hit["number"] or hit["figure"]) * (-1 if hit["sign"] or hit["minus"] else 1)
        value = "cold" if degrees <= COLD_AT else "heat" if degrees >= HOT_AT else None
        if value:
            found.append(Candidate("weather", value, LITERAL, (Evidence(start=hit.start(), end=hit.end()),)))
    return found
