"""``/projects``: the owners of scenarios."""

import re
from datetime import UTC, datetime
from typing import Any

import psycopg

from server_ext.audit import Action, NewEvent
from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import Project, ProjectBody, ProjectList
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.store import ProjectId
from server_ext.store.projects import ProjectRecord, create_project, find_project, list_projects
from workbench.errors import InputError

__all__ = ["ProjectHandler", "ProjectsHandler", "identifier_from_name"]


class ProjectsHandler(GatewayHandler):
    path = "/projects"

    @operation(
        "listProjects",
        summary="All projects, oldest first",
        needs=permission("read", "projects"),
        answers={200: (Answer("The projects", ProjectList),)},
    )
    async def get(self) -> None:
        records = await self.read(list_projects)
        self.answer(ProjectList(projects=tuple(_project(record) for record in records)))

    @operation(
        "createProject",
        summary="Make a project; its identifier is made from its name",
        needs=permission("write", "projects"),
        body=ProjectBody,
        answers={201: (Answer("The new project", Project),)},
        refusals=(409,),
    )
    async def post(self) -> None:
        body = self.body(ProjectBody)
        self.answer(_project(await self.call(self._create, body.name)), 201)

    def _create(self, name: str) -> ProjectRecord:
        project, owner = identifier_from_name(name), self.actor

        def create(cursor: psycopg.Cursor[Any]) -> ProjectRecord:
            return create_project(cursor, project, name=name, owner=owner.user, created_at=datetime.now(UTC))

        event = NewEvent(Action.PROJECT_CREATE, owner, project=project, request_id=self.request_id)
        return self.services.audit.record(event, create).result


class ProjectHandler(GatewayHandler):
    path = "/projects/{project_id}"

    @operation(
        "getProject",
        summary="One project",
        needs=permission("read", "projects"),
        answers={200: (Answer("The project", Project),)},
    )
    async def get(self, project_id: str) -> None:
        self.answer(_project(await self.read(find_project, ProjectId(project_id))))


def identifier_from_name(name: str) -> ProjectId:
    """``Evening raid, May`` → ``evening-raid-may``.

    Raises:
        InputError: the name has no letter or digit of ASCII to make one from.
    """
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].rstrip("-")
    if not made:
        raise InputError(f"the name {name!r} has no letter a-z or digit to make an identifier from; add one")
    return ProjectId(made)


def _project(record: ProjectRecord) -> Project:
    return Project(project_id=record.id, name=record.name, owner=record.owner, created=record.created_at)
