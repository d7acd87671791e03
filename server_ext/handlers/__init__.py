"""The REST and websocket resources of the gateway: one file each, thin, listed here once.

The list is the source of the routes, of the OpenAPI document and of the tests that go through every method.
"""

import re
from dataclasses import dataclass
from typing import Final

from server_ext.handlers.audit import AuditEventsHandler, AuditVerifyHandler
from server_ext.handlers.audit_stream import AuditStreamHandler
from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.blobs import BlobHandler
from server_ext.handlers.generate import GenerateHandler
from server_ext.handlers.health import HealthHandler
from server_ext.handlers.hsm import HsmHandler
from server_ext.handlers.intent import IntentHandler
from server_ext.handlers.licence import LicenceHandler
from server_ext.handlers.metrics import MetricsHandler
from server_ext.handlers.openapi import OpenApiHandler
from server_ext.handlers.packages import PackageDownloadHandler, PackageHandler, PackagesHandler
from server_ext.handlers.policy import PolicyHandler
from server_ext.handlers.projects import ProjectHandler, ProjectsHandler
from server_ext.handlers.roles import RolesHandler
from server_ext.handlers.scenarios import (
    ScenarioHandler,
    ScenariosHandler,
    VersionHandler,
    VersionsHandler,
)

__all__ = ["HANDLERS", "ROUTES", "Route"]


@dataclass(frozen=True, slots=True)
class Route:
    """A URL pattern as Tornado wants it, with its handler."""

    pattern: str
    handler: type[GatewayHandler]


HANDLERS: Final[tuple[type[GatewayHandler], ...]] = (
    HealthHandler,
    GenerateHandler,
    IntentHandler,
    ProjectsHandler,
    ProjectHandler,
    ScenariosHandler,
    ScenarioHandler,
    VersionsHandler,
    VersionHandler,
    BlobHandler,
    PackagesHandler,
    PackageHandler,
    PackageDownloadHandler,
    AuditEventsHandler,
    AuditVerifyHandler,
    AuditStreamHandler,
    LicenceHandler,
    HsmHandler,
    RolesHandler,
    PolicyHandler,
    MetricsHandler,
    OpenApiHandler,
)

_PARAMETER: Final = re.compile(r"\{\w+\}")


def _pattern(path: str) -> str:
    return _PARAMETER.sub("([^/]+)", path.replace(".", r"\."))


ROUTES: Final[tuple[Route, ...]] = tuple(Route(_pattern(handler.path), handler) for handler in HANDLERS)
