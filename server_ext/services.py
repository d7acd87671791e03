"""The services behind the handlers: opened together, closed together, each usable without Jupyter.

    with Services.open(settings, policy, metrics, threads) as services:
        services.generation.generate(order, no_progress, lambda: False)

Every service is synchronous. The database is needed for anything at all; the HSM and the engine may be out of
reach, and then :meth:`Services.complaints` says so while the rest works.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self

import psycopg

from server_ext.audit import (
    Action,
    Actor,
    AuditLog,
    AuditStream,
    EventFilter,
    NewEvent,
    SystemClock,
    list_events,
    read_head,
)
from server_ext.checkpoints import Checkpoints
from server_ext.generation import DEFAULT_PROJECT, GenerationService
from server_ext.hsm import AUDIT_KEY_ID, RELEASE_KEY_ID, HsmService, HsmState, Signer
from server_ext.identity.roles import parse_roles
from server_ext.identity.user import WorkbenchUser
from server_ext.licensing import LicenceStore
from server_ext.metrics import GatewayMetrics
from server_ext.policy import Policy
from server_ext.problems import IdentityRefusedError
from server_ext.releases import PackageBuilder, ReleaseService
from server_ext.settings import Settings
from server_ext.store import Database, ObjectStore
from server_ext.store.projects import ProjectRecord, create_project, find_project
from server_ext.store.tokens import find_valid_token
from server_ext.watched_engine import WatchedEngine
from workbench import __version__
from workbench.bridge import open_engine
from workbench.errors import ConflictError, MissingError, SignerUnavailableError, UnavailableError, VerificationError

__all__ = ["GATEWAY_ACTOR", "Services"]

GATEWAY_ACTOR: Final = Actor(user="gateway", role="system")
"""Who acts when nobody asked: start, stop, checkpoints."""


@dataclass(frozen=True)
class Services:
    """What handlers call. Frozen: parts do not change while the gateway runs."""

    database: Database
    audit: AuditLog
    stream: AuditStream
    objects: ObjectStore
    engine: WatchedEngine
    licences: LicenceStore
    generation: GenerationService
    releases: ReleaseService
    checkpoints: Checkpoints
    hsm: HsmService | None
    hsm_failure: str
    """Why the HSM could not be opened; empty where it was."""
    _stack: ExitStack

    @classmethod
    def open(cls, settings: Settings, policy: Policy, metrics: GatewayMetrics, threads: Executor) -> Self:
        """Open everything. The HSM comes up on another of ``threads`` while the database does.

        Raises:
            DatabaseUnavailableError, StorageFullError: there is no database to be had.
            InputError: the settings name an unknown bridge.
        """
        stack = ExitStack()
        try:
            return cls._open(stack, settings, policy, metrics, threads)
        except BaseException:
            stack.close()
            raise

    @classmethod
    def _open(
        cls, stack: ExitStack, settings: Settings, policy: Policy, metrics: GatewayMetrics, threads: Executor
    ) -> Self:
        opening = threads.submit(_open_hsm, settings)
        stack.callback(lambda: _close_hsm(opening.result()[0]))
        engine = WatchedEngine(open_engine(settings.bridge))
        stack.callback(engine.close)
        database = stack.enter_context(Database.open(settings))
        audit = stack.enter_context(AuditLog(database, node=settings.node, clock=SystemClock()))
        objects = ObjectStore(settings.objects)
        licences = LicenceStore.from_settings(settings, count=metrics.licence_check)
        hsm, hsm_failure = opening.result()
        checkpoints = Checkpoints(audit=audit, signer=_signer_of(hsm, hsm_failure, AUDIT_KEY_ID))
        releases = ReleaseService(
            database=database,
            audit=audit,
            objects=objects,
            signer=_signer_of(hsm, hsm_failure, RELEASE_KEY_ID),
            licences=licences,
            policy=policy,
            builder=PackageBuilder(),
            checkpoint=checkpoints.sign,
        )
        stack.callback(releases.close)
        stream = stack.enter_context(AuditStream(database))
        _record_start(audit, policy)
        stack.callback(_record_stop, audit, checkpoints)
        return cls(
            database=database,
            audit=audit,
            stream=stream,
            objects=objects,
            engine=engine,
            licences=licences,
            generation=GenerationService(engine=engine, objects=objects, audit=audit, licences=licences),
            releases=releases,
            checkpoints=checkpoints,
            hsm=hsm,
            hsm_failure=hsm_failure,
            _stack=stack,
        )

    def close(self) -> None:
        """Close the parts in reverse order. May be called twice."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ small questions of the edge

    def record(self, event: NewEvent) -> int:
        """Record an event without a change; its place in the log."""
        return self.audit.record(event).event.seq

    def count_events(self) -> int:
        """Length of the audit log: its numbers have no gaps."""
        with self.database.connection() as connection:
            return read_head(connection).seq

    def token_user(self, token: str) -> WorkbenchUser:
        """Whose token it is.

        Raises:
            IdentityRefusedError: it is unknown, expired, revoked or without a role.
        """
        with self.database.connection() as connection:
            record = find_valid_token(connection, token, now=datetime.now(UTC))
        if record is None:
            raise IdentityRefusedError("the token is unknown, expired or revoked")
        if not record.roles:
            raise IdentityRefusedError(f"the token of {record.username} carries no role")
        return WorkbenchUser(username=record.username, roles=parse_roles(record.roles), proof="token")

    def hsm_state(self) -> HsmState:
        """The state of the HSM now; answers within half a second."""
        if self.hsm is None:
            return HsmState("inactive", "inactive", None, None, self.hsm_failure)
        return self.hsm.state()

    def complaints(self, state: HsmState) -> tuple[str, ...]:
        """What is out of reach while the rest works."""
        found = (state.detail if state.signer is None else "", self.engine.failure)
        return tuple(complaint for complaint in found if complaint)


