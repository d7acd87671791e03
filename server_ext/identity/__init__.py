"""Who is asking, and what they may do.

The modules are imported by name: the provider and the authorizer are loaded by Jupyter from their addresses.
"""

from server_ext.identity.permissions import PERMISSIONS, Permission, granting_role, permits, table
from server_ext.identity.roles import EVALUATION_ROLES, ROLE_TITLES, Role, parse_roles

__all__ = [
    "EVALUATION_ROLES",
    "PERMISSIONS",
    "ROLE_TITLES",
    "Permission",
    "Role",
    "granting_role",
    "parse_roles",
    "permits",
    "table",
]
