"""The one authorizer: Jupyter's handlers and ours ask the same table."""

from typing import Any

from jupyter_server.auth import Authorizer, User

from server_ext.audit.events import Action
from server_ext.gateway import Gateway
from server_ext.identity.permissions import Permission, permits
from server_ext.identity.user import WorkbenchUser

__all__ = ["TableAuthorizer"]


class TableAuthorizer(Authorizer):
    """Allows exactly what :data:`server_ext.identity.permissions.PERMISSIONS` lists."""

    async def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        """Whether ``user`` may do ``action`` on ``resource``; a user without roles may do nothing.

        Our own handlers record their refusals themselves, with the answer; those of Jupyter's handlers are
        recorded here.
        """
        gateway: Gateway = handler.settings["pacai"]
        if isinstance(user, WorkbenchUser) and permits(user.roles, resource, action):
            return True
        if isinstance(user, WorkbenchUser) and not hasattr(handler, "identity_refusal"):
            await gateway.record_foreign_refusal(
                Action.ACCESS_REFUSED, user.actor(), handler.request, str(Permission(action, resource))
            )
        return False
