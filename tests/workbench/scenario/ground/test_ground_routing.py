"""Routes: traversable, found whenever there is one, and near the best of a second solver."""

import heapq
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.scenario._regions import fewest_steps, region_grid
from workbench.scenario.ground import Ground
from workbench.scenario.model import Cover, Mobility, Point
from workbench.scenario.routing import (
    FoundRoute,
    Router,
    find_route,
    leg_is_traversable,
    nearest_passable,
    nearest_road,
)
from workbench.scenario.streams import Streams
from workbench.scenario.terrain import BuiltTerrain

Draw = Callable[..., Ground]
MOVERS = (Mobility.FOOT, Mobility.WHEELED, Mobility.TRACKED)


def at(east_m: int, north_m: int) -> Point:
    return Point(east_cm=east_m * 100, north_cm=north_m * 100)


def reference_us(ground: Ground, mobility: Mobility, start: Point, goal: Point) -> int | None:
    """An independent solver: Dijkstra over every sample and its eight neighbours, in plain Python."""
    pace = ground.cost_grid(mobility).tolist()
    target = ground.cell_of(goal)
    first = ground.cell_of(start)
    best = {first: 0}
    queue = [(0, first)]
    while queue:
        cost, (row, col) = heapq.heappop(queue)
        if (row, col) == target:
            return cost
        if cost > best[row, col]:
            continue
        for up in (-1, 0, 1):
            for right in (-1, 0, 1):
                beside = (row + up, col + right)
                if (up, right) == (0, 0) or not (0 <= beside[0] < ground.rows and 0 <= beside[1] < ground.cols):
                    continue
                under = {(row, col), beside, (row + up, col), (row, col + right)}
                if any(pace[r][c] == 0 for r, c in under):
                    continue
                length = ground.cell_cm * (1414 if up and right else 1000) // 1000
                total = cost + length * sum(pace[r][c] for r, c in under) // (len(under) * 100)
                if beside not in best or total < best[beside]:
                    best[beside] = total
                    heapq.heappush(queue, (total, beside))
    return None


def assert_proven(ground: Ground, mobility: Mobility, route: FoundRoute, start: Point, goal: Point) -> None:
    assert route.points[0] == start
    assert route.points[-1] == goal
    assert all(leg_is_traversable(ground, mobility, a, b) for a, b in pairwise(route.points))
    assert all(a != b for a, b in pairwise(route.points))


