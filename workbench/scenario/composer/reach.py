"""Which ground a force can use: passable for all its mobility classes and in one piece."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario._regions import region_grid
from workbench.scenario.ground import Ground
from workbench.scenario.model import Mobility, Point

__all__ = ["Reach"]

Mask = NDArray[np.bool_]

_KEPT: Final = 32
"""Masks remembered; a composition asks for fewer."""


class Reach:
    """Masks of usable ground, remembered because the grids are large."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._regions: dict[Mobility, NDArray[np.int32]] = {}
        self._masks: dict[tuple[tuple[Mobility, int], ...], Mask] = {}

    def passable(self, mobility: Mobility, point: Point) -> bool:
        """The class can be there; the point lies in the area."""
        return bool(self._region(mobility)[self.ground.cell_of(point)] >= 0)

    def mask(self, mobilities: Iterable[Mobility], linked: Point | None = None) -> Mask:
        """Cells that every class can enter and reach from ``linked``; without it, of the largest piece."""
        pieces = []
        for mobility in sorted(set(mobilities)):
            region = self._region(mobility)
            piece = int(region[self.ground.cell_of(linked)]) if linked is not None else -1
            pieces.append((mobility, piece if piece >= 0 else _largest(region)))
        key = tuple(pieces)
        if key not in self._masks:
            if len(self._masks) >= _KEPT:
                del self._masks[next(iter(self._masks))]
            self._masks[key] = self._cut(key)
        return self._masks[key]

    def _cut(self, pieces: tuple[tuple[Mobility, int], ...]) -> Mask:
        mask = np.ones((self.ground.rows, self.ground.cols), dtype=np.bool_)
        for mobility, piece in pieces:
            mask &= self._region(mobility) == piece
        return mask

    def _region(self, mobility: Mobility) -> NDArray[np.int32]:
        if mobility not in self._regions:
            self._regions[mobility] = region_grid(self.ground.passable_grid(mobility))
        return self._regions[mobility]


def _largest(region: NDArray[np.int32]) -> int:
    """Number of the region with the most cells, the lowest number among equals."""
    inside = region[region >= 0]
    return int(np.bincount(inside).argmax()) if len(inside) else -2
