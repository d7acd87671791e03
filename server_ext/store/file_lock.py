"""Locks between processes on one machine that a crash releases: ``flock(2)`` on a file.

>>> from pathlib import Path; import tempfile
>>> with tempfile.TemporaryDirectory() as folder, FileLock(Path(folder) / "x.lock") as lock:
...     lock.is_alone
True
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["FileLock"]


class FileLock:
    """A held lock, exclusive or shared; blocks until it is got. The file stays, it means nothing by itself."""

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    @property
    def is_alone(self) -> bool:
        """True if nobody else holds the lock, which is then held exclusively.

        On False the shared hold may be lost (``flock`` converts by letting go first), so ask this only to
        leave, and under another lock that keeps newcomers out.
        """
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go. May be called twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
