"""Reading the log: filtered listings, and the same as Arrow for a DataFrame.

What is answered comes from the bodies, which are hashed; the columns beside them only find it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
import pyarrow as pa
from psycopg import sql

from server_ext.audit.body import decode_body
from server_ext.audit.events import Action, RecordedEvent
from server_ext.store.database import Database
from server_ext.store.rows import Session
from workbench.chain import START, ChainHead
from workbench.errors import InputError

__all__ = ["ARROW_SCHEMA", "EventFilter", "as_arrow", "find_event", "list_events", "read_head"]

MAX_PAGE: Final = 10_000
_FETCH_ROWS: Final = 10_000
_WORD: Final = pa.dictionary(pa.int32(), pa.string())
ARROW_SCHEMA: Final = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("tick_ns", pa.int64(), nullable=False),
        pa.field("node", _WORD, nullable=False),
        pa.field("action", _WORD, nullable=False),
        pa.field("outcome", _WORD, nullable=False),
        pa.field("actor", _WORD, nullable=False),
        pa.field("role", _WORD, nullable=False),
        pa.field("certificate_serial", _WORD),
        pa.field("project", _WORD),
        pa.field("object", pa.string()),
        pa.field("request_id", pa.string()),
        pa.field("body", pa.binary(), nullable=False),
        pa.field("prev_hash", pa.binary(32), nullable=False),
        pa.field("hash", pa.binary(32), nullable=False),
    ]
)
"""``body`` is the canonical JSON, so whoever has the table can verify the chain without us."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events, in which order. Everything given must hold."""

    since_seq: int | None = None
    """Events after this number."""
    until_seq: int | None = None
    """Events up to and with this number."""
    since: datetime | None = None
    """At or after this time."""
    until: datetime | None = None
    """Before this time."""
    action: Action | None = None
    actor: str | None = None
    project: str | None = None
    object: str | None = None
    limit: int | None = None
    newest_first: bool = False

    def __post_init__(self) -> None:
        for name in ("since_seq", "until_seq", "limit"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < 2**63:
                raise InputError(f"{name} must be from 0 to 2^63 − 1, got {value}")
        for name in ("since", "until"):
            moment = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise InputError(f"{name} needs a time zone, got {moment.isoformat()}")
        for name in ("actor", "project", "object"):
            if "\x00" in (getattr(self, name) or ""):
                raise InputError(f"{name} must be text without U+0000")

    def matches(self, event: RecordedEvent) -> bool:
        """True if ``event`` is one of those asked for; ``limit`` and order aside."""
        wanted, new = self, event.event
        return (
            (wanted.since_seq is None or event.seq > wanted.since_seq)
            and (wanted.until_seq is None or event.seq <= wanted.until_seq)
            and (wanted.since is None or event.time >= wanted.since)
            and (wanted.until is None or event.time < wanted.until)
            and (wanted.action is None or new.action == wanted.action)
            and (wanted.actor is None or new.actor.user == wanted.actor)
            and (wanted.project is None or new.project == wanted.project)
            and (wanted.object is None or new.object == wanted.object)
        )


def list_events(session: Session, wanted: EventFilter) -> list[RecordedEvent]:
    """The matching events, at most :data:`MAX_PAGE` of them: ask again from the last ``seq`` for more."""
    limit = min(wanted.limit if wanted.limit is not None else MAX_PAGE, MAX_PAGE)
    query, values = _select(sql.SQL("body, prev_hash, hash"), wanted, limit)
    rows = _connection(session).cursor(binary=True).execute(query, values)
    return [decode_body(body, prev_hash=prev, sealed=sealed) for body, prev, sealed in rows]


def find_event(session: Session, seq: int) -> RecordedEvent | None:
    """Event number ``seq``; None where there is none."""
    found = list_events(session, EventFilter(since_seq=max(seq - 1, 0), until_seq=max(seq, 0), limit=1))
    return found[0] if found else None


def read_head(session: Session) -> ChainHead:
    """Number and hash of the last committed event."""
    query = "SELECT seq, hash FROM public.audit_events ORDER BY seq DESC LIMIT 1"
    row = _connection(session).cursor(binary=True).execute(query).fetchone()
    return ChainHead(row[0], row[1]) if row else START


def as_arrow(database: Database, wanted: EventFilter) -> Iterator[pa.RecordBatch]:
    """The matching events as record batches of :data:`ARROW_SCHEMA`, read from one snapshot."""
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in ARROW_SCHEMA.names)
    query, values = _select(columns, wanted, wanted.limit)
    with (
        database.connection() as connection,
        connection.cursor("audit_arrow", binary=True) as cursor,
    ):
        cursor.execute(query, values)
        while rows := cursor.fetchmany(_FETCH_ROWS):
            yield _batch_of(rows)


def _batch_of(rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    arrays = []
    for values, kind in zip(zip(*rows, strict=True), ARROW_SCHEMA.types, strict=True):
        if kind == _WORD:
            arrays.append(pa.array(values, pa.string()).dictionary_encode())
        else:
            arrays.append(pa.array(values, kind))
    return pa.RecordBatch.from_arrays(arrays, schema=ARROW_SCHEMA)


def _select(columns: sql.Composable, wanted: EventFilter, limit: int | None) -> tuple[sql.Composed, dict[str, Any]]:
    conditions = {
        "seq > %(since_seq)s": wanted.since_seq,
        "seq <= %(until_seq)s": wanted.until_seq,
        '"time" >= %(since)s': wanted.since,
        '"time" < %(until)s': wanted.until,
        "action = %(action)s": wanted.action,
        "actor = %(actor)s": wanted.actor,
        "project = %(project)s": wanted.project,
        "object = %(object)s": wanted.object,
    }
    asked = [sql.SQL(condition) for condition, value in conditions.items() if value is not None]
    query = sql.SQL("SELECT {} FROM public.audit_events{}{} ORDER BY seq {} LIMIT %(limit)s").format(
        columns,
        sql.SQL(" WHERE " if asked else ""),
        sql.SQL(" AND ").join(asked),
        sql.SQL("DESC" if wanted.newest_first else "ASC"),
    )
    values = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__}
    return query, values | {"limit": limit, "action": wanted.action and wanted.action.value}


def _connection(session: Session) -> psycopg.Connection[Any]:
    return session.connection if isinstance(session, psycopg.Cursor) else session
