"""The software YubiHSM as a process that several owners share: found, started, and left to stop by itself.

Every owner holds a shared ``flock`` on ``run/softhsm.owners``; the process ends when nobody holds it any more.
So it dies with its last owner however that one died, and an owner that crashed leaves nothing behind. A process
that is running but does not answer is stopped before another is started; the state folder's own lock sees to it
that there are never two.
"""

import contextlib
import fcntl
import http.client
import json
import os
import secrets as random_source
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from server_ext.hsm.file_lock import exclusive, wait_for_lock
from server_ext.hsm.provision import write_secret
from server_ext.settings import Settings
from workbench.errors import SignerUnavailableError

__all__ = ["PASSPHRASE_FILE", "STATE_FOLDER", "SoftwareProcess"]

STATE_FOLDER: Final = "softhsm"
PASSPHRASE_FILE: Final = "softhsm-passphrase"  # noqa: S105 - the name of a file
_START_SECONDS: Final = 20.0
"""A start takes under a second; twenty is for a machine that is busy with something else."""
_PROBE_SECONDS: Final = 0.4
_STOP_SECONDS: Final = 2.0
_POLL_SECONDS: Final = 0.02
_PASSPHRASE_BYTES: Final = 32
_MODULE: Final = "server_ext.hsm.emulator"


class SoftwareProcess:
    """One owner's hold on the software YubiHSM of ``settings.home``."""

    def __init__(self, settings: Settings) -> None:
        self._state = settings.home / STATE_FOLDER
        self._passphrase = settings.secrets / PASSPHRASE_FILE
        self._announce = settings.run / "softhsm.json"
        self._output = settings.run / "softhsm.log"
        self._owners = settings.run / "softhsm.owners"
        self._starting = settings.run / "softhsm.starting"
        self._hold: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ensure(self) -> str:
        """The URL of the running device, started if need be.

        Raises:
            SignerUnavailableError: it cannot be started; the message says why.
            StorageFullError: its passphrase cannot be written.
        """
        with self._lock:
            try:
                self._own()
                url = self._running()
                if url is not None:
                    return url
                with exclusive(self._starting):
                    return self._running() or self._start()
            except OSError as error:
                raise SignerUnavailableError(f"the software YubiHSM cannot be started: {error}") from error

    def prepare(self) -> None:
        """Make the passphrase on first use.

        Raises:
            SignerUnavailableError: it is gone while keys under it exist.
        """
        if self._passphrase.exists():
            return
        if (self._state / "objects").exists():
            raise SignerUnavailableError(
                f"{self._passphrase} is missing, and without it the keys in {self._state} cannot be opened; "
                "restore it from the backup, or move the folder away to begin anew"
            )
        write_secret(self._passphrase, random_source.token_hex(_PASSPHRASE_BYTES))

    def release(self) -> None:
        """This owner needs it no more; it stops when no other does."""
        with self._lock:
            if self._hold is None:
                return
            last = _is_last(self._hold)
            os.close(self._hold)
            self._hold = None
            if self._child is not None:
                _reap(self._child, ends_now=last)
                self._child = None

    def _own(self) -> None:
        if self._hold is None:
            self._owners.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._owners, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            wait_for_lock(descriptor, fcntl.LOCK_SH)
            self._hold = descriptor

    def _running(self) -> str | None:
        """The URL of the announced process, if it answers and is the one that was announced."""
        announced = self._announced()
        if announced is None:
            return None
        pid, port = announced
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PROBE_SECONDS)
        try:
            connection.request("GET", "/connector/status")
            lines = connection.getresponse().read().decode("utf-8", "replace").splitlines()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return f"http://127.0.0.1:{port}" if {f"pid={pid}", "software=true"} <= set(lines) else None

    def _announced(self) -> tuple[int, int] | None:
        try:
            document = json.loads(self._announce.read_text())
            return int(document["pid"]), int(document["port"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _start(self) -> str:
        self._stop_silent()
        self.prepare()
        self._announce.unlink(missing_ok=True)
        with self._output.open("wb") as output:
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", _MODULE, *self._arguments()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self._wait_for(self._child)

    def _arguments(self) -> list[str]:
        return [
            f"--state={self._state}",
            "--port=0",
            f"--passphrase-file={self._passphrase}",
            f"--owners={self._owners}",
            f"--announce={self._announce}",
        ]

    def _wait_for(self, child: "subprocess.Popen[bytes]") -> str:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            url = self._running()
            if url is not None:
                return url
            if child.poll() is not None:
                break
            time.sleep(_POLL_SECONDS)
        else:
            child.kill()
            child.wait()
        said = self._output.read_text(errors="replace").strip().splitlines()
        raise SignerUnavailableError(
            f"the software YubiHSM did not start: {said[-1] if said else 'it said nothing'} (see {self._output})"
        )

    def _stop_silent(self) -> None:
        """Stop an announced process of ours that runs but does not answer."""
        announced = self._announced()
        if announced is None or not _is_ours(announced[0], self._state):
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + _STOP_SECONDS / 4
            try:
                os.kill(announced[0], number)
                while time.monotonic() < deadline and _is_ours(announced[0], self._state):
                    time.sleep(_POLL_SECONDS)
            except ProcessLookupError:
                return


def _is_ours(pid: int, state: Path) -> bool:
    """Whether the process is an emulator on this state folder, and not another that got its number."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return _MODULE.encode() in words and f"--state={state}".encode() in words


def _is_last(hold: int) -> bool:
    """Whether no other owner is left: the shared lock becomes an exclusive one."""
    try:
        fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _reap(child: "subprocess.Popen[bytes]", *, ends_now: bool) -> None:
    """Wait for our child if it ends now; with other owners it lives on, and init reaps it."""
    if ends_now:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_STOP_SECONDS)
    if child.poll() is None:
        child.returncode = 0  # it is meant to outlive us, and Popen would warn of that when it is collected
