"""``POST /intent``: how a prompt is understood, without making anything."""

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import IntentBody
from server_ext.handlers.operation import Answer, operation, permission
from workbench.language.reading import Reading

__all__ = ["IntentHandler"]


class IntentHandler(GatewayHandler):
    path = "/intent"

    @operation(
        "readIntent",
        summary="Understand a prompt",
        needs=permission("read", "intent"),
        body=IntentBody,
        answers={200: (Answer("What was understood, from which words and how surely", Reading),)},
    )
    async def post(self) -> None:
        body = self.body(IntentBody)
        self.answer(await self.call(self.services.engine.read, body.prompt))
