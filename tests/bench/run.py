"""``make bench``: the performance table, as medians and ratios within one run.

Each line names what is compared, the median of at least five pairs with min and max, the goal and whether it
was met. Machines are shared and noisy, so nothing here is a test; the numbers are for people.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from server_ext.launch import free_port
from server_ext.ops.session import GatewaySession
from server_ext.settings import Settings
from workbench.bridge.engine import GenerateRequest
from workbench.bridge.opening import open_engine
from workbench.scenario.composition import no_progress

PAIRS = 7
PROMPT = "Company attack on a defended bridge at dawn, rain, enemy drones, civilians present"
LARGEST = "Brigade attack on a town against a dug-in battalion, 48 hours"
LAG_LIMIT_S = 0.05
LAG_SERIES = "pacai_event_loop_lag_seconds_bucket"


@dataclass(frozen=True)
class Line:
    what: str
    median: float
    low: float
    high: float
    goal: float
    unit: str = "×"
    note: str = ""

    def row(self) -> tuple[str, ...]:
        met = "yes" if self.median <= self.goal else "NO"
        return (
            self.what,
            f"{self.median:.3g} {self.unit}",
            f"{self.low:.3g} … {self.high:.3g}",
            f"≤ {self.goal:g} {self.unit}",
            met,
            self.note,
        )


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def ratios(what: str, numerator: Callable[[], float], denominator: Callable[[], float], goal: float) -> Line:
    """Pairs measured alternately, so that a slow minute of the machine hits both sides."""
    above, below = [], []
    for _ in range(PAIRS):
        above.append(numerator())
        below.append(denominator())
    pairs = sorted(a / b for a, b in zip(above, below, strict=True))
    note = f"{statistics.median(above):.2f} s ÷ {statistics.median(below):.2f} s, {PAIRS} pairs"
    return Line(what, statistics.median(pairs), pairs[0], pairs[-1], goal, note=note)


def generate_over_http(session: GatewaySession) -> Line:
    """The same prompt and seeds over HTTP and in this process."""
    engine = open_engine("local")
    client = httpx.Client(base_url=session.url, timeout=600, trust_env=False)
    seeds = iter(range(1000))

    def over_http() -> float:
        body = {"prompt": PROMPT, "seed": next(seeds) // 2, "stream": False}
        return timed(lambda: client.post("/generate", json=body).raise_for_status())

    def in_process() -> float:
        request = GenerateRequest(PROMPT, next(seeds) // 2)
        return timed(lambda: engine.generate(request, no_progress))

    over_http(), in_process()
    line = ratios("/generate over HTTP ÷ in process", over_http, in_process, 1.25)
    client.close()
    engine.close()
    return line


def lag_counts(client: httpx.Client) -> dict[float, int]:
    """Upper bound in seconds → samples at or below it."""
    counts = {}
    for text in client.get("/metrics").text.splitlines():
        if text.startswith(LAG_SERIES):
            labels, value = text.rsplit(" ", 1)
            counts[float(labels.split('le="')[1].split('"')[0])] = int(float(value))
    return counts


def event_loop_lag(session: GatewaySession) -> Line:
    """p99 of the gateway's own lag samples while it makes the largest scenario."""
    client = httpx.Client(base_url=session.url, timeout=900, trust_env=False)
    p99s = []
    for seed in range(5):
        before = lag_counts(client)
        client.post("/generate", json={"prompt": LARGEST, "seed": seed, "stream": False}).raise_for_status()
        after = lag_counts(client)
        samples = {bound: after[bound] - before.get(bound, 0) for bound in after}
        total = max(samples.values())
        p99s.append(1000 * min(bound for bound, count in samples.items() if count >= 0.99 * total))
    client.close()
    note = "upper bound of the histogram bucket that holds the 99th percentile, 5 generations"
    return Line(
        "event-loop lag p99, largest generation",
        statistics.median(p99s),
        min(p99s),
        max(p99s),
        50,
        "ms",
        note,
    )


def start_up(home: Path) -> Line:
    """From the command to a healthy gateway, and from a bare Lab to its first answer."""

    def gateway() -> float:
        began = time.perf_counter()
        with GatewaySession(replace(Settings.from_environment(os.environ), home=home, port=free_port())):
            return time.perf_counter() - began

    def bare_lab() -> float:
        port = free_port()
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as empty, ExitStack() as stack:
            process = stack.enter_context(_lab(port, Path(empty)))
            stack.callback(process.terminate)
            while not _answers(f"http://127.0.0.1:{port}/login"):
                time.sleep(0.02)
            return time.perf_counter() - began

    gateway()
    return ratios("gateway to healthy ÷ bare lab to first answer", gateway, bare_lab, 2.0)


def _lab(port: int, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--allow-root"]
    off = "--ServerApp.jpserver_extensions={'server_ext': False, 'jupyterlab': True}"
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder), "JUPYTER_NO_CONFIG": "1"}
    return subprocess.Popen(
        [*command, off, f"--ServerApp.root_dir={folder}"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code < 500
    except httpx.HTTPError:
        return False


def main() -> int:
    terminal = Console()
    table = Table(title=f"bench on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", title_justify="left")
    for column in ("what", "median", "min … max", "goal", "met", "note"):
        table.add_column(column, overflow="fold")
    with tempfile.TemporaryDirectory(prefix="pacai-bench-") as folder:
        home = Path(folder) / "home"
        settings = replace(Settings.from_environment(os.environ), home=home, port=free_port())
        with GatewaySession(settings) as session:
            for measure in (generate_over_http, event_loop_lag):
                terminal.print(f"measuring: {(measure.__doc__ or '').splitlines()[0]}")
                table.add_row(*measure(session).row())
        terminal.print("measuring: start-up")
        table.add_row(*start_up(home).row())
    terminal.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
