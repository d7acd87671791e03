"""Frames of the YubiHSM 2: ``command(1) length(2) data``, answered by ``command|0x80`` or ``7f 0001 code``.

Source: docs.yubico.com, "YubiHSM 2 Commands"; code values from ``yubihsm.h`` through ``yubihsm.defs``.

>>> parse_frame(bytes.fromhex("060000")).command == COMMAND.DEVICE_INFO
True
>>> error_reply(ERROR.WRONG_LENGTH).hex()
'7f000108'
"""

import struct
from dataclasses import dataclass

from yubihsm.defs import COMMAND, ERROR

__all__ = ["MAX_MESSAGE", "DeviceError", "Fields", "Frame", "error_reply", "parse_frame", "reply"]

MAX_MESSAGE = 3136
"""YH_MSG_BUF_SIZE of firmware 2.4 and later (yubihsm.h)."""
REPLY_BIT = 0x80
HEADER = struct.Struct("!BH")


class DeviceError(Exception):
    """A command failed with an error code of the device. It never leaves the device but as that code."""

    def __init__(self, code: ERROR) -> None:
        super().__init__(code.name)
        self.code = code


@dataclass(frozen=True, slots=True)
class Frame:
    command: int
    data: bytes


def parse_frame(message: bytes, *, exact: bool = True) -> Frame:
    """Read one frame; ``exact=False`` lets padding follow.

    Raises:
        DeviceError: WRONG_LENGTH when the length field and the message disagree.
    """
    if not HEADER.size <= len(message) <= MAX_MESSAGE:
        raise DeviceError(ERROR.WRONG_LENGTH)
    command, length = HEADER.unpack_from(message)
    end = HEADER.size + length
    if end > len(message) or (exact and end != len(message)):
        raise DeviceError(ERROR.WRONG_LENGTH)
    return Frame(command, message[HEADER.size : end])


def reply(command: int, data: bytes = b"") -> bytes:
    return HEADER.pack(command | REPLY_BIT, len(data)) + data


def error_reply(code: ERROR) -> bytes:
    return HEADER.pack(COMMAND.ERROR, 1) + bytes([code])


class Fields:
    """Reads the data of a command field by field; too short or too long is WRONG_LENGTH."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise DeviceError(ERROR.WRONG_LENGTH)
        self._at += count
        return self._data[self._at - count : self._at]

    def u8(self) -> int:
        return self.take(1)[0]

    def u16(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def u64(self) -> int:
        return int.from_bytes(self.take(8), "big")

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def end(self) -> None:
        if self.left:
            raise DeviceError(ERROR.WRONG_LENGTH)
