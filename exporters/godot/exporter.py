"""The Godot project of a scenario: the add-on, its data, symbols, README and losses."""

from collections.abc import Iterator, Mapping
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from typing import ClassVar

from exporters.godot.coverage import LOSSES
from exporters.godot.ground import cover_u8, heights_f32
from exporters.godot.symbols import symbol_path, symbol_svg, unknown_sidcs
from exporters.losses import LOSSES_FILE, losses_file
from exporters.pacai_file import schema_file
from exporters.protocol import Export, Loss
from workbench.scenario.model import Scenario

__all__ = ["GodotExporter"]


class GodotExporter:
    """Writes a Godot project that builds the scenario from ``scenario.json``."""

    target: ClassVar[str] = "godot"
    title: ClassVar[str] = "Godot 4.2+ project and add-on"
    checked: ClassVar[str] = "imported, run and every entity counted and placed in a real headless Godot 4"

    def export(self, scenario: Scenario, blobs: Mapping[str, bytes]) -> Export:
        """The project, ready to be opened.

        Raises:
            ScenarioFileError: a grid that the scenario names is missing or has another size.
        """
        losses = _losses(scenario)
        project = dict(_project_files(resources("exporters.godot").joinpath("project"), ""))
        files = {
            **project,
            "scenario.json": scenario.canonical(),
            "scenario.schema.json": schema_file(),
            "heights.f32": heights_f32(scenario.terrain.heights, blobs),
            "cover.u8": cover_u8(scenario.terrain.cover, blobs),
            LOSSES_FILE: losses_file(self.target, losses),
        }
        files |= {symbol_path(unit.sidc): symbol_svg(unit.sidc) for unit in scenario.units}
        return Export(files=files, losses=losses)


def _project_files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    """The files of the project that do not depend on the scenario; what Godot itself leaves there is not."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith(".") or entry.name.endswith((".import", ".uid")):
            continue
        if entry.is_dir():
            yield from _project_files(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_bytes()


def _losses(scenario: Scenario) -> tuple[Loss, ...]:
    unknown = unknown_sidcs(unit.sidc for unit in scenario.units)
    if not unknown:
        return LOSSES
    reason = f"drawn as a bare frame, because the symbol renderer does not know {', '.join(unknown)}"
    return (*LOSSES, Loss("units.*.sidc", reason))
