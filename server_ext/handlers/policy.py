"""``GET /policy``: the site's policy document. It is changed by the administrator's file, not over HTTP."""

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.policy import Policy

__all__ = ["PolicyHandler"]


class PolicyHandler(GatewayHandler):
    path = "/policy"

    @operation(
        "getPolicy",
        summary="The policy in force",
        needs=permission("read", "policy"),
        answers={200: (Answer("The policy document", Policy),)},
    )
    async def get(self) -> None:
        self.answer(self.gateway.policy)
