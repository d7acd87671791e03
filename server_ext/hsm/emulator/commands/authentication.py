"""Authentication keys: who may open a session, and with which rights."""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric import ec
from yubihsm.defs import ALGORITHM, CAPABILITY, COMMAND, ERROR, OBJECT, ORIGIN

from server_ext.hsm.emulator.commands.context import (
    Command,
    Context,
    NewObject,
    change_shelf,
    read_algorithm,
)
from server_ext.hsm.emulator.wire import DeviceError, Fields

__all__ = ["AUTHENTICATION_COMMANDS"]

_VALUE_BYTES = {
    ALGORITHM.AES128_YUBICO_AUTHENTICATION: 32,  # K-ENC‖K-MAC
    ALGORITHM.EC_P256_YUBICO_AUTHENTICATION: 64,  # x‖y
}
_OVERHEAD = 8
"""Firmware 2.5 reports 40 and 72 bytes: the key and its delegated capabilities."""


def _put(context: Context, fields: Fields) -> bytes:
    head = NewObject.read(fields, delegated=True)
    value = _read_value(fields, head.algorithm)
    return head.store(context, OBJECT.AUTHENTICATION_KEY, ORIGIN.IMPORTED, value, len(value) + _OVERHEAD)


def _change(context: Context, fields: Fields) -> bytes:
    """Replace the key of this session's own authentication key."""
    object_id = fields.u16()
    value = _read_value(fields, read_algorithm(fields.u8()))
    item = context.find(OBJECT.AUTHENTICATION_KEY, object_id)
    if object_id != context.authority.key_id:
        raise DeviceError(ERROR.INVALID_ID)
    if len(value) != len(item.value):
        raise DeviceError(ERROR.INVALID_DATA)
    change_shelf(context, context.state.shelf.with_changed(replace(item, value=value)))
    return object_id.to_bytes(2, "big")


def _read_value(fields: Fields, algorithm: ALGORITHM) -> bytes:
    if algorithm not in _VALUE_BYTES:
        raise DeviceError(ERROR.INVALID_DATA)
    value = fields.take(_VALUE_BYTES[algorithm])
    fields.end()
    if algorithm is ALGORITHM.EC_P256_YUBICO_AUTHENTICATION:
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + value)
        except ValueError as error:
            raise DeviceError(ERROR.INVALID_DATA) from error
    return value


AUTHENTICATION_COMMANDS: dict[int, Command] = {
    COMMAND.PUT_AUTHENTICATION_KEY: Command(_put, CAPABILITY.PUT_AUTHENTICATION_KEY),
    COMMAND.CHANGE_AUTHENTICATION_KEY: Command(_change, CAPABILITY.CHANGE_AUTHENTICATION_KEY),
}
