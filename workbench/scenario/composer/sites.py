"""Where objectives of each kind can lie, and why a place is one.

Every kind of the vocabulary has an answer on every terrain: where the terrain has no such feature the
next best place is taken and the reason says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from workbench.scenario.ground import Ground
from workbench.scenario.intent import ObjectiveKind
from workbench.scenario.model import Cover, Point, Terrain
from workbench.scenario.plane import distance_cm

__all__ = ["Site", "sites_for", "terrain_features"]

_FEATURES: Final = {
    ObjectiveKind.AIRFIELD: ("airfield",),
    ObjectiveKind.PORT: ("port",),
    ObjectiveKind.DEPOT: ("depot",),
    ObjectiveKind.BASE: ("base",),
    ObjectiveKind.BORDER: ("border",),
    ObjectiveKind.BUILDING: ("building",),
    ObjectiveKind.HIGH_GROUND: ("hill", "peak", "ridge", "summit"),
}
"""Kinds of terrain features that make an objective of a kind."""

_WISHED: Final = ("airfield", "port", "depot", "base", "border", "building")

_REASONS: Final = {
    ObjectiveKind.BRIDGE: "{name} carries the only road over the water for some distance",
    ObjectiveKind.CROSSING_SITE: "{name} is where a force can get over the water",
    ObjectiveKind.HIGH_GROUND: "{name} overlooks the approaches around it",
    ObjectiveKind.SETTLEMENT: "the roads of the district meet in {name}",
    ObjectiveKind.AIRFIELD: "{name} lets aircraft land supplies and reinforcements",
    ObjectiveKind.PORT: "{name} lets ships land supplies and reinforcements",
    ObjectiveKind.DEPOT: "{name} holds the stores that the other side lives on",
    ObjectiveKind.BASE: "{name} is the base from which the district is controlled",
    ObjectiveKind.BORDER: "{name} is where the road crosses the border",
    ObjectiveKind.BUILDING: "a building at {name} is used by the people who are looked for",
    ObjectiveKind.ROUTE: "whoever holds the road near {name} controls movement between the settlements",
    ObjectiveKind.COMMAND_POST: "a command post was located near {name}, off the road and out of sight of it",
    ObjectiveKind.PERSONNEL: "the personnel concerned were last reported near {name}",
    ObjectiveKind.ENEMY_FORCE: "the enemy force was last reported near {name}",
}

_ON_WATER: Final = (ObjectiveKind.BRIDGE, ObjectiveKind.CROSSING_SITE)

_ROAD_STEP_CM: Final = 100_000


@dataclass(frozen=True, slots=True)
class Site:
    at: Point
    place: str
    """Name of the place, or of the nearest named one."""
    reason: str


def terrain_features(kind: ObjectiveKind) -> tuple[str, ...]:
    """Features that the terrain must be asked for so that an objective of this kind has a place."""
    return tuple(feature for feature in _FEATURES.get(kind, ()) if feature in _WISHED)


def sites_for(kind: ObjectiveKind, ground: Ground) -> tuple[Site, ...]:
    """Candidate sites in a fixed order, at least one."""
    terrain = ground.terrain
    named = tuple(
        (at, place)
        for at, place in _named_sites(kind, ground)
        if kind in _ON_WATER or ground.cover_at(at) is not Cover.WATER
    )
    if named:
        return tuple(Site(at, place, _REASONS[kind].format(name=place)) for at, place in named)
    at = _highest(ground)
    place = nearest_name(terrain, at)
    return (Site(at, place, f"{place} is the best ground of the area; the terrain has no {kind.replace('_', ' ')}"),)


def nearest_name(terrain: Terrain, point: Point) -> str:
    """Name of the named place that is nearest to the point."""
    named = [(distance_cm(point, town.at), town.name) for town in terrain.settlements]
    named += [(distance_cm(point, feature.at), feature.name) for feature in terrain.features]
    return min(named)[1] if named else "the high ground"


def _named_sites(kind: ObjectiveKind, ground: Ground) -> Iterator[tuple[Point, str]]:
    terrain = ground.terrain
    if kind in (ObjectiveKind.BRIDGE, ObjectiveKind.CROSSING_SITE):
        for crossing in terrain.crossings:
            if kind is ObjectiveKind.CROSSING_SITE or crossing.kind == "bridge":
                yield crossing.at, crossing.name
    elif kind is ObjectiveKind.SETTLEMENT:
        yield from ((town.at, town.name) for town in terrain.settlements)
    elif kind is ObjectiveKind.ROUTE:
        yield from ((at, nearest_name(terrain, at)) for at in _along_roads(terrain))
    elif kind in (ObjectiveKind.COMMAND_POST, ObjectiveKind.PERSONNEL, ObjectiveKind.ENEMY_FORCE):
        yield from ((feature.at, feature.name) for feature in terrain.features if feature.kind not in _WISHED)
    else:
        yield from _features(kind, terrain)


def _features(kind: ObjectiveKind, terrain: Terrain) -> Iterator[tuple[Point, str]]:
    found = [feature for feature in terrain.features if feature.kind in _FEATURES.get(kind, ())]
    yield from ((feature.at, feature.name) for feature in found)
    if kind is ObjectiveKind.BUILDING and not found:
        for town in terrain.settlements:
            if town.buildings:
                yield town.buildings[0], town.name


def _along_roads(terrain: Terrain) -> Iterator[Point]:
    """A point of each long leg of each road."""
    for road in terrain.roads:
        since = 0
        for a, b in pairwise(road.points):
            since += distance_cm(a, b)
            if since >= _ROAD_STEP_CM:
                since = 0
                yield b


def _highest(ground: Ground) -> Point:
    """The highest sample of the inner half of the area, south-westernmost among equals."""
    south, west = ground.rows // 4, ground.cols // 4
    inner = ground.heights[south : 3 * south + 1, west : 3 * west + 1]
    row, col = divmod(int(np.argmax(inner)), inner.shape[1])
    return ground.point_of(south + row, west + col)
