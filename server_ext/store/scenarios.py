"""Scenarios and their versions. A version is never changed; an edit makes the next one.

A change runs only as the work of an audit event; the database refuses it otherwise::

    def save(cursor: psycopg.Cursor) -> VersionRecord:
        return add_version(cursor, scenario, content, author="ada", created_at=now, follows=3)

    log.record(NewEvent(Action.SCENARIO_SAVE, actor, project=…, object=scenario), save)
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.errors import ForeignKeyViolation, UniqueViolation

from server_ext.store.identifiers import ProjectId, ScenarioId, check_identifier
from server_ext.store.rows import Session, fetch_all, fetch_one, insert_row
from workbench.canonical import Digest, sha256_hex
from workbench.errors import ConflictError, InputError, MissingError

__all__ = [
    "Content",
    "ScenarioRecord",
    "VersionRecord",
    "VersionSummary",
    "add_version",
    "create_scenario",
    "find_scenario",
    "find_version",
    "latest_version",
    "list_scenarios",
    "list_versions",
]

DEFAULT_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Content:
    """What a version holds, as canonical JSON bytes."""

    digest: Digest
    document: bytes
    recipe: bytes
    reading: bytes
    findings: bytes

    def __post_init__(self) -> None:
        found = sha256_hex(self.document)
        if found != self.digest:
            raise InputError(f"the document has digest {found}, not {self.digest}")


@dataclass(frozen=True, slots=True)
class ScenarioRecord:
    id: ScenarioId
    project: ProjectId
    title: str
    created_by: str
    created_at: datetime
    event_seq: int
    """The audit event that made it."""


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A version without its content."""

    scenario: ScenarioId
    version: int
    """1 for the first."""
    digest: Digest
    author: str
    created_at: datetime
    event_seq: int


@dataclass(frozen=True, slots=True)
class VersionRecord:
    scenario: ScenarioId
    version: int
    digest: Digest
    document: bytes
    recipe: bytes
    reading: bytes
    findings: bytes
    author: str
    created_at: datetime
    event_seq: int


def create_scenario(
    session: Session,
    scenario: ScenarioId,
    content: Content,
    *,
    project: ProjectId,
    title: str,
    author: str,
    created_at: datetime,
) -> VersionRecord:
    """Make a scenario with its version 1.

    Raises:
        ConflictError: the identifier is taken.
        MissingError: there is no such project.
        InputError: the identifier cannot be one.
    """
    values = {
        "id": check_identifier(scenario),
        "project": project,
        "title": title,
        "created_by": author,
        "created_at": created_at,
    }
    try:
        insert_row(session, "scenarios", ScenarioRecord, values)
    except UniqueViolation as error:
        raise ConflictError(f"a scenario {scenario!r} exists already") from error
    except ForeignKeyViolation as error:
        raise MissingError(f"there is no project {project}") from error
    return add_version(session, scenario, content, author=author, created_at=created_at, follows=0)


def add_version(
    session: Session, scenario: ScenarioId, content: Content, *, author: str, created_at: datetime, follows: int
) -> VersionRecord:
    """Add version ``follows + 1``.

    Raises:
        ConflictError: ``follows`` is not the latest version: somebody else saved first, or it never was.
        MissingError: there is no such scenario.
    """
    latest = _latest_number(session, scenario)
    if latest != follows:
        raise ConflictError(f"scenario {scenario} is at version {latest}; this change was made on {follows}")
    values = {
        "scenario": scenario,
        "version": follows + 1,
        "digest": content.digest,
        "document": content.document,
        "recipe": content.recipe,
        "reading": content.reading,
        "findings": content.findings,
        "author": author,
        "created_at": created_at,
    }
    try:
        return insert_row(session, "scenario_versions", VersionRecord, values)
    except UniqueViolation as error:
        raise ConflictError(f"scenario {scenario} has a version {follows + 1} already") from error
    except ForeignKeyViolation as error:
        raise MissingError(f"there is no scenario {scenario}") from error


def find_scenario(session: Session, scenario: ScenarioId) -> ScenarioRecord:
    """The scenario.

    Raises:
        MissingError: there is none.
    """
    return fetch_one(session, "scenarios", ScenarioRecord, "WHERE id = %s", [scenario], f"scenario {scenario}")


def list_scenarios(
    session: Session, project: ProjectId | None = None, *, limit: int = DEFAULT_PAGE
) -> list[ScenarioRecord]:
    """The newest scenarios, of one project or of all, newest first."""
    if project is None:
        return fetch_all(session, "scenarios", ScenarioRecord, "ORDER BY event_seq DESC, id LIMIT %s", [limit])
    rest = "WHERE project = %s ORDER BY event_seq DESC, id LIMIT %s"
    return fetch_all(session, "scenarios", ScenarioRecord, rest, [project, limit])


def list_versions(session: Session, scenario: ScenarioId) -> list[VersionSummary]:
    """All versions, oldest first, without their content.

    Raises:
        MissingError: there is no such scenario.
    """
    rest = "WHERE scenario = %s ORDER BY version"
    versions = fetch_all(session, "scenario_versions", VersionSummary, rest, [scenario])
    if not versions:
        raise MissingError(f"there is no scenario {scenario}")
    return versions


def find_version(session: Session, scenario: ScenarioId, version: int) -> VersionRecord:
    """One version with its content.

    Raises:
        MissingError: there is none.
    """
    rest = "WHERE scenario = %s AND version = %s"
    what = f"version {version} of scenario {scenario}"
    return fetch_one(session, "scenario_versions", VersionRecord, rest, [scenario, version], what)


def latest_version(session: Session, scenario: ScenarioId) -> VersionRecord:
    """The newest version with its content.

    Raises:
        MissingError: there is no such scenario.
    """
    rest = "WHERE scenario = %s ORDER BY version DESC LIMIT 1"
    return fetch_one(session, "scenario_versions", VersionRecord, rest, [scenario], f"scenario {scenario}")


def _latest_number(session: Session, scenario: ScenarioId) -> int:
    rest = "WHERE scenario = %s ORDER BY version DESC LIMIT 1"
    newest = fetch_all(session, "scenario_versions", VersionSummary, rest, [scenario])
    return newest[0].version if newest else 0
