"""Everything the device remembers across power cycles, as one immutable record and its bytes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import NameOID
from yubihsm.defs import ALGORITHM, AUDIT, OBJECT, ORIGIN
from yubihsm.utils import password_to_key

from server_ext.hsm.emulator.objects import ALL_CAPABILITIES, ALL_DOMAINS, Shelf, StoredObject

__all__ = [
    "DEFAULT_AUTH_KEY_ID",
    "DEFAULT_PASSWORD",
    "FIRST_SOFTWARE_SERIAL",
    "DeviceState",
    "Identity",
    "new_identity",
    "state_from_bytes",
    "state_to_bytes",
]

DEFAULT_AUTH_KEY_ID = 1
DEFAULT_PASSWORD = "password"  # noqa: S105 - documented factory default of every YubiHSM 2; provisioning removes it
DEFAULT_LABEL = b"DEFAULT AUTHKEY CHANGE THIS ASAP"
FIRST_SOFTWARE_SERIAL = 0xF000_0000
"""Serial numbers from here up say that the device is software; Yubico's have at most eight decimal digits."""
_ATTESTATION_SUBJECT = "Software YubiHSM attestation (no hardware)"
_CERTIFICATE_YEARS = (2020, 2070)


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """What a reset does not change."""

    serial: int
    device_key: ec.EllipticCurvePrivateKey
    """Static key of asymmetric session authentication."""
    attestation_key: ec.EllipticCurvePrivateKey
    attestation_certificate: bytes
    """DER; opaque object 0 of the device."""


@dataclass(frozen=True, slots=True, repr=False)
class DeviceState:
    identity: Identity
    shelf: Shelf
    force_audit: AUDIT = AUDIT.OFF
    command_audit: Mapping[int, AUDIT] = field(default_factory=dict)
    """Audit setting by command code; absent means off, as firmware 2.3.1 and later start."""

    @classmethod
    def factory(cls, identity: Identity) -> "DeviceState":
        """The state after a reset: only the default authentication key."""
        default = StoredObject(
            type=OBJECT.AUTHENTICATION_KEY,
            id=DEFAULT_AUTH_KEY_ID,
            algorithm=ALGORITHM.AES128_YUBICO_AUTHENTICATION,
            label=DEFAULT_LABEL,
            domains=ALL_DOMAINS,
            capabilities=ALL_CAPABILITIES,
            delegated=ALL_CAPABILITIES,
            origin=ORIGIN.IMPORTED,
            value=b"".join(password_to_key(DEFAULT_PASSWORD)),
            size=40,
        )
        return cls(identity, Shelf().with_new(default))


def new_identity(random: Callable[[int], bytes]) -> Identity:
    """A new software device: serial, keys and a self-signed certificate that says what it is."""
    serial = FIRST_SOFTWARE_SERIAL | (int.from_bytes(random(4), "big") & 0x0FFF_FFFF)
    attestation = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{_ATTESTATION_SUBJECT} {serial}")])
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in _CERTIFICATE_YEARS)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(attestation.public_key())
        .serial_number(int.from_bytes(random(8), "big") + 1)
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(attestation, hashes.SHA256())
    )
    device_key = ec.generate_private_key(ec.SECP256R1())
    return Identity(serial, device_key, attestation, certificate.public_bytes(Encoding.DER))


def state_to_bytes(state: DeviceState) -> bytes:
    """JSON of the whole state, keys in clear: for an encrypting vault only."""
    identity = state.identity
    document = {
        "serial": identity.serial,
        "device_key": _der(identity.device_key).hex(),
        "attestation_key": _der(identity.attestation_key).hex(),
        "attestation_certificate": identity.attestation_certificate.hex(),
        "force_audit": int(state.force_audit),
        "command_audit": [[code, int(value)] for code, value in state.command_audit.items()],
        "sequences": [[int(kind), number, last] for (kind, number), last in state.shelf.sequences.items()],
        "objects": [_object_fields(item) for item in state.shelf.objects.values()],
    }
    return json.dumps(document).encode()


def state_from_bytes(data: bytes) -> DeviceState:
    """Read what :func:`state_to_bytes` wrote; its authenticity is the vault's business."""
    document = json.loads(data)
    objects = [_object(fields) for fields in document["objects"]]
    return DeviceState(
        identity=Identity(
            document["serial"],
            _private(document["device_key"]),
            _private(document["attestation_key"]),
            bytes.fromhex(document["attestation_certificate"]),
        ),
        shelf=Shelf(
            {item.key: item for item in objects},
            {(OBJECT(kind), number): last for kind, number, last in document["sequences"]},
        ),
        force_audit=AUDIT(document["force_audit"]),
        command_audit={code: AUDIT(value) for code, value in document["command_audit"]},
    )


def _object_fields(item: StoredObject) -> dict[str, Any]:
    return {
        "type": int(item.type),
        "id": item.id,
        "algorithm": int(item.algorithm),
        "label": item.label.hex(),
        "domains": item.domains,
        "capabilities": item.capabilities,
        "delegated": item.delegated,
        "origin": int(item.origin),
        "sequence": item.sequence,
        "size": item.size,
        "value": item.value.hex(),
    }


def _object(fields: dict[str, Any]) -> StoredObject:
    return StoredObject(
        type=OBJECT(fields["type"]),
        id=fields["id"],
        algorithm=ALGORITHM(fields["algorithm"]),
        label=bytes.fromhex(fields["label"]),
        domains=fields["domains"],
        capabilities=fields["capabilities"],
        delegated=fields["delegated"],
        origin=ORIGIN(fields["origin"]),
        sequence=fields["sequence"],
        size=fields["size"],
        value=bytes.fromhex(fields["value"]),
    )


def _der(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    key = load_der_private_key(bytes.fromhex(text), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the device's own keys are elliptic-curve keys")
    return key
