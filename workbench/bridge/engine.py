"""The seam between whoever wants a scenario and whatever makes it.

Three engines keep this protocol: the calling process itself (:mod:`workbench.bridge.local`), a pool of
spawned worker processes (:mod:`workbench.bridge.pool`), and a gRPC sidecar on a unix socket
(:mod:`workbench.bridge.sidecar`). All are blocking; an event loop calls them from a thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from workbench.canonical import Digest
from workbench.language.reading import Reading
from workbench.scenario.composition import Progress
from workbench.scenario.findings import Finding
from workbench.scenario.intent import Intent
from workbench.scenario.model import Options, Scenario

__all__ = ["Engine", "GenerateRequest", "Generated"]


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    prompt: str
    seed: int
    options: Options = field(default_factory=Options)
    intent: Intent | None = None
    """Where given, it is used as it is and the prompt is only recorded (corrected chips, replay)."""


@dataclass(frozen=True, slots=True)
class Generated:
    """A composed and judged scenario with the reading it came from."""

    reading: Reading
    scenario: Scenario
    blobs: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    digest: Digest


class Engine(Protocol):
    def read(self, prompt: str) -> Reading:
        """Understand a prompt.

        Raises:
            PromptError: empty, too long or not text.
            BridgeUnavailableError: the process behind the engine died.
        """
        ...

    def generate(self, request: GenerateRequest, on_progress: Progress) -> Generated:
        """Prompt → intent → scenario → findings.

        Raises:
            PromptError, SeedError, OutOfScopeError: what was asked cannot be made.
            CompositionError: no valid scenario was found.
            BridgeUnavailableError: the process behind the engine died.
        """
        ...

    def close(self) -> None:
        """End what the engine started. May be called twice."""
        ...
