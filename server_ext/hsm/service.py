"""The installation's HSM: the one at ``HSM_URL``, or a software YubiHSM that is started and provisioned here.

>>> with HsmService.open(settings) as hsm:              # doctest: +SKIP
...     hsm.state().primary                             # doctest: +SKIP
...     hsm.signer().sign(b"at most 2019 bytes")        # doctest: +SKIP
'inactive'

A software signer is not an active HSM: with it both primary and fallback are ``inactive``, and it signs all the
same, under its own name. There is no PKCS#11 fallback in this version; the state says "not configured".
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Literal

from yubihsm.backends import YhsmBackend

from server_ext.hsm.connection import PATIENT_SECONDS, ConnectorBackend, DeviceSummary, probe, read_secret
from server_ext.hsm.provision import OPERATOR, RELEASE_KEY_ID, plan, provision, secret_file
from server_ext.hsm.signer import SignerDescription, SignerKind
from server_ext.hsm.software_process import SoftwareProcess
from server_ext.hsm.yubihsm_signer import Credentials, YubiHsmSigner
from server_ext.settings import Settings
from workbench.errors import UnavailableError

__all__ = ["Activity", "HsmService", "HsmState"]

Activity = Literal["active", "inactive"]

_STATE_SECONDS: Final = 0.45
"""Longest wait for the state; ``/health`` must not block for more than half a second."""
_FALLBACK_DETAIL: Final = "fallback: not configured (this version has no PKCS#11 fallback)"


@dataclass(frozen=True, slots=True)
class HsmState:
    """What ``/health`` and ``/hsm`` tell."""

    primary: Activity
    fallback: Activity
    signer: SignerDescription | None
    url: str | None
    detail: str
    firmware: str | None = None
    log_unread: int | None = None
    """Entries of the device's log that were not yet marked as read."""


class HsmService:
    """A context manager; safe to share between threads."""

    def __init__(self, *, url: Callable[[], str], secrets: Path, release: Callable[[], None]) -> None:
        """Collaborators of :meth:`open`: the device's URL (found or started), its passwords, and the end of it."""
        self._url = url
        self._secrets = secrets
        self._release = release
        self._signers: dict[int, YubiHsmSigner] = {}
        self._known: SignerDescription | None = None
        self._last_url: str | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hsm-state")
        self._asking: Future[HsmState] | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> "HsmService":
        """The HSM of this installation. A software one is started, and provisioned on its first use.

        A device at ``HSM_URL`` is not touched here, and need not answer yet.

        Raises:
            InputError: ``HSM_URL`` is not a connector's URL.
            SignerUnavailableError: the software YubiHSM cannot be started or provisioned.
        """
        if settings.hsm_url is not None:
            url = settings.hsm_url
            ConnectorBackend(url).close()  # a URL that cannot be one is refused at start
            return cls(url=lambda: url, secrets=settings.secrets, release=lambda: None)
        process = SoftwareProcess(settings)
        service = cls(url=process.ensure, secrets=settings.secrets, release=process.release)
        try:
            service.provision()
        except BaseException:
            service.close()
            raise
        return service

    def signer(self, key_id: int = RELEASE_KEY_ID) -> YubiHsmSigner:
        """The signer of one key; the same object each time, closed with the service."""
        with self._lock:
            if key_id not in self._signers:
                self._signers[key_id] = YubiHsmSigner(connect=self._connect, credentials=self._operator, key_id=key_id)
            return self._signers[key_id]

    def provision(self) -> tuple[str, ...]:
        """Prepare the device; answers what was done, nothing the second time.

        Raises:
            SignerUnavailableError, ConflictError: see :mod:`server_ext.hsm.provision`.
        """
        return provision(self._connect_patiently, self._secrets)

    def plan(self) -> tuple[str, ...]:
        """What :meth:`provision` would do now."""
        return plan(self._connect_patiently, self._secrets)

    def state(self) -> HsmState:
        """The state now; waits for at most half a second and raises nothing about the device."""
        with self._lock:
            if self._asking is None or self._asking.done():
                self._asking = self._pool.submit(self._ask)
            asking = self._asking
        try:
            return asking.result(_STATE_SECONDS)
        except FutureTimeoutError:
            return self._inactive("the device did not answer in time")

    def close(self) -> None:
        """End the sessions; the software YubiHSM stops when this was its last user."""
        with self._lock:
            signers, self._signers = self._signers, {}
        for signer in signers.values():
            signer.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._release()

    def __enter__(self) -> "HsmService":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> YhsmBackend:
        self._last_url = self._url()
        return ConnectorBackend(self._last_url)

    def _connect_patiently(self) -> YhsmBackend:
        return ConnectorBackend(self._url(), timeout=PATIENT_SECONDS)

    def _operator(self) -> Credentials:
        return Credentials(OPERATOR.auth_key_id, read_secret(secret_file(self._secrets, OPERATOR)))

    def _ask(self) -> HsmState:
        try:
            self._last_url = self._url()
            summary = probe(self._last_url)
            signer = self._describe(summary)
        except UnavailableError as error:
            return self._inactive(str(error))
        active = summary.kind is SignerKind.YUBIHSM2
        what = "YubiHSM 2" if active else "SOFTWARE YubiHSM, not a hardware HSM"
        return HsmState(
            primary="active" if active else "inactive",
            fallback="inactive",
            signer=signer,
            url=self._last_url,
            detail=f"primary: {what}, serial {summary.serial}; {_FALLBACK_DETAIL}",
            firmware=summary.firmware,
            log_unread=summary.log_unread,
        )

    def _describe(self, summary: DeviceSummary) -> SignerDescription:
        if self._known is None or self._known.serial != summary.serial:
            self._known = self.signer().describe()
        return self._known

    def _inactive(self, reason: str) -> HsmState:
        return HsmState("inactive", "inactive", None, self._last_url, f"primary: {reason}; {_FALLBACK_DETAIL}")
