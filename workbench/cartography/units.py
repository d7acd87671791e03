"""Unit symbols: sized by echelon, moved apart until none covers another, tied to their true place by a line.

Where a side has more units on a spot than can be read, its lowest echelons are left out (never a whole
side), and the caller is told which are shown, so that the legend can say how many are not.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.cartography.designations import designations
from workbench.cartography.frame import Box, Frame
from workbench.cartography.labels import Labels, Style
from workbench.cartography.palette import SIDE_INK
from workbench.cartography.spread import spread
from workbench.cartography.svg import XY, element, group, path
from workbench.cartography.symbols import CENTRE, FRAME_WIDTH, Glyph, glyph
from workbench.scenario.intent import Echelon
from workbench.scenario.model import SideId, Unit

__all__ = ["FRAME_UNITS", "RANK", "PlacedUnit", "draw_units", "label_units", "place_units"]

MOST_UNITS = 80
"""Symbols that a sheet of 1,200 units holds readably (tried with composed brigades)."""
FARTHEST = 95.0
"""Sheet units that the worst-placed symbol of a side may lie from its true place."""
FEWEST = 5
"""Units of a side that are shown however crowded they stand, if it has so many."""
RANK = {echelon: rank for rank, echelon in enumerate(Echelon)} | {Echelon.UNSPECIFIED: -1}
FRAME_UNITS = {
    Echelon.TEAM: 19.0,
    Echelon.SQUAD: 20.0,
    Echelon.PLATOON: 23.0,
    Echelon.COMPANY: 27.0,
    Echelon.BATTALION: 32.0,
    Echelon.BRIGADE: 36.0,
    Echelon.DIVISION: 40.0,
    Echelon.UNSPECIFIED: 22.0,
}
"""Width of a friendly frame on the sheet."""
GAP = 2.0
LEADER_FROM = 9.0
"""A symbol moved further than this from its place is tied to it by a line."""


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit with the place of its symbol on the sheet, its true place and its designation."""

    unit: Unit
    designation: str
    glyph: Glyph
    scale: float
    centre: XY
    home: XY

    @property
    def box(self) -> Box:
        """What the drawn symbol covers."""
        x, y = self.centre
        left, top = x + (self.glyph.left - CENTRE) * self.scale, y + (self.glyph.top - CENTRE) * self.scale
        return Box(left, top, left + self.glyph.width * self.scale, top + self.glyph.height * self.scale)

    @property
    def moved(self) -> float:
        """Sheet units from its true place."""
        return math.dist(self.centre, self.home)


def place_units(units: Sequence[Unit], frame: Frame) -> tuple[PlacedUnit, ...]:
    """As many echelons of each side as can be read, their symbols moved apart inside the frame."""
    names = designations(units)
    shown = {side: [unit for unit in units if unit.side is side] for side in SideId}
    while True:
        placed = _place([unit for unit in units if unit in shown[unit.side]], names, frame)
        crowded = _most_crowded(placed, shown)
        if crowded is None:
            return placed
        shown[crowded] = _without_lowest(shown[crowded])


def draw_units(placed: Sequence[PlacedUnit]) -> str:
    """Leader lines first, then symbols, each drawing defined once and used by every unit that bears it."""
    drawings = dict.fromkeys(item.glyph for item in placed)
    names = {drawing: f"s{index}" for index, drawing in enumerate(drawings)}
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
    ranked = sorted(placed, key=lambda item: (-RANK[item.unit.echelon], item.unit.id))
    return group((_label(item, labels) for item in ranked), id="designations")


def _place(units: Sequence[Unit], names: Mapping[str, str], frame: Frame) -> tuple[PlacedUnit, ...]:
    if not units:
        return ()
    homes = np.array([frame.at(unit.at) for unit in units], dtype=np.float64)
    reach = np.array([_reach(unit, names[unit.id]) for unit in units], dtype=np.float64)
    centres = spread(homes, reach, frame.box)
    return tuple(
        PlacedUnit(
            unit=unit,
            designation=names[unit.id],
            glyph=glyph(unit.sidc),
            scale=_scale(unit),
            centre=(float(centre[0]), float(centre[1])),
            home=(float(home[0]), float(home[1])),
        )
        for unit, centre, home in zip(units, centres, homes, strict=True)
    )


def _most_crowded(placed: Sequence[PlacedUnit], shown: Mapping[SideId, Sequence[Unit]]) -> SideId | None:
    """The side that should show fewer units; None where all can be read or none can be left out."""
    worst = {side: 0.0 for side, units in shown.items() if len(_without_lowest(units)) < len(units)}
    for item in placed:
        if item.unit.side in worst:
            worst[item.unit.side] = max(worst[item.unit.side], item.moved)
    if not worst:
        return None
    side = max(worst, key=lambda name: (worst[name], len(shown[name]), name))
    return side if worst[side] > FARTHEST or len(placed) > MOST_UNITS else None


def _without_lowest(units: Sequence[Unit]) -> list[Unit]:
    """The units above the lowest echelon, or all where too few would be left."""
    lowest = min((RANK[unit.echelon] for unit in units), default=0)
    higher = [unit for unit in units if RANK[unit.echelon] > lowest]
    return higher if len(higher) >= FEWEST else list(units)


def _scale(unit: Unit) -> float:
    return FRAME_UNITS[unit.echelon] / FRAME_WIDTH


def _style(unit: Unit) -> Style:
    higher = RANK[unit.echelon] >= RANK[Echelon.COMPANY]
    return Style(size=11.0 if higher else 9.5, fill=SIDE_INK[unit.side], bold=True)


def _reach(unit: Unit, designation: str) -> tuple[float, float, float, float]:
    """How far the symbol and the designation below it reach left, up, right and down of the centre."""
    drawing, scale = glyph(unit.sidc), _scale(unit)
    width, height = _style(unit).box(designation)
    return (
        max((CENTRE - drawing.left) * scale, width / 2) + GAP,
        (CENTRE - drawing.top) * scale + GAP,
        max((drawing.left + drawing.width - CENTRE) * scale, width / 2) + GAP,
        (drawing.top + drawing.height - CENTRE) * scale + height + 3 + GAP,
    )


def _leader(item: PlacedUnit) -> str:
    if item.moved < LEADER_FROM:
        return ""
    ink = SIDE_INK[item.unit.side]
    x, y = item.home
    line = path((item.centre, item.home), stroke=ink, stroke_width=0.9, stroke_opacity=0.7)
    return line + element("circle", cx=x, cy=y, r=2, fill=ink)


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
    width, height = style.box(item.designation)
    x, y = item.centre[0], (box.top + box.bottom) / 2
    spots = (
        (x, box.bottom + height / 2 + 1.5),
        (box.right + width / 2 + 3, y),
        (box.left - width / 2 - 3, y),
        (x, box.top - height / 2 - 1.5),
    )
    return labels.first_free(spots, item.designation, style)
