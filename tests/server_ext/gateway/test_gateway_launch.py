"""Starting, failing to start, and stopping."""

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import psutil

from server_ext.audit import Action, EventFilter, list_events, verify_log
from server_ext.launch import (
    JUPYTER_CONFIG,
    OTHER_EXTENSIONS_OFF,
    free_port,
    gateway_command,
    gateway_environment,
)
from server_ext.ops.session import GatewaySession
from server_ext.settings import Settings
from server_ext.store import Database
from tests.fixtures_gateway import gateway_settings

DEPLOY = Path(__file__).resolve().parents[3] / "deploy" / "jupyter"
START_SECONDS = 60


def shipped(name: str) -> dict[str, dict[str, object]]:
    return dict(json.loads((DEPLOY / name).read_text()))


def failed_start(settings: Settings, folder: Path) -> tuple[int, str]:
    """Exit code and what a gateway said that could not start."""
    done = subprocess.run(
        gateway_command(settings, folder, lab=False),
        env=gateway_environment(settings, os.environ),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )
    return done.returncode, done.stderr


def test_a_taken_port_is_one_line_that_names_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = replace(gateway_settings(tmp_path / "home"), port=taken.getsockname()[1])
        code, said = failed_start(settings, tmp_path)
    assert code == 3
    assert said.count("\n") == 1
    assert f"port {settings.port}" in said
    assert "PACAI_PORT" in said


def test_an_unreachable_database_ends_the_start_with_one_line(tmp_path: Path, jupyter_folders: Path) -> None:
    address = f"postgresql://pacai@127.0.0.1:{free_port()}/pacai_v4"
    code, said = failed_start(replace(gateway_settings(tmp_path / "home"), database_url=address), tmp_path)
    assert code == 3
    last = said.strip().splitlines()[-1]
    assert last.startswith("pacai: ")
    assert "database" in last
    assert "Traceback" not in said


def test_a_faulty_policy_ends_the_start_with_one_line(tmp_path: Path, jupyter_folders: Path) -> None:
    settings = gateway_settings(tmp_path / "home")
    settings.home.mkdir()
    settings.policy_file.write_text('{"profile": "lax"}')
    code, said = failed_start(settings, tmp_path)
    assert code == 2
    assert "profile" in said.strip().splitlines()[-1]
    assert "Traceback" not in said


def test_a_faulty_variable_ends_the_start_with_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "PACAI_PORT": "many"}
    command = [sys.executable, "-m", "server_ext.launch", "--root-dir", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=START_SECONDS)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "PACAI_PORT" in done.stderr


def test_settings_survive_the_way_through_the_environment(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, port=4000, database_url="postgresql://h/d", offline=False, hsm_url="http://h:1", node="n1"
    )
    assert Settings.from_environment(gateway_environment(settings, {"PG_BINDIR": "/old", "HOME": "/x"})) == settings


def test_a_stopped_gateway_leaves_no_process_and_the_next_one_finds_an_intact_log(
    tmp_path: Path, jupyter_folders: Path
) -> None:
    settings = gateway_settings(tmp_path / "home")
    with GatewaySession(settings) as session:
        family = [psutil.Process(session.pid), *psutil.Process(session.pid).children(recursive=True)]
        os.kill(session.pid, signal.SIGTERM)
        _gone, alive = psutil.wait_procs(family, timeout=30)
    assert [process.name() for process in alive] == []
    settings.policy_file.write_text('{"profile": "production"}')
    with GatewaySession(settings) as session:
        _refuses_the_local_user(session)
    with Database.open(settings) as database:
        with database.connection() as connection:
            actions = [recorded.event.action for recorded in list_events(connection, EventFilter())]
        assert verify_log(database).ok
    assert actions.count(Action.SYSTEM_START) == actions.count(Action.SYSTEM_STOP) == 2
    assert actions.count(Action.POLICY_CHANGE) == 2
    assert actions.count(Action.PROJECT_CREATE) == 1


def _refuses_the_local_user(session: GatewaySession) -> None:
    """The production profile takes certificates and tokens only."""
    answer = httpx.get(f"{session.url}/roles", trust_env=False)
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:pacai:problem:identity-refused")
    assert httpx.get(f"{session.url}/health", trust_env=False).status_code == 200


def test_a_dead_hsm_degrades_and_names_itself(tmp_path: Path, jupyter_folders: Path) -> None:
    settings = replace(gateway_settings(tmp_path / "home"), hsm_url=f"http://127.0.0.1:{free_port()}")
    with GatewaySession(settings) as session:
        assert _get(session, "/health")["status"] == "degraded"
        hsm = _get(session, "/hsm")
        assert (hsm["primary"], hsm["signer"]) == ("inactive", None)
        made = httpx.post(f"{session.url}/generate", json={"prompt": "test", "seed": 1}, timeout=120, trust_env=False)
        assert made.status_code == 200
        body = {"scenario_id": made.json()["scenario_id"], "target": "godot"}
        refused = httpx.post(f"{session.url}/packages", json=body, timeout=60, trust_env=False)
        assert (refused.status_code, refused.json()["type"]) == (503, "urn:pacai:problem:signer-unavailable")


def test_the_shipped_configuration_says_what_the_launcher_says() -> None:
    gateway = shipped("etc/jupyter_pacai_gateway_config.json")
    lab = shipped("etc/jupyter_lab_config.json")
    assert gateway | lab == JUPYTER_CONFIG
    assert shipped("etc/jupyter_nbconvert_config.json") == {"HTMLExporter": JUPYTER_CONFIG["HTMLExporter"]}


def test_the_shipped_configuration_enables_ours_and_disables_the_others() -> None:
    extensions = shipped("etc/jupyter_server_config.d/pacai.json")["ServerApp"]["jpserver_extensions"]
    assert extensions == {"server_ext": True} | dict.fromkeys(OTHER_EXTENSIONS_OFF, False)


def _get(session: GatewaySession, path: str) -> dict[str, object]:
    answer = httpx.get(f"{session.url}{path}", params={"limit": 1000} if "events" in path else None, trust_env=False)
    return dict(answer.json())
