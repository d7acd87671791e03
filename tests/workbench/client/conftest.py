"""A small real gateway: tornado on a free port or a unix socket, speaking the shapes of the REST interface.

What it answers is real (a composed scenario, a sound chain, Arrow bytes); only the services behind it are missing.
"""

import asyncio
import io
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_unix_socket
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

from workbench.canonical import canonical_bytes
from workbench.chain import GENESIS, link
from workbench.language.reading import Reading
from workbench.scenario.composer import compose
from workbench.scenario.composition import Composition
from workbench.scenario.intent import Intent

TOKEN = "secret-token"
COLUMNS = (
    ("seq", pa.int64()),
    ("time", pa.timestamp("us", tz="UTC")),
    ("tick_ns", pa.int64()),
    ("node", pa.dictionary(pa.int32(), pa.string())),
    ("action", pa.dictionary(pa.int32(), pa.string())),
    ("outcome", pa.dictionary(pa.int32(), pa.string())),
    ("actor", pa.dictionary(pa.int32(), pa.string())),
    ("role", pa.dictionary(pa.int32(), pa.string())),
    ("project", pa.dictionary(pa.int32(), pa.string())),
    ("body", pa.binary()),
    ("prev_hash", pa.binary(32)),
    ("hash", pa.binary(32)),
)


@pytest.fixture(scope="session")
def composition() -> Composition:
    return compose(Intent(), 123)


@dataclass
class Answers:
    """What the gateway answers; a test may change it."""

    composition: Composition
    events: list[dict[str, Any]] = field(default_factory=list)
    damaged_blobs: bool = False
    arrow: bytes | None = None
    digest: str | None = None
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def scenario(self) -> dict[str, Any]:
        made = self.composition.scenario
        return {
            "scenario_id": "sc-1",
            "version": 1,
            "digest": self.digest or made.digest(),
            "project": "default",
            "scenario": made.document(),
            "findings": [],
            "reading": Reading(prompt="p", intent=Intent(), slots=(), language="en").model_dump(mode="json"),
            "blobs": [],
            "event_seq": 7,
            "a_later_field": True,
        }


def chain_of(count: int) -> list[dict[str, Any]]:
    """``count`` events of a sound chain, as columns with their bodies."""
    events, prev_hash, begin = [], GENESIS, datetime(2026, 6, 1, tzinfo=UTC)
    for seq in range(1, count + 1):
        time = begin + timedelta(seconds=20 * seq, microseconds=seq)
        columns = {
            "seq": seq,
            "time": time,
            "tick_ns": 10**16 + seq,
            "node": "n1",
            "action": ("scenario.generate", "package.sign")[seq % 2],
            "outcome": "success",
            "actor": ("ana", "boris")[seq % 3 == 0],
            "role": "analyst",
            "project": None if seq == 1 else "default",
        }
        written = time.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
        body = canonical_bytes({**columns, "time": written, "tick_ns": str(columns["tick_ns"]), "details": {}})
        sealed = link(prev_hash, body)
        events.append({**columns, "body": body, "prev_hash": prev_hash, "hash": sealed})
        prev_hash = sealed
    return events


