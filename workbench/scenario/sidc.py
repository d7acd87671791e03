"""MIL-STD-2525D symbol identification codes of 20 digits.

Digits: version (1-2), context (3), standard identity (4), symbol set (5-6), status (7), headquarters
and task force (8), echelon (9-10), entity, type and subtype (11-16), modifiers (17-20).

>>> sidc("101211000000", Affiliation.FRIEND, Echelon.COMPANY)
'10031000151211000000'
"""

from typing import Final

from workbench.scenario.intent import Echelon
from workbench.scenario.model import Affiliation

__all__ = ["ECHELON_DIGITS", "IDENTITY_DIGITS", "echelon_digits", "identity_digit", "sidc"]

_VERSION: Final = "10"
"""MIL-STD-2525D, table A-I: version 10 is 2525D itself."""

_CONTEXT_REALITY: Final = "0"
"""Drawn without the exercise amplifier: the whole document is an exercise, so the mark would say nothing."""

IDENTITY_DIGITS: Final = {Affiliation.FRIEND: "3", Affiliation.NEUTRAL: "4", Affiliation.HOSTILE: "6"}
"""MIL-STD-2525D, table A-II, standard identity."""

ECHELON_DIGITS: Final = {
    Echelon.UNSPECIFIED: "00",
    Echelon.TEAM: "11",
    Echelon.SQUAD: "12",
    Echelon.PLATOON: "14",
    Echelon.COMPANY: "15",
    Echelon.BATTALION: "16",
    Echelon.BRIGADE: "18",
    Echelon.DIVISION: "21",
}
"""MIL-STD-2525D, table A-VII, echelon at brigade and below (1x) and division and above (2x)."""

_CIVILIAN_SYMBOL_SETS: Final = ("11",)
"""Symbol sets whose symbols carry no echelon: land civilian unit or organisation."""


def sidc(symbol: str, affiliation: Affiliation, echelon: Echelon) -> str:
    """The code of a catalogue symbol: symbol set (2), entity (6) and modifiers (4 digits)."""
    symbol_set, entity = symbol[:2], symbol[2:]
    size = "00" if symbol_set in _CIVILIAN_SYMBOL_SETS else ECHELON_DIGITS[echelon]
    return f"{_VERSION}{_CONTEXT_REALITY}{IDENTITY_DIGITS[affiliation]}{symbol_set}00{size}{entity}"


def identity_digit(code: str) -> str:
    """Standard identity of a code."""
    return code[3]


def echelon_digits(code: str) -> str:
    """Echelon of a code; ``00`` where it says none."""
    return code[8:10]
