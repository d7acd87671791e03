"""Signed notes and checkpoints, against the examples of the specifications and of Go's sumdb/note."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from workbench.chain import (
    EMPTY_ROOT,
    Checkpoint,
    NoteSignature,
    SignedNote,
    VerifierKey,
    open_checkpoint,
    sign_checkpoint,
)
from workbench.errors import SignatureFormatError, VerificationError

# golang.org/x/mod/sumdb/note, package example and tests
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
# c2sp.org/tlog-checkpoint, the example
C2SP_CHECKPOINT = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
).encode()
ORIGIN = "pacai.example/log"


@pytest.fixture
def private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def public_key(private_key: Ed25519PrivateKey) -> bytes:
    return private_key.public_key().public_bytes_raw()


@pytest.fixture
def note(private_key: Ed25519PrivateKey, public_key: bytes) -> SignedNote:
    return sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)), sign=private_key.sign, public_key=public_key)


def test_the_note_of_go_verifies_and_keeps_its_bytes() -> None:
    key = VerifierKey.from_text(GO_KEY)
    note = SignedNote.parse(GO_NOTE)
    assert note.verify([key]) == (key,)
    assert note.to_text().encode() == GO_NOTE
    assert key.to_text() == GO_KEY


def test_the_checkpoint_of_the_specification_is_read() -> None:
    note = SignedNote.parse(C2SP_CHECKPOINT)
    checkpoint = Checkpoint.parse(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.to_text() == note.text
    assert note.to_text().encode() == C2SP_CHECKPOINT


def test_a_signed_checkpoint_opens_with_its_key(note: SignedNote, public_key: bytes) -> None:
    opened = open_checkpoint(note.to_text().encode(), origin=ORIGIN, public_key=public_key)
    assert opened == Checkpoint(ORIGIN, 7, bytes(32))


def test_a_changed_size_root_or_signature_is_refused(note: SignedNote, public_key: bytes) -> None:
    text = note.to_text()
    flipped = base64.b64encode(note.signatures[0].key_id + bytes(64)).decode()
    for changed in (
        text.replace("\n7\n", "\n8\n"),
        text.replace("AAAA", "BAAA", 1),
        text[: text.rindex(" ") + 1] + flipped + "\n",
    ):
        with pytest.raises(VerificationError):
            open_checkpoint(changed.encode(), origin=ORIGIN, public_key=public_key)


def test_another_key_or_origin_is_refused(note: SignedNote, public_key: bytes) -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    with pytest.raises(VerificationError, match="no known key"):
        open_checkpoint(note.to_text().encode(), origin=ORIGIN, public_key=stranger)
    with pytest.raises(VerificationError, match="no known key"):
        open_checkpoint(note.to_text().encode(), origin="other.example", public_key=public_key)


def test_a_checkpoint_of_another_log_under_our_key_is_refused(
    private_key: Ed25519PrivateKey, public_key: bytes
) -> None:
    key = VerifierKey(ORIGIN, public_key)
    text = Checkpoint("other.example", 1, EMPTY_ROOT).to_text()
    signed = SignedNote(text, (NoteSignature(ORIGIN, key.key_id, private_key.sign(text.encode())),))
    with pytest.raises(VerificationError, match="is of other"):
        open_checkpoint(signed.to_text().encode(), origin=ORIGIN, public_key=public_key)


def test_what_a_broken_signer_answers_is_not_kept(public_key: bytes) -> None:
    with pytest.raises(VerificationError):
        sign_checkpoint(Checkpoint(ORIGIN, 1, bytes(32)), sign=lambda text: bytes(64), public_key=public_key)


def test_unknown_signatures_are_ignored_and_a_known_failing_one_is_not(note: SignedNote, public_key: bytes) -> None:
    key = VerifierKey(ORIGIN, public_key)
    stranger = NoteSignature("witness.example", b"abcd", bytes(72))
    assert SignedNote(note.text, (stranger, *note.signatures)).verify([key]) == (key,)
    failing = NoteSignature(ORIGIN, key.key_id, bytes(64))
    with pytest.raises(VerificationError):
        SignedNote(note.text, (failing, *note.signatures)).verify([key])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n-- name AAAAAAAA\n",
        "text\n\n— name\n".encode(),
        "text\n\n— na+me AAAAAAAA\n".encode(),
        "text\n\n— name AAAA\n".encode(),
        "text\n\n— name !!!!\n".encode(),
        "text\n\n— name AAAAAAB=\n".encode(),
        "text\n\n— name AAAAAAAA".encode(),
        "te\txt\n\n— name AAAAAAAA\n".encode(),
        b"\xff\n\n\xe2\x80\x94 name AAAAAAAA\n",
        b"text\n\n" + "— name AAAAAAAA\n".encode() * 101,
        b"a" * 2_000_000,
    ],
)
def test_a_malformed_note_is_a_clear_error(data: bytes) -> None:
    with pytest.raises(SignatureFormatError):
        SignedNote.parse(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n",
        "origin\n1\n",
        "\n1\nAAAA\n",
        "origin\n01\n" + "A" * 43 + "=\n",
        "origin\n-1\n" + "A" * 43 + "=\n",
        "origin\n１\n" + "A" * 43 + "=\n",
        "origin\n" + "9" * 5000 + "\n" + "A" * 43 + "=\n",
        "origin\n9999999999999999999\n" + "A" * 43 + "=\n",
        "origin\n1\nAAAA\n",
        "origin\n1\n" + "A" * 42 + "B=\n",
        "origin\n1\n!\n",
        "origin\n1\n" + "A" * 43 + "=",
        "origin\n1\n" + "A" * 43 + "=\n\nmore\n",
    ],
)
def test_a_malformed_checkpoint_is_a_clear_error(text: str) -> None:
    with pytest.raises(SignatureFormatError):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+!!",
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        "name+00000000+" + base64.b64encode(b"\x02" + bytes(32)).decode(),
        "name+00000000+" + base64.b64encode(b"\x01" + bytes(31)).decode(),
        "na me" + GO_KEY[12:],
    ],
)
def test_a_malformed_verifier_key_is_a_clear_error(text: str) -> None:
    with pytest.raises(SignatureFormatError):
        VerifierKey.from_text(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_a_clear_error(data: bytes) -> None:
    try:
        note = SignedNote.parse(data)
    except SignatureFormatError:
        return
    assert note.to_text().encode() == data


ORIGINS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30)


@given(ORIGINS, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_survives_its_text(origin: str, size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin, size, root)
    assert Checkpoint.parse(checkpoint.to_text()) == checkpoint
