"""The layout: where the objective lies, from where each side comes, and where every place of the schemes is.

Distances follow from the larger of the two echelons and are shortened when the prompt allows little time. The
bearing of the approach is drawn; at a river it crosses the river.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from workbench.scenario.composer.brief import Brief
from workbench.scenario.composer.placement import NoRoomError, Placer
from workbench.scenario.composer.schemes import Place
from workbench.scenario.composer.sites import Site, sites_for
from workbench.scenario.ground import Ground
from workbench.scenario.intent import Mission, ObjectiveKind, Posture
from workbench.scenario.model import COVER_CODES, Cover, Mobility, Point
from workbench.scenario.plane import (
    COMPASS,
    Direction,
    direction,
    distance_cm,
    distance_to_segment_cm,
    offset,
)
from workbench.scenario.scale import scale_of
from workbench.scenario.sight import line_of_sight
from workbench.scenario.streams import Streams

__all__ = ["Layout", "Needs", "lay_out"]

P = Place

_ENEMY_PLACES: Final = (P.ENEMY_BASE, P.ENEMY_FLANK, P.ENEMY_REAR, P.ENEMY_GUNS, P.ENEMY_GOAL)

_MOVABLE: Final = (
    ObjectiveKind.HIGH_GROUND, ObjectiveKind.COMMAND_POST, ObjectiveKind.PERSONNEL, ObjectiveKind.ENEMY_FORCE,
)  # fmt: skip
"""Objectives that need not lie exactly at the feature they are named after."""

_SIGHT_STEPS: Final = (2, -2, 3, -3, 1, -1, 4, -4, 0, 5, -5, 6, -6, 7, -7, 8)
"""Bearings tried for a place that must see the objective, in sixteenths from the side of the approach."""

_BEACH_CELLS: Final = 40
"""A landing starts where there is water within so many cells."""

_RIM_PERCENT: Final = 3
"""Bases keep this share of the side of the area from its rim."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What the forces demand of the layout."""

    own: frozenset[Mobility]
    enemy: frozenset[Mobility]
    weapon_range_m: int
    """Of the base of fire."""


@dataclass(frozen=True, slots=True)
class Layout:
    site: Site
    objective: Point
    """Where the force gathers at the objective: the nearest ground that all of it can use."""
    radius_cm: int
    axis: Direction
    """From the assembly area towards the objective."""
    reach_cm: int
    """Distance of the assembly area from the objective."""
    base: Point
    enemy_base: Point | None
    _locate: Callable[[Place], Point]

    def at(self, place: Place) -> Point:
        """Centre of a place.

        Raises:
            NoRoomError: the ground offers none.
        """
        return self._locate(place)


def lay_out(brief: Brief, needs: Needs, placer: Placer, streams: Streams, *, reach_percent: int, picky: bool) -> Layout:
    """Choose objective, approach and bases. ``picky``: a base of fire must see the objective.

    Raises:
        NoRoomError: no combination of site and bearing is usable.
    """
    stream = streams.named("layout")
    sites = stream.shuffle(_central(sites_for(brief.objective, placer.ground), placer.ground.side_cm))
    for site in sites[:6]:
        for axis in _bearings(brief, site, placer, stream.shuffle(COMPASS)):
            try:
                return _Planner(brief, needs, placer, site, axis, reach_percent, picky).layout()
            except NoRoomError:
                continue
    raise NoRoomError("no objective with a usable approach")


def _central(sites: Iterable[Site], side_cm: int) -> list[Site]:
    """Sites away from the rim; all of them where none is."""
    every = list(sites)
    low, high = side_cm // 5, side_cm * 4 // 5
    inner = [s for s in every if low <= s.at.east_cm <= high and low <= s.at.north_cm <= high]
    return inner or every


