"""A superuser tampers with the log; verification names the row."""

from collections.abc import Callable

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server_ext.audit import AuditLog, Notary, verify_log
from server_ext.store import Database
from workbench.chain import leaf_hash, root

Write = Callable[[int], None]
RESEAL_FROM = """
DO $$
DECLARE
    previous bytea := (SELECT hash FROM audit_events WHERE seq = {seq} - 1);
    row record;
BEGIN
    FOR row IN SELECT seq, body FROM audit_events WHERE seq >= {seq} ORDER BY seq LOOP
        UPDATE audit_events SET prev_hash = previous, hash = sha256(previous || body) WHERE seq = row.seq;
        SELECT hash INTO previous FROM audit_events WHERE seq = row.seq;
    END LOOP;
END $$
"""
REWRITE_BODY = (
    "UPDATE audit_events SET actor = 'eve', body = convert_to(replace(convert_from(body, 'UTF8'), "
    '\'"actor":"ada"\', \'"actor":"eve"\'), \'UTF8\') WHERE seq = {seq}'
)
# what the superuser does to a log of 20 events, and the event that must be named
TAMPERINGS = {
    "edit a body": (REWRITE_BODY.format(seq=7), 7),
    "edit a column": ("UPDATE audit_events SET actor = 'eve' WHERE seq = 7", 7),
    "move the time": ("UPDATE audit_events SET time = time - interval '1 second' WHERE seq = 7", 7),
    "edit the tick": ("UPDATE audit_events SET tick_ns = 1 WHERE seq = 7", 7),
    "empty a column": ("UPDATE audit_events SET project = NULL WHERE seq = 7", 7),
    "edit a hash": ("UPDATE audit_events SET hash = sha256('x') WHERE seq = 7", 7),
    "edit and reseal one row": (
        REWRITE_BODY.format(seq=7) + "; UPDATE audit_events SET hash = sha256(prev_hash || body) WHERE seq = 7",
        7,
    ),
    "edit the first": (REWRITE_BODY.format(seq=1), 1),
    "edit the last": (REWRITE_BODY.format(seq=20), 20),
    "delete the first": ("DELETE FROM audit_events WHERE seq = 1", 1),
    "delete one": ("DELETE FROM audit_events WHERE seq = 7", 7),
    "delete three": ("DELETE FROM audit_events WHERE seq BETWEEN 7 AND 9", 7),
    "delete and close the gap": (
        "DELETE FROM audit_events WHERE seq = 7; UPDATE audit_events SET seq = -seq WHERE seq > 7; "
        "UPDATE audit_events SET seq = -seq - 1 WHERE seq < 0",
        7,
    ),
    "swap two": (
        "UPDATE audit_events SET seq = -7 WHERE seq = 7; UPDATE audit_events SET seq = 7 WHERE seq = 12; "
        "UPDATE audit_events SET seq = 12 WHERE seq = -7",
        7,
    ),
    "insert one at the end": (
        "INSERT INTO audit_events SELECT 21, time, tick_ns, node, action, outcome, actor, role, certificate_serial, "
        "project, object, request_id, body, hash, sha256(hash || body) FROM audit_events WHERE seq = 20",
        21,
    ),
    "insert one in the middle": (
        "UPDATE audit_events SET seq = -seq WHERE seq > 7; UPDATE audit_events SET seq = -seq + 1 WHERE seq < 0; "
        "INSERT INTO audit_events SELECT 8, time, tick_ns, node, action, outcome, actor, role, certificate_serial, "
        "project, object, request_id, body, sha256('y'), sha256(sha256('y') || body) FROM audit_events WHERE seq = 7",
        8,
    ),
}
# what only the signed checkpoint of the first 20 events shows
REWRITINGS = {
    "rewrite all from 7": (REWRITE_BODY.format(seq=7) + ";" + RESEAL_FROM.format(seq=7), 1),
    "cut the tail": ("DELETE FROM audit_events WHERE seq > 15", 16),
    "truncate": ("TRUNCATE audit_events CASCADE", 1),
}


