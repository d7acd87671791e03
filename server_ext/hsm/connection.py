"""How a YubiHSM is reached: its connector over HTTP, with short time-outs and errors in plain words.

The client package's own HTTP backend waits up to ten minutes and sends even 127.0.0.1 through ``HTTP_PROXY``.
This one uses the standard library's client, which knows no proxy and waits half a second.
"""

import contextlib
import http.client
import os
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from yubihsm.backends import YhsmBackend
from yubihsm.core import DeviceInfo, YubiHsm
from yubihsm.defs import ERROR
from yubihsm.exceptions import (
    YubiHsmAuthenticationError,
    YubiHsmConnectionError,
    YubiHsmDeviceError,
    YubiHsmError,
)

from server_ext.hsm.emulator.state import FIRST_SOFTWARE_SERIAL
from server_ext.hsm.signer import SignerKind
from workbench.errors import InputError, SignerUnavailableError

__all__ = [
    "PATIENT_SECONDS",
    "TIMEOUT_SECONDS",
    "ConnectorBackend",
    "DeviceSummary",
    "device_errors",
    "is_timeout",
    "probe",
    "read_secret",
    "summary_of",
]

TIMEOUT_SECONDS: Final = 0.5
"""Longest wait for one answer: a hardware Ed25519 signature takes about 0.1 s (vendor data sheet)."""
PATIENT_SECONDS: Final = 10.0
"""For provisioning, where nobody waits on a health page and a device may store slowly."""
_DEFAULT_PORT: Final = 12345
_MAX_ANSWER: Final = 4096
_SENTENCES: Final = {
    ERROR.SESSIONS_FULL: "all 16 sessions are taken; wait 30 seconds or restart its clients",
    ERROR.OBJECT_NOT_FOUND: "the key or authentication key does not exist; run pacai hsm provision",
    ERROR.INSUFFICIENT_PERMISSIONS: "the authentication key may not do this; run pacai hsm provision",
    ERROR.LOG_FULL: "its audit log is full; read it with pacai hsm log and mark it as read",
    ERROR.STORAGE_FAILED: "it cannot store; free space",
}


@dataclass(frozen=True, slots=True)
class DeviceSummary:
    """What a device says about itself to anyone who asks."""

    kind: SignerKind
    serial: str
    firmware: str
    log_unread: int
    log_size: int


class ConnectorBackend(YhsmBackend):
    """Messages by ``POST /connector/api``; a failed exchange drops the connection, the next one opens a new one."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        """Raises InputError when ``url`` is not http(s)://host[:port]."""
        self.url = url
        parts = urlsplit(url)
        try:
            port = parts.port or _DEFAULT_PORT
        except ValueError as error:
            raise InputError(f"HSM_URL has no usable port: {url!r}") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InputError(f"HSM_URL must be http://host:port of a yubihsm-connector, got {url!r}")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, port, timeout=timeout)
        self._path = parts.path.rstrip("/") + "/connector/api"

    def transceive(self, msg: bytes) -> bytes:
        """One message and its answer. Raises YubiHsmConnectionError."""
        try:
            self._connection.request("POST", self._path, msg, {"Content-Type": "application/octet-stream"})
            response = self._connection.getresponse()
            answer = response.read(_MAX_ANSWER)
            if not response.isclosed():
                self._connection.close()  # there is more, and no device says so much
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise YubiHsmConnectionError(error) from error
        if response.status != http.client.OK:
            raise YubiHsmConnectionError(f"the connector answered HTTP {response.status}")
        return answer

    def close(self) -> None:
        self._connection.close()


@contextlib.contextmanager
def device_errors(what: str) -> Iterator[None]:
    """Turn everything that the client package may raise about a device into one error with a next step.

    Raises:
        SignerUnavailableError: ``what`` failed.
    """
    try:
        yield
    except YubiHsmDeviceError as error:
        sentence = _SENTENCES.get(error.code, f"it answered {error.code.name.lower().replace('_', ' ')}")
        raise SignerUnavailableError(f"{what}: {sentence}") from error
    except YubiHsmAuthenticationError as error:
        raise SignerUnavailableError(
            f"{what}: the password is wrong; restore the secrets folder that belongs to this device"
        ) from error
    except YubiHsmConnectionError as error:
        raise SignerUnavailableError(
            f"{what}: the connector does not answer ({error}); check that it runs and the device is plugged in"
        ) from error
    except (YubiHsmError, ValueError, IndexError, struct.error) as error:
        # The client parses answers without checks: a foreign server shows as one of the last three.
        raise SignerUnavailableError(f"{what}: the answer is not a YubiHSM's ({error}); check HSM_URL") from error


def probe(url: str, *, timeout: float = TIMEOUT_SECONDS) -> DeviceSummary:
    """Ask the device at ``url`` who it is, without a session.

    Raises:
        InputError: ``url`` is not a connector's.
        SignerUnavailableError: it does not answer, or is no YubiHSM.
    """
    with (
        device_errors(f"the YubiHSM at {url}"),
        contextlib.closing(ConnectorBackend(url, timeout=timeout)) as backend,
    ):
        return summary_of(YubiHsm(backend).get_device_info())


def summary_of(info: DeviceInfo) -> DeviceSummary:
    """Software says so by its serial number; Yubico's have at most eight decimal digits.

    A lying connector could say otherwise: who must be sure asks for the attestation certificate.
    """
    software = info.serial >= FIRST_SOFTWARE_SERIAL
    return DeviceSummary(
        kind=SignerKind.SOFTWARE if software else SignerKind.YUBIHSM2,
        serial=str(info.serial),
        firmware=".".join(str(part) for part in info.version),
        log_unread=info.log_used,
        log_size=info.log_size,
    )


def read_secret(path: Path) -> str:
    """A password from its file.

    Raises:
        SignerUnavailableError: it is missing, empty, or readable by others than its owner.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        with os.fdopen(descriptor, encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SignerUnavailableError(
            f"the HSM password {path} cannot be read; run pacai hsm provision or restore the file"
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SignerUnavailableError(f"the HSM password {path} is readable by others; chmod 600 it")
    if not text:
        raise SignerUnavailableError(f"the HSM password {path} is empty; restore the file")
    return text


def is_timeout(error: YubiHsmError) -> bool:
    """The device took too long, as against a session or connection that was lost."""
    return isinstance(error.__cause__, TimeoutError)
