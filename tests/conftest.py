"""What every test run keeps: fixtures by concern, a clean environment, and no silent skips.

With ``CI=true`` a skipped test fails the run unless ``tests/allowed_skips.txt`` names it with a reason.
"""

import os
from pathlib import Path

import pytest

pytest_plugins = ("tests.fixtures_postgres", "tests.fixtures_gateway")

ALLOWED_SKIPS = Path(__file__).with_name("allowed_skips.txt")
OUR_VARIABLES = (
    "PACAI_HOME",
    "PACAI_PORT",
    "PACAI_GATEWAY",
    "PACAI_BRIDGE",
    "DATABASE_URL",
    "PG_BINDIR",
    "HSM_URL",
    "OFFLINE_MODE",
    "SHARD_ID",
    "SHARDING_ENABLED",
    "REDIS_URL",
)


def pytest_configure(config: pytest.Config) -> None:
    """A developer's own settings must not reach the tests or the processes that they start."""
    for name in OUR_VARIABLES:
        os.environ.pop(name, None)


def _allowed() -> dict[str, str]:
    """Test id prefix → reason, from lines ``prefix: reason``."""
    lines = ALLOWED_SKIPS.read_text().splitlines()
    pairs = (line.split(": ", 1) for line in lines if line.strip() and not line.startswith("#"))
    return {prefix.strip(): reason.strip() for prefix, reason in pairs}


def _unexpected(reports: list[pytest.TestReport]) -> list[str]:
    allowed = _allowed()
    return [report.nodeid for report in reports if not any(report.nodeid.startswith(p) for p in allowed)]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") == "true" and exitstatus == 0 and _unexpected(skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The count and the reasons of skips, as the last thing that is read."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section(f"{len(skipped)} skipped")
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")
    if os.environ.get("CI") == "true" and (unexpected := _unexpected(skipped)):
        terminalreporter.write_line("")
        terminalreporter.write_line(f"not listed in {ALLOWED_SKIPS.name}, so this run fails:", red=True)
        for nodeid in unexpected:
            terminalreporter.write_line(f"  {nodeid}", red=True)
