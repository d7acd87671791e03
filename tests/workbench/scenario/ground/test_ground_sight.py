"""Line of sight against exact fractions, and the viewshed against the line of sight."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.scenario.ground import Ground
from workbench.scenario.model import Point
from workbench.scenario.sight import line_of_sight, viewshed, visible_count
from workbench.scenario.terrain import BuiltTerrain

Draw = Callable[..., Ground]


def at(east_m: int, north_m: int) -> Point:
    return Point(east_cm=east_m * 100, north_cm=north_m * 100)


def reference(ground: Ground, a: Point, b: Point, eye_cm: int, target_cm: int) -> bool:
    """Compare with the ground at every row and column of samples, in fractions."""
    eye, target = ground.height_cm(a) + eye_cm, ground.height_cm(b) + target_cm
    cell = ground.cell_cm
    for heights, along, across in (
        (ground.heights, (a.north_cm, b.north_cm), (a.east_cm, b.east_cm)),
        (ground.heights.T, (a.east_cm, b.east_cm), (a.north_cm, b.north_cm)),
    ):
        for line in range(heights.shape[0]):
            if not min(along) < line * cell < max(along):
                continue
            part = Fraction(line * cell - along[0], along[1] - along[0])
            position = (across[0] + (across[1] - across[0]) * part) / cell
            left = min(int(position), heights.shape[1] - 2)
            low, high = int(heights[line, left]), int(heights[line, left + 1])
            if eye + (target - eye) * part < low + (high - low) * (position - left):
                return False
    return True


HEIGHTS = st.lists(st.lists(st.integers(-2_000, 4_000), min_size=8, max_size=8), min_size=8, max_size=8)
COORDINATE = st.integers(0, 7_000)
POINTS = st.builds(lambda east, north: Point(east_cm=east, north_cm=north), COORDINATE, COORDINATE)


@given(heights=HEIGHTS, a=POINTS, b=POINTS, eye=st.integers(0, 2_000), target=st.integers(0, 2_000))
@settings(max_examples=150, deadline=None)
def test_line_of_sight_is_exact_and_the_same_from_both_ends(
    draw_ground: Draw, heights: list[list[int]], a: Point, b: Point, eye: int, target: int
) -> None:
    ground = draw_ground(["........"] * 8, heights=heights)
    seen = line_of_sight(ground, a, b, eye, target)
    assert seen == reference(ground, a, b, eye, target)
    assert seen == line_of_sight(ground, b, a, target, eye)


def test_a_ridge_hides_and_its_crest_is_just_grazed(draw_ground: Draw) -> None:
    def ridge(height: int) -> Ground:
        return draw_ground(["....."] * 3, heights=[[0, 0, height, 0, 0]] * 3)

    assert line_of_sight(ridge(200), at(0, 10), at(40, 10))
    assert not line_of_sight(ridge(201), at(0, 10), at(40, 10))
    assert line_of_sight(ridge(201), at(0, 10), at(40, 10), eye_cm=204)


def test_nobody_sees_beyond_the_area(draw_ground: Draw) -> None:
    ground = draw_ground(["..."] * 3)
    assert not line_of_sight(ground, at(0, 0), at(30, 0))
    assert not line_of_sight(ground, at(0, -1), at(10, 0))


def test_on_level_ground_the_viewshed_is_a_disc(draw_ground: Draw) -> None:
    ground = draw_ground(["." * 41] * 41)
    seen = viewshed(ground, at(200, 200), 150)
    rows, cols = np.mgrid[0:41, 0:41]
    assert (seen == ((rows - 20) ** 2 + (cols - 20) ** 2 <= 15 * 15)).all()


def test_the_viewshed_in_a_corner_stays_on_the_grid(draw_ground: Draw) -> None:
    ground = draw_ground(["." * 11] * 11)
    assert viewshed(ground, at(0, 0), 1_000).all()
    assert viewshed(ground, at(100, 100), 0).sum() == 1


def test_the_viewshed_agrees_with_the_line_of_sight(mountain: BuiltTerrain) -> None:
    ground = mountain.ground
    row, col = np.unravel_index(int(ground.heights[150:350, 150:350].argmax()), (200, 200))
    post = ground.point_of(int(row) + 150, int(col) + 150)
    seen = viewshed(ground, post, 1_400, eye_cm=200, target_cm=200)
    pairs = [
        (bool(seen[r, c]), line_of_sight(ground, post, ground.point_of(r, c)))
        for r in range(20, 480, 7)
        for c in range(20, 480, 7)
        if (r - int(row) - 150) ** 2 + (c - int(col) - 150) ** 2 <= 140**2
    ]
    agreed = sum(one == other for one, other in pairs)
    assert agreed >= len(pairs) * 97 // 100
    assert 0 < sum(other for _, other in pairs) < len(pairs)


def test_visible_targets_are_counted(draw_ground: Draw) -> None:
    ground = draw_ground(["....."] * 3, heights=[[0, 0, 900, 0, 0]] * 3)
    assert visible_count(ground, at(0, 10), [at(10, 10), at(20, 10), at(40, 10)]) == 2
