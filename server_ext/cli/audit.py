"""``pacai audit``: straight on the database, so that it works while the gateway does not."""

import getpass
from argparse import Namespace

from server_ext.audit import AuditLog, EventFilter, verify_log
from server_ext.audit import list_events as events_of
from server_ext.audit.checkpoint_file import FILE_NAME
from server_ext.audit.clock import SystemClock
from server_ext.audit.events import Action, Actor, NewEvent, Outcome
from server_ext.cli.console import Console
from server_ext.cli.exits import Exit
from server_ext.settings import Settings
from server_ext.store.database import Database
from workbench.errors import InputError

__all__ = ["list_events", "local_actor", "verify"]


def local_actor() -> Actor:
    """The operating-system user at the command line, who can read the server's files anyway."""
    return Actor(user=getpass.getuser(), role="operator")


def verify(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Check the whole log; exit 1 and name the first bad row where it is not intact. The check is recorded."""
    with Database.open(settings) as database:
        outside = settings.home / FILE_NAME
        verdict = verify_log(database, outside=outside if outside.exists() else None)
        with AuditLog(database, node=settings.node, clock=SystemClock()) as log:
            outcome = Outcome.SUCCESS if verdict.ok else Outcome.FAILURE
            details = {"events": verdict.events, "first_bad": verdict.first_bad_seq}
            log.record(NewEvent(Action.AUDIT_VERIFY, local_actor(), outcome, details=details))
    data = {
        "ok": verdict.ok,
        "events": verdict.events,
        "first_bad_seq": verdict.first_bad_seq,
        "reason": verdict.reason,
        "head_hash": verdict.head_hash.hex(),
    }
    intact = f"{verdict.events} events intact, head {verdict.head_hash.hex()}\n"
    console.show(data, text=intact if verdict.ok else f"event {verdict.first_bad_seq} is bad: {verdict.reason}\n")
    return Exit.OK if verdict.ok else Exit.FAILED


def list_events(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """List events in the order of the log."""
    wanted = EventFilter(
        since_seq=arguments.after,
        limit=arguments.limit,
        action=_action(arguments.action),
        actor=arguments.actor,
    )
    with Database.open(settings) as database, database.connection() as connection:
        events = events_of(connection, wanted)
    rows = [
        (
            str(e.seq),
            e.time.isoformat(" ", "seconds"),
            e.event.actor.user,
            e.event.action,
            e.event.outcome,
            e.event.object or "",
        )
        for e in events
    ]
    console.table(("seq", "time", "who", "action", "outcome", "object"), rows)
    names = ("seq", "time", "actor", "action", "outcome", "object")
    console.show({"events": [dict(zip(names, row, strict=True)) for row in rows]}, text="")
    return Exit.OK


def _action(name: str | None) -> Action | None:
    if name is None:
        return None
    try:
        return Action(name)
    except ValueError:
        raise InputError(f"there is no action {name!r}; known are {', '.join(Action)}") from None
