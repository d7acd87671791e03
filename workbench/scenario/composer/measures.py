"""Control measures: the lines, areas and points that the orders refer to, and those that frame the manoeuvre."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.scenario.composer.brief import Brief
from workbench.scenario.composer.layout import Layout
from workbench.scenario.composer.names import CodeWords
from workbench.scenario.composer.placement import Disc
from workbench.scenario.composer.schemes import Place
from workbench.scenario.composer.tasks import Ordered
from workbench.scenario.intent import Threat
from workbench.scenario.model import ControlMeasure, ControlMeasureKind, Mobility, Objective, Point, SideId
from workbench.scenario.plane import Direction, direction, distance_cm, octagon, offset

__all__ = ["Protected", "draw_measures", "make_objective", "measure_id"]

K = ControlMeasureKind
P = Place

_KINDS: Final = {
    P.ASSEMBLY: (K.ASSEMBLY_AREA, "Assembly Area"),
    P.FAR_SIDE: (K.BATTLE_POSITION, "Bridgehead"),
    P.SUPPORT_BY_FIRE: (K.SUPPORT_BY_FIRE, "Support by Fire Position"),
    P.POSITION_1: (K.BATTLE_POSITION, "Battle Position"),
    P.POSITION_2: (K.BATTLE_POSITION, "Battle Position"),
    P.POSITION_3: (K.BATTLE_POSITION, "Battle Position"),
    P.REAR: (K.BATTLE_POSITION, "Rear Position"),
    P.CORDON_1: (K.CHECKPOINT, "Cordon Point"),
    P.CORDON_2: (K.CHECKPOINT, "Cordon Point"),
    P.OBSERVATION_1: (K.CHECKPOINT, "Observation Post"),
    P.OBSERVATION_2: (K.CHECKPOINT, "Observation Post"),
    P.KILL_ZONE: (K.BATTLE_POSITION, "Ambush Position"),
    P.CHECKPOINT_1: (K.CHECKPOINT, "Checkpoint"),
    P.CHECKPOINT_2: (K.CHECKPOINT, "Checkpoint"),
    P.OBSTACLE: (K.OBSTACLE, "Obstacle Belt"),
    P.GUNS: (K.BATTLE_POSITION, "Gun Area"),
    P.ENEMY_BASE: (K.BATTLE_POSITION, "Enemy Position"),
    P.ENEMY_FLANK: (K.BATTLE_POSITION, "Enemy Flank Position"),
    P.ENEMY_REAR: (K.ASSEMBLY_AREA, "Enemy Rear Area"),
    P.ENEMY_GUNS: (K.BATTLE_POSITION, "Enemy Gun Area"),
    P.ENEMY_GOAL: (K.ASSEMBLY_AREA, "Enemy Destination"),
}

OBJECTIVE_ID: Final = "obj.1"


@dataclass(frozen=True, slots=True)
class Protected:
    """A site that no fire may fall on."""

    name: str
    disc: Disc


def measure_id(place: Place | None) -> str | None:
    """Id of the objective or measure that a place became."""
    if place is None:
        return None
    return OBJECTIVE_ID if place is P.OBJECTIVE else f"cm.{place.replace('_', '-')}"


def make_objective(brief: Brief, layout: Layout, words: CodeWords) -> Objective:
    """The objective of the own side. Who holds it follows from mission and enemy posture."""
    held: SideId | None = None
    if brief.scheme.stance == "hold" or brief.scheme.ward == "same":
        held = SideId.OWN
    elif brief.has_enemy and brief.posture == "defending":
        held = SideId.ENEMY
    reason = layout.site.reason
    return Objective(
        id=OBJECTIVE_ID,
        name=f"Objective {words.next()}",
        kind=brief.objective,
        at=layout.site.at,
        radius_cm=layout.radius_cm,
        held_by=held,
        reason=f"{reason[0].upper()}{reason[1:]}.",
    )


def draw_measures(
    brief: Brief,
    layout: Layout,
    objective: Objective,
    used: Sequence[tuple[SideId, Place]],
    ordered: Sequence[Ordered],
    protected: Sequence[Protected],
    words: CodeWords,
    side_cm: int,
) -> tuple[ControlMeasure, ...]:
    """All measures: places used by tasks, lines across the axis, boundaries, areas of fire, protected sites."""
    pen = _Pen(side_cm)
    measures = [
        pen.area("cm.objective", K.OBJECTIVE_AREA, SideId.OWN, objective.name, objective.at, objective.radius_cm)
    ]
    for side, place in used:
        if place is not P.OBJECTIVE:
            measures.append(_place_measure(pen, brief, layout, side, place, words))
    measures += _lines(pen, brief, layout, ordered, words, bool({p for _, p in used} & {P.ASSEMBLY}))
    measures += _fire_areas(pen, brief, layout, words)
    measures += _mines(pen, brief, layout, {place for _, place in used})
    for index, site in enumerate(protected, 1):
        measures.append(
            pen.area(
                f"cm.nfa-{index}",
                K.NO_FIRE_AREA,
                SideId.OWN,
                f"No-Fire Area {site.name}",
                site.disc.at,
                site.disc.radius_cm,
            )
        )
    return tuple(measures)


class _Pen:
    """Draws inside the area."""

    def __init__(self, side_cm: int) -> None:
        self._side = side_cm

    def _inside(self, point: Point) -> Point:
        return Point(east_cm=min(max(point.east_cm, 0), self._side), north_cm=min(max(point.north_cm, 0), self._side))

    def area(self, id: str, kind: K, side: SideId, name: str, at: Point, radius_cm: int) -> ControlMeasure:
        points = tuple(self._inside(point) for point in octagon(at, radius_cm))
        return ControlMeasure(id=id, kind=kind, side=side, name=name, geometry="area", points=points)

    def line(self, id: str, kind: K, side: SideId, name: str, points: Sequence[Point]) -> ControlMeasure:
        inside = tuple(self._inside(point) for point in points)
        return ControlMeasure(id=id, kind=kind, side=side, name=name, geometry="line", points=inside)

    def across(
        self, id: str, kind: K, side: SideId, name: str, at: Point, axis: Direction, half_cm: int
    ) -> ControlMeasure:
        """A line of twice the half length across the axis, left end first."""
        ends = (offset(at, axis.right.back, half_cm), self._inside(at), offset(at, axis.right, half_cm))
        return self.line(id, kind, side, name, ends)

    def point(self, id: str, kind: K, side: SideId, name: str, at: Point) -> ControlMeasure:
        return ControlMeasure(id=id, kind=kind, side=side, name=name, geometry="point", points=(self._inside(at),))


def _place_measure(
    pen: _Pen, brief: Brief, layout: Layout, side: SideId, place: Place, words: CodeWords
) -> ControlMeasure:
    kind, title = _KINDS[place]
    if place is P.KILL_ZONE and brief.mission != "ambush":
        title = "Attack Position"
    name = f"{title} {words.next()}"
    id_ = str(measure_id(place))
    at = layout.at(place)
    if kind is K.CHECKPOINT:
        return pen.point(id_, kind, side, name, at)
    if kind is K.OBSTACLE:
        return pen.across(id_, kind, _obstacle_owner(brief), name, at, layout.axis, layout.radius_cm)
    if kind is K.SUPPORT_BY_FIRE:
        return pen.across(id_, kind, side, name, at, direction(at, layout.site.at), layout.radius_cm // 3)
    return pen.area(id_, kind, side, name, at, max(layout.radius_cm * 3 // 5, 5_000))


def _lines(
    pen: _Pen, brief: Brief, layout: Layout, ordered: Sequence[Ordered], words: CodeWords, has_base: bool
) -> Iterator[ControlMeasure]:
    """Line of departure, phase lines, axis and boundaries."""
    axis, base, at = layout.axis, layout.base, layout.objective
    half = max(layout.radius_cm * 2, layout.reach_cm // 3)
    span = distance_cm(base, at)
    if not has_base:
        yield pen.area(
            "cm.assembly",
            K.ASSEMBLY_AREA,
            SideId.OWN,
            f"Assembly Area {words.next()}",
            base,
            max(layout.radius_cm * 3 // 5, 5_000),
        )
    if brief.scheme.stance == "approach":
        yield pen.across(
            "cm.ld",
            K.LINE_OF_DEPARTURE,
            SideId.OWN,
            f"Line of Departure {words.next()}",
            offset(base, axis, span // 5),
            axis,
            half,
        )
        route = _main_route(ordered)
        if route:
            yield pen.line("cm.axis", K.AXIS, SideId.OWN, f"Axis {words.next()}", route)
    yield pen.across(
        "cm.pl-1", K.PHASE_LINE, SideId.OWN, f"Phase Line {words.next()}", offset(base, axis, span // 2), axis, half
    )
    yield pen.across(
        "cm.pl-2",
        K.PHASE_LINE,
        SideId.OWN,
        f"Phase Line {words.next()}",
        offset(at, axis, layout.radius_cm * 8 // 5),
        axis,
        half,
    )
    for name, towards in (("Left", axis.right.back), ("Right", axis.right)):
        ends = (
            offset(offset(base, axis.back, half // 2), towards, half),
            offset(offset(at, axis, half), towards, half),
        )
        yield pen.line(f"cm.boundary-{name.lower()}", K.BOUNDARY, SideId.OWN, f"{name} Boundary", ends)


def _main_route(ordered: Sequence[Ordered]) -> tuple[Point, ...] | None:
    """The way of the first unit of the main effort; the ground routes come first."""
    routes = [o.route for o in ordered if o.route is not None and o.side is SideId.OWN and o.first <= 1]
    ground = [route for route in routes if route.mobility is not Mobility.AIR] or routes
    return ground[0].points if ground else None


def _fire_areas(pen: _Pen, brief: Brief, layout: Layout, words: CodeWords) -> Iterator[ControlMeasure]:
    """Where the fight is meant to happen and a point to direct fire from."""
    if not brief.has_enemy:
        return
    ahead = layout.radius_cm * 3 // 2 if brief.scheme.stance == "hold" else 0
    centre = offset(layout.objective, layout.axis, ahead)
    if brief.scheme.stance == "hold" or brief.mission == "ambush":
        yield pen.area(
            "cm.ea", K.ENGAGEMENT_AREA, SideId.OWN, f"Engagement Area {words.next()}", centre, layout.radius_cm // 2
        )
    yield pen.point(
        "cm.trp-1", K.TARGET_REFERENCE_POINT, SideId.OWN, "TRP 01", offset(centre, layout.axis, layout.radius_cm // 2)
    )


def _obstacle_owner(brief: Brief) -> SideId:
    """The enemy, where there is one; else they are left from an earlier war and shown by the own side."""
    return SideId.ENEMY if brief.has_enemy else SideId.OWN


def _mines(pen: _Pen, brief: Brief, layout: Layout, used: set[Place]) -> Iterator[ControlMeasure]:
    """Obstacles for mines and explosive devices that the prompt speaks of."""
    at, axis = layout.objective, layout.axis
    ahead = axis if brief.scheme.stance == "hold" else axis.back
    if Threat.MINES in brief.threats or (brief.scheme.obstacle and P.OBSTACLE not in used):
        centre = offset(at, ahead.turned(1), layout.radius_cm * 13 // 10)
        yield pen.across(
            "cm.minefield",
            K.OBSTACLE,
            _obstacle_owner(brief),
            "Suspected Minefield",
            centre,
            axis,
            layout.radius_cm // 2,
        )
    if Threat.IED in brief.threats:
        centre = offset(at, ahead, max(layout.reach_cm // 2, layout.radius_cm))
        yield pen.point("cm.ied", K.OBSTACLE, _obstacle_owner(brief), "Suspected IED Site", centre)
