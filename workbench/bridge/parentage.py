"""A process that must not outlive the one that started it."""

import ctypes
import os
import signal
import sys
import threading
import time
from typing import Final

__all__ = ["die_with_parent"]

PR_SET_PDEATHSIG: Final = 1
"""From linux/prctl.h."""
WATCH_SECONDS: Final = 1.0


def die_with_parent(parent: int) -> None:
    """Ask to be killed when the process ``parent`` ends, and leave at once where it has ended already.

    Linux sends the signal when the *thread* that started this process ends, which may come before its process
    does or not at all where that thread is long gone; a watch on the parent's id covers what is left.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _leave_unless_child_of(parent)
    threading.Thread(target=_watch, args=(parent,), name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    while True:
        time.sleep(WATCH_SECONDS)
        _leave_unless_child_of(parent)


def _leave_unless_child_of(parent: int) -> None:
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
