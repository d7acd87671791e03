"""Objects of every kind: listed, described, deleted; and opaque data."""

import struct
from collections.abc import Callable

from yubihsm.defs import ALGORITHM, CAPABILITY, COMMAND, ERROR, LIST_FILTER, OBJECT, ORIGIN

from server_ext.hsm.emulator.commands.context import (
    Command,
    Context,
    NewObject,
    change_shelf,
    read_type,
)
from server_ext.hsm.emulator.objects import LABEL_BYTES, StoredObject
from server_ext.hsm.emulator.wire import DeviceError, Fields

__all__ = ["OBJECT_COMMANDS"]

_INFO = struct.Struct(f"!QHHHBBBB{LABEL_BYTES}sQ")
_OPAQUE_ALGORITHMS = (ALGORITHM.OPAQUE_DATA, ALGORITHM.OPAQUE_X509_CERTIFICATE)
_DELETE = {
    OBJECT.OPAQUE: CAPABILITY.DELETE_OPAQUE,
    OBJECT.AUTHENTICATION_KEY: CAPABILITY.DELETE_AUTHENTICATION_KEY,
    OBJECT.ASYMMETRIC_KEY: CAPABILITY.DELETE_ASYMMETRIC_KEY,
    OBJECT.WRAP_KEY: CAPABILITY.DELETE_WRAP_KEY,
    OBJECT.HMAC_KEY: CAPABILITY.DELETE_HMAC_KEY,
    OBJECT.TEMPLATE: CAPABILITY.DELETE_TEMPLATE,
    OBJECT.OTP_AEAD_KEY: CAPABILITY.DELETE_OTP_AEAD_KEY,
    OBJECT.SYMMETRIC_KEY: CAPABILITY.DELETE_SYMMETRIC_KEY,
    OBJECT.PUBLIC_WRAP_KEY: CAPABILITY.PUBLIC_WRAP_KEY_DELETE,
}
_PRELOADED_ID = 0
"""Opaque object 0 is the certificate of the device's own attestation key."""

Predicate = Callable[[StoredObject], bool]


def _list(context: Context, fields: Fields) -> bytes:
    wanted = _read_filters(fields)
    found = [item for item in context.state.shelf.visible(context.authority.domains) if wanted(item)]
    return b"".join(struct.pack("!HBB", item.id, item.type, item.sequence) for item in found)


def _read_filters(fields: Fields) -> Predicate:
    predicates = []
    while fields.left:
        predicates.append(_read_filter(fields))
    return lambda item: all(predicate(item) for predicate in predicates)


def _read_filter(fields: Fields) -> Predicate:
    match fields.u8():
        case LIST_FILTER.ID:
            number = fields.u16()
            return lambda item: item.id == number
        case LIST_FILTER.TYPE:
            kind = fields.u8()
            return lambda item: item.type == kind
        case LIST_FILTER.DOMAINS:
            domains = fields.u16()
            return lambda item: bool(item.domains & domains)
        case LIST_FILTER.CAPABILITIES:
            capabilities = fields.u64()
            return lambda item: bool(item.capabilities & capabilities)
        case LIST_FILTER.ALGORITHM:
            algorithm = fields.u8()
            return lambda item: item.algorithm == algorithm
        case LIST_FILTER.LABEL:
            label = fields.take(LABEL_BYTES).rstrip(b"\0")
            return lambda item: item.label == label
        case _:
            raise DeviceError(ERROR.INVALID_DATA)


def _info(context: Context, fields: Fields) -> bytes:
    object_id, kind = fields.u16(), read_type(fields.u8())
    item = context.find(kind, object_id)
    return _INFO.pack(
        item.capabilities,
        item.id,
        item.size,
        item.domains,
        item.type,
        item.algorithm,
        item.sequence,
        item.origin,
        item.label.ljust(LABEL_BYTES, b"\0"),
        item.delegated,
    )


def _delete(context: Context, fields: Fields) -> bytes:
    object_id, kind = fields.u16(), read_type(fields.u8())
    context.authority.require(_DELETE[kind])
    change_shelf(context, context.state.shelf.without(context.find(kind, object_id)))
    return b""


def _put_opaque(context: Context, fields: Fields) -> bytes:
    head = NewObject.read(fields)
    data = fields.rest()
    if head.algorithm not in _OPAQUE_ALGORITHMS:
        raise DeviceError(ERROR.INVALID_DATA)
    if not data:
        raise DeviceError(ERROR.WRONG_LENGTH)
    return head.store(context, OBJECT.OPAQUE, ORIGIN.IMPORTED, data, len(data))


def _get_opaque(context: Context, fields: Fields) -> bytes:
    object_id = fields.u16()
    if object_id == _PRELOADED_ID:
        return context.state.identity.attestation_certificate
    return context.find(OBJECT.OPAQUE, object_id).value


OBJECT_COMMANDS: dict[int, Command] = {
    COMMAND.LIST_OBJECTS: Command(_list),
    COMMAND.GET_OBJECT_INFO: Command(_info),
    COMMAND.DELETE_OBJECT: Command(_delete),
    COMMAND.PUT_OPAQUE: Command(_put_opaque, CAPABILITY.PUT_OPAQUE),
    COMMAND.GET_OPAQUE: Command(_get_opaque, CAPABILITY.GET_OPAQUE),
}
