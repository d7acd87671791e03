"""The script that gets a real Godot says in one line when it cannot."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "godot" / "fetch.sh"
TOOLS = ("sh", "grep", "mkdir", "dirname", "readlink", "mktemp", "rm", "mv", "cat")


def fetch(tools: Path, search_path: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(search_path), "HOME": str(tools), "PACAI_TOOLS": str(tools)}
    return subprocess.run(["sh", str(SCRIPT)], env=environment, capture_output=True, text=True, timeout=60)


@pytest.fixture
def search_path(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    return folder


def test_without_apt_one_clear_line_says_so_and_nothing_is_written(tmp_path: Path, search_path: Path) -> None:
    tools = tmp_path / "tools"
    done = fetch(tools, search_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "no Godot 4: apt-get is missing; get Godot 4.2 or later and name it in GODOT\n"
    assert not tools.exists()


def test_what_is_there_already_is_used_again(tmp_path: Path, search_path: Path) -> None:
    wrapper = tmp_path / "tools" / "godot" / "godot"
    wrapper.parent.mkdir(parents=True)
    wrapper.write_text("#!/bin/sh\necho 4.6.3.stable\n")
    wrapper.chmod(0o755)
    done = fetch(tmp_path / "tools", search_path)
    assert (done.returncode, done.stdout) == (0, f"{wrapper}\n")


def test_the_script_is_executable_and_names_no_host() -> None:
    assert os.access(SCRIPT, os.X_OK)
    assert "://" not in SCRIPT.read_text().replace("/:\\/\\//", "")
