"""The gateway between Jupyter and the services: what exists from the first moment on.

Handlers, the identity provider and the extension share one :class:`Gateway`. It answers ``/health`` before the
services are open, holds the threads on which they are called, and opens and closes them. Services are opened
once; a part that fails later says so itself.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter
from typing import Final

from tornado.httputil import HTTPServerRequest

from server_ext.audit.events import Action, Actor, NewEvent, Outcome
from server_ext.hsm.service import Activity
from server_ext.metrics import GatewayMetrics
from server_ext.policy import Policy
from server_ext.problems import StartingError
from server_ext.services import Services
from server_ext.settings import Settings
from workbench.errors import PacaiError, UnavailableError

__all__ = ["Condition", "Gateway", "Status"]

SERVICE_THREADS: Final = 16
"""Short calls: database, object store, HSM."""
GENERATION_THREADS: Final = 8
"""Threads that wait for an engine; apart, so that generations never keep a reader waiting."""
MAX_WHERE_CHARACTERS: Final = 200
"""A stranger chooses the path, so the log keeps only its beginning."""
LAG_SAMPLE_SECONDS: Final = 0.025
"""Forty samples a second cost some two per mille of a core."""


class Status(StrEnum):
    STARTING = "starting"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    """A part is out of reach, the rest works."""
    UNAVAILABLE = "unavailable"
    """The database cannot be opened, so nothing can be recorded and nothing works."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What ``/health`` tells."""

    status: Status
    hsm_primary: Activity = "inactive"
    hsm_fallback: Activity = "inactive"


class Gateway:
    """The one object behind all handlers."""

    def __init__(self, *, settings: Settings, policy: Policy, metrics: GatewayMetrics, log: logging.Logger) -> None:
        self.settings = settings
        self.policy = policy
        self.metrics = metrics
        self.threads = ThreadPoolExecutor(SERVICE_THREADS, thread_name_prefix="pacai-service")
        self.generation_threads = ThreadPoolExecutor(GENERATION_THREADS, thread_name_prefix="pacai-generate")
        self._log = log
        self._services: Services | None = None
        self._failure: PacaiError | None = None
        self._lag_sampler: asyncio.Task[None] | None = None

    @property
    def services(self) -> Services:
        """The opened services.

        Raises:
            StartingError: they are still coming up.
            UnavailableError: they could not be opened.
        """
        if self._services is not None:
            return self._services
        if self._failure is not None:
            raise UnavailableError(f"the gateway could not start: {self._failure}")
        raise StartingError("the gateway is starting; ask again in a moment")

    def condition(self) -> Condition:
        """How it stands now. Asks the HSM, so it may take half a second."""
        if self._failure is not None:
            return Condition(Status.UNAVAILABLE)
        services = self._services
        if services is None:
            return Condition(Status.STARTING)
        state = services.hsm_state()
        status = Status.DEGRADED if services.complaints(state) else Status.HEALTHY
        return Condition(status, state.primary, state.fallback)

    @property
    def offline(self) -> bool:
        """Offline unless both the operator and the policy say otherwise."""
        return self.settings.offline or self.policy.offline

    async def start(self) -> None:
        """Open the services on a thread.

        Raises:
            PacaiError: they cannot be opened; :attr:`services` says so from now on.
        """
        loop = asyncio.get_running_loop()
        self._lag_sampler = loop.create_task(self._sample_lag())
        try:
            self._services = await loop.run_in_executor(
                self.threads, lambda: Services.open(self.settings, self.policy, self.metrics, self.threads)
            )
        except PacaiError as error:
            self._failure = error
            raise
        except OSError as error:
            self._failure = UnavailableError(f"{error.filename or 'a file'}: {error.strerror}")
            raise self._failure from error

    async def close(self) -> None:
        """Close the services and end the threads."""
        if self._lag_sampler is not None:
            self._lag_sampler.cancel()
        services, self._services = self._services, None
        if services is not None:
            await asyncio.get_running_loop().run_in_executor(self.threads, services.close)
        self.threads.shutdown(wait=False)
        self.generation_threads.shutdown(wait=False, cancel_futures=True)

    async def record_foreign_refusal(
        self, action: Action, actor: Actor, request: HTTPServerRequest, problem: str
    ) -> None:
        """Record a refusal by one of Jupyter's own handlers."""
        where = f"{request.method} {request.path}"[:MAX_WHERE_CHARACTERS]
        await self.record(NewEvent(action, actor, Outcome.FAILURE, object=where, details={"problem": problem}))

    async def record(self, event: NewEvent) -> int | None:
        """Record what has happened anyway; its place in the log, or None while the log cannot be reached."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, self._try_record, event)

    async def _sample_lag(self) -> None:
        while True:
            asleep = perf_counter()
            await asyncio.sleep(LAG_SAMPLE_SECONDS)
            self.metrics.loop_lag(perf_counter() - asleep - LAG_SAMPLE_SECONDS)

    def _try_record(self, event: NewEvent) -> int | None:
        try:
            return self.services.record(event)
        except PacaiError as error:
            self._log.error("%s could not be recorded: %s", event.action.value, error)
            return None
