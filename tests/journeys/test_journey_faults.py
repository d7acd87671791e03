"""What goes wrong is said in one clear line or problem, recorded, and leaves the service healthy."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest

from server_ext.launch import free_port, gateway_command, gateway_environment
from server_ext.ops.session import GatewaySession
from server_ext.settings import Settings
from workbench.bridge.sidecar import start_sidecar

PROBLEM = "application/problem+json"


def refused(answer: httpx.Response, status: int, slug: str) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith(PROBLEM)
    problem = answer.json()
    assert problem["type"] == f"urn:pacai:problem:{slug}", problem
    assert problem["status"] == status
    assert len(problem["detail"]) > 10
    return problem


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({"prompt": "attack", "seed": -1}, 422, "bad-seed"),
        ({"prompt": "attack", "seed": 2**53}, 422, "bad-seed"),
        ({"prompt": "attack", "seed": "7"}, 422, "bad-seed"),
        ({"prompt": "attack", "seed": True}, 422, "bad-seed"),
        ({"prompt": "attack", "seed": 1.5}, 422, "bad-seed"),
        ({"prompt": "", "seed": 1}, 422, "bad-prompt"),
        ({"prompt": None, "seed": 1}, 422, "bad-prompt"),
        ({"prompt": "x" * 10_000, "seed": 1}, 422, "bad-prompt"),
        ({"prompt": "attack\x00", "seed": 1}, 422, "bad-prompt"),
        ({"prompt": "attack"}, 422, "bad-seed"),
        ({"prompt": "attack", "seed": 1, "colour": "red"}, 422, "bad-field"),
        ({"prompt": "write me a love poem about my cat", "seed": 1}, 422, "out-of-scope"),
        ({"prompt": "attack", "seed": 1, "project": "no-such-project"}, 404, "not-found"),
    ],
)
def test_a_bad_request_has_its_own_problem_and_is_recorded(
    http: httpx.Client, body: dict[str, object], status: int, slug: str
) -> None:
    problem = refused(http.post("/generate", json=body), status, slug)
    seq = problem["audit_event"]
    assert isinstance(seq, int)
    event = http.get("/audit/events", params={"after_seq": seq - 1, "limit": 1}).json()["events"][0]
    assert (event["seq"], event["outcome"]) == (seq, "failure")
    assert event["details"]["problem"] == slug
    assert http.get("/health").json()["status"] == "healthy"


def test_what_is_not_json_is_said(http: httpx.Client) -> None:
    header = {"Content-Type": "application/json"}
    refused(http.post("/generate", content=b'{"prompt": ', headers=header), 400, "bad-json")
    refused(http.post("/generate", content=b"\xff\xfe", headers=header), 400, "bad-json")
    refused(http.post("/generate", content=b"prompt=a&seed=1"), 415, "wrong-content-type")
    refused(http.post("/generate", content=b"[1]", headers=header), 422, "bad-field")


def test_a_ten_megabyte_prompt_is_refused(http: httpx.Client) -> None:
    body = {"prompt": "x" * 10_000_000, "seed": 1}
    refused(http.post("/generate", json=body), 413, "body-too-large")


def test_unknown_things_and_methods_are_said(http: httpx.Client) -> None:
    refused(http.get("/scenarios/no-such-scenario"), 404, "not-found")
    refused(http.get(f"/blobs/{'0' * 64}"), 404, "not-found")
    refused(http.get("/packages/none"), 404, "not-found")
    assert refused(http.get("/generate"), 405, "method-not-allowed")


def test_a_taken_port_is_one_line(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.port))
        taken.listen()
        done = start_and_wait(settings)
    assert done.returncode == 3
    assert f"port {settings.port}" in done.stdout
    assert len(done.stdout.strip().splitlines()) == 1


def test_no_postgresql_to_be_had_is_one_line(settings: Settings, tmp_path: Path) -> None:
    done = start_and_wait(replace(settings, pg_bindir=tmp_path / "nothing"))
    assert done.returncode == 3
    assert "postgresql" in done.stdout.lower()
    assert "Traceback" not in done.stdout


def start_and_wait(settings: Settings) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        gateway_command(settings, settings.home / "notebooks", lab=False),
        env=gateway_environment(settings, os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )


def test_an_hsm_that_is_gone_refuses_the_release_and_nothing_else(settings: Settings) -> None:
    gone = replace(settings, hsm_url=f"http://127.0.0.1:{free_port()}")
    with GatewaySession(gone) as session, httpx.Client(base_url=session.url, timeout=120, trust_env=False) as client:
        health = client.get("/health").json()
        assert (health["hsm_primary"], health["hsm_fallback"]) == ("inactive", "inactive")
        made = client.post("/generate", json={"prompt": "platoon ambush", "seed": 1}).json()
        body = {"scenario_id": made["scenario_id"], "target": "pacai"}
        refused(client.post("/packages", json=body), 503, "signer-unavailable")
        assert client.get("/packages").json()["packages"] == []
        assert client.get("/audit/verify").json()["ok"] is True


def test_a_dead_bridge_is_said_and_found_again(settings: Settings) -> None:
    settings.run.mkdir(parents=True)
    path = settings.run / "bridge.sock"
    bridge = start_sidecar(path, settings.run / "bridge.log", workers=1)
    body = {"prompt": "platoon ambush", "seed": 1}
    with (
        GatewaySession(replace(settings, bridge=f"unix:{path}")) as session,
        httpx.Client(base_url=session.url, timeout=120, trust_env=False) as client,
    ):
        client.post("/generate", json=body).raise_for_status()
        bridge.send_signal(signal.SIGKILL)
        bridge.wait()
        refused(client.post("/generate", json=body), 503, "bridge-unavailable")
        assert client.get("/audit/verify").json()["ok"] is True
        bridge = start_sidecar(path, settings.run / "bridge.log", workers=1)
        client.post("/generate", json=body).raise_for_status()
    bridge.terminate()
    bridge.wait()


@pytest.mark.skipif(os.getuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_refuses_the_scenario_and_keeps_the_service(settings: Settings, tmp_path: Path) -> None:
    objects = settings.objects
    objects.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(objects)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"a tmpfs cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        with (
            GatewaySession(settings) as session,
            httpx.Client(base_url=session.url, timeout=120, trust_env=False) as client,
        ):
            answer = client.post("/generate", json={"prompt": "company attack", "seed": 1})
            refused(answer, 507, "storage-full")
            assert client.get("/scenarios").json()["scenarios"] == []
            assert client.get("/health").json()["status"] in ("healthy", "degraded")
            subprocess.run(["mount", "-o", "remount,size=64m", str(objects)], check=True)
            client.post("/generate", json={"prompt": "company attack", "seed": 1}).raise_for_status()
    finally:
        subprocess.run(["umount", str(objects)], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="running as another user needs root")
def test_another_os_user_needs_a_token(shared_gateway: GatewaySession) -> None:
    setpriv = shutil.which("setpriv") or pytest.skip("setpriv is not installed")
    command = [setpriv, "--reuid=65534", "--clear-groups", "curl", "-s", f"{shared_gateway.url}/projects"]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert answer["status"] == 401
    assert "_xsrf" not in answer["detail"]
    open_to_all = [*command[:-1], f"{shared_gateway.url}/health"]
    assert json.loads(subprocess.run(open_to_all, capture_output=True, text=True, check=True).stdout)["version"]


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare is not installed")
def test_the_main_job_works_in_a_namespace_without_a_route(tmp_path: Path) -> None:
    """No network at all but loopback: same job, same result."""
    bring_up = 'ip link set lo up 2>/dev/null || python3 -c "' + LOOPBACK_UP + '"'
    program = f"{bring_up}; exec {sys.executable} -m server_ext.cli "
    done = subprocess.run(
        ["unshare", "--net", "sh", "-c", program + "demo --json --out out"],
        env={**os.environ, "PACAI_HOME": str(tmp_path / "home")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
    )
    if "Operation not permitted" in done.stderr and not done.stdout:
        pytest.skip("network namespaces are not permitted here")
    assert done.returncode == 0, done.stderr
    assert not any(str(tmp_path) in " ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"]))


LOOPBACK_UP = "import fcntl,socket,struct; s=socket.socket(); fcntl.ioctl(s,0x8914,struct.pack('16sh',b'lo',0x41))"
