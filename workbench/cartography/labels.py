"""Placing labels so that none covers another: first come, first placed, and no room means no label.

Callers ask in the order of importance. A label tries the positions around its anchor in the
cartographer's order (right, above, below, left, corners; Imhof 1975) and takes the first that is free.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.cartography.fonts import text_width
from workbench.cartography.frame import Box
from workbench.cartography.svg import XY, text

__all__ = ["Labels", "Style"]

_ASCENT, _DESCENT = 0.76, 0.24
"""Parts of the size above and below the baseline that DejaVu Sans capitals and descenders fill."""
_AIR = 1.5
"""Sheet units kept free around a label."""


@dataclass(frozen=True, slots=True)
class Style:
    size: float
    fill: str
    bold: bool = False
    italic: bool = False
    halo: float = 2.6

    def box(self, content: str) -> tuple[float, float]:
        """Width and height of a line in this style."""
        return text_width(content, self.size, bold=self.bold), self.size * (_ASCENT + _DESCENT)


@dataclass(slots=True)
class Labels:
    """What is taken on the map so far."""

    bounds: Box
    taken: list[Box] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    """Every label placed so far, so that a second name of the same thing can be left out."""

    def block(self, box: Box) -> None:
        """Keep labels out of ``box``."""
        self.taken.append(box)

    def is_free(self, box: Box) -> bool:
        return box.inside(self.bounds) and not any(box.overlaps(other) for other in self.taken)

    def around(self, at: XY, content: str, style: Style, *, clearance: float) -> str:
        """The label beside an anchor with ``clearance`` units between; empty where there is no room."""
        width, height = style.box(content)
        return self.first_free(_beside(at, width, height, clearance), content, style)

    def at_end(self, end: XY, before: XY, content: str, style: Style) -> str:
        """The label beyond the end of a line that comes from ``before``; where the frame is there, on its side."""
        width, height = style.box(content)
        x, y = end
        length = math.dist(before, end) or 1.0
        ahead = (x - before[0]) / length, (y - before[1]) / length
        reach = min(width / 2 / max(abs(ahead[0]), 0.01), height / 2 / max(abs(ahead[1]), 0.01)) + 2 * _AIR + 1
        back = width / 2 + 6
        beside = [(x - back if ahead[0] > 0 else x + back, y + shift) for shift in (-height / 2 - 3, height / 2 + 3)]
        clamped = self._inside((x, y), width, height)
        return self.first_free([(x + ahead[0] * reach, y + ahead[1] * reach), *beside, clamped], content, style)

    def _inside(self, at: XY, width: float, height: float) -> XY:
        """The position moved so that a label there lies within the bounds."""
        edge, (x, y) = self.bounds, at
        across, along = width / 2 + 2 * _AIR, height / 2 + 2 * _AIR
        return (
            min(max(x, edge.left + across), edge.right - across),
            min(max(y, edge.top + along), edge.bottom - along),
        )

    def centred(self, at: XY, content: str, style: Style) -> str:
        """The label on the anchor itself, else just above or below it."""
        _width, height = style.box(content)
        x, y = at
        shifts = (0.0, -height, height, -2 * height, 2 * height)
        return self.first_free(((x, y + shift) for shift in shifts), content, style)

    def first_free(self, centres: Iterable[XY], content: str, style: Style) -> str:
        """The label centred at the first of the positions that is free."""
        width, height = style.box(content)
        for x, y in centres:
            box = Box.around(x, y, width + 2 * _AIR, height + 2 * _AIR)
            if self.is_free(box):
                self.block(box)
                self.written.add(content)
                return _write(x, y, content, style)
        return ""


def _beside(at: XY, width: float, height: float, clearance: float) -> Iterator[XY]:
    x, y = at
    across, along = clearance + width / 2 + _AIR, clearance + height / 2 + _AIR
    corner_x, corner_y = clearance * 0.7 + width / 2, clearance * 0.7 + height / 2
    yield x + across, y
    yield x, y - along
    yield x, y + along
    yield x - across, y
    yield from ((x + corner_x, y - corner_y), (x + corner_x, y + corner_y))
    yield from ((x - corner_x, y - corner_y), (x - corner_x, y + corner_y))


def _write(x: float, y: float, content: str, style: Style) -> str:
    baseline = y + style.size * (_ASCENT - _DESCENT) / 2
    return text(
        x,
        baseline,
        content,
        size=style.size,
        anchor="middle",
        fill=style.fill,
        bold=style.bold,
        halo=style.halo,
        font_style="italic" if style.italic else None,
    )
