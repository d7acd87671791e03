"""The sidecar as an operator meets it: health, a second start, a kill in the middle of a generation."""

import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from workbench.bridge._proto import bridge_pb2, bridge_pb2_grpc
from workbench.bridge.engine import GenerateRequest
from workbench.bridge.server import SERVICE
from workbench.bridge.sidecar import SidecarEngine, start_sidecar
from workbench.errors import BridgeUnavailableError


@pytest.fixture(scope="module")
def socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket of a serving sidecar."""
    folder = tmp_path_factory.mktemp("sidecar")
    process = start_sidecar(folder / "run" / "bridge.sock", folder / "log", workers=1)
    yield folder / "run" / "bridge.sock"
    process.kill()
    process.wait()


def test_the_standard_health_service_names_the_bridge(socket: Path) -> None:
    with grpc.insecure_channel(f"unix:{socket}") as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=SERVICE), timeout=5)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


def test_a_sidecar_killed_in_the_middle_is_said(tmp_path: Path) -> None:
    process = start_sidecar(tmp_path / "bridge.sock", tmp_path / "log", workers=1)
    engine = SidecarEngine(tmp_path / "bridge.sock")
    stages: list[str] = []

    def kill(stage: str, percent: int) -> None:
        stages.append(stage)
        process.kill()

    with pytest.raises(BridgeUnavailableError, match="start it with"):
        engine.generate(GenerateRequest("company attack", 3), kill)
    assert stages
    engine.close()
    process.wait()


def test_a_living_bridge_is_not_replaced(socket: Path) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "workbench.bridge.server", "--socket", str(socket), "--workers", "1"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    assert "serves at" in second.stderr
    engine = SidecarEngine(socket)
    assert engine.is_serving()
    engine.close()


def test_another_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear reader")
    done = subprocess.run(
        [sys.executable, "-m", "workbench.bridge.server", "--socket", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, path.read_text()) == (1, "dear reader")


@pytest.mark.parametrize("frame", [b"", b"{", b"[]", b'{"op":"generate"}', b'{"op":"read"}', b"\xff"])
def test_a_frame_that_is_no_request_gets_an_error_frame(socket: Path, frame: bytes) -> None:
    with grpc.insecure_channel(f"unix:{socket}") as channel:
        answer = b"".join(
            message.piece
            for message in bridge_pb2_grpc.BridgeStub(channel).Ask(bridge_pb2.Request(frame=frame), timeout=20)
        )
    assert answer.startswith(b'{"kind":"error","slug":"bad-input"')
