"""Provisioning: the right keys and roles, twice the same, and safe to interrupt."""

from collections.abc import Callable
from pathlib import Path

import pytest
from yubihsm.backends import YhsmBackend
from yubihsm.core import AuthSession, YubiHsm
from yubihsm.defs import ALGORITHM, AUDIT, CAPABILITY, COMMAND, ERROR, OBJECT
from yubihsm.exceptions import YubiHsmConnectionError, YubiHsmDeviceError
from yubihsm.objects import AsymmetricKey, WrapKey

from server_ext.hsm.emulator import EmulatorBackend, SoftwareDevice
from server_ext.hsm.provision import (
    ADMINISTRATOR,
    AUDIT_KEY_ID,
    AUDITOR,
    OPERATOR,
    RELEASE_KEY_ID,
    WRAP_KEY_ID,
    Role,
    plan,
    provision,
    secret_file,
)
from workbench.errors import ConflictError, SignerUnavailableError


@pytest.fixture
def connect(device: SoftwareDevice) -> Callable[[], YhsmBackend]:
    return lambda: EmulatorBackend(device)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    return tmp_path / "secrets"


def opened(device: SoftwareDevice, secrets: Path, role: Role) -> AuthSession:
    password = secret_file(secrets, role).read_text().strip()
    return YubiHsm(EmulatorBackend(device)).create_session_derived(role.auth_key_id, password)


def refused(attempt: Callable[[], object]) -> bool:
    with pytest.raises(YubiHsmDeviceError) as caught:
        attempt()
    return caught.value.code in {ERROR.INSUFFICIENT_PERMISSIONS, ERROR.OBJECT_NOT_FOUND}


def test_the_plan_says_everything_and_does_nothing(connect, secrets, device) -> None:
    steps = plan(connect, secrets)
    assert len(steps) == 8
    for word in ("administrator", "operator", "auditor", "0x1234", "0x1235", "0x1236", "audit", "default"):
        assert any(word in step for step in steps), word
    assert not secrets.exists()
    assert plan(connect, secrets) == steps
    YubiHsm(EmulatorBackend(device)).create_session_derived(1, "password").close()


def test_it_does_what_the_plan_said_and_the_second_time_nothing(connect, secrets) -> None:
    steps = plan(connect, secrets)
    assert sorted(provision(connect, secrets)) == sorted(steps)
    assert plan(connect, secrets) == ()
    assert provision(connect, secrets) == ()


def test_the_default_password_opens_nothing_any_more(connect, secrets, device) -> None:
    provision(connect, secrets)
    assert refused(lambda: YubiHsm(EmulatorBackend(device)).create_session_derived(1, "password"))


def test_the_operator_can_sign_and_nothing_else(connect, secrets, device) -> None:
    provision(connect, secrets)
    with opened(device, secrets, OPERATOR) as session:
        for key_id in (RELEASE_KEY_ID, AUDIT_KEY_ID):
            key = AsymmetricKey(session, key_id)
            key.get_public_key().verify(key.sign_eddsa(b"x"), b"x")
            assert refused(key.delete)
        assert refused(lambda: WrapKey(session, WRAP_KEY_ID).wrap_data(b"x"))
        assert refused(session.get_log_entries)
        assert refused(lambda: session.get_pseudo_random(1))
        assert refused(lambda: session.set_command_audit({COMMAND.SIGN_EDDSA: AUDIT.OFF}))
        assert refused(lambda: AsymmetricKey.generate(session, 0, "x", 1, CAPABILITY.SIGN_EDDSA, ALGORITHM.EC_ED25519))


def test_the_auditor_reads_the_log_and_cannot_sign(connect, secrets, device) -> None:
    provision(connect, secrets)
    with opened(device, secrets, AUDITOR) as session:
        commands = {entry.command for entry in session.get_log_entries().entries}
        assert {COMMAND.GENERATE_ASYMMETRIC_KEY, COMMAND.DELETE_OBJECT, COMMAND.SET_OPTION} <= commands
        assert refused(lambda: AsymmetricKey(session, RELEASE_KEY_ID).sign_eddsa(b"x"))


