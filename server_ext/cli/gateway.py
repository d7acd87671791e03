"""``pacai up`` and ``pacai lab``, and the gateway that another command borrows."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from server_ext.cli.console import Console
from server_ext.cli.exits import Exit
from server_ext.launch import free_port, run_gateway
from server_ext.notebooks import provide_notebooks
from server_ext.ops.session import GatewaySession, health_of
from server_ext.settings import Settings

__all__ = ["lab", "running_gateway", "up"]


@dataclass(frozen=True, slots=True)
class RunningGateway:
    url: str


def up(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Run the gateway until it is stopped."""
    return _run(arguments, settings, console, lab=False)


def lab(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Run the gateway and say where the studio notebook is."""
    return _run(arguments, settings, console, lab=True)


@contextmanager
def running_gateway(settings: Settings, console: Console) -> Iterator[RunningGateway]:
    """The gateway that answers on the settings' port, or else one of our own on a free port."""
    usual = f"http://127.0.0.1:{settings.port}"
    if health_of(usual):
        yield RunningGateway(usual)
        return
    console.say("no gateway answers; starting one for this command")
    with GatewaySession(replace(settings, port=free_port())) as session:
        yield RunningGateway(session.url)


def _run(arguments: Namespace, settings: Settings, console: Console, *, lab: bool) -> Exit:
    chosen = replace(settings, port=arguments.port or settings.port)
    folder: Path = arguments.notebooks or provide_notebooks(settings.home / "notebooks")
    page = f"http://127.0.0.1:{chosen.port}/lab/tree/01_studio.ipynb" if lab else f"http://127.0.0.1:{chosen.port}"
    console.say(f"{page}   (stop with Ctrl-C)")
    return Exit(run_gateway(chosen, folder, lab=lab))
