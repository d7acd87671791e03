"""Exact rasters of lines and discs: which cells a straight leg touches.

The cell of sample ``(row, col)`` is the square of one cell's size around it. All answers are exact
integers: a leg that passes through the corner shared by four cells touches all four, so nothing that is
proven along a leg slips between two diagonal neighbours.
"""

import numpy as np
from numpy.typing import NDArray

from workbench.scenario.model import Point

__all__ = ["cells_touched", "disc_offsets", "offsets_touched"]

Cells = NDArray[np.int64]


def cells_touched(a: Point, b: Point, cell_cm: int) -> tuple[Cells, Cells]:
    """Rows and columns of every cell that the segment touches, in order from ``a`` to ``b``.

    Where the segment passes exactly through a corner both side cells are included.
    """
    # Twice the coordinates, shifted by half a cell, so that cell borders are multiples of 2 * cell_cm.
    size = 2 * cell_cm
    start = (2 * a.north_cm + cell_cm, 2 * a.east_cm + cell_cm)
    end = (2 * b.north_cm + cell_cm, 2 * b.east_cm + cell_cm)
    rise, run = abs(end[0] - start[0]), abs(end[1] - start[1])
    # A border at distance d along an axis is met after d / span of the leg: compare d * other span.
    north = _border_distances(start[0], end[0], size) * run
    east = _border_distances(start[1], end[1], size) * rise
    return _walk(
        (start[0] // size, start[1] // size),
        (1 if end[0] >= start[0] else -1, 1 if end[1] >= start[1] else -1),
        north if run else _border_distances(start[0], end[0], size),
        east if rise else _border_distances(start[1], end[1], size),
    )


def _border_distances(start: int, end: int, size: int) -> Cells:
    """How far along one axis the borders between start's cell and end's cell lie."""
    if end >= start:
        borders = np.arange(start // size + 1, end // size + 1, dtype=np.int64) * size
        return borders - start
    borders = np.arange(start // size, end // size, -1, dtype=np.int64) * size
    return start - borders


def _walk(first: tuple[int, int], step: tuple[int, int], north: Cells, east: Cells) -> tuple[Cells, Cells]:
    """Cells in the order in which their borders are crossed; ``north`` and ``east`` are ascending."""
    order = np.argsort(np.concatenate([north, east]), kind="stable")
    is_north = order < len(north)
    rows = first[0] + step[0] * np.concatenate([[0], np.cumsum(is_north)])
    cols = first[1] + step[1] * np.concatenate([[0], np.cumsum(~is_north)])
    # At a tie the stable order has gone north first; the other side cell is the one gone east first.
    met = np.concatenate([north, east])[order]
    ties = np.flatnonzero(is_north[:-1] & ~is_north[1:] & (met[:-1] == met[1:])) if len(met) > 1 else order[:0]
    rows, cols = rows.astype(np.int64), cols.astype(np.int64)
    return np.insert(rows, ties + 1, rows[ties]), np.insert(cols, ties + 1, cols[ties] + step[1])


def offsets_touched(rows: int, cols: int) -> tuple[tuple[int, int], ...]:
    """``(row, col)`` offsets of every cell that a leg between two samples so far apart touches."""
    leg = cells_touched(Point(east_cm=0, north_cm=0), Point(east_cm=cols * 2, north_cm=rows * 2), 2)
    return tuple(zip(leg[0].tolist(), leg[1].tolist(), strict=True))


def disc_offsets(radius: int) -> tuple[Cells, Cells]:
    """Row and column offsets of the samples within ``radius`` cells, nearest row first."""
    span = np.arange(-radius, radius + 1, dtype=np.int64)
    rows, cols = np.meshgrid(span, span, indexing="ij")
    inside = rows * rows + cols * cols <= radius * radius
    return rows[inside], cols[inside]
