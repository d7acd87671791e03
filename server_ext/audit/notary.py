"""The notary: signs the head of the log's Merkle tree, and never a fork.

    notary = Notary(log=log, sign=signer.sign, public_key=signer.describe().public_key, origin="pacai.example/log")
    checkpoint = notary.sign_head()

Before it signs, it opens its own last checkpoint with the public key, and walks the chain from there to the
head; what it signs is the tree that grew from what it signed before. The checkpoint is stored by an audit
event (``checkpoint.sign``) and appended to ``checkpoints.txt`` of the home, outside the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.errors import UniqueViolation

from server_ext.audit.batch import Recorded
from server_ext.audit.checkpoint_file import FILE_NAME, append_note, read_notes
from server_ext.audit.events import Action, Actor, NewEvent
from server_ext.audit.writer import AuditLog
from server_ext.store.refusals import refusals
from workbench.chain import (
    START,
    ChainHead,
    ChainRow,
    ChainVerifier,
    Checkpoint,
    Frontier,
    SignedNote,
    VerifierKey,
    leaf_hash,
    open_checkpoint,
    sign_checkpoint,
)
from workbench.errors import ConflictError, InputError, VerificationError

__all__ = ["Notary", "SignedCheckpoint"]

_FETCH_ROWS: Final = 5_000
_NOTARY: Final = Actor(user="notary", role="system")


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint, the note that is handed out, and the event that recorded it."""

    checkpoint: Checkpoint
    note: SignedNote
    event_seq: int


@dataclass(frozen=True, slots=True)
class _Signed:
    """Where the last checkpoint ended."""

    tree: Frontier
    head: ChainHead


