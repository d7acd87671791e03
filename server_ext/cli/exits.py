"""Exit codes of ``pacai``: one table from error class to code.

==  =========================================
0   done, and every check passed
1   a check failed, or the act was refused
2   the command or its input cannot be used
3   a part cannot be reached
==  =========================================
"""

from enum import IntEnum

from workbench.errors import InputError, PacaiError, UnavailableError

__all__ = ["Exit", "exit_code"]


class Exit(IntEnum):
    OK = 0
    FAILED = 1
    USAGE = 2
    UNREACHABLE = 3


_BY_ERROR: tuple[tuple[type[PacaiError], Exit], ...] = (
    (InputError, Exit.USAGE),
    (UnavailableError, Exit.UNREACHABLE),
    (PacaiError, Exit.FAILED),
)


def exit_code(error: PacaiError) -> Exit:
    """The exit code of an error of the tree."""
    return next(code for kind, code in _BY_ERROR if isinstance(error, kind))
