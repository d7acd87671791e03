"""The hash chain names the first bad row."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.canonical import canonical_bytes
from workbench.chain import GENESIS, START, ChainHead, ChainRow, FaultKind, link, verify_chain


def chain_of(count: int) -> list[ChainRow]:
    rows, head = [], GENESIS
    for seq in range(1, count + 1):
        columns = {"seq": seq, "actor": f"user{seq}"}
        body = canonical_bytes({**columns, "details": {}})
        rows.append(ChainRow(seq, head, link(head, body), body, columns))
        head = rows[-1].hash
    return rows


def resealed(row: ChainRow, **changes: object) -> ChainRow:
    """The row with changes, and a hash that fits them."""
    changed = row._replace(**changes)
    return changed._replace(hash=link(changed.prev_hash, changed.body))


def test_a_link_is_sha256_of_the_previous_hash_and_the_body() -> None:
    assert link(b"a" * 32, b"body") == hashlib.sha256(b"a" * 32 + b"body").digest()


def test_an_empty_chain_is_sound() -> None:
    verdict = verify_chain([])
    assert (verdict.ok, verdict.events, verdict.head_seq, verdict.head_hash) == (True, 0, 0, GENESIS)


def test_a_sound_chain_ends_at_its_head() -> None:
    rows = chain_of(5)
    verdict = verify_chain(rows)
    assert (verdict.ok, verdict.events, verdict.first_bad_seq, verdict.reason) == (True, 5, None, "")
    assert (verdict.head_seq, verdict.head_hash) == (5, rows[-1].hash)


def test_a_walk_may_begin_in_the_middle() -> None:
    rows = chain_of(5)
    verdict = verify_chain(rows[2:], start=ChainHead(2, rows[1].hash))
    assert (verdict.ok, verdict.events, verdict.head_seq) == (True, 3, 5)


def test_a_walk_that_begins_at_the_wrong_hash_blames_its_first_row() -> None:
    rows = chain_of(4)
    verdict = verify_chain(rows[2:], start=ChainHead(2, bytes(32)))
    assert (verdict.ok, verdict.first_bad_seq) == (False, 3)


@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_changed_body_is_named(place: int) -> None:
    rows = chain_of(7)
    rows[place] = rows[place]._replace(body=rows[place].body.replace(b"user", b"root"))
    verdict = verify_chain(rows)
    assert verdict.first_bad_seq == place + 1
    assert verdict.fault is not None
    assert verdict.fault.kind is FaultKind.WRONG_HASH


@pytest.mark.parametrize("place", [0, 3, 5])
def test_a_row_rewritten_with_a_fitting_hash_is_named_by_its_successor(place: int) -> None:
    rows = chain_of(7)
    body = canonical_bytes({"seq": place + 1, "actor": "root", "details": {}})
    rows[place] = resealed(rows[place], body=body, columns={"seq": place + 1, "actor": "root"})
    verdict = verify_chain(rows)
    assert verdict.first_bad_seq == place + 1
    assert "was rewritten" in verdict.reason


def test_a_changed_previous_hash_is_named() -> None:
    rows = chain_of(5)
    rows[2] = rows[2]._replace(prev_hash=bytes(32))
    verdict = verify_chain(rows)
    assert verdict.fault is not None
    assert (verdict.first_bad_seq, verdict.fault.kind) == (3, FaultKind.WRONG_PREVIOUS)


def test_a_changed_hash_is_named() -> None:
    rows = chain_of(5)
    rows[2] = rows[2]._replace(hash=bytes(32))
    assert verify_chain(rows).first_bad_seq == 3


def test_a_missing_row_is_named() -> None:
    rows = chain_of(5)
    del rows[2]
    verdict = verify_chain(rows)
    assert verdict.fault is not None
    assert (verdict.first_bad_seq, verdict.fault.kind) == (3, FaultKind.GAP)
    assert verdict.events == 2


def test_a_missing_first_row_is_named() -> None:
    assert verify_chain(chain_of(3)[1:]).first_bad_seq == 1


def test_a_row_that_comes_twice_is_named() -> None:
    rows = chain_of(5)
    rows.insert(3, rows[2])
    verdict = verify_chain(rows)
    assert verdict.fault is not None
    assert (verdict.first_bad_seq, verdict.fault.kind) == (3, FaultKind.ORDER)


def test_swapped_contents_are_named_at_the_first_of_both() -> None:
    rows = chain_of(6)
    third, fourth = rows[2], rows[3]
    rows[2], rows[3] = fourth._replace(seq=3), third._replace(seq=4)
    rows[2] = rows[2]._replace(columns={"seq": 3, "actor": "user4"})
    verdict = verify_chain(rows)
    assert verdict.first_bad_seq == 3


def test_a_forged_row_with_its_followers_renumbered_is_named() -> None:
    rows = chain_of(6)
    forged = resealed(rows[2], body=canonical_bytes({"seq": 3, "actor": "eve"}), columns={"seq": 3, "actor": "eve"})
    followers = [row._replace(seq=row.seq + 1, columns={**(row.columns or {}), "seq": row.seq + 1}) for row in rows[2:]]
    assert verify_chain([*rows[:2], forged, *followers]).first_bad_seq == 4


def test_a_column_that_disagrees_with_the_body_is_named() -> None:
    rows = chain_of(5)
    rows[3] = rows[3]._replace(columns={"seq": 4, "actor": "root"})
    verdict = verify_chain(rows)
    assert verdict.fault is not None
    assert (verdict.first_bad_seq, verdict.fault.kind) == (4, FaultKind.COLUMNS_DISAGREE)
    assert "column actor" in verdict.reason


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff"])
def test_a_body_that_is_not_an_object_is_a_fault_and_no_crash(body: bytes) -> None:
    row = ChainRow(1, GENESIS, link(GENESIS, body), body, {"seq": 1})
    assert verify_chain([row]).first_bad_seq == 1


@given(st.integers(1, 12), st.data())
def test_any_changed_byte_is_found_at_its_row(count: int, data: st.DataObject) -> None:
    rows = chain_of(count)
    place = data.draw(st.integers(0, count - 1))
    name = data.draw(st.sampled_from(["prev_hash", "hash", "body"]))
    value = bytearray(getattr(rows[place], name))
    value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
    rows[place] = rows[place]._replace(**{name: bytes(value)})
    assert verify_chain(rows).first_bad_seq == place + 1


@given(st.lists(st.binary(max_size=40), max_size=20), st.integers(0, 20))
def test_a_chain_may_be_walked_in_two_parts(bodies: list[bytes], cut: int) -> None:
    rows, head = [], GENESIS
    for seq, body in enumerate(bodies, 1):
        rows.append(ChainRow(seq, head, link(head, body), body))
        head = rows[-1].hash
    first = verify_chain(rows[:cut], start=START)
    second = verify_chain(rows[cut:], start=ChainHead(first.head_seq, first.head_hash))
    assert first.ok
    assert second.ok
    assert second.head_hash == verify_chain(rows).head_hash
