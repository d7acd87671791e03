"""Unit symbols: sized by echelon, moved apart until none covers another, tied to their true place by a line.

Where a map holds more units than can be read, the lowest echelons are left out (never a side, never
a parent), and the caller is told how many, so that the legend can say so.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.cartography.frame import Box, Frame
from workbench.cartography.labels import Labels, Style
from workbench.cartography.palette import SIDE_INK
from workbench.cartography.svg import XY, element, group, path
from workbench.cartography.symbols import CENTRE, FRAME_WIDTH, Glyph, glyph
from workbench.scenario.intent import Echelon
from workbench.scenario.model import Unit

__all__ = ["MOST_UNITS", "PlacedUnit", "draw_units", "label_units", "place_units", "readable_units"]

MOST_UNITS = 90
"""Symbols that a sheet of 1,200 units can hold readably (tried with composed brigades)."""
RANK = {echelon: rank for rank, echelon in enumerate(Echelon)}
FRAME_PX = {
    Echelon.TEAM: 19.0,
    Echelon.SQUAD: 20.0,
    Echelon.PLATOON: 22.0,
    Echelon.COMPANY: 27.0,
    Echelon.BATTALION: 32.0,
    Echelon.BRIGADE: 36.0,
    Echelon.DIVISION: 40.0,
    Echelon.UNSPECIFIED: 22.0,
}
"""Width of a friendly frame in sheet units."""
GAP = 3.0
LABEL_HEIGHT = 10.5
LEADER_FROM = 6.0
"""A symbol moved further than this from its place is tied to it by a line."""
_ROUNDS = 400
_SPRING = 0.04
"""Part of the way home that a symbol takes each round while nothing pushes it away."""
_GOLDEN_ANGLE = 2.399963
"""Radians: spreads units that stand on the same spot in all directions."""


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit with the box of its symbol on the sheet and its true place."""

    unit: Unit
    glyph: Glyph
    scale: float
    centre: XY
    home: XY

    @property
    def box(self) -> Box:
        """What the drawn symbol covers."""
        x, y = self.centre
        drawing, scale = self.glyph, self.scale
        left, top = x + (drawing.left - CENTRE) * scale, y + (drawing.top - CENTRE) * scale
        return Box(left, top, left + drawing.width * scale, top + drawing.height * scale)


def readable_units(units: Sequence[Unit], most: int = MOST_UNITS) -> tuple[Unit, ...]:
    """The units of the highest echelons, as many echelons as ``most`` allows; at least the top one."""
    counts = Counter(_rank(unit) for unit in units)
    total, lowest = 0, max(counts, default=0)
    for rank in sorted(counts, reverse=True):
        total += counts[rank]
        if total > most and rank != max(counts):
            break
        lowest = rank
    return tuple(unit for unit in units if _rank(unit) >= lowest)


def place_units(units: Iterable[Unit], frame: Frame) -> tuple[PlacedUnit, ...]:
    """Symbols moved apart, inside the frame, with room for their designations below them."""
    chosen = list(units)
    if not chosen:
        return ()
    glyphs = [glyph(unit.sidc) for unit in chosen]
    scales = [FRAME_PX[unit.echelon] / FRAME_WIDTH for unit in chosen]
    homes = np.array([frame.at(unit.at) for unit in chosen], dtype=np.float64)
    boxes = np.array(
        [_extent(unit, drawing, scale) for unit, drawing, scale in zip(chosen, glyphs, scales, strict=True)]
    )
    centres = _spread(homes, boxes, frame.box)
    return tuple(
        PlacedUnit(unit, drawing, scale, (float(x), float(y)), (float(hx), float(hy)))
        for unit, drawing, scale, (x, y), (hx, hy) in zip(chosen, glyphs, scales, centres, homes, strict=True)
    )


def draw_units(placed: Sequence[PlacedUnit]) -> str:
    """Leader lines first, then symbols, each drawing defined once and used by every unit that bears it."""
    names = {drawing: f"s{index}" for index, drawing in enumerate(dict.fromkeys(item.glyph for item in placed))}
    shapes = (
        element("symbol", drawing.body, id=name, viewBox=drawing.view_box, overflow="visible")
        for drawing, name in names.items()
    )
    return group(
        (
            element("defs", "\n".join(shapes)),
            group((_leader(item) for item in placed), id="leaders"),
            *(_use(item, names[item.glyph]) for item in placed),
        ),
        id="units",
    )


