"""A PNG writer for 8-bit RGB pictures (ISO/IEC 15948), so that drawing needs no imaging library."""

import base64
import struct
import zlib

import numpy as np
import numpy.typing as npt

__all__ = ["Picture", "data_url", "encode_png"]

Picture = npt.NDArray[np.uint8]
"""Rows × columns × 3 (red, green, blue); row 0 is the top."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FILTER_SUB = 1
"""Each byte minus the one a pixel to the left: halves the size of shaded relief."""
_COMPRESSION = 6


def encode_png(picture: Picture) -> bytes:
    """The PNG file of ``picture``; the same picture gives the same bytes."""
    rows, columns, _ = picture.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(_filtered(picture), _COMPRESSION)),
            _chunk(b"IEND", b""),
        )
    )


def data_url(png: bytes) -> str:
    """``data:`` URL of a PNG file, for an SVG image or a web map's overlay."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _filtered(picture: Picture) -> bytes:
    rows, columns, _ = picture.shape
    lines = np.empty((rows, 1 + columns * 3), dtype=np.uint8)
    lines[:, 0] = _FILTER_SUB
    lines[:, 1:4] = picture[:, 0]
    lines[:, 4:] = (picture[:, 1:] - picture[:, :-1]).reshape(rows, -1)
    return lines.tobytes()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
