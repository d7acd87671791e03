"""What an exporter is: a scenario in, files and declared losses out.

Exporters are found through the entry-point group ``pacai.exporters``, so that a site can add its own.
They are pure: no clock, no network, no file system, and the same scenario gives the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from workbench.scenario.model import Scenario

__all__ = ["Export", "Exporter", "Loss"]


@dataclass(frozen=True, slots=True)
class Loss:
    """A field of the scenario that the target cannot hold."""

    path: str
    """Dotted path in the document, ``*`` for every element: ``units.*.supply_percent``."""
    reason: str


@dataclass(frozen=True, slots=True)
class Export:
    files: Mapping[str, bytes]
    """Bytes by relative POSIX path, without MANIFEST, signature or provenance."""
    losses: tuple[Loss, ...]


class Exporter(Protocol):
    target: ClassVar[str]
    """Name in URLs and commands, such as ``godot``."""
    title: ClassVar[str]
    checked: ClassVar[str]
    """Honest words: what was opened in the real engine, what was only format-checked."""

    def export(self, scenario: Scenario, blobs: Mapping[str, bytes]) -> Export:
        """Write ``scenario`` for the target."""
        ...
