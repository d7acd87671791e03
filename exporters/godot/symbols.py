"""Unit symbols as SVG, which Godot imports natively.

One file for each symbol identification code (SIDC) in use. Codes that the renderer does not know are drawn
as the bare frame of their affiliation, and said so in ``losses.json``.
"""

from collections.abc import Iterable

from milsymbol import Symbol

__all__ = ["symbol_path", "symbol_svg", "unknown_sidcs"]

SYMBOL_SIZE = 96
"""Renderer units: about 150 pixels wide when imported."""
_ENTITY = slice(10, 20)
"""Entity and modifiers in a 20-digit code (MIL-STD-2525D, table A-I)."""


def symbol_path(sidc: str) -> str:
    """Where the symbol stands in the project."""
    return f"symbols/{sidc}.svg"


def symbol_svg(sidc: str) -> bytes:
    """The symbol, or the bare frame where the renderer does not know the entity."""
    symbol = Symbol(sidc, size=SYMBOL_SIZE)
    if not symbol.is_valid():
        symbol = Symbol(_without_entity(sidc), size=SYMBOL_SIZE)
    return str(symbol.as_svg()).encode()


def unknown_sidcs(sidcs: Iterable[str]) -> tuple[str, ...]:
    """Those codes that are drawn as a bare frame, sorted."""
    return tuple(sorted(sidc for sidc in set(sidcs) if not Symbol(sidc, size=SYMBOL_SIZE).is_valid()))


def _without_entity(sidc: str) -> str:
    return sidc[: _ENTITY.start] + "0" * (_ENTITY.stop - _ENTITY.start)
