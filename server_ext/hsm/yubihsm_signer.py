"""Signing with a key in a YubiHSM 2, hardware or software.

One session is kept open and opened anew when the device has closed it (after 30 seconds of silence, or a
restart); a signature is asked for again once in that case. A device that does not answer in time is not asked again.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, TypeVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from yubihsm.backends import YhsmBackend
from yubihsm.core import AuthSession, YubiHsm
from yubihsm.defs import OBJECT
from yubihsm.exceptions import YubiHsmAuthenticationError, YubiHsmError
from yubihsm.objects import AsymmetricKey
from yubihsm.utils import password_to_key

from server_ext.hsm.connection import device_errors, is_timeout, summary_of
from server_ext.hsm.signer import MAX_MESSAGE_BYTES, KeyAlgorithm, SignerDescription
from workbench.errors import SignerUnavailableError

__all__ = ["Credentials", "YubiHsmSigner"]

_Result = TypeVar("_Result")

_WRONG_PASSWORD_SECONDS: Final = 5.0
"""A wrong password leaves one of 16 session slots taken for 30 seconds; at this rate six are, at most."""


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Which authentication key opens the session."""

    auth_key_id: int
    password: str


@dataclass(frozen=True, slots=True)
class _Opened:
    hsm: YubiHsm
    session: AuthSession
    key: AsymmetricKey
    description: SignerDescription


class YubiHsmSigner:
    """A :class:`~server_ext.hsm.signer.Signer`; safe to share between threads. A context manager."""

    def __init__(
        self,
        *,
        connect: Callable[[], YhsmBackend],
        credentials: Callable[[], Credentials],
        key_id: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is opened yet.

        Args:
            connect: a new connection to the device; may raise SignerUnavailableError.
            credentials: asked each time a session is opened, so that a password is not kept here.
            key_id: the signing key's object id, such as 0x1234.
        """
        self._connect = connect
        self._credentials = credentials
        self._key_id = key_id
        self._clock = clock
        self._not_before: float | None = None
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def describe(self) -> SignerDescription:
        """What this signer is.

        Raises:
            SignerUnavailableError: the device does not answer.
        """
        return self._use(lambda opened: opened.description)

    def sign(self, message: bytes) -> bytes:
        """Sign ``message``: see :meth:`server_ext.hsm.signer.Signer.sign`."""
        if len(message) > MAX_MESSAGE_BYTES:
            raise ValueError(f"a signer takes at most {MAX_MESSAGE_BYTES} bytes, got {len(message)}")
        return self._use(lambda opened: _sign(opened, message))

    def close(self) -> None:
        """End the session, if the device still listens."""
        with self._lock:
            opened, self._opened = self._opened, None
            if opened is not None:
                try:
                    with device_errors("the YubiHSM"):
                        opened.session.close()
                except SignerUnavailableError:
                    pass  # it is gone or has closed the session itself, which is what was wanted
                finally:
                    opened.hsm.close()

    def __enter__(self) -> "YubiHsmSigner":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _use(self, act: Callable[[_Opened], _Result]) -> _Result:
        with self._lock, device_errors(f"YubiHSM key {self._key_id:#06x}"):
            if self._opened is not None:
                try:
                    return act(self._opened)
                except YubiHsmError as error:
                    self._drop()
                    if is_timeout(error):
                        raise
            self._opened = self._open()
            try:
                return act(self._opened)
            except YubiHsmError:
                self._drop()
                raise

    def _open(self) -> _Opened:
        if self._not_before is not None and self._clock() < self._not_before:
            raise SignerUnavailableError(
                "the password was wrong a moment ago; restore the secrets folder that belongs to this device"
            )
        credentials = self._credentials()
        hsm = YubiHsm(self._connect())
        try:
            keys = password_to_key(credentials.password)
            session = hsm.create_session(credentials.auth_key_id, *keys)
            key = session.get_object(self._key_id, OBJECT.ASYMMETRIC_KEY)
            if not isinstance(key, AsymmetricKey):
                raise ValueError("the client made another kind of object")
            return _Opened(hsm, session, key, _describe(hsm, key))
        except BaseException as error:
            if isinstance(error, YubiHsmAuthenticationError):
                self._not_before = self._clock() + _WRONG_PASSWORD_SECONDS
            hsm.close()
            raise

    def _drop(self) -> None:
        """Forget the session without talking to a device that may not answer; it times out there."""
        if self._opened is not None:
            self._opened.hsm.close()
            self._opened = None


def _sign(opened: _Opened, message: bytes) -> bytes:
    if opened.description.algorithm is KeyAlgorithm.ED25519:
        return bytes(opened.key.sign_eddsa(message))
    return bytes(opened.key.sign_ecdsa(message, hashes.SHA256()))


def _describe(hsm: YubiHsm, key: AsymmetricKey) -> SignerDescription:
    summary = summary_of(hsm.get_device_info())
    public = key.get_public_key()  # type: ignore[no-untyped-call]  # the client does not annotate it
    if isinstance(public, ed25519.Ed25519PublicKey):
        algorithm = KeyAlgorithm.ED25519
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    elif isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        algorithm = KeyAlgorithm.ECDSA_P256
        raw = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    else:
        raise SignerUnavailableError(
            f"key {key.id:#06x} is neither Ed25519 nor P-256; run pacai hsm provision on a fresh device"
        )
    return SignerDescription(summary.kind, algorithm, key.id, summary.serial, raw)
