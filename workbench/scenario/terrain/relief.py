"""Heights before any water has run over them.

Rolling hills and sharp crests are integer fractals; dunes are a shorter wave on top. On a coast the land
falls to sea level along one side of the area, with a winding shore.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario.streams import Streams
from workbench.scenario.terrain.noise import UNIT, fractal, octave, ridged
from workbench.scenario.terrain.shapes import Shape
from workbench.scenario.terrain.wish import TerrainWish

__all__ = ["land_heights", "sea_inland_cells"]

Heights = NDArray[np.int32]

_LONGEST_WAVE_M: Final = 5_000
_OCTAVES: Final = 8
_LOWEST_LAND_CM: Final = 300
_DUNE_WAVE_M: Final = 350


def land_heights(wish: TerrainWish, shape: Shape, streams: Streams) -> Heights:
    """Heights in centimetres, lowest :data:`_LOWEST_LAND_CM` above the base of the area."""
    samples = (wish.cells + 1, wish.cells + 1)
    wave = min(_LONGEST_WAVE_M // wish.cell_m, wish.cells * 2 // 3)
    options = {"wavelength": max(wave, 4), "octaves": _OCTAVES, "gain_percent": shape.gain_percent}
    unit = fractal(samples, streams=streams, label="relief", **options) * (100 - shape.ridge_percent) // 100
    if shape.ridge_percent:
        unit += ridged(samples, streams=streams, label="relief", **options) * shape.ridge_percent // 100
    # UNIT is 2^14 and a sum of waves stays below 2^16, so 2^16 · relief in centimetres / 2^4 fits 32 bits.
    heights = (unit >> 2) * (shape.relief_m * 100 >> 2) >> 10
    if shape.dunes_m:
        heights += _dunes(wish, shape, streams)
    base = 0 if shape.coast else streams.named("relief.base").between(20, 20 + shape.relief_m) * 100
    return heights - (int(heights.min()) - _LOWEST_LAND_CM - base)


def _dunes(wish: TerrainWish, shape: Shape, streams: Streams) -> Heights:
    """Crests about 350 m apart."""
    wave = max(_DUNE_WAVE_M // wish.cell_m, 4)
    crest = UNIT - np.abs(octave(wish.cells + 1, wish.cells + 1, wave, streams.named("relief.dunes")))
    return (crest >> 2) * (shape.dunes_m * 100) >> 12


def sea_inland_cells(wish: TerrainWish, streams: Streams) -> NDArray[np.int32]:
    """How many samples inland of the shore each sample is; negative is sea.

    The sea lies on one side, about a fifth of the area.
    """
    samples = wish.cells + 1
    stream = streams.named("coast")
    shore = wish.cells * stream.between(16, 24) // 100
    wave = fractal(
        (samples, samples),
        streams=streams,
        label="coast",
        wavelength=wish.cells // 3,
        octaves=6,
        gain_percent=48,
    )
    inland = np.arange(samples, dtype=np.int32)[:, None] - shore + (wave * (wish.cells // 12) >> 14)
    quarter_turns = stream.below(4)
    return np.ascontiguousarray(np.rot90(inland, quarter_turns)).astype(np.int32)
