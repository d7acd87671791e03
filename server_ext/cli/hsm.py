"""``pacai hsm``."""

import signal
import threading
from argparse import Namespace
from dataclasses import asdict

from server_ext.cli.console import Console
from server_ext.cli.exits import Exit
from server_ext.hsm import commands
from server_ext.hsm.service import HsmService
from server_ext.releases.signers import allowed_signers_line
from server_ext.settings import Settings

__all__ = ["emulate", "log", "provision", "signers", "status"]


def status(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """State of the signing device; exit 3 where nothing signs."""
    state = commands.status(settings)
    data = {"primary": state.primary, "fallback": state.fallback, "detail": state.detail, "firmware": state.firmware}
    if state.signer:
        data |= {"kind": state.signer.kind.value, "key": f"0x{state.signer.key_id:04x}", "serial": state.signer.serial}
    console.show(data)
    return Exit.OK if state.signer else Exit.UNREACHABLE


def provision(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Create the keys and roles that are missing, or only say which."""
    steps = commands.provision(settings, dry_run=arguments.dry_run)
    verb = "would be done" if arguments.dry_run else "done"
    text = "".join(f"{verb}: {step}\n" for step in steps) or "nothing to do: the device is provisioned\n"
    console.show({"dry_run": arguments.dry_run, "steps": list(steps)}, text=text)
    return Exit.OK


def signers(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """The release key as the line that a receiver puts into ``allowed_signers``."""
    with HsmService.open(settings) as service:
        line = allowed_signers_line(service.signer().describe())
    console.show({"allowed_signers": line}, text=line)
    return Exit.OK


def log(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """The unread entries of the device's own log; its chain is verified while reading."""
    found = commands.log(settings)
    rows = [
        (str(e.number), e.command, f"0x{e.target_key:04x}", "ok" if e.succeeded else "failed") for e in found.entries
    ]
    console.table(("no.", "command", "key", "result"), rows)
    console.show(asdict(found), text="")
    return Exit.OK


def emulate(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Run the software YubiHSM until it is stopped."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    commands.emulate(settings, port=arguments.port, say=console.say, stop=stop)
    return Exit.OK
