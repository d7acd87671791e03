"""Releases: build → sign → store, each step recorded.

Rules it keeps:

* Findings are recomputed here; a scenario with an error finding is never packaged.
* The policy says which kinds of signer may release, and whether the author may; the licence says which targets.
* The signing device lies outside the database, so the act is bracketed: an *intent* event before the first
  signature, and one outcome event that commits together with the package row, or names the failure.
* Before a release the log itself is signed: a log that does not continue what was signed before releases nothing.
* Nothing half-signed is stored: the zip is written only after both signatures exist.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import orjson

from exporters.package import PackageSigner, SignedPackage, UnsignedPackage, package_zip, sign_package
from server_ext.audit import AuditLog
from server_ext.audit.events import Action, Actor, NewEvent, Outcome
from server_ext.hsm.signer import Signer, SignerDescription
from server_ext.licensing import Entitlement, LicenceStore
from server_ext.policy import Policy
from server_ext.releases.builder import BuildOrder, PackageBuilder
from server_ext.releases.signers import PRINCIPAL
from server_ext.store import Database, ObjectStore, PackageId, ScenarioId, identifier_of
from server_ext.store.identifiers import RANDOM_BYTES
from server_ext.store.packages import NewPackage, PackageRecord, create_package, find_package, list_packages
from server_ext.store.scenarios import VersionRecord, find_version, latest_version
from workbench.allowed_signers import SshPublicKey
from workbench.errors import FindingsRefusedError, PacaiError, PolicyRefusedError
from workbench.scenario.findings import Severity
from workbench.scenario.model import Grid

__all__ = ["ReleaseOrder", "ReleaseService"]

Clock = Callable[[], datetime]
TIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    """What is asked for."""

    scenario_id: str
    version: int | None
    """The newest where None."""
    target: str
    actor: Actor
    request_id: str | None = None


class ReleaseService:
    """Builds, signs and keeps packages."""

    def __init__(
        self,
        *,
        database: Database,
        audit: AuditLog,
        objects: ObjectStore,
        signer: Callable[[], Signer],
        licences: LicenceStore,
        policy: Policy,
        builder: PackageBuilder,
        checkpoint: Callable[[], object],
        clock: Clock = lambda: datetime.now(UTC),
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._database = database
        self._audit = audit
        self._objects = objects
        self._signer = signer
        self._licences = licences
        self._policy = policy
        self._builder = builder
        self._checkpoint = checkpoint
        self._clock = clock
        self._random = random

    def release(self, order: ReleaseOrder) -> PackageRecord:
        """Build, sign and store one package.

        Raises:
            MissingError: no such scenario, version or exporter.
            FindingsRefusedError: the scenario has error findings.
            PolicyRefusedError: the policy forbids this signer or this author.
            LicenceRefusedError: the licence does not cover the target.
            VerificationError: the audit log does not continue its last signed checkpoint.
            SignerUnavailableError: nothing signs; nothing was stored.
            StorageFullError, DatabaseUnavailableError: nothing was stored.
        """
        version = self._version(order)
        self._refuse_unreleasable(order, version)
        self._licences.require(Entitlement.RELEASE, target=order.target)
        unsigned = self._build(order, version, evaluation=self._licences.status().marks_packages)
        signer = self._signer()
        description = signer.describe()
        self._refuse_signer(description)
        self._checkpoint()
        intent = self._event(order, version, Outcome.INTENT, {"signer": description.kind.value})
        self._audit.record(intent)
        try:
            signed = self._sign(unsigned, signer, description)
            return self._store(order, version, signed, description)
        except PacaiError as error:
            failure = replace(intent, outcome=Outcome.FAILURE, details={"problem": error.slug})
            self._audit.record(failure)
            raise

    def find(self, package_id: str) -> PackageRecord:
        """Raises: MissingError."""
        with self._database.connection() as connection:
            return find_package(connection, PackageId(package_id))

    def packages(self, *, limit: int) -> list[PackageRecord]:
        """The newest packages, newest first."""
        with self._database.connection() as connection:
            return list_packages(connection, limit=limit)

    def download(self, package_id: str, actor: Actor, request_id: str | None) -> tuple[PackageRecord, bytes]:
        """The zip of a package; recorded before it leaves.

        Raises:
            MissingError, VerificationError: no such package, or its bytes are damaged.
        """
        record = self.find(package_id)
        data = self._objects.get(record.archive)
        details = {"archive": record.archive}
        self._audit.record(
            NewEvent(Action.PACKAGE_DOWNLOAD, actor, object=record.id, request_id=request_id, details=details)
        )
        return record, data

    def close(self) -> None:
        self._builder.close()

    # ---------------------------------------------------------------- steps

    def _version(self, order: ReleaseOrder) -> VersionRecord:
        scenario = ScenarioId(order.scenario_id)
        with self._database.connection() as connection:
            if order.version is None:
                return latest_version(connection, scenario)
            return find_version(connection, scenario, order.version)

    def _refuse_unreleasable(self, order: ReleaseOrder, version: VersionRecord) -> None:
        if version.author == order.actor.user and not self._policy.duties.self_release:
            raise PolicyRefusedError(
                "the policy does not let an author release their own scenario; ask another officer"
            )

    def _refuse_signer(self, description: SignerDescription) -> None:
        if not self._policy.signer_may_release(description.kind):
            marking = self._policy.classification.value
            raise PolicyRefusedError(f"a {description.kind.value} signer may not release {marking} packages here")

    def _build(self, order: ReleaseOrder, version: VersionRecord, *, evaluation: bool) -> UnsignedPackage:
        terrain = orjson.loads(version.document)["terrain"]
        names = [Grid.model_validate(terrain[grid]).sha256 for grid in ("heights", "cover")]
        built = self._builder.build(
            BuildOrder(
                document=version.document,
                blobs={name: self._objects.get(name) for name in names},
                digest=version.digest,
                target=order.target,
                principal=PRINCIPAL,
                evaluation=evaluation,
            )
        )
        errors = [finding for finding in built.findings if finding.severity is Severity.ERROR]
        if errors:
            raise FindingsRefusedError(
                f"the scenario has {len(errors)} error findings, first {errors[0].rule} at {errors[0].where}: "
                f"{errors[0].message}"
            )
        return built.package

    def _sign(self, unsigned: UnsignedPackage, signer: Signer, description: SignerDescription) -> SignedPackage:
        holder = PackageSigner(
            kind=description.kind.value,
            serial=description.serial,
            key_id=description.key_id,
            public_key=description.public_key,
        )
        moment = self._clock().strftime(TIME_FORMAT)
        return sign_package(unsigned, sign=signer.sign, signer=holder, signed_at=moment)

    def _store(
        self, order: ReleaseOrder, version: VersionRecord, signed: SignedPackage, signer: SignerDescription
    ) -> PackageRecord:
        archive = package_zip(signed.files)
        manifest = signed.files["MANIFEST"]
        package = NewPackage(
            id=PackageId(identifier_of("p", self._random(RANDOM_BYTES))),
            scenario=version.scenario,
            version=version.version,
            target=order.target,
            archive=self._objects.put(archive),
            manifest=self._objects.put(manifest),
            size_bytes=len(archive),
            signer_kind=signer.kind.value,
            signer_key=SshPublicKey.from_raw(signer.public_key).fingerprint,
            signer_serial=signer.serial,
            signer_algorithm=signer.algorithm.value,
            signer_key_id=signer.key_id,
            evaluation=signed.facts.evaluation,
            created_by=order.actor.user,
            created_at=self._clock(),
        )
        details = {"package": package.id, "manifest": package.manifest, "signer": signer.kind.value}
        event = self._event(order, version, Outcome.SUCCESS, details)
        return self._audit.record(event, lambda cursor: create_package(cursor, package)).result

    def _event(
        self, order: ReleaseOrder, version: VersionRecord, outcome: Outcome, details: Mapping[str, str]
    ) -> NewEvent:
        return NewEvent(
            action=Action.PACKAGE_SIGN,
            actor=order.actor,
            outcome=outcome,
            object=f"{version.scenario}/{version.version}",
            request_id=order.request_id,
            details={"target": order.target, "digest": version.digest, **details},
        )
