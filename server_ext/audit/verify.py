"""Verifying the whole log: the chain, the columns beside the bodies, the signed checkpoints.

The rows are streamed to this process and hashed here, because a database can say anything about itself.
One snapshot is read, so writers go on meanwhile.

What is proven: every event from 1 to the head follows from the one before it, says in its columns what
it says in its body, and every checkpoint given (with a key: signed by it) has the root of exactly these
events. What is not: events after the last checkpoint could have been cut off, or all rewritten, by
somebody who owns the database. That is why checkpoints are made often and kept outside.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from server_ext.audit.checkpoint_file import read_notes
from server_ext.store.database import Database
from server_ext.store.refusals import refusals
from workbench.canonical import JsonValue
from workbench.chain import (
    ChainRow,
    ChainVerifier,
    Checkpoint,
    Frontier,
    SignedNote,
    VerifierKey,
    leaf_hash,
)
from workbench.errors import PacaiError, SignatureFormatError, VerificationError

__all__ = ["Verdict", "verify_log"]

_FETCH_ROWS: Final = 5_000
_SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_COLUMNS: Final = (
    "seq",
    "time",
    "tick_ns",
    "node",
    "action",
    "outcome",
    "actor",
    "role",
    "certificate_serial",
    "project",
    "object",
    "request_id",
)
_ROWS: Final = """
    SELECT prev_hash, hash, body, seq, to_char("time" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           tick_ns::text, node, action, outcome, actor, role, certificate_serial, project, object, request_id
    FROM public.audit_events ORDER BY seq
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verification found."""

    ok: bool
    events: int
    """Sound events, counted from the first."""
    first_bad_seq: int | None
    """The first bad or missing event; None where the log is sound, or only a checkpoint is bad."""
    reason: str
    """Empty for a sound log."""
    head_seq: int
    head_hash: bytes
    root: bytes
    """Merkle root (RFC 6962) over the bodies of the sound events."""
    checkpoints: int
    """Checkpoints that these events fit."""

    def document(self) -> dict[str, JsonValue]:
        """The verdict as JSON values."""
        return {
            "ok": self.ok,
            "events": self.events,
            "first_bad_seq": self.first_bad_seq,
            "reason": self.reason,
            "head_seq": self.head_seq,
            "head_hash": self.head_hash.hex(),
            "root": self.root.hex(),
            "checkpoints": self.checkpoints,
        }


def verify_log(database: Database, *, key: VerifierKey | None = None, outside: Path | None = None) -> Verdict:
    """Verify every event, and every checkpoint of the database and of the file ``outside``.

    With ``key`` the checkpoints' signatures are checked too; its name must be their origin.

    Raises:
        DatabaseUnavailableError: the log cannot be read to its end.
    """
    with refusals(database.home), database.connect("pacai audit verify") as connection:
        connection.execute(_SNAPSHOT)
        walk = _Walk()
        try:
            notes = [*_stored_notes(connection), *(read_notes(outside) if outside else [])]
            walk.expect(_opened(notes, key))
        except PacaiError as error:
            return walk.verdict(str(error), None)
        return walk.over(_rows(connection))


class _Walk:
    """Chain, tree and checkpoints in one pass over the rows."""

    def __init__(self) -> None:
        self._chain = ChainVerifier()
        self._tree = Frontier()
        self._expected: dict[int, set[bytes]] = defaultdict(set)
        self._confirmed = 0
        self._confirmed_size = 0

    def expect(self, checkpoints: Iterable[Checkpoint]) -> None:
        for checkpoint in checkpoints:
            self._expected[checkpoint.size].add(checkpoint.root)

    def over(self, rows: Iterable[ChainRow]) -> Verdict:
        for row in rows:
            if not self._chain.feed(row):
                break
            self._tree.append(leaf_hash(row.body))
            if row.seq in self._expected and not self._confirm(row.seq):
                return self._forked(row.seq)
        return self._ended()

    def verdict(self, reason: str, first_bad_seq: int | None) -> Verdict:
        head = self._chain.head
        return Verdict(
            ok=not reason,
            events=head.seq,
            first_bad_seq=first_bad_seq,
            reason=reason,
            head_seq=head.seq,
            head_hash=head.hash,
            root=self._tree.root(),
            checkpoints=self._confirmed,
        )

    def _confirm(self, size: int) -> bool:
        if self._expected[size] != {self._tree.root()}:
            return False
        self._confirmed += 1
        self._confirmed_size = size
        return True

    def _forked(self, size: int) -> Verdict:
        first = self._confirmed_size + 1
        reason = (
            f"events {first} to {size} are not those of the signed checkpoint of size {size}: "
            "at least one of them was rewritten"
        )
        return self.verdict(reason, first)

    def _ended(self) -> Verdict:
        head, fault = self._chain.head, self._chain.fault
        beyond = max(self._expected, default=0)
        if fault is not None:
            return self.verdict(fault.reason, fault.seq)
        if beyond > head.seq:
            reason = f"event {head.seq + 1} is missing: a signed checkpoint has {beyond} events, the log {head.seq}"
            return self.verdict(reason, head.seq + 1)
        return self.verdict("", None)


def _stored_notes(connection: psycopg.Connection[Any]) -> list[SignedNote]:
    notes = []
    for size, root, text in connection.execute("SELECT size, root, note FROM public.checkpoints ORDER BY size"):
        try:
            note = SignedNote.parse(text.encode())
            checkpoint = Checkpoint.parse(note.text)
        except SignatureFormatError as error:
            raise VerificationError(f"the checkpoint of size {size} is damaged: {error}") from error
        if (checkpoint.size, checkpoint.root) != (size, bytes(root)):
            raise VerificationError(f"the checkpoint of size {size} is not the one that was signed")
        notes.append(note)
    return notes


def _opened(notes: Sequence[SignedNote], key: VerifierKey | None) -> Iterator[Checkpoint]:
    for note in notes:
        checkpoint = Checkpoint.parse(note.text)
        if key is not None:
            if checkpoint.origin != key.name:
                raise VerificationError(f"a checkpoint is of the log {checkpoint.origin!r}, expected {key.name!r}")
            note.verify([key])
        yield checkpoint


def _rows(connection: psycopg.Connection[Any]) -> Iterator[ChainRow]:
    with connection.cursor("audit_verify", binary=True) as cursor:
        cursor.itersize = _FETCH_ROWS
        cursor.execute(_ROWS)
        for prev_hash, sealed, body, *columns in cursor:
            yield ChainRow(columns[0], prev_hash, sealed, body, dict(zip(_COLUMNS, columns, strict=True)))
