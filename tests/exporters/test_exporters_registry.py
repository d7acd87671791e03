"""Exporters are found by entry point; what cannot be loaded is said by name."""

from importlib.metadata import EntryPoint

import pytest

from exporters import registry
from exporters.losses import leaf_paths
from exporters.pacai_file import PacaiExporter
from workbench.errors import ConflictError, MissingError, UnavailableError
from workbench.scenario.archive import read_archive
from workbench.scenario.model import Scenario


def test_the_shipped_exporters_are_installed_and_say_what_was_checked() -> None:
    found = registry.exporters()
    assert {"godot", "pacai"} <= found.keys()
    assert all(found[target].target == target and found[target].checked for target in found)


def test_an_unknown_target_is_missing_and_the_known_ones_are_named() -> None:
    with pytest.raises(MissingError, match="godot, pacai"):
        registry.find_exporter("quake")


@pytest.mark.parametrize(
    ("entries", "error", "says"),
    [
        ([("x", "no.such.module:X")], UnavailableError, "'x'"),
        ([("x", "exporters.godot:Nothing")], UnavailableError, "Nothing"),
        ([("x", "exporters.godot:GodotExporter")], ConflictError, "says 'godot'"),
        ([("godot", "exporters.godot:GodotExporter")] * 2, ConflictError, "two installed"),
    ],
)
def test_a_broken_declaration_is_refused_by_name(monkeypatch, entries, error, says: str) -> None:
    declared = [EntryPoint(name, value, registry.ENTRY_POINT_GROUP) for name, value in entries]
    monkeypatch.setattr(registry, "entry_points", lambda group: declared)
    with pytest.raises(error, match=says):
        registry.exporters()


def test_the_pacai_target_loses_nothing(composition) -> None:
    export = PacaiExporter().export(composition.scenario, composition.blobs)
    back = read_archive(export.files["scenario.pacai"])
    assert back.scenario == composition.scenario
    assert dict(back.blobs) == dict(composition.blobs)
    assert export.losses == ()


def test_leaf_paths_go_through_optional_records_and_collections() -> None:
    paths = leaf_paths(Scenario)
    assert {"injects.*.location.east_cm", "units.*.equipment.*.count", "recipe.intent.terrain.*"} <= set(paths)
    assert len(paths) == len(set(paths))
