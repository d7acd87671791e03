"""A log on a real database."""

from collections.abc import Callable, Iterator

import pytest

from server_ext.audit import Action, Actor, AuditLog, NewEvent, SystemClock
from server_ext.store import Database

Write = Callable[[int], None]


@pytest.fixture
def log(database: Database) -> Iterator[AuditLog]:
    with AuditLog(database, node="node_test", clock=SystemClock()) as opened:
        yield opened


@pytest.fixture
def actor() -> Actor:
    return Actor("ada", "analyst", "4d2")


@pytest.fixture
def write(log: AuditLog, actor: Actor) -> Write:
    """Appends that many events and waits for them."""

    def append(count: int) -> None:
        futures = [
            log.submit(NewEvent(Action.SCENARIO_GENERATE, actor, project="raid", details={"n": n}))
            for n in range(count)
        ]
        for future in futures:
            future.result(60)

    return append
