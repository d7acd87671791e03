"""The connector's HTTP paths, and what a hostile or broken client or server gets there."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from yubihsm.core import YubiHsm
from yubihsm.exceptions import YubiHsmConnectionError

from server_ext.hsm.connection import ConnectorBackend, probe, read_secret
from server_ext.hsm.emulator import Connector, MemoryVault, SoftwareDevice
from server_ext.hsm.signer import SignerKind
from workbench.errors import InputError, SignerUnavailableError


@pytest.fixture
def connector() -> Iterator[Connector]:
    with Connector(SoftwareDevice.open(MemoryVault())) as connector:
        yield connector


def request(connector: Connector, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", connector.port, timeout=5)) as connection:
        connection.request(method, path, body or None)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_the_vendors_own_http_backend_is_served(connector: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with YubiHsm.connect(connector.url) as hsm, hsm.create_session_derived(1, "password") as session:
        assert len(session.get_pseudo_random(16)) == 16


def test_the_status_says_ok_and_software(connector: Connector) -> None:
    status, body = request(connector, "GET", "/connector/status")
    lines = body.decode().splitlines()
    assert status == 200
    assert lines[:2] == ["status=OK", "serial=*"]
    assert {"software=true", f"port={connector.port}", "address=127.0.0.1"} <= set(lines)


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/", b"", 404),
        ("POST", "/connector/status", b"x", 404),
        ("POST", "/connector/api", b"x" * 3137, 413),
        ("PUT", "/connector/api", b"x", 501),
    ],
)
def test_other_requests_are_refused(connector: Connector, method: str, path: str, body: bytes, expected: int) -> None:
    assert request(connector, method, path, body)[0] == expected
    assert request(connector, "GET", "/connector/status")[0] == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff\x00\r\n\r\n",
        b"POST /connector/api HTTP/1.1\r\n\r\n",
        b"POST /connector/api HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /connector/api HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
        b"GET " + b"/" * 70000 + b" HTTP/1.1\r\n\r\n",
    ],
)
def test_broken_http_leaves_the_connector_serving(connector: Connector, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", connector.port), timeout=5) as client:
        client.sendall(raw)
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass
    assert request(connector, "POST", "/connector/api", bytes.fromhex("060000"))[1][0] == 0x86


def test_many_clients_at_once_get_their_own_answers(connector: Connector) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            hsm = YubiHsm(ConnectorBackend(connector.url, timeout=10))
            with hsm, hsm.create_session_derived(1, "password") as session:
                for size in range(1, 30):
                    assert len(session.get_pseudo_random(size)) == size
        except BaseException as error:  # noqa: BLE001 - handed to the main thread
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_proxy_of_the_environment_is_not_used(connector: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert probe(connector.url).kind is SignerKind.SOFTWARE


def test_the_probe_tells_software_firmware_and_unread_entries(connector: Connector) -> None:
    summary = probe(connector.url)
    assert (summary.kind, summary.firmware) == (SignerKind.SOFTWARE, "2.4.1")
    assert (summary.log_unread, summary.log_size) == (2, 62)
    assert int(summary.serial) >= 0xF0000000


@pytest.mark.parametrize("url", ["", "127.0.0.1:12345", "ftp://x", "http://", "http://h:port", "http://h:99999"])
def test_a_url_that_cannot_be_a_connector_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="HSM_URL"):
        ConnectorBackend(url)


def test_a_closed_port_is_reported_at_once() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    start = time.monotonic()
    with pytest.raises(SignerUnavailableError, match="does not answer"):
        probe(f"http://127.0.0.1:{port}")
    assert time.monotonic() - start < 1


def test_a_server_that_says_nothing_is_given_up_within_a_second() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        start = time.monotonic()
        with pytest.raises(SignerUnavailableError, match="does not answer"):
            probe(f"http://127.0.0.1:{server.getsockname()[1]}")
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 500 no\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\x86\x00\x00",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x7f\x00\x01\xaa",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\x7f\x00\x00",
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n\x86\x00",
    ],
)
def test_a_server_that_is_no_yubihsm_is_one_clear_error(answer: bytes) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _ = server.accept()
        with client:
            client.recv(4096)
            client.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    with pytest.raises(SignerUnavailableError, match="the YubiHSM at"):
        probe(f"http://127.0.0.1:{server.getsockname()[1]}")
    thread.join()
    server.close()


def test_a_lost_connection_is_a_connection_error_and_the_next_message_reconnects(connector: Connector) -> None:
    backend = ConnectorBackend(connector.url)
    with closing(backend):
        assert backend.transceive(bytes.fromhex("060000"))[0] == 0x86
        assert backend._connection.sock is not None
        backend._connection.sock.shutdown(socket.SHUT_RDWR)
        with pytest.raises(YubiHsmConnectionError):
            backend.transceive(bytes.fromhex("060000"))
        assert backend.transceive(bytes.fromhex("060000"))[0] == 0x86


def test_a_password_file_must_be_there_private_and_not_empty(tmp_path) -> None:
    secret = tmp_path / "hsm-operator"
    with pytest.raises(SignerUnavailableError, match="cannot be read"):
        read_secret(secret)
    secret.write_text("pass word\n")
    secret.chmod(0o640)
    with pytest.raises(SignerUnavailableError, match="chmod 600"):
        read_secret(secret)
    secret.chmod(0o600)
    assert read_secret(secret) == "pass word"
    secret.write_text(" \n")
    with pytest.raises(SignerUnavailableError, match="empty"):
        read_secret(secret)
    secret.write_bytes(b"\xff\xfe")
    with pytest.raises(SignerUnavailableError, match="cannot be read"):
        read_secret(secret)
