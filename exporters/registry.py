"""The exporters that are installed, found through the entry-point group ``pacai.exporters``.

A site adds a target of its own by installing a distribution that declares::

    [project.entry-points."pacai.exporters"]
    mytarget = "my_package:MyExporter"
"""

from importlib.metadata import EntryPoint, entry_points

from exporters.protocol import Exporter
from workbench.errors import ConflictError, MissingError, UnavailableError

__all__ = ["ENTRY_POINT_GROUP", "exporters", "find_exporter"]

ENTRY_POINT_GROUP = "pacai.exporters"


def exporters() -> dict[str, Exporter]:
    """Every installed exporter by target name, in the order of the names.

    Raises:
        UnavailableError: an installed exporter cannot be imported.
        ConflictError: two distributions declare the same target, or one declares it under another name.
    """
    found: dict[str, Exporter] = {}
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: entry.name):
        if entry.name in found:
            raise ConflictError(f"two installed distributions declare the exporter {entry.name!r}; remove one")
        found[entry.name] = _load(entry)
    return found


def find_exporter(target: str) -> Exporter:
    """The exporter for ``target``.

    Raises:
        MissingError: no installed exporter has that name.
    """
    known = exporters()
    if target not in known:
        raise MissingError(f"there is no exporter {target!r}; installed are {', '.join(known) or 'none'}")
    return known[target]


def _load(entry: EntryPoint) -> Exporter:
    try:
        loaded: Exporter = entry.load()()
    except (ImportError, AttributeError, TypeError) as error:
        raise UnavailableError(f"the exporter {entry.name!r} ({entry.value}) cannot be loaded: {error}") from error
    if loaded.target != entry.name:
        raise ConflictError(f"the exporter {entry.value} is declared as {entry.name!r} and says {loaded.target!r}")
    return loaded
