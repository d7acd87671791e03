"""``POST /generate``: prompt and seed in, a stored scenario out, as JSON or as server-sent events.

With ``"stream": true`` the answer is ``text/event-stream``: ``progress`` events
``{"stage": …, "percent": …}``, then one ``result`` with the same document as the plain answer, or one ``error``
with a problem document. A client that goes away cancels the generation at its next step.
"""

import asyncio
from threading import Event
from typing import Final

import orjson
from tornado.iostream import StreamClosedError

from server_ext.generation import Order
from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import GenerateBody, ScenarioAnswer
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.handlers.scenario_json import scenario_json
from server_ext.problems import problem_document
from workbench.errors import PacaiError
from workbench.scenario.composition import Progress, no_progress

__all__ = ["GenerateHandler"]

EVENT_STREAM: Final = "text/event-stream"
Message = tuple[str, bytes]
Messages = asyncio.Queue[Message | None]


class GenerateHandler(GatewayHandler):
    path = "/generate"

    def initialize(self, name: str) -> None:
        super().initialize(name)
        self._gone = Event()

    @operation(
        "generate",
        summary="Make a scenario from a prompt and a seed, and store it",
        needs=permission("generate", "scenarios"),
        body=GenerateBody,
        answers={
            200: (
                Answer("The stored scenario", ScenarioAnswer),
                Answer("Progress, then the result or an error", None, EVENT_STREAM),
            )
        },
        refusals=(404, 507),
    )
    async def post(self) -> None:
        body = self.body(GenerateBody)
        order = Order(
            prompt=body.prompt,
            seed=body.seed,
            options=body.options,
            intent=body.intent,
            project=body.project,
            actor=self.actor,
            request_id=self.request_id,
        )
        if body.stream:
            await self._stream(order)
        else:
            self.finish(await self._generate(order, no_progress))

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._gone.set()

    async def _generate(self, order: Order, on_progress: Progress) -> bytes:
        service = self.services.generation

        def work() -> bytes:
            return scenario_json(service.generate(order, on_progress, self._gone.is_set))

        return await asyncio.get_running_loop().run_in_executor(self.gateway.generation_threads, work)

    async def _stream(self, order: Order) -> None:
        self.set_header("Content-Type", EVENT_STREAM)
        self.set_header("Cache-Control", "no-store")
        messages: Messages = asyncio.Queue()
        making = asyncio.ensure_future(self._make(order, messages))
        try:
            while (message := await messages.get()) is not None:
                await self._send(*message)
        except StreamClosedError:
            self._gone.set()
        await making
        if not self._gone.is_set():
            self.finish(set_content_type=EVENT_STREAM)

    async def _make(self, order: Order, messages: Messages) -> None:
        """Put progress, then the result or the error, then None."""
        loop = asyncio.get_running_loop()

        def on_progress(stage: str, percent: int) -> None:
            step = orjson.dumps({"stage": stage, "percent": percent})
            loop.call_soon_threadsafe(messages.put_nowait, ("progress", step))

        try:
            messages.put_nowait(("result", await self._generate(order, on_progress)))
        except PacaiError as error:
            await self.record_refusal(error)
            problem = problem_document(error, instance=self.request.path, audit_event=self.audit_event)
            messages.put_nowait(("error", orjson.dumps(problem)))
        finally:
            messages.put_nowait(None)

    async def _send(self, event: str, data: bytes) -> None:
        self.write(b"event: " + event.encode() + b"\ndata: " + data + b"\n\n")
        await self.flush()
