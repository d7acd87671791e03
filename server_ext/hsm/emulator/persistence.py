"""Where the device's memory is kept: two files, encrypted at rest, replaced whole or not at all.

``objects`` (keys, options, identity) changes rarely; ``log`` changes with every audited command and holds no
key. Each file is ``magic ‖ salt ‖ nonce ‖ AES-256-GCM``, under scrypt of the passphrase; its name and header are
authenticated with it. A folder is open in one process at a time.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from server_ext.hsm.emulator.audit_log import AuditLog
from server_ext.hsm.emulator.state import DeviceState, state_from_bytes, state_to_bytes
from workbench.errors import ConflictError, SignerUnavailableError

__all__ = ["FileVault", "MemoryVault", "Vault"]

MAGIC = b"PACAI-SOFTWARE-HSM-1\n"
_SALT = 16
_NONCE = 12
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**15, 8, 1
"""32 MiB and about 0.1 s: the interactive parameters of RFC 7914 §2, doubled. The passphrase is random anyway."""


class Vault(Protocol):
    """What the device stores itself in."""

    def load(self) -> tuple[DeviceState, AuditLog] | None:
        """What was saved last, or None for a new device."""
        ...

    def save_state(self, state: DeviceState) -> None:
        """Keep ``state``; raises OSError when it cannot."""
        ...

    def save_log(self, log: AuditLog) -> None:
        """Keep ``log``; raises OSError when it cannot."""
        ...


class MemoryVault:
    """A device that forgets when it is switched off."""

    def load(self) -> tuple[DeviceState, AuditLog] | None:
        return None

    def save_state(self, state: DeviceState) -> None:
        return None

    def save_log(self, log: AuditLog) -> None:
        return None


class FileVault:
    """A folder of mode 0700 with the two encrypted files. A context manager; closing gives the folder free."""

    def __init__(self, folder: Path, passphrase: bytes, *, random: Callable[[int], bytes] = os.urandom) -> None:
        """Lock ``folder``, made when missing.

        Raises:
            ConflictError: another process has it open.
        """
        self._folder = folder
        self._passphrase = passphrase
        self._random = random
        self._keys: dict[bytes, AESGCM] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise ConflictError(f"a software YubiHSM is already running on {folder}") from error
        self._salt: bytes | None = None

    def close(self) -> None:
        os.close(self._lock)

    def __enter__(self) -> "FileVault":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load(self) -> tuple[DeviceState, AuditLog] | None:
        """Decrypt both files.

        Raises:
            SignerUnavailableError: the passphrase is wrong or a file is damaged or missing.
        """
        objects, log_bytes = self._read("objects"), self._read("log")
        log = None if log_bytes is None else _log_from_bytes(log_bytes)
        if objects is None and (log is None or log.is_unused):
            return None  # the log is written first; a crash between the two at the very first start lands here
        if objects is None or log is None:
            raise SignerUnavailableError(
                f"{self._folder} holds only half of the software YubiHSM's state; restore it from the backup"
            )
        return state_from_bytes(objects), log

    def save_state(self, state: DeviceState) -> None:
        self._write("objects", state_to_bytes(state))

    def save_log(self, log: AuditLog) -> None:
        self._write("log", _log_to_bytes(log))

    def _read(self, name: str) -> bytes | None:
        try:
            data = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        header, body = data[: len(MAGIC) + _SALT + _NONCE], data[len(MAGIC) + _SALT + _NONCE :]
        salt, nonce = header[len(MAGIC) : len(MAGIC) + _SALT], header[len(MAGIC) + _SALT :]
        try:
            if not header.startswith(MAGIC) or len(nonce) != _NONCE:
                raise InvalidTag
            clear = self._key(salt).decrypt(nonce, body, name.encode() + header)
        except InvalidTag as error:
            raise SignerUnavailableError(
                f"{self._folder / name} cannot be opened: the passphrase is another one or the file is damaged; "
                "restore both from the same backup"
            ) from error
        self._salt = salt
        return clear

    def _write(self, name: str, clear: bytes) -> None:
        if self._salt is None:
            self._salt = self._random(_SALT)
        nonce = self._random(_NONCE)
        header = MAGIC + self._salt + nonce
        sealed = header + self._key(self._salt).encrypt(nonce, clear, name.encode() + header)
        _replace(self._folder / name, sealed)

    def _key(self, salt: bytes) -> AESGCM:
        if salt not in self._keys:
            scrypt = Scrypt(salt=salt, length=32, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P)
            self._keys[salt] = AESGCM(scrypt.derive(self._passphrase))
        return self._keys[salt]


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that after a crash either the old or the new content is there."""
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _log_to_bytes(log: AuditLog) -> bytes:
    return json.dumps(
        {
            "entries": [entry.hex() for entry in log.entries],
            "number": log.number,
            "digest": log.digest.hex(),
            "boots": log.unlogged_boots,
            "sessions": log.unlogged_sessions,
        }
    ).encode()


def _log_from_bytes(data: bytes) -> AuditLog:
    document = json.loads(data)
    return AuditLog(
        tuple(bytes.fromhex(entry) for entry in document["entries"]),
        document["number"],
        bytes.fromhex(document["digest"]),
        document["boots"],
        document["sessions"],
    )
