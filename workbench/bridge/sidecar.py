"""The engine behind a unix socket: client of the bridge sidecar, and the way to start one."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from workbench.bridge._proto import bridge_pb2, bridge_pb2_grpc
from workbench.bridge.engine import Generated, GenerateRequest
from workbench.bridge.wire import encode_request, receive
from workbench.errors import BridgeUnavailableError
from workbench.language.reading import Reading
from workbench.scenario.composition import Progress, no_progress

__all__ = ["SidecarEngine", "start_sidecar"]

PROBE_SECONDS: Final = 0.5
POLL_SECONDS: Final = 0.05
START_SECONDS: Final = 60.0
GENERATE_SECONDS: Final = 900.0


class SidecarEngine:
    """Keeps :class:`~workbench.bridge.engine.Engine` over gRPC. Thread-safe; create it where it is used."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._lock = Lock()
        self._open: grpc.Channel | None = None

    def read(self, prompt: str) -> Reading:
        answer = self._ask(encode_request(prompt), no_progress)
        if not isinstance(answer, Reading):
            raise BridgeUnavailableError("the bridge answered a reading with a scenario")
        return answer

    def generate(self, request: GenerateRequest, on_progress: Progress) -> Generated:
        answer = self._ask(encode_request(request), on_progress)
        if not isinstance(answer, Generated):
            raise BridgeUnavailableError("the bridge answered a generation with a reading")
        return answer

    def is_serving(self) -> bool:
        """Whether the standard health service answers SERVING within half a second."""
        stub = health_pb2_grpc.HealthStub(self._channel())
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(service=""), timeout=PROBE_SECONDS)
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    def close(self) -> None:
        with self._lock:
            channel, self._open = self._open, None
        if channel is not None:
            channel.close()

    def _channel(self) -> grpc.Channel:
        with self._lock:
            if self._open is None:
                # A sidecar that comes back must be found at once, not after gRPC's two-minute back-off.
                options = [("grpc.max_reconnect_backoff_ms", 500), ("grpc.enable_http_proxy", 0)]
                self._open = grpc.insecure_channel(f"unix:{self._socket}", options=options)
            return self._open

    def _ask(self, frame: bytes, on_progress: Progress) -> Reading | Generated:
        call = bridge_pb2_grpc.BridgeStub(self._channel()).Ask(
            bridge_pb2.Request(frame=frame), timeout=GENERATE_SECONDS
        )
        frames = _frames(call)
        try:
            return receive(lambda: next(frames), on_progress)
        except (grpc.RpcError, StopIteration) as error:
            raise BridgeUnavailableError(
                f"the bridge at {self._socket} does not answer; start it with "
                f"'python -m workbench.bridge.server --socket {self._socket}' or set PACAI_BRIDGE=pool"
            ) from error
        finally:
            call.cancel()


def _frames(call: Iterator[bridge_pb2.Frame]) -> Iterator[bytes]:
    pieces: list[bytes] = []
    for message in call:
        pieces.append(message.piece)
        if message.last_piece:
            yield b"".join(pieces)
            pieces = []


def start_sidecar(socket: Path, log: Path, *, workers: int = 2) -> "subprocess.Popen[bytes]":
    """Start a sidecar that ends with this process, and wait until it serves.

    Raises:
        BridgeUnavailableError: it ended or was not ready within a minute; ``log`` says why.
    """
    command = [sys.executable, "-m", "workbench.bridge.server", "--socket", str(socket)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--workers", str(workers), "--parent-pid", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    engine = SidecarEngine(socket)
    deadline = time.monotonic() + START_SECONDS
    try:
        while not (socket.exists() and engine.is_serving()):
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise BridgeUnavailableError(f"the bridge did not start; see {log}")
            time.sleep(POLL_SECONDS)
    finally:
        engine.close()
    return process
