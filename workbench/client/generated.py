"""A stored scenario as a notebook sees it: the model, its findings, and a map when it is displayed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.canonical import Digest, sha256_hex
from workbench.cartography import map_png
from workbench.client.frames import injects_frame, units_frame
from workbench.errors import GatewayUnavailableError, InputError, VerificationError
from workbench.language.reading import Reading
from workbench.scenario.findings import Finding, Severity
from workbench.scenario.model import Scenario

__all__ = ["StoredScenario", "read_answer"]

FetchBlob = Callable[[str], bytes]


class ScenarioAnswer(BaseModel):
    """A stored scenario version as the gateway answers it; fields of later versions are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    scenario_id: str
    version: int
    project: str
    digest: Digest
    scenario: Scenario
    findings: tuple[Finding, ...]
    reading: Reading
    event_seq: int


Answer = TypeVar("Answer", bound=BaseModel)


def read_answer(kind: type[Answer], document: object) -> Answer:
    """A document of the gateway as a record.

    Raises:
        GatewayUnavailableError: it has another shape, so the gateway is another version or another program.
    """
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise GatewayUnavailableError(
            f"the gateway's answer cannot be read as {kind.__name__}: {place}: {first['msg'].lower()}; "
            "are workbench and gateway of the same version?"
        ) from error


@dataclass(frozen=True)
class StoredScenario:
    """One version of a scenario in the gateway. Grids are fetched when first needed, and checked."""

    scenario_id: str
    version: int
    project: str
    digest: Digest
    scenario: Scenario
    findings: tuple[Finding, ...]
    reading: Reading
    event_seq: int
    """Place of its creation in the audit log."""
    fetch: FetchBlob = field(repr=False, compare=False)
    _blobs: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_answer(cls, document: object, fetch: FetchBlob) -> "StoredScenario":
        """From the answer of ``POST /generate``.

        Raises:
            GatewayUnavailableError: the document has another shape.
            VerificationError: the content is not the one that the digest names.
        """
        answer = read_answer(ScenarioAnswer, document)
        actual = answer.scenario.digest()
        if actual != answer.digest:
            raise VerificationError(
                f"scenario {answer.scenario_id} arrived changed: its digest is {actual[:12]}…, "
                f"the gateway states {answer.digest[:12]}…"
            )
        return cls(**{name: getattr(answer, name) for name in ScenarioAnswer.model_fields}, fetch=fetch)

    @property
    def blobs(self) -> Mapping[str, bytes]:
        """Terrain grids by SHA-256.

        Raises:
            VerificationError: a grid has other bytes than its name says.
        """
        for name in self.scenario.blob_digests():
            if name not in self._blobs:
                data = self.fetch(name)
                if sha256_hex(data) != name:
                    raise VerificationError(f"grid {name[:12]}… arrived damaged; fetch it again")
                self._blobs[name] = data
        return self._blobs

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that forbid a release."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def units(self) -> pd.DataFrame:
        return units_frame(self.scenario)

    @property
    def injects(self) -> pd.DataFrame:
        return injects_frame(self.scenario)

    def map_png(self, *, width_px: int = 1200) -> bytes:
        """The map as a PNG picture."""
        return map_png(self.scenario, self.blobs, width_px=width_px)

    def save_map(self, path: str | Path, *, width_px: int = 1600) -> Path:
        """Write the map as a PNG file and return its path.

        Raises:
            InputError: the file cannot be written.
        """
        target, picture = Path(path), self.map_png(width_px=width_px)
        try:
            target.write_bytes(picture)
        except OSError as error:
            raise InputError(f"{target} cannot be written: {error.strerror}") from error
        return target

    def _repr_png_(self) -> bytes:
        return self.map_png()

    def __str__(self) -> str:
        return f"{self.scenario.title} ({len(self.scenario.units)} units, digest {self.digest[:12]})"
