"""The six roles and what each is for."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from workbench.errors import InputError

__all__ = ["EVALUATION_ROLES", "ROLE_TITLES", "Role", "parse_roles"]


class Role(StrEnum):
    VIEWER = "viewer"
    ANALYST = "analyst"
    RELEASE_OFFICER = "release_officer"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    ADMIN = "admin"


ROLE_TITLES: Final[dict[Role, str]] = {
    Role.VIEWER: "reads scenarios and packages",
    Role.ANALYST: "writes scenarios in notebooks and asks for release",
    Role.RELEASE_OFFICER: "reviews findings and releases signed packages",
    Role.AUDITOR: "reads and verifies the audit log, changes nothing",
    Role.OPERATOR: "keeps the service running: health, metrics, HSM, licence state",
    Role.ADMIN: "configures policy, roles, tokens and the licence; reads no scenario",
}

EVALUATION_ROLES: Final = (
    Role.ANALYST,
    Role.RELEASE_OFFICER,
    Role.AUDITOR,
    Role.OPERATOR,
    Role.ADMIN,
)
"""What the server's own OS user may do in the evaluation profile: one person tries every role."""


def parse_roles(names: Iterable[str]) -> tuple[Role, ...]:
    """Roles by name, in the order of :class:`Role` and without duplicates.

    Raises:
        InputError: a name is not a role.
    """
    wanted = set(names)
    unknown = sorted(wanted - set(Role))
    if unknown:
        raise InputError(f"{unknown[0]!r} is not a role; roles are {', '.join(Role)}")
    return tuple(role for role in Role if role in wanted)
