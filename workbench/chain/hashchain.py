"""The hash chain of the audit log: every event seals all events before it.

``hash(n) = SHA-256(hash(n − 1) ‖ body(n))``, where ``body`` is the canonical bytes of the event and
the chain starts from :data:`GENESIS`. Nothing here knows a database; the same code runs in the server
and in the offline verifier.

>>> first = link(GENESIS, b'{"seq":1}')
>>> verify_chain([ChainRow(1, GENESIS, first, b'{"seq":1}')]).ok
True

How a bad row is named (rows come in the order of their ``seq``):

1. A number is missing: the missing event is the bad one. A number comes twice or falls: that row is.
2. The row's own hash does not follow from its own previous hash and body: that row was changed.
3. A column beside the body says something else than the body: that row was changed.
4. The row is sound in itself but names another predecessor: the event before it was rewritten.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

import orjson

from workbench.canonical import JsonValue

__all__ = [
    "GENESIS",
    "HASH_BYTES",
    "START",
    "ChainFault",
    "ChainHead",
    "ChainRow",
    "ChainVerdict",
    "ChainVerifier",
    "FaultKind",
    "link",
    "verify_chain",
]

HASH_BYTES: Final = 32
GENESIS: Final = bytes(HASH_BYTES)
"""The previous hash of event 1."""


def link(prev_hash: bytes, body: bytes) -> bytes:
    """SHA-256 of ``prev_hash`` followed by ``body``: the hash that seals the event."""
    return hashlib.sha256(prev_hash + body).digest()


class ChainRow(NamedTuple):
    """One stored event as the verifier reads it."""

    seq: int
    prev_hash: bytes
    hash: bytes
    body: bytes
    columns: Mapping[str, JsonValue] | None = None
    """Values stored beside the body, each under the name of the body's field that it repeats."""


class ChainHead(NamedTuple):
    """The last event of a chain."""

    seq: int
    hash: bytes


START: Final = ChainHead(0, GENESIS)
"""The head of an empty chain."""


class FaultKind(StrEnum):
    GAP = "gap"
    ORDER = "order"
    WRONG_PREVIOUS = "wrong-previous-hash"
    WRONG_HASH = "wrong-hash"
    COLUMNS_DISAGREE = "columns-disagree"


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first bad row and what is wrong with it."""

    seq: int
    kind: FaultKind
    reason: str


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """What a walk over the chain found."""

    ok: bool
    events: int
    """Sound events, counted from where the walk began."""
    first_bad_seq: int | None
    reason: str
    """Empty for a sound chain."""
    head_seq: int
    """The last sound event."""
    head_hash: bytes
    fault: ChainFault | None = None


class ChainVerifier:
    """Walks a chain row by row from ``start``; stops for good at the first fault."""

    def __init__(self, start: ChainHead = START) -> None:
        self._start = start
        self.head = start
        self.fault: ChainFault | None = None

    def feed(self, row: ChainRow) -> bool:
        """Take the next row; False from the first bad one on."""
        if self.fault is None:
            self.fault = self._fault_of(row)
            if self.fault is None:
                self.head = ChainHead(row.seq, row.hash)
        return self.fault is None

    def verdict(self) -> ChainVerdict:
        fault = self.fault
        return ChainVerdict(
            ok=fault is None,
            events=self.head.seq - self._start.seq,
            first_bad_seq=fault.seq if fault else None,
            reason=fault.reason if fault else "",
            head_seq=self.head.seq,
            head_hash=self.head.hash,
            fault=fault,
        )

    def _fault_of(self, row: ChainRow) -> ChainFault | None:
        return self._misplaced(row) or _unsealed(row, self.head) or _disagreeing(row) or self._unconnected(row)

    def _misplaced(self, row: ChainRow) -> ChainFault | None:
        expected = self.head.seq + 1
        if row.seq > expected:
            reason = f"event {expected} is missing: after event {expected - 1} comes event {row.seq}"
            return ChainFault(expected, FaultKind.GAP, reason)
        if row.seq < expected:
            reason = f"event {row.seq} comes again: event {expected} was expected"
            return ChainFault(row.seq, FaultKind.ORDER, reason)
        return None

    def _unconnected(self, row: ChainRow) -> ChainFault | None:
        if row.prev_hash == self.head.hash:
            return None
        if self.head == self._start:
            reason = f"event {row.seq} does not follow from the start of the chain: its previous hash differs"
            return ChainFault(row.seq, FaultKind.WRONG_PREVIOUS, reason)
        reason = f"event {self.head.seq} was rewritten: event {row.seq} still names its former hash"
        return ChainFault(self.head.seq, FaultKind.WRONG_PREVIOUS, reason)


def verify_chain(rows: Iterable[ChainRow], *, start: ChainHead = START) -> ChainVerdict:
    """Walk ``rows``, in the order of their ``seq``, and name the first bad one."""
    verifier = ChainVerifier(start)
    for row in rows:
        if not verifier.feed(row):
            break
    return verifier.verdict()


def _unsealed(row: ChainRow, head: ChainHead) -> ChainFault | None:
    if link(row.prev_hash, row.body) == row.hash:
        return None
    if row.prev_hash != head.hash:
        reason = f"event {row.seq} was changed: its previous hash is not the hash of event {head.seq}"
        return ChainFault(row.seq, FaultKind.WRONG_PREVIOUS, reason)
    reason = f"event {row.seq} was changed: its hash does not follow from its body"
    return ChainFault(row.seq, FaultKind.WRONG_HASH, reason)


def _disagreeing(row: ChainRow) -> ChainFault | None:
    if row.columns is None:
        return None
    body = _fields(row.body)
    if body is None:
        reason = f"event {row.seq} was changed: its body is not a JSON object"
        return ChainFault(row.seq, FaultKind.COLUMNS_DISAGREE, reason)
    if row.columns.items() <= body.items():
        return None
    name = next(name for name, value in row.columns.items() if name not in body or body[name] != value)
    reason = f"event {row.seq} was changed: its column {name} is not what its body says"
    return ChainFault(row.seq, FaultKind.COLUMNS_DISAGREE, reason)


def _fields(body: bytes) -> dict[str, JsonValue] | None:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
