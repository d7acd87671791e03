"""The database server behind one small interface: start it (or find it running), say what it is, stop it.

An embedded server belongs to a *home*, not to a process. Every process that uses it holds a shared lock
on ``run/postgres.users``; the last one to leave cleanly stops the server. A process that is killed
leaves the server running (the kernel releases its lock); the next one finds it by its pid file, uses
it, and stops it in turn. Starting and stopping happen under ``run/postgres.lock``, so there is never a
second server on one data directory.
"""

import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Protocol

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from server_ext.settings import Settings
from server_ext.store.cluster import (
    PROGRAM_ENVIRONMENT,
    create_cluster,
    failure,
    major_of,
    write_configuration,
)
from server_ext.store.file_lock import FileLock
from server_ext.store.installation import Installation, Source, find_installation
from server_ext.store.passwords import APP_ROLE, ensure_password_file
from server_ext.store.postmaster import Postmaster, discard_stale_locks, processes_in, read_postmaster, serves
from server_ext.store.privileges import find_privileges
from server_ext.store.socket_folder import private_folder, socket_folder
from workbench.errors import DatabaseUnavailableError, InputError

__all__ = ["EmbeddedPostgres", "ExternalPostgres", "PostgresServer", "ServerDescription", "find_server"]

_START_SECONDS: Final = 120
_STOP_SECONDS: Final = 60
_POLL_SECONDS: Final = 0.02
_WORKERS_SECONDS: Final = 30
_LOG_LIMIT_BYTES: Final = 10_000_000
_LAST_WORDS_BYTES: Final = 2_000


@dataclass(frozen=True, slots=True)
class ServerDescription:
    """What a health page and an operator are told; holds no password."""

    source: Source
    version: str
    """Empty where it is known only once connected."""
    place: str
    """Socket folder, or host and port."""
    pid: int | None = None


class PostgresServer(Protocol):
    """Something that can be made to answer as a PostgreSQL server."""

    def start(self) -> None:
        """Make sure the server runs. May be called again at any time.

        Raises:
            DatabaseUnavailableError: there is none to be had, or it does not start.
            StorageFullError: the disk is full.
        """
        ...

    def conninfo(self, *, database: str, role: str = APP_ROLE) -> str:
        """How libpq reaches ``database`` as ``role``; without a password in it where we own the server."""
        ...

    def describe(self) -> ServerDescription: ...

    def stop(self) -> None:
        """Leave; the last user of a server of ours stops it. May be called twice."""
        ...


def find_server(settings: Settings) -> PostgresServer:
    """``DATABASE_URL`` where it is set, else the embedded server of the home. Nothing is started yet."""
    if settings.database_url:
        return ExternalPostgres(settings.database_url)
    return EmbeddedPostgres(settings)


class ExternalPostgres:
    """A server that somebody else runs."""

    def __init__(self, url: str) -> None:
        """Take the URL as it is.

        Raises:
            InputError: it is none; its text stays out of the message, it may hold a password.
        """
        try:
            conninfo_to_dict(url)
        except ProgrammingError:
            raise InputError(
                "DATABASE_URL is not a connection string of PostgreSQL, such as postgresql://pacai@host/pacai_v4"
            ) from None
        self._url = url

    def start(self) -> None:
        """Nothing to do: whoever connects finds out."""

    def conninfo(self, *, database: str, role: str = APP_ROLE) -> str:
        """The URL as it is: it names its own database and role."""
        return self._url

    def describe(self) -> ServerDescription:
        fields = conninfo_to_dict(self._url)
        host = fields.get("host") or fields.get("hostaddr") or "local socket"
        return ServerDescription(Source.DATABASE_URL, "", f"{host}:{fields.get('port') or 5432}")

    def stop(self) -> None:
        """Nothing of ours to stop."""


