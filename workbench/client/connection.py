"""One connection to a gateway: where it is, how to ask it, and its refusals as errors.

==============================  ==========================================================
address                         meaning
==============================  ==========================================================
``http://127.0.0.1:3000``       TCP, the default
``https://gateway.site:3000``   TCP with TLS
``unix:/run/pacai/kernel.sock`` a unix socket: the only way out of a sandboxed kernel
==============================  ==========================================================

Proxies and ``.netrc`` of the environment are not read: a workbench speaks to its own gateway only.
Every method raises the matching class of :mod:`workbench.errors` for what the gateway refused, and
:class:`~workbench.errors.GatewayUnavailableError` where no answer came or none that is a gateway's.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx

from workbench.client.problems import problem_error
from workbench.client.sse import ServerSentEvent, read_events
from workbench.errors import GatewayUnavailableError, InputError, PacaiError

__all__ = ["Connection", "Query"]

Query = Mapping[str, str | int | None]

UNIX_PREFIX: Final = "unix:"
_LOCAL_BASE: Final = "http://localhost"
"""Host name sent over a unix socket: the gateway answers no foreign host."""
EVENT_STREAM: Final = "text/event-stream"
TIMEOUT: Final = httpx.Timeout(connect=5, read=600, write=60, pool=5)
"""Seconds. Composing the largest scenario takes well below ten minutes between two signs of life."""


class Connection:
    """A way to one gateway; nothing is sent before the first question. A context manager.

    Raises:
        InputError: the address is none of those in the module's table.
    """

    def __init__(self, address: str, *, token: str | None = None) -> None:
        self.address = address
        self.headers: Mapping[str, str] = {"Authorization": f"Bearer {token}"} if token else {}
        self._base, self._socket_path = _split(address)
        self._http = httpx.Client(
            base_url=self._base,
            transport=httpx.HTTPTransport(uds=self._socket_path) if self._socket_path else None,
            headers=self.headers,
            timeout=TIMEOUT,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<connection to {self.address}>"

    def close(self) -> None:
        self._http.close()

    def json(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, params: Query | None = None
    ) -> Any:
        """The JSON answer."""
        sent = None if body is None else dict(body)
        response = self._send(method, path, json=sent, params=_present(params))
        try:
            return response.json()
        except ValueError as error:
            raise GatewayUnavailableError(
                f"{self.address} answered {path} with something that is not JSON; is another program listening there?"
            ) from error

    def bytes(self, path: str, *, accept: str = "*/*", params: Query | None = None) -> bytes:
        """The bytes of a GET."""
        return self._send("GET", path, params=_present(params), headers={"Accept": accept}).content

    def events(self, path: str, body: Mapping[str, Any]) -> Iterator[ServerSentEvent]:
        """The server-sent events that answer a POST, as they come."""
        with (
            self._reaching(),
            self._http.stream("POST", path, json=dict(body), headers={"Accept": EVENT_STREAM}) as response,
        ):
            if not response.is_success:
                response.read()
                raise _refusal(response)
            yield from read_events(response.iter_bytes())

    def web_socket(self, path: str) -> tuple[str, socket.socket | None]:
        """Address of a web socket and, for a unix socket, the connected socket to speak over."""
        url = self._base.replace("http", "ws", 1) + path
        if not self._socket_path:
            return url, None
        plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            plain.connect(self._socket_path)
        except OSError as error:
            plain.close()
            raise self.unreachable(error) from error
        return url, plain

    def unreachable(self, error: Exception) -> GatewayUnavailableError:
        """What to tell a person when no answer came."""
        reason = str(error) or type(error).__name__
        return GatewayUnavailableError(
            f"the gateway at {self.address} cannot be reached ({reason}); is it running? start it with: pacai up"
        )

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        with self._reaching():
            response = self._http.request(method, path, **request)
        if not response.is_success:
            raise _refusal(response)
        return response

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise self.unreachable(error) from error


def _split(address: str) -> tuple[str, str | None]:
    """Base URL and, for a unix socket, its path."""
    if address.startswith(UNIX_PREFIX):
        path = address.removeprefix(UNIX_PREFIX)
        if not path.startswith("/"):
            raise InputError(f"a unix socket needs an absolute path, such as unix:/run/pacai.sock, got {address!r}")
        return _LOCAL_BASE, path
    if not _is_web_address(address):
        raise InputError(
            f"the address of the gateway must be http://HOST:PORT, https://HOST:PORT or unix:/PATH, got {address!r}"
        )
    return address.rstrip("/"), None


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        return False


def _refusal(response: httpx.Response) -> PacaiError:
    try:
        document = response.json()
    except ValueError:
        document = None
    return problem_error(document, response.status_code)


def _present(query: Query | None) -> dict[str, str | int]:
    return {key: value for key, value in (query or {}).items() if value is not None}
