"""``pacai intent``, ``generate`` and ``export``: the engine without a server, unrecorded."""

from argparse import Namespace
from pathlib import Path

from exporters.registry import find_exporter
from server_ext.cli.console import Console
from server_ext.cli.exits import Exit
from server_ext.settings import Settings
from workbench.bridge.engine import Generated, GenerateRequest
from workbench.bridge.opening import open_engine
from workbench.cartography import map_png
from workbench.errors import InputError, ScenarioFileError
from workbench.language.reading import Reading
from workbench.scenario.archive import read_archive, write_archive
from workbench.scenario.composition import Composition
from workbench.scenario.findings import Severity

__all__ = ["export", "generate", "intent"]


def intent(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """What is understood of a prompt, slot by slot."""
    engine = open_engine("local")
    try:
        reading = engine.read(arguments.prompt)
    finally:
        engine.close()
    console.table(("slot", "value", "sure", "from", "words"), [_slot_row(reading, i) for i in _told(reading)])
    for note in reading.notes:
        console.say(note)
    console.show(reading.model_dump(mode="json"), text="")
    return Exit.OK


def generate(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Make a scenario in this process; exit 1 where it has an error finding."""
    engine = open_engine("local")
    try:
        with console.progress("generate") as move:
            made = engine.generate(GenerateRequest(arguments.prompt, arguments.seed), move)
    finally:
        engine.close()
    if arguments.out:
        _write(arguments.out, write_archive(Composition(made.scenario, made.blobs)))
    if arguments.map:
        _write(arguments.map, map_png(made.scenario, made.blobs))
    console.show(_summary(made, arguments.out))
    errors = any(finding.severity is Severity.ERROR for finding in made.findings)
    return Exit.FAILED if errors else Exit.OK


def export(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Write the files of one target for a ``.pacai`` file, unsigned."""
    chosen = find_exporter(arguments.target)
    composition = read_archive(_read(arguments.scenario))
    made = chosen.export(composition.scenario, composition.blobs)
    if arguments.out.exists() and any(arguments.out.iterdir()):
        raise InputError(f"{arguments.out} is not empty; name a new folder")
    for name, data in made.files.items():
        _write(_inside(arguments.out, name), data)
    console.show(
        {
            "target": chosen.target,
            "folder": str(arguments.out),
            "files": len(made.files),
            "losses": len(made.losses),
            "signed": False,
            "checked": chosen.checked,
        }
    )
    return Exit.OK


def _told(reading: Reading) -> list[int]:
    return [i for i, slot in enumerate(reading.slots) if slot.source != "default"]


def _slot_row(reading: Reading, index: int) -> tuple[str, str, str, str, str]:
    slot = reading.slots[index]
    value = ", ".join(slot.value) if isinstance(slot.value, list) else str(slot.value)
    words = " … ".join(reading.prompt[span.start : span.end] for span in slot.evidence)
    return slot.slot, value, f"{slot.confidence_percent} %", slot.source, words


def _summary(made: Generated, out: Path | None) -> dict[str, object]:
    scenario = made.scenario
    return {
        "title": scenario.title,
        "digest": made.digest,
        "seed": scenario.recipe.seed,
        "units": len(scenario.units),
        "injects": len(scenario.injects),
        "findings": {s.value: sum(f.severity is s for f in made.findings) for s in Severity},
        "assumed": list(scenario.recipe.assumed),
        "notes": list(made.reading.notes),
        "file": str(out) if out else None,
    }


def _inside(folder: Path, name: str) -> Path:
    """The file ``name`` of an export, which a site's own exporter may have named badly."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"the exporter names a file outside its folder: {name!r}")
    return path


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ScenarioFileError(f"{path} cannot be read: {error.strerror}") from error
