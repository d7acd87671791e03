"""Orders: which unit stands where, what it does, against whom, by which route.

Places are resolved, units placed element by element, each moving step routed, and each task given the
phases in which it is done. Clock times come later (:mod:`workbench.scenario.composer.timeline`), when it is
known how long the routes take.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt

from workbench.scenario.composer.brief import Brief
from workbench.scenario.composer.layout import Layout
from workbench.scenario.composer.orbat import Force, Node
from workbench.scenario.composer.placement import Layer, NoRoomError, Placer
from workbench.scenario.composer.postures import WITHOUT_OPPONENT
from workbench.scenario.composer.schemes import Aim, Part, Place, Step
from workbench.scenario.intent import Echelon
from workbench.scenario.legs import leg_length_cm, leg_time_us, whole_seconds
from workbench.scenario.model import Mobility, Point, Route, SideId, TaskVerb
from workbench.scenario.plane import distance_cm, spiral
from workbench.scenario.scale import scale_of
from workbench.scenario.sight import line_of_sight
from workbench.scenario.streams import Streams

__all__ = ["Assignment", "Ordered", "OrderBook", "Standing", "give_orders"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One element of a force with the part it plays."""

    force: Force
    element: Node
    part: Part


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit with its place at the start."""

    side: SideId
    node: Node
    at: Point
    reserve: bool
    part: str
    element: str
    """Id of the element that it belongs to."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A task without clock times."""

    unit: Node
    side: SideId
    verb: TaskVerb
    target: str | None
    place: Place | None
    route: Route | None
    first: int
    last: int
    purpose: str
    number: int


@dataclass(frozen=True, slots=True)
class OrderBook:
    standing: tuple[Standing, ...]
    ordered: tuple[Ordered, ...]
    places: tuple[tuple[SideId, Place], ...]
    """Places used, each with the side that first used it."""


def give_orders(
    brief: Brief,
    layout: Layout,
    placer: Placer,
    assignments: Sequence[Assignment],
    commanders: Sequence[Force],
    streams: Streams,
    *,
    moving: bool,
) -> OrderBook:
    """Place and order everything. ``moving`` false: everyone begins where the first task is done.

    Raises:
        NoRoomError: something found no room or no way.
    """
    scribe = _Scribe(brief, layout, placer, streams, moving=moving)
    for force in commanders:
        scribe.place_commander(force)
    for assignment in assignments:
        scribe.place_element(assignment)
    scribe.write_tasks(assignments)
    return scribe.book()


