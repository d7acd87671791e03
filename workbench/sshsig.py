"""SSHSIG: detached signatures that ``ssh-keygen -Y verify`` checks, with nothing of ours on the other side.

The format is OpenSSH's ``PROTOCOL.sshsig``, version 1. What is signed is a small block around the SHA-512 of
the message, about 105 bytes whatever the message's size, so it fits every token. Rules kept here:

1. Ed25519 and ECDSA P-256 only; one key, one namespace, one signature per file.
2. Armor is canonical: 70 columns, LF, nothing before or after. What parses is byte for byte what we would write.
3. A validity window is never guessed: a key limited in time verifies only at a stated time.

>>> blob = signed_data("release@pacai", b"MANIFEST bytes")
>>> len(blob)
105

The signer signs ``blob``; ``armor(public_key, "release@pacai", signature)`` is the ``.sig`` file.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from workbench.allowed_signers import AllowedSigner, AllowedSigners, SshPublicKey
from workbench.errors import SignatureFormatError, VerificationError
from workbench.sshwire import WireReader, mpint, string

__all__ = [
    "AllowedSigner",
    "AllowedSigners",
    "SshPublicKey",
    "SshSignature",
    "armor",
    "openssh_public_key",
    "parse",
    "signed_data",
    "verify",
]

MAGIC = b"SSHSIG"
VERSION = 1
HASH_ALGORITHM = "sha512"
"""What ``ssh-keygen -Y sign`` uses by default; ``sha256`` is read too (PROTOCOL.sshsig §2)."""

_HASHES: dict[str, Callable[[], "hashlib._Hash"]] = {"sha512": hashlib.sha512, "sha256": hashlib.sha256}
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_COLUMNS = 70
"""Base64 line length that OpenSSH writes (sshbuf_dtob64 in sshsig.c)."""
_MAX_ARMOR = 4096
"""The largest armor of the two key kinds is under 700 characters."""
_CHUNK = 1 << 20
_ED25519_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SshSignature:
    """What an SSHSIG file says, not yet believed."""

    public_key: SshPublicKey
    namespace: str
    hash_algorithm: str
    signature: bytes
    """64 bytes for Ed25519, DER for ECDSA P-256."""


def signed_data(namespace: str, message: bytes | BinaryIO | None = None, *, sha512: bytes | None = None) -> bytes:
    """The block that the signer signs: for a message or stream, or for a SHA-512 already computed.

    Raises:
        SignatureFormatError: an empty or unprintable namespace, or a digest that is not 64 bytes.
    """
    if (message is None) == (sha512 is None):
        raise SignatureFormatError("signed_data needs either a message or its sha512, not both or neither")
    digest = sha512 if message is None else _digest(message, HASH_ALGORITHM)
    if digest is None or len(digest) != hashlib.sha512().digest_size:
        raise SignatureFormatError(f"a SHA-512 digest has 64 bytes, got {len(digest or b'')}")
    return _block(namespace, HASH_ALGORITHM, digest)


def armor(public_key: bytes, namespace: str, signature: bytes) -> str:
    """The text of a ``.sig`` file.

    Args:
        public_key: 32 bytes (Ed25519) or the uncompressed 65-byte point (P-256).
        namespace: what the signature is for, such as ``release@pacai``.
        signature: 64 bytes (Ed25519) or DER (ECDSA over SHA-256), as a signer returns it.

    Raises:
        SignatureFormatError: one of them has not that form.
    """
    key = SshPublicKey.from_raw(public_key)
    return _armor(SshSignature(key, _checked_namespace(namespace), HASH_ALGORITHM, signature))


def parse(text: str) -> SshSignature:
    """Read an armored signature.

    Raises:
        SignatureFormatError: not an SSHSIG of a supported kind, or not in canonical armor.
    """
    if len(text) > _MAX_ARMOR:
        raise SignatureFormatError(f"an SSH signature has at most {_MAX_ARMOR} characters, got {len(text)}")
    lines = text.split("\n")
    if len(lines) < 4 or lines[0] != _BEGIN or lines[-2] != _END or lines[-1] != "":
        raise SignatureFormatError(f"an SSH signature starts with {_BEGIN!r} and ends with {_END!r} and a newline")
    try:
        blob = base64.b64decode("".join(lines[1:-2]), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureFormatError(f"the SSH signature is not base64: {error}") from error
    found = _parse_blob(blob)
    if _armor(found) != text:
        raise SignatureFormatError("the SSH signature is not in canonical armor; write it again with ssh-keygen")
    return found


def verify(
    text: str,
    message: bytes | BinaryIO,
    namespace: str,
    allowed: AllowedSigners,
    *,
    principal: str | None = None,
    at: datetime | None = None,
) -> AllowedSigner:
    """The allowed signer who signed ``message`` in ``namespace``.

    Args:
        text: the armored signature.
        message: the signed bytes, or a stream of them, read once.
        namespace: the one this use expects.
        allowed: keys that may sign, and what for.
        principal: who must have signed; any principal in ``allowed`` when None.
        at: aware time at which the key must have been valid; needed only for keys limited in time.

    Raises:
        SignatureFormatError: the signature cannot be parsed.
        VerificationError: it is no signature of this message in this namespace by an allowed key.
    """
    found = parse(text)
    if found.namespace != namespace:
        raise VerificationError(f"the signature is for namespace {found.namespace!r}, expected {namespace!r}")
    signer = allowed.find(found.public_key, namespace=namespace, principal=principal, at=at)
    block = _block(namespace, found.hash_algorithm, _digest(message, found.hash_algorithm))
    try:
        _verify_raw(found, block)
    except InvalidSignature as error:
        raise VerificationError(
            f"the signature does not match the data (key {found.public_key.fingerprint}); "
            "the data or the signature was changed"
        ) from error
    return signer


def openssh_public_key(public_key: bytes, comment: str = "") -> str:
    """The one-line public key, ``ssh-ed25519 AAAA… comment``, of a raw key.

    Raises:
        SignatureFormatError: not 32 bytes and not a P-256 point, or a comment with a line break.
    """
    return SshPublicKey.from_raw(public_key).line(comment)


def _verify_raw(found: SshSignature, block: bytes) -> None:
    raw = found.public_key.raw
    if len(raw) == _ED25519_KEY_BYTES:
        ed25519.Ed25519PublicKey.from_public_bytes(raw).verify(found.signature, block)
    else:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
        key.verify(found.signature, block, ec.ECDSA(hashes.SHA256()))


def _digest(message: bytes | BinaryIO, algorithm: str) -> bytes:
    state = _HASHES[algorithm]()
    if isinstance(message, bytes | bytearray | memoryview):
        state.update(message)
    else:
        while chunk := message.read(_CHUNK):
            state.update(chunk)
    return state.digest()


def _block(namespace: str, algorithm: str, digest: bytes) -> bytes:
    name = _checked_namespace(namespace).encode()
    return MAGIC + string(name) + string(b"") + string(algorithm.encode()) + string(digest)


def _checked_namespace(namespace: str) -> str:
    if not namespace or not namespace.isascii() or not namespace.isprintable():
        raise SignatureFormatError(f"a namespace is printable ASCII and not empty, got {namespace!r}")
    return namespace


def _armor(signature: SshSignature) -> str:
    blob = (
        MAGIC
        + VERSION.to_bytes(4, "big")
        + string(signature.public_key.blob)
        + string(signature.namespace.encode())
        + string(b"")
        + string(signature.hash_algorithm.encode())
        + string(_signature_blob(signature.public_key, signature.signature))
    )
    body = base64.b64encode(blob).decode()
    lines = [body[start : start + _COLUMNS] for start in range(0, len(body), _COLUMNS)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def _signature_blob(key: SshPublicKey, signature: bytes) -> bytes:
    if len(key.raw) == _ED25519_KEY_BYTES:
        if len(signature) != 64:
            raise SignatureFormatError(f"an Ed25519 signature has 64 bytes, got {len(signature)}")
        return string(key.type.encode()) + string(signature)
    try:
        r, s = decode_dss_signature(signature)
    except ValueError as error:
        raise SignatureFormatError("an ECDSA signature must be DER (two integers)") from error
    return string(key.type.encode()) + string(mpint(r) + mpint(s))


def _parse_blob(blob: bytes) -> SshSignature:
    if not blob.startswith(MAGIC):
        raise SignatureFormatError("the SSH signature does not start with SSHSIG")
    reader = WireReader(blob[len(MAGIC) :])
    version = reader.uint32()
    if version != VERSION:
        raise SignatureFormatError(f"SSH signature version must be {VERSION}, got {version}")
    key = SshPublicKey.from_blob(reader.string())
    namespace = _checked_namespace(reader.text())
    reader.string()  # reserved: ignored by the protocol; canonical armor insists that it is empty
    algorithm = reader.text()
    if algorithm not in _HASHES:
        raise SignatureFormatError(f"the SSH signature hash must be sha512 or sha256, got {algorithm!r}")
    signature = _parse_signature(key, reader.string())
    reader.end()
    return SshSignature(key, namespace, algorithm, signature)


def _parse_signature(key: SshPublicKey, blob: bytes) -> bytes:
    reader = WireReader(blob)
    kind = reader.text()
    if kind != key.type:
        raise SignatureFormatError(f"the signature is {kind!r} but its key is {key.type!r}")
    value = reader.string()
    reader.end()
    if len(key.raw) == _ED25519_KEY_BYTES:
        return value
    numbers = WireReader(value)
    r, s = numbers.mpint(), numbers.mpint()
    numbers.end()
    return encode_dss_signature(r, s)
