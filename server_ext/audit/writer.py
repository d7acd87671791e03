"""The audit log's one writer per process: callers hand in events, a thread commits them in batches.

    with AuditLog(database, node="node_a", clock=SystemClock()) as log:
        done = log.record(
            NewEvent(Action.PROJECT_CREATE, actor, project="raid"),
            lambda cursor: create_project(cursor, ProjectId("raid"), name="Raid", …),
        )
        done.event.seq, done.result.name

Rules:

* An event and the work that it records commit together or not at all. ``record`` answers after the commit.
* A work that raises takes only its own event with it; its caller gets the error.
* A batch waits for nobody: whoever comes while the disk is busy is in the next one.
* Several processes may write one log: the database's lock puts their batches in line.
* A work must not record: the writer would wait for itself. That is refused.
* When the connection is lost around a commit, the writer asks the database whether the batch is there, and
  answers accordingly. Only if it cannot ask does a caller hear that the outcome is unknown.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Final, Self, TypeVar, overload

import psycopg

from server_ext.audit.batch import Item, Recorded, Work, append, begin, perform, seal
from server_ext.audit.body import Draft
from server_ext.audit.clock import Clock
from server_ext.audit.events import NewEvent
from server_ext.audit.intake import Intake
from server_ext.store.database import Database
from server_ext.store.refusals import refusal_of
from workbench.errors import DatabaseUnavailableError, PacaiError

__all__ = ["AuditLog", "Recorded", "Work"]

T = TypeVar("T")

_QUEUE_LIMIT: Final = 10_000
_QUEUE_WAIT_SECONDS: Final = 30.0
_BATCH_LIMIT: Final = 1_000
"""Larger batches gain nothing: at 1,000 the disk's share of an event is below its hashing, as measured."""
_SESSION: Final = "SET lock_timeout = '30s'; SET statement_timeout = '30s'"


class AuditLog:
    """Append to the log of ``database``. Threads share one; close it to drain it."""

    def __init__(self, database: Database, *, node: str, clock: Clock) -> None:
        self._database = database
        self._node = node
        self._clock = clock
        self._intake: Intake[Item] = Intake(_QUEUE_LIMIT)
        self._connection: psycopg.Connection[Any] | None = None
        self._thread = threading.Thread(target=self._run, name="audit-writer", daemon=True)
        self._thread.start()

    @property
    def database(self) -> Database:
        return self._database

    @property
    def waiting(self) -> int:
        """Events handed in and not yet taken into a batch."""
        return len(self._intake)

    @overload
    def record(self, event: NewEvent) -> Recorded[None]: ...

    @overload
    def record(self, event: NewEvent, work: Work[T]) -> Recorded[T]: ...

    def record(self, event: NewEvent, work: Work[Any] | None = None) -> Recorded[Any]:
        """Record ``event``, and do ``work`` in its transaction; returns when both are on the disk.

        Raises:
            InputError: the event cannot be recorded as it is.
            DatabaseUnavailableError: it could not be committed.
            StorageFullError: the disk of the database is full.
            BaseException: what ``work`` raised; then neither it nor the event happened.
        """
        return self._submit(event, work).result()

    @overload
    def submit(self, event: NewEvent) -> Future[Recorded[None]]: ...

    @overload
    def submit(self, event: NewEvent, work: Work[T]) -> Future[Recorded[T]]: ...

    def submit(self, event: NewEvent, work: Work[Any] | None = None) -> Future[Recorded[Any]]:
        """Like :meth:`record`, without waiting: the future answers or raises the same."""
        return self._submit(event, work)

    def close(self) -> None:
        """Commit what was handed in, then stop. May be called twice."""
        self._intake.close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _submit(self, event: NewEvent, work: Work[Any] | None) -> Future[Recorded[Any]]:
        if threading.current_thread() is self._thread:
            raise RuntimeError("the work of an event must not record another: hand both in from outside")
        item = Item(Draft.of(event), work)
        self._intake.put(item, wait_seconds=_QUEUE_WAIT_SECONDS)
        return item.future

    def _run(self) -> None:
        while items := self._intake.take(_BATCH_LIMIT):
            items = [item for item in items if item.future.set_running_or_notify_cancel()]
            try:
                self._commit(items)
            except Exception as error:  # noqa: BLE001 - the rim of this thread: without it every caller waits for ever
                self._fail(items, error)
        self._disconnect()

    def _commit(self, items: Sequence[Item]) -> None:
        connection, head = self._begin()
        kept = []
        for item in items:
            error = perform(connection, item, seq=head.seq + 1)
            if error is None:
                head = seal(item, head, clock=self._clock, node=self._node)
                kept.append(item)
            else:
                item.future.set_exception(self._refusal(error))
        try:
            append(connection, kept)
        except psycopg.OperationalError:
            if not (connection.broken or connection.closed) or not self._is_committed(kept):
                raise
        for item in kept:
            if item.recorded is not None:
                item.future.set_result(Recorded(item.recorded, item.result))

    def _begin(self) -> tuple[psycopg.Connection[Any], Any]:
        """A transaction with the lock and the head; a connection that died while idle is replaced once."""
        if self._connection is not None:
            try:
                return self._connection, begin(self._connection)
            except psycopg.OperationalError:
                if not self._connection.broken:
                    raise
        connection = self._connect()
        return connection, begin(connection)

    def _is_committed(self, items: Sequence[Item]) -> bool:
        """After a connection was lost around the commit: is the batch in the log?

        Raises:
            DatabaseUnavailableError: the database cannot be asked.
        """
        last = items[-1].recorded if items else None
        if last is None:
            return False
        try:
            connection = self._connect()
            # the lock is free only when the lost session has ended, one way or the other
            begin(connection)
            query = "SELECT 1 FROM public.audit_events WHERE seq = %s AND hash = %s"
            found = connection.execute(query, [last.seq, last.hash]).fetchone()
            connection.execute("COMMIT")
        except (psycopg.Error, PacaiError) as error:
            raise DatabaseUnavailableError(
                "the database was lost while it committed: whether the events were recorded is unknown until it is back"
            ) from error
        return found is not None

    def _connect(self) -> psycopg.Connection[Any]:
        self._disconnect()
        connection = self._database.connect("pacai audit writer")
        connection.autocommit = True
        connection.execute(_SESSION)
        self._connection = connection
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _refusal(self, error: BaseException) -> BaseException:
        """What the caller is told: the database's troubles in our words, anything else as it is."""
        if isinstance(error, psycopg.OperationalError):
            return refusal_of(error, self._database.home)
        return error

    def _fail(self, items: Sequence[Item], error: BaseException) -> None:
        """Answer everybody who has no answer yet; start the next batch on a fresh connection."""
        self._disconnect()
        refusal = self._refusal(error)
        for item in items:
            if not item.future.done():
                item.future.set_exception(refusal)