class Notary:
    """Makes and keeps signed checkpoints of the log that ``log`` writes."""

    def __init__(self, *, log: AuditLog, sign: Callable[[bytes], bytes], public_key: bytes, origin: str) -> None:
        self._log = log
        self._sign = sign
        self._key = VerifierKey(origin, public_key)

    @property
    def key(self) -> VerifierKey:
        """What others verify with; ``key.to_text()`` is what C2SP tools take."""
        return self._key

    @property
    def outside(self) -> Path:
        """The file of checkpoints outside the database."""
        return self._log.database.home / FILE_NAME

    def sign_head(self) -> SignedCheckpoint:
        """Sign the log as it is now, store the checkpoint, copy it outside.

        Raises:
            VerificationError: the log does not continue what was signed before, or is empty; nothing is signed.
            SignerUnavailableError: the signer does not answer.
            DatabaseUnavailableError: the log cannot be read or written.
            ConflictError: another process signed the same head at the same moment.
        """
        tree = self._verified_tree()
        if tree.size == 0:
            raise VerificationError("the log is empty: there is nothing to sign")
        checkpoint = Checkpoint(self._key.name, tree.size, tree.root())
        note = sign_checkpoint(checkpoint, sign=self._sign, public_key=self._key.public_key)
        recorded = self._store(checkpoint, note, tree)
        append_note(self.outside, note)
        return SignedCheckpoint(checkpoint, note, recorded.event.seq)

    def latest(self) -> SignedCheckpoint | None:
        """The newest stored checkpoint, opened with the public key; None where nothing was signed yet.

        Raises:
            VerificationError: it is not one that this key signed.
        """
        query = "SELECT note, event_seq FROM public.checkpoints ORDER BY size DESC LIMIT 1"
        with self._log.database.connection() as connection:
            row = connection.execute(query).fetchone()
        if row is None:
            return None
        note = row[0].encode()
        checkpoint = open_checkpoint(note, origin=self._key.name, public_key=self._key.public_key)
        return SignedCheckpoint(checkpoint, SignedNote.parse(note), row[1])

    def events_to_sign(self) -> int:
        """Events after the last checkpoint, its own record not counted."""
        with self._log.database.connection() as connection:
            row = connection.execute(
                "SELECT count(*) FROM public.audit_events WHERE action <> %s "
                "AND seq > (SELECT coalesce(max(size), 0) FROM public.checkpoints)",
                [Action.CHECKPOINT_SIGN.value],
            ).fetchone()
        return int(row[0]) if row else 0

    def _verified_tree(self) -> Frontier:
        database = self._log.database
        with refusals(database.home), database.connect("pacai notary") as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            last = self._last_signed(connection)
            self._check_outside(last)
            return _grown(connection, last)

    def _last_signed(self, connection: psycopg.Connection[Any]) -> _Signed:
        """The tree and head of the newest checkpoint, believed only as far as its signature goes."""
        query = (
            "SELECT c.note, c.frontier, e.hash FROM public.checkpoints c "
            "LEFT JOIN public.audit_events e ON e.seq = c.size ORDER BY c.size DESC LIMIT 1"
        )
        row = connection.execute(query).fetchone()
        if row is None:
            return _Signed(Frontier(), START)
        note, frontier, head_hash = row
        signed = open_checkpoint(note.encode(), origin=self._key.name, public_key=self._key.public_key)
        try:
            tree = Frontier.from_bytes(bytes(frontier))
        except InputError as error:
            raise VerificationError(f"the tree stored with checkpoint {signed.size} is damaged") from error
        if tree.size != signed.size or tree.root() != signed.root:
            raise VerificationError(f"the tree stored with checkpoint {signed.size} is not the one that was signed")
        if head_hash is None:
            raise VerificationError(f"event {signed.size}, the last that was signed, is missing from the log")
        return _Signed(tree, ChainHead(signed.size, bytes(head_hash)))

    def _check_outside(self, last: _Signed) -> None:
        """A newer checkpoint outside than inside: the database was rolled back."""
        for note in read_notes(self.outside)[-1:]:
            known = open_checkpoint(note.to_text().encode(), origin=self._key.name, public_key=self._key.public_key)
            if known.size > last.tree.size:
                raise VerificationError(
                    f"the log was signed at size {known.size}, its database knows only size {last.tree.size}: "
                    "it was rolled back"
                )
            if known.size == last.tree.size and known.root != last.tree.root():
                raise VerificationError(f"two logs of size {known.size} were signed: this one is a fork")

    def _store(self, checkpoint: Checkpoint, note: SignedNote, tree: Frontier) -> Recorded[None]:
        def insert(cursor: psycopg.Cursor[Any]) -> None:
            cursor.execute(
                "INSERT INTO public.checkpoints (size, root, note, frontier) VALUES (%s, %s, %s, %s)",
                [checkpoint.size, checkpoint.root, note.to_text(), tree.to_bytes()],
            )

        details = {"size": checkpoint.size, "root": checkpoint.root.hex(), "key": self._key.to_text()}
        event = NewEvent(Action.CHECKPOINT_SIGN, _NOTARY, object=self._key.name, details=details)
        try:
            return self._log.record(event, insert)
        except UniqueViolation as error:
            raise ConflictError(f"another notary has just signed the log at size {checkpoint.size}") from error


def _grown(connection: psycopg.Connection[Any], last: _Signed) -> Frontier:
    """The tree over the whole log: what was signed, and the verified chain after it."""
    chain, tree = ChainVerifier(last.head), last.tree
    with connection.cursor("audit_notary", binary=True) as cursor:
        cursor.itersize = _FETCH_ROWS
        cursor.execute(
            "SELECT seq, prev_hash, hash, body FROM public.audit_events WHERE seq > %s ORDER BY seq",
            [last.head.seq],
        )
        for row in cursor:
            if not chain.feed(ChainRow(*row)):
                break
            tree.append(leaf_hash(row[3]))
    verdict = chain.verdict()
    if not verdict.ok:
        raise VerificationError(f"nothing is signed: {verdict.reason}")
    return tree