class EmbeddedPostgres:
    """The server of a home: data in ``postgres``, socket in ``run``, no TCP port."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._data = settings.postgres_data
        self._socket_dir = socket_folder(settings.run, settings.home)
        self._log = settings.run / "postgres.log"
        self._state = settings.run / "postgres.json"
        self._users: FileLock | None = None

    @property
    def socket_dir(self) -> Path:
        return self._socket_dir

    @property
    def password_file(self) -> Path:
        return ensure_password_file(self._settings.secrets, server_exists=major_of(self._data) is not None)

    def start(self) -> None:
        """See :class:`PostgresServer`."""
        private_folder(self._settings.home)
        private_folder(self._settings.run)
        private_folder(self._socket_dir)
        with self._alone():
            if self._users is None:
                self._users = FileLock(self._settings.run / "postgres.users", shared=True)
            if self._settled() is None:
                self._launch()

    def conninfo(self, *, database: str, role: str = APP_ROLE) -> str:
        """See :class:`PostgresServer`."""
        return make_conninfo(
            host=str(self._socket_dir), port=5432, dbname=database, user=role, passfile=str(self.password_file)
        )

    def describe(self) -> ServerDescription:
        running = read_postmaster(self._data)
        source, version = self._recorded()
        return ServerDescription(source, version, str(self._socket_dir), running.pid if running else None)

    def stop(self) -> None:
        """See :class:`PostgresServer`."""
        if self._users is None:
            return
        with self._alone():
            is_last = self._users.is_alone
            self._users.close()
            self._users = None
            running = read_postmaster(self._data) if is_last else None
            if running is not None:
                _end(running, self._data)
                self._state.unlink(missing_ok=True)

    def _alone(self) -> FileLock:
        return FileLock(self._settings.run / "postgres.lock")

    def _settled(self) -> Postmaster | None:
        """The ready server; waits for one that is starting or stopping."""
        deadline = time.monotonic() + _START_SECONDS
        while (running := read_postmaster(self._data)) is not None:
            if running.is_ready:
                self._check_socket(running)
                return running
            if time.monotonic() > deadline:
                raise failure(f"the database server (process {running.pid}) is stuck", self._last_words())
            time.sleep(_POLL_SECONDS)
        return None

    def _check_socket(self, running: Postmaster) -> None:
        if Path(running.socket_dir) != self._socket_dir or not (self._socket_dir / ".s.PGSQL.5432").exists():
            raise DatabaseUnavailableError(
                f"the database server (process {running.pid}) has no socket in {self._socket_dir}; "
                f"stop it with 'kill -INT {running.pid}' and start again"
            )

    def _launch(self) -> None:
        privileges = find_privileges(os.geteuid())
        major = major_of(self._data)
        installation = find_installation(self._settings.pg_bindir, major=major)
        if major is None:
            passwords = ensure_password_file(self._settings.secrets, server_exists=False)
            create_cluster(self._data, installation=installation, privileges=privileges, passwords=passwords)
        self._outwait_workers()
        discard_stale_locks(self._data, self._socket_dir)
        write_configuration(self._data, socket_dir=self._socket_dir)
        privileges.hand_over(self._data)
        self._log.touch(mode=0o600)
        if self._log.stat().st_size > _LOG_LIMIT_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
            self._log.touch(mode=0o600)
        self._run_pg_ctl(privileges.command(_start_command(installation, self._data, self._log)))
        self._record(installation)

    def _outwait_workers(self) -> None:
        """Workers of a killed server end by themselves, and hold its memory until then."""
        deadline = time.monotonic() + _WORKERS_SECONDS
        while workers := processes_in(self._data):
            if time.monotonic() > deadline:
                raise DatabaseUnavailableError(f"processes {workers} of a killed database server do not end")
            time.sleep(_POLL_SECONDS)

    def _run_pg_ctl(self, command: list[str]) -> None:
        mark = self._log.stat().st_size
        done = subprocess.run(
            command,
            env=PROGRAM_ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise failure("the database server does not start", self._last_words(since=mark))

    def _last_words(self, *, since: int = 0) -> str:
        try:
            with self._log.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(since, end - _LAST_WORDS_BYTES))
                return file.read().decode(errors="replace")
        except FileNotFoundError:
            return ""

    def _record(self, installation: Installation) -> None:
        running = read_postmaster(self._data)
        state = asdict(installation) | {"bindir": str(installation.bindir), "pid": running.pid if running else None}
        self._state.write_text(json.dumps(state, indent=1) + "\n")

    def _recorded(self) -> tuple[Source, str]:
        try:
            state = json.loads(self._state.read_text())
            return Source(state["source"]), str(state["version"])
        except (OSError, ValueError, KeyError, TypeError):
            return Source.INSTALLED, ""


def _start_command(installation: Installation, data: Path, log: Path) -> list[str]:
    return [
        installation.program("pg_ctl"),
        "start",
        "--silent",
        "--wait",
        f"--timeout={_START_SECONDS}",
        f"--pgdata={data}",
        f"--log={log}",
    ]


def _end(running: Postmaster, data: Path) -> None:
    """Fast shutdown (SIGINT: sessions are ended, data is flushed), and the hard one if it takes too long."""
    for how in (signal.SIGINT, signal.SIGQUIT):
        try:
            os.kill(running.pid, how)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + _STOP_SECONDS
        while serves(running.pid, data):
            if time.monotonic() > deadline:
                break
            time.sleep(_POLL_SECONDS)
        else:
            return
    raise DatabaseUnavailableError(f"the database server (process {running.pid}) does not stop")
