"""What terrain is asked for, and what the builder hands back."""

from dataclasses import dataclass
from typing import Final

from workbench.errors import CompositionError
from workbench.scenario.ground import Ground
from workbench.scenario.intent import TerrainKind
from workbench.scenario.model import Terrain

__all__ = ["SITE_KINDS", "BuiltTerrain", "TerrainWish"]

SITE_KINDS: Final = ("airfield", "port", "depot", "base", "border", "building")
"""Sites that can be wished for; each becomes a named feature of that kind, reached by a road."""

_FEWEST_CELLS, _MOST_CELLS = 100, 4000
"""Below, there is no room for a village beside a river; above, the grids pass 80 MB."""


@dataclass(frozen=True, slots=True)
class TerrainWish:
    """The terrain that a scenario needs.

    Raises:
        CompositionError: the area is too small or too large for its cells, its side is not a whole
            number of cells, or a wished feature is unknown.
    """

    kinds: tuple[TerrainKind, ...] = ()
    side_m: int = 10_000
    cell_m: int = 10
    needs_bridge: bool = False
    needs_settlement: bool = False
    features: tuple[str, ...] = ()
    """Any of :data:`SITE_KINDS`."""

    def __post_init__(self) -> None:
        if self.cell_m < 1 or self.side_m % self.cell_m:
            raise CompositionError(f"a side of {self.side_m} m is not a whole number of {self.cell_m} m cells")
        if not _FEWEST_CELLS <= self.cells <= _MOST_CELLS:
            raise CompositionError(
                f"{self.side_m} m at {self.cell_m} m is {self.cells} cells a side, "
                f"expected {_FEWEST_CELLS} … {_MOST_CELLS}"
            )
        for feature in self.features:
            if feature not in SITE_KINDS:
                raise CompositionError(f"unknown feature {feature!r}, expected one of {', '.join(SITE_KINDS)}")

    @property
    def cells(self) -> int:
        """Cells along one side; the grids have one sample more."""
        return self.side_m // self.cell_m


@dataclass(frozen=True, slots=True)
class BuiltTerrain:
    """Terrain of a scenario document, its grids, and the same as :class:`Ground`."""

    terrain: Terrain
    blobs: dict[str, bytes]
    ground: Ground
