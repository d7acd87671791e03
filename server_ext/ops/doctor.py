"""``pacai doctor``: what was looked at on this machine, what was seen, and what to do.

Each check is a function from :class:`~server_ext.settings.Settings` to one :class:`Observation`; none changes
anything and none starts a service.
"""

import os
import shutil
import socket
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from server_ext.settings import Settings
from server_ext.store.installation import find_installation
from workbench.errors import DatabaseUnavailableError

__all__ = ["Observation", "State", "examine"]

ONNXRUNTIME_WITHOUT_TELEMETRY = "1.28.0"
"""Releases from 1.29.0 on write a device id and upload events; see docs/decisions/dependencies.md."""
SPARE_BYTES = 2 * 1024**3
STOCK_TOOLS = ("ssh-keygen", "sha256sum")


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Observation:
    """One line of the report."""

    check: str
    state: State
    seen: str
    fix: str = ""


def examine(settings: Settings) -> tuple[Observation, ...]:
    """Every check, in a fixed order."""
    return tuple(check(settings) for check in CHECKS)


def _python(settings: Settings) -> Observation:
    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    seen = sys.version.split()[0]
    return _judge("python", supported, seen, "install Python 3.11, 3.12 or 3.13")


def _onnxruntime(settings: Settings) -> Observation:
    try:
        seen = version("onnxruntime")
    except PackageNotFoundError:
        return Observation("onnxruntime", State.ERROR, "not installed", "install pacai-workbench again")
    fix = f"install onnxruntime=={ONNXRUNTIME_WITHOUT_TELEMETRY}, the last release without telemetry"
    return _judge("onnxruntime without telemetry", seen == ONNXRUNTIME_WITHOUT_TELEMETRY, seen, fix)


def _postgres(settings: Settings) -> Observation:
    if settings.database_url:
        return Observation("postgresql", State.OK, "DATABASE_URL is set")
    try:
        found = find_installation(settings.pg_bindir)
    except DatabaseUnavailableError as error:
        return Observation("postgresql", State.ERROR, "none found", str(error))
    return Observation("postgresql", State.OK, f"{found.version} in {found.bindir}")


def _stock_tools(settings: Settings) -> Observation:
    missing = [tool for tool in STOCK_TOOLS if not shutil.which(tool)]
    seen = f"missing: {', '.join(missing)}" if missing else ", ".join(STOCK_TOOLS)
    return _judge(
        "stock verification tools",
        not missing,
        seen,
        "apt-get install openssh-client coreutils",
        State.WARNING,
    )


def _port(settings: Settings) -> Observation:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.port))
        except OSError:
            seen = f"127.0.0.1:{settings.port} is in use"
            return Observation("port", State.WARNING, seen, "a gateway may be running; else set PACAI_PORT")
    return Observation("port", State.OK, f"127.0.0.1:{settings.port} is free")


def _home(settings: Settings) -> Observation:
    home = settings.home
    if not home.exists():
        return Observation("home", State.OK, f"{home} will be created")
    mode = stat.S_IMODE(home.stat().st_mode)
    private = not mode & 0o077 and os.access(home, os.W_OK)
    return _judge("home", private, f"{home} mode {mode:04o}", f"chmod 700 {home}", State.WARNING)


def _secrets(settings: Settings) -> Observation:
    loose = [path.name for path in _files(settings.secrets) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    seen = f"readable by others: {', '.join(loose)}" if loose else "readable by the owner only"
    return _judge("secrets", not loose, seen, f"chmod 600 {settings.secrets}/*")


def _disk(settings: Settings) -> Observation:
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    return _judge(
        "disk",
        free >= SPARE_BYTES,
        f"{free // 1024**2} MiB free at {place}",
        "free at least 2 GiB",
        State.WARNING,
    )


def _offline(settings: Settings) -> Observation:
    return _judge(
        "offline mode",
        settings.offline,
        f"OFFLINE_MODE={settings.offline}",
        "set OFFLINE_MODE=true",
        State.WARNING,
    )


def _judge(check: str, good: bool, seen: str, fix: str, otherwise: State = State.ERROR) -> Observation:
    return Observation(check, State.OK, seen) if good else Observation(check, otherwise, seen, fix)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


CHECKS: tuple[Callable[[Settings], Observation], ...] = (
    _python,
    _onnxruntime,
    _postgres,
    _stock_tools,
    _port,
    _home,
    _secrets,
    _disk,
    _offline,
)
