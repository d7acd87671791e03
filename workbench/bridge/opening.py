"""Which engine an address names."""

from pathlib import Path

from workbench.bridge.engine import Engine
from workbench.bridge.local import LocalEngine
from workbench.bridge.pool import WorkerPool
from workbench.bridge.sidecar import SidecarEngine
from workbench.errors import InputError
from workbench.language.reader import PromptReader

__all__ = ["open_engine"]

UNIX = "unix:"


def open_engine(address: str, *, workers: int = 2) -> Engine:
    """The engine at ``pool``, ``local`` or ``unix:/path/to/socket``.

    Raises:
        InputError: the address is none of these.
    """
    if address == "local":
        return LocalEngine(PromptReader.load())
    if address == "pool":
        return WorkerPool(workers)
    path = address.removeprefix(UNIX).removeprefix("//")
    if address.startswith(UNIX) and path.startswith("/"):
        return SidecarEngine(Path(path))
    raise InputError(f"the bridge address must be 'pool', 'local' or 'unix:/path', got {address!r}")