class Handler(RequestHandler):
    @property
    def answers(self) -> Answers:
        answers: Answers = self.application.settings["answers"]
        return answers

    def prepare(self) -> None:
        query = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        self.answers.asked.append((self.request.method or "", self.request.path, query))

    def problem(self, status: int, slug: str, detail: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/problem+json")
        problem = {"type": f"urn:pacai:problem:{slug}", "title": "Refused", "status": status, "detail": detail}
        self.finish(json.dumps(problem))


class Health(Handler):
    def get(self) -> None:
        self.finish({"status": "healthy", "version": "4.0.0-alpha"})


class Guarded(Handler):
    def get(self) -> None:
        if self.request.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.problem(401, "identity-refused", "a token is needed")
            return
        self.finish({"roles": True})


class Generate(Handler):
    async def post(self) -> None:
        asked = json.loads(self.request.body)
        prompt = asked["prompt"]
        if prompt == "too long":
            self.problem(422, "bad-prompt", "the prompt is too long")
            return
        self.set_header("Content-Type", "text/event-stream")
        for percent in (0, 40, 90):
            await self.send("progress", {"stage": f"stage {percent}", "percent": percent})
        if prompt == "make pizza":
            await self.send("error", {"type": "urn:pacai:problem:out-of-scope", "status": 422, "detail": "no pizza"})
        elif prompt == "go away":
            return
        elif prompt == "mumble":
            self.write("event: result\ndata: {not json\n\n")
        else:
            await self.send("result", self.answers.scenario())

    async def send(self, event: str, document: dict[str, Any]) -> None:
        self.write(f"event: {event}\ndata: {json.dumps(document, ensure_ascii=False)}\n\n")
        await self.flush()


class Blob(Handler):
    def get(self, name: str) -> None:
        blob = self.answers.composition.blobs.get(name)
        if blob is None:
            self.problem(404, "not-found", f"no blob {name}")
            return
        self.finish(blob[:-1] + b"\x00" if self.answers.damaged_blobs else blob)


class Document(Handler):
    def initialize(self, document: dict[str, Any]) -> None:
        self.document = document

    def get(self, *_: str) -> None:
        self.finish(self.document)

    def post(self) -> None:
        self.finish({**self.document, **json.loads(self.request.body)})


class Stored(Handler):
    def get(self, *_: str) -> None:
        self.finish(self.answers.scenario())


class Words(Handler):
    def initialize(self, words: bytes) -> None:
        self.words = words

    def get(self) -> None:
        self.finish(self.words)


class Broken(Handler):
    def get(self) -> None:
        self.set_status(500)
        self.finish(b"<html>oops</html>")


class Events(Handler):
    def get(self) -> None:
        if "arrow" not in self.request.headers.get("Accept", ""):
            self.problem(422, "bad-field", "the tests want Arrow")
            return
        sent = self.answers.arrow
        self.finish(arrow_of(self.answers.events) if sent is None else sent)


class Stream(WebSocketHandler):
    async def open(self) -> None:
        if self.request.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.close(1008, "a token is needed")
            return
        tail = int(self.get_query_argument("tail"))
        for event in self.application.settings["answers"].events[-tail:]:
            await self.write_message(json.dumps({"seq": event["seq"], "action": event["action"]}))


class Shut(Handler):
    def get(self) -> None:
        self.problem(403, "permission-refused", "the role viewer may not read audit")


def arrow_of(events: list[dict[str, Any]]) -> bytes:
    schema = pa.schema(list(COLUMNS))
    arrays = [
        pa.array([event[name] for event in events], kind.value_type).dictionary_encode()
        if pa.types.is_dictionary(kind)
        else pa.array([event[name] for event in events], kind)
        for name, kind in COLUMNS
    ]
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return sink.getvalue()


PACKAGE = {"package_id": "pk-1", "signer": {"kind": "software", "key_id": 4660, "serial": "0"}, "evaluation": True}


def routes() -> list[Any]:
    return [
        ("/health", Health),
        ("/roles", Guarded),
        ("/generate", Generate),
        ("/intent", Document, {"document": {"language": "en", "intent": {}, "slots": []}}),
        (r"/blobs/(\w+)", Blob),
        ("/scenarios/sc-1", Stored),
        ("/scenarios/sc-1/versions/1", Stored),
        ("/scenarios", Document, {"document": {"scenarios": [{"scenario_id": "sc-1"}]}}),
        ("/packages", Document, {"document": {**PACKAGE, "packages": [PACKAGE]}}),
        ("/packages/pk-1/download", Words, {"words": b"PK zip"}),
        ("/audit/events", Events),
        ("/audit/verify", Document, {"document": {"ok": True, "events": 9}}),
        ("/audit/stream", Stream),
        ("/license", Words, {"words": b"not json"}),
        ("/hsm", Broken),
        ("/policy", Shut),
    ]


@dataclass(frozen=True)
class SmallGateway:
    address: str
    answers: Answers


def _serve(
    sock: socket.socket, answers: Answers, ready: "Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]"
) -> None:
    async def main() -> None:
        server, stop = HTTPServer(Application(routes(), answers=answers)), asyncio.Event()
        server.add_socket(sock)
        ready.set_result((asyncio.get_running_loop(), stop))
        await stop.wait()
        server.stop()
        await server.close_all_connections()

    asyncio.run(main())


def running(sock: socket.socket, address: str, answers: Answers) -> Iterator[SmallGateway]:
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    thread = threading.Thread(target=_serve, args=(sock, answers, ready))
    thread.start()
    loop, stop = ready.result(timeout=10)
    yield SmallGateway(address, answers)
    loop.call_soon_threadsafe(stop.set)
    thread.join(timeout=10)


@pytest.fixture
def answers(composition: Composition) -> Answers:
    return Answers(composition, events=chain_of(9))


@pytest.fixture
def small_gateway(answers: Answers) -> Iterator[SmallGateway]:
    sock = socket.create_server(("127.0.0.1", 0))
    sock.setblocking(False)
    yield from running(sock, f"http://127.0.0.1:{sock.getsockname()[1]}", answers)


@pytest.fixture
def unix_gateway(answers: Answers, tmp_path: Path) -> Iterator[SmallGateway]:
    path = tmp_path / "k.sock"
    yield from running(bind_unix_socket(str(path), 0o600), f"unix:{path}", answers)
