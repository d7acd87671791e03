"""What each kind of terrain means in numbers, and how several kinds join.

Shares are permille of the land. Several kinds join by taking the larger of each number, so that "desert,
urban" is a large town in the desert and "mountain, river" a gorge.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final

from workbench.scenario.intent import TerrainKind

__all__ = ["Shape", "shape_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The numbers behind a kind of terrain."""

    relief_m: int = 20
    """Strength of the longest wave of the relief; total relief is about twice as much."""
    ridge_percent: int = 0
    """How much of the relief is sharp crests instead of rolling hills."""
    gain_percent: int = 38
    """Strength of each wave compared with the one twice as long: roughness."""
    dunes_m: int = 0
    forest: int = 0
    scrub: int = 0
    field: int = 0
    marsh: int = 0
    sand: int = 0
    rock: int = 0
    snow: int = 0
    towns: int = 2
    town_radius_m: int = 250
    lakes: int = 0
    river_percent: int = 0
    """Chance of a river through the whole area."""
    river_width_m: int = 20
    brooks: int = 0
    """Most tributaries and brooks."""
    coast: int = 0
    caves: int = 0
    factories: int = 0


_SHAPES: Final[Mapping[TerrainKind, Shape]] = {
    TerrainKind.URBAN: Shape(
        relief_m=25, field=100, forest=60, towns=6, town_radius_m=1400, river_percent=50, river_width_m=40, brooks=2
    ),
    TerrainKind.RURAL: Shape(
        relief_m=45, forest=180, scrub=60, field=480, towns=6, lakes=1, river_percent=60, river_width_m=30, brooks=5
    ),
    TerrainKind.FOREST: Shape(
        relief_m=60, forest=620, scrub=80, field=80, towns=4, lakes=2, river_percent=50, river_width_m=20, brooks=6
    ),
    TerrainKind.MOUNTAIN: Shape(
        relief_m=900, ridge_percent=60, gain_percent=42, forest=260, scrub=120, rock=120, snow=30,
        towns=3, lakes=1, river_percent=60, river_width_m=20, brooks=7,
    ),
    TerrainKind.DESERT: Shape(relief_m=50, dunes_m=7, scrub=40, sand=750, rock=80, towns=2, town_radius_m=220),
    TerrainKind.JUNGLE: Shape(
        relief_m=90, forest=760, scrub=80, marsh=20, towns=3, town_radius_m=180, lakes=1, river_percent=90,
        river_width_m=50, brooks=8,
    ),
    TerrainKind.RIVER: Shape(
        relief_m=40, forest=120, scrub=60, field=250, marsh=20, towns=4, river_percent=100, river_width_m=80, brooks=5
    ),
    TerrainKind.COASTAL: Shape(
        relief_m=50, forest=120, scrub=120, field=220, towns=4, town_radius_m=350, brooks=4, coast=1
    ),
    TerrainKind.ARCTIC: Shape(
        relief_m=70, gain_percent=40, scrub=30, rock=60, snow=800, towns=2, town_radius_m=150, lakes=3, brooks=2
    ),
    TerrainKind.PLAINS: Shape(
        relief_m=18, gain_percent=35, forest=50, scrub=60, field=420, towns=5, river_percent=40, river_width_m=30,
        brooks=3,
    ),
    TerrainKind.WETLAND: Shape(
        relief_m=7, gain_percent=35, forest=150, scrub=120, marsh=320, towns=3, town_radius_m=180, lakes=5,
        river_percent=80, river_width_m=40, brooks=6,
    ),
    TerrainKind.UNDERGROUND: Shape(
        relief_m=130, ridge_percent=30, gain_percent=42, forest=80, scrub=180, rock=160, towns=3, brooks=2, caves=5
    ),
    TerrainKind.INDUSTRIAL: Shape(
        relief_m=20, forest=60, scrub=80, field=120, towns=4, town_radius_m=600, river_percent=50, river_width_m=40,
        brooks=1, factories=3,
    ),
}  # fmt: skip


def shape_of(kinds: Iterable[TerrainKind]) -> Shape:
    """The numbers of several kinds together; rural where none is asked for."""
    chosen = [_SHAPES[kind] for kind in kinds] or [_SHAPES[TerrainKind.RURAL]]
    largest = {each.name: max(getattr(shape, each.name) for shape in chosen) for each in fields(Shape)}
    return Shape(**largest)
