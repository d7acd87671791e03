"""The one way to the database: open it, borrow a connection, close it.

    with Database.open(settings) as database, database.connection() as connection:
        projects = list_projects(connection)

``connection()`` is one transaction: committed when the block ends, rolled back when it raises. What
changes something is not written here but handed to :class:`server_ext.audit.AuditLog`, which records it in
the same transaction.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool, PoolTimeout

from server_ext.settings import Settings
from server_ext.store.installation import MINIMUM_MAJOR
from server_ext.store.passwords import ADMIN_ROLE, APP_ROLE, password_of
from server_ext.store.postgres import EmbeddedPostgres, PostgresServer, ServerDescription, find_server
from server_ext.store.refusals import refusals
from server_ext.store.schema import SCHEMA_VERSION, apply_schema, installed_version
from workbench.errors import DatabaseUnavailableError

__all__ = ["DATABASE_NAME", "Database"]

DATABASE_NAME: Final = "pacai_v4"
_PREPARING_LOCK: Final = 7219840310551000003
"""The schema and the log's writers hold …001 and …002, see schema.sql."""
_POOL_SIZE: Final = 10
_WAIT_SECONDS: Final = 10.0
_PATIENCE_SECONDS: Final = 2.0
"""Without a connection for so long, somebody looks whether the server still lives."""
_CONNECT_SECONDS: Final = 10
_SESSION_OPTIONS: Final = "-c timezone=UTC -c idle_in_transaction_session_timeout=60000"


class Database:
    """A database with our schema, its pool of connections and the server behind it."""

    def __init__(self, *, server: PostgresServer, conninfo: str, home: Path, version: str) -> None:
        """Use :meth:`open`."""
        self._server = server
        self._conninfo = conninfo
        self._home = home
        self._version = version
        self._reviving = threading.Lock()
        self._pool = ConnectionPool(
            conninfo,
            min_size=1,
            max_size=_POOL_SIZE,
            timeout=_WAIT_SECONDS,
            kwargs=_connect_options("pacai"),
            check=ConnectionPool.check_connection,
            open=True,
        )

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Start or find the server, create database, role and schema where they are missing, connect.

        Raises:
            DatabaseUnavailableError: no server is to be had, or it refuses us; the message says what to do.
            StorageFullError: the disk is full.
            InputError: ``DATABASE_URL`` is not a connection string.
        """
        server = find_server(settings)
        server.start()
        try:
            conninfo = server.conninfo(database=DATABASE_NAME)
            with refusals(settings.home):
                if isinstance(server, EmbeddedPostgres):
                    _prepare_embedded(server, conninfo)
                version = _prepare(conninfo)
            return cls(server=server, conninfo=conninfo, home=settings.home, version=version)
        except BaseException:
            server.stop()
            raise

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """A pooled connection in a transaction of its own.

        Raises:
            DatabaseUnavailableError, StorageFullError, ConflictError: see :mod:`server_ext.store.refusals`.
        """
        with refusals(self._home), self._borrowed() as connection:
            yield connection

    def connect(self, application: str) -> psycopg.Connection:
        """A connection of the caller's own, outside the pool; the caller closes it.

        Raises:
            DatabaseUnavailableError: the server cannot be reached, even after a restart of ours.
        """
        with refusals(self._home):
            try:
                return psycopg.connect(self._conninfo, **_connect_options(application))  # type: ignore[arg-type]  # a mapping of mixed types
            except psycopg.OperationalError:
                self.revive()
                return psycopg.connect(self._conninfo, **_connect_options(application))  # type: ignore[arg-type]  # a mapping of mixed types

    def revive(self) -> None:
        """Start our server again if it has died.

        Raises:
            DatabaseUnavailableError: it does not start.
        """
        with self._reviving:
            self._server.start()

    def describe(self) -> ServerDescription:
        """Where the database comes from and which version it is."""
        found = self._server.describe()
        return ServerDescription(found.source, self._version, found.place, found.pid)

    @property
    def home(self) -> Path:
        return self._home

    def close(self) -> None:
        """Close the pool and leave the server. May be called twice."""
        self._pool.close()
        self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _borrowed(self) -> Iterator[psycopg.Connection]:
        try:
            connection = self._pool.getconn(_PATIENCE_SECONDS)
        except PoolTimeout:
            self.revive()
            connection = self._pool.getconn()
        try:
            with connection:
                yield connection
        finally:
            self._pool.putconn(connection)


def _connect_options(application: str) -> dict[str, str | int]:
    return {
        "application_name": application,
        "connect_timeout": _CONNECT_SECONDS,
        "options": _SESSION_OPTIONS,
    }


def _prepare_embedded(server: EmbeddedPostgres, conninfo: str) -> None:
    """Create role, database and schema as the superuser, unless all of it is there."""
    if _is_ready(conninfo):
        return
    password = password_of(server.password_file, APP_ROLE)
    with psycopg.connect(server.conninfo(database="postgres", role=ADMIN_ROLE), autocommit=True) as admin:
        # two processes may find an empty server at the same moment
        admin.execute("SELECT pg_advisory_lock(%s)", [_PREPARING_LOCK])
        _ensure_app_role(admin, password)
        _ensure_database(admin)
        with psycopg.connect(server.conninfo(database=DATABASE_NAME, role=ADMIN_ROLE), autocommit=True) as owner:
            apply_schema(owner)


def _is_ready(conninfo: str) -> bool:
    try:
        with psycopg.connect(conninfo, connect_timeout=_CONNECT_SECONDS) as connection:
            return installed_version(connection) == SCHEMA_VERSION
    except psycopg.OperationalError:
        return False


def _ensure_app_role(admin: psycopg.Connection, password: str) -> None:
    """The role with its password; the server gets and logs only the SCRAM verifier."""
    verifier = admin.pgconn.encrypt_password(password.encode(), APP_ROLE.encode(), b"scram-sha-256").decode()
    missing = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone() is None
    verb = sql.SQL("CREATE" if missing else "ALTER")
    admin.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(APP_ROLE), sql.Literal(verifier)))


def _ensure_database(admin: psycopg.Connection) -> None:
    missing = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone() is None
    if missing:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME)))
        admin.execute(
            sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE_NAME))
        )
    admin.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(DATABASE_NAME), sql.Identifier(APP_ROLE))
    )


def _prepare(conninfo: str) -> str:
    """Check the server's version, bring the schema up to ours; the version as text."""
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=_CONNECT_SECONDS) as connection:
        number = connection.info.server_version
        if number < MINIMUM_MAJOR * 10_000:
            raise DatabaseUnavailableError(
                f"PostgreSQL {MINIMUM_MAJOR} or newer is needed, the server is {number // 10_000}"
            )
        if installed_version(connection) < SCHEMA_VERSION:
            apply_schema(connection)
        return connection.info.parameter_status("server_version") or str(number // 10_000)
