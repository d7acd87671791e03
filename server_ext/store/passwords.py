"""The passwords of the embedded server's roles, in the one form that libpq reads by itself.

``secrets/postgres.pgpass`` (mode 0600) is made once, before the server, and named to libpq as
``passfile``; so no password is in a connection string, an environment or a message. ``psql`` takes it
as ``PGPASSFILE``.
"""

import os
import secrets
from pathlib import Path
from typing import Final

from workbench.errors import DatabaseUnavailableError

__all__ = ["ADMIN_ROLE", "APP_ROLE", "ensure_password_file", "password_of"]

ADMIN_ROLE: Final = "pacai_admin"
"""Superuser of the embedded server; the application never stays connected as it."""
APP_ROLE: Final = "pacai"
_FILE_NAME: Final = "postgres.pgpass"
_PASSWORD_BYTES: Final = 24


def ensure_password_file(folder: Path, *, server_exists: bool) -> Path:
    """The password file in ``folder``; made with fresh passwords where there is no server yet.

    Raises:
        DatabaseUnavailableError: the server exists and its passwords are gone.
    """
    path = folder / _FILE_NAME
    if path.exists():
        return path
    if server_exists:
        raise DatabaseUnavailableError(
            f"the passwords of the database are missing: {path}; restore this file from the backup"
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [f"*:*:*:{role}:{secrets.token_hex(_PASSWORD_BYTES)}\n" for role in (ADMIN_ROLE, APP_ROLE)]
    _write_private(path, "".join(lines))
    return path


def password_of(path: Path, role: str) -> str:
    """The password of ``role``.

    Raises:
        DatabaseUnavailableError: the file has no line for it.
    """
    for line in path.read_text().splitlines():
        fields = line.split(":")
        if len(fields) == 5 and fields[3] == role:
            return fields[4]
    raise DatabaseUnavailableError(f"{path} has no password for role {role}; restore it from the backup")


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all, and readable by nobody else at any moment."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(fd)
    partial.replace(path)
