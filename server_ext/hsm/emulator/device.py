"""The software YubiHSM 2: one message in, one message out.

>>> from yubihsm import YubiHsm
>>> from server_ext.hsm.emulator import EmulatorBackend, MemoryVault, SoftwareDevice
>>> hsm = YubiHsm(EmulatorBackend(SoftwareDevice.open(MemoryVault())))
>>> with hsm.create_session_derived(1, "password") as session:
...     len(session.get_pseudo_random(16))
16

Every message gets an answer: the result, or an error code. A command that fails changes nothing, and a
command whose log entry cannot be written is not answered with its result.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from yubihsm.defs import ALGORITHM, AUDIT, COMMAND, ERROR, OBJECT

from server_ext.hsm.emulator.audit_log import LOG_COMMANDS, SESSION_COMMANDS, AuditLog, LogRecord
from server_ext.hsm.emulator.commands import COMMANDS, OPEN_COMMANDS, Command, Context
from server_ext.hsm.emulator.objects import ALL_DOMAINS, Authority
from server_ext.hsm.emulator.persistence import Vault
from server_ext.hsm.emulator.scp03 import MAC_BYTES, Session, SessionTable
from server_ext.hsm.emulator.state import DeviceState, new_identity
from server_ext.hsm.emulator.wire import (
    REPLY_BIT,
    DeviceError,
    Fields,
    Frame,
    error_reply,
    parse_frame,
    reply,
)

__all__ = ["SoftwareDevice"]

_log = logging.getLogger(__name__)

_NOBODY = 0xFFFF
_CHALLENGE_BYTES = 8
_POINT_BYTES = 65
_SEED_BYTES = 32


class SoftwareDevice:
    """A YubiHSM 2 without the hardware. Messages are handled one at a time, as the device does."""

    def __init__(self, vault: Vault, *, random: Callable[[int], bytes], clock: Callable[[], float]) -> None:
        self._vault = vault
        self._random = random
        self._clock = clock
        self._booted = clock()
        self._lock = threading.Lock()
        self._sessions = SessionTable(random=random, clock=clock)
        kept = vault.load()
        if kept is None:
            self._state = DeviceState.factory(new_identity(random))
            self._audit = AuditLog.fresh(random(_SEED_BYTES))
            vault.save_log(self._audit)
            vault.save_state(self._state)
        else:
            self._state, old = kept
            self._audit = old.with_boot(forced=self._state.force_audit is not AUDIT.OFF)
            vault.save_log(self._audit)

    @classmethod
    def open(cls, vault: Vault) -> "SoftwareDevice":
        """A device on the system's random source and monotonic clock."""
        return cls(vault, random=os.urandom, clock=time.monotonic)

    @property
    def serial(self) -> int:
        return self._state.identity.serial

    def transceive(self, message: bytes) -> bytes:
        """Answer one message."""
        with self._lock:
            try:
                return self._answer(parse_frame(message))
            except DeviceError as error:
                return error_reply(error.code)

    def _answer(self, frame: Frame) -> bytes:
        match frame.command:
            case COMMAND.CREATE_SESSION:
                return self._create_session(frame)
            case COMMAND.AUTHENTICATE_SESSION:
                return self._authenticate(frame)
            case COMMAND.SESSION_MESSAGE:
                return self._session_message(frame)
            case code if code in OPEN_COMMANDS:
                nobody = Authority(_NOBODY, 0, 0, 0)
                return self._execute(frame, nobody, OPEN_COMMANDS)[0]
            case _:
                raise DeviceError(ERROR.INVALID_COMMAND)

    def _create_session(self, frame: Frame) -> bytes:
        fields = Fields(frame.data)
        key_id, challenge = fields.u16(), fields.rest()
        key = self._state.shelf.find(OBJECT.AUTHENTICATION_KEY, key_id, ALL_DOMAINS)
        authority = Authority(key.id, key.domains, key.capabilities, key.delegated)
        symmetric = key.algorithm is ALGORITHM.AES128_YUBICO_AUTHENTICATION
        if len(challenge) != (_CHALLENGE_BYTES if symmetric else _POINT_BYTES):
            raise DeviceError(ERROR.WRONG_LENGTH)
        if symmetric:
            data = self._sessions.open_symmetric(authority, key.value, challenge)
        else:
            static = self._state.identity.device_key
            data = self._sessions.open_asymmetric(authority, key.value, static, challenge)
        self._record_session(frame, _NOBODY, key_id)
        return reply(frame.command, data)

    def _authenticate(self, frame: Frame) -> bytes:
        if len(frame.data) != 1 + 2 * MAC_BYTES:
            raise DeviceError(ERROR.WRONG_LENGTH)
        session = self._sessions.find(frame.data[0], authenticated=False)
        try:
            session.authenticate(frame)
        except DeviceError:
            self._sessions.close(session)
            raise
        self._record_session(frame, session.authority.key_id, session.authority.key_id)
        return reply(frame.command)

    def _session_message(self, frame: Frame) -> bytes:
        if len(frame.data) < 1 + MAC_BYTES:
            raise DeviceError(ERROR.WRONG_LENGTH)
        session = self._sessions.find(frame.data[0], authenticated=True)
        try:
            inner = parse_frame(session.unwrap(frame))
        except DeviceError:
            self._sessions.close(session)
            raise
        answer, context = self._execute(inner, session.authority, COMMANDS)
        wrapped = session.wrap(answer)
        self._after(session, context)
        return wrapped

    def _after(self, session: Session, context: Context) -> None:
        if context.wants_reset:
            self._reset()
        elif context.wants_close:
            self._sessions.close(session)

    def _reset(self) -> None:
        state = DeviceState.factory(self._state.identity)
        audit = AuditLog.fresh(self._random(_SEED_BYTES))
        self._save(lambda: self._vault.save_state(state))
        self._save(lambda: self._vault.save_log(audit))
        self._state, self._audit = state, audit
        self._sessions.close_all()

    def _execute(self, frame: Frame, authority: Authority, commands: dict[int, Command]) -> tuple[bytes, Context]:
        context = Context(self._state, self._audit, self._random, authority)
        try:
            self._refuse_unlogged(frame.command)
            data = _run(commands, frame, context)
            self._keep(context)
            answer, result = reply(frame.command, data), frame.command | REPLY_BIT
        except DeviceError as error:
            context.wants_close = context.wants_reset = False
            answer, result = error_reply(error.code), int(error.code)
        record = LogRecord(frame.command, len(frame.data), authority.key_id, context.target, context.second, result)
        try:
            self._record(record)
        except DeviceError as error:
            answer = error_reply(error.code)
        return answer, context

    def _keep(self, context: Context) -> None:
        if context.state is not self._state:
            self._save(lambda: self._vault.save_state(context.state))
            self._state = context.state
        if context.log is not self._audit:
            self._save(lambda: self._vault.save_log(context.log))
            self._audit = context.log

    def _save(self, save: Callable[[], None]) -> None:
        try:
            save()
        except OSError as error:
            _log.error("the state cannot be written: %s", error)
            raise DeviceError(ERROR.STORAGE_FAILED) from error

    def _is_audited(self, command: int) -> bool:
        """Forced audit logs every command; else the command's own setting decides (docs, "Set Command Audit").

        What anyone may ask without a session is not forced, or a stranger could fill the log.
        """
        forced = self._state.force_audit is not AUDIT.OFF and command not in OPEN_COMMANDS
        return forced or self._state.command_audit.get(command, AUDIT.OFF) is not AUDIT.OFF

    @property
    def _must_not_overwrite(self) -> bool:
        return self._state.force_audit is not AUDIT.OFF and self._audit.is_full

    def _refuse_unlogged(self, command: int) -> None:
        if self._must_not_overwrite and command not in LOG_COMMANDS | SESSION_COMMANDS | set(OPEN_COMMANDS):
            raise DeviceError(ERROR.LOG_FULL)

    def _record(self, record: LogRecord) -> None:
        if not self._is_audited(record.command) or self._must_not_overwrite:
            return
        tick = int((self._clock() - self._booted) * 1000)
        audit = self._audit.with_record(record, tick=tick)
        self._save(lambda: self._vault.save_log(audit))
        self._audit = audit

    def _record_session(self, frame: Frame, session_key: int, target: int) -> None:
        if self._must_not_overwrite:
            if frame.command == COMMAND.AUTHENTICATE_SESSION:
                self._audit = self._audit.with_unlogged_session()
            return
        self._record(LogRecord(frame.command, len(frame.data), session_key, target, _NOBODY, frame.command | REPLY_BIT))


def _run(commands: dict[int, Command], frame: Frame, context: Context) -> bytes:
    command = commands.get(frame.command)
    if command is None:
        raise DeviceError(ERROR.INVALID_COMMAND)
    context.authority.require(command.capability)
    fields = Fields(frame.data)
    data = command.run(context, fields)
    fields.end()
    return data
