"""Integer value noise: smooth random fields from the raw bits of named streams.

One octave is a coarse lattice of random integers, stretched over the grid with the smoothstep
``3t² − 2t³`` in fixed point. Its values lie in ±:data:`UNIT`. A fractal is a sum of octaves, each of half
the wavelength of the one before and weaker by a gain. All of it is 32-bit integer arithmetic, which no
compiler, processor or thread count can round differently.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario.streams import Stream, Streams

__all__ = ["UNIT", "Field", "fractal", "octave", "ridged"]

Field = NDArray[np.int32]

UNIT: Final = 1 << 14
"""The magnitude of a full-strength octave: one octave lies in −UNIT … UNIT."""

_T_BITS: Final = 12
"""Fixed-point bits of the interpolation weight: 14 + 1 + 12 bits stay below 31."""


def octave(rows: int, cols: int, wavelength: int, stream: Stream) -> Field:
    """One octave over ``rows`` × ``cols`` samples, its lattice points ``wavelength`` samples apart.

    The lattice is shifted by a random part of the wavelength so that octaves do not line up.
    """
    shift_row, shift_col = stream.below(wavelength), stream.below(wavelength)
    lattice_rows = (rows + shift_row) // wavelength + 2
    lattice_cols = (cols + shift_col) // wavelength + 2
    bits = stream.raw(lattice_rows * lattice_cols) >> np.uint64(49)
    lattice = (bits.astype(np.int32) - UNIT).reshape(lattice_rows, lattice_cols)
    return _stretch(_stretch(lattice, rows, wavelength, shift_row).T, cols, wavelength, shift_col).T


def _stretch(lattice: Field, samples: int, wavelength: int, shift: int) -> Field:
    """Interpolate along the first axis."""
    at = np.arange(samples, dtype=np.int64) + shift
    index, t = at // wavelength, (at % wavelength << _T_BITS) // wavelength
    one = 1 << _T_BITS
    smooth = (t * t * (3 * one - 2 * t) >> 2 * _T_BITS).astype(np.int32)[:, None]
    low = lattice[index]
    stretched: Field = low + ((lattice[index + 1] - low) * smooth >> _T_BITS)
    return stretched


def fractal(
    shape: tuple[int, int], *, streams: Streams, label: str, wavelength: int, octaves: int, gain_percent: int
) -> Field:
    """A sum of octaves; the first has full strength. Values lie within ±UNIT / (1 − gain).

    Octaves of fewer than two samples are left out.
    """
    total = np.zeros(shape, dtype=np.int32)
    strength = 1 << 10
    for number in range(octaves):
        length = wavelength >> number
        if length < 2:
            break
        layer = octave(shape[0], shape[1], length, streams.named(f"{label}.octave.{number}"))
        total += layer * strength >> 10
        strength = strength * gain_percent // 100
    return total


def ridged(
    shape: tuple[int, int], *, streams: Streams, label: str, wavelength: int, octaves: int, gain_percent: int
) -> Field:
    """Like :func:`fractal`, but folded at zero so that it has sharp crests; each octave is 0 … UNIT."""
    total = np.zeros(shape, dtype=np.int32)
    strength = 1 << 10
    for number in range(octaves):
        length = wavelength >> number
        if length < 2:
            break
        layer = octave(shape[0], shape[1], length, streams.named(f"{label}.ridge.{number}"))
        total += (UNIT - np.abs(layer)) * strength >> 10
        strength = strength * gain_percent // 100
    return total
