"""``pacai demo``: the main job once, headless, on real parts.

PostgreSQL, the software YubiHSM, the bridge and the gateway are started; a scenario is generated, exported,
signed, downloaded; the package is verified with ``ssh-keygen`` and ``sha256sum``, the audit log by the gateway;
the map is drawn; and what was started is stopped. It lives in a home of its own, ``$PACAI_HOME/demo``.
"""

import io
import shutil
import subprocess
import zipfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from server_ext.cli.console import Console
from server_ext.cli.exits import Exit
from server_ext.launch import free_port
from server_ext.ops.session import GatewaySession
from server_ext.releases.signers import PRINCIPAL
from server_ext.settings import Settings
from workbench.bridge.sidecar import start_sidecar
from workbench.client import Client, StoredScenario
from workbench.errors import UnavailableError, VerificationError
from workbench.scenario.composition import Progress

__all__ = ["DEMO_PROMPT", "DEMO_SEED", "DEMO_TARGET", "demo"]

DEMO_PROMPT: Final = "Company attack on a defended bridge at dawn, rain, enemy drones, civilians present"
DEMO_SEED: Final = 7
DEMO_TARGET: Final = "godot"
STOCK_TOOLS: Final = {"ssh-keygen": "openssh-client", "sha256sum": "coreutils"}

Row = tuple[str, str, str, str, str]
DIGEST_SHOWN: Final = 12
HEAD: Final = ("what", "where", "digest", "signer", "verdict")


@dataclass(frozen=True, slots=True)
class Made:
    """What the demo leaves."""

    scenario: StoredScenario
    package: dict[str, Any]
    folder: Path
    signers: Path
    map: Path
    audit: dict[str, Any]


def demo(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Exit 1 where a check failed."""
    _require_tools()
    home = replace(settings, home=settings.home / "demo", port=free_port())
    out: Path = arguments.out.absolute()
    with console.progress("starting") as move:
        with _running(home, move) as client:
            made = _main_job(client, out, move)
        move("verify with stock tools", 94)
        rows = _rows(made, _verify_with_stock_tools(made))
        move("done", 100)
    console.table(HEAD, [(what, where, digest[:DIGEST_SHOWN], *rest) for what, where, digest, *rest in rows])
    console.show({"rows": [dict(zip(HEAD, row, strict=True)) for row in rows]}, text="")
    return Exit.OK if all(row[-1] in PASSED for row in rows) else Exit.FAILED


PASSED: Final = frozenset({"no error findings", "drawn", "good signature", "all files match", "intact"})


@contextmanager
def _running(settings: Settings, move: Progress) -> Iterator[Client]:
    """Bridge, then gateway (which brings PostgreSQL and the HSM); all stopped at the end."""
    settings.run.mkdir(parents=True, exist_ok=True, mode=0o700)
    move("start the bridge", 2)
    socket = settings.run / "bridge.sock"
    bridge = start_sidecar(socket, settings.run / "bridge.log", workers=1)
    try:
        move("start database, HSM and gateway", 8)
        with (
            GatewaySession(replace(settings, bridge=f"unix:{socket}")) as session,
            Client.connect(session.url) as client,
        ):
            yield client
    finally:
        bridge.terminate()
        bridge.wait()


def _main_job(client: Client, out: Path, move: Progress) -> Made:
    made = client.generate(DEMO_PROMPT, DEMO_SEED, on_progress=_between(move, 20, 60))
    move("export and sign", 62)
    package = client.release(made, DEMO_TARGET)
    move("draw the map", 74)
    folder = out / f"{DEMO_TARGET}-package"
    shutil.rmtree(folder, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    archive = client.download(package["package_id"], out / f"{DEMO_TARGET}-package.zip")
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as packed:
        packed.extractall(folder)
    signers = out / "allowed_signers"
    signers.write_text(client.hsm()["signer"]["allowed_signers"])
    picture = out / "map.png"
    picture.write_bytes(made.map_png())
    move("verify the audit log", 84)
    return Made(made, package, folder, signers, picture, client.audit.verify())


def _between(move: Progress, low: int, high: int) -> Progress:
    return lambda stage, percent: move(stage, low + (high - low) * percent // 100)


def _verify_with_stock_tools(made: Made) -> tuple[str, str]:
    """The verdicts of ``ssh-keygen -Y verify`` and ``sha256sum -c``: no code of ours looks at the package."""
    folder = made.folder
    signature = ["-Y", "verify", "-f", str(made.signers), "-I", PRINCIPAL, "-n", PRINCIPAL, "-s", "MANIFEST.sig"]
    with (folder / "MANIFEST").open("rb") as manifest:
        _run(["ssh-keygen", *signature], folder, stdin=manifest)
    _run(["sha256sum", "--check", "--strict", "--quiet", "MANIFEST"], folder)
    return "good signature", "all files match"


def _run(command: list[str], folder: Path, stdin: Any = subprocess.DEVNULL) -> None:
    done = subprocess.run(command, cwd=folder, stdin=stdin, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise VerificationError(
            f"{command[0]} refuses the package in {folder}: {said[-1] if said else 'no reason given'}"
        )


def _rows(made: Made, verdicts: tuple[str, str]) -> list[Row]:
    scenario, package, audit = made.scenario, made.package, made.audit
    signer = f"{package['signer']['kind']} 0x{package['signer']['key_id']:04x}"
    findings = "no error findings" if not scenario.errors else f"{len(scenario.errors)} error findings"
    log = "intact" if audit["ok"] else f"event {audit['first_bad_seq']} is bad"
    return [
        (scenario.scenario.title, f"scenario {scenario.scenario_id}", scenario.digest, "", findings),
        ("map", _near(made.map), "", "", "drawn"),
        ("MANIFEST by ssh-keygen", _near(made.folder), package["manifest_sha256"], signer, verdicts[0]),
        ("files by sha256sum", _near(made.folder), "", "", verdicts[1]),
        (f"log of {audit['events']} events", "audit_events", audit["head_hash"], "", log),
    ]


def _near(path: Path) -> str:
    """The path as a person would type it from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _require_tools(which: Callable[[str], str | None] = shutil.which) -> None:
    missing = {tool: package for tool, package in STOCK_TOOLS.items() if not which(tool)}
    if missing:
        raise UnavailableError(f"{', '.join(missing)} missing; run: apt-get install {' '.join(missing.values())}")
