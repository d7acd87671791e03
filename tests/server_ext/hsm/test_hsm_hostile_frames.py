"""Whatever arrives, the device answers with an error code or closes the session, and shows no key."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yubihsm.core import AuthSession, YubiHsm
from yubihsm.defs import ALGORITHM, CAPABILITY, COMMAND, ERROR
from yubihsm.exceptions import YubiHsmDeviceError
from yubihsm.objects import AsymmetricKey, WrapKey

from server_ext.hsm.emulator import EmulatorBackend, MemoryVault, SoftwareDevice

PRIVATE = ed25519.Ed25519PrivateKey.generate()
SEED = PRIVATE.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
WRAP = os.urandom(32)
COUNT = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def loaded() -> tuple[SoftwareDevice, AuthSession]:
    device = SoftwareDevice.open(MemoryVault())
    session = YubiHsm(EmulatorBackend(device)).create_session_derived(1, "password")
    AsymmetricKey.put(session, 0x1234, "k", 1, CAPABILITY.ALL, PRIVATE)
    WrapKey.put(session, 0x1236, "w", 1, CAPABILITY.ALL, ALGORITHM.AES256_CCM_WRAP, CAPABILITY.ALL, WRAP)
    return device, session


def reset_spared(command: int) -> bool:
    return command not in {COMMAND.RESET_DEVICE, COMMAND.CLOSE_SESSION, COMMAND.SET_OPTION}


DEVICE, SESSION = loaded()


def assert_well_formed(answer: bytes) -> None:
    assert len(answer) >= 3
    assert int.from_bytes(answer[1:3], "big") == len(answer) - 3
    assert SEED not in answer
    assert WRAP not in answer


@COUNT
@given(st.binary(max_size=200))
def test_any_bytes_get_a_well_formed_answer(message: bytes) -> None:
    assert_well_formed(DEVICE.transceive(message))


@COUNT
@given(st.sampled_from(list(COMMAND)), st.binary(max_size=100))
def test_any_plain_frame_gets_a_well_formed_answer(command: COMMAND, data: bytes) -> None:
    assert_well_formed(DEVICE.transceive(bytes([command]) + len(data).to_bytes(2, "big") + data))


@settings(COUNT, max_examples=600)
@given(
    st.integers(0, 255).filter(reset_spared),
    st.one_of(
        st.binary(max_size=120),
        st.binary(max_size=80).map(lambda rest: b"\x12\x34" + rest),
        st.binary(max_size=80).map(lambda rest: b"\x12\x36" + rest),
        st.binary(max_size=80).map(lambda rest: b"\x12\x34\x03" + rest),
    ),
)
def test_any_command_inside_a_session_answers_or_fails_by_code(command: int, data: bytes) -> None:
    global DEVICE, SESSION
    try:
        answer = SESSION.send_secure_cmd(_Code(command), data)
    except YubiHsmDeviceError as error:
        if error.code in {ERROR.INVALID_SESSION, ERROR.LOG_FULL}:
            DEVICE, SESSION = loaded()
    else:
        assert SEED not in answer
        assert WRAP not in answer
        if command == COMMAND.DELETE_OBJECT or command == COMMAND.CHANGE_AUTHENTICATION_KEY:
            DEVICE, SESSION = loaded()


class _Code(int):
    """A command byte that the client's enumeration need not know."""


class Recorder(EmulatorBackend):
    """A man in the middle."""

    def __init__(self, device: SoftwareDevice) -> None:
        super().__init__(device)
        self.sent: list[bytes] = []

    def transceive(self, msg: bytes) -> bytes:
        self.sent.append(msg)
        return super().transceive(msg)


def recorded() -> tuple[SoftwareDevice, AuthSession, Recorder]:
    device = SoftwareDevice.open(MemoryVault())
    recorder = Recorder(device)
    session = YubiHsm(recorder).create_session_derived(1, "password")
    AsymmetricKey.put(session, 0x1234, "k", 1, CAPABILITY.ALL, PRIVATE)
    AsymmetricKey(session, 0x1234).sign_eddsa(b"original")
    return device, session, recorder


def test_a_replayed_message_is_refused_and_closes_the_session() -> None:
    device, session, recorder = recorded()
    assert device.transceive(recorder.sent[-1])[0] == COMMAND.ERROR
    with pytest.raises(YubiHsmDeviceError) as caught:
        session.get_pseudo_random(1)
    assert caught.value.code is ERROR.INVALID_SESSION


def test_a_whole_recorded_session_cannot_be_played_to_the_device_again() -> None:
    device, session, recorder = recorded()
    session.close()
    messages = [message for message in recorder.sent if message[0] in {3, 4, 5}]
    answers = [device.transceive(message) for message in messages]
    assert answers[0][0] == COMMAND.CREATE_SESSION | 0x80
    assert all(answer[0] == COMMAND.ERROR for answer in answers[1:])


@COUNT
@given(st.data())
def test_a_changed_or_truncated_message_is_refused(data: st.DataObject) -> None:
    device, session, _ = recorded()
    body = bytearray(_next_message(session))
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(body) * 8 - 1))
        body[at // 8] ^= 1 << (at % 8)
    else:
        body = body[: data.draw(st.integers(0, len(body) - 1))]
    answer = device.transceive(bytes(body))
    assert_well_formed(answer)
    assert answer[0] == COMMAND.ERROR or body[0] != COMMAND.SESSION_MESSAGE


def _next_message(session: AuthSession) -> bytes:
    """The next valid session message, caught before it is sent."""
    caught: list[bytes] = []

    class Stop(Exception):
        pass

    class Catcher:
        def transceive(self, msg: bytes) -> bytes:
            caught.append(msg)
            raise Stop

    backend = session._hsm._backend
    session._hsm._backend = Catcher()
    try:
        AsymmetricKey(session, 0x1234).sign_eddsa(b"never signed")
    except Stop:
        pass
    finally:
        session._hsm._backend = backend
    return caught[0]
