"""The named places of a finished canvas: hills, woods, lakes, farms, caves, and what people built."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.scenario.model import Cover, Feature, Point, Settlement
from workbench.scenario.streams import Streams
from workbench.scenario.terrain.canvas import CODE, Canvas, Cell
from workbench.scenario.terrain.drainage import Lake
from workbench.scenario.terrain.gazetteer import Gazetteer
from workbench.scenario.terrain.shapes import Shape
from workbench.scenario.terrain.sites import Site

__all__ = ["Places", "name_features"]

Ints = NDArray[np.int64]

_HILLS: Final = 6
_WOODS: Final = 4
_FARMS: Final = 6
_SPACING_PERCENT: Final = 10
_RIM_PERCENT: Final = 4
_SITE_WORDS: Final = {
    "airfield": "Airfield",
    "port": "Port",
    "depot": "Depot",
    "base": "Barracks",
    "border": "Border Post",
    "factory": "Works",
}
_TOWN_BUILDINGS: Final = (("hospital", "Hospital"), ("school", "School"), ("shrine", "Old Shrine"))
"""In each settlement from the largest down, as far as its buildings go; protected places of the rules."""
_LEAST_TOWN_BUILDINGS: Final = 8


@dataclass(frozen=True, slots=True)
class Places:
    """What was planned and built on a canvas, to be named."""

    sites: Sequence[Site]
    settlements: Sequence[Settlement]
    lakes: Sequence[Lake]
    has_sea: bool


def name_features(
    canvas: Canvas, shape: Shape, places: Places, names: Gazetteer, streams: Streams
) -> tuple[Feature, ...]:
    """All features, numbered within their kind."""
    count: dict[str, int] = {}

    def numbered(kind: str, name: str, at: Point) -> Feature:
        count[kind] = count.get(kind, 0) + 1
        return Feature(id=f"{kind}.{count[kind]}", name=name, kind=kind, at=at)

    found = [
        *_built(canvas, places, names),
        *_natural(canvas, places, names),
        *_farms(canvas, names, streams),
        *_underground(canvas, shape, names, streams),
    ]
    return tuple(numbered(*each) for each in found)


Found = tuple[str, str, Point]
"""Kind, name and position of a feature."""


def _built(canvas: Canvas, places: Places, names: Gazetteer) -> Iterator[Found]:
    for site in places.sites:
        at = canvas.point(canvas.cell_of(site.node))
        town = min(places.settlements, key=lambda each: (_squared(each.at, at), each.id))
        yield site.kind, names.after(town.name, _SITE_WORDS[site.kind]), at
    for rank, town in enumerate(places.settlements):
        for number, (kind, word) in enumerate(_TOWN_BUILDINGS):
            if number * _LEAST_TOWN_BUILDINGS < len(town.buildings) and rank <= number + 1:
                yield kind, names.after(town.name, word), town.buildings[number * _LEAST_TOWN_BUILDINGS]
    if "building" in canvas.wish.features:
        town = places.settlements[0]
        yield (
            "building",
            names.after(town.name, "Hall"),
            min(town.buildings, key=lambda at: _squared(at, town.at)),
        )


def _natural(canvas: Canvas, places: Places, names: Gazetteer) -> Iterator[Found]:
    for at in _best_apart(canvas, canvas.at_nodes(canvas.heights), _HILLS):
        yield "hill", names.place("Hill"), canvas.point(at)
    wooded = _share_around(canvas, canvas.cover == CODE[Cover.FOREST])
    for at in _best_apart(canvas, np.where(wooded * 2 > wooded.max(initial=1), wooded, 0), _WOODS):
        if canvas.cover[at] == CODE[Cover.FOREST]:
            yield "wood", names.place("Wood"), canvas.point(at)
    for lake in places.lakes:
        rows, cols = np.nonzero(lake.nodes)
        middle = int(((rows - rows.sum() // len(rows)) ** 2 + (cols - cols.sum() // len(cols)) ** 2).argmin())
        yield (
            "lake",
            f"Lake {names.water()}",
            canvas.point(canvas.cell_of((int(rows[middle]), int(cols[middle])))),
        )
    if places.has_sea:
        rows, cols = np.nonzero(canvas.still_water & (canvas.heights == 0))
        middle = len(rows) // 2
        yield "sea", names.place("Bay"), canvas.point((int(rows[middle]), int(cols[middle])))


def _farms(canvas: Canvas, names: Gazetteer, streams: Streams) -> Iterator[Found]:
    fields = canvas.cover == CODE[Cover.FIELD]
    for at in _random_apart(canvas, fields, _FARMS, streams, "farms"):
        yield "farm", names.place("Farm"), canvas.point(at)


def _underground(canvas: Canvas, shape: Shape, names: Gazetteer, streams: Streams) -> Iterator[Found]:
    """Entrances of caves and tunnels, in rock."""
    if not shape.caves:
        return
    rock = canvas.cover == CODE[Cover.ROCK]
    for number, at in enumerate(_random_apart(canvas, rock, shape.caves, streams, "caves")):
        if number % 2:
            yield "tunnel", names.place("Tunnel"), canvas.point(at)
        else:
            yield "cave", names.place("Cave"), canvas.point(at)


def _best_apart(canvas: Canvas, scores: Ints, count: int) -> list[Cell]:
    """Samples of the highest-scoring nodes that lie apart from each other and off the rim."""
    spacing = max(canvas.nodes * _SPACING_PERCENT // 100, 2)
    left = scores.copy()
    rim = canvas.nodes * _RIM_PERCENT // 100 + 1
    inner = np.zeros(left.shape, dtype=np.bool_)
    inner[rim:-rim, rim:-rim] = True
    left[~inner] = left.min()
    floor = int(left.min())
    chosen: list[Cell] = []
    while len(chosen) < count and int(left.max()) > floor:
        row, col = divmod(int(left.argmax()), canvas.nodes)
        chosen.append(canvas.cell_of((row, col)))
        left[max(row - spacing, 0) : row + spacing + 1, max(col - spacing, 0) : col + spacing + 1] = floor
    return chosen


def _share_around(canvas: Canvas, mask: NDArray[np.bool_]) -> Ints:
    """How many of the nodes around each node lie where the mask is true."""
    at_nodes = canvas.at_nodes(mask.astype(np.int32))
    padded = np.pad(at_nodes, 3)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (7, 7))
    share: Ints = windows.sum(axis=(2, 3))
    return share


def _random_apart(canvas: Canvas, where: NDArray[np.bool_], count: int, streams: Streams, label: str) -> list[Cell]:
    """Random samples where the mask is true, apart from each other."""
    stream = streams.named(f"features.{label}")
    spacing = canvas.samples * _SPACING_PERCENT // 100
    rows, cols = np.nonzero(where)
    chosen: list[Cell] = []
    for _ in range(count * 4 if len(rows) else 0):
        draw = stream.below(len(rows))
        at = (int(rows[draw]), int(cols[draw]))
        if len(chosen) < count and all(max(abs(at[0] - r), abs(at[1] - c)) >= spacing for r, c in chosen):
            chosen.append(at)
    return chosen


def _squared(a: Point, b: Point) -> int:
    return (a.east_cm - b.east_cm) ** 2 + (a.north_cm - b.north_cm) ** 2
