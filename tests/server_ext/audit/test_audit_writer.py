"""The writer: together or not at all, one chain for all, nothing acknowledged is lost."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from server_ext.audit import (
    Action,
    Actor,
    AuditLog,
    EventFilter,
    NewEvent,
    SystemClock,
    find_event,
    list_events,
    read_head,
    verify_log,
)
from server_ext.settings import Settings
from server_ext.store import Database, ProjectId
from server_ext.store.projects import create_project, find_project, list_projects
from workbench.chain import GENESIS, link
from workbench.errors import (
    CanonicalError,
    ConflictError,
    DatabaseUnavailableError,
    InputError,
    MissingError,
)

WRITE_FOR_EVER = """
import sys
from pathlib import Path
from server_ext.audit import Action, Actor, AuditLog, NewEvent, SystemClock
from server_ext.settings import Settings
from server_ext.store import Database
home, url, name, count = sys.argv[1:]
with Database.open(Settings(home=Path(home), database_url=url)) as database:
    with AuditLog(database, node=name, clock=SystemClock()) as log:
        for n in range(int(count)):
            done = log.record(NewEvent(Action.BATCH_RUN, Actor(name, "operator"), details={"n": n}))
            print(done.event.seq, done.event.hash.hex(), flush=True)
"""


def writer_process(settings: Settings, name: str, count: int) -> subprocess.Popen[str]:
    """A process that records ``count`` events and prints each after it was acknowledged."""
    arguments = [str(settings.home), settings.database_url or "", name, str(count)]
    return subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, *arguments], stdout=subprocess.PIPE, text=True)


def named_project(name: str) -> Callable[[psycopg.Cursor], object]:
    def work(cursor: psycopg.Cursor) -> object:
        return create_project(cursor, ProjectId(name), name=name, owner="ada", created_at=datetime.now(UTC))

    return work


def test_the_first_event_follows_from_genesis_and_can_be_checked_alone(log: AuditLog, actor: Actor) -> None:
    event = NewEvent(Action.SYSTEM_START, actor, request_id="r-1", details={"why": "é", "n": [1, None, True]})
    recorded = log.record(event).event
    assert (recorded.seq, recorded.prev_hash, recorded.node, recorded.event) == (1, GENESIS, "node_test", event)
    with log.database.connection() as connection:
        body = connection.execute("SELECT body FROM audit_events").fetchone()
        assert body is not None
        assert link(GENESIS, body[0]) == recorded.hash
        assert find_event(connection, 1) == recorded


def test_an_event_and_its_work_commit_together(log: AuditLog, actor: Actor, database: Database) -> None:
    done = log.record(NewEvent(Action.PROJECT_CREATE, actor, project="raid"), named_project("raid"))
    with database.connection() as connection:
        project = find_project(connection, ProjectId("raid"))
    assert project == done.result
    assert project.event_seq == done.event.seq


def test_a_failing_work_takes_its_event_with_it_and_no_other(log: AuditLog, actor: Actor, database: Database) -> None:
    class Broken(Exception):
        pass

    def work(cursor: psycopg.Cursor) -> None:
        create_project(cursor, ProjectId("half"), name="half", owner="ada", created_at=datetime.now(UTC))
        raise Broken

    event = NewEvent(Action.PROJECT_CREATE, actor)
    futures = [
        log.submit(event, named_project("one")),
        log.submit(event, work),
        log.submit(event, lambda cursor: cursor.execute("SELECT 1/0")),
        log.submit(event, named_project("one")),
        log.submit(event, named_project("two")),
    ]
    with pytest.raises(Broken):
        futures[1].result(30)
    with pytest.raises(psycopg.errors.DivisionByZero):
        futures[2].result(30)
    with pytest.raises(ConflictError):
        futures[3].result(30)
    assert [futures[0].result(30).event.seq, futures[4].result(30).event.seq] == [1, 2]
    with database.connection() as connection:
        assert [project.id for project in list_projects(connection)] == ["one", "two"]
        assert [project.event_seq for project in list_projects(connection)] == [1, 2]
    assert verify_log(database).ok


def test_a_change_without_an_event_is_refused(database: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only as the work"), database.connection() as one:
        named_project("sly")(one.cursor())

    def claim_an_event_that_is_not_there() -> None:
        with database.connection() as connection:
            connection.execute("SELECT set_config('pacai.event_seq', '7', true)")
            named_project("sly")(connection.cursor())

    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        claim_an_event_that_is_not_there()
    with database.connection() as connection, pytest.raises(MissingError):
        find_project(connection, ProjectId("sly"))


def test_a_work_must_not_record(log: AuditLog, actor: Actor) -> None:
    event = NewEvent(Action.SYSTEM_START, actor)
    with pytest.raises(RuntimeError, match="must not record"):
        log.record(event, lambda cursor: log.record(event))
    assert log.record(event).event.seq == 1


def test_a_work_must_not_commit(log: AuditLog, actor: Actor, database: Database) -> None:
    with pytest.raises(psycopg.ProgrammingError):
        log.record(NewEvent(Action.SYSTEM_START, actor), lambda cursor: cursor.connection.commit())
    assert log.record(NewEvent(Action.SYSTEM_START, actor)).event.seq == 1


@pytest.mark.parametrize(
    "event",
    [
        NewEvent(Action.SYSTEM_START, Actor("", "analyst")),
        NewEvent(Action.SYSTEM_START, Actor("a\x00", "analyst")),
        NewEvent(Action.SYSTEM_START, Actor("\ud800", "analyst")),
        NewEvent(Action.SYSTEM_START, Actor("a" * 301, "analyst")),
        NewEvent(Action.SYSTEM_START, Actor("a", "analyst"), object="\x00"),
        NewEvent(Action.SYSTEM_START, Actor("a", "analyst"), details={"x": "y" * 40_000}),
        NewEvent(Action.SYSTEM_START, Actor("a", "analyst"), details={"x": 1.5}),
        NewEvent(Action.SYSTEM_START, Actor("a", "analyst"), details={"x": 2**53}),
        NewEvent(Action.SYSTEM_START, Actor("a", "analyst"), details={"é": 1}),
    ],
)
def test_an_event_that_cannot_be_recorded_is_refused_before_it_meets_others(log: AuditLog, event: NewEvent) -> None:
    with pytest.raises((InputError, CanonicalError)):
        log.record(event)


def test_zero_characters_in_details_are_recorded(log: AuditLog, actor: Actor, database: Database) -> None:
    log.record(NewEvent(Action.AUTH_REFUSED, actor, details={"tried": "a\x00b"}))
    with database.connection() as connection:
        assert list_events(connection, EventFilter())[0].event.details == {"tried": "a\x00b"}
    assert verify_log(database).ok


def test_many_threads_make_one_chain(log: AuditLog, actor: Actor, database: Database) -> None:
    def record(n: int) -> int:
        return log.record(NewEvent(Action.SCENARIO_SAVE, actor, details={"n": n})).event.seq

    with ThreadPoolExecutor(16) as threads:
        numbers = list(threads.map(record, range(400)))
    assert sorted(numbers) == list(range(1, 401))
    verdict = verify_log(database)
    assert (verdict.ok, verdict.events) == (True, 400)


def test_two_processes_write_one_chain_without_a_fork(
    log: AuditLog, actor: Actor, database: Database, database_settings: Settings
) -> None:
    children = [writer_process(database_settings, name, 150) for name in ("one", "two")]
    while any(child.poll() is None for child in children):
        log.record(NewEvent(Action.SCENARIO_SAVE, actor))
        time.sleep(0.005)
    printed = [line.split() for child in children if child.stdout for line in child.stdout]
    assert [child.returncode for child in children] == [0, 0]
    assert len(printed) == 300
    with database.connection() as connection:
        written = {event.seq: event for event in list_events(connection, EventFilter())}
    assert all(written[int(seq)].hash.hex() == sealed for seq, sealed in printed)
    assert {event.node for event in written.values()} == {"one", "two", "node_test"}
    assert verify_log(database).ok


@pytest.mark.parametrize("lines", [1, 40])
def test_what_a_killed_writer_acknowledged_is_there(
    database: Database, database_settings: Settings, lines: int
) -> None:
    child = writer_process(database_settings, "victim", 1_000_000)
    assert child.stdout is not None
    acknowledged = [child.stdout.readline().split() for _ in range(lines)]
    child.send_signal(signal.SIGKILL)
    acknowledged += [line.split() for line in child.stdout if line.endswith("\n")]
    child.wait()
    with database.connection() as connection:
        written = {event.seq: event.hash.hex() for event in list_events(connection, EventFilter())}
    assert all(written[int(seq)] == sealed for seq, sealed in acknowledged)
    assert verify_log(database).ok
    with AuditLog(database, node="after", clock=SystemClock()) as log:
        assert log.record(NewEvent(Action.SYSTEM_START, Actor("a", "admin"))).event.seq == len(written) + 1


def test_a_cut_connection_is_replaced(
    log: AuditLog, actor: Actor, database: Database, superuser: psycopg.Connection
) -> None:
    log.record(NewEvent(Action.SYSTEM_START, actor))
    superuser.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE application_name = 'pacai audit writer' AND datname = current_database()"
    )
    assert log.record(NewEvent(Action.SYSTEM_START, actor)).event.seq == 2
    assert verify_log(database).ok


def test_cuts_at_any_moment_lose_nothing_that_was_acknowledged(
    log: AuditLog, actor: Actor, database: Database, superuser: psycopg.Connection
) -> None:
    acknowledged: dict[int, bytes] = {}
    stop = threading.Event()

    def produce() -> None:
        while not stop.is_set():
            try:
                event = log.record(
                    NewEvent(Action.SCENARIO_SAVE, actor), lambda cursor: cursor.execute("SELECT 1")
                ).event
            except DatabaseUnavailableError:
                continue
            acknowledged[event.seq] = event.hash

    producers = [threading.Thread(target=produce) for _ in range(4)]
    for producer in producers:
        producer.start()
    for _ in range(15):
        time.sleep(0.03)
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'pacai audit writer' AND datname = current_database()"
        )
    stop.set()
    for producer in producers:
        producer.join()
    with database.connection() as connection:
        written = {event.seq: event.hash for event in list_events(connection, EventFilter())}
    assert acknowledged
    assert acknowledged.items() <= written.items()
    assert verify_log(database).ok


def test_events_survive_a_killed_postgresql(tmp_path: Path, actor: Actor) -> None:
    with (
        Database.open(Settings(home=tmp_path / "home")) as database,
        AuditLog(database, node="n", clock=SystemClock()) as log,
    ):
        acknowledged = [log.record(NewEvent(Action.SCENARIO_SAVE, actor)).event for _ in range(5)]
        pid = database.describe().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while True:
            try:
                last = log.record(NewEvent(Action.SYSTEM_START, actor)).event
                break
            except DatabaseUnavailableError:
                assert time.monotonic() < deadline
        with database.connection() as connection:
            written = list_events(connection, EventFilter())
        assert written[:5] == acknowledged
        assert written[-1] == last
        assert verify_log(database).ok


def test_a_lost_database_is_said_and_the_log_goes_on_later(
    log: AuditLog, actor: Actor, superuser: psycopg.Connection
) -> None:
    log.record(NewEvent(Action.SYSTEM_START, actor))
    name = superuser.info.dbname
    superuser.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    superuser.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'pacai' "
        "AND datname = current_database()"
    )
    with pytest.raises(DatabaseUnavailableError):
        log.record(NewEvent(Action.SYSTEM_START, actor))
    superuser.execute(f"ALTER DATABASE {name} CONNECTION LIMIT -1")
    assert log.record(NewEvent(Action.SYSTEM_START, actor)).event.seq == 2


def test_a_work_that_meets_the_limits_of_the_database_is_told_in_our_words(
    log: AuditLog, actor: Actor, database: Database
) -> None:
    def slow(cursor: psycopg.Cursor) -> None:
        cursor.execute("SET LOCAL statement_timeout = 10")
        cursor.execute("SELECT pg_sleep(5)")

    with pytest.raises(DatabaseUnavailableError, match="took too long"):
        log.record(NewEvent(Action.SCENARIO_SAVE, actor), slow)
    assert log.record(NewEvent(Action.SCENARIO_SAVE, actor)).event.seq == 1


def test_a_broken_clock_fails_its_callers_and_not_the_writer(database: Database, actor: Actor) -> None:
    class BrokenClock(SystemClock):
        broken = True

        def tick_ns(self) -> int:
            if self.broken:
                raise OSError("no clock")
            return super().tick_ns()

    clock = BrokenClock()
    with AuditLog(database, node="n", clock=clock) as log:
        with pytest.raises(OSError, match="no clock"):
            log.record(NewEvent(Action.SCENARIO_SAVE, actor))
        clock.broken = False
        assert log.record(NewEvent(Action.SCENARIO_SAVE, actor)).event.seq == 1


def test_closing_commits_what_was_handed_in(database: Database, actor: Actor) -> None:
    log = AuditLog(database, node="n", clock=SystemClock())
    futures = [log.submit(NewEvent(Action.SCENARIO_SAVE, actor)) for _ in range(2_500)]
    log.close()
    log.close()
    assert [future.result(0).event.seq for future in futures] == list(range(1, 2_501))
    with database.connection() as connection:
        assert read_head(connection).seq == 2_500
    with pytest.raises(DatabaseUnavailableError, match="is closed"):
        log.record(NewEvent(Action.SCENARIO_SAVE, actor))


def test_a_caller_may_withdraw_before_its_turn(log: AuditLog, actor: Actor, database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(cursor: psycopg.Cursor) -> None:
        started.set()
        go_on.wait(30)

    first = log.submit(NewEvent(Action.SCENARIO_SAVE, actor), slow)
    assert started.wait(30)
    withdrawn = log.submit(NewEvent(Action.SCENARIO_SAVE, actor))
    assert withdrawn.cancel()
    go_on.set()
    assert first.result(30).event.seq == 1
    assert log.record(NewEvent(Action.SCENARIO_SAVE, actor)).event.seq == 2
