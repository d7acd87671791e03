"""One batch of events: from the head of the log to its commit, on one connection.

1. ``BEGIN``, take the writers' lock, read the head (one round trip).
2. Run each event's work under a savepoint; a failing work takes only its own event with it.
3. Number, stamp and hash the remaining events in Python.
4. Append them with one statement and commit (one round trip).

The lock is held from 1 to the commit, so numbers have no gaps and readers see them in order.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import psycopg

from server_ext.audit.body import Draft
from server_ext.audit.clock import Clock
from server_ext.audit.events import RecordedEvent
from workbench.chain import ChainHead, link

__all__ = ["Item", "Recorded", "Work", "append", "begin", "perform", "seal"]

T = TypeVar("T")
Work = Callable[[psycopg.Cursor[Any]], T]
"""What an event records, run in the event's transaction. It must be short, and must not record."""

_BEGIN: Final = "BEGIN; SELECT seq, hash FROM public.audit_lock_head()"
_SET_EVENT: Final = "SELECT set_config('pacai.event_seq', %s, true)"
_APPEND: Final = (
    "SELECT public.audit_append(%b::bigint, %b::timestamptz[], %b::bigint[], %b::text[], %b::text[], %b::text[], "
    "%b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bytea[], %b::bytea[], %b::bytea[])"
)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[T]):
    """An event in the log, and what its work answered."""

    event: RecordedEvent
    result: T


@dataclass(slots=True)
class Item:
    """A caller's event on its way into the log."""

    draft: Draft
    work: Work[Any] | None
    future: Future[Recorded[Any]] = field(default_factory=Future)
    result: Any = None
    recorded: RecordedEvent | None = None
    body: bytes = b""


def begin(connection: psycopg.Connection[Any]) -> ChainHead:
    """Open the transaction, get the lock, read the head."""
    cursor = connection.execute(_BEGIN)
    cursor.nextset()
    seq, sealed = cursor.fetchone() or (0, b"")
    return ChainHead(seq, bytes(sealed))


def perform(connection: psycopg.Connection[Any], item: Item, *, seq: int) -> BaseException | None:
    """Run the work of ``item``; the error that it raised, after which it left no trace, or None.

    Raises:
        psycopg.OperationalError: the connection is lost, and the whole batch with it.
    """
    if item.work is None:
        return None
    try:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(_SET_EVENT, [str(seq)])
            item.result = item.work(cursor)
    except BaseException as error:  # a stranger's code: whatever it raises goes to its caller
        if connection.broken or connection.closed:
            raise psycopg.OperationalError("the connection was lost during the work of an event") from error
        return error
    return None


def seal(item: Item, head: ChainHead, *, clock: Clock, node: str) -> ChainHead:
    """Give ``item`` its place after ``head``; the new head."""
    seq, time, tick_ns = head.seq + 1, clock.now(), clock.tick_ns()
    item.body = item.draft.body(seq, time, tick_ns, node)
    sealed = link(head.hash, item.body)
    item.recorded = RecordedEvent(seq, time, tick_ns, node, item.draft.event, head.hash, sealed)
    return ChainHead(seq, sealed)


def append(connection: psycopg.Connection[Any], items: Sequence[Item]) -> None:
    """Write the sealed ``items`` and commit."""
    events = [item.recorded for item in items if item.recorded is not None]
    with connection.pipeline():
        if events:
            connection.execute(_APPEND, _arrays(events, [item.body for item in items]))
        connection.execute("COMMIT")


def _arrays(events: Sequence[RecordedEvent], bodies: list[bytes]) -> tuple[Any, ...]:
    return (
        events[0].seq,
        [event.time for event in events],
        [event.tick_ns for event in events],
        [event.node for event in events],
        [event.event.action.value for event in events],
        [event.event.outcome.value for event in events],
        [event.event.actor.user for event in events],
        [event.event.actor.role for event in events],
        [event.event.actor.certificate_serial for event in events],
        [event.event.project for event in events],
        [event.event.object for event in events],
        [event.event.request_id for event in events],
        bodies,
        [event.prev_hash for event in events],
        [event.hash for event in events],
    )
