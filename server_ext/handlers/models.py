"""What the REST resources take and answer: the shapes of the OpenAPI document.

Requests refuse unknown fields and convert nothing (``"123"`` is not a seed). Answers allow unknown fields to
readers of later versions. Grids are named by SHA-256 and fetched from ``/blobs/{sha256}``.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from server_ext.audit.events import Action
from workbench.canonical import MAX_SAFE_INTEGER
from workbench.language.prompt import MAX_PROMPT_CHARS
from workbench.language.reading import Reading
from workbench.scenario.findings import Finding
from workbench.scenario.intent import Intent
from workbench.scenario.model import Options, Scenario

__all__ = [
    "AuditEvent",
    "AuditPage",
    "AuditQuery",
    "AuditVerdict",
    "BlobName",
    "GenerateBody",
    "Health",
    "HsmReport",
    "IntentBody",
    "LicenceReport",
    "Package",
    "PackageBody",
    "PackageList",
    "Page",
    "Problem",
    "Project",
    "ProjectBody",
    "ProjectList",
    "RoleTable",
    "ScenarioAnswer",
    "ScenarioList",
    "ScenarioQuery",
    "ScenarioSummary",
    "SignerDocument",
    "StreamQuery",
    "VersionList",
    "VersionEntry",
]

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]

MAX_PAGE = 1_000


class Request(BaseModel):
    """A body or a query: an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class Health(Document):
    """Exactly the five keys of the deployment guide, in its order."""

    status: Literal["healthy", "degraded", "starting", "unavailable"]
    version: str
    hsm_primary: Literal["active", "inactive"]
    hsm_fallback: Literal["active", "inactive"]
    offline_mode: bool


class Problem(Document):
    """RFC 9457 problem details."""

    type: Annotated[str, Field(pattern=r"^urn:pacai:problem:[a-z]+(-[a-z]+)*$")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: str
    audit_event: Annotated[int, Field(ge=1)] | None = None
    """Place of the refusal in the audit log; absent while the log cannot be reached."""


class IntentBody(Request):
    prompt: Annotated[str, Field(min_length=1, max_length=MAX_PROMPT_CHARS)]


class GenerateBody(Request):
    prompt: Annotated[str, Field(min_length=1, max_length=MAX_PROMPT_CHARS)]
    seed: Annotated[int, Field(ge=0, le=MAX_SAFE_INTEGER)]
    stream: bool = False
    """True: answer with server-sent events ``progress``, then ``result`` or ``error``."""
    options: Options = Field(default_factory=Options)
    intent: Intent | None = None
    """A corrected reading, used as it is."""
    project: Identifier | None = None
    """Identifier of the project that owns the scenario; the default project where left out."""


class BlobName(Document):
    sha256: Sha256
    kind: str
    """``height_cm_i32`` or ``cover_u8``."""
    size: int
    """Bytes."""


class ScenarioAnswer(Document):
    """A stored scenario version."""

    scenario_id: str
    version: int
    digest: Sha256
    project: str
    scenario: Scenario
    findings: tuple[Finding, ...]
    reading: Reading
    blobs: tuple[BlobName, ...]
    event_seq: int
    """Place of its creation in the audit log."""


class Page(Request):
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 100


class ScenarioQuery(Page):
    project: Identifier | None = None


class ProjectBody(Request):
    name: Annotated[str, Field(min_length=1, max_length=120)]


class Project(Document):
    project_id: str
    name: str
    owner: str
    created: datetime


class ProjectList(Document):
    projects: tuple[Project, ...]


class ScenarioSummary(Document):
    scenario_id: str
    project: str
    title: str
    author: str
    created: datetime


class ScenarioList(Document):
    scenarios: tuple[ScenarioSummary, ...]


class VersionEntry(Document):
    version: int
    digest: Sha256
    author: str
    created: datetime
    event_seq: int


class VersionList(Document):
    scenario_id: str
    versions: tuple[VersionEntry, ...]


class PackageBody(Request):
    scenario_id: Annotated[str, Field(min_length=1, max_length=64)]
    version: Annotated[int, Field(ge=1)] | None = None
    """The newest where left out."""
    target: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
    """Name of an exporter, such as ``godot``."""


class SignerDocument(Document):
    kind: str
    key_id: int
    serial: str
    algorithm: str


class Package(Document):
    """A signed package."""

    package_id: str
    scenario_id: str
    version: int
    target: str
    manifest_sha256: Sha256
    signer: SignerDocument
    evaluation: bool
    """True: made without a licence or with a demonstration licence, and marked so inside."""
    size: int
    """Bytes of the zip."""


class PackageList(Document):
    packages: tuple[Package, ...]


class AuditQuery(Request):
    after_seq: Annotated[int, Field(ge=0, le=MAX_SAFE_INTEGER)] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_SAFE_INTEGER)] | None = None
    """JSON answers at most 10,000 a page, 100 where left out; Arrow answers everything where left out."""
    since: AwareDatetime | None = None
    """At or after this time."""
    until: AwareDatetime | None = None
    """Before this time."""
    action: Action | None = None
    user: Annotated[str, Field(max_length=300)] | None = None
    project: Annotated[str, Field(max_length=300)] | None = None


class StreamQuery(Request):
    tail: Annotated[int, Field(ge=0, le=10_000)] = 100


class AuditEvent(Document):
    seq: int
    time: datetime
    tick_ns: Annotated[str, Field(pattern=r"^\d+$")]
    """Monotonic clock of the node; text, because it passes 2^53."""
    node: str
    action: str
    outcome: str
    actor: str
    role: str
    certificate_serial: str | None
    project: str | None
    object: str | None
    request_id: str | None
    details: dict[str, Any]
    prev_hash: Sha256
    hash: Sha256


class AuditPage(Document):
    events: tuple[AuditEvent, ...]
    next_seq: int | None
    """``after_seq`` of the next page; null at the end."""


class AuditVerdict(Document):
    ok: bool
    events: int
    """Sound events, counted from the first."""
    first_bad_seq: int | None
    reason: str
    """Empty for a sound log."""
    head_seq: int
    head_hash: Sha256
    root: Sha256
    """Merkle root (RFC 6962) over the sound events."""
    checkpoints: int
    """Signed checkpoints that these events fit."""


class LicenceReport(Document):
    state: str
    sentence: str
    licensee: str | None
    serial: int | None
    not_after: datetime | None
    days_left: int | None
    seats: int
    demo: bool
    allows_new_work: bool


class HsmSigner(SignerDocument):
    allowed_signers: str
    """The public key as a line for receivers' ``allowed_signers``; hand it to them by a trusted way."""


class HsmReport(Document):
    primary: Literal["active", "inactive"]
    fallback: Literal["active", "inactive"]
    signer: HsmSigner | None
    detail: str
    firmware: str | None
    log_unread: int | None
    """Entries of the device's own log that were not yet read out."""


class RoleTable(Document):
    titles: dict[str, str]
    permissions: dict[str, dict[str, list[str]]]
    """Verbs by resource by role; what is not listed is refused."""
