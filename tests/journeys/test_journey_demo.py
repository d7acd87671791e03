"""``pacai demo``: the main job on real parts, and everything stopped behind it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.timeout(900)

PACAI = [sys.executable, "-m", "server_ext.cli"]


def pacai(*words: str, home: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PACAI_HOME": str(home)}
    return subprocess.run([*PACAI, *words], env=environment, cwd=cwd, capture_output=True, text=True, timeout=600)


def processes_of(home: Path) -> list[str]:
    """Command lines that still mention this home."""
    found = []
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if str(home) in line:
            found.append(line)
    return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, pacai("demo", "--json", "--out", "out", home=folder / "home", cwd=folder)


def test_every_line_of_the_table_is_good(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = demo
    assert done.returncode == 0, done.stderr
    verdicts = [row["verdict"] for row in json.loads(done.stdout)["rows"]]
    assert verdicts == ["no error findings", "drawn", "good signature", "all files match", "intact"]


def test_the_package_verifies_with_stock_tools_and_notices_a_flipped_bit(
    demo: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder, _ = demo
    copy = tmp_path / "package"
    shutil.copytree(folder / "out" / "godot-package", copy)
    check = ["sha256sum", "-c", "--strict", "--quiet", "MANIFEST"]
    assert subprocess.run(check, cwd=copy, capture_output=True).returncode == 0
    damaged = bytearray((copy / "scenario.json").read_bytes())
    damaged[100] ^= 1
    (copy / "scenario.json").write_bytes(damaged)
    assert subprocess.run(check, cwd=copy, capture_output=True).returncode != 0


def test_pacai_verify_agrees_and_replays_the_scenario(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = demo
    out = folder / "out"
    words = ("verify", str(out / "godot-package.zip"), "--allowed-signers", str(out / "allowed_signers"), "--replay")
    done = pacai(*words, "--json", home=folder / "nowhere", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["facts"]["signer_kind"] == "software"
    assert not (folder / "nowhere").exists()


def test_nothing_is_left_running(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = demo
    assert processes_of(folder / "home") == []


def test_the_map_is_a_picture_of_a_map(demo: tuple[Path, subprocess.CompletedProcess[str]], artefacts: Path) -> None:
    folder, _ = demo
    picture = (folder / "out" / "map.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 100_000
    (artefacts / "demo-map.png").write_bytes(picture)


def test_a_second_run_makes_the_same_scenario(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, first = demo
    again = pacai("demo", "--json", "--out", "out", home=folder / "home", cwd=folder)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["rows"][0]["digest"] == json.loads(first.stdout)["rows"][0]["digest"]
