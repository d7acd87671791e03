"""The audit log as pandas: events arrive as Arrow, a verdict as a document, the live log as an iterator.

events = client.audit.events(action="scenario.generate")
print(events.audit.verify().reason or "intact")
for event in client.audit.stream(tail=10):
    print(event["seq"], event["action"])
"""

import io
import json
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import websocket

from workbench.client import audit_frame as _accessor  # noqa: F401 - gives frames their ``audit`` accessor
from workbench.client.connection import Connection
from workbench.client.problems import problem_error
from workbench.errors import GatewayUnavailableError

__all__ = ["AuditClient"]

ARROW_STREAM: Final = "application/vnd.apache.arrow.stream"
"""Registered with IANA for the Arrow IPC streaming format."""


class AuditClient:
    """``client.audit``: the log of one gateway."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def events(
        self,
        *,
        after_seq: int | None = None,
        limit: int | None = None,
        action: str | None = None,
        user: str | None = None,
        project: str | None = None,
    ) -> pd.DataFrame:
        """Events in the order of the log, Arrow-backed, times in UTC.

        Raises:
            PermissionRefusedError: the role may not read the log.
        """
        params = {"after_seq": after_seq, "limit": limit, "action": action, "user": user, "project": project}
        data = self._connection.bytes("/audit/events", accept=ARROW_STREAM, params=params)
        try:
            table = pa.ipc.open_stream(io.BytesIO(data)).read_all()
        except (pa.ArrowException, OSError) as error:
            raise GatewayUnavailableError(f"the gateway's answer is not an Arrow stream: {error}") from error
        return table.to_pandas(types_mapper=pd.ArrowDtype)

    def verify(self) -> dict[str, Any]:
        """The gateway's own verdict over the whole log and its checkpoints."""
        return dict(self._connection.json("GET", "/audit/verify"))

    def stream(self, *, tail: int = 100) -> Iterator[dict[str, Any]]:
        """The last ``tail`` events, then every new one as it is committed, until the caller stops.

        Raises:
            PermissionRefusedError: the role may not read the log.
            GatewayUnavailableError: the gateway cannot be reached, or it went away.
        """
        url, plain = self._connection.web_socket(f"/audit/stream?tail={tail}")
        live = self._open(url, plain)
        try:
            while message := live.recv():
                yield json.loads(message)
        except (websocket.WebSocketException, OSError) as error:
            raise self._connection.unreachable(error) from error
        finally:
            live.close()

    def _open(self, url: str, plain: Any) -> websocket.WebSocket:
        headers = [f"{name}: {value}" for name, value in self._connection.headers.items()]
        try:
            return websocket.create_connection(
                url, header=headers, socket=plain, suppress_origin=True, http_no_proxy=["*"]
            )
        except websocket.WebSocketBadStatusException as error:
            raise problem_error(_document(error.resp_body), error.status_code) from error
        except (websocket.WebSocketException, OSError) as error:
            raise self._connection.unreachable(error) from error


def _document(body: bytes | str | None) -> object:
    try:
        return json.loads(body or b"null")
    except ValueError:
        return None
