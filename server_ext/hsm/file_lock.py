"""One process at a time, by ``flock``: the kernel gives the lock free when its holder dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from workbench.errors import SignerUnavailableError

__all__ = ["exclusive", "wait_for_lock"]

_WAIT_SECONDS: Final = 20.0
"""Longer than anything that is done under one of these locks, which is at most to start a process."""
_POLL_SECONDS: Final = 0.02


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file ``path``, made when missing, during the ``with`` block.

    Raises:
        SignerUnavailableError: another process held it for 20 seconds.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        wait_for_lock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def wait_for_lock(descriptor: int, kind: int) -> None:
    """``flock`` with a limit.

    Raises:
        SignerUnavailableError: another process held it for 20 seconds.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            return fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise SignerUnavailableError(
                    "another process is starting, stopping or provisioning the HSM; try again in a minute"
                ) from error
            time.sleep(_POLL_SECONDS)
