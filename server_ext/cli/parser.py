"""The grammar of ``pacai``: subcommands and their arguments, nothing else."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import __version__

__all__ = ["build_parser"]

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Commands = _SubParsersAction[ArgumentParser]

EXITS = "exit codes: 0 ok · 1 a check failed · 2 usage · 3 cannot reach a part"


def build_parser() -> ArgumentParser:
    """The parser; ``arguments.run(arguments, settings, console)`` runs the chosen command."""
    parser = ArgumentParser(
        prog="pacai",
        description="PacAI Workbench: training-simulation scenarios, offline.",
        epilog=EXITS,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pacai-workbench {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for add in (_add_run, _add_scenario, _add_verify, _add_audit, _add_licence, _add_hsm, _add_batch):
        add(commands)
    return parser


def _command(commands: "Commands", name: str, summary: str, run: str) -> ArgumentParser:
    parser = commands.add_parser(name, help=summary, description=summary, epilog=EXITS)
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of text")
    parser.set_defaults(run=_deferred(run))
    return parser


def _deferred(run: str) -> Callable[..., Any]:
    """Import ``module:function`` when it is called, so that ``pacai --help`` stays quick."""
    module, _, function = run.partition(":")

    def call(*arguments: Any) -> Any:
        return getattr(import_module(f"server_ext.cli.{module}"), function)(*arguments)

    return call


def _add_run(commands: "Commands") -> None:
    demo = _command(commands, "demo", "run the main job once, headless, and show what came out", "demo:demo")
    demo.add_argument("--out", type=Path, default=Path("pacai-demo"), help="folder for what it makes")
    for name, summary in (
        ("up", "start the gateway in the foreground"),
        ("lab", "start the gateway with JupyterLab and open the studio notebook"),
    ):
        start = _command(commands, name, summary, f"gateway:{name}")
        start.add_argument("--port", type=int, help="TCP port on 127.0.0.1 (default 3000)")
        start.add_argument("--notebooks", type=Path, help="folder of notebooks (default: a copy in PACAI_HOME)")
    _command(commands, "doctor", "check this machine and this installation", "doctor:doctor")


def _add_scenario(commands: "Commands") -> None:
    intent = _command(commands, "intent", "show what is understood of a prompt (no server)", "scenario:intent")
    intent.add_argument("prompt")
    generate = _command(commands, "generate", "make a scenario here, unrecorded (no server)", "scenario:generate")
    generate.add_argument("--prompt", required=True)
    generate.add_argument("--seed", type=int, required=True, help="0 … 2^53 − 1")
    generate.add_argument("--out", type=Path, help="write the scenario as a .pacai file")
    generate.add_argument("--map", type=Path, help="write the map as a PNG picture")
    export = _command(commands, "export", "export a .pacai file for a target, unsigned (no server)", "scenario:export")
    export.add_argument("scenario", type=Path, help=".pacai file")
    export.add_argument("--target", required=True)
    export.add_argument("--out", type=Path, required=True, help="folder to create")


def _add_verify(commands: "Commands") -> None:
    verify = _command(commands, "verify", "verify a package (no server, database or HSM)", "verify:verify")
    verify.add_argument("path", type=Path, help="package folder or zip, or a .pacai file")
    verify.add_argument("--allowed-signers", type=Path, help="ssh-keygen allowed_signers file, from a trusted hand")
    verify.add_argument("--principal", default="release@pacai", help="name of the signer in that file")
    verify.add_argument("--replay", action="store_true", help="generate the scenario again and compare")


def _add_audit(commands: "Commands") -> None:
    audit = _command(commands, "audit", "verify or list the audit log", "audit:verify")
    acts = audit.add_subparsers(dest="act", metavar="ACT", required=True)
    _command(acts, "verify", "check chain and checkpoints; name the first bad row", "audit:verify")
    listing = _command(acts, "list", "list events, newest last", "audit:list_events")
    listing.add_argument("--after", type=int, default=0, metavar="SEQ", help="only events after this sequence number")
    listing.add_argument("--limit", type=int, default=50)
    listing.add_argument("--action")
    listing.add_argument("--actor")


def _add_licence(commands: "Commands") -> None:
    licence = _command(commands, "license", "show or apply a licence", "licence:status")
    acts = licence.add_subparsers(dest="act", metavar="ACT", required=True)
    _command(acts, "status", "what the licence allows, and until when", "licence:status")
    apply = _command(acts, "apply", "apply a signed licence file", "licence:apply")
    apply.add_argument("file", type=Path)


def _add_hsm(commands: "Commands") -> None:
    hsm = _command(commands, "hsm", "the signing device", "hsm:status")
    acts = hsm.add_subparsers(dest="act", metavar="ACT", required=True)
    _command(acts, "status", "state of the primary and the fallback", "hsm:status")
    provision = _command(acts, "provision", "create the keys that are missing", "hsm:provision")
    provision.add_argument("--dry-run", action="store_true", help="only print the plan")
    _command(acts, "log", "the device's own log, its chain verified", "hsm:log")
    _command(acts, "signers", "print the release key as an allowed_signers line", "hsm:signers")
    emulate = _command(acts, "emulate", "run the software YubiHSM in the foreground", "hsm:emulate")
    emulate.add_argument("--port", type=int, required=True)


def _add_batch(commands: "Commands") -> None:
    batch = _command(commands, "batch", "run a notebook over parameter sets, in parallel", "batch:batch")
    batch.add_argument("notebook", type=Path)
    batch.add_argument("--over", action="append", default=[], metavar="NAME=VALUES", help="seed=1..8 or a=x,y")
    batch.add_argument("--grid", action="store_true", help="all combinations of the --over lists")
    batch.add_argument("--jobs", type=int, help="runs at a time (default: the cores of this machine)")
    batch.add_argument("--out", type=Path, default=Path("pacai-batch"))
    batch.add_argument("--gateway", help="URL of a running gateway (default: PACAI_GATEWAY, else one is started)")
