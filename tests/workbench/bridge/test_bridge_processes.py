"""The engines on real processes: worker pool and gRPC sidecar, also when they are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from workbench.bridge.engine import Engine, GenerateRequest
from workbench.bridge.opening import open_engine
from workbench.bridge.pool import WorkerPool
from workbench.bridge.sidecar import SidecarEngine, start_sidecar
from workbench.errors import (
    BridgeUnavailableError,
    InputError,
    OutOfScopeError,
    PacaiError,
    PromptError,
    SeedError,
)
from workbench.scenario.composition import no_progress

REQUEST = GenerateRequest("platoon ambush in a forest", 7)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(2)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SidecarEngine]:
    folder = tmp_path_factory.mktemp("bridge")
    process = start_sidecar(folder / "run" / "bridge.sock", folder / "bridge.log", workers=1)
    engine = SidecarEngine(folder / "run" / "bridge.sock")
    yield engine
    engine.close()
    process.terminate()
    assert process.wait(20) == 0
    assert not (folder / "run" / "bridge.sock").exists()


@pytest.fixture(params=["pool", "sidecar"])
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.getfixturevalue(request.param)
    return chosen


def test_every_engine_makes_the_same_scenario(pool: WorkerPool, sidecar: SidecarEngine) -> None:
    local = open_engine("local").generate(REQUEST, no_progress)
    for engine in (pool, sidecar):
        made = engine.generate(REQUEST, no_progress)
        assert made.digest == local.digest == made.scenario.digest()
        assert made.blobs == local.blobs
        assert (made.findings, made.reading) == (local.findings, local.reading)


def test_progress_rises_and_names_its_stages(engine: Engine) -> None:
    seen: list[tuple[str, int]] = []
    engine.generate(REQUEST, lambda stage, percent: seen.append((stage, percent)))
    assert [percent for _, percent in seen] == sorted(percent for _, percent in seen)
    assert len({stage for stage, _ in seen}) >= 4


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (GenerateRequest("", 1), PromptError),
        (GenerateRequest("attack", -1), SeedError),
        (GenerateRequest("write me a love poem about my cat", 1), OutOfScopeError),
    ],
)
def test_errors_cross_the_process_boundary(engine: Engine, request_: GenerateRequest, kind: type[PacaiError]) -> None:
    with pytest.raises(kind):
        engine.generate(request_, no_progress)
    assert engine.read("company attack").intent.mission == "attack"


def test_a_killed_worker_fails_its_own_request_and_is_replaced() -> None:
    pool = WorkerPool(1)
    try:
        pool.read("attack")
        victim = pool.worker_pids()[0]

        def kill_once(stage: str, percent: int) -> None:
            if psutil.pid_exists(victim):
                os.kill(victim, signal.SIGKILL)

        with pytest.raises(BridgeUnavailableError, match="died during the request"):
            pool.generate(REQUEST, kill_once)
        assert pool.worker_pids()[0] != victim
        assert pool.read("attack").intent.mission == "attack"
    finally:
        pool.close()


def test_a_caller_that_gives_up_leaves_no_frames_for_the_next() -> None:
    class GivenUp(Exception):
        pass

    def give_up(stage: str, percent: int) -> None:
        raise GivenUp

    pool = WorkerPool(1)
    try:
        with pytest.raises(GivenUp):
            pool.generate(REQUEST, give_up)
        assert pool.read("defend").intent.mission == "defend"
    finally:
        pool.close()


def test_more_callers_than_workers_all_get_their_own_answer(pool: WorkerPool) -> None:
    prompts = [f"{mission} with a company" for mission in ("attack", "defend", "ambush", "raid", "screen")]
    with ThreadPoolExecutor(5) as threads:
        readings = list(threads.map(pool.read, prompts))
    assert [reading.prompt for reading in readings] == prompts


def test_a_closed_pool_says_so() -> None:
    pool = WorkerPool(1)
    pool.close()
    pool.close()
    with pytest.raises(BridgeUnavailableError, match="closed"):
        pool.read("attack")


def test_a_sidecar_that_is_gone_says_how_to_start_it(tmp_path: Path) -> None:
    engine = open_engine(f"unix:{tmp_path}/bridge.sock")
    began = time.monotonic()
    with pytest.raises(BridgeUnavailableError, match="start it with"):
        engine.generate(REQUEST, no_progress)
    assert time.monotonic() - began < 10
    engine.close()


def test_a_stale_socket_is_replaced_and_the_new_one_is_private(tmp_path: Path) -> None:
    socket = tmp_path / "bridge.sock"
    socket.write_bytes(b"")
    process = start_sidecar(socket, tmp_path / "log", workers=1)
    try:
        assert socket.is_socket()
        assert socket.stat().st_mode & 0o777 == 0o600
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("address", ["", "tcp:1.2.3.4", "unix:", "unix:relative", "POOL"])
def test_an_address_that_names_no_engine_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="bridge address"):
        open_engine(address)


def test_nothing_outlives_a_killed_parent(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from workbench.bridge.pool import WorkerPool\n"
        "from workbench.bridge.sidecar import start_sidecar\n"
        "if __name__ == '__main__':\n"
        "    pool = WorkerPool(1)\n"
        "    pool.read('attack')\n"
        f"    side = start_sidecar(Path({str(tmp_path / 's.sock')!r}), Path({str(tmp_path / 'log')!r}), workers=1)\n"
        "    print(*pool.worker_pids(), side.pid, flush=True)\n"
        "    time.sleep(600)\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(program)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    below = [child.pid for pid in pids for child in psutil.Process(pid).children(recursive=True)]
    assert len(pids) == 2
    assert below, "the sidecar has workers of its own"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while any(psutil.pid_exists(pid) for pid in (*pids, *below)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in (*pids, *below) if psutil.pid_exists(pid)] == []
