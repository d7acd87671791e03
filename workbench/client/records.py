"""What the gateway answers, as frozen records; unknown fields of later versions are ignored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.canonical import Digest, sha256_hex
from workbench.cartography import map_png
from workbench.errors import GatewayUnavailableError, VerificationError
from workbench.language.reading import Reading
from workbench.scenario.findings import Finding, Severity
from workbench.scenario.model import Scenario

__all__ = ["BlobName", "GeneratedScenario", "ScenarioVersion", "SignedPackage", "SignerFacts", "read_record", "read_scenario"]

Record = TypeVar("Record", bound=BaseModel)

MAP_WIDTH_PX = 1000
EVALUATION_WORDS = "for evaluation only"


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class BlobName(Answer):
    sha256: Digest
    kind: str
    size: int


class ScenarioVersion(Answer):
    """A stored scenario as the gateway answers it."""

    scenario_id: str
    version: int
    digest: Digest
    project: str
    scenario: Scenario
    findings: tuple[Finding, ...]
    reading: Reading
    blobs: tuple[BlobName, ...]
    event_seq: int


class SignerFacts(Answer):
    kind: str
    key_id: int
    serial: str
    algorithm: str

    def __str__(self) -> str:
        """Honest words: a software signer is never called a hardware one."""
        what = "software signer, not an HSM" if self.kind == "software" else f"{self.kind} {self.serial}"
        return f"{what}, key {self.key_id:#06x}, {self.algorithm}"


class SignedPackage(Answer):
    """A signed package in the gateway's store."""

    package_id: str
    scenario_id: str = ""
    version: int = 0
    target: str
    manifest_sha256: Digest
    signer: SignerFacts
    evaluation: bool
    size: int
    """Bytes of the zip."""

    def __str__(self) -> str:
        mark = f" ({EVALUATION_WORDS})" if self.evaluation else ""
        return f"{self.target} package, {self.size:,} bytes, signed by {self.signer}{mark}"


@dataclass(frozen=True)
class GeneratedScenario:
    """A stored scenario with its grids, which are fetched when first needed and checked by digest."""

    record: ScenarioVersion
    fetch_blob: Callable[[str], bytes]

    @property
    def scenario(self) -> Scenario:
        return self.record.scenario

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.record.findings

    @property
    def reading(self) -> Reading:
        return self.record.reading

    @property
    def digest(self) -> Digest:
        return self.record.digest

    @property
    def scenario_id(self) -> str:
        return self.record.scenario_id

    @property
    def version(self) -> int:
        return self.record.version

    @cached_property
    def blobs(self) -> Mapping[str, bytes]:
        """The grids by SHA-256.

        Raises:
            VerificationError: a grid's bytes have another digest than the scenario names.
        """
        return {name: self._checked(name) for name in self.scenario.blob_digests()}

    def map_png(self, *, width_px: int = MAP_WIDTH_PX) -> bytes:
        """The staff map as a PNG file. Raises as :attr:`blobs`."""
        return map_png(self.scenario, self.blobs, width_px=width_px)

    def save_map(self, path: str | Path, *, width_px: int = 1600) -> Path:
        """Write the staff map to a file and return its path."""
        target = Path(path)
        target.write_bytes(self.map_png(width_px=width_px))
        return target

    def count(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def __repr__(self) -> str:
        return (
            f"<scenario {self.scenario_id} v{self.version}: {self.scenario.title!r}, "
            f"{len(self.scenario.units)} units, {self.count(Severity.ERROR)} errors, digest {self.digest[:12]}>"
        )

    def _repr_png_(self) -> bytes:
        return self.map_png()

    def _checked(self, name: str) -> bytes:
        blob = self.fetch_blob(name)
        if sha256_hex(blob) != name:
            raise VerificationError(
                f"the grid {name[:12]}… arrived damaged: its digest is {sha256_hex(blob)[:12]}…; fetch it again"
            )
        return blob


def read_record(kind: type[Record], document: object) -> Record:
    """``document`` as a record.

    Raises:
        GatewayUnavailableError: it has not the record's shape, so the other side is another version.
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


def read_scenario(document: object) -> ScenarioVersion:
    """A stored scenario whose content matches the digest that the gateway names.

    Raises:
        GatewayUnavailableError: see :func:`read_record`.
        VerificationError: the content has another digest.
    """
    record = read_record(ScenarioVersion, document)
    actual = record.scenario.digest()
    if actual != record.digest:
        raise VerificationError(
            f"scenario {record.scenario_id} arrived changed: its digest is {actual[:12]}…, "
            f"the gateway said {record.digest[:12]}…"
        )
    return record
