"""``ws /audit/stream?tail=100``: the last events, then every new one as it is committed.

One text message per event, the same document as in ``/audit/events``. A client that stops reading is closed
with code 1008 and a reason that names where to go on.
"""

import asyncio
from typing import Any, Final

from jupyter_server.base.websocket import WebSocketMixin
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from server_ext.audit import Subscription
from server_ext.handlers.audit import audit_event
from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import AuditEvent, StreamQuery
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.problems import UpgradeError
from workbench.errors import PacaiError

__all__ = ["AuditStreamHandler"]

POLICY_VIOLATION: Final = 1008
"""RFC 6455 §7.4.1."""
MAX_REASON_BYTES: Final = 123
"""A close frame holds 125 bytes, two of them the code (RFC 6455 §5.5)."""


class AuditStreamHandler(WebSocketMixin, WebSocketHandler, GatewayHandler):
    path = "/audit/stream"

    def initialize(self, name: str) -> None:
        super().initialize(name)
        self._subscription: Subscription | None = None
        self._pump: asyncio.Task[None] | None = None

    @operation(
        "streamAudit",
        summary="Websocket: replay of the last events, then live",
        needs=permission("read", "audit"),
        query=StreamQuery,
        answers={101: (Answer("A websocket of events, one text message each", AuditEvent),)},
        refusals=(426,),
    )
    async def get(self) -> None:
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            raise UpgradeError("/audit/stream is a websocket; pages of the log are at /audit/events")
        self._changed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def on_change() -> None:
            loop.call_soon_threadsafe(self._changed.set)

        self._subscription = await self.call(
            self.services.stream.subscribe,
            tail=self.query(StreamQuery).tail,
            on_change=on_change,
        )
        await WebSocketHandler.get(self)

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        if self._subscription is not None:
            self._pump = asyncio.ensure_future(self._send_from(self._subscription))

    def on_message(self, message: str | bytes) -> None:
        """What a reader says is of no interest."""

    def on_close(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
        if self._subscription is not None:
            self._subscription.close()

    async def _send_from(self, subscription: Subscription) -> None:
        try:
            while True:
                self._changed.clear()
                while events := await self.call(subscription.read):
                    for event in events:
                        await self.write_message(audit_event(event).model_dump_json())
                await self._changed.wait()
        except WebSocketClosedError:
            return
        except PacaiError as error:
            self.close(POLICY_VIOLATION, str(error).encode()[:MAX_REASON_BYTES].decode(errors="ignore"))
