"""Roots and proofs against the published vectors and the definition in RFC 9162 §2.1.1."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.chain import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from workbench.errors import InputError, VerificationError

# The eight leaves and the roots of certificate-transparency's merkletree tests (also in Trillian and transparency-dev/merkle).
CT_INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf from 0, size, proof) and (old size, new size, proof) of the same suite
CT_INCLUSION = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CT_CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
EDGE_SIZES = sorted({size for k in range(8) for size in (2**k - 1, 2**k, 2**k + 1)})


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(f"event {n}".encode()) for n in range(count)]


def root_by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    both = root_by_definition(leaves[:k]) + root_by_definition(leaves[k:])
    return hashlib.sha256(b"\x01" + both).digest()


def test_the_empty_tree_has_the_published_root() -> None:
    assert root([]) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root([leaf_hash(data) for data in CT_INPUTS[:size]]).hex() == CT_ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "proof"), CT_INCLUSION)
def test_inclusion_proofs_are_those_of_certificate_transparency(index: int, size: int, proof: list[str]) -> None:
    leaves = [leaf_hash(data) for data in CT_INPUTS[:size]]
    assert [step.hex() for step in inclusion_proof(leaves, index)] == proof
    verify_inclusion(leaves[index], index, size, inclusion_proof(leaves, index), root(leaves))


@pytest.mark.parametrize(("old", "new", "proof"), CT_CONSISTENCY)
def test_consistency_proofs_are_those_of_certificate_transparency(old: int, new: int, proof: list[str]) -> None:
    leaves = [leaf_hash(data) for data in CT_INPUTS[:new]]
    assert [step.hex() for step in consistency_proof(leaves, old)] == proof
    verify_consistency(old, new, consistency_proof(leaves, old), root(leaves[:old]), root(leaves))


@pytest.mark.parametrize("size", EDGE_SIZES)
def test_roots_follow_the_definition_at_edge_sizes(size: int) -> None:
    leaves = leaves_of(size)
    edge = Frontier()
    edge.extend(leaves)
    assert root(leaves) == edge.root() == root_by_definition(leaves)
    assert edge.size == size


def test_every_inclusion_proof_up_to_size_33_verifies_and_no_other_leaf_does() -> None:
    leaves = leaves_of(33)
    for size in range(1, 34):
        expected = root(leaves[:size])
        for index in range(size):
            proof = inclusion_proof(leaves[:size], index)
            verify_inclusion(leaves[index], index, size, proof, expected)
            with pytest.raises(VerificationError):
                verify_inclusion(leaf_hash(b"forged"), index, size, proof, expected)


def test_every_consistency_proof_up_to_size_33_verifies_and_no_fork_does() -> None:
    leaves = leaves_of(33)
    forged = [leaf_hash(b"forged"), *leaves[1:]]
    for new in range(34):
        for old in range(new + 1):
            proof = consistency_proof(leaves[:new], old)
            verify_consistency(old, new, proof, root(leaves[:old]), root(leaves[:new]))
            if old:
                with pytest.raises(VerificationError):
                    verify_consistency(old, new, proof, root(forged[:old]), root(leaves[:new]))


@pytest.mark.parametrize("size", [2, 3, 7, 8, 9])
def test_a_proof_of_wrong_length_is_refused(size: int) -> None:
    leaves = leaves_of(size)
    expected = root(leaves)
    for index in range(size):
        proof = inclusion_proof(leaves, index)
        for wrong in (proof[:-1], [*proof, bytes(32)], []):
            with pytest.raises(VerificationError):
                verify_inclusion(leaves[index], index, size, wrong, expected)
    for old in range(1, size):
        proof = consistency_proof(leaves, old)
        for wrong in (proof[:-1], [*proof, bytes(32)], []):
            with pytest.raises(VerificationError):
                verify_consistency(old, size, wrong, root(leaves[:old]), expected)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (5, 2)])
def test_an_index_outside_the_tree_is_refused(index: int, size: int) -> None:
    with pytest.raises(VerificationError, match="has no leaf"):
        verify_inclusion(bytes(32), index, size, [], bytes(32))
    with pytest.raises(VerificationError, match="has no leaf"):
        inclusion_proof(leaves_of(size), index)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_a_tree_cannot_shrink(old: int, new: int) -> None:
    with pytest.raises(VerificationError, match="cannot be the start"):
        verify_consistency(old, new, [], bytes(32), bytes(32))


def test_hashes_of_wrong_length_are_refused() -> None:
    with pytest.raises(VerificationError, match="32 bytes"):
        verify_inclusion(b"short", 0, 1, [], b"short")
    with pytest.raises(VerificationError, match="32 bytes"):
        verify_consistency(1, 2, [b"short"], bytes(32), bytes(32))


def test_trivial_consistency_wants_an_empty_proof_and_equal_roots() -> None:
    leaves = leaves_of(3)
    verify_consistency(0, 3, [], EMPTY_ROOT, root(leaves))
    for old, proof, old_root in [(0, [bytes(32)], EMPTY_ROOT), (0, [], bytes(32)), (3, [], bytes(32))]:
        with pytest.raises(VerificationError):
            verify_consistency(old, 3, proof, old_root, root(leaves))


@given(st.lists(st.binary(max_size=8), max_size=70), st.data())
def test_a_frontier_is_the_same_tree_wherever_it_was_saved(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    cut = data.draw(st.integers(0, len(leaves)))
    edge = Frontier()
    edge.extend(leaves[:cut])
    again = Frontier.from_bytes(edge.to_bytes())
    again.extend(leaves[cut:])
    assert again.root() == root(leaves)


@given(st.integers(1, 200), st.data())
def test_a_flipped_bit_of_a_proof_is_refused(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    if proof:
        step = data.draw(st.integers(0, len(proof) - 1))
        proof[step] = bytes([proof[step][0] ^ 1]) + proof[step][1:]
        with pytest.raises(VerificationError):
            verify_inclusion(leaves[index], index, size, proof, root(leaves))


@pytest.mark.parametrize("data", [b"", b"\x00" * 7, b"\x00" * 7 + b"\x01", b"\x00" * 8 + b"x", b"\xff" * 40])
def test_damaged_frontier_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        Frontier.from_bytes(data)


@given(st.binary(max_size=120))
def test_any_bytes_are_a_frontier_or_a_clear_error(data: bytes) -> None:
    try:
        edge = Frontier.from_bytes(data)
    except InputError:
        return
    assert edge.to_bytes() == data
