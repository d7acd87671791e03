"""The audit log as pandas: events arrive as Arrow, and a frame can verify itself.

    events = client.audit.events(action="scenario.generate")
    print(events.audit.verify().reason or "intact")

``df.audit.verify()`` trusts nobody: it recomputes every hash from the bodies in the frame. A frame that was
filtered has gaps, so only a whole range of the log can be verified.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from workbench.chain import ChainHead, ChainRow, ChainVerdict, ChainVerifier
from workbench.client.connection import Connection
from workbench.errors import GatewayUnavailableError, InputError

__all__ = ["AuditClient", "AuditFrame"]

ARROW_STREAM: Final = "application/vnd.apache.arrow.stream"
SEALED_COLUMNS: Final = ("seq", "prev_hash", "hash", "body")


class AuditClient:
    """``client.audit``: the log of one gateway."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def events(
        self,
        *,
        after_seq: int | None = None,
        limit: int | None = None,
        action: str | None = None,
        user: str | None = None,
        project: str | None = None,
    ) -> pd.DataFrame:
        """Events in the order of the log, Arrow-backed, times in UTC.

        Raises:
            PermissionRefusedError: the role may not read the log.
        """
        params = {"after_seq": after_seq, "limit": limit, "action": action, "user": user, "project": project}
        data = self._connection.bytes("/audit/events", accept=ARROW_STREAM, params=params)
        try:
            table = pa.ipc.open_stream(io.BytesIO(data)).read_all()
        except pa.ArrowInvalid as error:
            raise GatewayUnavailableError(f"the gateway's answer is not an Arrow stream: {error}") from error
        return table.to_pandas(types_mapper=pd.ArrowDtype)

    def verify(self) -> dict[str, Any]:
        """The gateway's own verdict over the whole log and its checkpoints."""
        return dict(self._connection.json("GET", "/audit/verify"))


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
        missing = [name for name in SEALED_COLUMNS if name not in self._frame.columns]
        if missing:
            raise InputError(f"the frame lacks {', '.join(missing)}; take it from client.audit.events()")
        verifier = ChainVerifier(self._start())
        for row in self._rows():
            if not verifier.feed(row):
                break
        return verifier.verdict()

    def timeline(self, every: str = "1min") -> pd.DataFrame:
        """Events per interval and action."""
        times = self._frame["time"].astype("datetime64[us, UTC]")
        return self._count_by(times.dt.floor(every), "action")

    def pivot_user(self) -> pd.DataFrame:
        """Events per user and action."""
        return self._count_by(self._frame["actor"].astype(str), "action")

    def _count_by(self, rows: "pd.Series[Any]", column: str) -> pd.DataFrame:
        return self._frame.groupby([rows, self._frame[column].astype(str)]).size().unstack(fill_value=0)

    def _start(self) -> ChainHead:
        if self._frame.empty:
            return ChainHead(0, bytes(32))
        first = self._frame.iloc[0]
        return ChainHead(int(first["seq"]) - 1, bytes(first["prev_hash"]))

    def _rows(self) -> Iterator[ChainRow]:
        columns = [self._frame[name] for name in SEALED_COLUMNS]
        for seq, prev_hash, hash_, body in zip(*columns, strict=True):
            yield ChainRow(int(seq), bytes(prev_hash), bytes(hash_), bytes(body))
