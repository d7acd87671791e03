"""From an export to a signed package that anyone can verify with stock tools.

    unsigned = build_package(export, describe=PackageDescription(...))
    package = sign_package(unsigned, sign=signer.sign, public_key=key, signer=PackageSigner(...))
    Path("release.zip").write_bytes(package_zip(package.files))

Exactly two signatures are made, whatever the size of the package, and each of a message short enough for
any hardware module: SSHSIG over MANIFEST (checked by ``ssh-keygen -Y verify``) and a DSSE envelope over
the in-toto statement about MANIFEST (see :mod:`exporters.provenance`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files as resources

from exporters.losses import LOSSES_FILE
from exporters.manifest import (
    MANIFEST_FILE,
    PROVENANCE_FILE,
    SIGNATURE_FILE,
    UNLISTED,
    manifest_text,
)
from exporters.protocol import Export
from exporters.provenance import Facts, envelope, pae, statement
from exporters.stored_zip import stored_zip
from workbench import sshsig
from workbench.allowed_signers import SshPublicKey
from workbench.canonical import Digest, sha256_hex
from workbench.errors import InputError

__all__ = [
    "NAMESPACE",
    "SCENARIO_FILE",
    "VERIFY_FILE",
    "PackageDescription",
    "PackageSigner",
    "SignedPackage",
    "UnsignedPackage",
    "build_package",
    "package_zip",
    "sign_package",
]

NAMESPACE = "release@pacai"
"""SSHSIG namespace of packages; licences and audit checkpoints have others."""
SCENARIO_FILE = "scenario.json"
VERIFY_FILE = "VERIFY.txt"


@dataclass(frozen=True, slots=True)
class PackageDescription:
    """What the package is about, as far as its files do not say it."""

    scenario_sha256: Digest
    title: str
    target: str
    engine_version: str
    workbench_version: str
    principal: str
    """Who signs, as the receivers' ``allowed_signers`` names it."""
    evaluation: bool


@dataclass(frozen=True, slots=True)
class PackageSigner:
    """What holds the key."""

    kind: str
    serial: str
    key_id: int
    public_key: bytes
    """Raw 32-byte Ed25519 key, or the uncompressed 65-byte P-256 point."""


@dataclass(frozen=True, slots=True)
class UnsignedPackage:
    files: Mapping[str, bytes]
    """The export, VERIFY.txt and MANIFEST."""
    description: PackageDescription

    @property
    def manifest(self) -> bytes:
        return self.files[MANIFEST_FILE]


@dataclass(frozen=True, slots=True)
class SignedPackage:
    files: Mapping[str, bytes]
    facts: Facts


def build_package(export: Export, *, describe: PackageDescription) -> UnsignedPackage:
    """Add VERIFY.txt and MANIFEST to an export.

    Raises:
        InputError: the export lacks a file that every package has, or uses a name of the package's own.
    """
    if missing := {SCENARIO_FILE, LOSSES_FILE, "README.txt"} - export.files.keys():
        raise InputError(f"the export for {describe.target!r} lacks {', '.join(sorted(missing))}")
    if taken := (UNLISTED | {VERIFY_FILE}) & export.files.keys():
        raise InputError(f"the export for {describe.target!r} holds a name of the package: {', '.join(sorted(taken))}")
    files = {**export.files, VERIFY_FILE: _verify_text(describe)}
    files[MANIFEST_FILE] = manifest_text(files)
    return UnsignedPackage(files=files, description=describe)


def sign_package(
    unsigned: UnsignedPackage, *, sign: Callable[[bytes], bytes], signer: PackageSigner, signed_at: str
) -> SignedPackage:
    """Sign MANIFEST and the statement about it.

    Args:
        sign: signature (64 bytes Ed25519, or DER ECDSA over SHA-256) of a message of at most 2,019 bytes; called exactly twice.
        signed_at: UTC, ``YYYY-MM-DDThh:mm:ssZ``.

    Raises:
        SignerUnavailableError: from ``sign``.
        VerificationError: the description is too long for a statement.
    """
    facts = _facts(unsigned, signer, signed_at)
    payload = statement(facts)
    manifest_signature = sign(sshsig.signed_data(NAMESPACE, unsigned.manifest))
    provenance = envelope(payload, SshPublicKey.from_raw(signer.public_key).fingerprint, sign(pae(payload)))
    armored = sshsig.armor(signer.public_key, NAMESPACE, manifest_signature)
    files = {**unsigned.files, SIGNATURE_FILE: armored.encode(), PROVENANCE_FILE: provenance}
    return SignedPackage(files=files, facts=facts)


def package_zip(files: Mapping[str, bytes]) -> bytes:
    """The package as one zip whose bytes depend on nothing but ``files`` (see :mod:`exporters.stored_zip`).

    Raises:
        InputError: a path is unsafe, two paths collide, or the files do not fit in a zip.
    """
    return stored_zip(files)


def _facts(unsigned: UnsignedPackage, signer: PackageSigner, signed_at: str) -> Facts:
    description = unsigned.description
    return Facts(
        manifest_sha256=sha256_hex(unsigned.manifest),
        scenario_sha256=description.scenario_sha256,
        title=description.title,
        target=description.target,
        engine_version=description.engine_version,
        workbench_version=description.workbench_version,
        signer_kind=signer.kind,
        signer_serial=signer.serial,
        signer_key_id=f"0x{signer.key_id:04x}",
        principal=description.principal,
        signed_at=signed_at,
        evaluation=description.evaluation,
    )


def _verify_text(description: PackageDescription) -> bytes:
    template = resources("exporters").joinpath("VERIFY.txt").read_text(encoding="utf-8")
    marking = "EVALUATION: made without a licence, not for operational use.\n\n" if description.evaluation else ""
    text = template.replace("{principal}", description.principal).replace("{namespace}", NAMESPACE)
    return (marking + text).encode()
