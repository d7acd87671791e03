"""The Godot export without the engine: bytes, grids, losses, and a second parser of Godot's formats."""

import json
import os
import struct
import subprocess
import sys
from fnmatch import fnmatch
from xml.etree import ElementTree

import jsonschema
import pytest
from godot_parser import GDFile

from exporters.godot import GodotExporter
from exporters.godot.coverage import LOSSES, SHOWN
from exporters.losses import LOSSES_FILE, leaf_paths
from tests.exporters.small_scenario import CELLS, height_cm, small_scenario
from workbench.errors import ScenarioFileError
from workbench.scenario.model import Scenario

ADDON = "addons/pacai_scenario/"


def covers(pattern: str, path: str) -> bool:
    """``units.**`` names all leaves below, everything else exactly one leaf."""
    return path.startswith(pattern[:-2]) if pattern.endswith(".**") else path == pattern


def test_every_leaf_of_the_model_is_shown_or_declared_lost_and_never_both() -> None:
    patterns = [*SHOWN, *(loss.path for loss in LOSSES)]
    for path in leaf_paths(Scenario):
        assert len([pattern for pattern in patterns if covers(pattern, path)]) == 1, path


def test_every_declared_pattern_names_a_leaf_that_exists() -> None:
    paths = leaf_paths(Scenario)
    for pattern in [*SHOWN, *(loss.path for loss in LOSSES)]:
        assert any(covers(pattern, path) for path in paths), pattern


def test_every_field_that_is_said_to_be_shown_is_read_by_the_scripts(godot_export) -> None:
    scripts = " ".join(data.decode() for name, data in godot_export.files.items() if name.endswith(".gd"))
    for path in leaf_paths(Scenario):
        if any(covers(pattern, path) for pattern in SHOWN):
            field = [part for part in path.split(".") if part != "*"][-1]
            assert f".{field}" in scripts or f'"{field}"' in scripts, path


def test_the_losses_of_the_export_are_in_its_file(godot_export) -> None:
    document = json.loads(godot_export.files[LOSSES_FILE])
    assert document["target"] == "godot"
    assert [row["path"] for row in document["losses"]] == sorted(loss.path for loss in godot_export.losses)
    assert all(row["reason"] for row in document["losses"])


def test_the_document_in_the_project_is_the_canonical_scenario_and_valid(composition, godot_export) -> None:
    assert godot_export.files["scenario.json"] == composition.scenario.canonical()
    schema = json.loads(godot_export.files["scenario.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(godot_export.files["scenario.json"]), schema)


def test_heights_begin_in_the_north_and_keep_every_centimetre(godot_export) -> None:
    metres = struct.unpack(f"<{CELLS * CELLS}f", godot_export.files["heights.f32"])
    for north_row in range(CELLS):
        for col in range(CELLS):
            assert round(metres[north_row * CELLS + col] * 100) == height_cm(CELLS - 1 - north_row, col)


def test_the_same_scenario_gives_the_same_bytes_in_another_process(godot_export, tmp_path) -> None:
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from exporters.godot import GodotExporter\n"
        "from exporters.stored_zip import stored_zip\n"
        "from tests.exporters.small_scenario import small_scenario\n"
        "from workbench.canonical import sha256_hex\n"
        "c = small_scenario(); print(sha256_hex(stored_zip(GodotExporter().export(c.scenario, c.blobs).files)))"
    )
    seen = set()
    for seed, locale in [("0", "C"), ("77", "C.UTF-8")]:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        seen.add(done.stdout)
    assert len(seen) == 1


def test_a_second_parser_reads_the_scene_and_finds_the_scripts(godot_export, tmp_path) -> None:
    path = tmp_path / "main.tscn"
    path.write_bytes(godot_export.files["main.tscn"])
    scene = GDFile.load(str(path))
    scripts = [section.header.attributes["path"] for section in scene.get_sections("ext_resource")]
    assert scripts
    assert all(script.removeprefix("res://") in godot_export.files for script in scripts)


def test_the_project_says_its_version_and_packs_the_data_files(godot_export) -> None:
    project = godot_export.files["project.godot"].decode()
    assert "config_version=5" in project
    assert 'PackedStringArray("4.2"' in project
    packed = godot_export.files["export_presets.cfg"].decode().split('include_filter="')[1].split('"')[0].split(", ")
    for name in ("scenario.json", "heights.f32", "cover.u8"):
        assert any(fnmatch(name, pattern) for pattern in packed), name


def test_every_unit_has_a_symbol_that_is_well_formed_svg(composition, godot_export) -> None:
    for unit in composition.scenario.units:
        root = ElementTree.fromstring(godot_export.files[f"symbols/{unit.sidc}.svg"])  # our own bytes
        assert root.tag.endswith("svg")
        assert len(root) > 0


def test_a_symbol_that_the_renderer_does_not_know_is_a_declared_loss() -> None:
    composition = small_scenario()
    units = composition.scenario.units
    odd = units[0].model_copy(update={"sidc": "10031000169999990000"})
    scenario = composition.scenario.model_copy(update={"units": (odd, *units[1:])})
    export = GodotExporter().export(scenario, composition.blobs)
    assert [loss for loss in export.losses if loss.path == "units.*.sidc" and odd.sidc in loss.reason]
    assert b"<path" in export.files[f"symbols/{odd.sidc}.svg"]


@pytest.mark.parametrize(("side_m", "limit_m"), [(10_000, 0.00025), (65_000, 0.001), (200_000, 0.004)])
def test_32_bits_hold_each_coordinate_as_finely_as_the_readme_says(side_m: int, limit_m: float) -> None:
    exact = [(side_m * 50 - centimetres) / 100 for centimetres in range(20_000)]
    held = struct.unpack(f"<{len(exact)}f", struct.pack(f"<{len(exact)}f", *exact))
    assert max(abs(a - b) for a, b in zip(exact, held, strict=True)) <= limit_m


def test_a_missing_or_short_grid_is_refused(composition) -> None:
    with pytest.raises(ScenarioFileError, match="not among the blobs"):
        GodotExporter().export(composition.scenario, {})
    short = {digest: blob[:-1] for digest, blob in composition.blobs.items()}
    with pytest.raises(ScenarioFileError, match="expected"):
        GodotExporter().export(composition.scenario, short)


def test_no_file_of_a_developers_godot_gets_into_an_export(godot_export) -> None:
    assert not [name for name in godot_export.files if name.endswith((".uid", ".import")) or name.startswith(".godot")]
    assert ADDON + "self_check.gd" in godot_export.files
