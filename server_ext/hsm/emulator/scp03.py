"""Secure sessions: GlobalPlatform SCP03 (Amendment D) with shared keys, and the ECDH variant with P-256 keys.

A session closes itself after 30 seconds of silence, at the first message whose MAC is wrong (a replayed,
truncated or forged one), and when it is told to. There are sixteen.
"""

import hmac
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import cmac, hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from yubihsm.defs import COMMAND, ERROR

from server_ext.hsm.emulator.objects import Authority
from server_ext.hsm.emulator.wire import HEADER, DeviceError, Frame, reply

__all__ = ["MAX_SESSIONS", "TIMEOUT_SECONDS", "Session", "SessionTable"]

MAX_SESSIONS = 16
"""YH_MAX_SESSIONS (yubihsm.h)."""
TIMEOUT_SECONDS = 30.0
"""Documented inactivity limit of a session (docs.yubico.com, "Core Concepts: Session")."""
MAC_BYTES = 8
_BLOCK = 16
_CHALLENGE = 8
# Derivation constants of SCP03 §4.1.5 and §6.2.2.
_CARD_CRYPTOGRAM, _HOST_CRYPTOGRAM, _S_ENC, _S_MAC, _S_RMAC = 0x00, 0x01, 0x04, 0x06, 0x07
_SHARED_INFO = bytes.fromhex("3c8810")
"""Key usage, type and length of the ECDH derivation (GlobalPlatform SCP11 §5.2: 0x3c, AES 0x88, 16 bytes)."""

Random = Callable[[int], bytes]
Clock = Callable[[], float]


@dataclass(slots=True)
class Session:
    sid: int
    authority: Authority
    enc: bytes
    mac: bytes
    rmac: bytes
    context: bytes
    last_used: float
    chain: bytes = field(default=bytes(_BLOCK))
    counter: int = 1
    authenticated: bool = False

    def authenticate(self, frame: Frame) -> None:
        """Check AUTHENTICATE SESSION: the host cryptogram and the MAC over the frame."""
        body, mac = frame.data[:-MAC_BYTES], frame.data[-MAC_BYTES:]
        chain = _cmac(self.mac, self.chain + HEADER.pack(frame.command, len(frame.data)) + body)
        expected = _derive(self.mac, _HOST_CRYPTOGRAM, self.context, 64)
        if not (hmac.compare_digest(body[1:], expected) and hmac.compare_digest(mac, chain[:MAC_BYTES])):
            raise DeviceError(ERROR.AUTHENTICATION_FAILED)
        self.chain = chain
        self.authenticated = True

    def unwrap(self, frame: Frame) -> bytes:
        """The inner command of a SESSION MESSAGE, with its padding removed."""
        body, mac = frame.data[:-MAC_BYTES], frame.data[-MAC_BYTES:]
        secret = body[1:]
        if not secret or len(secret) % _BLOCK:
            raise DeviceError(ERROR.WRONG_LENGTH)
        chain = _cmac(self.mac, self.chain + HEADER.pack(frame.command, len(frame.data)) + body)
        if not hmac.compare_digest(mac, chain[:MAC_BYTES]):
            raise DeviceError(ERROR.AUTHENTICATION_FAILED)
        self.chain = chain
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(secret) + decryptor.finalize()
        inner = padded.rstrip(b"\0")
        if not inner.endswith(b"\x80"):
            raise DeviceError(ERROR.INVALID_DATA)
        return inner[:-1]

    def wrap(self, answer: bytes) -> bytes:
        """The encrypted reply to the message that :meth:`unwrap` opened."""
        padded = answer + b"\x80"
        padded += bytes(-len(padded) % _BLOCK)
        encryptor = self._cipher().encryptor()
        secret = encryptor.update(padded) + encryptor.finalize()
        body = bytes([self.sid]) + secret
        head = reply(COMMAND.SESSION_MESSAGE, body + bytes(MAC_BYTES))[:-MAC_BYTES]
        self.counter += 1
        return head + _cmac(self.rmac, self.chain + head)[:MAC_BYTES]

    def _cipher(self) -> "Cipher[modes.CBC]":
        ecb = Cipher(algorithms.AES(self.enc), modes.ECB()).encryptor()  # noqa: S305 - SCP03 §6.2.6: the IV
        return Cipher(algorithms.AES(self.enc), modes.CBC(ecb.update(self.counter.to_bytes(_BLOCK, "big"))))


