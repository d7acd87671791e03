"""The ground as a picture: land-cover tints, hillshade, contour lines and water, from the two grids.

The picture is north up (row 0 is the top), while a grid's row 0 is the southernmost: it is flipped
here and nowhere else. All arithmetic is float32 on small arrays and ends in 8-bit colours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.canonical import sha256_hex
from workbench.cartography.palette import COVER_TINTS, WATER_TINT
from workbench.cartography.png import Picture
from workbench.errors import MissingError, VerificationError
from workbench.scenario.model import COVER_CODES, Cover, Grid, Scenario

__all__ = ["Relief", "contour_interval_m", "ground_picture", "read_relief"]

Heights = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint8]

SUN_AZIMUTH_DEG = 315.0
"""Light from the north-west, the convention that keeps hills from reading as hollows (Imhof 1965)."""
SUN_ALTITUDE_DEG = 45.0
SHADE_STRENGTH = 0.62
STEEP_SLOPE_PERCENTILE = 92.0
TARGET_STEEP_SLOPE = 0.45
"""Slopes are exaggerated until the steep ones reach this gradient, so that low relief is seen too."""
EXAGGERATION = (1.0, 5.0)

CONTOURS_WANTED = 18
CONTOUR_STEPS_M = (2, 5, 10, 20, 25, 50, 100, 200)
INDEX_EVERY = 5
CONTOUR_INK = np.array((150, 104, 62), dtype=np.float32)
CONTOUR_ALPHA, INDEX_ALPHA = 0.38, 0.72
CONTOUR_WIDTH_PX, INDEX_WIDTH_PX = 0.9, 1.5
SHORE_INK = np.array((72, 128, 170), dtype=np.float32)

_DRAWN_AS_LINES = (Cover.ROAD, Cover.TRACK)
_OVER_WATER = (Cover.BRIDGE, Cover.FORD)
_GAP_PASSES = 6
"""Passes that close the strips left by roads; a road in the grid is at most this many cells wide."""
_SMOOTHING_CELLS = 1.2


@dataclass(frozen=True, slots=True)
class Relief:
    """The two grids of a scenario as arrays, south row first."""

    heights_m: Heights
    cover: Codes
    cell_m: float

    def height_at(self, east_m: float, north_m: float) -> float:
        """Height in metres of the nearest sample; positions outside read the edge."""
        rows, columns = self.heights_m.shape
        row = min(max(round(north_m / self.cell_m), 0), rows - 1)
        column = min(max(round(east_m / self.cell_m), 0), columns - 1)
        return float(self.heights_m[row, column])


def read_relief(scenario: Scenario, blobs: Mapping[str, bytes]) -> Relief:
    """The scenario's grids.

    Raises:
        MissingError: a grid that the scenario names is not among ``blobs``.
        VerificationError: a blob has another digest or another size than the scenario says.
    """
    terrain = scenario.terrain
    heights = _samples(terrain.heights, blobs, "<i4")
    cover = _samples(terrain.cover, blobs, "u1")
    return Relief(
        heights_m=heights.astype(np.float32) / np.float32(100),
        cover=cover.astype(np.uint8),
        cell_m=terrain.heights.cell_cm / 100,
    )


def ground_picture(relief: Relief, side_m: int, pixels: int, *, west_m: float = 0, south_m: float = 0) -> Picture:
    """A picture of the square of ``side_m`` whose corner is ``west_m``, ``south_m``; ``pixels`` wide, north up."""
    sampling = _Sampling(relief.cell_m, pixels, side_m / pixels, west_m, south_m)
    heights = sampling.of(relief.heights_m)
    codes = _smooth_codes(_without_lines(relief.cover), sampling)
    water = codes == COVER_CODES.index(Cover.WATER)
    colour = _tints()[codes]
    colour *= np.where(water, np.float32(1), _shade(heights, sampling.metres_per_pixel))[..., None]
    interval = contour_interval_m(relief, side_m, west_m=west_m, south_m=south_m)
    _draw_contours(colour, heights, water, interval)
    _draw_shores(colour, water)
    return np.ascontiguousarray(np.clip(colour, 0, 255)[::-1].astype(np.uint8))


def contour_interval_m(relief: Relief, side_m: int, *, west_m: float = 0, south_m: float = 0) -> int:
    """Metres between contour lines of a square: the step that draws about :data:`CONTOURS_WANTED` of them."""
    rows, columns = (
        slice(int(low / relief.cell_m), int((low + side_m) / relief.cell_m) + 1) for low in (south_m, west_m)
    )
    heights = relief.heights_m[rows, columns]
    span = float(heights.max() - heights.min())
    return next((step for step in CONTOUR_STEPS_M if span / step <= CONTOURS_WANTED), CONTOUR_STEPS_M[-1])


@dataclass(frozen=True, slots=True)
class _Sampling:
    """Where the pixels of a square picture lie on a grid."""

    cell_m: float
    pixels: int
    metres_per_pixel: float
    west_m: float
    south_m: float

    def of(self, grid: Heights) -> Heights:
        """Bilinear samples of ``grid`` at the centres of the pixels, south row first."""
        row, row_part = self._split(self.south_m, grid.shape[0])
        column, column_part = self._split(self.west_m, grid.shape[1])
        north = grid[row] * (1 - row_part)[:, None] + grid[row + 1] * row_part[:, None]
        both = north[:, column] * (1 - column_part) + north[:, column + 1] * column_part
        result: Heights = both.astype(np.float32)
        return result

    def _split(self, start_m: float, count: int) -> tuple[npt.NDArray[np.intp], Heights]:
        """Index of the sample before each pixel's centre, and how far beyond it the centre lies (0 … 1)."""
        at = (start_m + (np.arange(self.pixels) + 0.5) * self.metres_per_pixel) / self.cell_m
        whole = np.clip(np.floor(at), 0, count - 2).astype(np.intp)
        part: Heights = np.clip(at - whole, 0, 1).astype(np.float32)
        return whole, part


