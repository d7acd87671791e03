"""The ground as the composer, the rules and the router read it: heights, cover, slope and mobility.

A :class:`Ground` is a :class:`~workbench.scenario.model.Terrain` together with its two grids. Sample
``(row, col)`` stands at ``(col * cell_cm, row * cell_cm)``; the cell of a point is the nearest sample.
Everything is integer arithmetic, so every machine reads the same ground.

Mobility rules (planning figures, day, dry; weather is the composer's business):

* FOOT goes everywhere but into water and onto cliffs; WHEELED neither into forest or marsh nor up more
  than 30 %; TRACKED up to 60 %; AIR everywhere; STATIC stands where FOOT can and moves nowhere.
* Roads, tracks, bridges and fords are engineered: slope slows but never blocks on them.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.canonical import sha256_hex
from workbench.errors import ScenarioFileError
from workbench.scenario.model import COVER_CODES, Cover, Grid, Mobility, Point, Terrain

__all__ = ["COVER_SPEEDS_CM_S", "MAX_SLOPE_PERMILLE", "NO_ENTRY", "Ground", "slope_grid", "speed_table"]

HeightGrid = NDArray[np.int32]
CoverGrid = NDArray[np.uint8]
SlopeGrid = NDArray[np.int32]
AnyGrid = TypeVar("AnyGrid", bound=NDArray[np.generic])

MAX_SLOPE_PERMILLE: Final[Mapping[Mobility, int]] = {
    # A person climbs without hands up to about 45 degrees; steeper is a cliff.
    Mobility.FOOT: 1000,
    Mobility.STATIC: 1000,
    # FM 34-130 and FM 5-33 call ground above 30 % restricted; loaded trucks are built for about that.
    Mobility.WHEELED: 300,
    # Tracked combat vehicles are specified for a 60 % gradient (M1, M2, M113, Leopard 2 data sheets).
    Mobility.TRACKED: 600,
}


COVER_SPEEDS_CM_S: Final[Mapping[Mobility, Mapping[Cover, int]]] = {
    # FM 21-18 rates of march: 4.0 km/h (111 cm/s) on roads, 2.4 km/h (67 cm/s) across country by day;
    # the rest is scaled between by how much the cover hinders walking.
    Mobility.FOOT: {
        Cover.OPEN: 100, Cover.FIELD: 90, Cover.SCRUB: 75, Cover.FOREST: 67, Cover.BUILT_UP: 83,
        Cover.WATER: 0, Cover.MARSH: 33, Cover.SAND: 67, Cover.ROCK: 56, Cover.SNOW: 50,
        Cover.ROAD: 111, Cover.TRACK: 111, Cover.BRIDGE: 111, Cover.FORD: 42,
    },
    # Convoys are planned at 40 … 50 km/h on roads and 10 … 20 km/h across country.
    Mobility.WHEELED: {
        Cover.OPEN: 556, Cover.FIELD: 417, Cover.SCRUB: 278, Cover.FOREST: 0, Cover.BUILT_UP: 417,
        Cover.WATER: 0, Cover.MARSH: 0, Cover.SAND: 278, Cover.ROCK: 139, Cover.SNOW: 222,
        Cover.ROAD: 1250, Cover.TRACK: 694, Cover.BRIDGE: 833, Cover.FORD: 139,
    },
    # Tracked columns: 30 … 40 km/h on roads, about 20 km/h across open country, walking pace in woods.
    Mobility.TRACKED: {
        Cover.OPEN: 556, Cover.FIELD: 556, Cover.SCRUB: 444, Cover.FOREST: 139, Cover.BUILT_UP: 278,
        Cover.WATER: 0, Cover.MARSH: 83, Cover.SAND: 444, Cover.ROCK: 194, Cover.SNOW: 333,
        Cover.ROAD: 972, Cover.TRACK: 694, Cover.BRIDGE: 556, Cover.FORD: 139,
    },
    # Utility helicopters transit at about 100 knots.
    Mobility.AIR: dict.fromkeys(Cover, 5000),
    Mobility.STATIC: dict.fromkeys(Cover, 0),
}  # fmt: skip

_HIGHEST_RISE_CM: Final = 2_000_000
"""Rises are cut here (20 km) so that the arithmetic stays in 32 bits."""

_ENGINEERED: Final = (Cover.ROAD, Cover.TRACK, Cover.BRIDGE, Cover.FORD)

NO_ENTRY: Final = 0
"""Speed and pace of a cell that a mobility class cannot enter."""

_PACE_US_PER_M: Final = 100 * 1_000_000


def speed_table(mobility: Mobility) -> NDArray[np.int32]:
    """Speed in cm/s on level ground by cover code."""
    speeds = COVER_SPEEDS_CM_S[mobility]
    return np.array([speeds[cover] for cover in COVER_CODES], dtype=np.int32)


def slope_grid(heights: HeightGrid, cell_cm: int) -> NDArray[np.int32]:
    """Steepness of every sample in permille (1000 = 45 degrees).

    Central differences (one-sided at the rim) joined as ``max + 3/8 min``, which is within 7 % of the
    Euclidean length and stays in integers.
    """
    north = _difference(heights, axis=0, cell_cm=cell_cm)
    east = _difference(heights, axis=1, cell_cm=cell_cm)
    steepness: SlopeGrid = np.maximum(north, east) + (np.minimum(north, east) * 3 >> 3)
    return steepness


def _difference(heights: HeightGrid, *, axis: int, cell_cm: int) -> NDArray[np.int32]:
    """Absolute slope along one axis in permille."""
    rise = np.empty(heights.shape, dtype=np.int32)
    source, target = (heights, rise) if axis == 0 else (heights.T, rise.T)
    target[1:-1] = source[2:] - source[:-2]
    target[0] = (source[1] - source[0]) * 2
    target[-1] = (source[-1] - source[-2]) * 2
    np.abs(rise, out=rise)
    rise = np.minimum(rise, _HIGHEST_RISE_CM)
    permille: SlopeGrid = rise * 500 // cell_cm
    return permille


class Ground:
    """Terrain with its grids, ready to be asked. Grids are read-only; answers never change."""

    def __init__(self, terrain: Terrain, *, heights: HeightGrid, cover: CoverGrid) -> None:
        self.terrain = terrain
        self.rows: int = heights.shape[0]
        self.cols: int = heights.shape[1]
        self.cell_cm = terrain.heights.cell_cm
        self.side_cm = (self.cols - 1) * self.cell_cm
        self.heights = _read_only(heights)
        self.cover = _read_only(cover)
        self._slopes: SlopeGrid | None = None
        self._speeds: dict[Mobility, NDArray[np.int32]] = {}
        self._paces: dict[Mobility, NDArray[np.int32]] = {}

    @classmethod
    def from_blobs(cls, terrain: Terrain, blobs: Mapping[str, bytes]) -> "Ground":
        """The ground of a scenario document and its blobs.

        Raises:
            ScenarioFileError: a grid is missing, or its size, digest or cover codes are wrong, or the
                two grids do not match.
        """
        heights = _grid(terrain.heights, blobs, dtype="<i4", kind="height_cm_i32").astype(np.int32)
        cover = _grid(terrain.cover, blobs, dtype="<u1", kind="cover_u8").astype(np.uint8)
        if heights.shape != cover.shape or terrain.heights.cell_cm != terrain.cover.cell_cm:
            raise ScenarioFileError("the height grid and the cover grid differ in size")
        if int(cover.max()) >= len(COVER_CODES):
            raise ScenarioFileError(f"the cover grid has code {int(cover.max())}, expected below {len(COVER_CODES)}")
        return cls(terrain, heights=heights, cover=cover)

    # ------------------------------------------------------------ where

    def contains(self, point: Point) -> bool:
        """The point lies in the area, its rim included."""
        north_cm = (self.rows - 1) * self.cell_cm
        return 0 <= point.east_cm <= self.side_cm and 0 <= point.north_cm <= north_cm

    def cell_of(self, point: Point) -> tuple[int, int]:
        """``(row, col)`` of the nearest sample; points outside are brought to the rim."""
        half = self.cell_cm // 2
        row = (point.north_cm + half) // self.cell_cm
        col = (point.east_cm + half) // self.cell_cm
        return min(max(row, 0), self.rows - 1), min(max(col, 0), self.cols - 1)

    def point_of(self, row: int, col: int) -> Point:
        """Where the sample stands."""
        return Point(east_cm=int(col) * self.cell_cm, north_cm=int(row) * self.cell_cm)

    # ------------------------------------------------------------ what is there

    def height_cm(self, point: Point) -> int:
        """Height at any point, bilinear between the four samples around it, rounded down."""
        row = min(max(point.north_cm // self.cell_cm, 0), self.rows - 2)
        col = min(max(point.east_cm // self.cell_cm, 0), self.cols - 2)
        up = min(max(point.north_cm - row * self.cell_cm, 0), self.cell_cm)
        right = min(max(point.east_cm - col * self.cell_cm, 0), self.cell_cm)
        south_west, south_east = (int(h) for h in self.heights[row, col : col + 2])
        north_west, north_east = (int(h) for h in self.heights[row + 1, col : col + 2])
        south = south_west * (self.cell_cm - right) + south_east * right
        north = north_west * (self.cell_cm - right) + north_east * right
        return (south * (self.cell_cm - up) + north * up) // (self.cell_cm * self.cell_cm)

    def cover_at(self, point: Point) -> Cover:
        """Land cover of the nearest sample."""
        return COVER_CODES[int(self.cover[self.cell_of(point)])]

    def slope_permille(self, point: Point) -> int:
        """Steepness at the nearest sample; 1000 is 45 degrees."""
        return int(self.slopes[self.cell_of(point)])

    @property
    def slopes(self) -> SlopeGrid:
        """Steepness of every sample in permille, read-only."""
        if self._slopes is None:
            self._slopes = _read_only(slope_grid(self.heights, self.cell_cm))
        return self._slopes

    # ------------------------------------------------------------ who can go

    def passable(self, mobility: Mobility, point: Point) -> bool:
        """Something of this mobility class can be at the point (inside the area)."""
        return self.contains(point) and bool(self.passable_grid(mobility)[self.cell_of(point)])

    def passable_grid(self, mobility: Mobility) -> NDArray[np.bool_]:
        """Where something of this mobility class can be, for every sample."""
        standing = Mobility.FOOT if mobility is Mobility.STATIC else mobility
        where: NDArray[np.bool_] = self.speed_grid(standing) != NO_ENTRY
        return where

    def speed_cm_s(self, mobility: Mobility, point: Point) -> int:
        """Speed at the point in cm/s; 0 where the class cannot go or does not move."""
        return int(self.speed_grid(mobility)[self.cell_of(point)]) if self.contains(point) else NO_ENTRY

    def speed_grid(self, mobility: Mobility) -> NDArray[np.int32]:
        """Speed in cm/s of every sample, read-only; 0 where the class cannot go."""
        if mobility not in self._speeds:
            self._speeds[mobility] = _read_only(self._reckon_speeds(mobility))
        return self._speeds[mobility]

    def cost_grid(self, mobility: Mobility) -> NDArray[np.int32]:
        """Microseconds per metre of every sample, read-only; 0 where the class cannot go."""
        if mobility not in self._paces:
            speed = self.speed_grid(mobility)
            pace = np.where(speed > 0, _PACE_US_PER_M // np.maximum(speed, 1), NO_ENTRY)
            self._paces[mobility] = _read_only(pace.astype(np.int32))
        return self._paces[mobility]

    def _reckon_speeds(self, mobility: Mobility) -> NDArray[np.int32]:
        """Level speed by cover, slowed by slope to a quarter at the class's limit, 0 beyond it."""
        level: NDArray[np.int32] = speed_table(mobility)[self.cover]
        limit = MAX_SLOPE_PERMILLE.get(mobility)
        if limit is None or mobility is Mobility.STATIC:
            return level
        slope = np.minimum(self.slopes, limit)
        slowed: NDArray[np.int32] = np.maximum(level * (4 * limit - 3 * slope) // (4 * limit), np.minimum(level, 1))
        too_steep = (self.slopes > limit) & ~_engineered(self.cover)
        slowed[too_steep] = NO_ENTRY
        return slowed


def _engineered(cover: CoverGrid) -> NDArray[np.bool_]:
    table = np.array([kind in _ENGINEERED for kind in COVER_CODES])
    where: NDArray[np.bool_] = table[cover]
    return where


def _read_only(grid: AnyGrid) -> AnyGrid:
    view = grid.view()
    view.flags.writeable = False
    return view


def _grid(grid: Grid, blobs: Mapping[str, bytes], *, dtype: str, kind: str) -> NDArray[np.generic]:
    """The blob of ``grid`` as an array, after proving that it is that blob."""
    if grid.kind != kind:
        raise ScenarioFileError(f"the grid {grid.sha256[:12]} is of kind {grid.kind}, expected {kind}")
    blob = blobs.get(grid.sha256)
    if blob is None:
        raise ScenarioFileError(f"the blob {grid.sha256} of the {kind} grid is missing")
    expected = grid.rows * grid.cols * np.dtype(dtype).itemsize
    if len(blob) != expected:
        raise ScenarioFileError(f"the {kind} blob has {len(blob)} bytes, expected {expected}")
    if sha256_hex(blob) != grid.sha256:
        raise ScenarioFileError(f"the {kind} blob is damaged: its digest is not {grid.sha256}")
    return np.frombuffer(blob, dtype=dtype).reshape(grid.rows, grid.cols)
