"""What ``pacai hsm`` and the gateway's ``/hsm`` ask for, as functions of the settings."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from yubihsm.core import LogEntry, YubiHsm

from server_ext.hsm.connection import PATIENT_SECONDS, ConnectorBackend, device_errors, read_secret
from server_ext.hsm.emulator.__main__ import serve
from server_ext.hsm.provision import AUDITOR, secret_file
from server_ext.hsm.provision import plan as plan_of
from server_ext.hsm.provision import provision as provision_device
from server_ext.hsm.service import HsmService, HsmState
from server_ext.hsm.software_process import PASSPHRASE_FILE, STATE_FOLDER, SoftwareProcess
from server_ext.settings import Settings

__all__ = ["DeviceLog", "DeviceLogEntry", "emulate", "log", "provision", "status"]

_SUCCESS_BIT = 0x80


@dataclass(frozen=True, slots=True)
class DeviceLogEntry:
    number: int
    command: str
    length: int
    session_key: int
    target_key: int
    second_key: int
    succeeded: bool
    tick: int
    """Milliseconds since the device was switched on."""
    digest: str


@dataclass(frozen=True, slots=True)
class DeviceLog:
    """The unread entries; the chain of their digests was verified."""

    unlogged_boots: int
    unlogged_sessions: int
    entries: tuple[DeviceLogEntry, ...]


def status(settings: Settings) -> HsmState:
    """The state of the HSM; starts the software one when none is configured."""
    with HsmService.open(settings) as service:
        return service.state()


def provision(settings: Settings, *, dry_run: bool = False) -> tuple[str, ...]:
    """Prepare the device, or with ``dry_run`` only say how.

    Raises:
        SignerUnavailableError, ConflictError: see :mod:`server_ext.hsm.provision`.
    """
    with _Device(settings) as device:
        act = plan_of if dry_run else provision_device
        return act(device.backend, settings.secrets)


def log(settings: Settings) -> DeviceLog:
    """Read the device's log as the auditor and verify its chain.

    Raises:
        SignerUnavailableError: the device does not answer, or its log does not verify.
    """
    with _Device(settings) as device:
        password = read_secret(secret_file(settings.secrets, AUDITOR))
        with (
            device_errors("the log of the YubiHSM"),
            YubiHsm(device.backend()) as hsm,
            hsm.create_session_derived(AUDITOR.auth_key_id, password) as session,
        ):
            found = session.get_log_entries()
    return DeviceLog(found.n_boot, found.n_auth, tuple(_entry(entry) for entry in found.entries))


def emulate(settings: Settings, *, port: int, say: Callable[[str], None], stop: threading.Event) -> None:
    """Run the installation's software YubiHSM on ``port`` in this process until ``stop`` is set.

    Raises:
        InputError: the port is taken.
        ConflictError: it is running already.
    """
    SoftwareProcess(settings).prepare()
    serve(
        state=settings.home / STATE_FOLDER,
        port=port,
        passphrase_file=settings.secrets / PASSPHRASE_FILE,
        announce=lambda line, _: say(line),
        wanted=lambda: True,
        stop=stop,
    )


class _Device:
    """The configured device, or a hold on the software one."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.hsm_url
        self._process = SoftwareProcess(settings)

    def backend(self) -> ConnectorBackend:
        return ConnectorBackend(self._url or self._process.ensure(), timeout=PATIENT_SECONDS)

    def __enter__(self) -> "_Device":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.release()


def _entry(entry: LogEntry) -> DeviceLogEntry:
    return DeviceLogEntry(
        number=entry.number,
        command=_COMMAND_NAMES.get(int(entry.command), entry.command.name.lower().replace("_", " ")),
        length=entry.length,
        session_key=entry.session_key,
        target_key=entry.target_key,
        second_key=entry.second_key,
        succeeded=bool(entry.result & _SUCCESS_BIT) or int(entry.command) in _COMMAND_NAMES,
        tick=entry.tick,
        digest=entry.digest.hex(),
    )


_COMMAND_NAMES = {0xFF: "reset", 0x00: "boot"}
"""Entries that are events of the device and not commands."""
