"""``GET /blobs/{sha256}``: grids and other stored bytes, by the digest that a document names."""

from typing import Final

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.operation import Answer, operation, permission

__all__ = ["OCTETS", "BlobHandler"]

OCTETS: Final = "application/octet-stream"


class BlobHandler(GatewayHandler):
    path = "/blobs/{sha256}"

    @operation(
        "getBlob",
        summary="The bytes with this SHA-256",
        needs=permission("read", "blobs"),
        answers={200: (Answer("The bytes; checked against their name before they are sent", None, OCTETS),)},
        refusals=(409,),
    )
    async def get(self, sha256: str) -> None:
        data = await self.call(self.services.objects.get, sha256)
        # What a digest names never changes.
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.finish(data, set_content_type=OCTETS)