def test_the_administrator_cannot_sign(connect, secrets, device) -> None:
    provision(connect, secrets)
    with opened(device, secrets, ADMINISTRATOR) as session:
        assert refused(lambda: AsymmetricKey(session, RELEASE_KEY_ID).sign_eddsa(b"x"))
        assert refused(lambda: WrapKey(session, WRAP_KEY_ID).unwrap_data(b"x" * 40))
        assert AsymmetricKey(session, RELEASE_KEY_ID).attest().serial_number > 0


def test_the_release_key_cannot_be_exported_and_signatures_are_audited(connect, secrets, device) -> None:
    provision(connect, secrets)
    with opened(device, secrets, ADMINISTRATOR) as session:
        info = session.get_object(RELEASE_KEY_ID, OBJECT.ASYMMETRIC_KEY).get_info()
        assert (info.label, info.capabilities) == ("release signing", CAPABILITY.SIGN_EDDSA)
        assert info.algorithm is ALGORITHM.EC_ED25519
        assert session.get_command_audit()[COMMAND.SIGN_EDDSA] is AUDIT.ON


def test_passwords_are_long_different_and_private(connect, secrets) -> None:
    provision(connect, secrets)
    files = [secret_file(secrets, role) for role in (OPERATOR, AUDITOR, ADMINISTRATOR)]
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert len({file.read_text() for file in files}) == 3
    assert all(len(file.read_text().strip()) == 64 for file in files)


class Dying(EmulatorBackend):
    """A device whose cable is pulled after some messages."""

    def __init__(self, device: SoftwareDevice, messages: int) -> None:
        super().__init__(device)
        self.left = messages

    def transceive(self, msg: bytes) -> bytes:
        if self.left == 0:
            raise YubiHsmConnectionError("the cable was pulled")
        self.left -= 1
        return super().transceive(msg)


def test_interrupted_anywhere_it_finishes_the_next_time(device, secrets, clock) -> None:
    for messages in range(1, 80, 3):
        try:
            provision(lambda left=messages: Dying(device, left), secrets)
        except SignerUnavailableError as error:
            assert "cable" in str(error)  # noqa: PT017 - either outcome is right, at a later message
        clock.now += 31  # sessions that were cut off end by themselves
    provision(lambda: EmulatorBackend(device), secrets)
    assert plan(lambda: EmulatorBackend(device), secrets) == ()
    with opened(device, secrets, OPERATOR) as session:
        AsymmetricKey(session, RELEASE_KEY_ID).sign_eddsa(b"x")


def test_a_lost_secret_is_named(connect, secrets) -> None:
    provision(connect, secrets)
    secret_file(secrets, OPERATOR).unlink()
    with pytest.raises(SignerUnavailableError, match="hsm-operator is missing"):
        plan(connect, secrets)
    secret_file(secrets, ADMINISTRATOR).unlink()
    with pytest.raises(SignerUnavailableError, match="hsm-administrator is missing"):
        provision(connect, secrets)


def test_secrets_of_another_device_are_a_wrong_password(connect, secrets) -> None:
    provision(connect, secrets)
    secret_file(secrets, ADMINISTRATOR).write_text("0" * 64)
    with pytest.raises(SignerUnavailableError, match="password is wrong"):
        plan(connect, secrets)


def test_an_id_used_by_something_else_is_not_overwritten(connect, secrets, device) -> None:
    with YubiHsm(EmulatorBackend(device)).create_session_derived(1, "password") as session:
        AsymmetricKey.generate(session, RELEASE_KEY_ID, "mine", 1, CAPABILITY.NONE, ALGORITHM.EC_P384)
    for attempt in (plan, provision):
        with pytest.raises(ConflictError, match="0x1234"):
            attempt(connect, secrets)
