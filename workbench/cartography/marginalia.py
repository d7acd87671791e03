"""What stands around the map: classification, title, grid reference, scale bar, north arrow, legend."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from workbench.cartography.fonts import text_width
from workbench.cartography.frame import Frame
from workbench.cartography.palette import (
    COVER_TINTS,
    INK,
    MUTED,
    OBSTACLE,
    ROAD_CASING,
    ROAD_FILL,
    SIDE_INK,
    WATER_INK,
    hex_colour,
)
from workbench.cartography.projection import UtmFrame, to_geographic, to_mgrs
from workbench.cartography.relief import Relief
from workbench.cartography.svg import element, group, path, text
from workbench.cartography.symbols import FRAME_WIDTH, glyph
from workbench.scenario.model import COVER_CODES, Cover, Point, Scenario, SideId

__all__ = [
    "BANNER_HEIGHT",
    "CLASSIFICATION",
    "banner",
    "date_time_group",
    "legend",
    "locator",
    "scale_and_north",
    "title_block",
]

CLASSIFICATION = "EXERCISE - TRAINING"
BANNER_HEIGHT = 24.0
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_SCALE_LENGTHS_M = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
_SCALE_LONGEST = 210.0
"""Sheet units."""
LOCATOR_SIDE = 96.0
_COVER_NAMES = {
    Cover.OPEN: "open",
    Cover.FIELD: "field",
    Cover.SCRUB: "scrub",
    Cover.FOREST: "forest",
    Cover.BUILT_UP: "built-up",
    Cover.WATER: "water",
    Cover.MARSH: "marsh",
    Cover.SAND: "sand",
    Cover.ROCK: "rock",
    Cover.SNOW: "snow",
}
_SAMPLES = (
    ("10031000001211000000", "own"),
    ("10061000001211000000", "enemy"),
    ("10041000001211000000", "neutral"),
)
"""Frames of the three affiliations with the infantry sign."""
_ECHELONS = (
    ("10031000121211000000", "squad"),
    ("10031000141211000000", "platoon"),
    ("10031000151211000000", "company"),
    ("10031000161211000000", "battalion"),
)


def banner(top: float, width: float) -> str:
    """The classification line, over the whole width."""
    return element("rect", x=0, y=top, width=width, height=BANNER_HEIGHT, fill=INK) + text(
        width / 2, top + 16.5, CLASSIFICATION, size=13, anchor="middle", bold=True, fill="#ffffff", letter_spacing=1.5
    )


def date_time_group(iso: str) -> str:
    """``2026-06-01T02:00:00Z`` as ``010200ZJUN26`` (ACP 121)."""
    moment = datetime.fromisoformat(iso)
    return f"{moment:%d%H%M}Z{_MONTHS[moment.month - 1]}{moment:%y}"


def title_block(scenario: Scenario, frame: Frame) -> str:
    """Title and, below it, place, time and identity; both cut to the width of the sheet."""
    area, window = scenario.area, frame.window
    facts = (
        area.name,
        f"centre {to_mgrs(area, window.middle, digits=3)}",
        f"{window.side_m / 1000:g} × {window.side_m / 1000:g} km",
        f"H-hour {date_time_group(scenario.environment.start)}",
        f"for {_hours(scenario.exercise.duration_s)}",
        f"{len(scenario.units)} units",
    )
    left, top, width = frame.left, BANNER_HEIGHT + 2, frame.size
    return group(
        (
            text(left, top + 24, fitted(scenario.title, width, 22, bold=True), size=22, bold=True),
            text(left, top + 43, fitted("  ·  ".join(facts), width, 12), size=12, fill=MUTED),
        ),
        id="title",
    )


def _hours(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"


def fitted(content: str, width: float, size: float, *, bold: bool = False) -> str:
    """``content`` cut with an ellipsis where it is wider than ``width``."""
    if text_width(content, size, bold=bold) <= width:
        return content
    while content and text_width(content + "…", size, bold=bold) > width:
        content = content[:-1]
    return content.rstrip() + "…"


def scale_and_north(scenario: Scenario, frame: Frame, left: float, top: float, interval_m: int) -> str:
    """Scale bar, contour interval, datum, and the arrow to grid north."""
    per_metre = frame.units_per_metre
    length_m = max(
        (metres for metres in _SCALE_LENGTHS_M if metres * per_metre <= _SCALE_LONGEST), default=_SCALE_LENGTHS_M[0]
    )
    length = length_m * per_metre
    origin = to_geographic(scenario.area, Point(east_cm=0, north_cm=0))
    notes = (
        f"Contour interval {interval_m} m. Heights {scenario.terrain.min_height_cm // 100} to "
        f"{scenario.terrain.max_height_cm // 100} m",
        f"WGS 84, grid UTM {scenario.area.utm_zone}, square {_square(scenario, frame)}",
        f"Area corner {origin}",
        f"Seed {scenario.recipe.seed}  ·  digest {scenario.digest()[:16]}",
        "Generated ground: not for navigation",
    )
    return group(
        (
            *_scale_bar(left, top, length, length_m),
            *(text(left, top + 52 + 15 * line, note, size=10, fill=MUTED) for line, note in enumerate(notes)),
            _north_arrow(left + _SCALE_LONGEST + 52, top + 4, _convergence_deg(frame)),
        ),
        id="scale",
    )


def legend(relief: Relief, left: float, top: float, hidden_units: int) -> str:
    """Ground, lines and symbols in three columns; only the land cover that occurs."""
    present = [COVER_CODES[code] for code in np.unique(relief.cover) if code < len(COVER_CODES)]
    lines, symbols = left + 190, left + 415
    hidden = f"{hidden_units} lower units on crowded spots are not drawn" if hidden_units else ""
    return group(
        (
            _heading("GROUND", left, top),
            *_cover_samples([cover for cover in present if cover in _COVER_NAMES], left, top + 20),
            _heading("LINES", lines, top),
            *_line_samples(lines, top + 20),
            _heading("UNITS", symbols, top),
            *_symbol_samples(symbols, top + 20),
            text(symbols, top + 136, hidden, size=10, fill=MUTED) if hidden else "",
        ),
        id="legend",
    )


def locator(scenario: Scenario, frame: Frame, left: float, top: float) -> str:
    """The whole area small, with the part that the map shows; nothing where the map shows all."""
    area, window = scenario.area, frame.window
    if window.side_m == area.side_m:
        return ""
    scale = LOCATOR_SIDE / area.side_m
    whole = {"x": left, "y": top + 20, "width": LOCATOR_SIDE, "height": LOCATOR_SIDE}
    part = {
        "x": left + window.west_m * scale,
        "y": top + 20 + LOCATOR_SIDE - (window.south_m + window.side_m) * scale,
        "width": window.side_m * scale,
        "height": window.side_m * scale,
    }
    return group(
        (
            _heading(f"AREA {area.side_m / 1000:g} KM", left, top),
            element("rect", fill="#ffffff", stroke=MUTED, stroke_width=1, **whole),
            element("rect", fill=INK, fill_opacity=0.18, stroke=INK, stroke_width=1.4, **part),
        ),
        id="locator",
    )


def _heading(content: str, left: float, top: float) -> str:
    return text(left, top + 10, content, size=10, bold=True, fill=MUTED)


def _square(scenario: Scenario, frame: Frame) -> str:
    zone, square, *_ = to_mgrs(scenario.area, frame.window.middle, digits=1).split()
    return f"{zone} {square}"


def _scale_bar(left: float, top: float, length: float, length_m: int) -> Iterator[str]:
    quarter = length / 4
    for index in range(4):
        yield element(
            "rect",
            x=left + index * quarter,
            y=top + 16,
            width=quarter,
            height=7,
            fill=INK if index % 2 == 0 else "#ffffff",
            stroke=INK,
            stroke_width=0.9,
        )
    unit, shown = ("km", length_m / 1000) if length_m >= 1000 else ("m", float(length_m))
    for part, written in ((0, "0"), (2, f"{shown / 2:g}"), (4, f"{shown:g} {unit}")):
        yield text(left + part * quarter, top + 11, written, size=10, anchor="middle" if part else "start")


def _convergence_deg(frame: Frame) -> float:
    """Degrees from the sheet's top to grid north, clockwise, at the middle of the area."""
    utm, middle = UtmFrame(frame.area), frame.window.middle
    easting, northing = utm.to_utm(middle.east_cm / 100, middle.north_cm / 100)
    east, north = utm.to_local(easting, northing + 1000)
    return math.degrees(math.atan2(east - middle.east_cm / 100, north - middle.north_cm / 100))


