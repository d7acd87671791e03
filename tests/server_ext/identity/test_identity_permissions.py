"""The permission table holds what the product promises of its roles."""

import pytest

from server_ext.identity.permissions import PERMISSIONS, Permission, granting_role, permits, table
from server_ext.identity.roles import EVALUATION_ROLES, Role, parse_roles
from workbench.errors import InputError

WRITING = {"write", "generate", "release", "execute"}
JUPYTER = {"contents", "sessions", "kernels", "config", "events", "nbconvert", "csp"}


def test_an_auditor_changes_nothing_of_the_product() -> None:
    held = {permission for permission, roles in PERMISSIONS.items() if Role.AUDITOR in roles}
    assert {p for p in held if p.verb in WRITING and p.resource not in JUPYTER} == set()


def test_an_admin_reads_no_scenario_and_no_log() -> None:
    for resource in ("scenarios", "blobs", "packages", "audit"):
        assert not permits((Role.ADMIN,), resource, "read")


def test_only_a_release_officer_releases() -> None:
    assert PERMISSIONS[Permission("release", "packages")] == (Role.RELEASE_OFFICER,)


def test_a_viewer_only_reads() -> None:
    held = {permission.verb for permission, roles in PERMISSIONS.items() if Role.VIEWER in roles}
    assert held == {"read", "download", "write"}
    assert [p for p, roles in PERMISSIONS.items() if Role.VIEWER in roles and p.verb == "write"] == [
        Permission("write", "csp")
    ]


def test_what_is_not_listed_is_refused() -> None:
    for role in Role:
        assert not permits((role,), "terminals", "execute")
        assert not permits((role,), "scenarios", "destroy")
    assert not permits((), "roles", "read")


def test_every_row_has_a_holder_and_every_role_a_row() -> None:
    assert all(PERMISSIONS.values())
    assert all(table()[role] for role in Role)


def test_an_act_is_done_in_the_role_that_grants_it() -> None:
    assert granting_role(EVALUATION_ROLES, Permission("release", "packages")) is Role.RELEASE_OFFICER
    assert granting_role(EVALUATION_ROLES, Permission("read", "scenarios")) is Role.ANALYST


def test_roles_are_parsed_in_order_and_unknown_ones_named() -> None:
    assert parse_roles(["admin", "viewer", "admin"]) == (Role.VIEWER, Role.ADMIN)
    with pytest.raises(InputError, match="'boss' is not a role"):
        parse_roles(["viewer", "boss"])
