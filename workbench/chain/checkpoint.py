"""Checkpoints: the signed head of the log's Merkle tree, as in C2SP tlog-checkpoint v1.0.0.

>>> print(Checkpoint("pacai.example/log", 0, EMPTY_ROOT).to_text(), end="")
pacai.example/log
0
47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

A log signs under its origin: the key's name in the signature line is the first line of the text.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from workbench.chain.merkle import EMPTY_ROOT
from workbench.chain.note import NoteSignature, SignedNote, VerifierKey
from workbench.errors import SignatureFormatError, VerificationError

__all__ = ["EMPTY_ROOT", "Checkpoint", "open_checkpoint", "sign_checkpoint"]

_ROOT_BYTES: Final = 32
_MAX_SIZE: Final = 2**63 - 1
"""What a signed 64-bit reader holds; C2SP sets no bound."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: this log had this root at this size."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Opaque further lines of other logs; ours writes none."""

    def __post_init__(self) -> None:
        if not self.origin or any(char < " " for char in self.origin):
            raise SignatureFormatError(f"the origin must be one line of text, got {self.origin[:80]!r}")
        if not 0 <= self.size <= _MAX_SIZE:
            raise SignatureFormatError(f"the tree size must be from 0 to 2^63 − 1, got {self.size}")
        if len(self.root) != _ROOT_BYTES:
            raise SignatureFormatError(f"the root hash must have 32 bytes, got {len(self.root)}")
        if not all(self.extensions):
            raise SignatureFormatError("an extension line must not be empty")

    def to_text(self) -> str:
        """The note text that is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a checkpoint.

        Raises:
            SignatureFormatError: fewer than three lines, or a size or root that is not canonical.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1]:
            raise SignatureFormatError("a checkpoint has at least three lines: origin, size, root hash")
        origin, size, root, *extensions = lines[:-1]
        return cls(origin, _size_of(size), _root_of(root), tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, *, sign: Callable[[bytes], bytes], public_key: bytes) -> SignedNote:
    """Sign under the checkpoint's origin; ``sign`` answers the raw Ed25519 signature of the bytes it gets.

    Raises:
        VerificationError: what ``sign`` answered is not a signature by ``public_key``.
    """
    key = VerifierKey(checkpoint.origin, public_key)
    text = checkpoint.to_text()
    signature = sign(text.encode())
    key.verify(text, signature)
    return SignedNote(text, (NoteSignature(key.name, key.key_id, signature),))


def open_checkpoint(note: bytes, *, origin: str, public_key: bytes) -> Checkpoint:
    """Read a signed checkpoint and check that the log ``origin`` signed it.

    Raises:
        SignatureFormatError: it is not a checkpoint.
        VerificationError: it is of another log, or its signature fails.
    """
    signed = SignedNote.parse(note)
    signed.verify([VerifierKey(origin, public_key)])
    checkpoint = Checkpoint.parse(signed.text)
    if checkpoint.origin != origin:
        raise VerificationError(f"the checkpoint is of {checkpoint.origin}, expected {origin}")
    return checkpoint


def _size_of(line: str) -> int:
    if not (line.isascii() and line.isdigit()) or len(line) > len(str(_MAX_SIZE)) or str(int(line)) != line:
        raise SignatureFormatError(f"the tree size must be a decimal number, got {line[:80]!r}")
    return int(line)


def _root_of(line: str) -> bytes:
    try:
        root = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureFormatError(f"the root hash is not base64: {line[:80]!r}") from error
    if base64.b64encode(root).decode() != line:
        raise SignatureFormatError(f"the root hash is not canonical base64: {line[:80]!r}")
    return root
