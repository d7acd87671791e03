"""Rules about terrain, grids, weather, phases and what the prompt asked for as a whole."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from workbench.scenario.intent import WeatherKind
from workbench.scenario.model import COVER_CODES, Cover, Crossing
from workbench.scenario.rules.book import Case, Remark

__all__ = [
    "crossings_on_water",
    "duration_as_asked",
    "grids_fit_area",
    "grids_whole",
    "heights_agree",
    "light_agrees",
    "opord_complete",
    "phases_in_turn",
    "roads_on_land",
    "weather_as_asked",
    "weather_in_turn",
]

_CROSSING_REACH_CELLS: Final = 6
"""Cells around a crossing in which the bridge or ford must show in the cover grid."""

_DRY: Final = frozenset({WeatherKind.CLEAR, WeatherKind.HEAT, WeatherKind.DUST})
_WETTEST_DRY_UM_H: Final = 500


def grids_whole(case: Case) -> Iterator[Remark]:
    if case.ground_trouble is not None:
        yield Remark("terrain", case.ground_trouble, "bring the grids that belong to the document")
    for digest in sorted(set(case.blobs) - set(case.scenario.blob_digests())):
        yield Remark("terrain", f"the blob {digest[:16]} belongs to nothing in the document", "remove it")


def grids_fit_area(case: Case) -> Iterator[Remark]:
    area, terrain = case.scenario.area, case.scenario.terrain
    for grid in (terrain.heights, terrain.cover):
        spans = {(grid.rows - 1) * grid.cell_cm, (grid.cols - 1) * grid.cell_cm}
        if spans != {area.side_m * 100}:
            yield Remark(
                "terrain",
                f"a grid spans {sorted(spans)} cm, the area {area.side_m * 100} cm",
                "use grids of the size of the area",
            )
        if grid.cell_cm != area.cell_m * 100:
            yield Remark(
                "terrain",
                f"a grid has cells of {grid.cell_cm} cm, the area says {area.cell_m} m",
                "correct the cell size",
            )


def heights_agree(case: Case) -> Iterator[Remark]:
    ground, terrain = case.ground, case.scenario.terrain
    if ground is None:
        return
    low, high = int(ground.heights.min()), int(ground.heights.max())
    if (low, high) != (terrain.min_height_cm, terrain.max_height_cm):
        yield Remark(
            "terrain",
            f"the height grid runs from {low} to {high} cm, the document says {terrain.min_height_cm} to {terrain.max_height_cm} cm",
            "take the range from the grid",
        )


def crossings_on_water(case: Case) -> Iterator[Remark]:
    for crossing in case.scenario.terrain.crossings:
        if not _shows(case, crossing):
            yield Remark(
                crossing.id,
                f"there is no {crossing.kind} on the ground at {crossing.name}",
                "move or remove the crossing",
            )


def _shows(case: Case, crossing: Crossing) -> bool:
    ground = case.ground
    if ground is None:
        return True
    if not ground.contains(crossing.at):
        return False
    row, col = ground.cell_of(crossing.at)
    reach = _CROSSING_REACH_CELLS
    code = COVER_CODES.index(Cover.BRIDGE if crossing.kind == "bridge" else Cover.FORD)
    window = ground.cover[max(row - reach, 0) : row + reach + 1, max(col - reach, 0) : col + reach + 1]
    return bool((window == code).any())


def roads_on_land(case: Case) -> Iterator[Remark]:
    """No vertex of a road lies outside the area or in water."""
    ground = case.ground
    side = case.scenario.area.side_m * 100
    for road in case.scenario.terrain.roads:
        if not all(0 <= p.east_cm <= side and 0 <= p.north_cm <= side for p in road.points):
            yield Remark(road.id, "the road leaves the area", "cut it at the rim")
        elif ground is not None and any(ground.cover_at(point) is Cover.WATER for point in road.points):
            yield Remark(
                road.id, "the road runs into water without a crossing", "add a bridge or ford, or move the road"
            )


def weather_in_turn(case: Case) -> Iterator[Remark]:
    spells = case.scenario.environment.weather
    if spells[0].start_s != 0:
        yield Remark("environment", f"the first weather begins at {spells[0].start_s} s", "begin it at 0")
    for before, after in pairwise(spells):
        if after.start_s <= before.start_s:
            yield Remark(
                "environment",
                f"weather at {after.start_s} s follows weather at {before.start_s} s",
                "sort the weather by time",
            )
    for spell in spells:
        if spell.kinds and set(spell.kinds) <= _DRY and spell.precipitation_um_h > _WETTEST_DRY_UM_H:
            yield Remark(
                "environment", f"dry weather at {spell.start_s} s comes with precipitation", "correct the weather"
            )


def weather_as_asked(case: Case) -> Iterator[Remark]:
    shown = {kind for spell in case.scenario.environment.weather for kind in spell.kinds}
    for kind in case.scenario.recipe.intent.weather:
        if kind not in shown:
            yield Remark("environment", f"{kind} was asked for and does not occur", "add weather of this kind")


def light_agrees(case: Case) -> Iterator[Remark]:
    asked = case.scenario.recipe.intent
    light = case.scenario.environment.light
    if asked.start is None and asked.time_of_day != "unspecified" and asked.time_of_day != light:
        yield Remark(
            "environment",
            f"a start at {asked.time_of_day} was asked for, it is {light}",
            "choose another start or place",
        )


def phases_in_turn(case: Case) -> Iterator[Remark]:
    exercise = case.scenario.exercise
    for phase in exercise.phases:
        if not phase.start_s < phase.end_s <= exercise.duration_s:
            yield Remark(
                phase.id,
                f"{phase.name} runs from {phase.start_s} to {phase.end_s} s in an exercise of {exercise.duration_s} s",
                "correct its times",
            )
    for before, after in pairwise(exercise.phases):
        if after.start_s != before.end_s:
            yield Remark(
                after.id, f"{after.name} does not begin when {before.name} ends", "let one phase follow the other"
            )
    if not exercise.phases:
        yield Remark("scenario", "the exercise has no phases", "add at least one phase")


def duration_as_asked(case: Case) -> Iterator[Remark]:
    asked = case.scenario.recipe.intent.duration_min
    if asked is not None and asked * 60 != case.scenario.exercise.duration_s:
        yield Remark(
            "scenario",
            f"{asked} minutes were asked for, the exercise lasts {case.scenario.exercise.duration_s} s",
            "change the duration",
        )


def opord_complete(case: Case) -> Iterator[Remark]:
    opord = case.scenario.opord
    for paragraph in ("situation", "mission", "execution", "sustainment", "command_and_signal"):
        if not str(getattr(opord, paragraph)).strip():
            yield Remark("opord", f"the paragraph {paragraph.replace('_', ' ')} is empty", "write it")
