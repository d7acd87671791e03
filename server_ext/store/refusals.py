"""psycopg's errors as errors of the product, in one table.

====================================  ===========================
what PostgreSQL says                  becomes
====================================  ===========================
disk full (53100)                     StorageFullError
deadlock, serialization, lock wait    ConflictError
cannot connect, connection lost, …    DatabaseUnavailableError
====================================  ===========================

A server whose disk fills up while it writes its log ends; the caller only sees a lost connection. So the
free space of the home is looked at too.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from psycopg import OperationalError, errors

from workbench.errors import ConflictError, DatabaseUnavailableError, PacaiError, StorageFullError

__all__ = ["refusal_of", "refusals"]

_CONFLICTS: Final = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)
_NEARLY_FULL_BYTES: Final = 1 << 20


def refusal_of(error: OperationalError, home: Path) -> PacaiError:
    """The error of the product for ``error``."""
    said = _first_line(error)
    if isinstance(error, errors.DiskFull) or _is_nearly_full(home):
        return StorageFullError(f"the disk of the database is full; free some space and try again ({said})")
    if isinstance(error, _CONFLICTS):
        return ConflictError(f"another change came first, try again ({said})")
    if isinstance(error, errors.QueryCanceled):
        return DatabaseUnavailableError(f"the database took too long ({said})")
    return DatabaseUnavailableError(f"the database cannot be reached: {said}")


@contextmanager
def refusals(home: Path) -> Iterator[None]:
    """Inside, an ``OperationalError`` of psycopg leaves as an error of the product."""
    try:
        yield
    except OperationalError as error:
        raise refusal_of(error, home) from error


def _first_line(error: OperationalError) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _is_nearly_full(home: Path) -> bool:
    try:
        return shutil.disk_usage(home).free < _NEARLY_FULL_BYTES
    except OSError:
        return False
