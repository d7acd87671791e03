"""One connection to a gateway: where it is, how to ask it, and its refusals as errors.

==============================  ==========================================================
address                         meaning
==============================  ==========================================================
``http://127.0.0.1:3000``       TCP, the default
``https://gateway.site:3000``   TCP with TLS
``unix:/run/pacai/kernel.sock`` a unix socket: the only way out of a sandboxed kernel
==============================  ==========================================================

Proxies and ``.netrc`` of the environment are not read: a workbench speaks to its own gateway only.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from workbench.client.problems import problem_error
from workbench.errors import GatewayUnavailableError, InputError

__all__ = ["Connection", "Query"]

Query = Mapping[str, str | int | None]

UNIX_PREFIX = "unix:"
_LOCAL_BASE = "http://localhost"
"""Host name sent over a unix socket: the gateway answers no foreign host."""
TIMEOUT = httpx.Timeout(connect=5, read=600, write=60, pool=5)
"""Seconds. Composing the largest scenario takes well below ten minutes between two signs of life."""
ARROW_STREAM = "application/vnd.apache.arrow.stream"


@dataclass(frozen=True)
class Connection:
    """Use :meth:`open`; it is a context manager."""

    address: str
    token: str | None
    http: httpx.Client

    @classmethod
    def open(cls, address: str, token: str | None = None) -> "Connection":
        """Prepare to ask the gateway at ``address``; nothing is sent yet.

        Raises:
            InputError: the address is none of those in the module's table.
        """
        base, socket_path = _split(address)
        client = httpx.Client(
            base_url=base,
            transport=httpx.HTTPTransport(uds=socket_path) if socket_path else None,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=TIMEOUT,
            trust_env=False,
        )
        return cls(address=address, token=token, http=client)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.http.close()

    def get(self, path: str, query: Query | None = None) -> Any:
        """The JSON answer of a GET.

        Raises:
            PacaiError: what the gateway refused, as the matching class.
            GatewayUnavailableError: no answer, or one that is not a gateway's.
        """
        return self._json(self._send("GET", path, params=_present(query)))

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON answer of a POST of JSON. Raises as :meth:`get`."""
        return self._json(self._send("POST", path, json=dict(body)))

    def download(self, path: str, query: Query | None = None, *, accept: str = "*/*") -> bytes:
        """The bytes of a GET. Raises as :meth:`get`."""
        return self._send("GET", path, params=_present(query), headers={"Accept": accept}).content

    @contextmanager
    def stream(self, path: str, body: Mapping[str, Any]) -> Iterator[Iterator[bytes]]:
        """The chunks of an event stream that answers a POST. Raises as :meth:`get`."""
        with (
            self._reaching(),
            self.http.stream(
                "POST", path, json=dict(body), headers={"Accept": "text/event-stream"}
            ) as response,
        ):
            if response.is_error:
                response.read()
                raise _refusal(response)
            yield response.iter_bytes()

    def web_socket(self, path: str) -> tuple[str, socket.socket | None]:
        """Address of a web socket and, for a unix socket, the connected socket to speak over.

        Raises:
            GatewayUnavailableError: the unix socket is not there.
        """
        base, socket_path = _split(self.address)
        url = base.replace("http", "ws", 1).rstrip("/") + path
        if not socket_path:
            return url, None
        plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            plain.connect(socket_path)
        except OSError as error:
            plain.close()
            raise self.unreachable(error) from error
        return url, plain

    def unreachable(self, error: Exception) -> GatewayUnavailableError:
        """What to tell a person when no answer came."""
        reason = str(error) or type(error).__name__
        return GatewayUnavailableError(
            f"the gateway at {self.address} cannot be reached ({reason}); start it with: pacai up"
        )

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        with self._reaching():
            response = self.http.request(method, path, **request)
        if response.is_error:
            raise _refusal(response)
        return response

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise self.unreachable(error) from error

    def _json(self, response: httpx.Response) -> Any:
        try:
            return response.json()
        except ValueError as error:
            raise GatewayUnavailableError(
                f"{self.address} answered {response.request.url.path} with something that is not JSON; "
                "is another program listening there?"
            ) from error


def _split(address: str) -> tuple[str, str | None]:
    """Base URL and, for a unix socket, its path."""
    if address.startswith(UNIX_PREFIX):
        path = address.removeprefix(UNIX_PREFIX)
        if not path.startswith("/"):
            raise InputError(f"a unix socket needs an absolute path, such as unix:/run/pacai.sock, got {address!r}")
        return _LOCAL_BASE, path
    parts = _parts(address)
    if parts is None:
        raise InputError(
            "the address of the gateway must be http://HOST:PORT, https://HOST:PORT or unix:/PATH, "
            f"got {address!r}"
        )
    return address.rstrip("/"), None


def _parts(address: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    return (parts.hostname, port) if parts.scheme in ("http", "https") and parts.hostname else None


def _refusal(response: httpx.Response) -> Exception:
    try:
        document = response.json()
    except ValueError:
        document = None
    return problem_error(document, response.status_code)


def _present(query: Query | None) -> dict[str, str | int]:
    return {key: value for key, value in (query or {}).items() if value is not None}
