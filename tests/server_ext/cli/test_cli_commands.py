"""``pacai`` as a person types it: output, JSON and exit codes."""

import json
from pathlib import Path

import pytest

from server_ext.cli import main
from workbench.scenario.archive import read_archive


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PACAI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def answer(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, object]:
    """The JSON that a command prints."""
    assert main([*words, "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


def test_intent_shows_what_was_understood_and_from_which_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["intent", "mech inf coy attacks a bridge at dawn"]) == 0
    said = capsys.readouterr().out
    for word in ("mechanized", "company", "bridge", "dawn"):
        assert word in said


def test_generate_writes_a_file_and_a_map_that_other_commands_take(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = answer(capsys, "generate", "--prompt", "platoon ambush", "--seed", "5", "--out", "a.pacai", "--map", "a.png")
    assert read_archive((tmp_path / "a.pacai").read_bytes()).scenario.digest() == made["digest"]
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert answer(capsys, "verify", "a.pacai")["digest"] == made["digest"]
    exported = answer(capsys, "export", "a.pacai", "--target", "godot", "--out", "godot")
    assert exported["signed"] is False
    assert (tmp_path / "godot" / "project.godot").is_file()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["generate", "--prompt", "", "--seed", "1"], 2, "prompt is empty"),
        (["generate", "--prompt", "attack", "--seed", "-1"], 2, "seed"),
        (["generate", "--prompt", "write me a poem about my cat", "--seed", "1"], 2, "training scenario"),
        (["verify", "missing.zip"], 1, ""),
        (["verify", "missing.pacai"], 2, "cannot be read"),
        (["export", "missing.pacai", "--target", "godot", "--out", "x"], 2, "cannot be read"),
        (["batch", "missing.ipynb"], 2, "say what varies"),
        (["batch", "missing.ipynb", "--over", "seed=8..1"], 2, "falls"),
        (["license", "apply", "missing.lic"], 2, "cannot be read"),
        (["audit", "list", "--action", "no.such"], 2, "no action"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_a_code(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    printed = capsys.readouterr()
    assert said in printed.err + printed.out
    assert "Traceback" not in printed.err


def test_usage_errors_exit_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["generate", "--seed", "x"])
    assert exit_.value.code == 2


def test_a_damaged_scenario_file_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answer(capsys, "generate", "--prompt", "platoon ambush", "--seed", "5", "--out", "a.pacai")
    damaged = bytearray((tmp_path / "a.pacai").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "b.pacai").write_bytes(damaged)
    assert main(["verify", "b.pacai"]) == 2


def test_the_log_is_verified_and_each_check_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        assert answer(capsys, "audit", "verify")["ok"] is True
    listed = answer(capsys, "audit", "list")["events"]
    assert isinstance(listed, list)
    assert [event["action"] for event in listed] == ["audit.verify"] * 3


def test_the_licence_of_a_fresh_home_is_evaluation(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    status = answer(capsys, "license", "status")
    assert (status["state"], status["packages_marked_evaluation"]) == ("evaluation", True)
    assert (home / "license.db").is_file()


def test_the_software_hsm_says_that_it_is_software(capsys: pytest.CaptureFixture[str]) -> None:
    state = answer(capsys, "hsm", "status")
    assert (state["kind"], state["primary"], state["key"]) == ("software", "inactive", "0x1234")
    assert answer(capsys, "hsm", "provision", "--dry-run")["steps"] == []
    line = answer(capsys, "hsm", "signers")["allowed_signers"]
    assert str(line).startswith("release@pacai ")
    assert "ssh-ed25519 " in str(line)
    assert answer(capsys, "hsm", "log")["entries"]


def test_doctor_looks_and_judges(capsys: pytest.CaptureFixture[str]) -> None:
    seen = answer(capsys, "doctor")["observations"]
    assert isinstance(seen, list)
    by_check = {line["check"]: line["state"] for line in seen}
    assert by_check["onnxruntime without telemetry"] == "ok"
    assert by_check["postgresql"] == "ok"


def test_every_command_has_help_without_importing_the_world(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--help"])
    assert exit_.value.code == 0
    said = capsys.readouterr().out
    for command in (
        "demo",
        "up",
        "lab",
        "intent",
        "generate",
        "export",
        "verify",
        "audit",
        "license",
        "hsm",
        "batch",
        "doctor",
    ):
        assert command in said
