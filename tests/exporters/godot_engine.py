"""A real Godot 4 for the tests: GODOT, the search path, or what deploy/godot/fetch.sh has fetched."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

SECONDS = 240


def candidates() -> Iterator[str]:
    if named := os.environ.get("GODOT"):
        yield named
    for name in ("godot4", "godot"):
        if found := shutil.which(name):
            yield found
    tools = os.environ.get("PACAI_TOOLS") or str(Path.home() / ".cache" / "pacai-tools")
    yield str(Path(tools) / "godot" / "godot")


def find_godot() -> str | None:
    """Path of the first Godot 4 that starts."""
    for candidate in candidates():
        try:
            done = subprocess.run([candidate, "--version"], capture_output=True, text=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.stdout.startswith("4."):
            return candidate
    return None


class Godot:
    """Runs one Godot on project folders; its own settings stay below ``home``."""

    def __init__(self, binary: str, home: Path) -> None:
        self._binary = binary
        self._environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "NO_COLOR": "1"}

    def run(self, *arguments: str, before: tuple[str, ...] = (), cwd: Path | None = None) -> str:
        """Output of a run that must end well and say nothing of an error."""
        done = subprocess.run(
            [*before, self._binary, *arguments],
            env=self._environment,
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stdout[-4000:]
        said = [line for line in done.stdout.splitlines() if "ERROR" in line]
        assert said == [], done.stdout[-4000:]
        return done.stdout

    def open(self, files: Mapping[str, bytes], folder: Path) -> Path:
        """Write and import a project."""
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        self.run("--headless", "--path", str(folder), "--import")
        return folder
