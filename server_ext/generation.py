"""Generating: an engine makes a scenario, the gateway stores it, one audit event commits with it.

Order of the steps, so that a crash at any of them leaves no half scenario:

1. the licence is asked, the project is looked up;
2. the engine reads, composes and judges, in another process;
3. the grids go to the object store, which keeps whole objects or none (an orphan is harmless);
4. the scenario, its version and the event ``scenario.generate`` commit in one transaction.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import psycopg

from server_ext.audit import Action, Actor, AuditLog, NewEvent
from server_ext.licensing import Entitlement, LicenceStore
from server_ext.store import Database, ObjectStore, ProjectId, ScenarioId, identifier_of
from server_ext.store.identifiers import RANDOM_BYTES
from server_ext.store.projects import ProjectRecord, find_project
from server_ext.store.scenarios import (
    Content,
    VersionRecord,
    create_scenario,
    find_scenario,
    find_version,
    latest_version,
)
from workbench.bridge.engine import Engine, Generated, GenerateRequest
from workbench.canonical import canonical_bytes, sha256_hex
from workbench.errors import ConflictError
from workbench.scenario.composition import Progress
from workbench.scenario.findings import Severity
from workbench.scenario.intent import Intent
from workbench.scenario.model import Options

__all__ = ["DEFAULT_PROJECT", "BlobEntry", "GenerationCancelledError", "GenerationService", "Order", "StoredScenario"]

DEFAULT_PROJECT: Final = ProjectId("default")
"""Owner of what is generated without naming a project; made at the first start."""
_SAMPLE_BYTES: Final = {"height_cm_i32": 4, "cover_u8": 1}
_GRIDS: Final = ("heights", "cover")


class GenerationCancelledError(ConflictError):
    """Whoever asked has gone; nothing was stored."""

    slug = "cancelled"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for, by whom."""

    prompt: str
    seed: int
    actor: Actor
    options: Options
    intent: Intent | None = None
    project: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class BlobEntry:
    """A grid beside the document."""

    sha256: str
    kind: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class StoredScenario:
    """A stored version; document, findings and reading are canonical JSON."""

    scenario_id: str
    version: int
    digest: str
    project: str
    document: bytes
    findings: bytes
    reading: bytes
    blobs: tuple[BlobEntry, ...]
    event_seq: int

    @classmethod
    def of(cls, project: str, record: VersionRecord) -> "StoredScenario":
        """From the row of a version."""
        return cls(
            scenario_id=record.scenario,
            version=record.version,
            digest=record.digest,
            project=project,
            document=record.document,
            findings=record.findings,
            reading=record.reading,
            blobs=_blob_entries(record.document),
            event_seq=record.event_seq,
        )


class GenerationService:
    """Makes and stores scenarios, and reads stored ones back. Safe to share between threads."""

    def __init__(
        self,
        *,
        engine: Engine,
        objects: ObjectStore,
        audit: AuditLog,
        licences: LicenceStore,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._engine = engine
        self._objects = objects
        self._audit = audit
        self._database: Database = audit.database
        self._licences = licences
        self._clock = clock
        self._random = random

    def generate(self, order: Order, on_progress: Progress, is_cancelled: Callable[[], bool]) -> StoredScenario:
        """Make and store a scenario; blocks until it is on the disk.

        Raises:
            PromptError, SeedError, OutOfScopeError, CompositionError: what was asked cannot be made.
            LicenceRefusedError: the licence does not cover new work.
            MissingError: there is no such project.
            BridgeUnavailableError: the process of the engine died.
            GenerationCancelledError: ``is_cancelled`` answered True at some step.
            StorageFullError, DatabaseUnavailableError: it could not be stored, and nothing was.
        """
        self._licences.require(Entitlement.GENERATE)
        project = self._project(order.project)

        def step(stage: str, percent: int) -> None:
            if is_cancelled():
                raise GenerationCancelledError("the client has gone; the generation was stopped and nothing stored")
            on_progress(stage, percent)

        request = GenerateRequest(order.prompt, order.seed, order.options, order.intent)
        generated = self._engine.generate(request, step)
        step("store", 100)
        for blob in generated.blobs.values():
            self._objects.put(blob)
        return self._store(order, project, generated)

    def stored(self, scenario_id: str, version: int | None = None) -> StoredScenario:
        """A stored version, the newest where none is named.

        Raises:
            MissingError: there is none.
        """
        scenario = ScenarioId(scenario_id)
        with self._database.connection() as connection:
            project = find_scenario(connection, scenario).project
            record = (
                latest_version(connection, scenario) if version is None else find_version(connection, scenario, version)
            )
        return StoredScenario.of(project, record)

    def _project(self, name: str | None) -> ProjectRecord:
        with self._database.connection() as connection:
            return find_project(connection, ProjectId(name) if name else DEFAULT_PROJECT)

    def _store(self, order: Order, project: ProjectRecord, generated: Generated) -> StoredScenario:
        scenario = ScenarioId(identifier_of("s", self._random(RANDOM_BYTES)))
        content = _content(generated)

        def insert(cursor: psycopg.Cursor[Any]) -> VersionRecord:
            return create_scenario(
                cursor,
                scenario,
                content,
                project=project.id,
                title=generated.scenario.title,
                author=order.actor.user,
                created_at=self._clock(),
            )

        event = NewEvent(
            action=Action.SCENARIO_GENERATE,
            actor=order.actor,
            project=project.id,
            object=f"{scenario}/1",
            request_id=order.request_id,
            details=_details(order, generated),
        )
        return StoredScenario.of(project.id, self._audit.record(event, insert).result)


def _content(generated: Generated) -> Content:
    return Content(
        digest=generated.digest,
        document=generated.scenario.canonical(),
        recipe=canonical_bytes(generated.scenario.recipe.model_dump(mode="json")),
        reading=canonical_bytes(generated.reading.model_dump(mode="json")),
        findings=canonical_bytes([finding.model_dump(mode="json") for finding in generated.findings]),
    )


def _details(order: Order, generated: Generated) -> dict[str, Any]:
    """What the log keeps: digests, never the words of the prompt."""
    counts = {severity.value: 0 for severity in Severity}
    for finding in generated.findings:
        counts[finding.severity.value] += 1
    return {
        "digest": generated.digest,
        "seed": order.seed,
        "prompt_sha256": sha256_hex(order.prompt.encode()),
        "intent_given": order.intent is not None,
        "findings": counts,
        "blobs": sorted(generated.blobs),
    }


def _blob_entries(document: bytes) -> tuple[BlobEntry, ...]:
    terrain = orjson.loads(document)["terrain"]
    grids = (terrain[name] for name in _GRIDS)
    return tuple(
        BlobEntry(grid["sha256"], grid["kind"], grid["rows"] * grid["cols"] * _SAMPLE_BYTES[grid["kind"]])
        for grid in grids
    )
