"""The map's own typeface, so that a map looks the same on every machine, and its measures.

DejaVu Sans in two weights; the licence lies beside the files. Widths come from the ``cmap`` and
``hmtx`` tables of the TrueType files (ISO/IEC 14496-22), which is all that placing labels needs.
"""

import struct
from functools import lru_cache
from pathlib import Path

__all__ = ["FAMILY", "font_files", "text_width"]

FAMILY = "DejaVu Sans"
_HERE = Path(__file__).parent
_REGULAR = _HERE / "DejaVuSans.ttf"
_BOLD = _HERE / "DejaVuSans-Bold.ttf"

_PLATFORM_WINDOWS, _ENCODING_BMP = 3, 1
_MISSING_GLYPH = 0


def font_files() -> list[str]:
    """Paths of the typeface's files."""
    return [str(_REGULAR), str(_BOLD)]


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of ``text`` set at ``size``, in the same unit as ``size``."""
    advances, units_per_em = _advances(_BOLD if bold else _REGULAR)
    fallback = advances.get(65533, units_per_em)
    return sum(advances.get(ord(character), fallback) for character in text) * size / units_per_em


@lru_cache(maxsize=2)
def _advances(path: Path) -> tuple[dict[int, int], int]:
    """Advance width by code point, and the units per em."""
    font = path.read_bytes()
    tables = _tables(font)
    units_per_em: int = struct.unpack_from(">H", font, tables[b"head"] + 18)[0]
    count: int = struct.unpack_from(">H", font, tables[b"hhea"] + 34)[0]
    widths = [pair[0] for pair in struct.iter_unpack(">HH", _slice(font, tables[b"hmtx"], count * 4))]
    glyphs = _glyphs(font, tables[b"cmap"])
    return {code: widths[min(glyph, count - 1)] for code, glyph in glyphs.items()}, units_per_em


def _tables(font: bytes) -> dict[bytes, int]:
    (count,) = struct.unpack_from(">H", font, 4)
    records = struct.iter_unpack(">4sIII", _slice(font, 12, count * 16))
    return {tag: offset for tag, _, offset, _ in records}


def _glyphs(font: bytes, cmap: int) -> dict[int, int]:
    """Glyph index by code point, from the Windows BMP subtable (format 4)."""
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for platform, encoding, offset in struct.iter_unpack(">HHI", _slice(font, cmap + 4, count * 8)):
        if (platform, encoding) == (_PLATFORM_WINDOWS, _ENCODING_BMP):
            return _format_4(font, cmap + offset)
    return {}


def _format_4(font: bytes, start: int) -> dict[int, int]:
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    ends = struct.unpack_from(f">{doubled // 2}H", font, start + 14)
    starts = struct.unpack_from(f">{doubled // 2}H", font, start + 16 + doubled)
    deltas = struct.unpack_from(f">{doubled // 2}H", font, start + 16 + 2 * doubled)
    offsets_at = start + 16 + 3 * doubled
    glyphs: dict[int, int] = {}
    for index, (first, last, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        (offset,) = struct.unpack_from(">H", font, offsets_at + 2 * index)
        for code in range(first, last + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", font, offsets_at + 2 * index + offset + 2 * (code - first))
            if not offset or glyph != _MISSING_GLYPH:
                glyphs[code] = (glyph + delta) & 0xFFFF
    return glyphs


def _slice(font: bytes, start: int, length: int) -> bytes:
    return font[start : start + length]
