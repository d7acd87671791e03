"""The notary signs what grew from what it signed, and nothing else."""

from collections.abc import Callable

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from server_ext.audit import Action, AuditLog, Notary, find_event, verify_log
from server_ext.audit.checkpoint_file import append_note, read_notes
from server_ext.store import Database
from workbench.chain import Checkpoint, SignedNote, open_checkpoint, sign_checkpoint
from workbench.errors import SignerUnavailableError, VerificationError

Write = Callable[[int], None]
ORIGIN = "pacai.test/log"


@pytest.fixture
def private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def public_key(private_key: Ed25519PrivateKey) -> bytes:
    return private_key.public_key().public_bytes_raw()


@pytest.fixture
def notary(log: AuditLog, private_key: Ed25519PrivateKey, public_key: bytes) -> Notary:
    return Notary(log=log, sign=private_key.sign, public_key=public_key, origin=ORIGIN)


@pytest.fixture
def rewrite(superuser: psycopg.Connection) -> Callable[[str], None]:
    def run(statement: str) -> None:
        superuser.execute("ALTER TABLE audit_events DISABLE TRIGGER ALL")
        superuser.execute("ALTER TABLE checkpoints DISABLE TRIGGER ALL")
        superuser.execute("ALTER TABLE audit_events DROP CONSTRAINT audit_events_sealed")
        superuser.execute(statement)

    return run


def test_an_empty_log_is_not_signed(notary: Notary) -> None:
    assert notary.latest() is None
    with pytest.raises(VerificationError, match="empty"):
        notary.sign_head()


def test_a_checkpoint_is_stored_recorded_and_copied_outside(
    write: Write, notary: Notary, database: Database, public_key: bytes
) -> None:
    write(9)
    assert notary.events_to_sign() == 9
    signed = notary.sign_head()
    assert signed.checkpoint.size == 9
    assert signed == notary.latest()
    assert read_notes(notary.outside) == [signed.note]
    opened = open_checkpoint(signed.note.to_text().encode(), origin=ORIGIN, public_key=public_key)
    assert opened == signed.checkpoint
    with database.connection() as connection:
        event = find_event(connection, signed.event_seq)
    assert event is not None
    assert (event.event.action, event.event.details["size"]) == (Action.CHECKPOINT_SIGN, 9)
    assert notary.events_to_sign() == 0
    assert verify_log(database, key=notary.key, outside=notary.outside).checkpoints == 1


def test_each_checkpoint_grows_from_the_one_before(write: Write, notary: Notary, database: Database) -> None:
    for count in (1, 7, 3):
        write(count)
        notary.sign_head()
    sizes = [Checkpoint.parse(note.text).size for note in read_notes(notary.outside)]
    assert sizes == [1, 9, 13]
    verdict = verify_log(database, key=notary.key, outside=notary.outside)
    assert (verdict.ok, verdict.checkpoints) == (True, 3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET body = body || ' ' WHERE seq = 12",
        "DELETE FROM audit_events WHERE seq = 12",
        "DELETE FROM audit_events WHERE seq >= 8",
        "UPDATE audit_events SET hash = sha256('x') WHERE seq = 8",
        "UPDATE checkpoints SET frontier = '\\x00'",
        "UPDATE checkpoints SET frontier = set_byte(frontier, 20, (get_byte(frontier, 20) + 1) % 256)",
        "UPDATE checkpoints SET note = replace(note, E'\\n8\\n', E'\\n7\\n')",
        "DELETE FROM checkpoints",
        "TRUNCATE audit_events CASCADE",
    ],
)
def test_nothing_is_signed_that_does_not_continue_what_was(
    statement: str, write: Write, notary: Notary, rewrite: Callable[[str], None]
) -> None:
    write(8)
    notary.sign_head()
    write(5)
    rewrite(statement)
    with pytest.raises(VerificationError):
        notary.sign_head()
    assert len(read_notes(notary.outside)) == 1


def test_a_signer_that_does_not_answer_leaves_nothing(write: Write, log: AuditLog, public_key: bytes) -> None:
    def gone(message: bytes) -> bytes:
        raise SignerUnavailableError("the HSM does not answer")

    write(3)
    notary = Notary(log=log, sign=gone, public_key=public_key, origin=ORIGIN)
    with pytest.raises(SignerUnavailableError):
        notary.sign_head()
    assert notary.latest() is None
    assert read_notes(notary.outside) == []


def test_a_note_torn_by_a_crash_is_left_out_and_then_cut_off(write: Write, notary: Notary) -> None:
    write(3)
    first = notary.sign_head()
    whole = notary.outside.read_bytes()
    notary.outside.write_bytes(whole + whole[:-20])
    assert read_notes(notary.outside) == [first.note]
    second = notary.sign_head()
    assert read_notes(notary.outside) == [first.note, second.note]


def test_a_damaged_file_of_checkpoints_is_a_clear_error(write: Write, notary: Notary, database: Database) -> None:
    write(3)
    notary.sign_head()
    notary.outside.write_bytes(b"x\n\ny\n\n")
    with pytest.raises(VerificationError, match="is damaged"):
        notary.sign_head()
    assert not verify_log(database, outside=notary.outside).ok


@given(st.integers(0, 400))
def test_a_file_cut_anywhere_reads_as_whole_notes(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    notes = [
        sign_checkpoint(
            Checkpoint(ORIGIN, size, bytes(32)), sign=key.sign, public_key=key.public_key().public_bytes_raw()
        )
        for size in (1, 2)
    ]
    path = tmp_path_factory.mktemp("notes") / "checkpoints.txt"
    for note in notes:
        append_note(path, note)
    data = path.read_bytes()
    path.write_bytes(data[:cut])
    found = read_notes(path)
    assert found == notes[: len(found)]
    assert len(found) == data[:cut].count(b"=\n\n") // 2
    append_note(path, notes[0])
    assert read_notes(path) == [*found, notes[0]]


def test_notes_of_the_file_are_readable_by_hand(write: Write, notary: Notary) -> None:
    write(2)
    signed = notary.sign_head()
    text = notary.outside.read_text()
    assert text == signed.note.to_text() + "\n"
    assert SignedNote.parse(text[:-1].encode()) == signed.note
