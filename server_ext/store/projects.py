"""Projects: the owners of scenarios.

A change runs only as the work of an audit event; the database refuses it otherwise::

    log.record(event, lambda cursor: create_project(cursor, ProjectId("raid"), name="Raid", …))
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.errors import UniqueViolation

from server_ext.store.identifiers import ProjectId, check_identifier
from server_ext.store.rows import Session, fetch_all, fetch_one, insert_row
from workbench.errors import ConflictError, InputError

__all__ = ["ProjectRecord", "create_project", "find_project", "list_projects"]

MAX_NAME_CHARACTERS: Final = 120


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    id: ProjectId
    name: str
    owner: str
    created_at: datetime
    event_seq: int
    """The audit event that made it."""


def create_project(
    session: Session, project: ProjectId, *, name: str, owner: str, created_at: datetime
) -> ProjectRecord:
    """Make a project.

    Raises:
        ConflictError: the identifier or the name is taken.
        InputError: the identifier or the name cannot be one.
    """
    check_identifier(project)
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or "\x00" in name:
        raise InputError(f"a project's name is text of 1 to {MAX_NAME_CHARACTERS} characters, got {name[:130]!r}")
    values = {"id": project, "name": name, "owner": owner, "created_at": created_at}
    try:
        return insert_row(session, "projects", ProjectRecord, values)
    except UniqueViolation as error:
        raise ConflictError(f"a project {project!r} or one named {name!r} exists already") from error


def find_project(session: Session, project: ProjectId) -> ProjectRecord:
    """The project.

    Raises:
        MissingError: there is none.
    """
    return fetch_one(session, "projects", ProjectRecord, "WHERE id = %s", [project], f"project {project}")


def list_projects(session: Session) -> list[ProjectRecord]:
    """All projects, oldest first."""
    return fetch_all(session, "projects", ProjectRecord, "ORDER BY event_seq")
