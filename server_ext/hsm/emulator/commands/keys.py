"""Asymmetric keys: made, put in, read out (their public half), and used to sign."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from yubihsm.defs import ALGORITHM, CAPABILITY, COMMAND, ERROR, OBJECT, ORIGIN

from server_ext.hsm.emulator.commands.context import Command, Context, NewObject, read_type
from server_ext.hsm.emulator.objects import StoredObject
from server_ext.hsm.emulator.wire import DeviceError, Fields

__all__ = ["KEY_COMMANDS", "SIGNING_ALGORITHMS", "PrivateKey", "private_key"]

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey

_ED25519_BYTES = 32
_ED25519_SIZE = 128
"""Size that firmware 2.5 reports for an Ed25519 key; elliptic-curve keys take three field elements."""
_CURVES = (ALGORITHM.EC_P256, ALGORITHM.EC_P384, ALGORITHM.EC_P521, ALGORITHM.EC_K256)
SIGNING_ALGORITHMS = (*_CURVES, ALGORITHM.EC_ED25519)
_DIGESTS: dict[int, hashes.HashAlgorithm] = {
    20: hashes.SHA1(),  # noqa: S303 - the device signs any digest it is handed
    32: hashes.SHA256(),
    48: hashes.SHA384(),
    64: hashes.SHA512(),
}


def private_key(item: StoredObject) -> PrivateKey:
    """The key object behind a stored asymmetric key."""
    if item.algorithm is ALGORITHM.EC_ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(item.value)
    return ec.derive_private_key(int.from_bytes(item.value, "big"), item.algorithm.to_curve())


def _generate(context: Context, fields: Fields) -> bytes:
    head = NewObject.read(fields)
    if head.algorithm is ALGORITHM.EC_ED25519:
        raw = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    elif head.algorithm in _CURVES:
        key = ec.generate_private_key(head.algorithm.to_curve())
        raw = key.private_numbers().private_value.to_bytes(_scalar_bytes(head.algorithm), "big")
    else:
        raise DeviceError(ERROR.INVALID_DATA)
    return head.store(context, OBJECT.ASYMMETRIC_KEY, ORIGIN.GENERATED, raw, _size(head.algorithm))


def _put(context: Context, fields: Fields) -> bytes:
    head = NewObject.read(fields)
    raw = fields.take(_scalar_bytes(head.algorithm))
    fields.end()
    if head.algorithm in _CURVES:
        _check_scalar(raw, head.algorithm)
    return head.store(context, OBJECT.ASYMMETRIC_KEY, ORIGIN.IMPORTED, raw, _size(head.algorithm))


def _get_public(context: Context, fields: Fields) -> bytes:
    object_id = fields.u16()
    kind = read_type(fields.u8()) if fields.left else OBJECT.ASYMMETRIC_KEY
    if kind is not OBJECT.ASYMMETRIC_KEY:
        raise DeviceError(ERROR.INVALID_DATA)
    item = context.find(kind, object_id)
    public = private_key(item).public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        raw = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
    return bytes([item.algorithm]) + raw


def _sign_eddsa(context: Context, fields: Fields) -> bytes:
    item = context.find(OBJECT.ASYMMETRIC_KEY, fields.u16())
    item.require(CAPABILITY.SIGN_EDDSA)
    key = private_key(item)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise DeviceError(ERROR.INVALID_DATA)
    return key.sign(fields.rest())


def _sign_ecdsa(context: Context, fields: Fields) -> bytes:
    item = context.find(OBJECT.ASYMMETRIC_KEY, fields.u16())
    item.require(CAPABILITY.SIGN_ECDSA)
    key = private_key(item)
    digest = fields.rest()
    algorithm = _DIGESTS.get(len(digest))
    if not isinstance(key, ec.EllipticCurvePrivateKey) or algorithm is None:
        raise DeviceError(ERROR.INVALID_DATA)
    return key.sign(digest, ec.ECDSA(Prehashed(algorithm)))


def _scalar_bytes(algorithm: ALGORITHM) -> int:
    if algorithm is ALGORITHM.EC_ED25519:
        return _ED25519_BYTES
    if algorithm not in _CURVES:
        raise DeviceError(ERROR.INVALID_DATA)
    bits: int = algorithm.to_curve().key_size
    return (bits + 7) // 8


def _size(algorithm: ALGORITHM) -> int:
    return _ED25519_SIZE if algorithm is ALGORITHM.EC_ED25519 else 3 * _scalar_bytes(algorithm)


def _check_scalar(raw: bytes, algorithm: ALGORITHM) -> None:
    try:
        ec.derive_private_key(int.from_bytes(raw, "big"), algorithm.to_curve())
    except ValueError as error:
        raise DeviceError(ERROR.INVALID_DATA) from error


KEY_COMMANDS: dict[int, Command] = {
    COMMAND.GENERATE_ASYMMETRIC_KEY: Command(_generate, CAPABILITY.GENERATE_ASYMMETRIC_KEY),
    COMMAND.PUT_ASYMMETRIC_KEY: Command(_put, CAPABILITY.PUT_ASYMMETRIC),
    COMMAND.GET_PUBLIC_KEY: Command(_get_public),
    COMMAND.SIGN_EDDSA: Command(_sign_eddsa, CAPABILITY.SIGN_EDDSA),
    COMMAND.SIGN_ECDSA: Command(_sign_ecdsa, CAPABILITY.SIGN_ECDSA),
}
