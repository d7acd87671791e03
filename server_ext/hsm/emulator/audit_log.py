"""The device's own log: 62 entries in a hash chain, circular unless an audit is forced.

Entry: ``number command length session-key target second result tick digest`` (``!HBHHHHBL16s``); the digest is
SHA-256 of the entry and the previous digest, cut to 16 bytes. A fresh device starts with an entry of ones, whose
digest is random, and a boot entry.
"""

import hashlib
import struct
from dataclasses import dataclass, replace

from yubihsm.defs import COMMAND

__all__ = ["CAPACITY", "LOG_COMMANDS", "SESSION_COMMANDS", "AuditLog", "LogRecord"]

CAPACITY = 62
_BODY = struct.Struct("!HBHHHHBL")
_DIGEST_BYTES = 16
_NOBODY = 0xFFFF
_INIT = 0xFF
_BOOT = 0x00


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One executed command."""

    command: int
    length: int
    session_key: int = _NOBODY
    target: int = 0
    second: int = 0
    result: int = 0


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The entries that were not yet consumed; changes make a new log."""

    entries: tuple[bytes, ...] = ()
    number: int = 0
    """Of the last entry, modulo 2^16."""
    digest: bytes = bytes(_DIGEST_BYTES)
    unlogged_boots: int = 0
    unlogged_sessions: int = 0

    @classmethod
    def fresh(cls, seed: bytes) -> "AuditLog":
        """The log after a reset: the entry of ones and the boot."""
        ones = _BODY.pack(1, _INIT, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFF, 0xFFFFFFFF)
        digest = hashlib.sha256(seed).digest()[:_DIGEST_BYTES]
        return cls((ones + digest,), 1, digest).with_boot(forced=False)

    @property
    def is_unused(self) -> bool:
        """Nothing but the reset and the first boot was ever recorded."""
        return self.number == 2

    @property
    def is_full(self) -> bool:
        return len(self.entries) >= CAPACITY

    def with_record(self, record: LogRecord, *, tick: int = 0) -> "AuditLog":
        """Append, ``tick`` milliseconds after the boot; the oldest entry makes room when the store is full."""
        number = (self.number + 1) & 0xFFFF
        body = _BODY.pack(
            number,
            record.command,
            record.length,
            record.session_key,
            record.target,
            record.second,
            record.result,
            tick & 0xFFFFFFFF,
        )
        digest = hashlib.sha256(body + self.digest).digest()[:_DIGEST_BYTES]
        entries = (*self.entries[-(CAPACITY - 1) :], body + digest)
        return replace(self, entries=entries, number=number, digest=digest)

    def with_boot(self, *, forced: bool) -> "AuditLog":
        if forced and self.is_full:
            return replace(self, unlogged_boots=min(self.unlogged_boots + 1, 0xFFFF))
        return self.with_record(LogRecord(_BOOT, 0))

    def with_unlogged_session(self) -> "AuditLog":
        return replace(self, unlogged_sessions=min(self.unlogged_sessions + 1, 0xFFFF))

    def consumed_to(self, index: int) -> "AuditLog | None":
        """Free the entries up to number ``index``; None when there is no such entry."""
        numbers = [_BODY.unpack(entry[: _BODY.size])[0] for entry in self.entries]
        if index not in numbers:
            return None
        kept = self.entries[numbers.index(index) + 1 :]
        return replace(self, entries=kept, unlogged_boots=0, unlogged_sessions=0)

    def report(self) -> bytes:
        """The data of GET LOG ENTRIES."""
        head = struct.pack("!HHB", self.unlogged_boots, self.unlogged_sessions, len(self.entries))
        return head + b"".join(self.entries)


SESSION_COMMANDS = frozenset({COMMAND.CREATE_SESSION, COMMAND.AUTHENTICATE_SESSION, COMMAND.SESSION_MESSAGE})
"""Always allowed, even with a full log under forced audit, so that the log can be read (docs, "Logging")."""
LOG_COMMANDS = frozenset({COMMAND.GET_LOG_ENTRIES, COMMAND.SET_LOG_INDEX, COMMAND.CLOSE_SESSION})
