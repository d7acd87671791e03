"""A Merkle tree that only grows, kept as its right edge: O(log n) memory, O(1) amortised per leaf.

>>> edge = Frontier()
>>> edge.append(b"\\x00" * 32)
>>> edge.size, edge.root() == b"\\x00" * 32
(1, True)
"""

from collections.abc import Iterable, Sequence
from typing import Final

from workbench.chain.merkle import EMPTY_ROOT, node_hash
from workbench.errors import InputError

__all__ = ["Frontier"]

_HASH_BYTES: Final = 32
_SIZE_BYTES: Final = 8


class Frontier:
    """The roots of the complete subtrees that make up the tree, largest first."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size < 0 or len(peaks) != size.bit_count() or any(len(peak) != _HASH_BYTES for peak in peaks):
            raise InputError(f"a tree of {size} leaves has {max(size, 0).bit_count()} peaks of 32 bytes")
        self.size = size
        self._peaks = list(peaks)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        carry = self.size
        while carry & 1:
            leaf = node_hash(self._peaks.pop(), leaf)
            carry >>= 1
        self._peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        value = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            value = node_hash(peak, value)
        return value

    def to_bytes(self) -> bytes:
        """Eight bytes of size, big-endian, then the peaks."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """Read what :meth:`to_bytes` wrote.

        Raises:
            InputError: the length does not fit the size.
        """
        size = int.from_bytes(data[:_SIZE_BYTES], "big")
        rest = data[_SIZE_BYTES:]
        if len(data) < _SIZE_BYTES or len(rest) != size.bit_count() * _HASH_BYTES:
            raise InputError(f"a frontier of {size} leaves cannot have {len(data)} bytes")
        return cls(size, [rest[i : i + _HASH_BYTES] for i in range(0, len(rest), _HASH_BYTES)])
