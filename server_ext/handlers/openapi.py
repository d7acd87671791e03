"""``GET /openapi.json``: the description of this very interface."""

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.operation import Answer, operation, permission

__all__ = ["OpenApiHandler"]


class OpenApiHandler(GatewayHandler):
    path = "/openapi.json"

    @operation(
        "getOpenApi",
        summary="This document",
        needs=permission("read", "openapi"),
        answers={200: (Answer("OpenAPI 3.1", None),)},
    )
    async def get(self) -> None:
        self.finish(self.settings["pacai_openapi"])
