"""Fixtures for maps: the hand-made scenario, and a reader for PNG files."""

import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from workbench.scenario.model import Scenario

sys.path.insert(0, str(Path(__file__).parent))

from hand_made import hand_made

Made = tuple[Scenario, dict[str, bytes]]
Pixels = npt.NDArray[np.uint8]


@pytest.fixture(scope="session")
def made() -> Made:
    return hand_made()


@pytest.fixture(scope="session")
def read_png() -> Callable[[bytes], Pixels]:
    return decode_png


def decode_png(data: bytes) -> Pixels:
    """Rows × columns × channels of an 8-bit PNG without interlace (ISO/IEC 15948, clause 9)."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    chunks = _chunks(data)
    columns, rows, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert depth == 8
    channels = {2: 3, 6: 4}[colour]
    raw = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(rows, 1 + columns * channels)
    return _unfiltered(raw, channels).reshape(rows, columns, channels)


def _chunks(data: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    at = 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + body)
        found[kind] = found.get(kind, b"") + body
        at += 12 + length
    return found


def _unfiltered(raw: Pixels, channels: int) -> Pixels:
    lines = np.zeros((raw.shape[0] + 1, raw.shape[1] - 1), dtype=np.int32)
    for row, (kind, *_) in enumerate(raw):
        line, above = raw[row, 1:].astype(np.int32), lines[row]
        if kind == 2:
            line = line + above
        elif kind:
            line = _filtered_left(line, above, int(kind), channels)
        lines[row + 1] = line & 0xFF
    return lines[1:].astype(np.uint8)


def _filtered_left(
    line: npt.NDArray[np.int32], above: npt.NDArray[np.int32], kind: int, channels: int
) -> npt.NDArray[np.int32]:
    done = [0] * (len(line) + channels)
    up = [0] * channels + above.tolist()
    for at, value in enumerate(line.tolist()):
        left, over, corner = done[at], up[at + channels], up[at]
        guess = {1: left, 3: (left + over) // 2, 4: _paeth(left, over, corner)}[kind]
        done[at + channels] = (value + guess) & 0xFF
    return np.array(done[channels:], dtype=np.int32)


def _paeth(left: int, over: int, corner: int) -> int:
    estimate = left + over - corner
    return min((left, over, corner), key=lambda value: abs(estimate - value))
