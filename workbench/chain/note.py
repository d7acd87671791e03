"""Signed notes: text with Ed25519 signature lines, as in C2SP signed-note v1.0.0.

The bytes are those of Go's ``sumdb/note`` and of every C2SP tool, so a note of ours is checked by
programs that are not ours::

    text of the note, ending in a newline
    <blank line>
    — key.name base64(key id ‖ signature)

Rules kept here: UTF-8 without control characters but newline; names without spaces and ``+``; unknown
keys are ignored; a failing signature of a known key rejects the whole note; at most 100 signatures.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workbench.errors import SignatureFormatError, VerificationError

__all__ = ["MAX_NOTE_BYTES", "NoteSignature", "SignedNote", "VerifierKey"]

MAX_NOTE_BYTES: Final = 1 << 20
MAX_SIGNATURES: Final = 100
"""The limit of Go's sumdb/note; the specification asks for at least 16."""
_ED25519_TYPE: Final = b"\x01"
_PUBLIC_KEY_BYTES: Final = 32
_KEY_ID_BYTES: Final = 4
_SIGNATURE_PREFIX: Final = "\u2014 "


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named Ed25519 public key that notes are checked with."""

    name: str
    public_key: bytes
    """32 bytes (RFC 8032)."""

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public_key) != _PUBLIC_KEY_BYTES:
            raise SignatureFormatError(f"an Ed25519 public key has 32 bytes, got {len(self.public_key)}")

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)."""
        sealed = self.name.encode() + b"\n" + _ED25519_TYPE + self.public_key
        return hashlib.sha256(sealed).digest()[:_KEY_ID_BYTES]

    def to_text(self) -> str:
        """The ``vkey`` form that C2SP tools take: ``name+keyid+base64(0x01 ‖ public key)``."""
        encoded = base64.b64encode(_ED25519_TYPE + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @classmethod
    def from_text(cls, text: str) -> "VerifierKey":
        """Read the ``vkey`` form.

        Raises:
            SignatureFormatError: it has not three parts, is no Ed25519 key, or its key id is wrong.
        """
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise SignatureFormatError(f"a verifier key must be 'name+keyid+base64', got {text[:80]!r}")
        name, key_id, encoded = parts
        raw = _base64(encoded, "verifier key")
        if raw[:1] != _ED25519_TYPE:
            raise SignatureFormatError("the verifier key is not an Ed25519 key (type 0x01)")
        key = cls(name, raw[1:])
        if key.key_id.hex() != key_id:
            raise SignatureFormatError(f"the verifier key says id {key_id}, its bytes have {key.key_id.hex()}")
        return key

    def verify(self, text: str, signature: bytes) -> None:
        """Check the raw signature of a note text.

        Raises:
            VerificationError: it is not this key's signature of the text.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, text.encode())
        except (InvalidSignature, ValueError) as error:
            raise VerificationError(f"the signature of {self.name} does not fit the note") from error


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line, checked or not."""

    name: str
    key_id: bytes
    signature: bytes

    def to_line(self) -> str:
        encoded = base64.b64encode(self.key_id + self.signature).decode()
        return f"{_SIGNATURE_PREFIX}{self.name} {encoded}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text and its signature lines. Believe the text only after :meth:`verify`."""

    text: str
    """Ends in a newline; this is what is signed."""
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n"):
            raise SignatureFormatError("the text of a note must end in a newline")
        if any(char < " " and char != "\n" for char in self.text):
            raise SignatureFormatError("the text of a note has a control character")

    def to_text(self) -> str:
        """The note as it is stored and sent."""
        return self.text + "\n" + "".join(signature.to_line() for signature in self.signatures)

    @classmethod
    def parse(cls, data: bytes) -> "SignedNote":
        """Read a signed note.

        Raises:
            SignatureFormatError: not UTF-8, too large, no signatures, or a damaged signature line.
        """
        if len(data) > MAX_NOTE_BYTES:
            raise SignatureFormatError(f"the note has {len(data)} bytes, the limit is {MAX_NOTE_BYTES}")
        try:
            note = data.decode()
        except UnicodeDecodeError as error:
            raise SignatureFormatError("the note is not UTF-8 text") from error
        text, separator, lines = note.rpartition("\n\n")
        if not separator or not lines.endswith("\n"):
            raise SignatureFormatError("the note has no signature lines after a blank line")
        signatures = lines[:-1].split("\n")
        if len(signatures) > MAX_SIGNATURES:
            raise SignatureFormatError(f"the note has {len(signatures)} signatures, the limit is {MAX_SIGNATURES}")
        return cls(text + "\n", tuple(_signature_of(line) for line in signatures))

    def verify(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """The keys that signed the text.

        Raises:
            VerificationError: a known key's signature fails, or none of ``keys`` signed.
        """
        known = {(key.name, key.key_id): key for key in keys}
        signers = []
        for signature in self.signatures:
            key = known.pop((signature.name, signature.key_id), None)
            if key is not None:
                key.verify(self.text, signature.signature)
                signers.append(key)
        if not signers:
            names = ", ".join(sorted(signature.name for signature in self.signatures))
            raise VerificationError(f"no known key signed the note; it is signed by {names or 'nobody'}")
        return tuple(signers)


def _signature_of(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] + " " != _SIGNATURE_PREFIX:
        raise SignatureFormatError(f"a signature line must be '— name base64', got {line[:80]!r}")
    _check_name(parts[1])
    raw = _base64(parts[2], "signature")
    if len(raw) <= _KEY_ID_BYTES:
        raise SignatureFormatError(f"a signature needs more than {_KEY_ID_BYTES} bytes, got {len(raw)}")
    return NoteSignature(parts[1], raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])


def _check_name(name: str) -> None:
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise SignatureFormatError(f"a key name must be text without spaces and '+', got {name[:80]!r}")


def _base64(text: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureFormatError(f"the {what} is not base64: {text[:80]!r}") from error
    if base64.b64encode(raw).decode() != text:
        raise SignatureFormatError(f"the {what} is not canonical base64: {text[:80]!r}")
    return raw
