"""A small scenario, its exports, and packages signed by a key that lives for one test run."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exporters.godot import GodotExporter
from exporters.package import (
    NAMESPACE,
    PackageDescription,
    PackageSigner,
    SignedPackage,
    build_package,
    sign_package,
)
from exporters.protocol import Export
from tests.exporters.small_scenario import small_scenario
from workbench.scenario.composition import Composition
from workbench.sshsig import openssh_public_key

PRINCIPAL = "lab@site"
SIGNED_AT = "2026-05-01T12:00:00Z"


@pytest.fixture(scope="session")
def composition() -> Composition:
    return small_scenario()


@pytest.fixture(scope="session")
def godot_export(composition: Composition) -> Export:
    return GodotExporter().export(composition.scenario, composition.blobs)


class ReleaseDesk:
    """Signs packages and remembers what was handed to the key."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        self.handed: list[bytes] = []

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def allowed_signers(self, options: str = f'namespaces="{NAMESPACE}"') -> str:
        return f"{PRINCIPAL} {options} {openssh_public_key(self.public_key)}\n"

    def sign(self, message: bytes) -> bytes:
        self.handed.append(message)
        return self._key.sign(message)

    def release(
        self,
        composition: Composition,
        export: Export,
        *,
        target: str = "godot",
        evaluation: bool = False,
        scenario_sha256: str | None = None,
    ) -> SignedPackage:
        scenario = composition.scenario
        description = PackageDescription(
            scenario_sha256=scenario_sha256 or scenario.digest(),
            title=scenario.title,
            target=target,
            engine_version=scenario.recipe.engine_version,
            workbench_version="4.0.0a1",
            principal=PRINCIPAL,
            evaluation=evaluation,
        )
        signer = PackageSigner(kind="software", serial="soft-1", key_id=0x1234, public_key=self.public_key)
        unsigned = build_package(export, describe=description)
        return sign_package(unsigned, sign=self.sign, signer=signer, signed_at=SIGNED_AT)


@pytest.fixture
def desk() -> ReleaseDesk:
    return ReleaseDesk()


@pytest.fixture
def package(desk: ReleaseDesk, composition: Composition, godot_export: Export) -> SignedPackage:
    return desk.release(composition, godot_export)


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[[Mapping[str, bytes]], Path]:
    """Writes files below a fresh folder."""

    def write(files: Mapping[str, bytes], name: str = "package") -> Path:
        folder = tmp_path / name
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return folder

    return write
