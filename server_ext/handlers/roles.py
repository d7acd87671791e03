"""``GET /roles``: the permission table, as it is enforced."""

from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.models import RoleTable
from server_ext.handlers.operation import Answer, operation, permission
from server_ext.identity.permissions import table
from server_ext.identity.roles import ROLE_TITLES

__all__ = ["RolesHandler"]


class RolesHandler(GatewayHandler):
    path = "/roles"

    @operation(
        "listRoles",
        summary="Every role with what it may do",
        needs=permission("read", "roles"),
        answers={200: (Answer("The permission table", RoleTable),)},
    )
    async def get(self) -> None:
        self.answer(
            RoleTable(
                titles={role.value: title for role, title in ROLE_TITLES.items()},
                permissions={role.value: rows for role, rows in table().items()},
            )
        )
