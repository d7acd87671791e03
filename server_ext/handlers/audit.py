"""``/audit/events`` and ``/audit/verify``: the log as pages of JSON, as an Arrow stream, and its proof."""

import io
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from tornado.iostream import StreamClosedError

from server_ext.audit import (
    ARROW_SCHEMA,
    Action,
    EventFilter,
    NewEvent,
    Outcome,
    RecordedEvent,
    Verdict,
    as_arrow,
    list_events,
    verify_log,
)
from server_ext.audit.checkpoint_file import FILE_NAME
from server_ext.checkpoints import Checkpoints
from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import AuditEvent, AuditPage, AuditQuery, AuditVerdict
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.store import Database
from workbench.chain import VerifierKey
from workbench.errors import SignerUnavailableError

__all__ = ["ARROW_STREAM", "AuditEventsHandler", "AuditVerifyHandler", "audit_event"]

ARROW_STREAM: Final = "application/vnd.apache.arrow.stream"
"""Registered with IANA for the Arrow IPC streaming format."""
DEFAULT_PAGE: Final = 100
MAX_PAGE: Final = 10_000


class AuditEventsHandler(GatewayHandler):
    path = "/audit/events"

    @operation(
        "listEvents",
        summary="Events in the order of the log; with Accept: application/vnd.apache.arrow.stream as Arrow",
        needs=permission("read", "audit"),
        query=AuditQuery,
        answers={
            200: (
                Answer("A page of events", AuditPage),
                Answer("All matching events; body is the canonical JSON that was hashed", None, ARROW_STREAM),
            )
        },
    )
    async def get(self) -> None:
        query = self.query(AuditQuery)
        if ARROW_STREAM in self.request.headers.get("Accept", ""):
            await self._send_arrow(_filter(query, query.limit))
            return
        limit = min(query.limit or DEFAULT_PAGE, MAX_PAGE)
        events = await self.read(list_events, _filter(query, limit))
        next_seq = events[-1].seq if len(events) == limit else None
        self.answer(AuditPage(events=tuple(audit_event(event) for event in events), next_seq=next_seq))

    async def _send_arrow(self, wanted: EventFilter) -> None:
        event = NewEvent(Action.AUDIT_EXPORT, self.actor, request_id=self.request_id)
        await self.call(self.services.record, event)
        self.set_header("Content-Type", ARROW_STREAM)
        chunks = _arrow_chunks(self.services.database, wanted)
        try:
            while chunk := await self.call(next, chunks, b""):
                self.write(chunk)
                await self.flush()
        except StreamClosedError:
            return
        finally:
            await self.call(chunks.close)
        self.finish(set_content_type=ARROW_STREAM)


class AuditVerifyHandler(GatewayHandler):
    path = "/audit/verify"

    @operation(
        "verifyAudit",
        summary="Verify the whole log and its checkpoints; the verdict is recorded",
        needs=permission("verify", "audit"),
        answers={200: (Answer("The verdict, good or bad", AuditVerdict),)},
    )
    async def get(self) -> None:
        verification = _Verification(self.services.database, self.services.checkpoints)
        verdict = await self.call(verification.run)
        event = NewEvent(
            action=Action.AUDIT_VERIFY,
            actor=self.actor,
            outcome=Outcome.SUCCESS if verdict.ok else Outcome.FAILURE,
            request_id=self.request_id,
            details={"events": verdict.events, "first_bad_seq": verdict.first_bad_seq},
        )
        await self.call(self.services.record, event)
        self.answer(AuditVerdict.model_validate(verdict.document()))


@dataclass(frozen=True, slots=True)
class _Verification:
    database: Database
    checkpoints: Checkpoints

    def run(self) -> Verdict:
        outside = self.database.home / FILE_NAME
        return verify_log(self.database, key=self._key(), outside=outside if outside.exists() else None)

    def _key(self) -> VerifierKey | None:
        """The key of the checkpoints; without the device their content is still checked, their signatures are not."""
        try:
            return self.checkpoints.verifier()
        except SignerUnavailableError:
            return None


def audit_event(recorded: RecordedEvent) -> AuditEvent:
    """The document of an event; its names are the columns of ``audit_events``."""
    event = recorded.event
    return AuditEvent(
        seq=recorded.seq,
        time=recorded.time,
        tick_ns=str(recorded.tick_ns),
        node=recorded.node,
        action=event.action.value,
        outcome=event.outcome.value,
        actor=event.actor.user,
        role=event.actor.role,
        certificate_serial=event.actor.certificate_serial,
        project=event.project,
        object=event.object,
        request_id=event.request_id,
        details=dict(event.details),
        prev_hash=recorded.prev_hash.hex(),
        hash=recorded.hash.hex(),
    )


def _filter(query: AuditQuery, limit: int | None) -> EventFilter:
    return EventFilter(
        since_seq=query.after_seq,
        since=query.since,
        until=query.until,
        action=query.action,
        actor=query.user,
        project=query.project,
        limit=limit,
    )


def _arrow_chunks(database: Database, wanted: EventFilter) -> Generator[bytes, None, None]:
    """The Arrow IPC stream of the matching events, a record batch at a time; never an empty chunk."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, ARROW_SCHEMA) as writer:
        for batch in as_arrow(database, wanted):
            writer.write_batch(batch)
            yield _drain(sink)
    yield _drain(sink)


def _drain(sink: io.BytesIO) -> bytes:
    written = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return written
