"""Plane geometry in whole centimetres: offsets, distances, headings and rings, without floats.

A direction is an integer vector of length :data:`UNIT`; turning it by tabulated angles and rounding is
exact enough for placing things on a map and the same on every machine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final

from workbench.scenario.model import Point

__all__ = [
    "COMPASS",
    "UNIT",
    "Direction",
    "centre_of",
    "direction",
    "distance_cm",
    "distance_to_segment_cm",
    "heading_mdeg",
    "inside",
    "octagon",
    "offset",
    "spiral",
]

UNIT: Final = 10_000
"""Length of a direction vector."""

_FULL_TURN_MDEG: Final = 360_000

_CORDIC_MDEG: Final = (45_000, 26_565, 14_036, 7_125, 3_576, 1_790, 895, 448, 224, 112, 56, 28, 14, 7, 3, 2, 1)
"""arctan(2^-i) in millidegrees, rounded (Volder 1959, CORDIC)."""

_CORDIC_SCALE: Final = 1 << 20

_SIXTEENTH: Final = ((10_000, 0), (9_239, 3_827), (7_071, 7_071), (3_827, 9_239))
"""Cosine and sine of 0, 22.5, 45 and 67.5 degrees."""


@dataclass(frozen=True, slots=True)
class Direction:
    """A vector of length :data:`UNIT` (within rounding)."""

    east: int
    north: int

    def turned(self, sixteenths: int) -> "Direction":
        """Turned clockwise by steps of 22.5 degrees."""
        quarter, step = divmod(sixteenths % 16, 4)
        cos, sin = _SIXTEENTH[step]
        east = (self.east * cos + self.north * sin) // UNIT
        north = (self.north * cos - self.east * sin) // UNIT
        for _ in range(quarter):
            east, north = north, -east
        return Direction(east, north)

    @property
    def right(self) -> "Direction":
        return self.turned(4)

    @property
    def back(self) -> "Direction":
        return self.turned(8)

    @property
    def name(self) -> str:
        """The nearest of the eight points of the compass, in words."""
        eighth = (heading_mdeg(self.east, self.north) + 22_500) // 45_000 % 8
        return _COMPASS_NAMES[eighth]


_COMPASS_NAMES: Final = (
    "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
)  # fmt: skip

COMPASS: Final = tuple(Direction(0, UNIT).turned(step) for step in range(16))
"""Sixteen directions, clockwise from north."""


def direction(a: Point, b: Point) -> Direction:
    """From ``a`` towards ``b``; north where they coincide."""
    east, north = b.east_cm - a.east_cm, b.north_cm - a.north_cm
    length = isqrt(east * east + north * north)
    return Direction(east * UNIT // length, north * UNIT // length) if length else COMPASS[0]


def offset(point: Point, towards: Direction, by_cm: int) -> Point:
    """The point moved ``by_cm`` along the direction."""
    return Point(
        east_cm=point.east_cm + towards.east * by_cm // UNIT,
        north_cm=point.north_cm + towards.north * by_cm // UNIT,
    )


def distance_cm(a: Point, b: Point) -> int:
    return isqrt((a.east_cm - b.east_cm) ** 2 + (a.north_cm - b.north_cm) ** 2)


def heading_mdeg(east: int, north: int) -> int:
    """Heading of a vector in millidegrees clockwise from north, within 3 millidegrees; 0 for no vector."""
    if not east and not north:
        return 0
    x, y = north * _CORDIC_SCALE, east * _CORDIC_SCALE
    turned = 0
    if x < 0:
        x, y, turned = -x, -y, 180_000
    for step, angle in enumerate(_CORDIC_MDEG):
        sign = 1 if y > 0 else -1
        x, y = x + sign * (y >> step), y - sign * (x >> step)
        turned += sign * angle
    return turned % _FULL_TURN_MDEG


def spiral(centre: Point, step_cm: int, rings: int) -> Iterator[Point]:
    """The centre, then squares of points around it, ring by ring, each starting in the south-west."""
    yield centre
    for ring in range(1, rings + 1):
        side = range(-ring, ring + 1)
        for north in side:
            for east in side if abs(north) == ring else (-ring, ring):
                yield Point(east_cm=centre.east_cm + east * step_cm, north_cm=centre.north_cm + north * step_cm)


def octagon(centre: Point, radius_cm: int) -> tuple[Point, ...]:
    """Eight corners around the centre, clockwise from north."""
    return tuple(offset(centre, COMPASS[step], radius_cm) for step in range(0, 16, 2))


def centre_of(points: Sequence[Point]) -> Point:
    """The mean of the points."""
    count = len(points)
    return Point(
        east_cm=sum(point.east_cm for point in points) // count,
        north_cm=sum(point.north_cm for point in points) // count,
    )


def inside(point: Point, polygon: Sequence[Point]) -> bool:
    """The point lies in the closed polygon (crossing number; points on the rim fall either way)."""
    within = False
    for index, b in enumerate(polygon):
        a = polygon[index - 1]
        if (a.north_cm > point.north_cm) == (b.north_cm > point.north_cm):
            continue
        rise = b.north_cm - a.north_cm
        across = (b.east_cm - a.east_cm) * (point.north_cm - a.north_cm)
        reach = (point.east_cm - a.east_cm) * rise
        within ^= reach < across if rise > 0 else reach > across
    return within


def distance_to_segment_cm(point: Point, a: Point, b: Point) -> int:
    """Distance from the point to the straight segment."""
    east, north = b.east_cm - a.east_cm, b.north_cm - a.north_cm
    square = east * east + north * north
    along = (point.east_cm - a.east_cm) * east + (point.north_cm - a.north_cm) * north
    if square == 0 or along <= 0:
        return distance_cm(point, a)
    if along >= square:
        return distance_cm(point, b)
    foot = Point(east_cm=a.east_cm + east * along // square, north_cm=a.north_cm + north * along // square)
    return distance_cm(point, foot)
