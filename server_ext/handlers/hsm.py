"""``GET /hsm``: what signs here, in more words than ``/health`` has."""

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import HsmReport, HsmSigner
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.hsm import HsmState, SignerDescription
from server_ext.releases.signers import allowed_signers_line

__all__ = ["HsmHandler"]


class HsmHandler(GatewayHandler):
    path = "/hsm"

    @operation(
        "getHsm",
        summary="The state of the HSM",
        needs=permission("read", "hsm"),
        answers={200: (Answer("The state; a software signer is not an active HSM", HsmReport),)},
    )
    async def get(self) -> None:
        self.answer(_report(await self.call(self.services.hsm_state)))


def _report(state: HsmState) -> HsmReport:
    return HsmReport(
        primary=state.primary,
        fallback=state.fallback,
        signer=_signer(state.signer) if state.signer else None,
        detail=state.detail,
        firmware=state.firmware,
        log_unread=state.log_unread,
    )


def _signer(signer: SignerDescription) -> HsmSigner:
    return HsmSigner(
        kind=signer.kind.value,
        key_id=signer.key_id,
        serial=signer.serial,
        algorithm=signer.algorithm.value,
        allowed_signers=allowed_signers_line(signer),
    )
