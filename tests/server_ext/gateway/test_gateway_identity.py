"""Who is believed: the own OS user, tokens, and nobody else."""

import json
import os
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from server_ext.audit import Action, Actor, AuditLog, NewEvent, SystemClock
from server_ext.local_socket import MAX_PATH_BYTES
from server_ext.ops.session import GatewaySession
from server_ext.settings import Settings
from server_ext.store import Database, TokenId, identifier_of
from server_ext.store.identifiers import RANDOM_BYTES
from server_ext.store.tokens import TOKEN_RANDOM_BYTES, revoke_token, store_token, token_hash, token_of
from tests.server_ext.gateway.conftest import NOBODY

ADMIN = Actor("test", "admin")
Issue = Callable[..., str]


@pytest.fixture(scope="module")
def log(gateway: GatewaySession) -> Any:
    """The gateway's own log, written from a second process as another node of a cluster would."""
    home = gateway.log.parent.parent
    settings = Settings.from_environment({"PACAI_HOME": str(home)})
    with Database.open(settings) as database, AuditLog(database, node="test", clock=SystemClock()) as log:
        yield log


@pytest.fixture(scope="module")
def issue(log: AuditLog) -> Issue:
    """A token for somebody with some roles."""

    def make(*roles: str, user: str = "ada", valid: timedelta = timedelta(hours=1), revoked: bool = False) -> str:
        token, name = token_of(os.urandom(TOKEN_RANDOM_BYTES)), TokenId(identifier_of("t", os.urandom(RANDOM_BYTES)))
        now = datetime.now(UTC)
        log.record(
            NewEvent(Action.TOKEN_ISSUE, ADMIN, object=name),
            lambda cursor: store_token(
                cursor,
                name,
                hashed=token_hash(token),
                username=user,
                roles=roles,
                label="test",
                created_at=now,
                expires_at=now + valid,
            ),
        )
        if revoked:
            event = NewEvent(Action.TOKEN_REVOKE, ADMIN, object=name)
            log.record(event, lambda cursor: revoke_token(cursor, name, revoked_at=now))
        return token

    return make


def as_nobody(url: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """What curl gets as the OS user nobody: status and JSON."""
    command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    curl = ["curl", "-s", "--noproxy", "*", "-w", "\n%{http_code}", *arguments, url]
    said = subprocess.run([*command, *curl], capture_output=True, text=True, check=True, cwd="/").stdout
    body, _, status = said.rpartition("\n")
    return int(status), json.loads(body)


def test_the_own_os_user_is_the_local_user(web: httpx.Client) -> None:
    me = web.get("/api/me").json()["identity"]
    assert me["proof"] == "local-user"
    assert me["roles"] == ["analyst", "release_officer", "auditor", "operator", "admin"]


@pytest.mark.usefixtures("only_as_root")
def test_any_other_os_user_needs_a_token(gateway: GatewaySession, issue: Issue) -> None:
    status, problem = as_nobody(f"{gateway.url}/roles")
    assert (status, problem["type"]) == (401, "urn:pacai:problem:identity-refused")
    assert "OS user nobody" in problem["detail"]
    status, problem = as_nobody(f"{gateway.url}/generate", "-X", "POST", "-d", '{"prompt":"test","seed":1}')
    assert (status, problem["type"]) == (401, "urn:pacai:problem:identity-refused")
    status, table = as_nobody(f"{gateway.url}/roles", "-H", f"Authorization: Bearer {issue('viewer')}")
    assert status == 200
    assert "analyst" in table["permissions"]
    assert as_nobody(f"{gateway.url}/health")[0] == 200


@pytest.mark.usefixtures("only_as_root")
def test_another_os_user_gets_nothing_of_jupyter_either(gateway: GatewaySession) -> None:
    for path in ("/api/contents", "/api/kernels", "/api/me", "/metrics"):
        assert as_nobody(f"{gateway.url}{path}")[0] in (401, 403), path


def test_the_unix_socket_believes_the_operating_system(gateway: GatewaySession) -> None:
    path = gateway.log.parent / f"gateway-{gateway.url.rpartition(':')[2]}.sock"
    if len(bytes(path)) > MAX_PATH_BYTES:
        pytest.skip(f"the folder of temporary files has too long a name for a unix socket: {path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    transport = httpx.HTTPTransport(uds=str(path))
    with httpx.Client(base_url="http://localhost", transport=transport, trust_env=False) as program:
        assert program.get("/api/me").json()["identity"]["proof"] == "local-user"


@pytest.mark.parametrize("scheme", ["Bearer", "token", "bearer"])
def test_a_token_says_who_and_in_which_roles(web: httpx.Client, issue: Issue, scheme: str) -> None:
    me = web.get("/api/me", headers={"Authorization": f"{scheme} {issue('viewer', 'auditor')}"}).json()["identity"]
    assert (me["username"], me["roles"], me["proof"]) == ("ada", ["viewer", "auditor"], "token")


def test_a_token_outweighs_the_local_user(web: httpx.Client, issue: Issue) -> None:
    answer = web.get("/scenarios", headers={"Authorization": f"Bearer {issue('admin')}"})
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (403, "urn:pacai:problem:permission-refused")
    assert "ada may not read scenarios" in problem["detail"]


def test_an_expired_or_revoked_token_is_refused(web: httpx.Client, issue: Issue) -> None:
    for token in (issue("viewer", valid=timedelta(seconds=-1)), issue("viewer", revoked=True)):
        answer = web.get("/roles", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["detail"]) == (401, "the token is unknown, expired or revoked")


def test_a_token_without_roles_is_nobody(web: httpx.Client, issue: Issue) -> None:
    assert web.get("/api/me", headers={"Authorization": f"Bearer {issue()}"}).status_code == 401


def test_jupyters_own_handlers_ask_the_same_table_and_are_recorded(web: httpx.Client, issue: Issue) -> None:
    answer = web.get("/api/contents", headers={"Authorization": f"Bearer {issue('viewer', user='bob')}"})
    assert answer.status_code == 403
    events = web.get("/audit/events", params={"user": "bob", "limit": 1000}).json()["events"]
    assert [(event["action"], event["object"]) for event in events] == [("access.refused", "GET /api/contents")]


def test_acts_are_recorded_in_the_role_that_grants_them(web: httpx.Client, issue: Issue) -> None:
    headers = {"Authorization": f"Bearer {issue('admin', 'auditor', user='eve')}"}
    assert web.get("/audit/verify", headers=headers).status_code == 200
    (event,) = web.get("/audit/events", params={"user": "eve", "limit": 1000}).json()["events"]
    assert (event["action"], event["role"]) == ("audit.verify", "auditor")


def test_a_browser_page_of_the_gateway_needs_the_xsrf_token(gateway: GatewaySession) -> None:
    project = {"name": "From a browser page"}
    with httpx.Client(base_url=gateway.url, trust_env=False, headers={"Origin": gateway.url}) as browser:
        refused = browser.post("/projects", json=project)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:pacai:problem:origin-refused")
        browser.cookies.set("_xsrf", "2|00000000|00000000000000000000000000000000|1600000000")
        token = browser.cookies["_xsrf"]
        assert browser.post("/projects", json=project, headers={"X-XSRFToken": token}).status_code == 201


def test_another_origin_is_allowed_to_read_nothing(web: httpx.Client) -> None:
    answer = web.get("/roles", headers={"Origin": "http://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_terminals_are_off(web: httpx.Client) -> None:
    assert web.post("/api/terminals").status_code == 404
