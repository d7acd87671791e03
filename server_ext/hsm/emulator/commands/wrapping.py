"""Wrap keys: AES-CCM of data under a key that never leaves the device."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from yubihsm.defs import ALGORITHM, CAPABILITY, COMMAND, ERROR, OBJECT, ORIGIN

from server_ext.hsm.emulator.commands.context import Command, Context, NewObject
from server_ext.hsm.emulator.wire import DeviceError, Fields

__all__ = ["WRAP_ALGORITHMS", "WRAP_COMMANDS"]

_NONCE_BYTES = 13
_MAC_BYTES = 16
"""Response of WRAP DATA: 13-byte nonce, ciphertext, 16-byte MAC (docs.yubico.com, same command)."""
_OVERHEAD = 8
_KEY_BYTES = {
    ALGORITHM.AES128_CCM_WRAP: 16,
    ALGORITHM.AES192_CCM_WRAP: 24,
    ALGORITHM.AES256_CCM_WRAP: 32,
}
WRAP_ALGORITHMS = tuple(_KEY_BYTES)


def _generate(context: Context, fields: Fields) -> bytes:
    head = NewObject.read(fields, delegated=True)
    count = _key_bytes(head.algorithm)
    value = context.random(count)
    return head.store(context, OBJECT.WRAP_KEY, ORIGIN.GENERATED, value, count + _OVERHEAD)


def _put(context: Context, fields: Fields) -> bytes:
    head = NewObject.read(fields, delegated=True)
    count = _key_bytes(head.algorithm)
    value = fields.take(count)
    return head.store(context, OBJECT.WRAP_KEY, ORIGIN.IMPORTED, value, count + _OVERHEAD)


def _wrap(context: Context, fields: Fields) -> bytes:
    item = context.find(OBJECT.WRAP_KEY, fields.u16())
    item.require(CAPABILITY.WRAP_DATA)
    nonce = context.random(_NONCE_BYTES)
    return nonce + AESCCM(item.value, tag_length=_MAC_BYTES).encrypt(nonce, fields.rest(), None)


def _unwrap(context: Context, fields: Fields) -> bytes:
    item = context.find(OBJECT.WRAP_KEY, fields.u16())
    item.require(CAPABILITY.UNWRAP_DATA)
    nonce, sealed = fields.take(_NONCE_BYTES), fields.rest()
    if len(sealed) < _MAC_BYTES:
        raise DeviceError(ERROR.WRONG_LENGTH)
    try:
        return AESCCM(item.value, tag_length=_MAC_BYTES).decrypt(nonce, sealed, None)
    except InvalidTag as error:
        raise DeviceError(ERROR.INVALID_DATA) from error


def _key_bytes(algorithm: ALGORITHM) -> int:
    if algorithm not in _KEY_BYTES:
        raise DeviceError(ERROR.INVALID_DATA)
    return _KEY_BYTES[algorithm]


WRAP_COMMANDS: dict[int, Command] = {
    COMMAND.GENERATE_WRAP_KEY: Command(_generate, CAPABILITY.GENERATE_WRAP_KEY),
    COMMAND.PUT_WRAP_KEY: Command(_put, CAPABILITY.PUT_WRAP_KEY),
    COMMAND.WRAP_DATA: Command(_wrap, CAPABILITY.WRAP_DATA),
    COMMAND.UNWRAP_DATA: Command(_unwrap, CAPABILITY.UNWRAP_DATA),
}
