"""The one permission table: role × resource × verb.

Everything that is not listed is refused. The rows of our own resources come first, then Jupyter's, whose
verbs are ``read``, ``write`` and ``execute``. Served at ``/roles``, enforced by
:class:`server_ext.identity.authorizer.TableAuthorizer`.

>>> permits((Role.AUDITOR,), "audit", "read"), permits((Role.AUDITOR,), "scenarios", "generate")
(True, False)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from server_ext.identity.roles import Role

__all__ = ["PERMISSIONS", "Permission", "granting_role", "permits", "table"]

_V, _A, _R, _U, _O, _D = (
    Role.VIEWER,
    Role.ANALYST,
    Role.RELEASE_OFFICER,
    Role.AUDITOR,
    Role.OPERATOR,
    Role.ADMIN,
)


@dataclass(frozen=True, slots=True, order=True)
class Permission:
    """One verb on one resource."""

    verb: str
    resource: str

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}"


_READERS: Final = (_V, _A, _R)
_EVERYONE: Final = tuple(Role)
_NOTEBOOK_USERS: Final = (_A, _R, _U, _O, _D)

PERMISSIONS: Final[dict[Permission, tuple[Role, ...]]] = {
    # the product's own resources
    Permission("read", "intent"): _READERS,
    Permission("generate", "scenarios"): (_A,),
    Permission("read", "scenarios"): _READERS,
    Permission("write", "scenarios"): (_A,),
    Permission("read", "projects"): (*_READERS, _U, _D),
    Permission("write", "projects"): (_A, _D),
    Permission("read", "blobs"): _READERS,
    Permission("read", "packages"): (*_READERS, _U),
    Permission("release", "packages"): (_R,),
    Permission("download", "packages"): _READERS,
    Permission("read", "audit"): (_U,),
    Permission("verify", "audit"): (_U, _O),
    Permission("read", "licence"): (_O, _D, _U),
    Permission("write", "licence"): (_D,),
    Permission("read", "hsm"): (_O, _D, _U, _R),
    Permission("read", "roles"): _EVERYONE,
    Permission("read", "policy"): (_D, _U, _O, _R),
    Permission("write", "policy"): (_D,),
    Permission("read", "metrics"): (_O, _D, _U),
    Permission("read", "openapi"): _EVERYONE,
    # Jupyter's own: the least with which JupyterLab works, measured
    Permission("read", "contents"): _NOTEBOOK_USERS,
    Permission("write", "contents"): _NOTEBOOK_USERS,
    Permission("read", "sessions"): _NOTEBOOK_USERS,
    Permission("write", "sessions"): _NOTEBOOK_USERS,
    Permission("read", "kernels"): _NOTEBOOK_USERS,
    Permission("write", "kernels"): _NOTEBOOK_USERS,
    Permission("execute", "kernels"): _NOTEBOOK_USERS,
    Permission("read", "kernelspecs"): _NOTEBOOK_USERS,
    Permission("read", "config"): _NOTEBOOK_USERS,
    Permission("write", "config"): _NOTEBOOK_USERS,
    Permission("read", "api"): _EVERYONE,
    Permission("execute", "events"): _NOTEBOOK_USERS,
    Permission("read", "nbconvert"): _NOTEBOOK_USERS,
    Permission("write", "nbconvert"): _NOTEBOOK_USERS,
    Permission("write", "csp"): _EVERYONE,
    Permission("write", "server"): (_O, _D),
}


def granting_role(roles: Iterable[Role], permission: Permission) -> Role | None:
    """The first of ``roles`` that holds ``permission``: the role under which an act is recorded."""
    holders = PERMISSIONS.get(permission, ())
    return next((role for role in roles if role in holders), None)


def permits(roles: Iterable[Role], resource: str, verb: str) -> bool:
    """Whether one of ``roles`` may do ``verb`` on ``resource``."""
    return granting_role(roles, Permission(verb, resource)) is not None


def table() -> dict[Role, dict[str, list[str]]]:
    """Verbs by resource by role, in the order of the table."""
    rows: dict[Role, dict[str, list[str]]] = {role: {} for role in Role}
    for permission, holders in PERMISSIONS.items():
        for role in holders:
            rows[role].setdefault(permission.resource, []).append(permission.verb)
    return rows
