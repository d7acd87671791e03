"""Making and configuring a data directory (a PostgreSQL "cluster") with ``initdb``.

The directory appears whole or not at all: it is made beside its place and renamed. Settings of ours
are in ``conf.d/pacai.conf``, written at every start; a site puts its own into ``conf.d/site.conf``,
which is read after it.
"""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from server_ext.store.installation import Installation
from server_ext.store.passwords import ADMIN_ROLE, password_of
from server_ext.store.privileges import Privileges
from workbench.errors import DatabaseUnavailableError, StorageFullError

__all__ = ["PROGRAM_ENVIRONMENT", "create_cluster", "failure", "major_of", "write_configuration"]

PROGRAM_ENVIRONMENT: Final[Mapping[str, str]] = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C",
    "TZ": "UTC",
}
"""All that the programs see: a PGDATA or PGOPTIONS of the caller must not reach them."""
_INITDB_SECONDS: Final = 300
_BUILTIN_LOCALE_MAJOR: Final = 17
_NO_SPACE: Final = "No space left on device"
_SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "password_encryption": "'scram-sha-256'",
    "max_connections": "50",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "jit": "off",
    # one syncfs instead of an fsync per file after a crash: 0.3 s instead of 3.4 s (sound since Linux 5.8)
    "recovery_init_sync_method": "syncfs",
    # bodies of scenarios pass as parameters: they must never reach the log
    "log_statement": "'none'",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def major_of(data: Path) -> int | None:
    """The major version that made ``data``; None where there is no cluster yet.

    Raises:
        DatabaseUnavailableError: the directory holds something else.
    """
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        if data.exists() and any(data.iterdir()):
            raise DatabaseUnavailableError(f"{data} is not empty and holds no PostgreSQL data; move it away") from None
        return None
    except ValueError as error:
        raise DatabaseUnavailableError(f"{data / 'PG_VERSION'} is damaged; restore the data directory") from error


def create_cluster(data: Path, *, installation: Installation, privileges: Privileges, passwords: Path) -> None:
    """Make the data directory.

    Raises:
        StorageFullError: the disk is full.
        DatabaseUnavailableError: initdb failed; its last words are in the message.
    """
    new = data.with_name(data.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700, parents=True)
    privileges.hand_over(new)
    password_file = passwords.with_suffix(".initdb")
    password_file.touch(mode=0o600)
    try:
        password_file.write_text(password_of(passwords, ADMIN_ROLE) + "\n")
        _run_initdb(new, installation, privileges, password_file)
        (new / "conf.d").mkdir(mode=0o700)
        with (new / "postgresql.conf").open("a") as file:
            file.write("\ninclude_dir = 'conf.d'\n")
        # one syncfs for the 960 files, which initdb would sync one by one
        subprocess.run(["sync", "--file-system", str(new)], check=True, capture_output=True)
        if data.exists():
            data.rmdir()
        new.rename(data)
    except (OSError, subprocess.CalledProcessError) as error:
        raise failure("the database could not be made", str(error)) from error
    finally:
        password_file.unlink(missing_ok=True)
        shutil.rmtree(new, ignore_errors=True)


def write_configuration(data: Path, *, socket_dir: Path) -> None:
    """Write our settings; the site's own in ``conf.d/site.conf`` stay."""
    folder = data / "conf.d"
    folder.mkdir(mode=0o700, exist_ok=True)
    place = str(socket_dir).replace('"', '""').replace("'", "''")
    lines = [f"{name} = {value}\n" for name, value in _SETTINGS.items()]
    target = folder / "pacai.conf"
    partial = target.with_suffix(".partial")
    partial.write_text(f"# written at every start\nunix_socket_directories = '\"{place}\"'\n" + "".join(lines))
    partial.replace(target)


def failure(what: str, last_words: str) -> DatabaseUnavailableError | StorageFullError:
    """The error for what a program said before it gave up."""
    words = " | ".join(line.strip() for line in last_words.strip().splitlines()[-6:] if line.strip())
    if _NO_SPACE in last_words:
        return StorageFullError(f"{what}: the disk is full; free some space and start again ({words})")
    return DatabaseUnavailableError(f"{what}: {words or 'it said nothing'}")


def _run_initdb(data: Path, installation: Installation, privileges: Privileges, password_file: Path) -> None:
    locale = ["--locale=C"]
    if installation.major >= _BUILTIN_LOCALE_MAJOR:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = privileges.command(
        [
            installation.program("initdb"),
            f"--pgdata={data}",
            f"--username={ADMIN_ROLE}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            "--no-sync",
            *locale,
        ]
    )
    try:
        done = subprocess.run(
            command,
            env=PROGRAM_ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_INITDB_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DatabaseUnavailableError(f"initdb did not end within {_INITDB_SECONDS} s") from error
    if done.returncode:
        raise failure("initdb failed", done.stderr or done.stdout)
