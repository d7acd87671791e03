"""``/packages``: signed packages for receivers."""

from typing import Final

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import Package, PackageBody, PackageList, Page, SignerDocument
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.releases import ReleaseOrder
from server_ext.store.packages import PackageRecord

__all__ = ["PackageDownloadHandler", "PackageHandler", "PackagesHandler"]

ZIP: Final = "application/zip"


class PackagesHandler(GatewayHandler):
    path = "/packages"

    @operation(
        "listPackages",
        summary="The newest packages, newest first",
        needs=permission("read", "packages"),
        query=Page,
        answers={200: (Answer("The packages", PackageList),)},
    )
    async def get(self) -> None:
        records = await self.call(self.services.releases.packages, limit=self.query(Page).limit)
        self.answer(PackageList(packages=tuple(_package(record) for record in records)))

    @operation(
        "createPackage",
        summary="Build, sign and store the package of a scenario for a target",
        needs=permission("release", "packages"),
        body=PackageBody,
        answers={201: (Answer("The signed package", Package),)},
        refusals=(404, 409, 507),
    )
    async def post(self) -> None:
        body = self.body(PackageBody)
        order = ReleaseOrder(body.scenario_id, body.version, body.target, self.actor, self.request_id)
        self.answer(_package(await self.call(self.services.releases.release, order)), 201)


class PackageHandler(GatewayHandler):
    path = "/packages/{package_id}"

    @operation(
        "getPackage",
        summary="One package",
        needs=permission("read", "packages"),
        answers={200: (Answer("The package", Package),)},
    )
    async def get(self, package_id: str) -> None:
        self.answer(_package(await self.call(self.services.releases.find, package_id)))


class PackageDownloadHandler(GatewayHandler):
    path = "/packages/{package_id}/download"

    @operation(
        "downloadPackage",
        summary="The zip of a package; recorded before it leaves",
        needs=permission("download", "packages"),
        answers={200: (Answer("The zip", None, ZIP),)},
        refusals=(409,),
    )
    async def get(self, package_id: str) -> None:
        record, data = await self.call(self.services.releases.download, package_id, self.actor, self.request_id)
        self.set_attachment_header(f"{record.scenario}-v{record.version}-{record.target}.zip")
        self.finish(data, set_content_type=ZIP)


def _package(record: PackageRecord) -> Package:
    return Package(
        package_id=record.id,
        scenario_id=record.scenario,
        version=record.version,
        target=record.target,
        manifest_sha256=record.manifest,
        signer=SignerDocument(
            kind=record.signer_kind,
            key_id=record.signer_key_id,
            serial=record.signer_serial,
            algorithm=record.signer_algorithm,
        ),
        evaluation=record.evaluation,
        size=record.size_bytes,
    )