class _Scribe:
    def __init__(self, brief: Brief, layout: Layout, placer: Placer, streams: Streams, *, moving: bool) -> None:
        self._brief, self._layout, self._placer, self._streams = brief, layout, placer, streams
        self._moving = moving
        self._standing: list[Standing] = []
        self._ordered: list[Ordered] = []
        self._places: dict[Place, SideId] = {}
        self._centres: dict[tuple[str, str, Place], Point] = {}
        """Where an element gathers, by layer, element and place."""
        self._spots: dict[str, list[Point]] = {}
        """Centres given so far at each place of each layer."""
        self._targeted: dict[str, int] = {}

    def book(self) -> OrderBook:
        return OrderBook(
            tuple(self._standing), tuple(self._ordered), tuple((side, place) for place, side in self._places.items())
        )

    # ------------------------------------------------------------ placing

    def place_commander(self, force: Force) -> None:
        """The commander's own unit stands at the base of its side, if it is more than one unit."""
        if force.elements[0].id == force.top.id:
            return
        place = self._base_of(force)
        self._stand(force.side, force.top, self._layout.at(place), place, "command", force.top.id, reserve=False)

    def place_element(self, assignment: Assignment) -> None:
        place = self._start_of(assignment)
        centre = self._element_centre(assignment, place, "start")
        part = assignment.part
        for node in assignment.element.walk():
            self._stand(
                assignment.force.side, node, centre, place, part.name, assignment.element.id, reserve=part.reserve
            )

    def _stand(
        self, side: SideId, node: Node, near: Point, place: Place, part: str, element: str, *, reserve: bool
    ) -> None:
        at = self._start(node, near, self._must_see(place))
        self._standing.append(Standing(side, node, at, reserve, part, element))

    def _start(self, node: Node, near: Point, sees: Callable[[Point], bool] | None) -> Point:
        """A free position, with sight of the objective if one must see it and there is room."""
        for accept in (sees, None) if sees else (None,):
            try:
                return self._placer.place(
                    near,
                    mobility=node.kind.mobility,
                    echelon=node.kind.echelon,
                    layer="start",
                    stream=self._streams.named(f"place.{node.id}"),
                    linked=near if node.kind.mobility is not Mobility.STATIC else None,
                    accept=accept,
                )
            except NoRoomError:
                continue
        raise NoRoomError(f"no room for {node.id}")

    def _must_see(self, place: Place) -> Callable[[Point], bool] | None:
        return self._sees if place is Place.SUPPORT_BY_FIRE else None

    def _sees(self, point: Point) -> bool:
        return line_of_sight(self._placer.ground, point, self._layout.site.at)

    def _base_of(self, force: Force) -> Place:
        if force.side is SideId.ENEMY:
            return Place.ENEMY_BASE
        return Place.OBJECTIVE if force.top.id.startswith("ward") else Place.ASSEMBLY

    def _start_of(self, assignment: Assignment) -> Place:
        part = assignment.part
        if part.start is not None:
            return part.start
        if not self._moving and part.steps:
            return part.steps[0].place
        return self._base_of(assignment.force)

    def _element_centre(self, assignment: Assignment, place: Place, layer: Layer) -> Point:
        """Where the element gathers at the place: its own spot beside the other elements."""
        key = (layer, assignment.element.id, place)
        if key not in self._centres:
            at = self._layout.at(place)
            self._centres[key] = self._beside(at, assignment, f"{layer}.{place}")
        return self._centres[key]

    def _beside(self, at: Point, assignment: Assignment, group: str) -> Point:
        """A spot as far from the spots given before in this group as the element needs."""
        others = self._spots.setdefault(group, [])
        footprint = _footprint_cm(assignment.element)
        mobilities = _mobilities((assignment.element,))
        for step in (footprint, footprint // 2, footprint // 4):
            for point in spiral(at, step, 4):
                try:
                    found = self._placer.anchor(point, mobilities, at)
                except NoRoomError:
                    continue
                if distance_cm(found, point) <= footprint and all(distance_cm(found, o) >= step for o in others):
                    others.append(found)
                    return found
        return self._placer.anchor(at, mobilities, at)

    # ------------------------------------------------------------ ordering

    def write_tasks(self, assignments: Sequence[Assignment]) -> None:
        where = {standing.node.id: standing for standing in self._standing}
        for assignment in assignments:
            for leaf in assignment.element.leaves:
                self._order_leaf(assignment, leaf, where[leaf.id])
        for standing in self._standing:
            if standing.node.children and not any(o.unit.id == standing.node.id for o in self._ordered):
                self._note(standing, TaskVerb.COMMAND, None, None, None, (0, 9), "lead the subordinate units", 1)

    def _order_leaf(self, assignment: Assignment, leaf: Node, standing: Standing) -> None:
        at = standing.at
        number = 0
        for step in assignment.part.steps:
            if step.first >= len(self._brief.scheme.phases):
                continue
            verb, target = self._verb_and_target(assignment, step, standing, at)
            if verb is None:
                continue
            route = None
            if step.moves and self._moving and leaf.kind.mobility is not Mobility.STATIC:
                if not self._in_reach(assignment, step.place):
                    break
                route = self._route(assignment, leaf, step, at, number + 1)
                at = route.points[-1] if route else at
            if verb is TaskVerb.SUPPORT_BY_FIRE and not self._sees(at):
                verb, target = TaskVerb.SECURE, None
            number += 1
            self._note(standing, verb, target, step.place, route, (step.first, step.last), step.purpose, number)
        if number == 0 and not standing.reserve:
            self._hold_back(standing)

    def _hold_back(self, standing: Standing) -> None:
        """A unit for which nothing is left to do is held as a reserve."""
        index = self._standing.index(standing)
        self._standing[index] = Standing(standing.side, standing.node, standing.at, True, "reserve", standing.element)

    def _note(
        self, standing: Standing, verb: TaskVerb, target: str | None, place: Place | None, route: Route | None,
        phases: tuple[int, int], purpose: str, number: int,
    ) -> None:  # fmt: skip
        if place is not None:
            self._places.setdefault(place, standing.side)
        self._ordered.append(
            Ordered(standing.node, standing.side, verb, target, place, route, *phases, purpose, number)
        )

    def _route(self, assignment: Assignment, leaf: Node, step: Step, start: Point, number: int) -> Route | None:
        """To the element's spot at the place and from there straight to the unit's own; None if already there."""
        mobility = leaf.kind.mobility
        hub = self._element_centre(assignment, step.place, "goal")
        goal, straight = self._goal(leaf, hub, step.place, number)
        found = self._placer.router.route(mobility, start, hub if straight else goal)
        if found is None:
            raise NoRoomError(f"{leaf.id} finds no way to its place")
        points = _joined(self._placer, mobility, found.points, goal)
        if len(points) < 2:
            return None
        legs = tuple(pairwise(points))
        time_us = sum(leg_time_us(self._placer.ground, mobility, a, b) or 0 for a, b in legs)
        return Route(
            id=f"rt.{leaf.id}.{number}",
            unit=leaf.id,
            mobility=mobility,
            points=points,
            length_cm=max(sum(leg_length_cm(a, b) for a, b in legs), 1),
            duration_s=max(whole_seconds(time_us), 1),
        )

    def _in_reach(self, assignment: Assignment, place: Place) -> bool:
        """The ground that the element can use comes near the place; lorries do not climb every hill."""
        hub = self._element_centre(assignment, place, "goal")
        return distance_cm(hub, self._layout.at(place)) <= self._layout.radius_cm * 3 // 2

    def _goal(self, leaf: Node, hub: Point, place: Place, number: int) -> tuple[Point, bool]:
        """The unit's own spot near the hub, and whether a straight leg leads there from the hub.

        Where room is short, first the sight of the objective and then the straight leg are given up.
        """
        sees = self._must_see(place)
        for straight, accept in ((True, sees), (True, None), (False, None)):
            try:
                goal = self._placer.place(
                    hub,
                    mobility=leaf.kind.mobility,
                    echelon=leaf.kind.echelon,
                    layer="goal",
                    stream=self._streams.named(f"goal.{leaf.id}.{number}"),
                    linked=hub,
                    straight=straight,
                    accept=accept,
                )
            except NoRoomError:
                continue
            return goal, straight
        raise NoRoomError(f"no room for {leaf.id} at {place}")

    # ------------------------------------------------------------ targets

    def _verb_and_target(
        self, assignment: Assignment, step: Step, standing: Standing, at: Point
    ) -> tuple[TaskVerb | None, str | None]:
        if step.aim is Aim.NONE:
            return step.verb, None
        if step.aim is Aim.OPPONENT:
            target = self._opponent(standing, step, at)
            return (step.verb, target) if target else (WITHOUT_OPPONENT.get(step.verb), None)
        target = self._friend(assignment, step.aim, standing)
        return (step.verb, target) if target else (TaskVerb.SECURE, None)

    def _opponent(self, standing: Standing, step: Step, at: Point) -> str | None:
        """The nearest opposing unit that few others have for a target; seen, for support by fire."""
        goal = at if not step.moves else self._layout.at(step.place)
        hostile = SideId.OWN if standing.side is SideId.ENEMY else SideId.ENEMY
        leaves = [s for s in self._standing if s.side is hostile and not s.node.children]
        if step.verb is TaskVerb.SUPPORT_BY_FIRE:
            seen = [s for s in leaves if line_of_sight(self._placer.ground, goal, s.at)]
            leaves = seen or leaves
        if not leaves:
            return None
        near = sorted(leaves, key=lambda s: (distance_cm(goal, s.at), s.node.id))[:8]
        chosen = min(near, key=lambda s: (self._targeted.get(s.node.id, 0), distance_cm(goal, s.at), s.node.id))
        self._targeted[chosen.node.id] = self._targeted.get(chosen.node.id, 0) + 1
        return chosen.node.id

    def _friend(self, assignment: Assignment, aim: Aim, standing: Standing) -> str | None:
        """The unit that is escorted, rescued, relieved, carried or supplied."""
        if aim is Aim.WARD:
            candidates = [s for s in self._standing if s.node.id.startswith("ward") and not s.node.children]
        elif aim is Aim.CONVOY:
            candidates = [s for s in self._standing if s.side is standing.side and s.part == "column"]
        else:
            candidates = [
                s
                for s in self._standing
                if s.side is standing.side
                and s.node.kind.role == "manoeuvre"
                and s.node.id == s.element
                and s.node.parent
            ]
        others = [s for s in candidates if s.element != standing.element and s.node.id != standing.node.id]
        if not others:
            return None
        chosen = min(others, key=lambda s: (self._targeted.get(s.node.id, 0), s.node.id))
        self._targeted[chosen.node.id] = self._targeted.get(chosen.node.id, 0) + 1
        return chosen.node.id


def _mobilities(elements: Iterable[Node]) -> frozenset[Mobility]:
    """Mobility classes that move on the ground; foot where nothing does."""
    found = {node.kind.mobility for element in elements for node in element.walk()}
    return frozenset(found - {Mobility.AIR, Mobility.STATIC}) or frozenset((Mobility.FOOT,))


def _footprint_cm(element: Node) -> int:
    """Roughly the diameter of the ground that an element takes up."""
    nodes = tuple(element.walk())
    spacing = max(_spacing_cm(node.kind.echelon) for node in nodes)
    return max(spacing, _spacing_cm(nodes[-1].kind.echelon) * (isqrt(len(nodes)) + 1) * 2)


def _spacing_cm(echelon: Echelon) -> int:
    return scale_of(echelon).spacing_m * 100


def _joined(placer: Placer, mobility: Mobility, points: Sequence[Point], goal: Point) -> tuple[Point, ...]:
    """The way to the hub with a last leg to the goal; the hub is cut off where that is free."""
    way = list(points)
    if len(way) > 1 and leg_time_us(placer.ground, mobility, way[-2], goal) is not None:
        way.pop()
    if way[-1] != goal:
        way.append(goal)
    return tuple(point for index, point in enumerate(way) if index == 0 or point != way[index - 1])
