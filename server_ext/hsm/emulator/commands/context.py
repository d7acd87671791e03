"""What a command gets to work with, and the table that names every command."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from yubihsm.defs import ALGORITHM, ERROR, OBJECT, ORIGIN

from server_ext.hsm.emulator.audit_log import AuditLog
from server_ext.hsm.emulator.objects import (
    ALL_CAPABILITIES,
    LABEL_BYTES,
    Authority,
    Shelf,
    StoredObject,
    allocate_id,
)
from server_ext.hsm.emulator.state import DeviceState
from server_ext.hsm.emulator.wire import DeviceError, Fields

__all__ = ["Command", "Context", "NewObject", "change_shelf", "read_algorithm", "read_type"]

NO_CAPABILITY: Final = 0


@dataclass(slots=True)
class Context:
    """One command at work: it changes ``state`` and ``log`` here, and the device keeps them if it succeeds."""

    state: DeviceState
    log: AuditLog
    random: Callable[[int], bytes]
    authority: Authority
    target: int = 0
    """First object of the command, for the log."""
    second: int = 0
    wants_close: bool = False
    wants_reset: bool = False

    def find(self, kind: OBJECT, object_id: int) -> StoredObject:
        """The object that this session may see; the log will name it."""
        if not self.target:
            self.target = object_id
        else:
            self.second = object_id
        return self.state.shelf.find(kind, object_id, self.authority.domains)


@dataclass(frozen=True, slots=True)
class Command:
    run: Callable[[Context, Fields], bytes]
    capability: int = NO_CAPABILITY
    """What the session's authentication key must have."""


@dataclass(frozen=True, slots=True)
class NewObject:
    """The head that all PUT and GENERATE commands share: id, label, domains, capabilities, algorithm."""

    id: int
    label: bytes
    domains: int
    capabilities: int
    algorithm: ALGORITHM
    delegated: int = 0

    @classmethod
    def read(cls, fields: Fields, *, delegated: bool = False) -> "NewObject":
        object_id = fields.u16()
        label = fields.take(LABEL_BYTES).rstrip(b"\0")
        domains, capabilities = fields.u16(), fields.u64() & ALL_CAPABILITIES
        algorithm = read_algorithm(fields.u8())
        passed_on = fields.u64() & ALL_CAPABILITIES if delegated else 0
        return cls(object_id, label, domains, capabilities, algorithm, passed_on)

    def store(self, context: Context, kind: OBJECT, origin: ORIGIN, value: bytes, size: int) -> bytes:
        """Check the session's right to make it, keep it, and answer its id."""
        authority, shelf = context.authority, context.state.shelf
        authority.require_domains(self.domains)
        authority.require_delegation(self.capabilities | self.delegated)
        object_id = allocate_id(shelf, kind, self.id, context.random)
        context.target = object_id
        item = StoredObject(
            type=kind,
            id=object_id,
            algorithm=self.algorithm,
            label=self.label,
            domains=self.domains,
            capabilities=self.capabilities,
            delegated=self.delegated,
            origin=origin,
            value=value,
            size=size,
        )
        change_shelf(context, shelf.with_new(item))
        return object_id.to_bytes(2, "big")


def change_shelf(context: Context, shelf: Shelf) -> None:
    context.state = replace(context.state, shelf=shelf)


def read_algorithm(code: int) -> ALGORITHM:
    try:
        return ALGORITHM(code)
    except ValueError as error:
        raise DeviceError(ERROR.INVALID_DATA) from error


def read_type(code: int) -> OBJECT:
    try:
        return OBJECT(code)
    except ValueError as error:
        raise DeviceError(ERROR.INVALID_DATA) from error
