"""Generated terrain: the same bytes always, and nothing where it cannot be."""

import hashlib
import json
import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from workbench.canonical import digest
from workbench.errors import CompositionError
from workbench.scenario.intent import TerrainKind
from workbench.scenario.model import COVER_CODES, Cover, Mobility, Point
from workbench.scenario.routing import Router
from workbench.scenario.streams import Streams
from workbench.scenario.terrain import SITE_KINDS, BuiltTerrain, TerrainWish, build_terrain
from workbench.scenario.terrain.raster import cells_touched

SMALL_M = 3_000
ALL_KINDS = [*((kind,) for kind in TerrainKind), (), (TerrainKind.MOUNTAIN, TerrainKind.RIVER)]
IN_WATER = {"lake", "sea"}


def small(kinds: tuple[TerrainKind, ...], seed: int) -> BuiltTerrain:
    return build_terrain(TerrainWish(kinds=kinds, side_m=SMALL_M), Streams(seed))


def covers_along(built: BuiltTerrain, points: tuple[Point, ...]) -> set[Cover]:
    found: set[Cover] = set()
    for a, b in pairwise(points):
        cells = cells_touched(a, b, built.ground.cell_cm)
        found |= {COVER_CODES[code] for code in np.unique(built.ground.cover[cells]).tolist()}
    return found


def assert_sound(built: BuiltTerrain) -> None:
    """Everything that holds of any terrain."""
    ground, terrain = built.ground, built.terrain
    for course in terrain.water_courses:
        cells = [cells_touched(a, b, ground.cell_cm) for a, b in pairwise(course.points)]
        surface = np.concatenate([ground.heights[leg] for leg in cells])
        assert (np.diff(surface) <= 0).all(), f"{course.id} runs uphill"
        assert covers_along(built, course.points) <= {Cover.WATER, Cover.BRIDGE, Cover.FORD}, course.id
    for road in terrain.roads:
        assert covers_along(built, road.points) <= {Cover.ROAD, Cover.TRACK, Cover.BRIDGE, Cover.FORD}, road.id
    for crossing in terrain.crossings:
        assert ground.cover_at(crossing.at) in (Cover.BRIDGE, Cover.FORD), crossing.id
    for town in terrain.settlements:
        assert town.buildings, town.id
        for at in town.buildings:
            assert ground.contains(at)
            assert ground.cover_at(at) not in (Cover.WATER, Cover.ROAD, Cover.TRACK, Cover.BRIDGE), town.id
    for feature in terrain.features:
        assert ground.contains(feature.at), feature.id
        assert (ground.cover_at(feature.at) is Cover.WATER) == (feature.kind in IN_WATER), feature.id
    things = (*terrain.settlements, *terrain.features, *terrain.water_courses, *terrain.crossings)
    assert len({thing.name for thing in things}) == len(things)
    ids = [thing.id for thing in (*things, *terrain.roads)]
    assert len(set(ids)) == len(ids)
    assert terrain.min_height_cm == ground.heights.min()
    assert terrain.max_height_cm == ground.heights.max()


@pytest.mark.parametrize("kinds", ALL_KINDS, ids=lambda kinds: "+".join(kinds) or "unspecified")
def test_every_kind_builds_sound_terrain(kinds: tuple[TerrainKind, ...]) -> None:
    for seed in range(2):
        assert_sound(small(kinds, seed))


@pytest.mark.long
@pytest.mark.parametrize("kinds", ALL_KINDS, ids=lambda kinds: "+".join(kinds) or "unspecified")
def test_every_kind_builds_sound_terrain_at_full_size_over_many_seeds(kinds: tuple[TerrainKind, ...]) -> None:
    for seed in range(12):
        assert_sound(build_terrain(TerrainWish(kinds=kinds, needs_bridge=seed % 2 == 0), Streams(seed)))


@pytest.mark.parametrize(("side_m", "cell_m"), [(10_000, 10), (25_000, 25), (5_000, 10), (1_010, 10)])
def test_every_size_builds(side_m: int, cell_m: int) -> None:
    built = build_terrain(TerrainWish(kinds=(TerrainKind.RIVER,), side_m=side_m, cell_m=cell_m), Streams(1))
    assert built.ground.rows == built.ground.cols == side_m // cell_m + 1
    assert_sound(built)


def fingerprint(built: BuiltTerrain) -> str:
    return digest(built.terrain.model_dump(mode="json"))[:16]


GOLDEN = {
    "coastal": "88ef62667188f93d",
    "desert": "e3e25f7aff2c764a",
    "mountain": "da5e869fac1f75dd",
    "rural": "258c856952a4c653",
    "underground": "4ef0ccc412e08ece",
    "urban+river": "1e76068c3f0f5fad",
    "wetland": "9946477b0be7ca5b",
}
"""First 16 digits of the digest of the document, which names the grids by theirs."""


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_bytes_of_a_wish_and_seed_never_change(name: str) -> None:
    kinds = tuple(TerrainKind(kind) for kind in name.split("+"))
    assert fingerprint(small(kinds, 2026)) == GOLDEN[name]