def random_ends(ground: Ground, mobility: Mobility, label: str, count: int) -> list[tuple[Point, Point]]:
    stream = Streams(99).named(label)
    ends = []
    while len(ends) < count:
        pair = [
            nearest_passable(ground, mobility, at(*(stream.below(ground.side_cm // 100) for _ in range(2))), 1_000)
            for _ in range(2)
        ]
        if pair[0] is not None and pair[1] is not None:
            ends.append((pair[0], pair[1]))
    return ends


@pytest.mark.parametrize("mobility", MOVERS)
@pytest.mark.parametrize("terrain", ["rural", "mountain"])
def test_routes_on_real_terrain_are_proven(mobility: Mobility, terrain: str, request: pytest.FixtureRequest) -> None:
    ground = request.getfixturevalue(terrain).ground
    router = Router(ground)
    for start, goal in random_ends(ground, mobility, f"{terrain}.{mobility}", 8):
        route = router.route(mobility, start, goal)
        assert (route is not None) == router.connected(mobility, start, goal)
        if route is not None:
            assert_proven(ground, mobility, route, start, goal)


@pytest.mark.parametrize("mobility", MOVERS)
def test_routes_are_within_a_quarter_of_the_best_of_a_second_solver(rural: BuiltTerrain, mobility: Mobility) -> None:
    ground = rural.ground
    start, goal = random_ends(ground, mobility, f"second.{mobility}", 1)[0]
    best = reference_us(ground, mobility, start, goal)
    route = find_route(ground, mobility, start, goal)
    assert (route is None) == (best is None)
    if route is not None and best is not None:
        assert route.duration_s * 1_000_000 <= best * 5 // 4


MAPS = st.lists(st.text("...fw", min_size=14, max_size=14), min_size=14, max_size=14)


@given(lines=MAPS, mobility=st.sampled_from(MOVERS))
@settings(max_examples=40, deadline=None)
def test_a_route_is_found_exactly_where_a_second_solver_finds_one(
    draw_ground: Draw, lines: list[str], mobility: Mobility
) -> None:
    ground = draw_ground(lines)
    start, goal = at(0, 0), at(130, 130)
    route = find_route(ground, mobility, start, goal)
    open_ends = ground.passable(mobility, start) and ground.passable(mobility, goal)
    best = reference_us(ground, mobility, start, goal) if open_ends else None
    assert (route is None) == (best is None)
    if route is not None:
        assert_proven(ground, mobility, route, start, goal)


def test_the_way_over_the_bridge_is_taken_though_it_is_longer(draw_ground: Draw) -> None:
    lines = ["." * 9 + "w" * 2 + "." * 9] * 20
    lines[3] = "." * 9 + "bb" + "." * 9
    ground = draw_ground(lines)
    route = find_route(ground, Mobility.WHEELED, at(0, 0), at(190, 0))
    assert route is not None
    assert_proven(ground, Mobility.WHEELED, route, at(0, 0), at(190, 0))
    assert max(point.north_cm for point in route.points) >= 15_000
    assert find_route(draw_ground(["." * 9 + "ww" + "." * 9] * 20), Mobility.WHEELED, at(0, 0), at(190, 0)) is None


def test_wheels_keep_to_the_road_where_it_is_quicker(draw_ground: Draw) -> None:
    lines = ["." * 40 for _ in range(40)]
    lines[30] = "r" * 40
    ground = draw_ground(lines, roads=[[(9, 0), (9, 20), (9, 39)]])
    route = find_route(ground, Mobility.WHEELED, at(0, 0), at(390, 0))
    assert route is not None
    on_foot = find_route(ground, Mobility.FOOT, at(0, 0), at(390, 0))
    assert on_foot is not None
    assert len(on_foot.points) == 2
    assert any(ground.cover_at(point) is Cover.ROAD for point in route.points)


def test_an_end_in_a_pocket_off_the_lattice_is_reached(draw_ground: Draw) -> None:
    size = 401
    lines = ["w" * size for _ in range(size)]
    winding = {(row, 1) for row in range(1, 300)} | {(299, col) for col in range(1, 300)}
    lines = ["".join("." if (size - 1 - line, col) in winding else "w" for col in range(size)) for line in range(size)]
    ground = draw_ground(lines)
    route = find_route(ground, Mobility.FOOT, at(10, 10), at(2990, 2990))
    assert route is not None
    assert_proven(ground, Mobility.FOOT, route, at(10, 10), at(2990, 2990))


def test_an_answer_does_not_depend_on_what_was_asked_before(rural: BuiltTerrain) -> None:
    ends = random_ends(rural.ground, Mobility.TRACKED, "history", 4)
    busy = Router(rural.ground)
    before = [busy.route(Mobility.TRACKED, *pair) for pair in ends]
    assert [busy.route(Mobility.TRACKED, *pair) for pair in ends[::-1]] == before[::-1]
    assert [find_route(rural.ground, Mobility.TRACKED, *pair) for pair in ends] == before


def test_air_flies_straight_and_static_stays(rural: BuiltTerrain) -> None:
    router = Router(rural.ground)
    flight = router.route(Mobility.AIR, at(10, 10), at(4_010, 3_010))
    assert flight == FoundRoute(points=(at(10, 10), at(4_010, 3_010)), length_cm=500_000, duration_s=100)
    assert router.route(Mobility.STATIC, at(10, 10), at(20, 20)) is None


def test_times_add_up_from_distance_and_speed(draw_ground: Draw) -> None:
    ground = draw_ground(["." * 101] * 101)
    route = find_route(ground, Mobility.FOOT, at(0, 0), at(1_000, 0))
    assert route == FoundRoute(points=(at(0, 0), at(1_000, 0)), length_cm=100_000, duration_s=1_000)


def test_an_end_outside_or_in_water_has_no_route(draw_ground: Draw) -> None:
    ground = draw_ground(["...", "..w", "..."])
    assert find_route(ground, Mobility.FOOT, at(0, 0), at(20, 10)) is None
    assert find_route(ground, Mobility.FOOT, at(0, 0), at(30, 0)) is None
    assert not leg_is_traversable(ground, Mobility.FOOT, at(0, 0), at(30, 0))


def test_going_nowhere_takes_no_time(draw_ground: Draw) -> None:
    ground = draw_ground(["..."] * 3)
    assert find_route(ground, Mobility.FOOT, at(7, 7), at(7, 7)) == FoundRoute((at(7, 7), at(7, 7)), 0, 0)


def test_a_leg_does_not_slip_between_two_diagonal_lakes(draw_ground: Draw) -> None:
    ground = draw_ground(["w.", ".w"])
    assert not leg_is_traversable(ground, Mobility.FOOT, at(0, 0), at(10, 10))


def test_the_nearest_passable_place_is_the_point_itself_if_it_can_be(draw_ground: Draw) -> None:
    ground = draw_ground(["wwwww", "wwwww", "wwwww", "wwww.", ".wwww"])
    assert nearest_passable(ground, Mobility.FOOT, at(3, 2), 100) == at(3, 2)
    assert nearest_passable(ground, Mobility.FOOT, at(20, 0), 100) == at(0, 0)
    assert nearest_passable(ground, Mobility.FOOT, at(30, 20), 100) == at(40, 10)
    assert nearest_passable(ground, Mobility.FOOT, at(20, 20), 10) is None
    assert nearest_passable(ground, Mobility.AIR, at(20, 20), 10) == at(20, 20)


def test_the_nearest_road_is_found_however_far(draw_ground: Draw, rural: BuiltTerrain) -> None:
    lines = ["." * 200 for _ in range(200)]
    lines[0] = "." * 199 + "r"
    assert nearest_road(draw_ground(lines), at(0, 0)) == at(1_990, 1_990)
    assert nearest_road(draw_ground(["..."] * 3), at(0, 0)) is None
    found = nearest_road(rural.ground, at(2_500, 2_500))
    assert found is not None
    assert rural.ground.cover_at(found) in (Cover.ROAD, Cover.TRACK, Cover.BRIDGE)


@given(st.lists(st.text(".w", min_size=9, max_size=9), min_size=9, max_size=9))
@settings(max_examples=60)
def test_regions_and_chains_agree_with_a_flood_fill(lines: list[str]) -> None:
    mask = np.array([[letter == "." for letter in line] for line in lines])
    regions = region_grid(mask)
    assert ((regions >= 0) == mask).all()
    for row, col in zip(*np.nonzero(mask), strict=True):
        target = np.zeros_like(mask)
        target[row, col] = True
        start = tuple(int(each) for each in np.argwhere(mask)[0])
        chain = fewest_steps((start[0], start[1]), target, mask)
        assert (chain is not None) == (regions[row, col] == regions[start])
        if chain is not None:
            assert chain[0] == start
            assert chain[-1] == (row, col)
            assert all(mask[cell] for cell in chain)
            assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1 for a, b in pairwise(chain))
