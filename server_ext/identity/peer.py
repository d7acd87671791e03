"""Whose process is at the other end of a local connection.

On a unix socket the kernel says so (``SO_PEERCRED``). On loopback TCP both ends are rows of
``/proc/net/tcp`` and ``tcp6``, and the client's row names the user who made the socket:

* the row counts only while it has an inode: a socket whose process has closed it stays in the table
  with uid 0 and inode 0, so a stranger could send a request, close, and pass for root;
* a client may reach an IPv4 listener through an IPv6 socket, so mapped addresses are compared as IPv4;
* only loopback addresses are looked up: elsewhere the table says nothing about the peer.
"""

import socket
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final

from workbench.errors import InputError

__all__ = ["Connection", "SocketTableError", "owner_uid", "parse_socket_table", "peer_uid"]

_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_COLUMNS: Final = 10
"""sl, local, remote, st, queues, timer, retransmits, uid, timeout, inode (Documentation/networking/proc_net_tcp)."""

Address = IPv4Address | IPv6Address
Endpoint = tuple[Address, int]


class SocketTableError(InputError):
    """A row of the kernel's socket table is not what its documentation says."""

    slug = "bad-socket-table"


@dataclass(frozen=True, slots=True)
class Connection:
    """One row of the socket table."""

    local: Endpoint
    remote: Endpoint
    uid: int
    inode: int


def peer_uid(connection: socket.socket) -> int | None:
    """User id of the process at the other end, or None where it cannot be known for sure."""
    if connection.family == socket.AF_UNIX:
        return _unix_peer(connection)
    try:
        client, server = _endpoint(connection.getpeername()), _endpoint(connection.getsockname())
    except (OSError, ValueError):
        return None
    if not client[0].is_loopback:
        return None
    return owner_uid(client, server, _rows(_TABLES))


def owner_uid(client: Endpoint, server: Endpoint, rows: Iterable[Connection]) -> int | None:
    """User id of the living socket that runs from ``client`` to ``server``."""
    for row in rows:
        if row.local == client and row.remote == server:
            return row.uid if row.inode else None
    return None


def parse_socket_table(text: str) -> Iterator[Connection]:
    """Rows of ``/proc/net/tcp`` or ``tcp6``; the first line is the heading.

    Raises:
        SocketTableError: a row has too few columns or a column is not what it should be.
    """
    for number, line in enumerate(text.splitlines()[1:], start=2):
        columns = line.split()
        if len(columns) < _COLUMNS:
            raise SocketTableError(f"socket table line {number} has {len(columns)} columns, expected {_COLUMNS}")
        try:
            yield Connection(
                local=_parse_endpoint(columns[1]),
                remote=_parse_endpoint(columns[2]),
                uid=_count(columns[7]),
                inode=_count(columns[9]),
            )
        except ValueError as error:
            raise SocketTableError(f"socket table line {number} cannot be read: {error}") from error


def _unix_peer(connection: socket.socket) -> int | None:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return uid if uid >= 0 else None


def _rows(tables: Iterable[Path]) -> Iterator[Connection]:
    for table in tables:
        if table.exists():
            yield from parse_socket_table(table.read_text("ascii"))


def _endpoint(name: tuple[str, int] | tuple[str, int, int, int]) -> Endpoint:
    return _unmapped(ip_address(name[0])), name[1]


def _parse_endpoint(text: str) -> Endpoint:
    address, separator, port = text.partition(":")
    if not separator or len(port) != 4:
        raise ValueError(f"{text!r} is not an address and a port")
    return _parse_address(address), int(port, 16)


def _parse_address(text: str) -> Address:
    """The kernel prints each 32-bit word of the address as a number in the machine's byte order."""
    if len(text) not in (8, 32):
        raise ValueError(f"{text!r} is not 4 or 16 bytes of address")
    words = (int(text[start : start + 8], 16) for start in range(0, len(text), 8))
    network = b"".join(struct.pack("=I", word) for word in words)
    return _unmapped(IPv4Address(network) if len(network) == 4 else IPv6Address(network))


def _unmapped(address: Address) -> Address:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a number")
    return int(text)
