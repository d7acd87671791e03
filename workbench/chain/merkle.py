"""Merkle trees as in RFC 6962 and RFC 9162: roots, inclusion proofs and consistency proofs.

A leaf is hashed as ``SHA-256(0x00 ‖ data)`` and a node as ``SHA-256(0x01 ‖ left ‖ right)`` (RFC 9162
§2.1.1). Proofs are lists of subtree roots; *which* subtrees they are depends only on sizes and
indexes, so :func:`inclusion_ranges` and :func:`consistency_ranges` name them as half-open ranges of
leaves, and whoever keeps subtrees in a table or in tiles reads them from there.

>>> leaves = [leaf_hash(bytes([n])) for n in range(5)]
>>> verify_inclusion(leaves[3], 3, 5, inclusion_proof(leaves, 3), root(leaves))
>>> verify_consistency(2, 5, consistency_proof(leaves, 2), root(leaves[:2]), root(leaves))
"""

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

from workbench.errors import VerificationError

__all__ = [
    "EMPTY_ROOT",
    "Range",
    "consistency_proof",
    "consistency_ranges",
    "inclusion_proof",
    "inclusion_ranges",
    "leaf_hash",
    "node_hash",
    "root",
    "root_of_inclusion",
    "verify_consistency",
    "verify_inclusion",
]

_LEAF_PREFIX: Final = b"\x00"
_NODE_PREFIX: Final = b"\x01"
_HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162 §2.1.1)."""


class Range(NamedTuple):
    """The leaves ``start … end − 1`` of a tree."""

    start: int
    end: int


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(_LEAF_PREFIX + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(_NODE_PREFIX + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in O(n) time and O(n) memory.

    Level by level: an unpaired last node rises unchanged, which gives the tree of the RFC's recursion.
    """
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The subtrees whose roots prove leaf ``index`` in a tree of ``size``, from the leaf upwards.

    Raises:
        VerificationError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise VerificationError(f"a tree of {size} leaves has no leaf {index}")
    ranges: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _largest_power_of_two_below(end - start)
        if index < middle:
            ranges.append(Range(middle, end))
            end = middle
        else:
            ranges.append(Range(start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old_size: int, new_size: int) -> list[Range]:
    """The subtrees whose roots prove that the first ``old_size`` leaves are a prefix (RFC 9162 §2.1.4.1).

    Raises:
        VerificationError: the old tree is larger than the new one, or a size is negative.
    """
    if not 0 <= old_size <= new_size:
        raise VerificationError(f"a tree of {old_size} leaves cannot be the start of one of {new_size}")
    if old_size in (0, new_size):
        return []
    ranges: list[Range] = []
    start, end, old_end, whole = 0, new_size, old_size, True
    while old_end != end:
        middle = start + _largest_power_of_two_below(end - start)
        if old_end <= middle:
            ranges.append(Range(middle, end))
            end = middle
        else:
            ranges.append(Range(start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append(Range(start, end))
    return ranges[::-1]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Proof that leaf ``index`` is in the tree over ``leaves``."""
    return [root(leaves[start:end]) for start, end in inclusion_ranges(index, len(leaves))]


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Proof that the tree over the first ``old_size`` leaves grew into the tree over all of them."""
    return [root(leaves[start:end]) for start, end in consistency_ranges(old_size, len(leaves))]


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that ``proof`` leads to from ``leaf`` (RFC 9162 §2.1.3.2).

    Raises:
        VerificationError: the index is not in the tree, or the proof has a wrong length.
    """
    if not 0 <= index < size:
        raise VerificationError(f"a tree of {size} leaves has no leaf {index}")
    _check_hashes(leaf, *proof)
    node, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise VerificationError(f"the inclusion proof is too long: {len(proof)} hashes")
        if node & 1 or node == last:
            value = node_hash(sibling, value)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise VerificationError(f"the inclusion proof is too short: {len(proof)} hashes")
    return value


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """Check that ``leaf`` is number ``index`` (from 0) of the tree of ``size`` with root ``expected``.

    Raises:
        VerificationError: the proof does not show it.
    """
    if root_of_inclusion(leaf, index, size, proof) != expected:
        raise VerificationError(f"the proof does not lead from leaf {index} to the root of size {size}")


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the old tree is the start of the new one (RFC 9162 §2.1.4.2).

    Raises:
        VerificationError: the proof does not show it.
    """
    if not 0 <= old_size <= new_size:
        raise VerificationError(f"a tree of {old_size} leaves cannot be the start of one of {new_size}")
    _check_hashes(old_root, new_root, *proof)
    if old_size in (0, new_size):
        _check_trivial_consistency(old_size, new_size, proof, old_root, new_root)
        return
    if not proof:
        raise VerificationError("the consistency proof is empty")
    seen_old, seen_new = _roots_of_consistency(old_size, new_size, proof, old_root)
    if seen_old != old_root:
        raise VerificationError(f"the proof does not lead to the old root of size {old_size}")
    if seen_new != new_root:
        raise VerificationError(f"the proof does not lead to the new root of size {new_size}")


def _roots_of_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes) -> tuple[bytes, bytes]:
    old_is_whole = old_size & (old_size - 1) == 0
    path = [old_root, *proof] if old_is_whole else list(proof)
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise VerificationError(f"the consistency proof is too long: {len(proof)} hashes")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise VerificationError(f"the consistency proof is too short: {len(proof)} hashes")
    return old, new


def _check_trivial_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    if proof:
        raise VerificationError("a consistency proof from size 0 or between equal sizes must be empty")
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise VerificationError("the old root is not that of an empty tree")
    if old_size == new_size and old_root != new_root:
        raise VerificationError(f"two trees of size {new_size} have different roots")


def _check_hashes(*hashes: bytes) -> None:
    for value in hashes:
        if len(value) != _HASH_BYTES:
            raise VerificationError(f"a SHA-256 hash has {_HASH_BYTES} bytes, got {len(value)}")


def _largest_power_of_two_below(size: int) -> int:
    """The ``k`` of RFC 9162 §2.1.1: the largest power of two smaller than ``size`` (≥ 2)."""
    return 1 << ((size - 1).bit_length() - 1)
