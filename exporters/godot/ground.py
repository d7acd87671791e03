"""The grids of a scenario as the raw files that the add-on reads.

``heights.f32`` is little-endian 32-bit floats in metres (Godot reads a 16-bit PNG as 8 bits: measured with
4.6.3), ``cover.u8`` one byte for each cell. Both are row-major with row 0 in the *north*, because rows count
along Godot's +Z; the blobs of the scenario begin in the south. A height below 83 km survives the way to
32-bit metres and back to whole centimetres.
"""

from collections.abc import Mapping

import numpy as np

from workbench.errors import ScenarioFileError
from workbench.scenario.model import Grid

__all__ = ["cover_u8", "heights_f32"]


def heights_f32(grid: Grid, blobs: Mapping[str, bytes]) -> bytes:
    """The heights of ``grid`` in metres, north row first.

    Raises:
        ScenarioFileError: the blob is missing or has another size than the grid says.
    """
    centimetres = np.frombuffer(_blob(grid, blobs, item_bytes=4), dtype="<i4").reshape(grid.rows, grid.cols)
    return (centimetres[::-1] / 100.0).astype("<f4").tobytes()


def cover_u8(grid: Grid, blobs: Mapping[str, bytes]) -> bytes:
    """The land cover codes of ``grid``, north row first.

    Raises:
        ScenarioFileError: the blob is missing or has another size than the grid says.
    """
    codes = np.frombuffer(_blob(grid, blobs, item_bytes=1), dtype="u1").reshape(grid.rows, grid.cols)
    return codes[::-1].tobytes()


def _blob(grid: Grid, blobs: Mapping[str, bytes], *, item_bytes: int) -> bytes:
    blob = blobs.get(grid.sha256)
    expected = grid.rows * grid.cols * item_bytes
    if blob is None:
        raise ScenarioFileError(f"the {grid.kind} grid {grid.sha256} is not among the blobs")
    if len(blob) != expected:
        raise ScenarioFileError(f"the {grid.kind} grid has {len(blob)} bytes, expected {expected}")
    return blob
