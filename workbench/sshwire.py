"""The data types of the SSH protocol (RFC 4251 §5) that keys and signatures are made of.

>>> string(b"ssh-ed25519")[:4]
b'\\x00\\x00\\x00\\x0b'
"""

from workbench.errors import SignatureFormatError

__all__ = ["WireReader", "mpint", "string"]


def string(value: bytes) -> bytes:
    """``value`` after its length in four bytes."""
    return len(value).to_bytes(4, "big") + value


def mpint(value: int) -> bytes:
    """A non-negative integer as an SSH ``mpint``: shortest two's complement, big endian."""
    if value == 0:
        return string(b"")
    return string(value.to_bytes(value.bit_length() // 8 + 1, "big"))


class WireReader:
    """Reads the fields of a blob in order; every read past the end is a :class:`SignatureFormatError`."""

    def __init__(self, blob: bytes) -> None:
        self._blob = blob
        self._at = 0

    def take(self, count: int) -> bytes:
        left = len(self._blob) - self._at
        if count > left:
            raise SignatureFormatError(f"the SSH data is truncated: a field of {count} bytes, {left} are left")
        self._at += count
        return self._blob[self._at - count : self._at]

    def uint32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        return self.take(self.uint32())

    def text(self) -> str:
        value = self.string()
        if not value.isascii():
            raise SignatureFormatError(f"an SSH name must be ASCII, got {value[:40]!r}")
        return value.decode("ascii")

    def mpint(self) -> int:
        """A positive integer in its shortest form."""
        value = self.string()
        number = int.from_bytes(value, "big")
        if mpint(number) != string(value) or number == 0:
            raise SignatureFormatError("an SSH integer must be positive and in its shortest form")
        return number

    def end(self) -> None:
        left = len(self._blob) - self._at
        if left:
            raise SignatureFormatError(f"the SSH data has {left} bytes after its last field")
