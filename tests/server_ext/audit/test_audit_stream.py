"""The live tail: replay, then live, without gap or duplicate."""

import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from server_ext.audit import Action, Actor, AuditLog, AuditStream, EventFilter, NewEvent, Subscription
from server_ext.audit import stream as stream_module
from server_ext.store import Database
from workbench.errors import ConflictError

Write = Callable[[int], None]


@pytest.fixture
def stream(database: Database) -> Iterator[AuditStream]:
    with AuditStream(database) as opened:
        yield opened


def numbers(reader: Subscription, count: int) -> list[int]:
    """The next ``count`` numbers, however they come."""
    found: list[int] = []
    deadline = time.monotonic() + 60
    while len(found) < count and time.monotonic() < deadline:
        found += [event.seq for event in reader.read(timeout=1)]
    return found


def caught_up(stream: AuditStream, seq: int) -> None:
    deadline = time.monotonic() + 60
    while stream.head < seq:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_reader_gets_the_last_events_and_then_the_new_ones(stream: AuditStream, write: Write) -> None:
    write(10)
    caught_up(stream, 10)
    with stream.subscribe(tail=3) as reader:
        assert numbers(reader, 3) == [8, 9, 10]
        write(5)
        assert numbers(reader, 5) == [11, 12, 13, 14, 15]
        assert reader.read(timeout=0) == []


def test_a_reader_begins_after_a_number(stream: AuditStream, write: Write) -> None:
    write(10)
    caught_up(stream, 10)
    with stream.subscribe(since_seq=6) as reader:
        assert numbers(reader, 4) == [7, 8, 9, 10]
    with stream.subscribe(since_seq=99) as ahead:
        assert ahead.read(timeout=0) == []


def test_a_reader_without_a_tail_gets_only_what_is_new(stream: AuditStream, write: Write) -> None:
    write(4)
    caught_up(stream, 4)
    with stream.subscribe() as reader:
        assert reader.read(timeout=0) == []
        write(1)
        assert numbers(reader, 1) == [5]


def test_events_from_before_the_stream_come_from_the_table(write: Write, database: Database) -> None:
    write(30)
    with AuditStream(database) as stream, stream.subscribe(tail=25) as reader:
        assert reader.is_behind_ring()
        assert numbers(reader, 25) == list(range(6, 31))
        write(3)
        assert numbers(reader, 3) == [31, 32, 33]
        assert not reader.is_behind_ring()


def test_a_filtered_reader_gets_its_own_tail_and_its_own_news(
    stream: AuditStream, log: AuditLog, database: Database
) -> None:
    for n in range(20):
        log.record(NewEvent(Action.SCENARIO_SAVE, Actor("ada" if n % 5 else "bob", "analyst")))
    caught_up(stream, 20)
    with stream.subscribe(tail=2, wanted=EventFilter(actor="bob")) as reader:
        assert numbers(reader, 2) == [11, 16]
        log.record(NewEvent(Action.SCENARIO_SAVE, Actor("ada", "analyst")))
        log.record(NewEvent(Action.SCENARIO_SAVE, Actor("bob", "analyst")))
        assert numbers(reader, 1) == [22]


def test_many_readers_miss_nothing_while_many_write(
    stream: AuditStream, log: AuditLog, actor: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = 1_500
    seen: dict[int, list[int]] = {}

    def follow(name: int) -> None:
        with stream.subscribe(since_seq=0) as reader:
            seen[name] = numbers(reader, total)

    readers = [threading.Thread(target=follow, args=(name,)) for name in range(20)]
    for reader in readers:
        reader.start()
    for _ in range(total):
        log.submit(NewEvent(Action.SCENARIO_SAVE, actor))
    for reader in readers:
        reader.join()
    assert all(found == list(range(1, total + 1)) for found in seen.values())


def test_a_reconnect_with_the_last_number_has_no_gap_and_no_duplicate(stream: AuditStream, write: Write) -> None:
    write(6)
    caught_up(stream, 6)
    with stream.subscribe(since_seq=0) as first:
        got = [event.seq for event in first.read(limit=4, timeout=5)]
        position = first.position
    write(3)
    caught_up(stream, 9)
    with stream.subscribe(since_seq=position) as second:
        got += numbers(second, 5)
    assert got == list(range(1, 10))


def test_a_reader_that_stopped_reading_is_dropped_and_told_where_to_go_on(
    stream: AuditStream, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "MAX_LAG", 20)
    with stream.subscribe() as slow:
        write(50)
        caught_up(stream, 50)
        with pytest.raises(ConflictError, match="since_seq=0"):
            slow.read()
    with stream.subscribe(since_seq=0) as again:
        assert numbers(again, 50) == list(range(1, 51))


def test_a_listener_is_woken(stream: AuditStream, write: Write) -> None:
    woken = threading.Event()
    with stream.subscribe(on_change=woken.set):
        write(1)
        assert woken.wait(30)


def test_a_cut_connection_of_the_stream_costs_nothing(
    stream: AuditStream, write: Write, superuser: psycopg.Connection
) -> None:
    with stream.subscribe(since_seq=0) as reader:
        write(2)
        assert numbers(reader, 2) == [1, 2]
        superuser.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'pacai audit stream' AND datname = current_database()"
        )
        write(3)
        assert numbers(reader, 3) == [3, 4, 5]


def test_closing_ends_waiting_readers(database: Database) -> None:
    stream = AuditStream(database)
    reader = stream.subscribe()
    answers: list[object] = []
    waiting = threading.Thread(target=lambda: answers.append(reader.read(timeout=None)))
    waiting.start()
    begun = time.monotonic()
    stream.close()
    stream.close()
    waiting.join(30)
    assert answers == [[]]
    assert time.monotonic() - begun < 1.5
