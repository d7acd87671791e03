"""A gateway as a child process: started, waited for, stopped.

    with GatewaySession(settings) as gateway:
        httpx.get(gateway.url + "/health")

What the gateway says goes to ``$PACAI_HOME/run/gateway.log``; when it does not come up, the error quotes its
last words.
"""

import os
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from server_ext.launch import gateway_command, gateway_environment
from server_ext.settings import Settings
from workbench.errors import GatewayUnavailableError

__all__ = ["GatewaySession", "health_of"]

START_SECONDS = 120.0
"""A first start makes a database cluster on a slow, busy machine."""
STOP_SECONDS = 20.0
POLL_SECONDS = 0.05
LAST_WORDS = 3


class GatewaySession:
    """One gateway process on ``settings.port`` with its own home. Used once."""

    def __init__(self, settings: Settings, *, root_dir: Path | None = None, lab: bool = False) -> None:
        self._settings = settings
        self._root_dir = root_dir or settings.home / "notebooks"
        self._lab = lab
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._settings.port}"

    @property
    def pid(self) -> int:
        """Process id of the gateway.

        Raises:
            GatewayUnavailableError: it is not running.
        """
        if self._process is None:
            raise GatewayUnavailableError("the gateway session is not running")
        return self._process.pid

    @property
    def log(self) -> Path:
        return self._settings.run / "gateway.log"

    def __enter__(self) -> Self:
        self._root_dir.mkdir(parents=True, exist_ok=True)
        self._settings.run.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                gateway_command(self._settings, self._root_dir, lab=self._lab),
                env=gateway_environment(self._settings, os.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait(self._process)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while health_of(self.url) not in ("healthy", "degraded"):
            if process.poll() is not None:
                raise GatewayUnavailableError(f"the gateway did not start: {self._last_words()}")
            if time.monotonic() > deadline:
                raise GatewayUnavailableError(
                    f"the gateway was not healthy within {START_SECONDS:.0f} s; see {self.log}"
                )
            time.sleep(POLL_SECONDS)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return " / ".join(lines[-LAST_WORDS:]) or "it said nothing"


def health_of(url: str) -> str | None:
    """What ``/health`` says of itself, or None where nothing of ours answers."""
    try:
        answer = httpx.get(f"{url}/health", timeout=2, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return None
    return answer.get("status") if isinstance(answer, dict) else None
