"""Straight legs over the ground: whether they can be travelled, how long they are and how long they take.

This is the rule that every route is held to, kept apart from the search that finds routes: a leg is
traversable when it stays in the area and every cell that it touches can be entered.
"""

from math import isqrt
from typing import Final

import numpy as np

from workbench.scenario.ground import NO_ENTRY, Ground
from workbench.scenario.model import Mobility, Point
from workbench.scenario.terrain.raster import cells_touched

__all__ = ["leg_is_traversable", "leg_length_cm", "leg_time_us", "whole_seconds"]

_CM_PER_M: Final = 100
_US_PER_S: Final = 1_000_000


def leg_length_cm(a: Point, b: Point) -> int:
    """Length of the straight leg, rounded down to a centimetre."""
    return isqrt((a.east_cm - b.east_cm) ** 2 + (a.north_cm - b.north_cm) ** 2)


def leg_time_us(ground: Ground, mobility: Mobility, a: Point, b: Point) -> int | None:
    """Microseconds for the leg at the mean pace of the cells it touches; None where it is blocked."""
    if not (ground.contains(a) and ground.contains(b)):
        return None
    rows, cols = cells_touched(a, b, ground.cell_cm)
    paces = ground.cost_grid(mobility)[rows, cols]
    if bool(np.any(paces == NO_ENTRY)):
        return None
    return leg_length_cm(a, b) * int(paces.sum(dtype=np.int64)) // (len(rows) * _CM_PER_M)


def leg_is_traversable(ground: Ground, mobility: Mobility, a: Point, b: Point) -> bool:
    """Something of this mobility class can go straight from ``a`` to ``b``."""
    return leg_time_us(ground, mobility, a, b) is not None


def whole_seconds(time_us: int) -> int:
    """Microseconds rounded up to seconds."""
    return -(-time_us // _US_PER_S)