def _north_arrow(x: float, top: float, turn_deg: float) -> str:
    shape = (
        path(((0, -26), (8, 14), (0, 7)), closed=True, fill=INK)
        + path(((0, -26), (-8, 14), (0, 7)), closed=True, fill="#ffffff", stroke=INK, stroke_width=1.1)
        + text(0, -31, "N", size=14, anchor="middle", bold=True)
    )
    turned = element("g", shape, transform=f"translate({x:.1f} {top + 44:.1f}) rotate({turn_deg:.2f})")
    return turned + text(
        x,
        top + 74,
        f"GN {turn_deg:+.1f}°".replace("-0.0", "0.0").replace("+0.0", "0.0"),
        size=9.5,
        anchor="middle",
        fill=MUTED,
    )


def _cover_samples(covers: Sequence[Cover], left: float, top: float) -> Iterator[str]:
    for index, cover in enumerate(covers):
        x, y = left + (index // 5) * 92, top + (index % 5) * 19
        yield element(
            "rect", x=x, y=y, width=24, height=12, fill=hex_colour(COVER_TINTS[cover]), stroke=MUTED, stroke_width=0.5
        )
        yield text(x + 31, y + 10, _COVER_NAMES[cover], size=10.5)


@dataclass(frozen=True, slots=True)
class _LineSample:
    name: str
    ink: str
    width: float
    dash: str | None = None
    cased: bool = False


_LINE_SAMPLES = (
    _LineSample("highway", ROAD_FILL["highway"], 3.6, cased=True),
    _LineSample("road", ROAD_FILL["road"], 2.6, cased=True),
    _LineSample("track", ROAD_CASING, 1.3, "5 2.5"),
    _LineSample("water course", WATER_INK, 2.2),
    _LineSample("obstacle", OBSTACLE, 1.8, "2 2"),
    _LineSample("own line", SIDE_INK[SideId.OWN], 1.8),
    _LineSample("enemy line", SIDE_INK[SideId.ENEMY], 1.8),
    _LineSample("own route", SIDE_INK[SideId.OWN], 1.8, "1.5 3.2"),
    _LineSample("enemy route", SIDE_INK[SideId.ENEMY], 1.8, "1.5 3.2"),
)


def _line_samples(left: float, top: float) -> Iterator[str]:
    for index, sample in enumerate(_LINE_SAMPLES):
        x, y = left + (index // 5) * 112, top + (index % 5) * 19 + 6
        line = ((x, y), (x + 28, y))
        yield path(line, stroke=ROAD_CASING, stroke_width=5) if sample.cased else ""
        yield path(line, stroke=sample.ink, stroke_width=sample.width, stroke_dasharray=sample.dash)
        yield text(x + 36, y + 4, sample.name, size=10.5)


def _symbol_samples(left: float, top: float) -> Iterator[str]:
    for row, samples in enumerate((_SAMPLES, _ECHELONS)):
        for index, (sidc, name) in enumerate(samples):
            drawing, scale = glyph(sidc), 26 / FRAME_WIDTH
            x, y = left + 16 + index * 60, top + 16 + row * 52
            yield element(
                "svg",
                drawing.body,
                x=x + (drawing.left - 100) * scale,
                y=y + (drawing.top - 100) * scale,
                width=drawing.width * scale,
                height=drawing.height * scale,
                viewBox=drawing.view_box,
            )
            yield text(x, y + 25, name, size=10, anchor="middle")
