"""``df.audit``: what an auditor asks of a frame of events, computed here and trusting nobody.

``verify`` recomputes every hash from the bodies in the frame and compares the columns beside them with what
the bodies say. A frame that was filtered has gaps, so only a whole range of the log can be verified.
"""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from workbench.canonical import JsonValue
from workbench.chain import ChainHead, ChainRow, ChainVerdict, ChainVerifier
from workbench.errors import InputError

__all__ = ["AuditFrame"]

SEALED: Final = ("seq", "prev_hash", "hash", "body")
"""Columns that the chain needs."""
REPEATED: Final = (
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
"""Columns that repeat a field of the body under its name."""


@pd.api.extensions.register_dataframe_accessor("audit")
class AuditFrame:
    """``df.audit``: what an auditor asks of a frame of events."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def verify(self) -> ChainVerdict:
        """Recompute the hash chain of the frame; a frame that begins later starts from its first row's link.

        Raises:
            InputError: the frame lacks the columns that the chain needs.
        """
        self._need(*SEALED)
        verifier = ChainVerifier(self._start())
        for row in self._rows():
            if not verifier.feed(row):
                break
        return verifier.verdict()

    def timeline(self, every: str = "1min") -> pd.DataFrame:
        """Events per interval (a pandas offset such as ``1h``) and action.

        Raises:
            InputError: the frame lacks time or action, or ``every`` is no interval.
        """
        self._need("time", "action")
        times = self._frame["time"].astype("datetime64[us, UTC]")
        try:
            return self._count_by(times.dt.floor(every), "action")
        except ValueError as error:
            raise InputError(f"an interval is written like 1min, 1h or 1D, got {every!r}") from error

    def pivot_user(self) -> pd.DataFrame:
        """Events per user and action.

        Raises:
            InputError: the frame lacks actor or action.
        """
        self._need("actor", "action")
        return self._count_by(self._frame["actor"].astype(str), "action")

    def _need(self, *names: str) -> None:
        missing = [name for name in names if name not in self._frame.columns]
        if missing:
            raise InputError(f"the frame lacks {', '.join(missing)}; take it from client.audit.events()")

    def _count_by(self, rows: "pd.Series[Any]", column: str) -> pd.DataFrame:
        return self._frame.groupby([rows, self._frame[column].astype(str)]).size().unstack(fill_value=0)

    def _start(self) -> ChainHead:
        if self._frame.empty:
            return ChainHead(0, bytes(32))
        first = self._frame.iloc[0]
        return ChainHead(int(first["seq"]) - 1, bytes(first["prev_hash"]))

    def _rows(self) -> Iterator[ChainRow]:
        sealed = [self._frame[name] for name in SEALED]
        names = [name for name in REPEATED if name in self._frame.columns]
        repeated = [self._frame[name] for name in names]
        for (seq, prev_hash, hash_, body), values in zip(
            zip(*sealed, strict=True), zip(*repeated, strict=True), strict=True
        ):
            columns = {name: _as_in_body(name, value) for name, value in zip(names, values, strict=True)}
            yield ChainRow(int(seq), bytes(prev_hash), bytes(hash_), bytes(body), columns)


def _as_in_body(name: str, value: Any) -> JsonValue:
    """A column's value as the body writes it: numbers past 2^53 and times are text, what is missing is null."""
    if pd.isna(value):
        return None
    if name == "time":
        moment = pd.Timestamp(value).tz_convert("UTC").to_pydatetime()
        return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
    return int(value) if name == "seq" else str(value)