def _samples(grid: Grid, blobs: Mapping[str, bytes], kind: str) -> npt.NDArray[np.integer[Any]]:
    blob = blobs.get(grid.sha256)
    if blob is None:
        raise MissingError(f"the {grid.kind} grid {grid.sha256[:12]}… is not among the blobs of the scenario")
    if sha256_hex(blob) != grid.sha256:
        raise VerificationError(f"the {grid.kind} grid is damaged: its digest is not {grid.sha256[:12]}…")
    expected = grid.rows * grid.cols * np.dtype(kind).itemsize
    if len(blob) != expected:
        raise VerificationError(f"the {grid.kind} grid must have {expected} bytes, got {len(blob)}")
    samples: npt.NDArray[np.integer[Any]] = np.frombuffer(blob, dtype=kind).reshape(grid.rows, grid.cols)
    return samples


def _tints() -> npt.NDArray[np.float32]:
    """Colour by cover code; codes beyond the list (a damaged grid) are drawn as open ground."""
    table = np.tile(np.array(COVER_TINTS[Cover.OPEN], dtype=np.float32), (256, 1))
    for code, cover in enumerate(COVER_CODES):
        table[code] = COVER_TINTS.get(cover, WATER_TINT if cover in _OVER_WATER else COVER_TINTS[Cover.OPEN])
    return table


