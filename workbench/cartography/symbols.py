"""MIL-STD-2525D unit symbols as SVG, drawn by the milsymbol package from 20-digit SIDCs.

milsymbol draws a red "?" for a code that it does not know, without a word. Here such a code becomes
the plain frame of its affiliation and symbol set, which is true and readable.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from milsymbol import Symbol

from workbench.cartography.fonts import FAMILY
from workbench.errors import InputError

__all__ = ["CENTRE", "FRAME_WIDTH", "Glyph", "glyph", "symbol_svg"]

FRAME_WIDTH = 150.0
"""Width of a friendly ground frame in milsymbol's drawing units."""
CENTRE = 100.0
"""Both coordinates of a frame's centre in drawing units."""

_SIDC = re.compile(r"\d{20}")
_OUTER = re.compile(r'<svg [^>]*viewBox="(?P<box>[^"]+)"[^>]*>(?P<body>.*)</svg>', re.DOTALL)
_ENTITY = slice(10, 20)
_THEIR_FONT = 'font-family="Arial"'


@dataclass(frozen=True, slots=True)
class Glyph:
    """The drawing of one SIDC: SVG without its outer element, and its box in drawing units."""

    body: str
    left: float
    top: float
    width: float
    height: float

    @property
    def view_box(self) -> str:
        return f"{self.left:g} {self.top:g} {self.width:g} {self.height:g}"

    def svg(self, scale: float) -> str:
        """A stand-alone SVG, ``scale`` pixels per drawing unit."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width * scale:.1f}"'
            f' height="{self.height * scale:.1f}" viewBox="{self.view_box}">{self.body}</svg>'
        )


@lru_cache(maxsize=512)
def glyph(sidc: str) -> Glyph:
    """The drawing of a 20-digit SIDC.

    Raises:
        InputError: not 20 digits.
    """
    if not _SIDC.fullmatch(sidc):
        raise InputError(f"a symbol code must have 20 digits (MIL-STD-2525D), got {sidc!r}")
    symbol = Symbol(sidc, size=100)
    if not symbol.is_valid():
        symbol = Symbol(sidc[: _ENTITY.start] + "0" * 10, size=100)
    match = _OUTER.search(symbol.as_svg())
    if match is None:
        raise InputError(f"the symbol code {sidc} cannot be drawn")
    left, top, width, height = (float(part) for part in match["box"].split())
    body = match["body"].replace(_THEIR_FONT, f'font-family="{FAMILY}, sans-serif"')
    return Glyph(body=body, left=left, top=top, width=width, height=height)


def symbol_svg(sidc: str, *, frame_px: float) -> str:
    """A stand-alone SVG of a SIDC whose friendly frame is ``frame_px`` wide.

    Raises:
        InputError: not 20 digits.
    """
    return glyph(sidc).svg(frame_px / FRAME_WIDTH)
