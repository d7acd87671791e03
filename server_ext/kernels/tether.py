"""Run a program that Linux kills when the process that started it ends.

``python -I -S tether.py PARENT_PID PROGRAM ARGUMENT…``. The wish survives ``execve`` (prctl(2)), so the program
keeps its process id and needs to know nothing of it. It runs isolated from any site package, so it stays at
some ten milliseconds, and it imports nothing of ours.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

__all__ = ["tether"]

PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""


def tether(parent: int, program: Sequence[str]) -> None:
    """Become ``program``, to be killed when ``parent`` ends. Returns only where it has ended already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # The parent may have ended before the wish was spoken; then nobody would ever fulfil it.
    if os.getppid() == parent:
        os.execvp(program[0], list(program))  # noqa: S606 - that is its purpose


if __name__ == "__main__":
    tether(int(sys.argv[1]), sys.argv[2:])
    sys.exit(1)
