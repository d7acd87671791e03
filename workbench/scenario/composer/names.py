"""Names of people's making: code words, callsigns, unit designations and invented enemies.

No name is that of a real nation, and none is used twice in one scenario.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.scenario.streams import Stream, Streams

__all__ = ["CodeWords", "Opponent", "letter", "opponent_of", "ordinal"]

_CODE_WORDS: Final = (
    "Anvil", "Badger", "Cobalt", "Dagger", "Ember", "Falcon", "Granite", "Harrier", "Ibex", "Javelin", "Kestrel",
    "Lancer", "Mercury", "Nomad", "Osprey", "Phoenix", "Quartz", "Raven", "Sabre", "Talon", "Umber", "Viper",
    "Walnut", "Yarrow", "Zephyr", "Amber", "Bison", "Cedar", "Drake", "Elm", "Flint", "Garnet", "Hazel", "Iron",
    "Jasper", "Karst", "Larch", "Marten", "Nettle", "Opal", "Pewter", "Quiver", "Rowan", "Slate", "Topaz", "Ursa",
    "Violet", "Willow", "Xenon", "Aspen", "Beacon", "Copper", "Dolphin", "Eagle", "Fennel", "Gannet", "Heron",
    "Indigo", "Juniper", "Lynx",
)  # fmt: skip

_NATIONS: Final = (
    ("Velmark", "Velmarkian"), ("Orsenia", "Orsenian"), ("Kardovar", "Kardovari"), ("Tesvia", "Tesvian"),
    ("Ruthgar", "Ruthgarian"), ("Mordaline", "Mordalinian"), ("Zhelandor", "Zhelandorian"), ("Brastova", "Brastovan"),
)  # fmt: skip

_MOVEMENTS: Final = ("Free {nation} Front", "{nation} Resistance Movement", "{nation} People's Militia")

_LETTERS: Final = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett")
"""ICAO spelling alphabet."""


class CodeWords:
    """Deals code words; after the last one they come again with a number."""

    def __init__(self, streams: Streams) -> None:
        self._deck: Sequence[str] = streams.named("code words").shuffle(_CODE_WORDS)
        self._dealt = 0

    def next(self) -> str:
        round_, index = divmod(self._dealt, len(self._deck))
        self._dealt += 1
        return self._deck[index] if not round_ else f"{self._deck[index]} {round_ + 1}"


@dataclass(frozen=True, slots=True)
class Opponent:
    """The invented enemy."""

    force: str
    """Such as "Velmarkian Ground Forces"."""
    adjective: str


def opponent_of(stream: Stream, *, irregular: bool) -> Opponent:
    nation, adjective = stream.pick(_NATIONS)
    movement = stream.pick(_MOVEMENTS)
    return Opponent(movement.format(nation=nation) if irregular else f"{adjective} Ground Forces", adjective)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th …"""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def letter(index: int) -> str:
    """Alpha, Bravo … and numbers when the letters are used up."""
    return _LETTERS[index] if index < len(_LETTERS) else f"Company {index + 1}"
