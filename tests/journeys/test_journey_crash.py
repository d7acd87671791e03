"""``kill -9`` of the gateway during a generation: the next start is clean."""

import os
import signal
import threading
import time

import httpx
import psutil

from server_ext.ops.session import GatewaySession
from server_ext.settings import Settings

LARGE = {"prompt": "Brigade attack on a town", "seed": 3, "stream": False}
SMALL = {"prompt": "platoon ambush", "seed": 3, "stream": False}


def below(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def test_a_killed_gateway_leaves_no_orphan_no_half_scenario_and_a_valid_chain(settings: Settings) -> None:
    session = GatewaySession(settings)
    session.__enter__()
    with httpx.Client(base_url=session.url, timeout=60, trust_env=False) as client:
        client.post("/generate", json=SMALL).raise_for_status()
        before = client.get("/scenarios").json()["scenarios"]

        def lost() -> None:
            try:
                httpx.post(f"{session.url}/generate", json=LARGE, timeout=60, trust_env=False)
            except httpx.TransportError:
                return

        asking = threading.Thread(target=lost)
        asking.start()
        time.sleep(1.0)
        children = below(session.pid)
        os.kill(session.pid, signal.SIGKILL)
        asking.join()
    assert children
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and len(alive(children)) > len(databases(children)):
        time.sleep(0.1)
    assert alive(children) == databases(children), "only the database may outlive its owner"
    session.__exit__(None, None, None)

    with GatewaySession(settings) as again, httpx.Client(base_url=again.url, timeout=120, trust_env=False) as client:
        assert client.get("/audit/verify").json()["ok"] is True
        assert client.get("/scenarios").json()["scenarios"] == before
        client.post("/generate", json=SMALL).raise_for_status()


def alive(pids: list[int]) -> list[int]:
    return sorted(pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie")


def databases(pids: list[int]) -> list[int]:
    return [pid for pid in alive(pids) if psutil.Process(pid).name() == "postgres"]
