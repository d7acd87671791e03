"""The military grid: UTM lines across the frame and their principal digits along its edges.

The lines are straight in UTM, not in the area's own plane: near the edge of a zone they lean by up to
three degrees (grid convergence), and are drawn so.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from workbench.cartography.frame import Frame
from workbench.cartography.palette import GRID
from workbench.cartography.projection import UtmFrame
from workbench.cartography.svg import XY, element, group, path, text

__all__ = ["MilitaryGrid", "frame_border"]

STEPS_M = (1_000, 2_000, 5_000, 10_000, 20_000)
MOST_LINES = 21
LABEL_SIZE = 10.5
LABEL_GAP = 5.0
_SAMPLES = 9
"""Points per line: a UTM line bends by less than a tenth of a sheet unit between them."""
_OVERRUN = 0.02
"""Lines are traced this part of the side beyond the frame, so that each surely crosses its edges."""


@dataclass(frozen=True)
class MilitaryGrid:
    frame: Frame

    @cached_property
    def step_m(self) -> int:
        """Metres between lines: 1 km wherever that draws at most :data:`MOST_LINES` lines."""
        side = self.frame.window.side_m
        return next((step for step in STEPS_M if side / step <= MOST_LINES), STEPS_M[-1])

    def lines(self) -> str:
        """Grid lines clipped to the frame, stronger every 10 km."""
        drawn = (path(line, stroke_width=1.1 if value % 10_000 == 0 else 0.55) for _, value, line in self._lines)
        return group(drawn, id="grid", stroke=GRID, stroke_opacity=0.5, clip_path="url(#frame)")

    def edge_labels(self) -> str:
        """Principal digits where the lines leave the frame: eastings below and above, northings at the sides."""
        return group(self._edge_labels(), id="grid-digits")

    @cached_property
    def _lines(self) -> tuple[tuple[str, int, tuple[XY, ...]], ...]:
        """Axis, UTM metres and sheet points of every line that crosses the frame."""
        utm, window = UtmFrame(self.frame.area), self.frame.window
        corners = [
            utm.to_utm(window.west_m + east, window.south_m + north)
            for east in (0, window.side_m)
            for north in (0, window.side_m)
        ]
        west, *_, east = sorted(easting for easting, _ in corners)
        south, *_, north = sorted(northing for _, northing in corners)
        beyond = window.side_m * _OVERRUN
        found = [
            ("easting", value, self._trace(utm, (value, south - beyond), (value, north + beyond)))
            for value in _multiples(west, east, self.step_m)
        ]
        found += [
            ("northing", value, self._trace(utm, (west - beyond, value), (east + beyond, value)))
            for value in _multiples(south, north, self.step_m)
        ]
        return tuple(found)

    def _trace(self, utm: UtmFrame, start: XY, end: XY) -> tuple[XY, ...]:
        parts = [index / (_SAMPLES - 1) for index in range(_SAMPLES)]
        return tuple(
            self.frame.at_metres(
                *utm.to_local(start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            )
            for part in parts
        )

    def _edge_labels(self) -> Iterator[str]:
        for axis, value, line in self._lines:
            digits = f"{value // 1000 % 100:02d}"
            yield from self._below_and_above(line, digits) if axis == "easting" else self._beside(line, digits)

    def _below_and_above(self, line: tuple[XY, ...], digits: str) -> Iterator[str]:
        box = self.frame.box
        for edge, baseline in ((box.bottom, box.bottom + LABEL_GAP + 8), (box.top, box.top - LABEL_GAP)):
            x = _crossing_at(line, edge, along=1)
            if x is not None and box.left + 6 < x < box.right - 6:
                yield _digits(x, baseline, digits, "middle")

    def _beside(self, line: tuple[XY, ...], digits: str) -> Iterator[str]:
        box = self.frame.box
        for edge, x, anchor in (
            (box.left, box.left - LABEL_GAP, "end"),
            (box.right, box.right + LABEL_GAP, "start"),
        ):
            y = _crossing_at(line, edge, along=0)
            if y is not None and box.top + 6 < y < box.bottom - 6:
                yield _digits(x, y + LABEL_SIZE * 0.36, digits, anchor)


def _digits(x: float, y: float, digits: str, anchor: str) -> str:
    return text(x, y, digits, size=LABEL_SIZE, anchor=anchor, bold=True, fill=GRID)


def _multiples(low: float, high: float, step: int) -> range:
    return range(int(-(-low // step)) * step, int(high) + 1, step)


def _crossing_at(line: tuple[XY, ...], edge: float, *, along: int) -> float | None:
    """The other coordinate where ``line`` crosses x (along 0) or y (along 1) = ``edge``."""
    other = 1 - along
    for start, end in itertools.pairwise(line):
        low, high = sorted((start[along], end[along]))
        if low <= edge <= high and high > low:
            part = (edge - start[along]) / (end[along] - start[along])
            return start[other] + (end[other] - start[other]) * part
    return None


def frame_border(frame: Frame) -> str:
    """The neat line around the map."""
    box = frame.box
    return element(
        "rect",
        x=box.left,
        y=box.top,
        width=frame.size,
        height=frame.size,
        fill="none",
        stroke=GRID,
        stroke_width=1.4,
    )
