"""The composer's product and the way it reports progress."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbench.scenario.model import Scenario

__all__ = ["Composition", "Progress", "no_progress"]

Progress = Callable[[str, int], None]
"""Called with the name of the stage that begins and the percentage done (0 … 100, never falling)."""


def no_progress(stage: str, percent: int) -> None:
    """A :data:`Progress` that tells nobody."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A scenario with the grids that it names."""

    scenario: Scenario
    blobs: Mapping[str, bytes]
    """Blob bytes by SHA-256, exactly those of ``scenario.blob_digests()``."""
