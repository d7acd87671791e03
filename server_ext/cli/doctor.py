"""``pacai doctor``."""

from argparse import Namespace
from dataclasses import asdict

from server_ext.cli.console import Console
from server_ext.cli.exits import Exit
from server_ext.ops import State, examine
from server_ext.settings import Settings

__all__ = ["doctor"]


def doctor(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Exit 1 where a check is an error; warnings do not fail."""
    seen = examine(settings)
    console.table(("check", "state", "seen", "what to do"), [(o.check, o.state, o.seen, o.fix) for o in seen])
    console.show({"observations": [asdict(o) for o in seen]}, text="")
    return Exit.FAILED if any(o.state is State.ERROR for o in seen) else Exit.OK
