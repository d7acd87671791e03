"""``GET /metrics``: Jupyter's own Prometheus page, under our permission table.

Jupyter shows its page to any signed-in user without asking the authorizer; this route takes its place.
"""

import prometheus_client

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.operation import Answer, operation, permission

__all__ = ["MetricsHandler"]

_TEXT = "text/plain"


class MetricsHandler(GatewayHandler):
    path = "/metrics"

    @operation(
        "metrics",
        summary="Prometheus series of the gateway and of Jupyter",
        needs=permission("read", "metrics"),
        answers={200: (Answer("Prometheus text format", None, _TEXT),)},
    )
    async def get(self) -> None:
        self.gateway.metrics.audit_events(await self.call(self.services.count_events))
        page = await self.call(prometheus_client.generate_latest, prometheus_client.REGISTRY)
        self.finish(page, set_content_type=prometheus_client.CONTENT_TYPE_LATEST)
