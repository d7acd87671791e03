"""Reading who runs a data directory: ``postmaster.pid``, checked against the living processes.

A process number alone proves nothing after a crash, because the kernel gives numbers again. A pid file
counts only while its process exists *and* is a PostgreSQL server working in that very directory.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["PID_FILE", "Postmaster", "discard_stale_locks", "processes_in", "read_postmaster", "serves"]

PID_FILE: Final = "postmaster.pid"
_READY: Final = "ready"
_SOCKET_LOCK: Final = ".s.PGSQL.5432.lock"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A living server of the data directory."""

    pid: int
    port: int
    socket_dir: str
    status: str
    """``starting``, ``ready``, ``stopping`` or ``standby``."""

    @property
    def is_ready(self) -> bool:
        return self.status == _READY


def read_postmaster(data: Path) -> Postmaster | None:
    """The living server of ``data``, or None.

    The lines of the file are those of PostgreSQL's ``miscadmin.h`` (LOCK_FILE_LINE_…): pid, data
    directory, start time, port, socket directory, listen address, shared memory key, status. The last
    ones appear while the server starts.
    """
    try:
        lines = (data / PID_FILE).read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not serves(pid, data):
        return None
    lines += [""] * (8 - len(lines))
    port = int(lines[3]) if lines[3].isdigit() else 0
    return Postmaster(pid, port, lines[4].strip(), lines[7].strip() or "starting")


def processes_in(data: Path) -> list[int]:
    """The living processes that work in ``data``: a server with its workers, or what a killed one left."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if serves(pid, data)]


def discard_stale_locks(data: Path, socket_dir: Path) -> None:
    """Remove the pid file and the socket's lock of a server that is gone.

    PostgreSQL does so itself, except where the number in them is that of a process again. Call this only
    when :func:`processes_in` is empty.
    """
    for path in (data / PID_FILE, socket_dir / _SOCKET_LOCK):
        path.unlink(missing_ok=True)


def serves(pid: int, data: Path) -> bool:
    """True if ``pid`` is a server of ``data``: every server process works in its data directory."""
    if pid <= 0:
        return False
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == data.resolve() and not _is_zombie(pid)
    except OSError:
        return False


def _is_zombie(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "Z"
