"""Checkpoints of the audit log, signed by the HSM's own key for them: before each release, and at the end.

Another key than that of releases: who may sign packages must not be able to sign the log.
"""

from collections.abc import Callable
from typing import Final

from server_ext.audit import AuditLog, Notary, SignedCheckpoint
from server_ext.hsm import Signer
from workbench.chain import VerifierKey

__all__ = ["ORIGIN", "Checkpoints"]

ORIGIN: Final = "pacai-workbench/audit"
"""Name of the log in its checkpoints (C2SP tlog-checkpoint, first line)."""


class Checkpoints:
    """Signs the head of one log; the signer is asked for anew each time, because a device may come and go."""

    def __init__(self, *, audit: AuditLog, signer: Callable[[], Signer]) -> None:
        self._audit = audit
        self._signer = signer

    def sign(self) -> SignedCheckpoint:
        """Sign the log as it is now.

        Raises:
            VerificationError: the log does not continue what was signed before; nothing is signed.
            SignerUnavailableError: the device does not answer.
        """
        signer = self._signer()
        key = signer.describe().public_key
        return Notary(log=self._audit, sign=signer.sign, public_key=key, origin=ORIGIN).sign_head()

    def verifier(self) -> VerifierKey:
        """What the log's checkpoints are verified with.

        Raises:
            SignerUnavailableError: the device does not answer.
        """
        return VerifierKey(ORIGIN, self._signer().describe().public_key)
