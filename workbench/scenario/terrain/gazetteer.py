"""Names of fictional places: pronounceable, unique in one terrain, and from no real map.

Each terrain speaks one of a few invented tongues, so its names sound as if they belonged together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from workbench.scenario.streams import Stream

__all__ = ["Gazetteer"]


@dataclass(frozen=True, slots=True)
class _Tongue:
    heads: tuple[str, ...]
    hearts: tuple[str, ...]
    town_tails: tuple[str, ...]
    water_tails: tuple[str, ...]


_TONGUES: Final = (
    _Tongue(
        heads=("Var", "Kel", "Tor", "Mar", "Bel", "Osk", "Drav", "Lum", "Sar", "Vel", "Gor", "Hal", "Zim", "Ned"),
        hearts=("a", "e", "i", "o", "en", "ar", "is", "ov", "un", "el"),
        town_tails=("grad", "vik", "dorn", "mir", "nitz", "sk", "bor", "len", "sta", "vets"),
        water_tails=("na", "va", "tsa", "ra", "sha"),
    ),
    _Tongue(
        heads=("Aun", "Eld", "Fenn", "Hath", "Ister", "Lorn", "Merr", "Orr", "Penn", "Rood", "Strand", "Thorn", "Wend"),
        hearts=("a", "el", "er", "in", "o", "y", "um", "ar"),
        town_tails=("by", "ham", "stead", "wick", "ford", "holt", "mere", "garth", "ton", "ness"),
        water_tails=("bourne", "water", "beck", "el", "er"),
    ),
    _Tongue(
        heads=("Qas", "Dar", "Zah", "Ber", "Mir", "Sul", "Naj", "Kha", "Tam", "Has", "Rash", "Wad", "Jal", "Fer"),
        hearts=("a", "i", "u", "am", "ir", "an", "ab", "aw"),
        town_tails=("abad", "iya", "dar", "shar", "an", "kand", "at", "ak", "un", "esh"),
        water_tails=("rud", "ab", "ash", "il", "an"),
    ),
    _Tongue(
        heads=("Tal", "Bo", "Ka", "Lu", "Sa", "Nam", "Phe", "Ra", "Su", "Mo", "Ti", "Ve", "Hu", "Ma"),
        hearts=("ka", "lo", "ra", "ni", "mu", "ta", "vi", "so", "ba", "ngo"),
        town_tails=("ri", "lan", "pong", "wai", "tara", "mba", "li", "noa", "kei", "du"),
        water_tails=("wai", "song", "ru", "lo", "nui"),
    ),
)  # fmt: skip


_CROWDED: Final = 60
"""Names given before a name that is drawn again is numbered: a tongue has about 100 roots."""


class Gazetteer:
    """Gives each place a name that no other place of this terrain has."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._tongue = stream.pick(_TONGUES)
        self._taken: set[str] = set()

    def town(self) -> str:
        """A settlement, such as ``Kelovgrad``."""
        return self._fresh(lambda: self._root() + self._stream.pick(self._tongue.town_tails))

    def water(self) -> str:
        """A river or lake without its generic word, such as ``Marena``."""
        return self._fresh(lambda: self._root() + self._stream.pick(self._tongue.water_tails))

    def place(self, generic: str) -> str:
        """A named thing with its generic word, such as ``Tora Hill``."""
        return self._fresh(lambda: f"{self._root()} {generic}")

    def after(self, owner: str, generic: str) -> str:
        """A thing named after another, such as ``Kelovgrad Airfield``; numbered from the second on."""
        name, count = f"{owner} {generic}", 1
        while name in self._taken:
            count += 1
            name = f"{owner} {generic} {count}"
        self._taken.add(name)
        return name

    def _root(self) -> str:
        return self._stream.pick(self._tongue.heads) + self._stream.pick(self._tongue.hearts)

    def _fresh(self, draw: Callable[[], str]) -> str:
        name = draw()
        while name in self._taken:
            name = draw() if len(self._taken) < _CROWDED else f"{draw()} {len(self._taken)}"
        self._taken.add(name)
        return name
