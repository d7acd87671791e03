"""``pacai license``."""

from argparse import Namespace

from server_ext.audit import AuditLog
from server_ext.audit.clock import SystemClock
from server_ext.audit.events import Action, NewEvent
from server_ext.cli.audit import local_actor
from server_ext.cli.console import Console
from server_ext.cli.exits import Exit
from server_ext.licensing import LicenceStatus, LicenceStore
from server_ext.settings import Settings
from server_ext.store.database import Database
from workbench.errors import InputError

__all__ = ["apply", "status"]


def status(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """What the licence allows, and until when; exit 1 where new work is stopped."""
    now = LicenceStore.from_settings(settings).status()
    console.show(_document(now))
    return Exit.OK if now.allows_new_work else Exit.FAILED


def apply(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Put a signed licence file in force, and record it."""
    try:
        text = arguments.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{arguments.file} cannot be read as text: {error}") from error
    store = LicenceStore.from_settings(settings)
    with Database.open(settings) as database, AuditLog(database, node=settings.node, clock=SystemClock()) as log:
        licence = store.apply(text)
        details = {"serial": licence.serial, "licensee": licence.licensee}
        log.record(NewEvent(Action.LICENCE_APPLY, local_actor(), object=licence.licence_id, details=details))
    console.show(_document(store.status()))
    return Exit.OK


def _document(now: LicenceStatus) -> dict[str, object]:
    return {
        "state": now.state.value,
        "meaning": now.sentence,
        "seats": now.seats,
        "days_left": now.days_left,
        "packages_marked_evaluation": now.marks_packages,
    }
