"""The product's own target: the scenario itself, losslessly, as one ``.pacai`` file with its schema."""

from collections.abc import Mapping
from importlib.resources import files as resources
from typing import ClassVar

import orjson

from exporters.losses import LOSSES_FILE, losses_file
from exporters.protocol import Export
from workbench.scenario.archive import write_archive
from workbench.scenario.composition import Composition
from workbench.scenario.model import Scenario

__all__ = ["PacaiExporter", "schema_file"]


def schema_file() -> bytes:
    """JSON Schema (2020-12) of ``scenario.json``."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


class PacaiExporter:
    """Writes ``scenario.pacai`` and the same document as plain ``scenario.json``."""

    target: ClassVar[str] = "pacai"
    title: ClassVar[str] = "PacAI scenario file"
    checked: ClassVar[str] = "read back byte for byte; validated against its own JSON Schema"

    def export(self, scenario: Scenario, blobs: Mapping[str, bytes]) -> Export:
        """The scenario without any loss.

        Raises:
            ScenarioFileError: the blobs are not those that the scenario names.
        """
        files = {
            "scenario.pacai": write_archive(Composition(scenario=scenario, blobs=blobs)),
            "scenario.json": scenario.canonical(),
            "scenario.schema.json": schema_file(),
            LOSSES_FILE: losses_file(self.target, ()),
            "README.txt": resources("exporters").joinpath("PACAI_README.txt").read_bytes(),
        }
        return Export(files=files, losses=())
