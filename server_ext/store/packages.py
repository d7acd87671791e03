"""Signed packages: what was released, from which version, signed by what. The bytes are in the object store."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from psycopg.errors import ForeignKeyViolation, UniqueViolation

from server_ext.store.identifiers import PackageId, ScenarioId, check_identifier
from server_ext.store.rows import Session, fetch_all, fetch_one, insert_row
from workbench.canonical import Digest
from workbench.errors import ConflictError, MissingError

__all__ = ["NewPackage", "PackageRecord", "create_package", "find_package", "list_packages"]

DEFAULT_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class NewPackage:
    """A signed package before it is stored."""

    id: PackageId
    scenario: ScenarioId
    version: int
    target: str
    """Name of the exporter, such as ``godot``."""
    archive: Digest
    """The zip, in the object store."""
    manifest: Digest
    """The signed MANIFEST, in the object store."""
    size_bytes: int
    signer_kind: str
    """``yubihsm2``, ``pkcs11`` or ``software``."""
    signer_key: str
    """Fingerprint of the public key."""
    signer_serial: str
    signer_algorithm: str
    """``ed25519`` or ``ecdsa-p256``."""
    signer_key_id: int
    """Object id in the device."""
    evaluation: bool
    """Made without a licence, and marked so inside."""
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PackageRecord(NewPackage):
    event_seq: int
    """The audit event that stored it."""


def create_package(session: Session, package: NewPackage) -> PackageRecord:
    """Store a package; only as the work of an audit event.

    Raises:
        ConflictError: the identifier is taken.
        MissingError: there is no such version of the scenario.
        InputError: the identifier cannot be one.
    """
    check_identifier(package.id)
    try:
        return insert_row(session, "packages", PackageRecord, asdict(package))
    except UniqueViolation as error:
        raise ConflictError(f"a package {package.id!r} exists already") from error
    except ForeignKeyViolation as error:
        raise MissingError(f"there is no version {package.version} of scenario {package.scenario}") from error


def find_package(session: Session, package: PackageId) -> PackageRecord:
    """The package.

    Raises:
        MissingError: there is none.
    """
    return fetch_one(session, "packages", PackageRecord, "WHERE id = %s", [package], f"package {package}")


def list_packages(
    session: Session, scenario: ScenarioId | None = None, *, limit: int = DEFAULT_PAGE
) -> list[PackageRecord]:
    """The newest packages, of one scenario or of all, newest first."""
    if scenario is None:
        return fetch_all(session, "packages", PackageRecord, "ORDER BY event_seq DESC, id LIMIT %s", [limit])
    rest = "WHERE scenario = %s ORDER BY event_seq DESC, id LIMIT %s"
    return fetch_all(session, "packages", PackageRecord, rest, [scenario, limit])
