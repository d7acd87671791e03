"""Rules about where things are."""

from collections.abc import Iterator
from typing import Final

from workbench.scenario.ground import Ground
from workbench.scenario.intent import ObjectiveKind
from workbench.scenario.model import Cover, Mobility, Objective, Point, SideId, Unit
from workbench.scenario.plane import distance_cm, distance_to_segment_cm, inside
from workbench.scenario.rules.book import Case, Remark
from workbench.scenario.scale import spacing_cm

__all__ = [
    "measures_inside",
    "objectives_inside",
    "objectives_plausible",
    "objectives_unprotected",
    "units_inside",
    "units_passable",
    "units_spaced",
]

_BUCKET_CM: Final = 200_000
"""Side of the squares in which neighbours are looked for; wider than the widest spacing."""

_NEAR_CM: Final = 50_000
"""A feature counts as belonging to an objective within 500 m, or within the objective's radius."""

_LINKED_KINDS: Final = {
    ObjectiveKind.AIRFIELD: "airfield", ObjectiveKind.PORT: "port", ObjectiveKind.DEPOT: "depot",
    ObjectiveKind.BASE: "base", ObjectiveKind.BORDER: "border",
}  # fmt: skip


def units_inside(case: Case) -> Iterator[Remark]:
    for unit in case.scenario.units:
        if not _in_area(case, unit.at):
            yield Remark(unit.id, f"{unit.name} stands outside the area", "move it into the area")


def _in_area(case: Case, point: Point) -> bool:
    side = case.scenario.area.side_m * 100
    return 0 <= point.east_cm <= side and 0 <= point.north_cm <= side


def units_passable(case: Case) -> Iterator[Remark]:
    ground = case.ground
    if ground is None:
        return
    grids = {mobility: ground.passable_grid(mobility) for mobility in Mobility}
    for unit in case.scenario.units:
        if ground.contains(unit.at) and not grids[unit.mobility][ground.cell_of(unit.at)]:
            yield Remark(
                unit.id,
                f"{unit.name} ({unit.mobility}) cannot be where it is: {_what_is_there(ground, unit)}",
                "move it to ground that it can use",
            )


def _what_is_there(ground: Ground, unit: Unit) -> str:
    cover = ground.cover_at(unit.at)
    return f"{cover}, {ground.slope_permille(unit.at) // 10} percent slope"


def units_spaced(case: Case) -> Iterator[Remark]:
    """Each pair once, named by the unit that stands later in the document."""
    buckets: dict[tuple[int, int], list[Unit]] = {}
    for unit in case.scenario.units:
        row, col = unit.at.north_cm // _BUCKET_CM, unit.at.east_cm // _BUCKET_CM
        near = (other for r in (-1, 0, 1) for c in (-1, 0, 1) for other in buckets.get((row + r, col + c), ()))
        for other in near:
            apart = distance_cm(unit.at, other.at)
            if apart < spacing_cm(unit.echelon, other.echelon):
                yield Remark(
                    unit.id,
                    f"{unit.name} stands {apart // 100} m from {other.name}, at least "
                    f"{spacing_cm(unit.echelon, other.echelon) // 100} m are needed",
                    "move one of them",
                )
                break
        buckets.setdefault((row, col), []).append(unit)


def measures_inside(case: Case) -> Iterator[Remark]:
    for measure in case.scenario.control_measures:
        if not all(_in_area(case, point) for point in measure.points):
            yield Remark(measure.id, f"{measure.name} leaves the area", "draw it inside the area")
        least = {"point": 1, "line": 2, "area": 3}[measure.geometry]
        if len(measure.points) < least:
            yield Remark(
                measure.id,
                f"{measure.name} is a {measure.geometry} of {len(measure.points)} points",
                f"give it at least {least}",
            )


def objectives_inside(case: Case) -> Iterator[Remark]:
    for objective in case.scenario.objectives:
        if not _in_area(case, objective.at):
            yield Remark(objective.id, f"{objective.name} lies outside the area", "move it into the area")
        elif objective.radius_cm * 2 > case.scenario.area.side_m * 100:
            yield Remark(objective.id, f"{objective.name} is wider than the area", "make it smaller")


def objectives_plausible(case: Case) -> Iterator[Remark]:
    for objective in case.scenario.objectives:
        trouble = _implausible(case, objective)
        if trouble:
            yield Remark(objective.id, f"{objective.name} {trouble}", "move it, or change its kind")


def _implausible(case: Case, objective: Objective) -> str | None:
    terrain = case.scenario.terrain
    near = max(objective.radius_cm, _NEAR_CM)

    def close(points: Iterator[Point]) -> bool:
        return any(distance_cm(point, objective.at) <= near for point in points)

    kind = objective.kind
    if kind is ObjectiveKind.BRIDGE:
        return None if close(c.at for c in terrain.crossings if c.kind == "bridge") else "has no bridge near it"
    if kind is ObjectiveKind.CROSSING_SITE:
        return None if close(c.at for c in terrain.crossings) else "has no crossing near it"
    if kind in (ObjectiveKind.SETTLEMENT, ObjectiveKind.BUILDING):
        towns = any(distance_cm(t.at, objective.at) <= max(near, t.radius_cm) for t in terrain.settlements)
        built = towns or close(f.at for f in terrain.features if f.kind == "building")
        return None if built else "has no settlement near it"
    if kind is ObjectiveKind.ROUTE:
        legs = ((a, b) for road in terrain.roads for a, b in zip(road.points, road.points[1:], strict=False))
        return (
            None if any(distance_to_segment_cm(objective.at, a, b) <= near for a, b in legs) else "has no road near it"
        )
    if kind in _LINKED_KINDS:
        wanted = _LINKED_KINDS[kind]
        return None if close(f.at for f in terrain.features if f.kind == wanted) else f"has no {wanted} near it"
    return "lies in open water" if _in_water(case, objective) else None


def _in_water(case: Case, objective: Objective) -> bool:
    ground = case.ground
    return ground is not None and ground.contains(objective.at) and ground.cover_at(objective.at) is Cover.WATER


def objectives_unprotected(case: Case) -> Iterator[Remark]:
    for objective in case.scenario.objectives:
        for area in case.no_fire_areas:
            if area.geometry == "area" and inside(objective.at, area.points):
                yield Remark(
                    objective.id, f"{objective.name} lies in {area.name}", "move the objective off the protected site"
                )
    for unit in case.scenario.units:
        for area in case.no_fire_areas:
            if unit.side is not SideId.CIVIL and area.geometry == "area" and inside(unit.at, area.points):
                yield Remark(unit.id, f"{unit.name} stands in {area.name}", "move the unit off the protected site")
