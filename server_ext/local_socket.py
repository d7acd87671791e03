"""The gateway's unix socket: the same routes, for programs of the server's own OS user.

On it the operating system itself says who is asking, so nothing has to be looked up. It lies beside the other
sockets of the installation and is named by the port, so that two gateways of one home do not meet.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_unix_socket

from server_ext.settings import Settings

__all__ = ["MAX_PATH_BYTES", "LocalSocket"]

MAX_PATH_BYTES: Final = 107
"""``sun_path`` of unix(7), without its final NUL."""


class LocalSocket:
    """One more listener of a running server."""

    def __init__(self, settings: Settings) -> None:
        self.path: Final[Path] = settings.run / f"gateway-{settings.port}.sock"

    def open(self, server: HTTPServer) -> bool:
        """Listen. False where the home cannot hold a socket, or has too long a name for one; TCP still serves."""
        if len(bytes(self.path)) > MAX_PATH_BYTES:
            return False
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            server.add_socket(bind_unix_socket(str(self.path), mode=0o600))
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Take the name away; the listener ends with the server."""
        with suppress(FileNotFoundError):
            self.path.unlink()
