"""Sizes that follow from an echelon: areas, distances, spacing, depth and planning times.

The figures are planning figures for training, rounded from the frontages and depths that FM 3-21.8,
FM 3-21.10, FM 3-21.20 and FM 3-90 give for each echelon. One table serves the composer, which keeps to
them, and the rules, which judge by them.
"""

from dataclasses import dataclass
from typing import Final

from workbench.scenario.intent import Echelon

__all__ = ["ECHELON_ORDER", "Scale", "area_of", "larger", "rank", "scale_of", "spacing_cm"]

ECHELON_ORDER: Final = tuple(echelon for echelon in Echelon if echelon is not Echelon.UNSPECIFIED)
"""From team up to division."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Figures for a force of one echelon."""

    approach_m: int
    """Usual distance from its assembly area to its objective."""
    objective_radius_m: int
    spacing_m: int
    """Least distance between two units when the smaller of them is of this echelon."""
    planned_min: int
    """Usual length of an exercise for it."""
    leaf: Echelon
    """Smallest units that a force of this size is resolved to."""


_SCALES: Final = {
    Echelon.TEAM: Scale(1_000, 120, 15, 120, Echelon.TEAM),
    Echelon.SQUAD: Scale(1_500, 150, 30, 180, Echelon.TEAM),
    Echelon.PLATOON: Scale(2_200, 220, 90, 240, Echelon.TEAM),
    Echelon.COMPANY: Scale(3_500, 450, 200, 480, Echelon.TEAM),
    Echelon.BATTALION: Scale(8_000, 1_200, 450, 960, Echelon.SQUAD),
    Echelon.BRIGADE: Scale(16_000, 3_000, 900, 1_800, Echelon.PLATOON),
    Echelon.DIVISION: Scale(20_000, 6_000, 1_500, 2_880, Echelon.BATTALION),
}

_AREAS: Final = {
    Echelon.TEAM: (10_000, 10),
    Echelon.SQUAD: (10_000, 10),
    Echelon.PLATOON: (10_000, 10),
    Echelon.COMPANY: (10_000, 10),
    Echelon.BATTALION: (25_000, 25),
    Echelon.BRIGADE: (50_000, 50),
    Echelon.DIVISION: (50_000, 50),
}


def scale_of(echelon: Echelon) -> Scale:
    """Figures for the echelon; an unspecified one is taken for a company."""
    return _SCALES.get(echelon, _SCALES[Echelon.COMPANY])


def area_of(echelon: Echelon) -> tuple[int, int]:
    """Side and cell of the area in metres for the larger echelon of the two sides."""
    return _AREAS[echelon]


def rank(echelon: Echelon) -> int:
    """0 for a team up to 6 for a division; -1 for unspecified."""
    return ECHELON_ORDER.index(echelon) if echelon in ECHELON_ORDER else -1


def larger(a: Echelon, b: Echelon) -> Echelon:
    return max(a, b, key=rank)


def spacing_cm(a: Echelon, b: Echelon) -> int:
    """Least distance between two units of these echelons."""
    return min(scale_of(a).spacing_m, scale_of(b).spacing_m) * 100
