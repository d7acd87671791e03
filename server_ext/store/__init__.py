"""PostgreSQL and the object store: where it runs, how it is reached, one module of queries per aggregate."""

from server_ext.store.database import DATABASE_NAME, Database
from server_ext.store.identifiers import PackageId, ProjectId, ScenarioId, TokenId, identifier_of
from server_ext.store.installation import Source
from server_ext.store.objects import ObjectStore
from server_ext.store.postgres import EmbeddedPostgres, PostgresServer, ServerDescription
from server_ext.store.schema import SCHEMA_VERSION, schema_sql

__all__ = [
    "DATABASE_NAME",
    "SCHEMA_VERSION",
    "Database",
    "EmbeddedPostgres",
    "ObjectStore",
    "PackageId",
    "PostgresServer",
    "ProjectId",
    "ScenarioId",
    "ServerDescription",
    "Source",
    "TokenId",
    "identifier_of",
    "schema_sql",
]
