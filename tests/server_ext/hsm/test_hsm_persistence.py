"""Keys survive, encrypted; a wrong passphrase, a damaged file and a second process are told apart."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from yubihsm.core import YubiHsm
from yubihsm.defs import ALGORITHM, AUDIT, CAPABILITY, COMMAND, OBJECT
from yubihsm.objects import AsymmetricKey, AuthenticationKey, WrapKey

from server_ext.hsm.emulator import EmulatorBackend, FileVault, SoftwareDevice
from workbench.errors import ConflictError, SignerUnavailableError

PASSPHRASE = b"correct horse battery staple"
PRIVATE = ed25519.Ed25519PrivateKey.generate()
SEED = PRIVATE.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
WRAP = os.urandom(32)


def fill(folder: Path) -> tuple[int, bytes]:
    """A device with one of each kind of key; its serial and its last log digest."""
    with FileVault(folder, PASSPHRASE) as vault:
        device = SoftwareDevice.open(vault)
        with YubiHsm(EmulatorBackend(device)).create_session_derived(1, "password") as session:
            session.set_command_audit({COMMAND.SIGN_EDDSA: AUDIT.FIXED})
            AsymmetricKey.put(session, 0x1234, "release", 1, CAPABILITY.SIGN_EDDSA, PRIVATE).sign_eddsa(b"x")
            WrapKey.put(session, 5, "w", 1, CAPABILITY.ALL, ALGORITHM.AES256_CCM_WRAP, CAPABILITY.ALL, WRAP)
            AuthenticationKey.put_derived(session, 2, "op", 1, CAPABILITY.SIGN_EDDSA, CAPABILITY.NONE, "op")
            return device.serial, session.get_log_entries().entries[-1].digest


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    serial, digest = fill(tmp_path)
    with FileVault(tmp_path, PASSPHRASE) as vault:
        device = SoftwareDevice.open(vault)
        assert device.serial == serial
        hsm = YubiHsm(EmulatorBackend(device))
        with hsm.create_session_derived(2, "op") as session:
            key = session.get_object(0x1234, OBJECT.ASYMMETRIC_KEY)
            assert isinstance(key, AsymmetricKey)
            assert key.sign_eddsa(b"again") == PRIVATE.sign(b"again")
            assert key.get_info().label == "release"
        with hsm.create_session_derived(1, "password") as session:
            assert session.get_command_audit()[COMMAND.SIGN_EDDSA] is AUDIT.FIXED
            entries = session.get_log_entries().entries
        before, boot, *_ = entries[2:]
        assert (before.digest, boot.command) == (digest, 0)
        assert boot.validate(before)


def test_nothing_secret_is_in_the_files(tmp_path: Path) -> None:
    fill(tmp_path)
    stored = b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))
    for secret in (SEED, WRAP, SEED.hex().encode(), WRAP.hex().encode(), b"release", PASSPHRASE):
        assert secret not in stored
    assert tmp_path.joinpath("objects").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_made_is_closed_to_others(tmp_path: Path) -> None:
    fill(tmp_path / "state")
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_another_passphrase_opens_nothing(tmp_path: Path) -> None:
    fill(tmp_path)
    with FileVault(tmp_path, b"wrong") as vault, pytest.raises(SignerUnavailableError, match="passphrase"):
        SoftwareDevice.open(vault)


@pytest.mark.parametrize("name", ["objects", "log"])
@pytest.mark.parametrize("at", [0, 25, 45, -1])
def test_a_changed_byte_is_noticed(tmp_path: Path, name: str, at: int) -> None:
    fill(tmp_path)
    data = bytearray((tmp_path / name).read_bytes())
    data[at] ^= 1
    (tmp_path / name).write_bytes(data)
    with FileVault(tmp_path, PASSPHRASE) as vault, pytest.raises(SignerUnavailableError, match=name):
        SoftwareDevice.open(vault)


@pytest.mark.parametrize("keep", [0, 10, 30, 60])
def test_a_truncated_file_is_noticed(tmp_path: Path, keep: int) -> None:
    fill(tmp_path)
    data = (tmp_path / "objects").read_bytes()
    (tmp_path / "objects").write_bytes(data[:keep])
    with FileVault(tmp_path, PASSPHRASE) as vault, pytest.raises(SignerUnavailableError):
        SoftwareDevice.open(vault)


def test_the_two_files_cannot_be_swapped(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "objects").write_bytes((tmp_path / "log").read_bytes())
    with FileVault(tmp_path, PASSPHRASE) as vault, pytest.raises(SignerUnavailableError):
        SoftwareDevice.open(vault)


@pytest.mark.parametrize("name", ["objects", "log"])
def test_a_missing_half_is_an_error_and_no_new_device(tmp_path: Path, name: str) -> None:
    fill(tmp_path)
    (tmp_path / name).unlink()
    with FileVault(tmp_path, PASSPHRASE) as vault, pytest.raises(SignerUnavailableError, match="half"):
        SoftwareDevice.open(vault)


def test_a_crash_in_the_very_first_start_begins_anew(tmp_path: Path) -> None:
    with FileVault(tmp_path, PASSPHRASE) as vault:
        SoftwareDevice.open(vault)
    (tmp_path / "objects").unlink()
    with FileVault(tmp_path, PASSPHRASE) as vault:
        SoftwareDevice.open(vault)


def test_a_folder_is_open_once(tmp_path: Path) -> None:
    with FileVault(tmp_path, PASSPHRASE), pytest.raises(ConflictError, match="already running"):
        FileVault(tmp_path, PASSPHRASE)
    FileVault(tmp_path, PASSPHRASE).close()