def label_units(placed: Sequence[PlacedUnit], labels: Labels) -> str:
    """Designations below the symbols; where that is taken, beside them; the higher echelons first."""
    for item in placed:
        labels.block(item.box)
    ranked = sorted(placed, key=lambda item: (-_rank(item.unit), item.unit.id))
    return group((_label(item, labels) for item in ranked), id="designations")


def _rank(unit: Unit) -> int:
    return -1 if unit.echelon is Echelon.UNSPECIFIED else RANK[unit.echelon]


def _style(unit: Unit) -> Style:
    higher = _rank(unit) >= RANK[Echelon.COMPANY]
    return Style(size=10.5 if higher else 9.0, fill=SIDE_INK[unit.side], bold=higher)


def _extent(unit: Unit, drawing: Glyph, scale: float) -> tuple[float, float, float, float]:
    """Reach left, up, right and down of the centre, with the designation below."""
    half_label = _style(unit).box(unit.short_name)[0] / 2
    return (
        max((CENTRE - drawing.left) * scale, half_label) + GAP,
        (CENTRE - drawing.top) * scale + GAP,
        max((drawing.left + drawing.width - CENTRE) * scale, half_label) + GAP,
        (drawing.top + drawing.height - CENTRE) * scale + LABEL_HEIGHT + GAP,
    )


Array = npt.NDArray[np.float64]


def _spread(homes: Array, reach: Array, bounds: Box) -> Array:
    """Centres at which no two boxes overlap, or as few as the rounds allow, each near its home."""
    count = len(homes)
    angles = np.arange(count) * _GOLDEN_ANGLE
    centres = homes + np.stack((np.cos(angles), np.sin(angles)), axis=1) * 0.5
    low = np.array((bounds.left, bounds.top)) + reach[:, :2]
    high = np.array((bounds.right, bounds.bottom)) - reach[:, 2:]
    for round_ in range(_ROUNDS):
        push = _pushes(centres, reach)
        free = ~push.any(axis=1)
        if round_ < _ROUNDS // 2:
            centres[free] += (homes[free] - centres[free]) * _SPRING
        elif free.all():
            break
        centres = np.clip(centres + push, low, np.maximum(low, high))
    return centres


def _pushes(centres: Array, reach: Array) -> Array:
    """How far each box moves to halve its overlaps, each along the shorter way out."""
    left_top, right_bottom = centres - reach[:, :2], centres + reach[:, 2:]
    middle = (left_top + right_bottom) / 2
    overlap = np.minimum(right_bottom[:, None], right_bottom[None]) - np.maximum(left_top[:, None], left_top[None])
    touching = (overlap > 0).all(axis=2)
    np.fill_diagonal(touching, False)
    away = np.sign(middle[:, None] - middle[None])
    across = overlap[..., 0] < overlap[..., 1]
    share = np.where(touching, 0.5, 0.0)
    push_x = np.where(across, overlap[..., 0] * away[..., 0], 0) * share
    push_y = np.where(~across, overlap[..., 1] * away[..., 1], 0) * share
    crowd = np.maximum(touching.sum(axis=1), 1)[:, None]
    pushes: Array = np.stack((push_x.sum(axis=1), push_y.sum(axis=1)), axis=1) / crowd
    return pushes


def _leader(item: PlacedUnit) -> str:
    if math.dist(item.centre, item.home) < LEADER_FROM:
        return ""
    ink = SIDE_INK[item.unit.side]
    x, y = item.home
    return path((item.centre, item.home), stroke=ink, stroke_width=0.8, stroke_opacity=0.8) + element(
        "circle", cx=x, cy=y, r=1.9, fill=ink
    )


def _use(item: PlacedUnit, name: str) -> str:
    box = item.box
    return element(
        "use",
        href=f"#{name}",
        x=box.left,
        y=box.top,
        width=box.right - box.left,
        height=box.bottom - box.top,
    )


def _label(item: PlacedUnit, labels: Labels) -> str:
    style, box = _style(item.unit), item.box
    width, height = style.box(item.unit.short_name)
    x, y = item.centre[0], (box.top + box.bottom) / 2
    spots = (
        (x, box.bottom + height / 2 + 1),
        (box.right + width / 2 + 2, y),
        (box.left - width / 2 - 2, y),
        (x, box.top - height / 2 - 1),
    )
    return labels.first_free(spots, item.unit.short_name, style)
