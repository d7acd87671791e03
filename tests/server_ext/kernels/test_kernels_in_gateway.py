"""A kernel of the running gateway: its environment, its work, its end."""

import asyncio
import json
import os
import signal
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from tornado.websocket import websocket_connect

from server_ext.ops.session import GatewaySession
from tests.fixtures_gateway import gateway_settings

SECONDS = 60


@pytest.fixture
def doomed(tmp_path: Path, jupyter_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GatewaySession]:
    """A gateway of this test alone, with a secret in its environment."""
    monkeypatch.setenv("HSM_PIN", "1234")
    with GatewaySession(replace(gateway_settings(tmp_path / "home"), node="doomed")) as session:
        yield session


def test_a_kernel_works_sees_no_secret_and_dies_with_the_gateway(doomed: GatewaySession) -> None:
    with httpx.Client(base_url=doomed.url, timeout=SECONDS, trust_env=False) as web:
        kernel = web.post("/api/kernels", json={"name": "python3"}).json()["id"]
        code = "import os, json; print(json.dumps([os.getpid(), dict(os.environ)]))"
        said = asyncio.run(asyncio.wait_for(execute(doomed.url, kernel, code), SECONDS))
        events = web.get("/audit/events", params={"action": "kernel.start"}).json()["events"]
    pid, environment = json.loads(said)
    assert environment["PACAI_GATEWAY"] == doomed.url
    assert not {"HSM_PIN", "PACAI_HOME", "DATABASE_URL"} & set(environment)
    assert [event["object"] for event in events] == [kernel]
    gateway = psutil.Process(doomed.pid)
    tethered = psutil.Process(pid)
    os.kill(gateway.pid, signal.SIGKILL)
    _gone, alive = psutil.wait_procs([tethered], timeout=10)
    assert alive == []


async def execute(url: str, kernel: str, code: str) -> str:
    """What ``code`` prints, over the kernel's websocket."""
    socket = await websocket_connect(f"{url.replace('http', 'ws')}/api/kernels/{kernel}/channels")
    message = {
        "header": {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "session": "s",
            "username": "u",
            "version": "5.3",
        },
        "parent_header": {},
        "metadata": {},
        "content": {
            "code": code,
            "silent": False,
            "store_history": False,
            "user_expressions": {},
            "allow_stdin": False,
        },
        "channel": "shell",
    }
    await socket.write_message(json.dumps(message))
    while True:
        answer: dict[str, Any] = json.loads(await socket.read_message())
        if answer["msg_type"] == "error":
            raise AssertionError(answer["content"])
        if answer["msg_type"] == "stream":
            socket.close()
            return str(answer["content"]["text"])
