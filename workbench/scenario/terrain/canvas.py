"""The terrain while it is being built: two grids that stages paint on, and the lattice they plan on.

Planning (where water runs, where roads go) happens on nodes some samples apart, as few as 126 a side, and
is painted on every sample. Grids change; once the builder is done nobody holds a canvas any more.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario.model import COVER_CODES, Cover, Point
from workbench.scenario.terrain.wish import TerrainWish

__all__ = ["CODE", "Canvas", "Cell", "Node"]

Ints = NDArray[np.int64]

Cell = tuple[int, int]
"""Row and column of a sample."""

Node = tuple[int, int]
"""Row and column of a node of the planning lattice."""

CODE: Final = {cover: COVER_CODES.index(cover) for cover in Cover}
"""Code of each land cover in the cover grid."""

_NODES_A_SIDE: Final = 125


@dataclass(slots=True)
class Canvas:
    """Grids of one terrain under construction."""

    wish: TerrainWish
    heights: NDArray[np.int32]
    cover: NDArray[np.uint8]
    step: int
    """Samples between planning nodes."""
    positions: Ints
    """Sample index of each planning row (and column); the last is the rim."""
    still_water: NDArray[np.bool_] = field(init=False)
    """Samples of sea and lakes, which roads go around; rivers are not among them."""
    deep_water: NDArray[np.bool_] = field(init=False)
    """Samples of sea, lakes and the river, which a track does not simply ford."""

    def __post_init__(self) -> None:
        self.still_water = np.zeros(self.heights.shape, dtype=np.bool_)
        self.deep_water = np.zeros(self.heights.shape, dtype=np.bool_)

    @classmethod
    def blank(cls, wish: TerrainWish, heights: NDArray[np.int32]) -> "Canvas":
        """Open land of these heights."""
        step = max(1, -(-wish.cells // _NODES_A_SIDE))
        positions = np.arange(0, wish.cells + 1, step, dtype=np.int64)
        positions[-1] = wish.cells
        cover = np.full(heights.shape, CODE[Cover.OPEN], dtype=np.uint8)
        return cls(wish=wish, heights=heights, cover=cover, step=step, positions=positions)

    @property
    def samples(self) -> int:
        """Samples along one side."""
        return self.wish.cells + 1

    @property
    def nodes(self) -> int:
        """Planning nodes along one side."""
        return len(self.positions)

    @property
    def cell_cm(self) -> int:
        return self.wish.cell_m * 100

    @property
    def water(self) -> NDArray[np.bool_]:
        """Samples under water."""
        wet: NDArray[np.bool_] = self.cover == CODE[Cover.WATER]
        return wet

    def cells(self, metres: int) -> int:
        """A distance in samples, at least one."""
        return max(1, metres // self.wish.cell_m)

    def at_nodes(self, grid: NDArray[np.int32]) -> Ints:
        """The grid's values at the planning nodes."""
        return grid[np.ix_(self.positions, self.positions)].astype(np.int64)

    def cell_of(self, node: Node) -> Cell:
        """The sample of a planning node."""
        return int(self.positions[node[0]]), int(self.positions[node[1]])

    def point(self, cell: Cell) -> Point:
        """Where a sample stands."""
        return Point(east_cm=int(cell[1]) * self.cell_cm, north_cm=int(cell[0]) * self.cell_cm)

    def stretched(self, at_nodes: Ints) -> NDArray[np.int32]:
        """Values at the planning nodes interpolated to every sample (bilinear, rounded down)."""
        return self._stretched_rows(self._stretched_rows(at_nodes).T).T.astype(np.int32)

    def _stretched_rows(self, values: Ints) -> Ints:
        sample = np.arange(self.samples, dtype=np.int64)
        low = np.minimum(sample // self.step, self.nodes - 2)
        gap = self.positions[low + 1] - self.positions[low]
        part = ((sample - self.positions[low] << 10) // gap)[:, None]
        stretched: Ints = values[low] + ((values[low + 1] - values[low]) * part >> 10)
        return stretched
