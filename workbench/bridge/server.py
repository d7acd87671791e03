"""The bridge sidecar: ``python -m workbench.bridge.server --socket PATH``.

A gRPC server on a unix socket (mode 0600) in front of a :class:`~workbench.bridge.pool.WorkerPool`, with the
standard health service. The workers are started before gRPC, which does not survive a fork, and the process
ends with the one that started it when ``--parent-pid`` is given.
"""

import os
import signal
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Final

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from workbench.bridge._proto import bridge_pb2, bridge_pb2_grpc
from workbench.bridge.parentage import die_with_parent
from workbench.bridge.pool import WorkerPool
from workbench.bridge.wire import (
    decode_request,
    encode_error,
    encode_generated,
    encode_progress,
    encode_reading,
)
from workbench.errors import ConflictError, InputError, PacaiError

__all__ = ["main", "serve"]

SERVICE: Final = "pacai.bridge.v1.Bridge"
PIECE_BYTES: Final = 1 << 20
"""Below gRPC's default message limit of 4 MiB."""
CALLS: Final = 16
STOP_SECONDS: Final = 2.0
PROBE_SECONDS: Final = 0.5


class _Bridge(bridge_pb2_grpc.BridgeServicer):  # type: ignore[misc]  # generated code is untyped
    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self._threads = ThreadPoolExecutor(CALLS, thread_name_prefix="bridge")

    def Ask(self, request: bridge_pb2.Request, context: grpc.ServicerContext) -> Iterator[bridge_pb2.Frame]:
        frames: SimpleQueue[bytes | None] = SimpleQueue()
        gone = Event()
        context.add_callback(gone.set)
        self._threads.submit(self._answer, request.frame, frames, gone)
        while (frame := frames.get()) is not None:
            yield from _pieces(frame)

    def _answer(self, frame: bytes, frames: "SimpleQueue[bytes | None]", gone: Event) -> None:
        def on_progress(stage: str, percent: int) -> None:
            if gone.is_set():
                raise InputError("the caller has gone")
            frames.put(encode_progress(stage, percent))

        try:
            request = decode_request(frame)
            if isinstance(request, str):
                answer = encode_reading(self._pool.read(request))
            else:
                answer = encode_generated(self._pool.generate(request, on_progress))
            for part in answer:
                frames.put(part)
        except PacaiError as error:
            frames.put(encode_error(error))
        except (ValueError, KeyError, TypeError) as error:
            frames.put(encode_error(InputError(f"the bridge cannot read the request: {error}")))
        finally:
            frames.put(None)


def _pieces(frame: bytes) -> Iterator[bridge_pb2.Frame]:
    for start in range(0, max(1, len(frame)), PIECE_BYTES):
        piece = frame[start : start + PIECE_BYTES]
        yield bridge_pb2.Frame(piece=piece, last_piece=start + PIECE_BYTES >= len(frame))


def _claim(path: Path) -> None:
    """Remove what a dead bridge left at ``path``; leave a living one and other people's files alone."""
    if path.is_socket():
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(PROBE_SECONDS)
            if probe.connect_ex(str(path)) == 0:
                raise ConflictError(f"a bridge serves at {path} already; use it or choose another --socket")
    elif path.exists() and (not path.is_file() or path.stat().st_size):
        raise ConflictError(f"{path} is not a socket and not empty; choose another --socket")
    path.unlink(missing_ok=True)


def serve(socket_path: Path, *, workers: int, stop: Event) -> None:
    """Serve until ``stop`` is set; a stale socket file is replaced, the folder is private.

    Raises:
        ConflictError: a bridge serves there already, or the path is another file.
    """
    socket_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _claim(socket_path)
    pool = WorkerPool(workers)
    server = grpc.server(ThreadPoolExecutor(CALLS, thread_name_prefix="grpc"))
    bridge_pb2_grpc.add_BridgeServicer_to_server(_Bridge(pool), server)
    healthy = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(healthy, server)
    before = os.umask(0o177)
    try:
        server.add_insecure_port(f"unix:{socket_path}")
        server.start()
    finally:
        os.umask(before)
    for service in ("", SERVICE):
        healthy.set(service, health_pb2.HealthCheckResponse.SERVING)
    stop.wait()
    healthy.enter_graceful_shutdown()
    server.stop(STOP_SECONDS).wait()
    pool.close()
    socket_path.unlink(missing_ok=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(prog="python -m workbench.bridge.server", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--parent-pid", type=int, help="end when this process ends")
    arguments = parser.parse_args(argv)
    if arguments.parent_pid:
        die_with_parent(arguments.parent_pid)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        serve(arguments.socket, workers=arguments.workers, stop=stop)
    except ConflictError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
