"""The audit log: one writer per process, verification, queries, the live tail and the notary."""

from server_ext.audit.clock import Clock, SystemClock
from server_ext.audit.events import Action, Actor, NewEvent, Outcome, RecordedEvent
from server_ext.audit.notary import Notary, SignedCheckpoint
from server_ext.audit.query import ARROW_SCHEMA, EventFilter, as_arrow, find_event, list_events, read_head
from server_ext.audit.stream import AuditStream, Subscription
from server_ext.audit.verify import Verdict, verify_log
from server_ext.audit.writer import AuditLog, Recorded, Work

__all__ = [
    "ARROW_SCHEMA",
    "Action",
    "Actor",
    "AuditLog",
    "AuditStream",
    "Clock",
    "EventFilter",
    "NewEvent",
    "Notary",
    "Outcome",
    "Recorded",
    "RecordedEvent",
    "SignedCheckpoint",
    "Subscription",
    "SystemClock",
    "Verdict",
    "Work",
    "as_arrow",
    "find_event",
    "list_events",
    "read_head",
    "verify_log",
]
