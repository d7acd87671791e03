"""The HTTP paths of ``yubihsm-connector``: ``GET /connector/status`` and ``POST /connector/api``.

Any client of the connector works: the ``yubihsm`` package, ``yubihsm-shell``, the PKCS#11 module. It listens on
127.0.0.1 only. The status line says ``software=true``, which no real connector says.
"""

import contextlib
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final

from server_ext.hsm.emulator.device import SoftwareDevice
from server_ext.hsm.emulator.wire import MAX_MESSAGE

__all__ = ["Connector"]

HOST: Final = "127.0.0.1"
CONNECTOR_VERSION: Final = "3.0.5"
"""Version of the connector whose paths and status form these are."""
_IDLE_SECONDS: Final = 120
_API: Final = "/connector/api"
_STATUS: Final = "/connector/status"


class Connector:
    """Serves one device over HTTP while its ``with`` block runs."""

    def __init__(self, device: SoftwareDevice, *, port: int = 0) -> None:
        """Bind; port 0 takes a free one. Raises OSError when the port is taken."""
        self._server = _Server((HOST, port), device)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> "Connector":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], device: SoftwareDevice) -> None:
        self.device = device
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def ended(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)

    def hang_up(self) -> None:
        """End kept-alive connections: a device that is switched off answers nobody."""
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):  # the client was faster
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is not worth a traceback."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.ended(self.connection)
        super().finish()

    def do_GET(self) -> None:
        if self.path != _STATUS:
            self._finish(404, b"there are /connector/status and /connector/api\n")
            return
        port = self.server.server_address[1]
        lines = ["status=OK", "serial=*", f"version={CONNECTOR_VERSION}", f"pid={os.getpid()}"]
        lines += [f"address={HOST}", f"port={port}", "software=true", ""]
        self._finish(200, "\n".join(lines).encode())

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != _API:
            self._finish(404, b"there are /connector/status and /connector/api\n")
        elif not length.isascii() or not length.isdigit():
            self._finish(411, b"Content-Length is needed\n")
        elif int(length) > MAX_MESSAGE:
            self._finish(413, f"a message has at most {MAX_MESSAGE} bytes\n".encode())
        else:
            message = self.rfile.read(int(length))
            if len(message) == int(length):
                answer = self.server.device.transceive(message)
                self._finish(200, answer, kind="application/octet-stream")

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged; the device has its own log."""

    def _finish(self, status: int, body: bytes, *, kind: str = "text/plain") -> None:
        if status != 200:
            self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