def _bearings(brief: Brief, site: Site, placer: Placer, shuffled: list[Direction]) -> list[Direction]:
    """Approach bearings in the order to try: from the sea for a landing, across the water at a crossing."""
    if brief.mission is Mission.AMPHIBIOUS:
        reach_cm = scale_of(brief.own_echelon).approach_m * 100
        return sorted(shuffled, key=lambda axis: -_wet_cells(placer.ground, offset(site.at, axis.back, reach_cm)))
    if brief.objective not in (ObjectiveKind.BRIDGE, ObjectiveKind.CROSSING_SITE):
        return shuffled
    legs = [leg for water in placer.ground.terrain.water_courses for leg in pairwise(water.points)]
    if not legs:
        return shuffled
    a, b = min(legs, key=lambda leg: (distance_to_segment_cm(site.at, *leg), leg[0].east_cm, leg[0].north_cm))
    along = direction(a, b)
    return sorted(shuffled, key=lambda axis: abs(axis.east * along.east + axis.north * along.north) // 1_000_000)


def _wet_cells(ground: Ground, point: Point) -> int:
    """How much water there is around the point: a beach has some, the inland none."""
    row, col = ground.cell_of(point)
    near = _BEACH_CELLS
    window = ground.cover[max(row - near, 0) : row + near + 1, max(col - near, 0) : col + near + 1]
    return int((window == COVER_CODES.index(Cover.WATER)).sum())


class _Planner:
    """Works out one site and bearing; places beyond the bases are found when they are asked for."""

    def __init__(
        self, brief: Brief, needs: Needs, placer: Placer, site: Site, axis: Direction,
        reach_percent: int, picky: bool,
    ) -> None:  # fmt: skip
        self._brief, self._needs, self._placer, self._site, self._axis = brief, needs, placer, site, axis
        scale = scale_of(brief.own_echelon)
        self._radius = max(scale.objective_radius_m, scale_of(brief.frame).objective_radius_m // 2) * 100
        usual = max(scale.approach_m, scale_of(brief.frame).approach_m * 3 // 4) * 100
        self._reach = max(usual * reach_percent // 100, self._radius // 2)
        self._picky = picky
        self._found: dict[Place, Point] = {}

    def layout(self) -> Layout:
        placer, rim = self._placer, self._placer.ground.side_cm * _RIM_PERCENT // 100
        self._objective = placer.anchor(self._site.at, self._needs.own)
        if distance_cm(self._objective, self._site.at) > 2 * self._radius:
            if self._brief.objective not in _MOVABLE:
                raise NoRoomError("the objective cannot be reached")
            reason = f"it is the nearest ground to {self._site.place} that the whole force can reach"
            self._site = Site(self._objective, self._site.place, reason)
        self._base = self._linked(P.ASSEMBLY, offset(self._objective, self._axis.back, self._base_distance()))
        side = placer.ground.side_cm
        for value in (self._base.east_cm, self._base.north_cm):
            if not rim <= value <= side - rim:
                raise NoRoomError("the assembly area would lie on the rim")
        if distance_cm(self._base, self._objective) < self._base_distance() // 2:
            raise NoRoomError("the assembly area would lie on the objective")
        self._enemy_base = self._linked(P.ENEMY_BASE, self._ideal_enemy_base()) if self._brief.has_enemy else None
        return Layout(
            site=self._site,
            objective=self._objective,
            radius_cm=self._radius,
            axis=direction(self._base, self._objective),
            reach_cm=self._reach,
            base=self._base,
            enemy_base=self._enemy_base,
            _locate=self._locate,
        )

    def _base_distance(self) -> int:
        return self._reach if self._brief.scheme.stance == "approach" else max(2 * self._radius, self._reach // 2)

    def _locate(self, place: Place) -> Point:
        if place not in self._found:
            if place in (P.SUPPORT_BY_FIRE, P.OBSERVATION_1, P.OBSERVATION_2):
                self._found[place] = self._with_sight(place)
            else:
                self._found[place] = self._linked(place, self._ideal(place))
        return self._found[place]

    def _linked(self, place: Place, ideal: Point) -> Point:
        """The nearest ground to the ideal that the side can use and reach from its own base."""
        if place in self._found:
            return self._found[place]
        if place in _ENEMY_PLACES:
            base = self._found.get(P.ENEMY_BASE)
            found = self._placer.anchor(ideal, self._needs.enemy, base or self._objective_for_enemy())
        else:
            found = self._placer.anchor(ideal, self._needs.own, self._objective)
        self._found[place] = found
        return found

    def _objective_for_enemy(self) -> Point:
        return self._placer.anchor(self._objective, self._needs.enemy)

    def _with_sight(self, place: Place) -> Point:
        """A place on the own side that sees the objective, else merely one on the own side."""
        if place is P.SUPPORT_BY_FIRE:
            by = min(
                max(self._needs.weapon_range_m * 80, self._radius * 6 // 5), max(self._reach, self._radius) * 3 // 4
            )
        else:
            by = min(max(self._radius * 2, self._reach // 3), self._reach * 3 // 4 + self._radius)
        forward = self._brief.scheme.stance == "hold" or self._brief.mission == "screen"
        back = self._axis if forward and place is not P.SUPPORT_BY_FIRE else self._axis.back
        sign = -1 if place is P.OBSERVATION_2 else 1
        for percent in (100, 75, 125):
            for step in _SIGHT_STEPS:
                ideal = offset(self._objective, back.turned(sign * step), by * percent // 100)
                try:
                    found = self._placer.anchor(ideal, self._needs.own, self._objective)
                except NoRoomError:
                    continue
                if distance_cm(found, ideal) <= by and line_of_sight(self._placer.ground, found, self._site.at):
                    return found
        if place is P.SUPPORT_BY_FIRE and self._picky:
            raise NoRoomError("no position sees the objective")
        return self._linked(place, offset(self._objective, back.turned(sign * 2), by))

    def _ideal_enemy_base(self) -> Point:
        reach, radius, axis, at = self._reach, self._radius, self._axis, self._objective
        hold = self._brief.scheme.stance == "hold"
        posture = self._brief.posture
        if posture is Posture.ATTACKING:
            return offset(at, axis, max(reach, 3 * radius))
        if posture is Posture.MOVING:
            return offset(at, axis.right, max(reach, 2 * radius))
        if posture is Posture.AMBUSHING:
            if hold:
                return offset(at, axis.turned(2), 2 * radius)
            return offset(offset(at, axis.back, reach * 35 // 100), axis.right, max(reach // 8, radius))
        if hold:
            return offset(at, axis, max(reach * 2 // 3, 3 * radius))
        return offset(at, axis, radius // 4)

    def _ideal(self, place: Place) -> Point:
        reach, radius, axis, at = self._reach, self._radius, self._axis, self._objective
        enemy = self._enemy_base or at
        side = self._placer.ground.side_cm
        recipes: dict[Place, tuple[Point, Direction, int]] = {
            P.OBJECTIVE: (at, axis, 0),
            P.FAR_SIDE: (at, axis, radius * 3 // 2),
            P.REAR: (at, axis.back, max(reach, 4 * radius)),
            P.POSITION_1: (at, axis.turned(-2), radius * 4 // 5),
            P.POSITION_2: (at, axis.turned(2), radius * 4 // 5),
            P.POSITION_3: (at, axis.back, radius * 3 // 5),
            P.CORDON_1: (at, axis.turned(1), radius * 6 // 5),
            P.CORDON_2: (at, axis.right, radius),
            P.KILL_ZONE: (at, axis, radius * 3 // 2)
            if self._brief.scheme.stance == "hold"
            else (at, axis.back, radius // 2),
            P.CHECKPOINT_1: (offset(at, axis.back, reach // 2), axis.right, reach // 4),
            P.CHECKPOINT_2: (offset(at, axis.back, reach // 2), axis.right.back, reach // 4),
            P.OBSTACLE: (at, axis if self._brief.scheme.stance == "hold" else axis.back, radius * 6 // 5),
            P.GUNS: (self._base, axis.turned(6), max(radius, reach // 10)),
            P.ENEMY_FLANK: (enemy, axis.turned(-3), radius),
            P.ENEMY_REAR: (enemy, self._enemy_rear(), min(radius * 3 // 2 + reach // 3, side // 6)),
            P.ENEMY_GUNS: (enemy, self._enemy_rear().turned(1), min(radius * 2 + reach // 3, side // 6)),
            P.ENEMY_GOAL: (at, axis.right.back, max(reach, 2 * radius))
            if self._brief.posture is Posture.MOVING
            else (enemy, axis, max(reach, 3 * radius)),
        }
        centre, towards, by = recipes[place]
        return offset(centre, towards, by)

    def _enemy_rear(self) -> Direction:
        return self._axis.right if self._brief.posture is Posture.MOVING else self._axis
