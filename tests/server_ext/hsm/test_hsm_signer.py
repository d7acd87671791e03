"""The signer: real signatures, recovery from a lost session, and one clear error when the device is gone."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from yubihsm.core import YubiHsm
from yubihsm.defs import ALGORITHM, CAPABILITY
from yubihsm.objects import AsymmetricKey

from server_ext.hsm.connection import ConnectorBackend
from server_ext.hsm.emulator import Connector, EmulatorBackend, SoftwareDevice
from server_ext.hsm.signer import MAX_MESSAGE_BYTES, KeyAlgorithm, SignerKind
from server_ext.hsm.yubihsm_signer import Credentials, YubiHsmSigner
from workbench.errors import SignerUnavailableError

MakeSigner = Callable[..., YubiHsmSigner]


@pytest.fixture
def filled(device: SoftwareDevice) -> SoftwareDevice:
    both = CAPABILITY.SIGN_EDDSA | CAPABILITY.SIGN_ECDSA
    with YubiHsm(EmulatorBackend(device)).create_session_derived(1, "password") as session:
        AsymmetricKey.generate(session, 0x1234, "release", 1, both, ALGORITHM.EC_ED25519)
        AsymmetricKey.generate(session, 0x2345, "p256", 1, both, ALGORITHM.EC_P256)
        AsymmetricKey.generate(session, 0x3456, "p384", 1, both, ALGORITHM.EC_P384)
    return device


def default_key() -> Credentials:
    return Credentials(1, "password")


def signer_of(device: SoftwareDevice, key_id: int = 0x1234, **changes) -> YubiHsmSigner:
    arguments = {"connect": lambda: EmulatorBackend(device), "credentials": default_key} | changes
    return YubiHsmSigner(key_id=key_id, **arguments)


def test_an_ed25519_signature_verifies_and_says_software(filled: SoftwareDevice) -> None:
    with signer_of(filled) as signer:
        told = signer.describe()
        assert (told.kind, told.algorithm, told.key_id) == (SignerKind.SOFTWARE, KeyAlgorithm.ED25519, 0x1234)
        assert told.serial == str(filled.serial)
        public = ed25519.Ed25519PublicKey.from_public_bytes(told.public_key)
        for message in (b"", b"m" * MAX_MESSAGE_BYTES):
            public.verify(signer.sign(message), message)


def test_a_p256_signature_verifies(filled: SoftwareDevice) -> None:
    with signer_of(filled, 0x2345) as signer:
        told = signer.describe()
        assert told.algorithm is KeyAlgorithm.ECDSA_P256
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), told.public_key)
        public.verify(signer.sign(b"message"), b"message", ec.ECDSA(hashes.SHA256()))


def test_more_than_the_limit_is_never_sent(filled: SoftwareDevice) -> None:
    with signer_of(filled) as signer, pytest.raises(ValueError, match="2019"):
        signer.sign(b"m" * (MAX_MESSAGE_BYTES + 1))


def test_a_missing_key_and_a_key_of_another_kind_are_explained(filled: SoftwareDevice) -> None:
    with signer_of(filled, 0x9999) as signer, pytest.raises(SignerUnavailableError, match="pacai hsm provision"):
        signer.sign(b"x")
    with signer_of(filled, 0x3456) as signer, pytest.raises(SignerUnavailableError, match="neither"):
        signer.describe()


def test_a_session_that_timed_out_is_opened_again(filled: SoftwareDevice, clock) -> None:
    with signer_of(filled) as signer:
        first = signer.sign(b"x")
        clock.now += 31
        assert signer.sign(b"x") == first


def test_a_restarted_device_is_found_again(filled: SoftwareDevice) -> None:
    ports: list[int] = []
    with Connector(filled) as before:
        ports.append(before.port)
        signer = signer_of(filled, connect=lambda: ConnectorBackend(f"http://127.0.0.1:{ports[-1]}"))
        first = signer.sign(b"x")
    with signer, Connector(filled) as after:
        ports.append(after.port)
        assert signer.sign(b"x") == first


def test_a_device_that_went_away_is_an_error_within_a_second(filled: SoftwareDevice) -> None:
    with Connector(filled) as connector:
        url = connector.url
        signer = signer_of(filled, connect=lambda: ConnectorBackend(url))
        signer.sign(b"x")
    start = time.monotonic()
    for act in (lambda: signer.sign(b"x"), signer.describe):
        with pytest.raises(SignerUnavailableError, match="connector does not answer"):
            act()
    assert time.monotonic() - start < 1
    signer.close()


def test_a_device_that_hangs_in_the_middle_is_given_up_within_a_second(filled: SoftwareDevice) -> None:
    class Hanging(EmulatorBackend):
        """Answers until told to hang; then it does what a socket does after its time-out."""

        hangs = False

        def transceive(self, msg: bytes) -> bytes:
            return silent.transceive(msg) if self.hangs else super().transceive(msg)

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        silent = ConnectorBackend(f"http://127.0.0.1:{server.getsockname()[1]}")
        backend = Hanging(filled)
        signer = signer_of(filled, connect=lambda: backend)
        signer.sign(b"x")
        backend.hangs = True
        start = time.monotonic()
        with pytest.raises(SignerUnavailableError):
            signer.sign(b"x")
        assert time.monotonic() - start < 1


def test_a_wrong_password_is_said_and_not_tried_again_and_again(filled: SoftwareDevice, clock) -> None:
    attempts: list[int] = []

    def wrong() -> Credentials:
        attempts.append(1)
        return Credentials(1, "wrong")

    signer = signer_of(filled, credentials=wrong, clock=clock)
    for _ in range(20):
        with pytest.raises(SignerUnavailableError, match="password"):
            signer.sign(b"x")
    assert len(attempts) == 1
    clock.now += 5.1
    with pytest.raises(SignerUnavailableError, match="password is wrong"):
        signer.sign(b"x")
    assert len(attempts) == 2


def test_a_full_device_says_what_to_do(filled: SoftwareDevice) -> None:
    for _ in range(16):
        YubiHsm(EmulatorBackend(filled)).create_session_derived(1, "password")
    with pytest.raises(SignerUnavailableError, match="wait 30 seconds"):
        signer_of(filled).sign(b"x")


def test_threads_share_one_signer(filled: SoftwareDevice) -> None:
    with (
        Connector(filled) as connector,
        signer_of(filled, connect=lambda: ConnectorBackend(connector.url, timeout=10)) as signer,
    ):
        public = ed25519.Ed25519PublicKey.from_public_bytes(signer.describe().public_key)
        signatures: dict[bytes, bytes] = {}

        def work(number: int) -> None:
            for turn in range(10):
                message = f"{number} {turn}".encode()
                signatures[message] = signer.sign(message)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(signatures) == 60
    for message, signature in signatures.items():
        public.verify(signature, message)