class SessionTable:
    """The open sessions of a device."""

    def __init__(self, *, random: Random, clock: Clock) -> None:
        self._random = random
        self._clock = clock
        self._sessions: dict[int, Session] = {}

    def open_symmetric(self, authority: Authority, keys: bytes, challenge: bytes) -> bytes:
        """CREATE SESSION with K-ENC‖K-MAC: ``sid ‖ card challenge ‖ card cryptogram``."""
        card = self._random(_CHALLENGE)
        context = challenge + card
        k_enc, k_mac = keys[:_BLOCK], keys[_BLOCK:]
        session = self._add(
            authority,
            enc=_derive(k_enc, _S_ENC, context, 128),
            mac=_derive(k_mac, _S_MAC, context, 128),
            rmac=_derive(k_mac, _S_RMAC, context, 128),
            context=context,
        )
        return bytes([session.sid]) + card + _derive(session.mac, _CARD_CRYPTOGRAM, context, 64)

    def open_asymmetric(
        self, authority: Authority, public: bytes, static: ec.EllipticCurvePrivateKey, host_point: bytes
    ) -> bytes:
        """CREATE SESSION with P-256 keys: ``sid ‖ device ephemeral ‖ receipt``; authenticated at once."""
        ephemeral = ec.generate_private_key(ec.SECP256R1())
        shared = ephemeral.exchange(ec.ECDH(), _point(host_point)) + static.exchange(
            ec.ECDH(), _point(b"\x04" + public)
        )
        derived = X963KDF(hashes.SHA256(), 4 * _BLOCK, _SHARED_INFO).derive(shared)
        receipt_key, enc, mac, rmac = (derived[at : at + _BLOCK] for at in range(0, 4 * _BLOCK, _BLOCK))
        point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        receipt = _cmac(receipt_key, point + host_point)
        session = self._add(authority, enc=enc, mac=mac, rmac=rmac, context=b"")
        session.chain = receipt
        session.authenticated = True
        return bytes([session.sid]) + point + receipt

    def find(self, sid: int, *, authenticated: bool) -> Session:
        """The live session ``sid``; its silence starts anew.

        Raises:
            DeviceError: INVALID_SESSION.
        """
        self._expire()
        session = self._sessions.get(sid)
        if session is None or session.authenticated is not authenticated:
            raise DeviceError(ERROR.INVALID_SESSION)
        session.last_used = self._clock()
        return session

    def close(self, session: Session) -> None:
        self._sessions.pop(session.sid, None)

    def close_all(self) -> None:
        self._sessions.clear()

    def _add(self, authority: Authority, *, enc: bytes, mac: bytes, rmac: bytes, context: bytes) -> Session:
        self._expire()
        sid = next((sid for sid in range(MAX_SESSIONS) if sid not in self._sessions), None)
        if sid is None:
            raise DeviceError(ERROR.SESSIONS_FULL)
        session = Session(sid, authority, enc, mac, rmac, context, self._clock())
        self._sessions[sid] = session
        return session

    def _expire(self) -> None:
        limit = self._clock() - TIMEOUT_SECONDS
        for sid in [sid for sid, session in self._sessions.items() if session.last_used < limit]:
            del self._sessions[sid]


def _point(encoded: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), encoded)
    except ValueError as error:
        raise DeviceError(ERROR.INVALID_DATA) from error


def _cmac(key: bytes, message: bytes) -> bytes:
    state = cmac.CMAC(algorithms.AES(key))
    state.update(message)
    return state.finalize()


def _derive(key: bytes, constant: int, context: bytes, bits: int) -> bytes:
    """KDF in counter mode of SCP03 §4.1.5: label, separator, length, counter, context."""
    return _cmac(key, bytes(11) + struct.pack("!BBHB", constant, 0, bits, 1) + context)[: bits // 8]
