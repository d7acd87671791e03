"""Paints sea, rivers and lakes on the canvas, and keeps every course running downhill.

A height under water is the height of the water's surface. Along a course the surface falls or stays; land
beside it is kept a little above it and, close by, not much above, so that banks can be reached.
"""

from itertools import pairwise
from math import isqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario.model import Cover
from workbench.scenario.terrain.canvas import CODE, Canvas, Cell
from workbench.scenario.terrain.drainage import Course, Lake
from workbench.scenario.terrain.raster import cells_touched, disc_offsets

__all__ = ["PaintedCourse", "cut_valley", "paint_course", "paint_lakes", "paint_sea"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_LEAST_BANK_CM: Final = 30
_MOST_BANK_CM: Final = 120
_BANK_SLOPE_PERMILLE: Final = 180
_BANK_CELLS: Final = 4
_VALLEY_FLOOR_M: Final = 120
_CORNER_CUTS: Final = 2

PaintedCourse = tuple[Cell, ...]
"""Corners of a course as painted, downstream, in samples."""

Corner = tuple[int, int, int]
"""Row and column of a sample and the height of the water there."""

_NO_LINE: Final = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), ())


def paint_sea(canvas: Canvas, inland: NDArray[np.int32]) -> None:
    """Sea at height 0 where ``inland`` is negative; the land rises from it over an eighth of the area."""
    shore = max(canvas.wish.cells // 8, 1)
    away = shore - np.clip(inland, 0, shore).astype(np.int64)
    # Rises quickly behind the shore and without a kink at its end: h · (1 − (away / shore)²).
    canvas.heights[:] = _LEAST_BANK_CM + canvas.heights * (shore * shore - away * away) // (shore * shore)
    sea = inland < 0
    canvas.heights[sea] = 0
    canvas.cover[sea] = CODE[Cover.WATER]
    canvas.still_water |= sea


def cut_valley(canvas: Canvas, course: Course, side_slope_permille: int) -> None:
    """Lower the land towards the course so that its bed is the bottom of a valley and not of a gorge."""
    positions = canvas.positions
    ceiling = np.full((canvas.nodes, canvas.nodes), np.iinfo(np.int32).max, dtype=np.int64)
    floor = canvas.cells(_VALLEY_FLOOR_M + course.width_m // 2)
    for (row, col), bed in zip(course.nodes, course.beds_cm, strict=True):
        up = np.abs(positions - positions[row])[:, None]
        right = np.abs(positions - positions[col])[None, :]
        away = np.maximum(up, right) + (np.minimum(up, right) * 3 >> 3)
        rise = np.maximum(away - floor, 0) * canvas.cell_cm * side_slope_permille // 1000
        np.minimum(ceiling, bed + _MOST_BANK_CM + rise, out=ceiling)
    limit = canvas.stretched(_smoothed(np.minimum(ceiling, int(canvas.heights.max()))))
    # An eighth of what is cut away stays, as the texture of the slopes.
    canvas.heights -= np.maximum(canvas.heights - limit, 0) * 7 >> 3


def _smoothed(values: Ints) -> Ints:
    """Mean over 3 × 3 nodes, twice: the cones around neighbouring nodes of a course become one slope."""
    for _ in range(2):
        padded = np.pad(values, 1, mode="edge")
        values = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).sum(axis=(2, 3)) // 9
    return values


def paint_course(canvas: Canvas, course: Course) -> PaintedCourse:
    """Paint the course up to the first water of another one and return its corners."""
    planned = zip(course.nodes, course.beds_cm, strict=True)
    corners = _rounded([(*canvas.cell_of(node), bed) for node, bed in planned], _CORNER_CUTS)
    rows, cols, beds, painted = _centre_line(canvas, corners)
    if not painted:
        return ()
    half = course.width_m // canvas.wish.cell_m // 2
    beside, away, owner = _nearest_on_line(canvas, rows, cols, half + _BANK_CELLS)
    flat_heights, flat_cover = canvas.heights.ravel(), canvas.cover.ravel()
    dry = flat_cover[beside] != CODE[Cover.WATER]
    beside, away, surface = beside[dry], away[dry], beds[owner[dry]]
    wet = away <= half * half
    flat_heights[beside[wet]] = surface[wet]
    flat_cover[beside[wet]] = CODE[Cover.WATER]
    bank, surface = beside[~wet], surface[~wet]
    from_water = np.maximum(_whole_roots(away[~wet]) - half, 0) * canvas.cell_cm
    highest = surface + _MOST_BANK_CM + from_water * _BANK_SLOPE_PERMILLE // 1000
    flat_heights[bank] = np.clip(flat_heights[bank], surface + _LEAST_BANK_CM, highest)
    return painted


def _whole_roots(squares: Ints) -> Ints:
    """Integer square roots of small squares, by table."""
    table = np.array([isqrt(square) for square in range(int(squares.max(initial=0)) + 1)], dtype=np.int64)
    roots: Ints = table[squares]
    return roots


def _rounded(corners: list[Corner], times: int) -> list[Corner]:
    """Cut the corners (Chaikin); ends stay and beds still never rise."""
    for _ in range(times):
        cut = [corners[0]]
        for a, b in pairwise(corners):
            cut.append(((3 * a[0] + b[0]) // 4, (3 * a[1] + b[1]) // 4, (3 * a[2] + b[2]) // 4))
            cut.append(((a[0] + 3 * b[0]) // 4, (a[1] + 3 * b[1]) // 4, (a[2] + 3 * b[2]) // 4))
        corners = [*cut, corners[-1]]
    return corners


def _centre_line(canvas: Canvas, corners: list[Corner]) -> tuple[Ints, Ints, Ints, PaintedCourse]:
    """Rows, columns and beds of the samples under the line, and its corners.

    A line that begins in a lake is taken from where it leaves it, and every line ends at the first water
    that it meets. Cutting a leg short may move the samples under it, so cut until nothing is left to cut.
    """
    while True:
        corners = [corners[0], *(b for a, b in pairwise(corners) if a[:2] != b[:2])]
        if len(corners) < 2:
            return _NO_LINE
        legs = [_leg(canvas, a, b) for a, b in pairwise(corners)]
        rows, cols, beds = (np.concatenate(part) for part in zip(*legs, strict=True))
        start, stop = _dry_stretch(canvas.cover[rows, cols] == CODE[Cover.WATER])
        if start == 0 and stop == len(rows) - 1:
            break
        ends = np.cumsum([len(leg[0]) for leg in legs]).tolist()
        places = [start, *(end - 1 for end in ends if start < end - 1 < stop), stop]
        corners = [(int(rows[at]), int(cols[at]), int(beds[at])) for at in places]
    if canvas.cover[rows[-1], cols[-1]] == CODE[Cover.WATER]:
        # The water that is met may stand higher than planned; then nothing upstream is lower than it.
        beds = np.maximum(beds, canvas.heights[rows[-1], cols[-1]])
    return rows, cols, _level_in_loops(rows * canvas.samples + cols, beds), tuple(c[:2] for c in corners)


def _level_in_loops(cells: Ints, beds: Ints) -> Ints:
    """Where the line comes back to a sample the water between the two visits is level."""
    places = np.arange(len(cells))
    _, where = np.unique(cells, return_inverse=True)
    last_visit = np.zeros(len(cells), dtype=np.int64)
    np.maximum.at(last_visit, where, places)
    reach = np.maximum.accumulate(last_visit[where])
    loop_ends = np.flatnonzero(reach == places)
    level: Ints = beds[loop_ends[np.searchsorted(loop_ends, places)]]
    return level


def _dry_stretch(wet: Mask) -> tuple[int, int]:
    """First and last place of a line: at most its first and its last sample are wet."""
    if wet.all():
        return 0, 0
    start = max(int(wet.argmin()) - 1, 0)
    met = np.flatnonzero(wet[start + 1 :])
    return start, start + 1 + int(met[0]) if len(met) else len(wet) - 1


def _leg(canvas: Canvas, a: Corner, b: Corner) -> tuple[Ints, Ints, Ints]:
    """Samples under one straight part, and the bed at each."""
    rows, cols = cells_touched(canvas.point(a[:2]), canvas.point(b[:2]), canvas.cell_cm)
    fall = (b[2] - a[2]) * np.arange(len(rows), dtype=np.int64) // (len(rows) - 1)
    return rows, cols, a[2] + fall


def _nearest_on_line(canvas: Canvas, rows: Ints, cols: Ints, reach: int) -> tuple[Ints, Ints, Ints]:
    """Samples within ``reach`` of the line: flat index, squared distance, and nearest place on the line."""
    up, right = disc_offsets(reach)
    far_rows, far_cols = rows[:, None] + up[None, :], cols[:, None] + right[None, :]
    inside = (far_rows >= 0) & (far_rows < canvas.samples) & (far_cols >= 0) & (far_cols < canvas.samples)
    flat = (far_rows * canvas.samples + far_cols)[inside]
    away = np.broadcast_to(up * up + right * right, inside.shape)[inside]
    place = np.broadcast_to(np.arange(len(rows))[:, None], inside.shape)[inside]
    best = np.full(canvas.samples * canvas.samples, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(best, flat, (away << 32) + place)
    beside = np.flatnonzero(best != np.iinfo(np.int64).max)
    return beside, best[beside] >> 32, best[beside] & 0xFFFFFFFF


def paint_lakes(canvas: Canvas, lakes: tuple[Lake, ...]) -> None:
    """Fill each hollow to its level."""
    nearest = np.minimum((np.arange(canvas.samples) + canvas.step // 2) // canvas.step, canvas.nodes - 1)
    for lake in lakes:
        grown = lake.nodes.copy()
        grown[1:] |= lake.nodes[:-1]
        grown[:-1] |= lake.nodes[1:]
        grown[:, 1:] |= lake.nodes[:, :-1]
        grown[:, :-1] |= lake.nodes[:, 1:]
        wet = grown[np.ix_(nearest, nearest)] & (canvas.heights <= lake.level_cm) & ~canvas.water
        canvas.heights[wet] = lake.level_cm
        canvas.cover[wet] = CODE[Cover.WATER]
        canvas.still_water |= wet
