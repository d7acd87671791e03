"""The engine as a pool of spawned worker processes.

Rules it keeps:

* Workers are spawned, never forked: they inherit no socket, thread or secret of the gateway.
* A worker serves one request at a time; callers wait for a free one.
* A worker that dies takes only its own request with it (:class:`BridgeUnavailableError`); a fresh one takes
  its place.
* Workers warm up in the background (imports, model) and are killed with their parent.
"""

import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Lock

from workbench.bridge.engine import Generated, GenerateRequest
from workbench.bridge.wire import encode_request, receive
from workbench.bridge.worker import serve
from workbench.errors import BridgeUnavailableError
from workbench.language.reading import Reading
from workbench.scenario.composition import Progress, no_progress

__all__ = ["WorkerPool"]

STOP_SECONDS = 2.0


class WorkerPool:
    """Keeps :class:`~workbench.bridge.engine.Engine` with ``workers`` processes. Thread-safe."""

    def __init__(self, workers: int) -> None:
        self._lock = Lock()
        self._all: set[_Worker] = set()
        self._free: SimpleQueue[_Worker | None] = SimpleQueue()
        self._closed = False
        for _ in range(workers):
            self._add()

    def read(self, prompt: str) -> Reading:
        answer = self._ask(prompt, no_progress)
        if not isinstance(answer, Reading):
            raise BridgeUnavailableError("the worker answered a reading with a scenario")
        return answer

    def generate(self, request: GenerateRequest, on_progress: Progress) -> Generated:
        answer = self._ask(request, on_progress)
        if not isinstance(answer, Generated):
            raise BridgeUnavailableError("the worker answered a generation with a reading")
        return answer

    def close(self) -> None:
        with self._lock:
            self._closed = True
            workers, self._all = self._all, set()
        for worker in workers:
            worker.stop()
            self._free.put(None)

    def worker_pids(self) -> tuple[int, ...]:
        """Process ids of the workers, for a health page."""
        with self._lock:
            return tuple(worker.pid for worker in self._all)

    def _ask(self, request: GenerateRequest | str, on_progress: Progress) -> Reading | Generated:
        worker = self._free.get()
        if worker is None or self._closed:
            self._free.put(None)
            raise BridgeUnavailableError("the worker pool is closed")
        usable = False
        try:
            answer = worker.ask(request, on_progress)
            usable = True
            return answer
        except (EOFError, OSError) as error:
            raise BridgeUnavailableError(
                f"the worker process {worker.pid} died during the request; ask again"
            ) from error
        finally:
            self._give_back(worker, usable or worker.is_idle)

    def _give_back(self, worker: "_Worker", usable: bool) -> None:
        if usable:
            self._free.put(worker)
            return
        with self._lock:
            self._all.discard(worker)
        worker.stop()
        self._add()

    def _add(self) -> None:
        with self._lock:
            if self._closed:
                self._free.put(None)
                return
            worker = _Worker(serve)
            self._all.add(worker)
        self._free.put(worker)


class _Worker:
    """One process and our end of its pipe."""

    def __init__(self, target: Callable[[Connection, int], None]) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=target, args=(theirs, os.getpid()), name="pacai-worker", daemon=True
        )
        self._process.start()
        theirs.close()
        self._warm = False
        self.is_idle = True
        """False from a request until its last frame: what is left in the pipe belongs to nobody."""

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def ask(self, request: GenerateRequest | str, on_progress: Progress) -> Reading | Generated:
        """Send a request and read its answer.

        Raises:
            EOFError, OSError: the process died.
            PacaiError: what the engine met.
        """
        if not self._warm:
            self._pipe.recv_bytes()
            self._warm = True
        self.is_idle = False
        self._pipe.send_bytes(encode_request(request))

        def next_frame() -> bytes:
            frame = self._pipe.recv_bytes()
            # An error is the last frame of its answer and leaves by an exception.
            self.is_idle = frame.startswith(b'{"kind":"error"')
            return frame

        return receive(next_frame, on_progress)

    def stop(self) -> None:
        """End the process at once; it holds nothing that could be lost."""
        self._pipe.close()
        self._process.kill()
        self._process.join(STOP_SECONDS)
