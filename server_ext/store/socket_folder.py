"""Where the embedded server's unix socket lies.

In ``run`` of the home, except where that path is too long for a socket: then in a folder of mode 0700
under ``/tmp``, named by a hash of the home, so that every process of the home finds the same one.
"""

import hashlib
import os
import stat
from pathlib import Path
from typing import Final

from workbench.errors import DatabaseUnavailableError

__all__ = ["MAX_SOCKET_PATH_BYTES", "private_folder", "socket_folder"]

MAX_SOCKET_PATH_BYTES: Final = 107
"""``sun_path`` of unix(7) has 108 bytes with its final zero."""
_SOCKET_NAME: Final = ".s.PGSQL.5432"
_SHORT_BASE: Final = Path("/tmp")  # noqa: S108 - the folder below it is private and checked


def socket_folder(run: Path, home: Path) -> Path:
    """``run``, or a short folder that stands for it."""
    if len(os.fsencode(run / _SOCKET_NAME)) <= MAX_SOCKET_PATH_BYTES:
        return run
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return _SHORT_BASE / f"pacai-{os.getuid()}-{name}"


def private_folder(path: Path) -> Path:
    """Make ``path`` with mode 0700, or check that it is ours alone.

    Raises:
        DatabaseUnavailableError: something of another user, or a link, stands there.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise DatabaseUnavailableError(f"{path} must be a folder of this user; remove what stands there")
    if status.st_mode & 0o077:
        path.chmod(0o700)
    return path
