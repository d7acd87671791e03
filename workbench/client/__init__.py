"""The gateway from a notebook: REST client, results as DataFrames, ``%%scenario`` magic."""

from workbench.client.audit import AuditClient
from workbench.client.audit_frame import AuditFrame
from workbench.client.client import Client
from workbench.client.connection import Connection
from workbench.client.frames import document_frame, injects_frame, units_frame
from workbench.client.generated import StoredScenario
from workbench.client.magic import load_ipython_extension

__all__ = [
    "AuditClient",
    "AuditFrame",
    "Client",
    "Connection",
    "StoredScenario",
    "document_frame",
    "injects_frame",
    "load_ipython_extension",
    "units_frame",
]
