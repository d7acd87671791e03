"""Units, tasks and sides as the document has them, made from what was planned."""

from collections.abc import Mapping, Sequence
from typing import Final

from workbench.scenario.composer.forces import Forces
from workbench.scenario.composer.layout import Layout
from workbench.scenario.composer.measures import measure_id
from workbench.scenario.composer.tasks import OrderBook, Standing
from workbench.scenario.composer.timeline import window
from workbench.scenario.model import Affiliation, Exercise, Point, Side, SideId, Task, Unit
from workbench.scenario.plane import heading_mdeg
from workbench.scenario.sidc import sidc

__all__ = ["sides_of", "tasks_of", "units_of"]

_AFFILIATIONS: Final = {
    SideId.OWN: Affiliation.FRIEND,
    SideId.ENEMY: Affiliation.HOSTILE,
    SideId.CIVIL: Affiliation.NEUTRAL,
}


def units_of(book: OrderBook, layout: Layout, difficulty: int) -> tuple[Unit, ...]:
    """The units of the document, parents before children, side by side."""
    parents = {standing.node.parent for standing in book.standing}
    routed: dict[str, tuple[Point, ...]] = {}
    for order in book.ordered:
        if order.route is not None:
            routed.setdefault(order.unit.id, order.route.points)
    order_of = {SideId.OWN: 0, SideId.ENEMY: 1, SideId.CIVIL: 2}
    ranked = sorted(book.standing, key=lambda s: (order_of[s.side], _natural(s.node.id)))
    return tuple(
        _unit(standing, standing.node.id in parents, routed.get(standing.node.id), layout, difficulty)
        for standing in ranked
    )


def _natural(id: str) -> tuple[tuple[int, str], ...]:
    """Sorts ``own.10`` after ``own.9``."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in id.split("."))


def _unit(standing: Standing, commands: bool, way: tuple[Point, ...] | None, layout: Layout, difficulty: int) -> Unit:
    node, kind = standing.node, standing.node.kind
    ahead = way[1] if way else layout.site.at
    supply = {SideId.OWN: 100 - 5 * (difficulty - 1), SideId.ENEMY: 60 + 8 * difficulty, SideId.CIVIL: 50}
    return Unit(
        id=node.id,
        side=standing.side,
        parent=node.parent,
        name=node.name,
        short_name=node.name.split(",")[0][:24],
        callsign=node.callsign[:24],
        echelon=kind.echelon,
        kind=node.key,
        role="command" if commands and node.id in ("own", "enemy", "ward") else kind.role,
        sidc=sidc(kind.symbol, _AFFILIATIONS[standing.side], kind.echelon),
        dis_type=kind.dis_type,
        mobility=kind.mobility,
        at=standing.at,
        heading_mdeg=heading_mdeg(ahead.east_cm - standing.at.east_cm, ahead.north_cm - standing.at.north_cm),
        personnel=node.personnel,
        equipment=node.equipment,
        weapon_range_m=kind.weapon_range_m,
        sensor_range_m=kind.sensor_range_m,
        supply_percent=min(supply[standing.side], 100),
        reserve=standing.reserve,
    )


def tasks_of(book: OrderBook, exercise: Exercise) -> tuple[Task, ...]:
    """The tasks of the document with clock times, in order of time."""
    tasks = []
    for order in book.ordered:
        start, end = window(order, exercise.phases)
        phase = next(phase for phase in exercise.phases if phase.start_s == start)
        tasks.append(
            Task(
                id=f"tk.{order.unit.id}.{order.number}",
                unit=order.unit.id,
                verb=order.verb,
                target=order.target,
                objective=measure_id(order.place),
                route=order.route.id if order.route else None,
                start_s=start,
                end_s=end,
                phase=phase.id,
                purpose=order.purpose,
            )
        )
    return tuple(sorted(tasks, key=lambda task: (task.start_s, _natural(task.id))))


def sides_of(forces: Forces, units: Sequence[Unit]) -> tuple[Side, ...]:
    """The sides that have units."""
    names: Mapping[SideId, str] = {
        SideId.OWN: "Blue Force",
        SideId.ENEMY: f"{forces.opponent.force} (OPFOR)",
        SideId.CIVIL: "Civil Population",
    }
    present = {unit.side for unit in units}
    return tuple(Side(id=id, name=names[id], affiliation=_AFFILIATIONS[id]) for id in SideId if id in present)