def test_another_process_with_another_hash_seed_builds_the_same(rural: BuiltTerrain) -> None:
    script = (
        "import hashlib, json;"
        "from workbench.scenario.intent import TerrainKind;"
        "from workbench.scenario.streams import Streams;"
        "from workbench.scenario.terrain import TerrainWish, build_terrain;"
        "b = build_terrain(TerrainWish(kinds=(TerrainKind.RURAL,), side_m=5_000, needs_bridge=True,"
        " needs_settlement=True), Streams(11));"
        "print(hashlib.sha256(json.dumps(b.terrain.model_dump(mode='json')).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "OMP_NUM_THREADS": "8"}
    command = [sys.executable, "-O", "-c", script]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    here = json.dumps(rural.terrain.model_dump(mode="json")).encode()
    assert printed.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_another_seed_is_another_place() -> None:
    one, other = small((TerrainKind.RURAL,), 1), small((TerrainKind.RURAL,), 2)
    assert one.terrain.heights.sha256 != other.terrain.heights.sha256
    assert {town.name for town in one.terrain.settlements} != {town.name for town in other.terrain.settlements}


@pytest.mark.parametrize("kind", [TerrainKind.RURAL, TerrainKind.DESERT, TerrainKind.COASTAL])
def test_a_wished_bridge_is_there_and_joins_both_banks(kind: TerrainKind) -> None:
    for seed in range(3):
        wish = TerrainWish(kinds=(kind,), side_m=5_000, needs_bridge=True, needs_settlement=True)
        built = build_terrain(wish, Streams(seed))
        bridges = [crossing for crossing in built.terrain.crossings if crossing.kind == "bridge"]
        assert bridges
        towns = [town.at for town in built.terrain.settlements]
        router = Router(built.ground)
        assert all(router.connected(Mobility.FOOT, towns[0], town) for town in towns)


def test_every_wished_site_is_a_feature_that_a_truck_reaches() -> None:
    built = build_terrain(TerrainWish(kinds=(TerrainKind.COASTAL,), side_m=6_000, features=SITE_KINDS), Streams(3))
    assert_sound(built)
    kinds = {feature.kind: feature.at for feature in built.terrain.features}
    assert set(SITE_KINDS) <= set(kinds)
    router = Router(built.ground)
    town = built.terrain.settlements[0].at
    for kind in SITE_KINDS:
        assert router.connected(Mobility.WHEELED, kinds[kind], town), kind


def test_a_coast_has_sea_on_one_side_and_a_desert_no_lake() -> None:
    coastal = small((TerrainKind.COASTAL,), 4).ground
    wet = coastal.cover == COVER_CODES.index(Cover.WATER)
    assert max(wet[0].mean(), wet[-1].mean(), wet[:, 0].mean(), wet[:, -1].mean()) > 0.9
    assert not (small((TerrainKind.DESERT,), 4).ground.cover == COVER_CODES.index(Cover.WATER)).any()


@pytest.mark.parametrize(
    ("kind", "cover", "least_percent"),
    [
        (TerrainKind.FOREST, Cover.FOREST, 45),
        (TerrainKind.JUNGLE, Cover.FOREST, 55),
        (TerrainKind.DESERT, Cover.SAND, 50),
        (TerrainKind.ARCTIC, Cover.SNOW, 55),
        (TerrainKind.WETLAND, Cover.MARSH, 15),
        (TerrainKind.URBAN, Cover.BUILT_UP, 3),
    ],
)
def test_the_land_looks_as_asked(kind: TerrainKind, cover: Cover, least_percent: int) -> None:
    ground = small((kind,), 5).ground
    assert (ground.cover == COVER_CODES.index(cover)).mean() * 100 >= least_percent


def test_mountains_are_higher_and_steeper_than_plains() -> None:
    mountain, plains = small((TerrainKind.MOUNTAIN,), 6), small((TerrainKind.PLAINS,), 6)
    assert np.median(mountain.ground.slopes) > 4 * np.median(plains.ground.slopes)


def test_underground_country_has_named_caves_and_tunnels() -> None:
    built = build_terrain(TerrainWish(kinds=(TerrainKind.UNDERGROUND,), side_m=6_000), Streams(7))
    assert {"cave", "tunnel"} <= {feature.kind for feature in built.terrain.features}


def test_progress_begins_at_nothing_and_never_falls() -> None:
    told: list[int] = []
    build_terrain(TerrainWish(side_m=2_000), Streams(1), lambda _, percent: told.append(percent))
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] <= 100


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"side_m": 10_005}, "not a whole number of 10 m cells"),
        ({"side_m": 500}, "50 cells a side, expected 100"),
        ({"side_m": 100_000}, "10000 cells a side"),
        ({"cell_m": 0}, "not a whole number"),
        ({"features": ("volcano",)}, "unknown feature 'volcano'"),
    ],
)
def test_an_impossible_wish_is_refused_in_words(wish: dict[str, object], says: str) -> None:
    with pytest.raises(CompositionError, match=says):
        TerrainWish(**wish)  # type: ignore[arg-type]
