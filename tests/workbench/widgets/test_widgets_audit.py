"""The auditor's browser."""

from typing import Any

import pytest

from workbench.errors import PermissionRefusedError
from workbench.widgets import AuditBrowser


@pytest.fixture
def browser(client: Any) -> AuditBrowser:
    return AuditBrowser(client)


def test_it_opens_with_the_newest_events_and_offers_what_occurs(browser: AuditBrowser) -> None:
    assert len(browser.frame) == 300
    assert "300 events, the newest 200 shown" in browser.rows.value
    assert "<td>300</td>" in browser.rows.value
    assert "<td>100</td>" not in browser.rows.value
    assert browser.user.options == ("ana", "boris")
    assert "package.sign" in browser.action.options


def test_filters_narrow_what_is_shown_and_keep_what_is_offered(browser: AuditBrowser) -> None:
    browser.action.value, browser.user.value = "package.sign", "ana"
    browser.apply.click()
    assert set(browser.frame["action"]) == {"package.sign"}
    assert set(browser.frame["actor"]) == {"ana"}
    assert browser.user.options == ("ana", "boris")


def test_a_filter_that_matches_nothing_says_so(browser: AuditBrowser) -> None:
    browser.user.value = "nobody"
    browser.show()
    assert "No event matches" in browser.rows.value


def test_what_is_missing_is_blank(browser: AuditBrowser) -> None:
    assert "None" not in browser.rows.value
    assert "nan" not in browser.rows.value


def test_an_intact_log_is_one_plain_sentence(browser: AuditBrowser) -> None:
    browser.check.click()
    assert "300 events intact, 2 signed checkpoints fit" in browser.verdict.value


def test_a_damaged_log_names_the_first_bad_event(browser: AuditBrowser) -> None:
    browser.client.audit.verdict = {"ok": False, "first_bad_seq": 17, "reason": "its hash <differs>"}
    assert browser.verify() is False
    assert "event 17 is bad: its hash &lt;differs&gt;" in browser.verdict.value


def test_a_refusal_is_said_in_place(browser: AuditBrowser) -> None:
    browser.client.audit.refusal = PermissionRefusedError("the role viewer may not read audit")
    browser.apply.click()
    browser.check.click()
    assert "viewer may not" in browser.rows.value
    assert "viewer may not" in browser.verdict.value
