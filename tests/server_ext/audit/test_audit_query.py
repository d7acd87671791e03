"""Filters answer the same from the table, from memory and as Arrow."""

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server_ext.audit import (
    ARROW_SCHEMA,
    Action,
    Actor,
    AuditLog,
    EventFilter,
    NewEvent,
    Outcome,
    as_arrow,
    find_event,
    list_events,
    read_head,
)
from server_ext.audit.body import Draft, decode_body, time_text
from server_ext.store import Database
from workbench.canonical import canonical_bytes
from workbench.chain import START, link
from workbench.errors import InputError, VerificationError

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=40)
EVENTS = st.builds(
    NewEvent,
    action=st.sampled_from(Action),
    actor=st.builds(Actor, user=TEXT, role=TEXT, certificate_serial=st.none() | TEXT),
    outcome=st.sampled_from(Outcome),
    project=st.none() | TEXT,
    object=st.none() | TEXT,
    request_id=st.none() | TEXT,
    details=st.dictionaries(
        st.text(st.characters(codec="ascii"), max_size=8),
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT | st.lists(TEXT, max_size=3),
        max_size=4,
    ),
)
TIMES = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))


@pytest.fixture
def filled(log: AuditLog, database: Database) -> Database:
    for n in range(12):
        actor = Actor("ada" if n % 2 else "bob", "analyst")
        action = Action.SCENARIO_SAVE if n % 3 else Action.AUTH_REFUSED
        log.record(NewEvent(action, actor, project="raid" if n % 4 else None, object=f"s-{n}"))
    return database


@given(EVENTS, st.integers(1, 2**53 - 1), TIMES, st.integers(0, 2**63 - 1), TEXT)
def test_an_event_survives_its_body(event: NewEvent, seq: int, time: datetime, tick_ns: int, node: str) -> None:
    body = Draft.of(event).body(seq, time, tick_ns, node)
    recorded = decode_body(body, prev_hash=b"p", sealed=b"h")
    assert (recorded.event, recorded.seq, recorded.time) == (event, seq, time)
    assert (recorded.tick_ns, recorded.node) == (tick_ns, node)


@given(EVENTS)
def test_a_body_is_canonical_json(event: NewEvent) -> None:
    rfc8785 = pytest.importorskip("rfc8785")
    body = Draft.of(event).body(7, datetime(2026, 1, 2, 3, tzinfo=UTC), 5, "n")
    import json

    assert body == rfc8785.dumps(json.loads(body)) == canonical_bytes(json.loads(body))


@given(st.binary(max_size=60) | st.sampled_from([b"{}", b"[]", b'{"seq":"x"}', b"null", b'{"seq":1,"time":"x"}']))
def test_a_damaged_body_is_a_clear_error(body: bytes) -> None:
    with pytest.raises(VerificationError):
        decode_body(body, prev_hash=b"", sealed=b"")


def test_times_are_written_in_utc_with_microseconds() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=3)))
    assert time_text(summer) == "2026-07-01T09:00:00.000000Z"


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EventFilter(), list(range(1, 13))),
        (EventFilter(since_seq=9), [10, 11, 12]),
        (EventFilter(until_seq=2), [1, 2]),
        (EventFilter(actor="ada", limit=2), [2, 4]),
        (EventFilter(actor="ada", limit=2, newest_first=True), [12, 10]),
        (EventFilter(action=Action.AUTH_REFUSED), [1, 4, 7, 10]),
        (EventFilter(project="raid", action=Action.AUTH_REFUSED), [4, 7, 10]),
        (EventFilter(object="s-3"), [4]),
        (EventFilter(actor="nobody"), []),
        (EventFilter(limit=0), []),
        (EventFilter(until=datetime(2020, 1, 1, tzinfo=UTC)), []),
        (EventFilter(since=datetime(2020, 1, 1, tzinfo=UTC), until_seq=1), [1]),
    ],
)
def test_a_filter_finds_its_events_everywhere(filled: Database, wanted: EventFilter, numbers: list[int]) -> None:
    with filled.connection() as connection:
        events = list_events(connection, EventFilter())
        assert [event.seq for event in list_events(connection, wanted)] == numbers
    arrow = [seq for batch in as_arrow(filled, wanted) for seq in batch.column("seq").to_pylist()]
    assert arrow == numbers
    if wanted.limit is None:
        assert [event.seq for event in events if wanted.matches(event)] == numbers


@pytest.mark.parametrize(
    "wrong",
    [
        {"since_seq": -1},
        {"limit": -1},
        {"until_seq": 2**63},
        {"since": datetime(2026, 1, 1)},
        {"actor": "a\x00"},
    ],
)
def test_a_filter_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        EventFilter(**wrong)  # type: ignore[arg-type]  # that is the test


def test_one_event_is_found_by_its_number(filled: Database) -> None:
    with filled.connection() as connection:
        found = find_event(connection, 4)
        assert found is not None
        assert found.seq == 4
        for absent in (0, -3, 13):
            assert find_event(connection, absent) is None
        assert read_head(connection).seq == 12


def test_an_empty_log_has_the_start_as_its_head(database: Database) -> None:
    with database.connection() as connection:
        assert read_head(connection) == START
    assert list(as_arrow(database, EventFilter())) == []


def test_arrow_is_enough_to_verify_the_chain_without_us(filled: Database) -> None:
    table = pa.Table.from_batches(as_arrow(filled, EventFilter()), ARROW_SCHEMA)
    assert table.schema.field("time").type == pa.timestamp("us", tz="UTC")
    head = bytes(32)
    for row in table.to_pylist():
        assert row["prev_hash"] == head
        head = link(head, row["body"])
        assert row["hash"] == head
        assert row["time"].tzinfo is not None


def test_arrow_survives_the_stream_format_although_dictionaries_differ(filled: Database) -> None:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, ARROW_SCHEMA) as writer:
        for actor in ("ada", "bob"):
            for batch in as_arrow(filled, EventFilter(actor=actor)):
                writer.write_batch(batch)
    table = pa.ipc.open_stream(sink.getvalue()).read_all()
    assert table.column("actor").to_pylist() == ["ada"] * 6 + ["bob"] * 6


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=300))
def test_no_text_is_more_than_text(filled: Database, text: str) -> None:
    with filled.connection() as connection:
        assert list_events(connection, EventFilter(actor=text, object=text)) == []
