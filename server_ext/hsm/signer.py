"""The seam between what must be signed and what holds the key."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

__all__ = ["MAX_MESSAGE_BYTES", "KeyAlgorithm", "Signer", "SignerDescription", "SignerKind"]

MAX_MESSAGE_BYTES = 2019
"""Largest message handed to a signer: fits a YubiHSM 2 with firmware before 2.4 (2,048-byte buffer)."""


class SignerKind(StrEnum):
    YUBIHSM2 = "yubihsm2"
    PKCS11 = "pkcs11"
    SOFTWARE = "software"


class KeyAlgorithm(StrEnum):
    ED25519 = "ed25519"
    ECDSA_P256 = "ecdsa-p256"


@dataclass(frozen=True, slots=True)
class SignerDescription:
    """What a manifest, a health page and an auditor are told about the signer."""

    kind: SignerKind
    algorithm: KeyAlgorithm
    key_id: int
    serial: str
    public_key: bytes
    """Raw 32-byte Ed25519 key, or the uncompressed 65-byte P-256 point."""


class Signer(Protocol):
    """Something that signs at most :data:`MAX_MESSAGE_BYTES` with one named key and says what it is."""

    def describe(self) -> SignerDescription:
        """What this signer is.

        Raises:
            SignerUnavailableError: the device does not answer.
        """
        ...

    def sign(self, message: bytes) -> bytes:
        """Raw signature of ``message`` (64 bytes Ed25519, or DER ECDSA over SHA-256).

        Raises:
            SignerUnavailableError: the device does not answer or refuses.
            ValueError: the message is longer than :data:`MAX_MESSAGE_BYTES`.
        """
        ...
