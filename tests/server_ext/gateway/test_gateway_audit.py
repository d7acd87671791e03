"""The log over HTTP: pages, Arrow, and the live websocket."""

import asyncio
import io
import json
from typing import Any

import httpx
import pyarrow as pa
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from server_ext.ops.session import GatewaySession
from tests.server_ext.gateway.conftest import Conforms
from workbench.chain import ChainHead, ChainRow, ChainVerifier

ARROW = "application/vnd.apache.arrow.stream"
SECONDS = 20


def test_pages_follow_each_other_without_gap(web: httpx.Client, conforms: Conforms) -> None:
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = conforms(web.get("/audit/events", params={"after_seq": after, "limit": 3}), "/audit/events")
        seen += [event["seq"] for event in page["events"]]
        after = page["next_seq"]
    assert seen == list(range(1, len(seen) + 1))


def test_events_are_filtered(web: httpx.Client) -> None:
    web.get("/scenarios/s-nope")
    page = web.get("/audit/events", params={"action": "request.refused", "limit": 1000}).json()
    assert {event["action"] for event in page["events"]} == {"request.refused"}
    assert web.get("/audit/events", params={"since": "2999-01-01T00:00:00Z"}).json()["events"] == []


def test_the_arrow_stream_proves_itself(web: httpx.Client) -> None:
    answer = web.get("/audit/events", headers={"Accept": ARROW})
    assert answer.headers["content-type"] == ARROW
    table = pa.ipc.open_stream(io.BytesIO(answer.content)).read_all()
    rows = table.select(["seq", "prev_hash", "hash", "body"]).to_pylist()
    verifier = ChainVerifier(ChainHead(0, bytes(32)))
    assert all(verifier.feed(ChainRow(row["seq"], row["prev_hash"], row["hash"], row["body"])) for row in rows)
    assert json.loads(rows[-1]["body"])["action"] == "audit.export"


def test_an_empty_selection_is_an_empty_arrow_table(web: httpx.Client) -> None:
    answer = web.get("/audit/events", params={"user": "nobody-ever"}, headers={"Accept": ARROW})
    assert pa.ipc.open_stream(io.BytesIO(answer.content)).read_all().num_rows == 0


def test_the_stream_replays_and_then_goes_live(gateway: GatewaySession, web: httpx.Client) -> None:
    head = web.get("/audit/verify").json()["head_seq"] + 1

    async def listen() -> list[dict[str, Any]]:
        socket = await websocket_connect(gateway.url.replace("http", "ws") + "/audit/stream?tail=2")
        replayed = [json.loads(await _next(socket)) for _ in range(2)]
        await asyncio.to_thread(web.get, "/scenarios/s-nope")
        live = json.loads(await _next(socket))
        socket.close()
        return [*replayed, live]

    events = asyncio.run(listen())
    assert [event["seq"] for event in events] == [head - 1, head, head + 1]
    assert events[-1]["action"] == "request.refused"
    assert events[-1] == web.get("/audit/events", params={"after_seq": head, "limit": 1}).json()["events"][0]


def test_the_stream_asks_for_identity_and_its_query_is_checked(gateway: GatewaySession) -> None:
    async def status(query: str, **headers: str) -> int:
        url = gateway.url.replace("http", "ws") + f"/audit/stream{query}"
        try:
            await websocket_connect(HTTPRequest(url, headers=headers))
        except HTTPClientError as error:
            return error.code
        return 101

    assert asyncio.run(status("", Authorization="Bearer wrong")) == 401
    assert asyncio.run(status("?tail=many")) == 422
    assert asyncio.run(status("", Origin="http://evil.example")) in (403, 404)


async def _next(socket: Any) -> str:
    return str(await asyncio.wait_for(socket.read_message(), SECONDS))
