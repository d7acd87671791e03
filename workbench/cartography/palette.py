"""Colours of the map, chosen to stay apart for the common colour-vision deficiencies.

Sides are told apart by the frame shapes of MIL-STD-2525D first and by colour second: blue and red
of different lightness, never red against green. Text keeps a contrast of at least 4.5:1 on paper.
"""

from collections.abc import Mapping
from typing import Final

from workbench.scenario.model import Cover, SideId

__all__ = [
    "BRIDGE",
    "COVER_TINTS",
    "GRID",
    "INK",
    "MUTED",
    "OBSTACLE",
    "PAPER",
    "ROAD_CASING",
    "ROAD_FILL",
    "SIDE_INK",
    "WATER_INK",
    "WATER_TINT",
    "hex_colour",
]

Rgb = tuple[int, int, int]

WATER_TINT: Final[Rgb] = (158, 200, 226)
COVER_TINTS: Final[Mapping[Cover, Rgb]] = {
    Cover.OPEN: (240, 237, 219),
    Cover.FIELD: (246, 239, 202),
    Cover.SCRUB: (219, 225, 182),
    Cover.FOREST: (181, 207, 160),
    Cover.BUILT_UP: (220, 202, 194),
    Cover.WATER: WATER_TINT,
    Cover.MARSH: (197, 220, 210),
    Cover.SAND: (243, 228, 188),
    Cover.ROCK: (210, 205, 198),
    Cover.SNOW: (245, 249, 252),
}

PAPER: Final = "#fdfcf8"
INK: Final = "#1a1a1a"
MUTED: Final = "#4d4d4d"
GRID: Final = "#3a4a5a"
WATER_INK: Final = "#2b6a99"
ROAD_CASING: Final = "#6b4a3a"
ROAD_FILL: Final[Mapping[str, str]] = {"highway": "#e2574c", "road": "#f4c04e", "track": "#6b4a3a"}
BRIDGE: Final = "#1a1a1a"
OBSTACLE: Final = "#00691f"
"""Obstacles are green (MIL-STD-2525D)."""
SIDE_INK: Final[Mapping[SideId, str]] = {
    SideId.OWN: "#0b3a8c",
    SideId.ENEMY: "#a5121f",
    SideId.CIVIL: "#2f5d1e",
}


def hex_colour(rgb: Rgb) -> str:
    """``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)
