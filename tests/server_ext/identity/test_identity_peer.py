"""Whose socket it is: real sockets, real users, and tables that no kernel ever wrote."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_ext.identity.peer import Connection, SocketTableError, owner_uid, parse_socket_table, peer_uid

HEADING = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ROW = "   0: 0100007F:0BB8 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 34021 1 x\n"
NOBODY = 65534


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        yield listening


def test_a_row_is_read_in_the_machines_byte_order() -> None:
    (row,) = parse_socket_table(HEADING + ROW)
    assert row == Connection((ip_address("127.0.0.1"), 3000), (ip_address("127.0.0.1"), 0xD431), 1000, 34021)


def test_a_mapped_ipv6_address_is_the_ipv4_address() -> None:
    mapped = ROW.replace("0100007F:0BB8", "0000000000000000FFFF00000100007F:0BB8")
    (row,) = parse_socket_table(HEADING + mapped)
    assert row.local[0] == ip_address("127.0.0.1")


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("0100007F:0BB8", "0100007F0BB8"),
        ("0100007F:0BB8", "0100007:0BB8"),
        ("0100007F:0BB8", "0100007F:BB8"),
        ("0100007F:0BB8", "01xx007F:0BB8"),
        ("  1000 ", "  -1 "),
        ("  1000 ", "  root "),
        (" 34021 1 x", ""),
    ],
)
def test_a_malformed_row_is_refused_with_its_line_number(good: str, bad: str) -> None:
    with pytest.raises(SocketTableError, match="line 2"):
        list(parse_socket_table(HEADING + ROW.replace(good, bad)))


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with contextlib.suppress(SocketTableError):
        list(parse_socket_table(HEADING + text))


def test_a_socket_that_its_process_has_closed_belongs_to_nobody() -> None:
    client, server = (ip_address("127.0.0.1"), 5000), (ip_address("127.0.0.1"), 3000)
    assert owner_uid(client, server, [Connection(client, server, uid=0, inode=0)]) is None
    assert owner_uid(client, server, [Connection(server, client, uid=7, inode=1)]) is None
    assert owner_uid(client, server, [Connection(client, server, uid=7, inode=1)]) == 7


def test_the_own_loopback_connection_is_the_own_user(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()), listener.accept()[0] as served:
        assert peer_uid(served) == os.getuid()


def test_an_ipv6_socket_to_an_ipv4_listener_is_found_too(listener: socket.socket) -> None:
    with socket.socket(socket.AF_INET6) as client:
        try:
            client.connect(("::ffff:127.0.0.1", listener.getsockname()[1]))
        except OSError:
            pytest.skip("the machine has no IPv6")
        with listener.accept()[0] as served:
            assert peer_uid(served) == os.getuid()


def test_a_closed_connection_proves_nothing(listener: socket.socket) -> None:
    client = socket.create_connection(listener.getsockname())
    with listener.accept()[0] as served:
        client.sendall(b"POST /generate HTTP/1.1\r\n")
        client.close()
        time.sleep(0.05)
        assert peer_uid(served) is None


def test_a_unix_socket_names_its_peer(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        assert peer_uid(ours) == os.getuid()


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become another user")
def test_another_users_connection_is_that_users(listener: socket.socket) -> None:
    program = (
        f"import encodings.idna, os, socket, sys; os.setuid({NOBODY}); "
        f"s = socket.create_connection({listener.getsockname()!r}); sys.stdin.read()"
    )
    stranger = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    try:
        with listener.accept()[0] as served:
            assert peer_uid(served) == NOBODY
    finally:
        stranger.communicate()
