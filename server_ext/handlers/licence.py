"""``GET /license``: the licence in force. The path keeps the guide's spelling."""

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import LicenceReport
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.licensing import LicenceStatus

__all__ = ["LicenceHandler"]


class LicenceHandler(GatewayHandler):
    path = "/license"

    @operation(
        "getLicence",
        summary="The licence in force and what it means today",
        needs=permission("read", "licence"),
        answers={200: (Answer("The licence status", LicenceReport),)},
    )
    async def get(self) -> None:
        self.answer(_report(await self.call(self.services.licences.status)))


def _report(status: LicenceStatus) -> LicenceReport:
    licence = status.licence
    return LicenceReport(
        state=status.state.value,
        sentence=status.sentence,
        licensee=licence.licensee if licence else None,
        serial=licence.serial if licence else None,
        not_after=licence.not_after if licence else None,
        days_left=status.days_left,
        seats=status.seats,
        demo=status.demo,
        allows_new_work=status.allows_new_work,
    )
