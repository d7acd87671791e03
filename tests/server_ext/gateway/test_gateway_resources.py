"""The main job over HTTP: generate, read back, release, download; each answer as the document says."""

import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from typing import Any

import httpx
import psutil
import pytest

from server_ext.ops.session import GatewaySession
from tests.server_ext.gateway.conftest import Conforms
from workbench.canonical import canonical_bytes, sha256_hex

BUSY_PERCENT = 30
PROMPT = "Company attack on a defended bridge at dawn, rain, enemy drones"


@pytest.fixture(scope="module")
def made(gateway: GatewaySession) -> dict[str, Any]:
    """One stored scenario."""
    answer = httpx.post(f"{gateway.url}/generate", json={"prompt": PROMPT, "seed": 7}, timeout=120, trust_env=False)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture(scope="module")
def package(gateway: GatewaySession, made: dict[str, Any]) -> dict[str, Any]:
    body = {"scenario_id": made["scenario_id"], "target": "godot"}
    answer = httpx.post(f"{gateway.url}/packages", json=body, timeout=120, trust_env=False)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_health_is_the_guides_example_byte_for_byte(web: httpx.Client) -> None:
    assert web.get("/health").text == (
        '{"status":"healthy","version":"4.0.0-alpha","hsm_primary":"inactive",'
        '"hsm_fallback":"inactive","offline_mode":true}'
    )


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/roles",
        "/policy",
        "/license",
        "/hsm",
        "/projects",
        "/scenarios",
        "/packages",
        "/audit/events",
        "/audit/verify",
        "/metrics",
        "/openapi.json",
    ],
)
def test_a_readable_resource_answers_as_declared(web: httpx.Client, conforms: Conforms, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 200
    conforms(answer, path)


def test_a_generated_scenario_has_the_digest_that_it_states(made: dict[str, Any]) -> None:
    assert sha256_hex(canonical_bytes(made["scenario"])) == made["digest"]
    assert made["scenario"]["recipe"]["seed"] == 7
    assert [finding for finding in made["findings"] if finding["severity"] == "error"] == []


def test_the_same_prompt_and_seed_make_the_same_scenario_anew(web: httpx.Client, made: dict[str, Any]) -> None:
    again = web.post("/generate", json={"prompt": PROMPT, "seed": 7}).json()
    assert again["digest"] == made["digest"]
    assert again["scenario_id"] != made["scenario_id"]


def test_the_bare_test_of_the_guide_assumes_and_says_so(web: httpx.Client, conforms: Conforms) -> None:
    answer = web.post("/generate", json={"prompt": "test", "seed": 123, "stream": False})
    made = conforms(answer, "/generate")
    assert len(made["scenario"]["recipe"]["assumed"]) >= 5


def test_a_stored_scenario_is_read_back_as_it_was_answered(
    web: httpx.Client, conforms: Conforms, made: dict[str, Any]
) -> None:
    path = f"/scenarios/{made['scenario_id']}"
    assert conforms(web.get(path), "/scenarios/{scenario_id}") == made
    assert conforms(web.get(f"{path}/versions/1"), "/scenarios/{scenario_id}/versions/{version}") == made
    listed = conforms(web.get(f"{path}/versions"), "/scenarios/{scenario_id}/versions")
    assert [(entry["version"], entry["digest"]) for entry in listed["versions"]] == [(1, made["digest"])]
    assert web.get(f"{path}/versions/2").status_code == 404


def test_the_grids_are_fetched_by_their_digests(web: httpx.Client, conforms: Conforms, made: dict[str, Any]) -> None:
    assert {blob["kind"] for blob in made["blobs"]} == {"height_cm_i32", "cover_u8"}
    for blob in made["blobs"]:
        answer = web.get(f"/blobs/{blob['sha256']}")
        conforms(answer, "/blobs/{sha256}")
        assert (sha256_hex(answer.content), len(answer.content)) == (blob["sha256"], blob["size"])
        assert "immutable" in answer.headers["cache-control"]


def test_the_event_of_a_generation_names_digests_and_no_words(web: httpx.Client, made: dict[str, Any]) -> None:
    seq = made["event_seq"]
    (event,) = web.get("/audit/events", params={"after_seq": seq - 1, "limit": 1}).json()["events"]
    assert (event["action"], event["object"], event["project"]) == (
        "scenario.generate",
        f"{made['scenario_id']}/1",
        "default",
    )
    assert event["details"]["digest"] == made["digest"]
    assert event["details"]["prompt_sha256"] == sha256_hex(PROMPT.encode())
    assert "bridge" not in json.dumps(event)


def test_a_scenario_belongs_to_the_project_that_was_named(web: httpx.Client, conforms: Conforms) -> None:
    project = conforms(web.post("/projects", json={"name": "Night raids, May"}), "/projects")
    assert project["project_id"] == "night-raids-may"
    made = web.post("/generate", json={"prompt": "test", "seed": 1, "project": "night-raids-may"}).json()
    listed = conforms(web.get("/scenarios", params={"project": "night-raids-may"}), "/scenarios")
    assert [entry["scenario_id"] for entry in listed["scenarios"]] == [made["scenario_id"]]
    conforms(web.get("/projects/night-raids-may"), "/projects/{project_id}")
    again = web.post("/projects", json={"name": "Night raids, May"})
    assert (again.status_code, conforms(again, "/projects")["type"]) == (409, "urn:pacai:problem:conflict")


def test_a_prompt_is_read_without_making_anything(web: httpx.Client, conforms: Conforms) -> None:
    before = web.get("/scenarios").json()
    reading = conforms(web.post("/intent", json={"prompt": PROMPT}), "/intent")
    assert reading["prompt"] == PROMPT
    assert web.get("/scenarios").json() == before


def test_a_stream_tells_progress_and_then_the_result(web: httpx.Client) -> None:
    body = {"prompt": PROMPT, "seed": 8, "stream": True}
    with web.stream("POST", "/generate", json=body) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = [block.split("\n") for block in answer.read().decode().strip().split("\n\n")]
    names = [lines[0].removeprefix("event: ") for lines in events]
    documents = [json.loads(lines[1].removeprefix("data: ")) for lines in events]
    assert names[-1] == "result"
    assert set(names[:-1]) == {"progress"}
    percents = [document["percent"] for document in documents[:-1]]
    assert percents == sorted(percents)
    assert documents[-1] == web.get(f"/scenarios/{documents[-1]['scenario_id']}").json()


def test_a_stream_tells_an_error_as_a_problem(web: httpx.Client) -> None:
    body = {"prompt": "test", "seed": 8, "stream": True, "intent": {"intent": "out_of_scope"}}
    answer = web.post("/generate", json=body)
    *_, last = answer.text.strip().split("\n\n")
    name, data = last.split("\n")
    problem = json.loads(data.removeprefix("data: "))
    assert (name, problem["type"]) == ("event: error", "urn:pacai:problem:out-of-scope")
    assert problem["audit_event"] >= 1


def test_a_client_that_goes_away_stops_the_generation(web: httpx.Client) -> None:
    before = len(web.get("/scenarios").json()["scenarios"])
    with web.stream("POST", "/generate", json={"prompt": PROMPT, "seed": 99, "stream": True}) as answer:
        next(answer.iter_bytes())
    seen = web.post("/generate", json={"prompt": "test", "seed": 5}).json()
    after = web.get("/scenarios").json()["scenarios"]
    assert after[0]["scenario_id"] == seen["scenario_id"]
    assert len(after) == before + 1


def test_a_dead_worker_takes_only_its_own_generation_with_it(gateway: GatewaySession, web: httpx.Client) -> None:
    long = {"prompt": "Brigade attack on a town against a dug-in battalion, 48 hours", "seed": 1}
    with ThreadPoolExecutor(1) as aside:
        generating = aside.submit(httpx.post, f"{gateway.url}/generate", json=long, timeout=120, trust_env=False)
        while not generating.done():
            _kill_busy_worker(gateway.pid)
    answer = generating.result()
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:pacai:problem:bridge-unavailable")
    assert web.get("/health").json()["status"] == "degraded"
    assert web.post("/generate", json={"prompt": "test", "seed": 1}).status_code == 200
    assert web.get("/health").json()["status"] == "healthy"


def _kill_busy_worker(gateway: int) -> None:
    """Kill a spawned process of the gateway that computes right now."""
    for child in psutil.Process(gateway).children():
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()) and child.cpu_percent(interval=0.05) > BUSY_PERCENT:
                child.kill()