def _without_lines(cover: Codes) -> Codes:
    """The cover with roads given to their neighbours and bridges to the water below."""
    filled = cover.copy()
    for kind in _OVER_WATER:
        filled[filled == COVER_CODES.index(kind)] = COVER_CODES.index(Cover.WATER)
    lines = np.isin(filled, [COVER_CODES.index(kind) for kind in _DRAWN_AS_LINES])
    water = COVER_CODES.index(Cover.WATER)
    for step in range(_GAP_PASSES):
        if not lines.any():
            break
        axis, shift = step % 2, 1 if step % 4 < 2 else -1
        neighbour, unknown = np.roll(filled, shift, axis), np.roll(lines, shift, axis)
        take = lines & ~unknown & (neighbour != water)
        filled[take] = neighbour[take]
        lines &= ~take
    filled[lines] = COVER_CODES.index(Cover.OPEN)
    return filled


def _smooth_codes(cover: Codes, sampling: _Sampling) -> Codes:
    """The class with the most weight at each pixel: rounded outlines in place of cell corners."""
    shape = (sampling.pixels, sampling.pixels)
    best, codes = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.uint8)
    for code in np.unique(cover):
        weight = sampling.of(_blur((cover == code).astype(np.float32)))
        wins = weight > best
        best[wins] = weight[wins]
        codes[wins] = code
    return codes


def _blur(grid: Heights) -> Heights:
    """Binomial 1-2-1 smoothing along both axes."""
    for axis in (0, 1):
        before = np.roll(grid, 1, axis)
        after = np.roll(grid, -1, axis)
        edge = [slice(None), slice(None)]
        edge[axis] = slice(0, 1)
        before[tuple(edge)] = grid[tuple(edge)]
        edge[axis] = slice(-1, None)
        after[tuple(edge)] = grid[tuple(edge)]
        grid = ((before + after) * np.float32(0.25) + grid * np.float32(0.5)).astype(np.float32)
    return grid


def _shade(heights: Heights, metres_per_pixel: float) -> Heights:
    """Brightness from 1 − strength (facing away) to a little over 1 (facing the light)."""
    north_slope, east_slope = np.gradient(_blur(heights), metres_per_pixel)
    slope = np.hypot(north_slope, east_slope)
    steep = float(np.percentile(slope, STEEP_SLOPE_PERCENTILE))
    factor = np.float32(np.clip(TARGET_STEEP_SLOPE / max(steep, 1e-6), *EXAGGERATION))
    azimuth, altitude = np.radians(SUN_AZIMUTH_DEG), np.radians(SUN_ALTITUDE_DEG)
    east_sun, north_sun = np.sin(azimuth) * np.cos(altitude), np.cos(azimuth) * np.cos(altitude)
    facing = (np.sin(altitude) - factor * (east_slope * east_sun + north_slope * north_sun)) / np.sqrt(
        1 + (factor * slope) ** 2
    )
    shade: Heights = (1 + SHADE_STRENGTH * (facing - np.sin(altitude))).astype(np.float32)
    return shade


def _draw_contours(colour: Heights, heights: Heights, water: npt.NDArray[np.bool_], interval: int) -> None:
    """Blend contour ink by each pixel's distance, in pixels, from the nearest contour."""
    smooth = _blur(_blur(heights))
    steepness = np.hypot(*np.gradient(smooth))
    for step, width, alpha in (
        (interval, CONTOUR_WIDTH_PX, CONTOUR_ALPHA),
        (interval * INDEX_EVERY, INDEX_WIDTH_PX, INDEX_ALPHA),
    ):
        off = np.abs(smooth / step - np.round(smooth / step)) * step
        distance = off / np.maximum(steepness, np.float32(1e-3))
        ink = (np.clip(width / 2 + 0.5 - distance, 0, 1) * alpha * (steepness > 1e-3) * ~water)[..., None]
        colour *= 1 - ink
        colour += ink * CONTOUR_INK


def _draw_shores(colour: Heights, water: npt.NDArray[np.bool_]) -> None:
    land = ~water
    shore = water & (np.roll(land, 1, 0) | np.roll(land, -1, 0) | np.roll(land, 1, 1) | np.roll(land, -1, 1))
    colour[shore] = colour[shore] * 0.35 + SHORE_INK * 0.65
