"""The device itself: information, log, options, random bytes, storage, light, reset."""

import struct
from collections.abc import Mapping
from dataclasses import replace

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from yubihsm.defs import ALGORITHM, AUDIT, CAPABILITY, COMMAND, ERROR, OPTION

from server_ext.hsm.emulator.audit_log import CAPACITY
from server_ext.hsm.emulator.commands.context import Command, Context
from server_ext.hsm.emulator.commands.keys import SIGNING_ALGORITHMS
from server_ext.hsm.emulator.commands.wrapping import WRAP_ALGORITHMS
from server_ext.hsm.emulator.objects import MAX_OBJECTS, PAGE_BYTES, PAGES
from server_ext.hsm.emulator.wire import MAX_MESSAGE, DeviceError, Fields

__all__ = ["ADMINISTRATION_COMMANDS", "FIRMWARE", "OPEN_COMMANDS", "PART_NUMBER"]

FIRMWARE = (2, 4, 1)
PART_NUMBER = b"SOFTWARE"
"""Second page of GET DEVICE INFO: a chip's part number on hardware."""
ALGORITHMS = (
    *SIGNING_ALGORITHMS,
    *WRAP_ALGORITHMS,
    ALGORITHM.OPAQUE_DATA,
    ALGORITHM.OPAQUE_X509_CERTIFICATE,
    ALGORITHM.AES128_YUBICO_AUTHENTICATION,
    ALGORITHM.EC_P256_YUBICO_AUTHENTICATION,
    ALGORITHM.EC_ECDSA_SHA1,
    ALGORITHM.EC_ECDSA_SHA256,
    ALGORITHM.EC_ECDSA_SHA384,
    ALGORITHM.EC_ECDSA_SHA512,
)
"""What this device does, and nothing that it does not."""
_MAX_RANDOM = MAX_MESSAGE - 64
"""Random bytes that fit an encrypted response with its head, padding and MAC."""


def _echo(context: Context, fields: Fields) -> bytes:
    return fields.rest()


def _device_info(context: Context, fields: Fields) -> bytes:
    page = fields.u8() if fields.left else 0
    if page == 1:
        return PART_NUMBER
    if page != 0:
        raise DeviceError(ERROR.INVALID_DATA)
    head = struct.pack("!3BIBB", *FIRMWARE, context.state.identity.serial, CAPACITY, len(context.log.entries))
    return head + bytes(ALGORITHMS)


def _device_public_key(context: Context, fields: Fields) -> bytes:
    public = context.state.identity.device_key.public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return bytes([ALGORITHM.EC_P256_YUBICO_AUTHENTICATION]) + point[1:]


def _storage_info(context: Context, fields: Fields) -> bytes:
    shelf = context.state.shelf
    return struct.pack("!5H", MAX_OBJECTS, shelf.free_records, PAGES, shelf.free_pages, PAGE_BYTES)


def _random(context: Context, fields: Fields) -> bytes:
    count = fields.u16()
    if count > _MAX_RANDOM:
        raise DeviceError(ERROR.INVALID_DATA)
    return context.random(count)


def _get_log(context: Context, fields: Fields) -> bytes:
    return context.log.report()


def _set_log_index(context: Context, fields: Fields) -> bytes:
    consumed = context.log.consumed_to(fields.u16())
    if consumed is None:
        raise DeviceError(ERROR.INVALID_DATA)
    context.log = consumed
    return b""


def _get_option(context: Context, fields: Fields) -> bytes:
    match fields.u8():
        case OPTION.FORCE_AUDIT:
            return bytes([context.state.force_audit])
        case OPTION.COMMAND_AUDIT:
            audit = context.state.command_audit
            return b"".join(bytes([code, audit.get(code, AUDIT.OFF)]) for code in _auditable())
        case OPTION.ALGORITHM_TOGGLE:
            return b"".join(bytes([algorithm, 1]) for algorithm in ALGORITHMS)
        case _:
            raise DeviceError(ERROR.INVALID_DATA)


def _set_option(context: Context, fields: Fields) -> bytes:
    option = fields.u8()
    value = fields.take(fields.u16())
    match option:
        case OPTION.FORCE_AUDIT if len(value) == 1:
            new = _audit_change(context.state.force_audit, value[0])
            context.state = replace(context.state, force_audit=new)
        case OPTION.COMMAND_AUDIT if value and len(value) % 2 == 0:
            context.state = replace(context.state, command_audit=_command_audit(context.state.command_audit, value))
        case _:
            raise DeviceError(ERROR.INVALID_DATA)
    return b""


def _command_audit(old: Mapping[int, AUDIT], pairs: bytes) -> dict[int, AUDIT]:
    new = dict(old)
    for code, value in zip(pairs[::2], pairs[1::2], strict=True):
        if code not in _auditable():
            raise DeviceError(ERROR.INVALID_DATA)
        new[code] = _audit_change(new.get(code, AUDIT.OFF), value)
    return new


def _audit_change(old: AUDIT, value: int) -> AUDIT:
    """FIXED stays until a reset."""
    try:
        new = AUDIT(value)
    except ValueError as error:
        raise DeviceError(ERROR.INVALID_DATA) from error
    if old is AUDIT.FIXED and new is not AUDIT.FIXED:
        raise DeviceError(ERROR.INSUFFICIENT_PERMISSIONS)
    return new


def _auditable() -> list[int]:
    return sorted(int(command) for command in COMMAND if command is not COMMAND.ERROR)


def _blink(context: Context, fields: Fields) -> bytes:
    fields.u8()  # seconds; there is no light to blink
    return b""


def _reset(context: Context, fields: Fields) -> bytes:
    context.wants_reset = True
    return b""


def _close(context: Context, fields: Fields) -> bytes:
    context.wants_close = True
    return b""


OPEN_COMMANDS: dict[int, Command] = {
    COMMAND.ECHO: Command(_echo),
    COMMAND.DEVICE_INFO: Command(_device_info),
    COMMAND.GET_DEVICE_PUBLIC_KEY: Command(_device_public_key),
}
"""Answered without a session, too."""

ADMINISTRATION_COMMANDS: dict[int, Command] = {
    **OPEN_COMMANDS,
    COMMAND.CLOSE_SESSION: Command(_close),
    COMMAND.GET_STORAGE_INFO: Command(_storage_info),
    COMMAND.GET_PSEUDO_RANDOM: Command(_random, CAPABILITY.GET_PSEUDO_RANDOM),
    COMMAND.GET_LOG_ENTRIES: Command(_get_log, CAPABILITY.GET_LOG_ENTRIES),
    COMMAND.SET_LOG_INDEX: Command(_set_log_index, CAPABILITY.GET_LOG_ENTRIES),
    COMMAND.GET_OPTION: Command(_get_option, CAPABILITY.GET_OPTION),
    COMMAND.SET_OPTION: Command(_set_option, CAPABILITY.SET_OPTION),
    COMMAND.BLINK_DEVICE: Command(_blink),
    COMMAND.RESET_DEVICE: Command(_reset, CAPABILITY.RESET_DEVICE),
}
