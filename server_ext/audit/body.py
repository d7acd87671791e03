"""The body of an event: the canonical JSON that is hashed, and the columns that repeat it.

A body can be checked alone: it carries its number, time, node, actor and details. Names of fields are
those of the columns of ``audit_events``. ``tick_ns`` is a decimal string, because nanoseconds of
uptime pass 2^53 after 104 days.

>>> from server_ext.audit.events import Action, Actor, NewEvent
>>> draft = Draft.of(NewEvent(Action.SYSTEM_START, Actor("root", "admin")))
>>> draft.body(1, datetime(2026, 1, 2, tzinfo=UTC), 7, "n1")[:40]
b'{"action":"system.start","actor":"root",'
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson

from server_ext.audit.events import Action, Actor, NewEvent, Outcome, RecordedEvent
from workbench.canonical import JsonValue, canonical_bytes
from workbench.errors import InputError, VerificationError

__all__ = ["BODY_VERSION", "MAX_DETAILS_BYTES", "MAX_TEXT_CHARACTERS", "Draft", "decode_body", "time_text"]

BODY_VERSION: Final = 1
MAX_DETAILS_BYTES: Final = 32_768
MAX_TEXT_CHARACTERS: Final = 300
"""An index row of PostgreSQL holds 2,704 bytes: 300 characters fit in any script, beside the number."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event proven recordable before it has its place: no later step can refuse it."""

    event: NewEvent
    details: bytes
    """Canonical JSON."""

    @classmethod
    def of(cls, event: NewEvent) -> "Draft":
        """Check ``event``.

        Raises:
            InputError: a text is empty, too long or holds U+0000, or the details are too large.
            CanonicalError: the details have no canonical bytes (a float, a huge integer, a lone surrogate).
        """
        _check_text("user", event.actor.user, needed=True)
        _check_text("role", event.actor.role, needed=True)
        _check_text("certificate serial", event.actor.certificate_serial)
        _check_text("project", event.project)
        _check_text("object", event.object)
        _check_text("request id", event.request_id)
        details = canonical_bytes(dict(event.details))
        if len(details) > MAX_DETAILS_BYTES:
            raise InputError(f"the details of an event have at most {MAX_DETAILS_BYTES} bytes, got {len(details)}")
        return cls(event, details)

    def body(self, seq: int, time: datetime, tick_ns: int, node: str) -> bytes:
        """The canonical bytes of the event at its place.

        The fields are flat ASCII names with checked values, so a sorted dump is RFC 8785.
        """
        event = self.event
        fields = {
            "action": event.action.value,
            "actor": event.actor.user,
            "certificate_serial": event.actor.certificate_serial,
            "details": orjson.Fragment(self.details),
            "node": node,
            "object": event.object,
            "outcome": event.outcome.value,
            "project": event.project,
            "request_id": event.request_id,
            "role": event.actor.role,
            "seq": seq,
            "tick_ns": str(tick_ns),
            "time": time_text(time),
            "v": BODY_VERSION,
        }
        return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)


def time_text(time: datetime) -> str:
    """UTC with microseconds, such as ``2026-11-23T09:41:08.000123Z``."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def decode_body(body: bytes, *, prev_hash: bytes, sealed: bytes) -> RecordedEvent:
    """The event that ``body`` describes.

    Raises:
        VerificationError: the body is not one that this release writes.
    """
    try:
        fields = orjson.loads(body)
        return RecordedEvent(
            seq=int(fields["seq"]),
            time=datetime.fromisoformat(fields["time"]),
            tick_ns=int(fields["tick_ns"]),
            node=fields["node"],
            event=_event_of(fields),
            prev_hash=prev_hash,
            hash=sealed,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise VerificationError(f"an event has a damaged body: {error!r}") from error


def _event_of(fields: Mapping[str, JsonValue]) -> NewEvent:
    return NewEvent(
        action=Action(fields["action"]),
        actor=Actor(fields["actor"], fields["role"], fields["certificate_serial"]),
        outcome=Outcome(fields["outcome"]),
        project=fields["project"],
        object=fields["object"],
        request_id=fields["request_id"],
        details=fields["details"],
    )


def _check_text(what: str, text: str | None, *, needed: bool = False) -> None:
    if text is None:
        return
    if not isinstance(text, str) or (needed and not text):
        raise InputError(f"the {what} of an event must be text, got {text!r}")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise InputError(f"the {what} of an event has at most {MAX_TEXT_CHARACTERS} characters, got {len(text)}")
    if "\x00" in text or not _is_unicode(text):
        raise InputError(f"the {what} of an event holds U+0000 or half of a character: {text!r}")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
