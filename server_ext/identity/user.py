"""The signed-in person or program, as Jupyter and the audit log see it."""

from dataclasses import dataclass

from jupyter_server.auth import User

from server_ext.audit.events import Actor
from server_ext.identity.permissions import Permission, granting_role
from server_ext.identity.roles import Role

__all__ = ["ANONYMOUS", "WorkbenchUser"]

ANONYMOUS = Actor(user="anonymous", role="none")
"""Whoever was refused before saying who they are."""


@dataclass
class WorkbenchUser(User):
    """A user with roles. Jupyter's ``/api/me`` shows them as they are."""

    roles: tuple[Role, ...] = ()
    proof: str = ""
    """How they proved who they are: ``local-user``, ``token`` or ``certificate``."""
    certificate_serial: str | None = None

    def actor(self, permission: Permission | None = None) -> Actor:
        """Who acts, in the role that grants ``permission`` (else in the first of their roles)."""
        granted = granting_role(self.roles, permission) if permission else None
        role = granted or next(iter(self.roles), None)
        return Actor(
            user=self.username,
            role=role.value if role else "none",
            certificate_serial=self.certificate_serial,
        )
