"""Short designations for the map: what a symbol does not already say.

A symbol shows side, type and echelon, so beside it stands only the unit's own number or letter and that of
the units above it, the lowest first: the third squad of the first platoon of A Company is ``3/1/A``
(fields T and M of MIL-STD-2525D).

>>> _token("3rd Mechanised Infantry Squad, 1 Plt, A Coy")
'3'
>>> _token("Bravo Tank Company")
'B'
>>> _token("Fighter Cell A, 68 Sqd")
'A'
>>> _token("Mortar Section")
'Mor'
"""

import re
from collections.abc import Mapping, Sequence

from workbench.scenario.model import Unit

__all__ = ["designations"]

PARTS = 3
"""A designation names the unit and at most two above it."""
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)?\b")
_LETTER = re.compile(r"\b([A-Z])$")
_PHONETIC = frozenset(
    [
        "Alpha",
        "Bravo",
        "Charlie",
        "Delta",
        "Echo",
        "Foxtrot",
        "Golf",
        "Hotel",
        "India",
        "Juliett",
        "Kilo",
        "Lima",
        "Mike",
        "November",
        "Oscar",
        "Papa",
        "Quebec",
        "Romeo",
        "Sierra",
        "Tango",
        "Uniform",
        "Victor",
        "Whiskey",
        "Xray",
        "Yankee",
        "Zulu",
    ]
)
_WORD_LETTERS = 3


def designations(units: Sequence[Unit]) -> Mapping[str, str]:
    """The designation of every unit by its identifier."""
    by_id = {unit.id: unit for unit in units}
    return {unit.id: "/".join(_token(above.name) for above in _line(unit, by_id)[:PARTS]) for unit in units}


def _line(unit: Unit, by_id: Mapping[str, Unit]) -> list[Unit]:
    """The unit and those above it, as far as they are numbered; a unit that heads its side stands alone."""
    line = [unit]
    parent = by_id.get(unit.parent or "")
    while parent is not None and parent.parent is not None and len(line) < PARTS and parent not in line:
        line.append(parent)
        parent = by_id.get(parent.parent)
    return line


def _token(name: str) -> str:
    """The number or letter in a unit's own name, else its first letters."""
    own = name.partition(",")[0].strip()
    ordinal, letter = _ORDINAL.match(own), _LETTER.search(own)
    first = own.split(maxsplit=1)[0] if own else ""
    if ordinal:
        return ordinal[1]
    if first in _PHONETIC:
        return first[0]
    return letter[1] if letter else first[:_WORD_LETTERS]
