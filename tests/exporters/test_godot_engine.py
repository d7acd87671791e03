"""A real headless Godot imports the export, runs it, and every entity stands where the scenario says."""

import json
import math
import os
import shutil
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from exporters.godot import GodotExporter
from exporters.protocol import Export
from tests.exporters.godot_engine import Godot, find_godot
from workbench.scenario import Intent, compose
from workbench.scenario.composition import Composition
from workbench.scenario.model import Point

pytestmark = pytest.mark.engine
MILLIMETRE = 0.001
SELF_CHECK = "res://addons/pacai_scenario/self_check.gd"


@pytest.fixture(scope="session")
def godot(tmp_path_factory: pytest.TempPathFactory) -> Godot:
    binary = find_godot()
    if binary is None:
        pytest.skip("no Godot 4 in GODOT, PATH or the cache; deploy/godot/fetch.sh gets one")
    return Godot(binary, tmp_path_factory.mktemp("godot-home"))


@pytest.fixture(scope="session", params=["hand-made", "composed"])
def case(request, composition: Composition) -> Composition:
    return composition if request.param == "hand-made" else compose(Intent(), 123)


@pytest.fixture(scope="session")
def export(case: Composition) -> Export:
    return GodotExporter().export(case.scenario, case.blobs)


@pytest.fixture(scope="session")
def project(godot: Godot, export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return godot.open(export.files, tmp_path_factory.mktemp("project"))


def self_check(output: str) -> dict[str, Any]:
    (line,) = [line for line in output.splitlines() if line.startswith("PACAI_SELF_CHECK ")]
    return json.loads(line.removeprefix("PACAI_SELF_CHECK "))


@pytest.fixture(scope="session")
def report(godot: Godot, project: Path) -> dict[str, Any]:
    return self_check(godot.run("--headless", "--path", str(project), "--script", SELF_CHECK))


class Truth:
    """Where things must stand, computed in 64 bits from the document and the blob."""

    def __init__(self, composition: Composition) -> None:
        self._scenario = composition.scenario
        grid = composition.scenario.terrain.heights
        self._grid = grid
        self._heights = struct.unpack(f"<{grid.rows * grid.cols}i", composition.blobs[grid.sha256])

    def at(self, point: Point) -> tuple[float, float, float]:
        half = self._scenario.area.side_m * 50
        return (point.east_cm - half) / 100, self.height(point), -(point.north_cm - half) / 100

    def height(self, point: Point) -> float:
        grid = self._grid
        col = min(max(point.east_cm / grid.cell_cm, 0), grid.cols - 1)
        row = min(max(point.north_cm / grid.cell_cm, 0), grid.rows - 1)
        west, south = min(int(col), grid.cols - 2), min(int(row), grid.rows - 2)
        h = [self._heights[(south + i) * grid.cols + west + j] for i in (0, 1) for j in (0, 1)]
        east, north = col - west, row - south
        lower, upper = h[0] + (h[1] - h[0]) * east, h[2] + (h[3] - h[2]) * east
        return (lower + (upper - lower) * north) / 100


def worst(report_rows: list[Mapping[str, Any]], places: Mapping[str, Point], truth: Truth) -> float:
    assert {row["id"] for row in report_rows} == places.keys()
    assert len(report_rows) == len(places)
    for row in report_rows:
        assert tuple(row["at_cm"]) == (places[row["id"]].east_cm, places[row["id"]].north_cm)
    return max((math.dist(row["position"], truth.at(places[row["id"]])) for row in report_rows), default=0.0)


def test_every_entity_is_there_and_within_a_millimetre(case: Composition, report: dict[str, Any]) -> None:
    scenario, truth = case.scenario, Truth(case)
    terrain = scenario.terrain
    groups = {
        "units": {unit.id: unit.at for unit in scenario.units},
        "objectives": {objective.id: objective.at for objective in scenario.objectives},
        "crossings": {crossing.id: crossing.at for crossing in terrain.crossings},
        "settlements": {settlement.id: settlement.at for settlement in terrain.settlements},
        "features": {feature.id: feature.at for feature in terrain.features},
        "inject_places": {inject.id: inject.location for inject in scenario.injects if inject.location},
        "control_measures": {
            measure.id: measure.points[len(measure.points) // 2 if measure.geometry == "line" else 0]
            for measure in scenario.control_measures
        },
    }
    errors = {name: worst(report[name], places, truth) for name, places in groups.items()}
    print({name: f"{len(groups[name])} within {error * 1000:.3f} mm" for name, error in errors.items()})
    assert max(errors.values()) <= MILLIMETRE
    assert {row["id"] for row in report["roads"]} == {road.id for road in terrain.roads}
    assert {row["id"] for row in report["water_courses"]} == {course.id for course in terrain.water_courses}
    buildings = {row["id"]: row["buildings"] for row in report["settlements"]}
    assert buildings == {settlement.id: len(settlement.buildings) for settlement in terrain.settlements}


def test_units_carry_their_hierarchy_heading_symbol_name_and_tasks(case: Composition, report: dict[str, Any]) -> None:
    rows = {row["id"]: row for row in report["units"]}
    tasks = case.scenario.tasks
    for unit in case.scenario.units:
        row = rows[unit.id]
        assert (row["parent"] or None, row["side"], row["label"]) == (unit.parent, unit.side, unit.short_name)
        assert abs((row["heading_deg"] - unit.heading_mdeg / 1000 + 180) % 360 - 180) < 0.001
        assert row["symbol"]
        assert row["tasks"] == [task.id for task in tasks if task.unit == unit.id]


def test_routes_run_through_their_points(case: Composition, report: dict[str, Any]) -> None:
    truth = Truth(case)
    rows = {row["id"]: row for row in report["routes"]}
    assert rows.keys() == {route.id for route in case.scenario.routes}
    for route in case.scenario.routes:
        points = rows[route.id]["points"]
        assert len(points) == len(route.points)
        for seen, point in zip(points, route.points, strict=True):
            assert math.dist(seen, truth.at(point)) <= MILLIMETRE


def test_every_inject_happens_once_in_its_time_and_order(case: Composition, report: dict[str, Any]) -> None:
    injects = {inject.id: inject for inject in case.scenario.injects}
    fired = [row["id"] for row in report["fired"]]
    assert sorted(fired) == sorted(injects)
    for place, row in enumerate(report["fired"]):
        assert row["at_s"] >= injects[row["id"]].at_s
        assert set(injects[row["id"]].after) <= set(fired[:place])
    print(f"{len(fired)} injects played")


def test_units_that_march_are_at_the_end_of_their_last_route(case: Composition, report: dict[str, Any]) -> None:
    truth = Truth(case)
    marched = 0
    for unit in case.scenario.units:
        legs = sorted((t for t in case.scenario.tasks if t.unit == unit.id and t.route), key=lambda t: t.start_s)
        route = next((r for r in case.scenario.routes if legs and r.id == legs[-1].route), None)
        if route and legs[-1].start_s + route.duration_s <= case.scenario.exercise.duration_s:
            assert math.dist(report["at_end"][unit.id], truth.at(route.points[-1])) <= MILLIMETRE
            marched += 1
        elif not route:
            assert math.dist(report["at_end"][unit.id], truth.at(unit.at)) <= MILLIMETRE
    assert marched > 0


def test_the_collision_shape_has_the_height_of_the_ground(case: Composition, report: dict[str, Any]) -> None:
    places = len(case.scenario.units) + len(case.scenario.objectives)
    assert report["collision"]["hits"] == places
    # physics interpolates over two triangles of a cell, we over four corners: they part by less than this
    assert report["collision"]["worst_m"] < case.scenario.terrain.heights.cell_cm / 100 * 0.25


def test_the_sun_agrees_with_the_sunrise_of_the_scenario(case: Composition, report: dict[str, Any]) -> None:
    environment = case.scenario.environment
    hour, minute = int(environment.start[11:13]), int(environment.start[14:16])
    local = (hour * 60 + minute + environment.utc_offset_min) % 1440
    if environment.sunrise_min is None or environment.sunset_min is None:
        pytest.skip("the sun does not rise on that day")
    up = environment.sunrise_min <= local <= environment.sunset_min
    elevation = report["sun_deg"][0]
    assert elevation > -2.5 if up else elevation < 2.5


def test_the_golden_point_of_the_axes_table(composition: Composition) -> None:
    x, _, z = Truth(composition).at(Point(east_cm=10_000, north_cm=20_000))
    assert (x, z) == (-400.0, 300.0)


def test_an_exported_pack_runs_without_the_project(godot: Godot, project: Path, case: Composition, tmp_path) -> None:
    pack = tmp_path / "scenario.pck"
    godot.run("--headless", "--path", str(project), "--export-pack", "Pack", str(pack))
    empty = tmp_path / "empty"
    empty.mkdir()
    output = godot.run("--headless", "--main-pack", str(pack), "--script", SELF_CHECK, cwd=empty)
    assert len(self_check(output)["units"]) == len(case.scenario.units)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ({"scenario.json": b"{}"}, "not a scenario"),
        ({"scenario.json": b"no json"}, "not a scenario"),
        ({"heights.f32": b"\0" * 16}, "heights.f32 has 16 bytes"),
        ({"cover.u8": b""}, "cover.u8"),
    ],
)
def test_a_damaged_project_says_what_is_wrong(godot, godot_export, tmp_path, damage, says: str) -> None:
    for name, data in {**godot_export.files, **damage}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    with pytest.raises(AssertionError, match=says):
        godot.run("--headless", "--path", str(tmp_path), "--script", SELF_CHECK)


@pytest.mark.skipif(
    shutil.which("xvfb-run") is None or shutil.which("xauth") is None, reason="xvfb-run or xauth is not installed"
)
def test_the_scene_is_drawn(godot: Godot, project: Path, case: Composition, tmp_path) -> None:
    folder = Path(os.environ.get("PACAI_ARTEFACTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    name = "hand-made" if case.scenario.area.side_m == 1000 else "composed"
    picture = folder / f"godot-{name}.png"
    script = Path(__file__).with_name("screenshot.gd")
    display = ("xvfb-run", "-a", "-s", "-screen 0 1280x720x24")
    engine = ("--rendering-driver", "opengl3", "--audio-driver", "Dummy", "--resolution", "960x540")
    godot.run(
        *engine, "--path", str(project), "--script", str(script), "--", str(picture), "600", "clear", before=display
    )
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 50_000, "a picture with a landscape does not compress to less"
