"""``provenance.json``: an in-toto Statement about MANIFEST, signed in a DSSE envelope.

Formats: in-toto Attestation Framework, Statement v1 (payload type ``application/vnd.in-toto+json``), and
DSSE v1.0.2, both read by stock supply-chain tools. The payload is RFC 8785 bytes, so the same facts are
the same statement; it is at most 1.5 KB, because it is handed to a hardware module whole.

The statement says what a reader of MANIFEST cannot see from the files: which scenario, engine and target,
what kind of device held the key, when it signed, and whether the package was made under an evaluation.
"""

import base64
import binascii
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workbench.allowed_signers import SshPublicKey
from workbench.canonical import Digest, canonical_bytes
from workbench.errors import CanonicalError, SignatureFormatError, VerificationError

__all__ = [
    "MAX_STATEMENT_BYTES",
    "PAYLOAD_TYPE",
    "PREDICATE_TYPE",
    "Envelope",
    "Facts",
    "envelope",
    "pae",
    "parse_envelope",
    "parse_statement",
    "statement",
]

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "urn:pacai:release:1"
MAX_STATEMENT_BYTES: Final = 1536
"""With the DSSE prefix (about 50 bytes) well below the 2,019 bytes that every signer takes."""
MAX_ENVELOPE_BYTES: Final = 16_384
_ED25519_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Facts:
    """What a release statement says."""

    manifest_sha256: Digest
    scenario_sha256: Digest
    """Digest of the canonical bytes of ``scenario.json``."""
    title: str
    target: str
    engine_version: str
    """Version of the scenario engine that the recipe names."""
    workbench_version: str
    signer_kind: str
    """``yubihsm2``, ``pkcs11`` or ``software``."""
    signer_serial: str
    signer_key_id: str
    """Object id in the device, hexadecimal, such as ``0x1234``."""
    principal: str
    """The name under which the key stands in ``allowed_signers``."""
    signed_at: str
    """UTC, ``YYYY-MM-DDThh:mm:ssZ``, by the clock of the signing machine."""
    evaluation: bool
    """Made without a licence: not for operational use."""


@dataclass(frozen=True, slots=True)
class Envelope:
    payload: bytes
    key_id: str
    signature: bytes

    def verify(self, public_key: SshPublicKey) -> None:
        """Check that ``public_key`` is the one named and that it signed the payload.

        Raises:
            VerificationError: the signature is not of this payload by this key.
        """
        if self.key_id != public_key.fingerprint:
            raise VerificationError(f"provenance.json names the key {self.key_id}, not {public_key.fingerprint}")
        try:
            _verify(public_key.raw, self.signature, pae(self.payload))
        except (InvalidSignature, ValueError) as error:
            raise VerificationError("provenance.json does not carry a signature of its content by its key") from error


def _verify(raw_key: bytes, signature: bytes, message: bytes) -> None:
    if len(raw_key) == _ED25519_KEY_BYTES:
        Ed25519PublicKey.from_public_bytes(raw_key).verify(signature, message)
    else:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw_key)
        point.verify(signature, message, ec.ECDSA(hashes.SHA256()))


def statement(facts: Facts) -> bytes:
    """RFC 8785 bytes of the in-toto Statement.

    Raises:
        VerificationError: the facts do not fit in :data:`MAX_STATEMENT_BYTES`.
    """
    predicate = asdict(facts)
    subject = {"name": "MANIFEST", "digest": {"sha256": predicate.pop("manifest_sha256")}}
    document = {
        "_type": STATEMENT_TYPE,
        "subject": [subject],
        "predicateType": PREDICATE_TYPE,
        "predicate": predicate,
    }
    payload = canonical_bytes(document)
    if len(payload) > MAX_STATEMENT_BYTES:
        raise VerificationError(f"the statement has {len(payload)} bytes; at most {MAX_STATEMENT_BYTES} are signed")
    return payload


def pae(payload: bytes) -> bytes:
    """The pre-authentication encoding that is signed (DSSE v1, "protocol")."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def envelope(payload: bytes, key_id: str, signature: bytes) -> bytes:
    """The bytes of ``provenance.json``."""
    signatures = [{"keyid": key_id, "sig": base64.b64encode(signature).decode()}]
    document = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": signatures,
    }
    return canonical_bytes(document) + b"\n"


def parse_envelope(data: bytes) -> Envelope:
    """Read ``provenance.json``; only the exact bytes that :func:`envelope` writes are accepted.

    Raises:
        SignatureFormatError: not JSON, another payload type, not one signature, or not canonical.
    """
    if len(data) > MAX_ENVELOPE_BYTES:
        raise SignatureFormatError(f"provenance.json has {len(data)} bytes; at most {MAX_ENVELOPE_BYTES} are read")
    try:
        document = orjson.loads(data)
        (signature,) = document["signatures"]
        if document["payloadType"] != PAYLOAD_TYPE:
            raise SignatureFormatError(f"provenance.json holds {document['payloadType']!r}, not {PAYLOAD_TYPE!r}")
        parsed = Envelope(
            payload=base64.b64decode(document["payload"], validate=True),
            key_id=str(signature["keyid"]),
            signature=base64.b64decode(signature["sig"], validate=True),
        )
        canonical = envelope(parsed.payload, parsed.key_id, parsed.signature)
    except (ValueError, KeyError, TypeError, binascii.Error, CanonicalError) as error:
        raise SignatureFormatError(f"provenance.json is not a DSSE envelope with one signature: {error}") from error
    if canonical != data:
        raise SignatureFormatError("provenance.json is not in its canonical form (RFC 8785, one line feed)")
    return parsed


def parse_statement(payload: bytes) -> Facts:
    """The facts that a statement says.

    Raises:
        SignatureFormatError: not a Statement v1 of this product in canonical form.
    """
    try:
        document = orjson.loads(payload)
        (subject,) = document["subject"]
        facts = _facts(document["predicate"], subject["digest"]["sha256"])
        canonical = statement(facts)
    except (ValueError, KeyError, TypeError, CanonicalError, VerificationError) as error:
        raise SignatureFormatError(f"the payload of provenance.json is not a release statement: {error}") from error
    if canonical != payload:
        raise SignatureFormatError("the payload of provenance.json is not the canonical release statement")
    return facts


def _facts(predicate: dict[str, Any], manifest_sha256: Any) -> Facts:
    facts = Facts(manifest_sha256=manifest_sha256, **predicate)
    for field in fields(facts):
        value = getattr(facts, field.name)
        if type(value) is not (bool if field.name == "evaluation" else str):
            raise TypeError(f"{field.name} is {value!r}")
    datetime.strptime(facts.signed_at, "%Y-%m-%dT%H:%M:%SZ")
    return facts
