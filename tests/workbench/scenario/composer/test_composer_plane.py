"""Plane geometry in integers."""

import math

from hypothesis import given
from hypothesis import strategies as st

from workbench.scenario.model import Point
from workbench.scenario.plane import (
    COMPASS,
    distance_cm,
    distance_to_segment_cm,
    heading_mdeg,
    inside,
    octagon,
    offset,
    spiral,
)

lengths = st.integers(-5_000_000, 5_000_000)


@given(lengths, lengths)
def test_headings_agree_with_the_arctangent(east: int, north: int) -> None:
    if abs(east) + abs(north) < 1_000:
        return
    exact = math.degrees(math.atan2(east, north)) % 360 * 1000
    apart = abs(heading_mdeg(east, north) - exact)
    assert min(apart, 360_000 - apart) < 10
    assert 0 <= heading_mdeg(east, north) < 360_000


def test_no_vector_has_heading_zero() -> None:
    assert heading_mdeg(0, 0) == 0


def test_the_compass_turns_clockwise_from_north() -> None:
    here = Point(east_cm=0, north_cm=0)
    east = offset(here, COMPASS[4], 1_000)
    assert (east.east_cm, east.north_cm) == (1_000, 0)
    assert COMPASS[4].name == "east"
    assert COMPASS[10].name == "south-west"
    assert COMPASS[3].back.right == COMPASS[3].turned(12)


@given(lengths, lengths, st.integers(0, 15), st.integers(1, 1_000_000))
def test_an_offset_is_as_long_as_it_says(east: int, north: int, step: int, by_cm: int) -> None:
    start = Point(east_cm=east, north_cm=north)
    assert abs(distance_cm(start, offset(start, COMPASS[step], by_cm)) - by_cm) <= by_cm // 1_000 + 2


def test_a_spiral_visits_each_point_once_and_grows() -> None:
    centre = Point(east_cm=0, north_cm=0)
    points = [(p.east_cm, p.north_cm) for p in spiral(centre, 10, 3)]
    assert len(points) == len(set(points)) == 49
    rings = [max(abs(east), abs(north)) for east, north in points]
    assert rings == sorted(rings)


def test_inside_and_distance_agree_on_an_octagon() -> None:
    centre = Point(east_cm=500, north_cm=500)
    corners = octagon(centre, 300)
    assert inside(centre, corners)
    assert not inside(offset(centre, COMPASS[0], 400), corners)
    assert distance_to_segment_cm(centre, corners[0], corners[1]) < 300
    assert distance_to_segment_cm(corners[0], corners[0], corners[0]) == 0
