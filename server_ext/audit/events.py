"""What is recorded: the closed list of actions and the shape of an event.

An event never holds a token, PIN, key or prompt text; bodies are named by digest. ``details`` is JSON
without floats, so the canonical bytes of an event exist and can be chained.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from workbench.canonical import JsonValue

__all__ = ["Action", "Actor", "NewEvent", "Outcome", "RecordedEvent"]


class Action(StrEnum):
    """Every action that the log knows; documented in docs/audit.md."""

    SYSTEM_START = "system.start"
    SYSTEM_STOP = "system.stop"
    REQUEST_REFUSED = "request.refused"
    AUTH_REFUSED = "auth.refused"
    ACCESS_REFUSED = "access.refused"
    PROJECT_CREATE = "project.create"
    SCENARIO_GENERATE = "scenario.generate"
    SCENARIO_SAVE = "scenario.save"
    PACKAGE_BUILD = "package.build"
    PACKAGE_SIGN = "package.sign"
    PACKAGE_DOWNLOAD = "package.download"
    AUDIT_VERIFY = "audit.verify"
    AUDIT_EXPORT = "audit.export"
    CHECKPOINT_SIGN = "checkpoint.sign"
    HSM_PROVISION = "hsm.provision"
    HSM_STATE = "hsm.state"
    LICENCE_APPLY = "licence.apply"
    LICENCE_CHECK = "licence.check"
    POLICY_CHANGE = "policy.change"
    TOKEN_ISSUE = "token.issue"  # noqa: S105 - the name of an action
    TOKEN_REVOKE = "token.revoke"  # noqa: S105 - the name of an action
    KERNEL_START = "kernel.start"
    BATCH_RUN = "batch.run"
    OUTBOUND_REFUSED = "outbound.refused"


class Outcome(StrEnum):
    INTENT = "intent"
    """Before an act outside the database; a success or failure event follows."""
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted."""

    user: str
    role: str
    certificate_serial: str | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event before it has a place in the chain."""

    action: Action
    actor: Actor
    outcome: Outcome = Outcome.SUCCESS
    project: str | None = None
    object: str | None = None
    request_id: str | None = None
    details: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event with its place in the chain."""

    seq: int
    """1 for the first event, without gaps."""
    time: datetime
    """UTC, microseconds."""
    tick_ns: int
    """Monotonic clock of the node, nanoseconds."""
    node: str
    event: NewEvent
    prev_hash: bytes
    hash: bytes
    """SHA-256 of ``prev_hash`` and the canonical bytes of the event."""
