"""``/scenarios``: what was generated, version by version."""

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import (
    ScenarioAnswer,
    ScenarioList,
    ScenarioQuery,
    ScenarioSummary,
    VersionEntry,
    VersionList,
)
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.handlers.scenario_json import scenario_json
from server_ext.store import ProjectId, ScenarioId
from server_ext.store.scenarios import ScenarioRecord, VersionSummary, list_scenarios, list_versions

__all__ = ["ScenarioHandler", "ScenariosHandler", "VersionHandler", "VersionsHandler"]


class ScenariosHandler(GatewayHandler):
    path = "/scenarios"

    @operation(
        "listScenarios",
        summary="The newest scenarios, newest first",
        needs=permission("read", "scenarios"),
        query=ScenarioQuery,
        answers={200: (Answer("The scenarios without their content", ScenarioList),)},
    )
    async def get(self) -> None:
        query = self.query(ScenarioQuery)
        project = ProjectId(query.project) if query.project else None
        records = await self.read(list_scenarios, project, limit=query.limit)
        self.answer(ScenarioList(scenarios=tuple(_summary(record) for record in records)))


class ScenarioHandler(GatewayHandler):
    path = "/scenarios/{scenario_id}"

    @operation(
        "getScenario",
        summary="A scenario in its newest version",
        needs=permission("read", "scenarios"),
        answers={200: (Answer("The newest version", ScenarioAnswer),)},
    )
    async def get(self, scenario_id: str) -> None:
        self.finish(scenario_json(await self.call(self.services.generation.stored, scenario_id)))


class VersionsHandler(GatewayHandler):
    path = "/scenarios/{scenario_id}/versions"

    @operation(
        "listVersions",
        summary="All versions of a scenario, oldest first",
        needs=permission("read", "scenarios"),
        answers={200: (Answer("The versions without their content", VersionList),)},
    )
    async def get(self, scenario_id: str) -> None:
        records = await self.read(list_versions, ScenarioId(scenario_id))
        self.answer(VersionList(scenario_id=scenario_id, versions=tuple(_version(record) for record in records)))


class VersionHandler(GatewayHandler):
    path = "/scenarios/{scenario_id}/versions/{version}"

    @operation(
        "getVersion",
        summary="One version of a scenario",
        needs=permission("read", "scenarios"),
        answers={200: (Answer("The version", ScenarioAnswer),)},
    )
    async def get(self, scenario_id: str, version: str) -> None:
        stored = await self.call(self.services.generation.stored, scenario_id, int(version))
        self.finish(scenario_json(stored))


def _summary(record: ScenarioRecord) -> ScenarioSummary:
    return ScenarioSummary(
        scenario_id=record.id,
        project=record.project,
        title=record.title,
        author=record.created_by,
        created=record.created_at,
    )


def _version(record: VersionSummary) -> VersionEntry:
    return VersionEntry(
        version=record.version,
        digest=record.digest,
        author=record.author,
        created=record.created_at,
        event_seq=record.event_seq,
    )
