"""The software YubiHSM as a process of its own; see :mod:`server_ext.hsm.emulator`.

It stops at SIGTERM or SIGINT, when the parent it was told of is gone, or when nobody holds its owners file any
more. An owner holds a shared ``flock`` on that file for as long as it needs the device, so the kernel itself
tells when an owner has died, however it died.
"""

import argparse
import fcntl
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from server_ext.hsm.emulator.connector import Connector
from server_ext.hsm.emulator.device import SoftwareDevice
from server_ext.hsm.emulator.persistence import FileVault
from workbench.errors import InputError, PacaiError

__all__ = ["main", "serve"]

_POLL_SECONDS: Final = 0.25


def serve(
    *,
    state: Path,
    port: int,
    passphrase_file: Path,
    announce: Callable[[str, int], None],
    wanted: Callable[[], bool],
    stop: threading.Event,
) -> None:
    """Run a device on ``port`` until ``stop`` is set or it is not ``wanted`` any more.

    Args:
        announce: told the one line to print, which says SOFTWARE, and the port.

    Raises:
        InputError: the passphrase file is missing or empty, or the port is taken.
        ConflictError: a process has this state open.
        SignerUnavailableError: the state cannot be decrypted.
    """
    with FileVault(state, _passphrase(passphrase_file)) as vault:
        device = SoftwareDevice.open(vault)
        try:
            connector = Connector(device, port=port)
        except (OSError, OverflowError) as error:
            raise InputError(f"port {port} on 127.0.0.1 cannot be used ({error}); choose another") from error
        with connector:
            line = f"SOFTWARE YubiHSM 2 (no hardware), serial {device.serial}, at {connector.url}"
            announce(line, connector.port)
            while wanted() and not stop.wait(_POLL_SECONDS):
                pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, serve, and say in one line why not."""
    options = _parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    owners = None if options.owners is None else os.open(options.owners, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        serve(
            state=options.state,
            port=options.port,
            passphrase_file=options.passphrase_file,
            announce=lambda line, port: _announce(line, port, options.announce),
            wanted=lambda: _has_parent(options.parent_pid) and _has_owner(owners),
            stop=stop,
        )
    except (PacaiError, OSError) as error:
        print(f"software YubiHSM: {error}", file=sys.stderr, flush=True)  # noqa: T201 - the rim of a process
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server_ext.hsm.emulator", description="software YubiHSM 2")
    parser.add_argument("--state", type=Path, required=True, help="folder of the encrypted state")
    parser.add_argument("--port", type=int, required=True, help="TCP port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--passphrase-file", type=Path, required=True)
    parser.add_argument("--parent-pid", type=int, help="stop when this parent process is gone")
    parser.add_argument("--owners", type=Path, help="stop when no process holds a shared flock on this file")
    parser.add_argument("--announce", type=Path, help="write pid and port to this file as JSON when ready")
    return parser


def _passphrase(path: Path) -> bytes:
    try:
        passphrase = path.read_bytes().strip()
    except OSError as error:
        raise InputError(f"the passphrase file {path} cannot be read: {error.strerror}") from error
    if not passphrase:
        raise InputError(f"the passphrase file {path} is empty")
    return passphrase


def _announce(line: str, port: int, path: Path | None) -> None:
    print(line, flush=True)  # noqa: T201 - the rim of a process
    if path is not None:
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        beside.write_text(json.dumps({"pid": os.getpid(), "port": port}))
        os.replace(beside, path)


def _has_parent(pid: int | None) -> bool:
    return pid is None or os.getppid() == pid


def _has_owner(owners: int | None) -> bool:
    """False when the exclusive lock could be had; it is then kept, so that no new owner counts on us."""
    if owners is None:
        return True
    try:
        fcntl.flock(owners, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
