"""Land cover: what grows or lies where, in the shares that the kind of terrain asks for.

Woods, scrub and marsh are level sets of noise, cut at the quantile that gives the wished share; fields are
parcels on gentle ground; rock shows on steep slopes; snow lies on heights (everywhere in the arctic).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario.ground import slope_grid
from workbench.scenario.model import Cover
from workbench.scenario.streams import Streams
from workbench.scenario.terrain.canvas import CODE, Canvas
from workbench.scenario.terrain.noise import fractal
from workbench.scenario.terrain.shapes import Shape

__all__ = ["paint_cover"]

Mask = NDArray[np.bool_]
Field = NDArray[np.int32]

_WOOD_WAVE_M: Final = 1_800
_PARCEL_M: Final = 160
_SAMPLE_EVERY: Final = 7
"""Quantiles are read from every 7th sample each way: 20,000 of a million are plenty."""

_FIELD_SLOPE: Final = 100
_MARSH_SLOPE: Final = 60
_BARE_SLOPE: Final = 800
"""Steeper than 80 % no soil stays."""


def paint_cover(canvas: Canvas, shape: Shape, streams: Streams) -> None:
    """Paint every dry sample; water stays."""
    land = ~canvas.water
    slopes = slope_grid(canvas.heights, canvas.cell_cm)
    wood = _noise(canvas, streams, "wood")
    _paint_open(canvas, shape, streams, land, wood)
    _paint_fields(canvas, shape, streams, land & (slopes < _FIELD_SLOPE))
    _paint_band(canvas, land, wood, 1000 - shape.forest - shape.scrub, 1000 - shape.forest, Cover.SCRUB)
    _paint_band(canvas, land, wood, 1000 - shape.forest, 1000, Cover.FOREST)
    if shape.marsh:
        wetness = _noise(canvas, streams, "marsh")
        _paint_band(canvas, land & (slopes < _MARSH_SLOPE), wetness, 1000 - shape.marsh, 1000, Cover.MARSH)
    if shape.snow:
        _paint_band(canvas, land, canvas.heights, 1000 - shape.snow, 1000, Cover.SNOW, over=_UNDER_SNOW)
    canvas.cover[land & (slopes > _BARE_SLOPE)] = CODE[Cover.ROCK]


_UNDER_SNOW: Final = (Cover.OPEN, Cover.FIELD, Cover.ROCK, Cover.SAND)


def _paint_open(canvas: Canvas, shape: Shape, streams: Streams, land: Mask, wood: Field) -> None:
    """Sand and bare rock of dry country."""
    if shape.sand or shape.rock:
        bare = _noise(canvas, streams, "bare")
        _paint_band(canvas, land, bare, 0, shape.rock, Cover.ROCK)
        _paint_band(canvas, land, bare, shape.rock, shape.rock + shape.sand, Cover.SAND)


def _paint_fields(canvas: Canvas, shape: Shape, streams: Streams, gentle: Mask) -> None:
    """Rectangular parcels, each under the plough or not."""
    if not shape.field:
        return
    side = canvas.cells(_PARCEL_M)
    count = canvas.samples // side + 1
    draws = streams.named("cover.parcels").raw(count * count) >> np.uint64(54)
    ploughed = (draws.astype(np.int64) * 1000 >> 10 < shape.field).reshape(count, count)
    parcel = np.arange(canvas.samples) // side
    canvas.cover[ploughed[np.ix_(parcel, parcel)] & gentle] = CODE[Cover.FIELD]


def _paint_band(
    canvas: Canvas, where: Mask, noise: Field, low: int, high: int, cover: Cover, over: tuple[Cover, ...] = ()
) -> None:
    """Paint samples whose noise lies between two permille quantiles of the land."""
    low = max(low, 0)
    if low >= high:
        return
    values = np.sort(noise[::_SAMPLE_EVERY, ::_SAMPLE_EVERY][where[::_SAMPLE_EVERY, ::_SAMPLE_EVERY]])
    if not len(values):
        return
    band = where & (noise >= values[len(values) * low // 1000]) if low else where.copy()
    if high < 1000:
        band &= noise < values[len(values) * high // 1000]
    if over:
        band &= np.isin(canvas.cover, [CODE[under] for under in over])
    canvas.cover[band] = CODE[cover]


def _noise(canvas: Canvas, streams: Streams, label: str) -> Field:
    return fractal(
        canvas.heights.shape,
        streams=streams,
        label=f"cover.{label}",
        wavelength=canvas.cells(_WOOD_WAVE_M),
        octaves=6,
        gain_percent=58,
    )
