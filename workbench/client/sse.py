"""Reading server-sent events (HTML Living Standard, 9.2) from a byte stream cut anywhere.

>>> list(read_events([b"event: progress\\nda", b"ta: {}\\n\\n"]))
[ServerSentEvent(event='progress', data='{}')]
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.errors import GatewayUnavailableError

__all__ = ["ServerSentEvent", "read_events"]

MAX_EVENT_CHARACTERS = 256 * 1024 * 1024
"""A result holds one scenario document; beyond this the stream is not ours."""
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    event: str
    data: str


def read_events(chunks: Iterable[bytes]) -> Iterator[ServerSentEvent]:
    """The events of a stream in order. An event without an empty line after it is incomplete and dropped (9.2.6).

    Raises:
        GatewayUnavailableError: the stream is not UTF-8, or an event never ends.
    """
    pending = _Pending()
    for line in _lines(chunks):
        event = pending.take(line)
        if event is not None:
            yield event


@dataclass(slots=True)
class _Pending:
    """The fields of the event being read."""

    event: str = ""
    data: list[str] = field(default_factory=list)

    def take(self, line: str) -> ServerSentEvent | None:
        """Take a line; the finished event at an empty one."""
        if not line:
            return self._finish()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self.data.append(value)
        elif name == "event":
            self.event = value
        return None

    def _finish(self) -> ServerSentEvent | None:
        event = ServerSentEvent(self.event or "message", "\n".join(self.data)) if self.data else None
        self.event, self.data = "", []
        return event


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Lines ended by CR LF, LF or CR, decoded as UTF-8, without the byte order mark."""
    begun: list[str] = []
    first, after_return = True, False
    for text in _decoded(chunks):
        if first:
            text, first = text.removeprefix(_BYTE_ORDER_MARK), False
        if after_return:
            text = text.removeprefix("\n")
        after_return = text.endswith("\r")
        *whole, rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if whole:
            yield "".join((*begun, whole[0]))
            yield from whole[1:]
            begun = []
        begun.append(rest)
        if sum(map(len, begun)) > MAX_EVENT_CHARACTERS:
            raise GatewayUnavailableError("the gateway's event stream holds an event that never ends")


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise GatewayUnavailableError(f"the gateway's event stream is not UTF-8: {error.reason}") from error
        if text:
            yield text
