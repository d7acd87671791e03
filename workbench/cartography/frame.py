"""The map's frame on the sheet: where the square area lies, and metres to sheet units."""

from dataclasses import dataclass

from workbench.cartography.svg import XY
from workbench.scenario.model import Area, Point

__all__ = ["Box", "Frame"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in sheet units; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> "Box":
        """The box of this size centred at a position."""
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def inside(self, other: "Box") -> bool:
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """The square of the sheet on which ``area`` is drawn."""

    area: Area
    left: float
    top: float
    size: float

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.left + self.size, self.top + self.size)

    @property
    def units_per_metre(self) -> float:
        return self.size / self.area.side_m

    def at(self, point: Point) -> XY:
        """Sheet position of a point of the scenario."""
        return self.at_metres(point.east_cm / 100, point.north_cm / 100)

    def at_metres(self, east_m: float, north_m: float) -> XY:
        """Sheet position of metres east and north of the area's corner."""
        scale = self.units_per_metre
        return self.left + east_m * scale, self.top + self.size - north_m * scale
