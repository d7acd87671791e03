"""The map's frame on the sheet: which square of the area is drawn, where, and metres to sheet units."""

from dataclasses import dataclass

from workbench.cartography.svg import XY
from workbench.scenario.model import Area, Point, Scenario

__all__ = ["Box", "Frame", "Window", "operation_window"]

OPERATION_MARGIN = 0.10
"""Part of the operation's extent left free on each side."""
SMALLEST_SIDE_M = 2_500
WHOLE_AREA_FROM = 0.8
"""An operation that fills this part of the area is drawn with the whole of it."""
ROUNDING_M = 100


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
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def inside(self, other: "Box") -> bool:
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Window:
    """A square part of the area, in metres from the area's south-west corner."""

    west_m: int
    south_m: int
    side_m: int

    @property
    def middle(self) -> Point:
        half = self.side_m / 2
        return Point(east_cm=round((self.west_m + half) * 100), north_cm=round((self.south_m + half) * 100))


def operation_window(scenario: Scenario) -> Window:
    """The square around all units, routes, graphics and objectives; the whole area where they fill it."""
    area = scenario.area
    points = [
        *(unit.at for unit in scenario.units),
        *(point for measure in scenario.control_measures for point in measure.points),
        *(point for route in scenario.routes for point in route.points),
        *(objective.at for objective in scenario.objectives),
    ]
    if not points:
        return Window(0, 0, area.side_m)
    east = [point.east_cm / 100 for point in points]
    north = [point.north_cm / 100 for point in points]
    extent = max(max(east) - min(east), max(north) - min(north)) * (1 + 2 * OPERATION_MARGIN)
    side = round(max(extent, SMALLEST_SIDE_M) / ROUNDING_M) * ROUNDING_M
    if side >= area.side_m * WHOLE_AREA_FROM:
        return Window(0, 0, area.side_m)
    return Window(
        west_m=_start(min(east), max(east), side, area.side_m),
        south_m=_start(min(north), max(north), side, area.side_m),
        side_m=side,
    )


def _start(low: float, high: float, side: int, area_side: int) -> int:
    start = round(((low + high - side) / 2) / ROUNDING_M) * ROUNDING_M
    return min(max(start, 0), area_side - side)


@dataclass(frozen=True, slots=True)
class Frame:
    """The square of the sheet on which ``window`` of ``area`` is drawn."""

    area: Area
    window: Window
    left: float
    top: float
    size: float

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.left + self.size, self.top + self.size)

    @property
    def units_per_metre(self) -> float:
        return self.size / self.window.side_m

    def at(self, point: Point) -> XY:
        """Sheet position of a point of the scenario."""
        return self.at_metres(point.east_cm / 100, point.north_cm / 100)

    def at_metres(self, east_m: float, north_m: float) -> XY:
        """Sheet position of metres east and north of the area's corner."""
        scale = self.units_per_metre
        return (
            self.left + (east_m - self.window.west_m) * scale,
            self.top + self.size - (north_m - self.window.south_m) * scale,
        )