def test_a_package_says_what_signed_it(conforms: Conforms, web: httpx.Client, package: dict[str, Any]) -> None:
    assert package["signer"]["kind"] == "software"
    assert package["signer"]["algorithm"] == "ed25519"
    assert package["evaluation"] is True
    assert conforms(web.get(f"/packages/{package['package_id']}"), "/packages/{package_id}") == package
    assert package in conforms(web.get("/packages"), "/packages")["packages"]


def test_a_download_is_the_signed_zip_and_is_recorded(web: httpx.Client, package: dict[str, Any]) -> None:
    answer = web.get(f"/packages/{package['package_id']}/download")
    assert answer.headers["content-type"] == "application/zip"
    assert len(answer.content) == package["size"]
    manifest = next(data for name, data in _files(answer.content).items() if name.rsplit("/", 1)[-1] == "MANIFEST")
    assert sha256_hex(manifest) == package["manifest_sha256"]
    events = web.get("/audit/events", params={"action": "package.download"}).json()["events"]
    assert events[-1]["object"] == package["package_id"]


def test_an_unknown_target_is_missing(web: httpx.Client, made: dict[str, Any], conforms: Conforms) -> None:
    answer = web.post("/packages", json={"scenario_id": made["scenario_id"], "target": "nosuch"})
    assert (answer.status_code, conforms(answer, "/packages")["type"]) == (404, "urn:pacai:problem:not-found")


def test_the_metrics_have_the_guides_series(web: httpx.Client, made: dict[str, Any]) -> None:
    lines = web.get("/metrics").text.splitlines()
    for series in (
        'pacai_gateway_requests_total{endpoint="/generate",status="200"} ',
        'pacai_gateway_request_duration_seconds{endpoint="/generate"} ',
        'pacai_hsm_license_checks{status="pass"} ',
        "pacai_audit_events_total ",
        "http_request_duration_seconds_count",
    ):
        assert any(line.startswith(series) for line in lines), series
    events = next(line for line in lines if line.startswith("pacai_audit_events_total "))
    assert float(events.split()[1]) >= made["event_seq"]


def _files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