@pytest.fixture
def tamper(superuser: psycopg.Connection) -> Callable[[str], None]:
    """Runs a statement as somebody who owns the database and first removes what is in the way."""

    def run(statement: str) -> None:
        superuser.execute("ALTER TABLE audit_events DISABLE TRIGGER ALL")
        superuser.execute("ALTER TABLE checkpoints DISABLE TRIGGER ALL")
        superuser.execute("ALTER TABLE audit_events DROP CONSTRAINT audit_events_sealed")
        superuser.execute(
            "ALTER TABLE audit_events DROP CONSTRAINT audit_events_prev_hash_key, "
            "DROP CONSTRAINT audit_events_seq_check"
        )
        superuser.execute(statement)

    return run


@pytest.fixture
def private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def notary(log: AuditLog, private_key: Ed25519PrivateKey) -> Notary:
    public_key = private_key.public_key().public_bytes_raw()
    return Notary(log=log, sign=private_key.sign, public_key=public_key, origin="pacai.test/log")


def test_an_empty_log_is_sound(database: Database) -> None:
    verdict = verify_log(database)
    assert (verdict.ok, verdict.events, verdict.reason) == (True, 0, "")


def test_a_sound_log_has_its_root_and_head(write: Write, database: Database) -> None:
    write(20)
    verdict = verify_log(database)
    assert (verdict.ok, verdict.events, verdict.first_bad_seq) == (True, 20, None)
    with database.connection() as connection:
        bodies = connection.execute("SELECT body, hash FROM audit_events ORDER BY seq").fetchall()
    assert verdict.root == root([leaf_hash(body) for body, _ in bodies])
    assert verdict.head_hash == bodies[-1][1]
    assert verdict.document()["head_hash"] == bodies[-1][1].hex()


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named_to_the_row(
    name: str, write: Write, tamper: Callable[[str], None], database: Database
) -> None:
    write(20)
    statement, bad = TAMPERINGS[name]
    tamper(statement)
    verdict = verify_log(database)
    assert not verdict.ok
    assert verdict.first_bad_seq == bad
    assert f"event {bad}" in verdict.reason


@pytest.mark.parametrize("name", REWRITINGS)
def test_a_consistent_rewriting_is_caught_by_the_checkpoints_outside(
    name: str, write: Write, tamper: Callable[[str], None], database: Database, notary: Notary
) -> None:
    write(20)
    notary.sign_head()
    assert verify_log(database, key=notary.key, outside=notary.outside).checkpoints == 1
    statement, bad = REWRITINGS[name]
    tamper(statement + "; DELETE FROM checkpoints")
    assert verify_log(database).ok
    verdict = verify_log(database, key=notary.key, outside=notary.outside)
    assert (verdict.ok, verdict.first_bad_seq) == (False, bad)


def test_a_rewriting_between_two_checkpoints_is_placed_between_them(
    write: Write, tamper: Callable[[str], None], database: Database, notary: Notary
) -> None:
    write(10)
    notary.sign_head()
    write(10)
    notary.sign_head()
    tamper(REWRITE_BODY.format(seq=15) + ";" + RESEAL_FROM.format(seq=15))
    verdict = verify_log(database, key=notary.key)
    assert (verdict.ok, verdict.first_bad_seq, verdict.checkpoints) == (False, 11, 1)
    assert "events 11 to 21" in verdict.reason


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoints SET note = replace(note, 'pacai.test', 'pacai.tost')",
        "UPDATE checkpoints SET root = sha256('x')",
        "UPDATE checkpoints SET size = 7",
        "UPDATE checkpoints SET note = 'x'",
    ],
)
def test_a_changed_checkpoint_is_named(
    statement: str, write: Write, tamper: Callable[[str], None], database: Database, notary: Notary
) -> None:
    write(5)
    notary.sign_head()
    tamper(statement)
    verdict = verify_log(database, key=notary.key)
    assert (verdict.ok, verdict.first_bad_seq) == (False, None)
    assert "checkpoint" in verdict.reason or "signature" in verdict.reason or "signed" in verdict.reason


def test_a_checkpoint_by_a_swapped_key_is_refused(
    write: Write, database: Database, notary: Notary, log: AuditLog
) -> None:
    write(5)
    stranger = Ed25519PrivateKey.generate()
    other = Notary(
        log=log, sign=stranger.sign, public_key=stranger.public_key().public_bytes_raw(), origin="pacai.test/log"
    )
    other.sign_head()
    assert not verify_log(database, key=notary.key).ok
    assert verify_log(database, key=other.key).ok
