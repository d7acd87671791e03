"""The live tail of the log: replay first, then live, without gap or duplicate, for any number of readers.

    with AuditStream(database) as stream, stream.subscribe(tail=100) as reader:
        while events := reader.read(timeout=30):
            …

Readers pull. One thread per process hears of commits (of every process, by NOTIFY; and looks once in a
while, should a notice be lost) and keeps the newest events in a ring that all readers share. A reader is
only a position: what it has not read yet comes from the ring, or from the table where it is further
behind. So a slow reader holds no memory; one that falls too far behind is told so and dropped.
"""

import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

import psycopg

from server_ext.audit.events import RecordedEvent
from server_ext.audit.query import EventFilter, list_events, read_head
from server_ext.store.database import Database
from workbench.errors import ConflictError, PacaiError

__all__ = ["MAX_LAG", "AuditStream", "Subscription"]

CHANNEL: Final = "pacai_audit"
"""The channel that audit_append of schema.sql notifies."""
RING_EVENTS: Final = 4_096
MAX_LAG: Final = 20_000
"""A live reader that is this far behind has stopped reading."""
_LOOK_SECONDS: Final = 2.0
_RETRY_SECONDS: Final = 0.5
_PAGE: Final = 1_000
_EVERYTHING: Final = EventFilter()


class AuditStream:
    """The newest events of the log, as they are committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed = threading.Condition()
        self._ring: deque[RecordedEvent] = deque(maxlen=RING_EVENTS)
        self._subscriptions: set[Subscription] = set()
        self._closed = threading.Event()
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        with database.connection() as connection:
            self._head = read_head(connection).seq
        self._thread = threading.Thread(target=self._run, name="audit-stream", daemon=True)
        self._thread.start()

    @property
    def head(self) -> int:
        """Number of the newest event that readers can get."""
        return self._head

    def subscribe(
        self,
        *,
        tail: int = 0,
        since_seq: int | None = None,
        wanted: EventFilter = _EVERYTHING,
        on_change: Callable[[], None] | None = None,
    ) -> "Subscription":
        """A new reader. It begins after ``since_seq``, else with the last ``tail`` matching events.

        ``on_change`` is called from the stream's thread when there may be something to read; it must only
        wake somebody up.

        Raises:
            DatabaseUnavailableError: the log cannot be read.
        """
        start = self._head
        if since_seq is not None:
            start = min(max(since_seq, 0), start)
        elif tail > 0:
            newest = replace(wanted, until_seq=start, limit=tail, newest_first=True)
            with self._database.connection() as connection:
                found = list_events(connection, newest)
            start = found[-1].seq - 1 if found else start
        subscription = Subscription(self, self._database, start, wanted, on_change)
        with self._changed:
            self._subscriptions.add(subscription)
        return subscription

    def close(self) -> None:
        """Stop; every reader gets what is left and then nothing. May be called twice."""
        if self._closed.is_set():
            return
        self._closed.set()
        os.eventfd_write(self._bell, 1)
        self._thread.join()
        os.close(self._bell)
        self._wake()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _forget(self, subscription: "Subscription") -> None:
        with self._changed:
            self._subscriptions.discard(subscription)

    def _wait_beyond(self, seq: int, timeout: float | None) -> bool:
        """True once there are events after ``seq``; False after ``timeout`` seconds, or closed."""
        deadline = None if timeout is None else monotonic() + timeout
        with self._changed:
            while self._head <= seq and not self._closed.is_set():
                left = None if deadline is None else deadline - monotonic()
                if left is not None and left <= 0:
                    return False
                self._changed.wait(left)
            return self._head > seq

    def _from_ring(self, seq: int, most: int) -> list[RecordedEvent] | None:
        """Up to ``most`` events after ``seq``; None where the ring does not reach back that far."""
        with self._changed:
            if seq >= self._head:
                return []
            if not self._ring or self._ring[0].seq > seq + 1:
                return None
            first = seq + 1 - self._ring[0].seq
            return [self._ring[place] for place in range(first, min(first + most, len(self._ring)))]

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                with self._database.connect("pacai audit stream") as connection:
                    connection.autocommit = True
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._follow(connection)
            except (psycopg.Error, PacaiError):
                # the database is away; readers wait, and miss nothing once it is back
                self._closed.wait(_RETRY_SECONDS)

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        with DefaultSelector() as selector:
            selector.register(connection.fileno(), EVENT_READ)
            selector.register(self._bell, EVENT_READ)
            while not self._closed.is_set():
                self._catch_up(connection)
                selector.select(_LOOK_SECONDS)
                # what was heard is only a reason to look; it must not pile up
                for _ in connection.notifies(timeout=0):
                    pass

    def _catch_up(self, connection: psycopg.Connection[Any]) -> None:
        while events := list_events(connection, EventFilter(since_seq=self._head, limit=_PAGE)):
            with self._changed:
                self._ring.extend(events)
                self._head = events[-1].seq
            self._wake()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
            listeners = [reader.on_change for reader in self._subscriptions if reader.on_change]
        for tell in listeners:
            tell()


class Subscription:
    """One reader: a position in the log. Not for several threads at once."""

    def __init__(
        self,
        stream: AuditStream,
        database: Database,
        start: int,
        wanted: EventFilter,
        on_change: Callable[[], None] | None,
    ) -> None:
        self._stream = stream
        self._database = database
        self._wanted = wanted
        self._live_from = stream.head
        self.on_change = on_change
        self.position = start
        """Number of the last event that was read or passed over; subscribe with it to go on."""

    def read(self, *, limit: int = 256, timeout: float | None = 0.0) -> list[RecordedEvent]:
        """The next matching events, at most ``limit``; waits up to ``timeout`` seconds (None: for ever).

        An empty list means that there was none in time, or that the stream is closed.

        Raises:
            ConflictError: this reader fell too far behind and is dropped.
            DatabaseUnavailableError: older events are wanted and the log cannot be read.
        """
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            left = None if deadline is None else max(0.0, deadline - monotonic())
            if not self._stream._wait_beyond(self.position, left):
                return []
            self._check_lag()
            found = self._advance(limit)
            if found:
                return found

    def is_behind_ring(self) -> bool:
        """True if the next read must ask the database, and so belongs on a thread that may wait."""
        return self._stream._from_ring(self.position, 0) is None

    def close(self) -> None:
        """Leave the stream. May be called twice."""
        self._stream._forget(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _advance(self, limit: int) -> list[RecordedEvent]:
        recent = self._stream._from_ring(self.position, limit)
        if recent is None:
            return self._from_table(limit)
        if recent:
            self.position = recent[-1].seq
        return [event for event in recent if self._wanted.matches(event)]

    def _from_table(self, limit: int) -> list[RecordedEvent]:
        head = self._stream.head
        older = replace(self._wanted, since_seq=self.position, until_seq=head, limit=limit, newest_first=False)
        with self._database.connection() as connection:
            found = list_events(connection, older)
        self.position = found[-1].seq if len(found) == limit else head
        return found

    def _check_lag(self) -> None:
        lag = self._stream.head - self.position
        if self.position >= self._live_from and lag > MAX_LAG:
            self.close()
            raise ConflictError(f"this reader is {lag} events behind; go on with since_seq={self.position}")
