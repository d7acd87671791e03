"""Choosing places to build: dry, level and apart from each other.

Candidates are nodes of the planning lattice that have no water within a step and a half, so that nothing
built on one can stand in water.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.errors import CompositionError
from workbench.scenario.streams import Stream
from workbench.scenario.terrain.canvas import Canvas, Node

__all__ = ["Siting"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_CANDIDATES: Final = 48
_MARGIN_PERCENT: Final = 8
_BUMP_REACH: Final = 2


class Siting:
    """Knows how level and how dry each node is, and what is taken."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.bumps_cm = _height_range_around(canvas.at_nodes(canvas.heights))
        self.near_water = _any_around(canvas.water, canvas)
        margin = max(canvas.nodes * _MARGIN_PERCENT // 100, _BUMP_REACH + 1)
        self.inner = (margin, canvas.nodes - 1 - margin)
        self.taken: list[Node] = []

    def choose(self, stream: Stream, spacing_percent: int) -> Node:
        """Take the most level dry node of a random handful, ``spacing_percent`` of the side from others.

        Where there is no such room the spacing shrinks.

        Raises:
            CompositionError: the whole area is water.
        """
        if bool(self.near_water[self.inner[0] : self.inner[1] + 1, self.inner[0] : self.inner[1] + 1].all()):
            raise CompositionError("the terrain has no dry ground to build on; try another seed")
        spacing = self.canvas.nodes * spacing_percent // 100
        while True:
            drawn = [(stream.between(*self.inner), stream.between(*self.inner)) for _ in range(_CANDIDATES)]
            free = [node for node in drawn if self.is_free(node, spacing)]
            if free:
                return self.take(min(free, key=lambda node: (int(self.bumps_cm[node]), node)))
            spacing = spacing * 3 // 4

    def nearest(self, wanted: Node) -> Node:
        """Take the dry inner node nearest to ``wanted``."""
        low, high = self.inner
        rows, cols = np.nonzero(~self.near_water[low : high + 1, low : high + 1])
        away = (rows + low - wanted[0]) ** 2 + (cols + low - wanted[1]) ** 2
        if not len(away):
            raise CompositionError("the terrain has no dry ground to build on; try another seed")
        best = int(away.argmin())
        return self.take((int(rows[best]) + low, int(cols[best]) + low))

    def take(self, node: Node) -> Node:
        """Mark the node as taken."""
        self.taken.append(node)
        return node

    def is_free(self, node: Node, spacing: int) -> bool:
        """Dry, and at least ``spacing`` nodes from whatever is taken."""
        if self.near_water[node]:
            return False
        return all(max(abs(node[0] - row), abs(node[1] - col)) >= spacing for row, col in self.taken)


def _height_range_around(heights: Ints) -> Ints:
    """Difference between highest and lowest node within two steps of each node."""
    padded = np.pad(heights, _BUMP_REACH, mode="edge")
    width = 2 * _BUMP_REACH + 1
    windows = np.lib.stride_tricks.sliding_window_view(padded, (width, width))
    spread: Ints = windows.max(axis=(2, 3)) - windows.min(axis=(2, 3))
    return spread


def _any_around(mask: Mask, canvas: Canvas) -> Mask:
    """Whether the mask is true within a step and a half of each node, by summed areas."""
    reach = canvas.step + canvas.step // 2
    sums = np.zeros((canvas.samples + 1, canvas.samples + 1), dtype=np.int32)
    sums[1:, 1:] = np.cumsum(np.cumsum(mask, axis=0, dtype=np.int32), axis=1)
    low = np.maximum(canvas.positions - reach, 0)
    high = np.minimum(canvas.positions + reach + 1, canvas.samples)
    inside = sums[np.ix_(high, high)] - sums[np.ix_(low, high)] - sums[np.ix_(high, low)] + sums[np.ix_(low, low)]
    around: Mask = inside > 0
    return around
