"""What the older deployment guide lets an operator type still works as typed."""

import json
import shutil
import subprocess
from collections.abc import Sequence

import pytest

from server_ext.ops.session import GatewaySession

GUIDE_HEALTH = (
    '{"status":"healthy","version":"4.0.0-alpha","hsm_primary":"inactive",'
    '"hsm_fallback":"inactive","offline_mode":true}'
)
GUIDE_SERIES = (
    'pacai_gateway_requests_total{endpoint="/generate",status="200"}',
    'pacai_gateway_request_duration_seconds{endpoint="/generate"}',
    'pacai_hsm_license_checks{status="pass"}',
    "pacai_audit_events_total",
)


def typed(command: Sequence[str]) -> str:
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout


def generated(gateway: GatewaySession) -> str:
    body = '{"prompt":"test","seed":123,"stream":false}'
    header = "Content-Type: application/json"
    return typed(["curl", "-s", "-X", "POST", f"{gateway.url}/generate", "-H", header, "-d", body])


def test_health_is_the_guides_example(shared_gateway: GatewaySession) -> None:
    assert json.loads(typed(["curl", "-s", f"{shared_gateway.url}/health"])) == json.loads(GUIDE_HEALTH)


def test_generate_answers_the_bare_prompt_and_lists_what_it_assumed(shared_gateway: GatewaySession) -> None:
    answer = json.loads(generated(shared_gateway))
    scenario = answer["scenario"]
    assert scenario["recipe"]["seed"] == 123
    assert len(scenario["recipe"]["assumed"]) >= 5
    assert len(scenario["units"]) >= 10
    assert len(scenario["injects"]) >= 10
    assert [finding for finding in answer["findings"] if finding["severity"] == "error"] == []


def test_metrics_carry_the_guides_series(shared_gateway: GatewaySession) -> None:
    generated(shared_gateway)
    page = typed(["curl", "-s", f"{shared_gateway.url}/metrics"])
    for series in GUIDE_SERIES:
        assert any(line.startswith(series) for line in page.splitlines()), series
    assert "pacai_gateway_request_duration_seconds_bucket" not in page


def test_the_audit_log_and_the_licences_are_where_the_guide_looks(shared_gateway: GatewaySession) -> None:
    generated(shared_gateway)
    home = shared_gateway.log.parent.parent
    licences = typed(["sqlite3", str(home / "license.db"), "SELECT * FROM licenses"])
    assert licences == ""
    environment = json.loads(typed_pacai_psql(home))
    assert environment["events"] >= 1


def typed_pacai_psql(home: object) -> str:
    """Counting events as the guide does, over the database that this home uses."""
    import os
    import sys

    program = (
        "import json, os; from server_ext.settings import Settings; from server_ext.store.database import Database\n"
        "with Database.open(Settings.from_environment(os.environ)) as d, d.connection() as c:\n"
        "    print(json.dumps({'events': c.execute('SELECT COUNT(*) FROM audit_events').fetchone()[0]}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PACAI_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
