"""What the device holds: objects with ids, domains and capabilities, and who may see or make which.

* An object is visible to a session whose authentication key shares a domain with it; else it is not found.
* A session makes objects only in its own domains, with capabilities that were delegated to it.
* Type and id name an object; its sequence number grows each time that name is used again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from yubihsm.defs import ALGORITHM, CAPABILITY, ERROR, OBJECT, ORIGIN

from server_ext.hsm.emulator.wire import DeviceError

__all__ = ["LABEL_BYTES", "Authority", "ObjectKey", "Shelf", "StoredObject", "allocate_id"]

LABEL_BYTES = 40
"""YH_OBJ_LABEL_LEN (yubihsm.h)."""
MAX_OBJECTS = 256
"""YH_MAX_ITEMS_COUNT (yubihsm.h)."""
ALL_DOMAINS = 0xFFFF
ALL_CAPABILITIES = int(sum(CAPABILITY))
PAGE_BYTES = 126
PAGES = 1024
"""Storage of a fresh device as GET STORAGE INFO reports it (docs.yubico.com, same command)."""

ObjectKey = tuple[OBJECT, int]


@dataclass(frozen=True, slots=True)
class Authority:
    """What a session may do: copied from its authentication key when it opens."""

    key_id: int
    domains: int
    capabilities: int
    delegated: int

    def require(self, capability: int) -> None:
        if capability & ~self.capabilities:
            raise DeviceError(ERROR.INSUFFICIENT_PERMISSIONS)

    def require_delegation(self, capabilities: int) -> None:
        if capabilities & ~self.delegated:
            raise DeviceError(ERROR.INSUFFICIENT_PERMISSIONS)

    def require_domains(self, domains: int) -> None:
        if not domains:
            raise DeviceError(ERROR.INVALID_DATA)
        if domains & ~self.domains:
            raise DeviceError(ERROR.INSUFFICIENT_PERMISSIONS)


@dataclass(frozen=True, slots=True, repr=False)
class StoredObject:
    """One object. Its ``repr`` shows no key material."""

    type: OBJECT
    id: int
    algorithm: ALGORITHM
    label: bytes
    domains: int
    capabilities: int
    origin: ORIGIN
    value: bytes
    """Private scalar, seed, symmetric key, or the data of an opaque object."""
    size: int
    """Bytes that GET OBJECT INFO reports."""
    delegated: int = 0
    sequence: int = 0

    @property
    def key(self) -> ObjectKey:
        return (self.type, self.id)

    def require(self, capability: int) -> None:
        if capability & ~self.capabilities:
            raise DeviceError(ERROR.INSUFFICIENT_PERMISSIONS)

    def __repr__(self) -> str:
        return f"StoredObject({self.type.name}, id={self.id:#06x}, {self.algorithm.name})"


@dataclass(frozen=True, slots=True)
class Shelf:
    """All objects and the sequence numbers of names used so far; changes make a new shelf."""

    objects: Mapping[ObjectKey, StoredObject] = field(default_factory=dict)
    sequences: Mapping[ObjectKey, int] = field(default_factory=dict)

    def find(self, kind: OBJECT, object_id: int, domains: int) -> StoredObject:
        """The object, if it shares a domain with ``domains``."""
        found = self.objects.get((kind, object_id))
        if found is None or not found.domains & domains:
            raise DeviceError(ERROR.OBJECT_NOT_FOUND)
        return found

    def visible(self, domains: int) -> list[StoredObject]:
        return [item for _, item in sorted(self.objects.items()) if item.domains & domains]

    def with_new(self, item: StoredObject) -> "Shelf":
        if item.key in self.objects:
            raise DeviceError(ERROR.OBJECT_EXISTS)
        if len(self.objects) >= MAX_OBJECTS or self.free_pages < _pages(item):
            raise DeviceError(ERROR.STORAGE_FAILED)
        sequence = (self.sequences[item.key] + 1) % 256 if item.key in self.sequences else 0
        stored = replace(item, sequence=sequence)
        return Shelf({**self.objects, item.key: stored}, {**self.sequences, item.key: sequence})

    def with_changed(self, item: StoredObject) -> "Shelf":
        return replace(self, objects={**self.objects, item.key: item})

    def without(self, item: StoredObject) -> "Shelf":
        return replace(self, objects={key: kept for key, kept in self.objects.items() if key != item.key})

    @property
    def free_pages(self) -> int:
        return PAGES - sum(_pages(item) for item in self.objects.values())

    @property
    def free_records(self) -> int:
        return MAX_OBJECTS - len(self.objects)


def allocate_id(shelf: Shelf, kind: OBJECT, wanted: int, random: Callable[[int], bytes]) -> int:
    """``wanted``, or a free id when it is 0 (the device chooses)."""
    if wanted == 0xFFFF:
        raise DeviceError(ERROR.INVALID_ID)
    while wanted in {0, 0xFFFF}:
        candidate = int.from_bytes(random(2), "big")
        if (kind, candidate) not in shelf.objects:
            wanted = candidate
    return wanted


def _pages(item: StoredObject) -> int:
    return -(-item.size // PAGE_BYTES)
