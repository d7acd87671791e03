"""Small real terrains, and grounds drawn by hand for cases that a generator does not promise."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from workbench.canonical import sha256_hex
from workbench.scenario.ground import Ground
from workbench.scenario.intent import TerrainKind
from workbench.scenario.model import COVER_CODES, Cover, Grid, Point, Road, Terrain
from workbench.scenario.streams import Streams
from workbench.scenario.terrain import BuiltTerrain, TerrainWish, build_terrain

LETTERS = {
    ".": Cover.OPEN,
    "f": Cover.FOREST,
    "w": Cover.WATER,
    "m": Cover.MARSH,
    "r": Cover.ROAD,
    "b": Cover.BRIDGE,
    "d": Cover.FORD,
}

Draw = Callable[..., Ground]


@pytest.fixture(scope="session")
def draw_ground() -> Draw:
    """``draw_ground(["..w", "..."], heights=None, cell_cm=1000)``: the first line is the northernmost."""

    def draw(
        lines: Sequence[str],
        heights: Sequence[Sequence[int]] | None = None,
        cell_cm: int = 1000,
        roads: Sequence[Sequence[tuple[int, int]]] = (),
    ) -> Ground:
        cover = np.array([[COVER_CODES.index(LETTERS[letter]) for letter in line] for line in lines[::-1]], np.uint8)
        height = np.zeros(cover.shape, "<i4") if heights is None else np.array(heights[::-1], "<i4")
        blobs = {sha256_hex(grid.tobytes()): grid.tobytes() for grid in (height, cover)}
        size = {"rows": cover.shape[0], "cols": cover.shape[1], "cell_cm": cell_cm}
        terrain = Terrain(
            kinds=(TerrainKind.RURAL,),
            heights=Grid(sha256=sha256_hex(height.tobytes()), kind="height_cm_i32", **size),
            cover=Grid(sha256=sha256_hex(cover.tobytes()), kind="cover_u8", **size),
            min_height_cm=int(height.min()),
            max_height_cm=int(height.max()),
            roads=tuple(
                Road(
                    id=f"road.{number}",
                    kind="road",
                    points=tuple(Point(east_cm=col * cell_cm, north_cm=row * cell_cm) for row, col in corners),
                )
                for number, corners in enumerate(roads)
            ),
            water_courses=(),
            crossings=(),
            settlements=(),
            features=(),
        )
        return Ground.from_blobs(terrain, blobs)

    return draw


@pytest.fixture(scope="session")
def rural() -> BuiltTerrain:
    """5 km of countryside with a river and bridge, at 10 m."""
    wish = TerrainWish(kinds=(TerrainKind.RURAL,), side_m=5_000, needs_bridge=True, needs_settlement=True)
    return build_terrain(wish, Streams(11))


@pytest.fixture(scope="session")
def mountain() -> BuiltTerrain:
    """5 km of mountains at 10 m."""
    return build_terrain(TerrainWish(kinds=(TerrainKind.MOUNTAIN,), side_m=5_000), Streams(12))
