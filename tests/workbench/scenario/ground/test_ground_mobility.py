"""What the ground answers about heights, slopes and who can go where."""

from collections.abc import Callable

import pytest

from workbench.canonical import sha256_hex
from workbench.errors import ScenarioFileError
from workbench.scenario.ground import Ground
from workbench.scenario.model import Cover, Mobility, Point
from workbench.scenario.terrain import BuiltTerrain

Draw = Callable[..., Ground]


def at(east_m: int, north_m: int) -> Point:
    return Point(east_cm=east_m * 100, north_cm=north_m * 100)


def test_heights_between_samples_are_bilinear(draw_ground: Draw) -> None:
    ground = draw_ground(["..", ".."], heights=[[200, 400], [0, 100]])
    assert ground.height_cm(at(0, 0)) == 0
    assert ground.height_cm(at(10, 10)) == 400
    assert ground.height_cm(at(5, 0)) == 50
    assert ground.height_cm(at(5, 5)) == 175


def test_the_cell_of_a_point_is_the_nearest_sample(draw_ground: Draw) -> None:
    ground = draw_ground(["...", "..w", "..."])
    assert ground.cover_at(at(16, 14)) is Cover.WATER
    assert ground.cover_at(at(14, 14)) is Cover.OPEN
    assert ground.point_of(1, 2) == at(20, 10)
    assert ground.cell_of(at(500, -500)) == (0, 2)


def test_a_ramp_of_one_in_ten_is_100_permille(draw_ground: Draw) -> None:
    ground = draw_ground(["..."] * 3, heights=[[0, 100, 200]] * 3)
    assert ground.slopes.tolist() == [[100] * 3] * 3


@pytest.mark.parametrize(
    ("cover", "goes"),
    [
        (".", {Mobility.FOOT, Mobility.WHEELED, Mobility.TRACKED, Mobility.AIR, Mobility.STATIC}),
        ("f", {Mobility.FOOT, Mobility.TRACKED, Mobility.AIR, Mobility.STATIC}),
        ("m", {Mobility.FOOT, Mobility.TRACKED, Mobility.AIR, Mobility.STATIC}),
        ("w", {Mobility.AIR}),
        ("b", set(Mobility)),
        ("d", set(Mobility)),
    ],
)
def test_cover_decides_who_can_enter(draw_ground: Draw, cover: str, goes: set[Mobility]) -> None:
    ground = draw_ground([cover * 3] * 3)
    assert {mobility for mobility in Mobility if ground.passable(mobility, at(10, 10))} == goes


@pytest.mark.parametrize(
    ("rise_cm", "goes"),
    [
        (290, {Mobility.FOOT, Mobility.WHEELED, Mobility.TRACKED}),
        (310, {Mobility.FOOT, Mobility.TRACKED}),
        (610, {Mobility.FOOT}),
        (1010, set()),
    ],
)
def test_slope_decides_who_can_climb(draw_ground: Draw, rise_cm: int, goes: set[Mobility]) -> None:
    ground = draw_ground(["..."] * 3, heights=[[0, rise_cm, 2 * rise_cm]] * 3)
    movers = (Mobility.FOOT, Mobility.WHEELED, Mobility.TRACKED)
    assert {mobility for mobility in movers if ground.passable(mobility, at(10, 10))} == goes


def test_a_steep_road_is_slow_but_open(draw_ground: Draw) -> None:
    steep = draw_ground(["rrr"] * 3, heights=[[0, 400, 800]] * 3)
    level = draw_ground(["rrr"] * 3)
    here = at(10, 10)
    assert 0 < steep.speed_cm_s(Mobility.WHEELED, here) < level.speed_cm_s(Mobility.WHEELED, here)


def test_static_stands_and_does_not_move(draw_ground: Draw) -> None:
    ground = draw_ground(["..."] * 3)
    assert ground.passable(Mobility.STATIC, at(10, 10))
    assert ground.speed_cm_s(Mobility.STATIC, at(10, 10)) == 0


def test_nothing_can_be_outside_the_area(draw_ground: Draw) -> None:
    ground = draw_ground(["..."] * 3)
    for point in (at(-1, 0), at(0, 21), at(21, 0)):
        assert not ground.contains(point)
        assert not ground.passable(Mobility.AIR, point)
        assert ground.speed_cm_s(Mobility.AIR, point) == 0


def test_pace_is_the_inverse_of_speed(rural: BuiltTerrain) -> None:
    ground = rural.ground
    for mobility in (Mobility.FOOT, Mobility.WHEELED, Mobility.TRACKED):
        speed, pace = ground.speed_grid(mobility), ground.cost_grid(mobility)
        assert ((speed == 0) == (pace == 0)).all()
        moving = speed > 0
        assert (pace[moving] == 100_000_000 // speed[moving]).all()


def test_grids_cannot_be_written(rural: BuiltTerrain) -> None:
    for grid in (rural.ground.heights, rural.ground.cover, rural.ground.slopes):
        with pytest.raises(ValueError, match="read-only"):
            grid[0, 0] = 1


def test_a_missing_damaged_or_short_blob_is_named(rural: BuiltTerrain) -> None:
    terrain, blobs = rural.terrain, dict(rural.blobs)
    name = terrain.cover.sha256
    with pytest.raises(ScenarioFileError, match=f"blob {name} of the cover_u8 grid is missing"):
        Ground.from_blobs(terrain, {terrain.heights.sha256: blobs[terrain.heights.sha256]})
    with pytest.raises(ScenarioFileError, match="cover_u8 blob has 251000 bytes, expected 251001"):
        Ground.from_blobs(terrain, blobs | {name: blobs[name][:-1]})
    with pytest.raises(ScenarioFileError, match="damaged"):
        Ground.from_blobs(terrain, blobs | {name: blobs[name][:-1] + b"\x0d"})


def test_an_unknown_cover_code_is_refused(draw_ground: Draw) -> None:
    ground = draw_ground(["..."] * 3)
    cover = b"\x00" * 8 + b"\x63"
    grid = ground.terrain.cover.model_copy(update={"sha256": sha256_hex(cover)})
    terrain = ground.terrain.model_copy(update={"cover": grid})
    heights = ground.heights.astype("<i4").tobytes()
    with pytest.raises(ScenarioFileError, match="has code 99, expected below 14"):
        Ground.from_blobs(terrain, {sha256_hex(heights): heights, sha256_hex(cover): cover})
