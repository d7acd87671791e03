"""Attestation: a certificate in which one key of the device describes another.

The extensions are Yubico's (arc 1.3.6.1.4.1.41482.4): firmware, serial, origin, domains, capabilities, id, label.
Issuer and validity come from the certificate stored under the attesting key's id; key 0 is the device's own.
"""

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from yubihsm.defs import ALGORITHM, CAPABILITY, COMMAND, ERROR, OBJECT

from server_ext.hsm.emulator.commands.administration import FIRMWARE
from server_ext.hsm.emulator.commands.context import Command, Context
from server_ext.hsm.emulator.commands.keys import PrivateKey, private_key
from server_ext.hsm.emulator.objects import StoredObject
from server_ext.hsm.emulator.wire import DeviceError, Fields

__all__ = ["ATTESTATION_COMMANDS"]

_ARC = "1.3.6.1.4.1.41482.4"
_OCTETS, _INTEGER, _BITS, _UTF8 = 0x04, 0x02, 0x03, 0x0C
"""ASN.1 tags (X.690 §8)."""
_SERIAL_BYTES = 8


def _attest(context: Context, fields: Fields) -> bytes:
    item = context.find(OBJECT.ASYMMETRIC_KEY, fields.u16())
    key, template = _attester(context, fields.u16())
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(f"YubiHSM Attestation id:{item.id:#06x}"))
        .issuer_name(template.subject)
        .public_key(private_key(item).public_key())
        .serial_number(int.from_bytes(context.random(_SERIAL_BYTES), "big") + 1)
        .not_valid_before(template.not_valid_before_utc)
        .not_valid_after(template.not_valid_after_utc)
    )
    for number, value in _extensions(item, context.state.identity.serial):
        oid = x509.ObjectIdentifier(f"{_ARC}.{number}")
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, value), critical=False)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)


def _attester(context: Context, key_id: int) -> tuple[PrivateKey, x509.Certificate]:
    identity = context.state.identity
    if key_id == 0:
        return identity.attestation_key, x509.load_der_x509_certificate(identity.attestation_certificate)
    item = context.find(OBJECT.ASYMMETRIC_KEY, key_id)
    item.require(CAPABILITY.SIGN_ATTESTATION_CERTIFICATE)
    template = context.state.shelf.find(OBJECT.OPAQUE, key_id, context.authority.domains)
    if template.algorithm is not ALGORITHM.OPAQUE_X509_CERTIFICATE:
        raise DeviceError(ERROR.INVALID_DATA)
    try:
        return private_key(item), x509.load_der_x509_certificate(template.value)
    except ValueError as error:
        raise DeviceError(ERROR.INVALID_DATA) from error


def _extensions(item: StoredObject, serial: int) -> list[tuple[int, bytes]]:
    return [
        (1, _der(_OCTETS, bytes(FIRMWARE))),
        (2, _integer(serial)),
        (3, _bits(item.origin, 1)),
        (4, _bits(item.domains, 2)),
        (5, _bits(item.capabilities, 8)),
        (6, _integer(item.id)),
        (9, _der(_UTF8, item.label)),
    ]


def _der(tag: int, value: bytes) -> bytes:
    return bytes([tag, len(value)]) + value


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _bits(value: int, count: int) -> bytes:
    return _der(_BITS, b"\0" + value.to_bytes(count, "big"))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


ATTESTATION_COMMANDS: dict[int, Command] = {
    COMMAND.SIGN_ATTESTATION_CERTIFICATE: Command(_attest, CAPABILITY.SIGN_ATTESTATION_CERTIFICATE),
}