def _open_hsm(settings: Settings) -> tuple[HsmService | None, str]:
    try:
        return HsmService.open(settings), ""
    except (SignerUnavailableError, ConflictError) as error:
        return None, str(error)


def _close_hsm(hsm: HsmService | None) -> None:
    if hsm is not None:
        hsm.close()


def _signer_of(hsm: HsmService | None, failure: str, key_id: int) -> Callable[[], Signer]:
    def signer() -> Signer:
        if hsm is None:
            raise SignerUnavailableError(f"no HSM was there at the start: {failure}; mend it and restart the gateway")
        return hsm.signer(key_id)

    return signer


def _record_start(audit: AuditLog, policy: Policy) -> None:
    """Record the start, a policy that changed since the last one, and the default project at the first."""
    audit.record(NewEvent(Action.SYSTEM_START, GATEWAY_ACTOR, details={"version": __version__}))
    before, after = _last_policy(audit.database), policy.digest()
    if before != after:
        details = {"before": before, "after": after, "profile": policy.profile.value}
        audit.record(NewEvent(Action.POLICY_CHANGE, GATEWAY_ACTOR, details=details))
    try:
        with audit.database.connection() as connection:
            find_project(connection, DEFAULT_PROJECT)
    except MissingError:
        _create_default_project(audit)


def _record_stop(audit: AuditLog, checkpoints: Checkpoints) -> None:
    """Record the end and sign the log up to it."""
    # A database or device that is gone, or a broken log, must not keep the other parts from being closed.
    with suppress(UnavailableError, VerificationError):
        audit.record(NewEvent(Action.SYSTEM_STOP, GATEWAY_ACTOR))
        checkpoints.sign()


def _last_policy(database: Database) -> str | None:
    wanted = EventFilter(action=Action.POLICY_CHANGE, limit=1, newest_first=True)
    with database.connection() as connection:
        found = list_events(connection, wanted)
    return str(found[0].event.details["after"]) if found else None


def _create_default_project(audit: AuditLog) -> None:
    def create(cursor: psycopg.Cursor[Any]) -> ProjectRecord:
        now = datetime.now(UTC)
        return create_project(cursor, DEFAULT_PROJECT, name="Default", owner=GATEWAY_ACTOR.user, created_at=now)

    try:
        audit.record(NewEvent(Action.PROJECT_CREATE, GATEWAY_ACTOR, project=DEFAULT_PROJECT), create)
    except ConflictError:
        # Another node of the cluster made it a moment ago.
        return
