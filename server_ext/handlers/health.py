"""``GET /health``: the guide's five keys, open to everyone, answered while the parts are still coming up."""

from http import HTTPStatus
from typing import Final

from server_ext.gateway import Status
from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import Health
from server_ext.handlers.operation import Answer, operation

__all__ = ["API_VERSION", "HealthHandler"]

API_VERSION: Final = "4.0.0-alpha"
"""As the deployment guide's check expects it."""
_SERVING: Final = frozenset({Status.HEALTHY, Status.DEGRADED})


class HealthHandler(GatewayHandler):
    path = "/health"
    _quiet = False

    @operation(
        "health",
        summary="Whether the gateway serves",
        needs=None,
        answers={
            200: (Answer("It serves; degraded names a part out of reach, see /hsm and the log", Health),),
            503: (Answer("It is starting, or cannot reach its database", Health),),
        },
    )
    async def get(self) -> None:
        condition = await self.call(self.gateway.condition)
        health = Health(
            status=condition.status.value,
            version=API_VERSION,
            hsm_primary=condition.hsm_primary,
            hsm_fallback=condition.hsm_fallback,
            offline_mode=self.gateway.offline,
        )
        self._quiet = condition.status is Status.STARTING
        self.answer(health, HTTPStatus.OK if condition.status in _SERVING else HTTPStatus.SERVICE_UNAVAILABLE)

    def _log(self) -> None:
        """Tornado's override point for the access log: whoever waits for the start asks many times a second."""
        if not self._quiet:
            super()._log()
