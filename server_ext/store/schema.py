"""Finding ``schema.sql`` and bringing a database up to it.

The file carries its own version and is safe to apply again; so it is applied only where the version in
the database is older, by whoever may.
"""

from importlib.resources import files
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from workbench.errors import DatabaseUnavailableError

__all__ = ["SCHEMA_VERSION", "apply_schema", "installed_version", "schema_sql"]

SCHEMA_VERSION: Final = 1
"""The version that this release reads and writes; the last line of schema.sql inserts it."""


def schema_sql() -> str:
    """The text of ``schema.sql``: from the installed package, else from the checkout."""
    packaged = files("server_ext.store") / "schema.sql"
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "schema.sql").read_text(encoding="utf-8")


def installed_version(connection: psycopg.Connection) -> int:
    """The schema version of the database; 0 where there is none.

    Raises:
        DatabaseUnavailableError: the database is newer than this release.
    """
    row = connection.execute("SELECT to_regclass('public.schema_version') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return 0
    row = connection.execute("SELECT max(version) FROM public.schema_version").fetchone()
    version = int(row[0] or 0) if row else 0
    if version > SCHEMA_VERSION:
        raise DatabaseUnavailableError(
            f"the database has schema version {version}, this release knows {SCHEMA_VERSION}; install the newer release"
        )
    return version


def apply_schema(connection: psycopg.Connection) -> None:
    """Apply ``schema.sql`` in a transaction of its own; ``connection`` must be in autocommit.

    Raises:
        DatabaseUnavailableError: the role may not, or the server is too old.
    """
    try:
        connection.execute(sql.SQL(schema_sql()))
    except (psycopg.errors.RaiseException, psycopg.errors.InsufficientPrivilege) as error:
        connection.execute("ROLLBACK")
        hint = f"; {error.diag.message_hint}" if error.diag.message_hint else ""
        raise DatabaseUnavailableError(f"the schema cannot be applied: {error.diag.message_primary}{hint}") from error
