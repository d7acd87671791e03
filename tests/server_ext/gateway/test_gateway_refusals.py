"""Every wrong request gets its own problem, is recorded, conforms to the document, and hurts nothing."""

import json
from typing import Any

import httpx
import pytest

from tests.server_ext.gateway.conftest import Conforms

JSON = {"Content-Type": "application/json"}
GOOD = {"prompt": "test", "seed": 1}
OUT_OF_SCOPE = {"intent": "out_of_scope"}


def post(**fields: Any) -> dict[str, Any]:
    return {"method": "POST", "url": "/generate", "headers": JSON, "content": json.dumps(GOOD | fields)}


REFUSED = {
    "no JSON": ({**post(), "content": "{"}, 400, "bad-json"),
    "no content type": ({"method": "POST", "url": "/generate", "content": b"{}"}, 415, "wrong-content-type"),
    "a form": ({"method": "POST", "url": "/generate", "data": {"prompt": "x"}}, 415, "wrong-content-type"),
    "10 MB prompt": (post(prompt="x" * 10_000_000), 413, "body-too-large"),
    "long prompt": (post(prompt="x" * 8_001), 422, "bad-prompt"),
    "empty prompt": (post(prompt=""), 422, "bad-prompt"),
    "blank prompt": (post(prompt="   "), 422, "bad-prompt"),
    "seed -1": (post(seed=-1), 422, "bad-seed"),
    "seed 2^53": (post(seed=2**53), 422, "bad-seed"),
    "seed as text": (post(seed="1"), 422, "bad-seed"),
    "unknown field": (post(sed=1), 422, "bad-field"),
    "unknown option": (post(options={"dificulty": 3}), 422, "bad-field"),
    "unknown project": (post(project="no-such"), 404, "not-found"),
    "out of scope": (post(intent=OUT_OF_SCOPE), 422, "out-of-scope"),
    "wrong method": ({"method": "DELETE", "url": "/generate"}, 405, "method-not-allowed"),
    "unknown scenario": ({"method": "GET", "url": "/scenarios/s-nope"}, 404, "not-found"),
    "odd scenario": ({"method": "GET", "url": "/scenarios/NO%2FPE"}, 404, "not-found"),
    "version zero": ({"method": "GET", "url": "/scenarios/s-nope/versions/0"}, 404, "not-found"),
    "unknown blob": ({"method": "GET", "url": f"/blobs/{'a' * 64}"}, 404, "not-found"),
    "odd blob": ({"method": "GET", "url": "/blobs/..%2f..%2fetc%2fpasswd"}, 404, "not-found"),
    "unknown package": ({"method": "GET", "url": "/packages/p-nope"}, 404, "not-found"),
    "page of zero": ({"method": "GET", "url": "/packages?limit=0"}, 422, "bad-field"),
    "unknown parameter": ({"method": "GET", "url": "/scenarios?limt=5"}, 422, "bad-field"),
    "unknown action": ({"method": "GET", "url": "/audit/events?action=world.end"}, 422, "bad-field"),
    "no websocket": ({"method": "GET", "url": "/audit/stream"}, 426, "upgrade-required"),
    "wrong token": (
        {"method": "GET", "url": "/roles", "headers": {"Authorization": "Bearer x"}},
        401,
        "identity-refused",
    ),
    "no bearer": ({"method": "GET", "url": "/roles", "headers": {"Authorization": "Basic x"}}, 401, "identity-refused"),
    "by proxy": ({"method": "GET", "url": "/roles", "headers": {"X-Forwarded-For": "::1"}}, 401, "identity-refused"),
    "other site": ({**post(), "headers": JSON | {"Origin": "http://evil.example"}}, 403, "origin-refused"),
    "other host": ({"method": "GET", "url": "/health", "headers": {"Host": "evil.example"}}, 403, "origin-refused"),
}
TEMPLATES = {
    "/scenarios/{scenario_id}/versions/{version}": "/versions/",
    "/scenarios/{scenario_id}": "/scenarios/",
    "/blobs/{sha256}": "/blobs/",
    "/packages/{package_id}": "/packages/",
}


def template(path: str) -> str:
    return next((known for known, mark in TEMPLATES.items() if mark in path), path)


@pytest.mark.parametrize(("request_", "status", "slug"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_request_gets_its_own_recorded_problem(
    web: httpx.Client, conforms: Conforms, request_: dict[str, Any], status: int, slug: str
) -> None:
    answer = web.request(**request_)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    path = template(answer.request.url.path)
    problem = conforms(answer, path) if status != 405 else answer.json()
    assert problem["type"] == f"urn:pacai:problem:{slug}"
    assert problem["status"] == status
    assert problem["detail"]
    event = recorded(web, problem["audit_event"])
    assert event["outcome"] == "failure"
    assert event["details"] == {"problem": slug, "status": status}
    assert event["request_id"] == answer.headers["x-request-id"]
    assert web.get("/health").json()["status"] == "healthy"


def recorded(web: httpx.Client, seq: int) -> dict[str, Any]:
    (event,) = web.get("/audit/events", params={"after_seq": seq - 1, "limit": 1}).json()["events"]
    return dict(event)


def test_a_wrong_method_names_the_right_ones(web: httpx.Client) -> None:
    assert web.delete("/generate").headers["allow"] == "POST"
    assert web.delete("/projects").headers["allow"] == "GET, POST"


def test_a_refusal_of_identity_says_how_to_prove_it(web: httpx.Client) -> None:
    answer = web.get("/roles", headers={"Authorization": "Bearer x"})
    assert answer.headers["www-authenticate"] == 'Bearer realm="pacai"'
    assert "token" in answer.json()["detail"]


def test_a_wrong_token_is_never_told_of_xsrf(web: httpx.Client) -> None:
    answer = web.post("/generate", json=GOOD, headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, "xsrf" in answer.text.lower()) == (401, False)
    answer = web.post("/api/contents", json={}, headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, "xsrf" in answer.text.lower()) == (401, False)


def test_no_refusal_puts_words_of_the_prompt_into_the_log(web: httpx.Client) -> None:
    answer = web.post("/generate", json={"prompt": "the colour heliotrope", "seed": 1, "intent": OUT_OF_SCOPE})
    assert answer.status_code == 422
    page = web.get("/audit/events", params={"limit": 10_000}).text
    assert "heliotrope" not in page


def test_the_log_is_intact_after_all_of_it(web: httpx.Client) -> None:
    assert web.get("/audit/verify").json()["ok"] is True
