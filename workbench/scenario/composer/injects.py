"""The master scenario events list: injects chosen from the library, timed, placed and tied to objectives.

Rules it keeps: every threat asked for is played at least once, civilians where they are present, each
training objective is assessed at least twice where there are enough injects, follow-ups come after what
they follow, and the list is in order of time.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle

from workbench.scenario.composer.brief import Brief
from workbench.scenario.composer.inject_library import INJECTS, OBJECTIVES, Goal, InjectTemplate
from workbench.scenario.composer.layout import Layout
from workbench.scenario.composer.sites import nearest_name
from workbench.scenario.composer.wording import grid
from workbench.scenario.model import (
    Inject,
    Mobility,
    Objective,
    Point,
    Route,
    SideId,
    Task,
    Terrain,
    TrainingObjective,
    Unit,
)
from workbench.scenario.plane import Direction, offset
from workbench.scenario.streams import Stream, Streams

__all__ = ["write_injects", "write_training_objectives"]


@dataclass(frozen=True, slots=True)
class _Chosen:
    template: InjectTemplate
    round: int
    """How often the template was chosen before."""

    @property
    def title(self) -> str:
        return self.template.title if not self.round else f"{self.template.title} ({self.round + 1})"


def write_training_objectives(top: Unit, objective: Objective) -> tuple[TrainingObjective, ...]:
    """The training objectives of every exercise, worded for this one."""
    return tuple(
        TrainingObjective(
            id=f"to.{goal.key}",
            statement=goal.statement.format(top=top.name, objective=objective.name),
            measures=goal.measures,
        )
        for goal in OBJECTIVES
    )


def write_injects(
    brief: Brief,
    layout: Layout,
    objective: Objective,
    terrain: Terrain,
    units: Sequence[Unit],
    tasks: Sequence[Task],
    routes: Sequence[Route],
    duration_s: int,
    count: int,
    streams: Streams,
) -> tuple[Inject, ...]:
    """The list, in order of time."""
    chosen = _choose(brief, count, streams.named("injects"))
    roll = _Roll(units, tasks, routes)
    timed = _timed(chosen, duration_s, streams)
    ids = {(c.template.key, c.round): f"inj.{index}" for index, (_, c) in enumerate(timed, 1)}
    injects = []
    for index, (at_s, c) in enumerate(timed, 1):
        unit = roll.recipient(c.template)
        stream = streams.named(f"inject.{c.template.key}.{c.round}")
        spot = _inside(terrain, _spot(c.template, roll.whereabouts(unit, at_s), layout, stream))
        injects.append(_inject(c, index, at_s, unit, spot, objective, terrain, ids))
    return tuple(injects)


def _inject(
    chosen: _Chosen, number: int, at_s: int, unit: Unit, spot: Point, objective: Objective, terrain: Terrain,
    ids: dict[tuple[str, int], str],
) -> Inject:  # fmt: skip
    template = chosen.template
    words = {
        "unit": unit.name, "callsign": unit.callsign, "grid": f"grid {grid(spot)}", "objective": objective.name,
        "place": nearest_name(terrain, spot),
    }  # fmt: skip
    before = ids.get((template.follows, chosen.round)) if template.follows else None
    return Inject(
        id=ids[template.key, chosen.round],
        number=number,
        title=chosen.title,
        trigger="event" if before else "manual" if template.by_hand else "time",
        at_s=at_s,
        after=(before,) if before else (),
        threat=str(template.threat) if template.threat else None,
        sender=template.sender.format(**words),
        recipient=unit.id,
        channel=template.channel,
        location=spot,
        text=template.text.format(**words),
        expected_action=template.expected.format(**words),
        training_objective=f"to.{template.goal}",
        assessor=_goal(template.goal).assessor,
    )


def _goal(key: str) -> Goal:
    return next(goal for goal in OBJECTIVES if goal.key == key)


# ---------------------------------------------------------------- choosing


def _choose(brief: Brief, count: int, stream: Stream) -> list[_Chosen]:
    """Threats first, then civil life, then whatever keeps the training objectives in balance."""
    usable = [template for template in INJECTS if _fits(template, brief)]
    chosen = [template for template in usable if template.threat and template.follows is None]
    if brief.civilians:
        chosen.append(stream.pick([template for template in usable if template.civil]))
    rest = [template for template in stream.shuffle(usable) if template not in chosen]
    while rest:
        tally = Counter(template.goal for template in chosen)
        lonely = len(chosen) >= 2 * len(tally) and 1 in tally.values()
        if len(chosen) >= count and not lonely:
            break
        ready = [t for t in rest if t.follows is None or any(c.key == t.follows for c in chosen)] or rest
        following = min(ready, key=lambda template: tally[template.goal])
        rest.remove(following)
        chosen.append(following)
    return _with_rounds(chosen, count, usable)


def _fits(template: InjectTemplate, brief: Brief) -> bool:
    if template.threat is not None:
        return template.threat in brief.threats
    if template.stance not in (None, brief.scheme.stance):
        return False
    return (brief.civilians or not template.civil) and (brief.has_enemy or not template.enemy)


def _with_rounds(first: Sequence[InjectTemplate], count: int, usable: Sequence[InjectTemplate]) -> list[_Chosen]:
    """The first round and, for a long list, the library again."""
    every = [_Chosen(template, 0) for template in first]
    round_ = 1
    while len(every) < count:
        every += [_Chosen(template, round_) for template in usable][: count - len(every)]
        round_ += 1
    return every


# ---------------------------------------------------------------- when, who, where


def _timed(chosen: Iterable[_Chosen], duration_s: int, streams: Streams) -> list[tuple[int, _Chosen]]:
    """Each with its time; follow-ups later than what they follow; all times different where there is room."""
    times: dict[tuple[str, int], int] = {}
    drawn = []
    for c in sorted(chosen, key=lambda c: (c.template.follows is not None, c.round)):
        template = c.template
        low, high = duration_s * template.early // 100, duration_s * template.late // 100
        before = times.get((template.follows, c.round)) if template.follows else None
        if before is not None:
            low, high = max(low, before + 1), max(high, before + 2)
        at_s = streams.named(f"inject time.{template.key}.{c.round}").between(low, high)
        at_s = min(_rounded(at_s, duration_s, low), duration_s - 1)
        times[template.key, c.round] = at_s
        drawn.append((at_s, c))
    return sorted(drawn, key=lambda pair: (pair[0], pair[1].template.follows is not None, pair[1].title))


def _rounded(at_s: int, duration_s: int, low: int) -> int:
    """To whole minutes in exercises that are long enough for it."""
    return max(at_s // 60 * 60, low) if duration_s >= 3600 else at_s


class _Roll:
    """Who is trained, and where they are when something happens to them."""

    def __init__(self, units: Sequence[Unit], tasks: Sequence[Task], routes: Sequence[Route]) -> None:
        self._units = [unit for unit in units if unit.side is SideId.OWN]
        self._tasks, self._routes = tasks, {route.id: route for route in routes}
        self._top = next(unit for unit in self._units if unit.id == "own")
        elements = [unit for unit in self._units if unit.parent == "own"]
        fighting = [unit for unit in elements if unit.role == "manoeuvre" and unit.mobility is not Mobility.AIR]
        self._elements = cycle(fighting or elements or [self._top])

    def recipient(self, template: InjectTemplate) -> Unit:
        """The commander for what needs a decision, else the elements in turn."""
        decides = template.goal == "command" or template.sender in ("Higher headquarters", "{callsign}")
        return self._top if decides else next(self._elements)

    def whereabouts(self, unit: Unit, at_s: int) -> Point:
        """Where the first leaf of the unit is at that time, as its routes have it."""
        leaf = self._first_leaf(unit)
        at = leaf.at
        for task in self._tasks:
            route = self._routes.get(task.route or "")
            if task.unit == leaf.id and route is not None and at_s >= task.start_s:
                done = min(at_s - task.start_s, route.duration_s)
                at = route.points[(len(route.points) - 1) * done // route.duration_s]
        return at

    def _first_leaf(self, unit: Unit) -> Unit:
        while unit is not self._top:
            below = next((u for u in self._units if u.parent == unit.id), None)
            if below is None:
                return unit
            unit = below
        return unit


def _spot(template: InjectTemplate, at: Point, layout: Layout, stream: Stream) -> Point:
    """Where it happens, a little off the obvious point."""
    if template.where == "objective":
        near, reach = layout.site.at, layout.radius_cm // 2
    elif template.where == "way":
        near, reach = (
            offset(layout.base, layout.axis, layout.reach_cm * stream.between(30, 70) // 100),
            layout.radius_cm // 4,
        )
    elif template.where == "enemy" and layout.enemy_base is not None:
        near, reach = layout.enemy_base, layout.radius_cm // 2
    else:
        near, reach = at, 10_000
    heading = Direction(0, 10_000).turned(stream.below(16))
    return offset(near, heading, stream.below(max(reach, 1)))


def _inside(terrain: Terrain, point: Point) -> Point:
    """The point, brought into the area."""
    side = (terrain.heights.cols - 1) * terrain.heights.cell_cm
    return Point(east_cm=min(max(point.east_cm, 0), side), north_cm=min(max(point.north_cm, 0), side))
