"""The log as a DataFrame, verified here and not by whom it came from."""

from collections.abc import Callable
from itertools import islice
from typing import Any

import pandas as pd
import pytest

from workbench.chain import GENESIS
from workbench.client import Client
from workbench.errors import GatewayUnavailableError, InputError


@pytest.fixture
def events(small_gateway: Any) -> pd.DataFrame:
    with Client.connect(small_gateway.address) as client:
        return client.audit.events()


def test_events_are_arrow_backed_with_utc_times(events: pd.DataFrame) -> None:
    assert str(events["time"].dtype) == "timestamp[us, tz=UTC][pyarrow]"
    assert all(isinstance(kind, pd.ArrowDtype) for kind in events.dtypes)
    assert events["seq"].tolist() == list(range(1, 10))


def test_filters_travel_to_the_gateway(small_gateway: Any) -> None:
    with Client.connect(small_gateway.address) as client:
        client.audit.events(after_seq=3, limit=5, action="package.sign", user="ana", project="p")
    expected = {"after_seq": "3", "limit": "5", "action": "package.sign", "user": "ana", "project": "p"}
    assert small_gateway.answers.asked[-1] == ("GET", "/audit/events", expected)


def test_a_sound_chain_is_intact(events: pd.DataFrame) -> None:
    verdict = events.audit.verify()
    assert verdict.ok
    assert (verdict.events, verdict.head_seq) == (9, 9)


def test_a_range_is_verified_from_its_first_link(events: pd.DataFrame) -> None:
    verdict = events.iloc[3:7].audit.verify()
    assert verdict.ok
    assert (verdict.events, verdict.head_seq) == (4, 7)


def test_an_empty_frame_is_an_empty_chain(events: pd.DataFrame) -> None:
    verdict = events.iloc[:0].audit.verify()
    assert verdict.ok
    assert (verdict.events, verdict.head_hash) == (0, GENESIS)


def change_body(frame: pd.DataFrame) -> None:
    frame.at[4, "body"] = frame.at[4, "body"].replace(b"success", b"failure")


def change_column(frame: pd.DataFrame) -> None:
    frame.at[4, "outcome"] = "failure"


def change_time(frame: pd.DataFrame) -> None:
    frame.at[4, "time"] = frame.at[4, "time"] + pd.Timedelta(microseconds=1)


def change_hash(frame: pd.DataFrame) -> None:
    frame.at[4, "hash"] = bytes(32)


def blank_project(frame: pd.DataFrame) -> None:
    frame.at[4, "project"] = None


@pytest.mark.parametrize("damage", [change_body, change_column, change_time, change_hash, blank_project])
def test_a_tampered_row_is_named(events: pd.DataFrame, damage: Callable[[pd.DataFrame], None]) -> None:
    loose = events.astype({"outcome": object, "project": object})
    damage(loose)
    verdict = loose.audit.verify()
    assert not verdict.ok
    assert verdict.first_bad_seq == 5
    assert "event 5" in verdict.reason


def test_a_removed_row_is_named(events: pd.DataFrame) -> None:
    verdict = events.drop(index=4).audit.verify()
    assert (verdict.ok, verdict.first_bad_seq) == (False, 5)
    assert "missing" in verdict.reason


def test_a_frame_without_the_chain_says_what_it_lacks(events: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="lacks prev_hash, body"):
        events.drop(columns=["prev_hash", "body"]).audit.verify()
    with pytest.raises(InputError, match="lacks actor"):
        events.drop(columns="actor").audit.pivot_user()


def test_events_are_counted_by_user_and_by_time(events: pd.DataFrame) -> None:
    users, times = events.audit.pivot_user(), events.audit.timeline("1min")
    assert users.to_numpy().sum() == times.to_numpy().sum() == 9
    assert users.loc["boris"].sum() == 3
    assert list(times.columns) == ["package.sign", "scenario.generate"]
    with pytest.raises(InputError, match="interval"):
        events.audit.timeline("every now and then")


def test_the_gateways_own_verdict_is_passed_on(small_gateway: Any) -> None:
    with Client.connect(small_gateway.address) as client:
        assert client.audit.verify() == {"ok": True, "events": 9}


@pytest.mark.parametrize("fixture", ["small_gateway", "unix_gateway"])
def test_the_live_log_is_an_iterator(fixture: str, request: pytest.FixtureRequest) -> None:
    gateway = request.getfixturevalue(fixture)
    with Client.connect(gateway.address, token="secret-token") as client:
        assert [event["seq"] for event in islice(client.audit.stream(tail=4), 4)] == [6, 7, 8, 9]


def test_a_live_log_that_is_refused_or_gone_says_so(small_gateway: Any) -> None:
    with Client.connect(small_gateway.address) as client:
        assert list(client.audit.stream(tail=2)) == []
    with Client.connect("http://127.0.0.1:9") as client, pytest.raises(GatewayUnavailableError, match="pacai up"):
        next(client.audit.stream())


@pytest.mark.parametrize("answered", [b"", b"\x00garbage", b"\xff\xff\xff\xff\x10\x00\x00\x00"])
def test_an_answer_that_is_no_arrow_is_a_clear_error(small_gateway: Any, answered: bytes) -> None:
    small_gateway.answers.arrow = answered
    with (
        Client.connect(small_gateway.address) as client,
        pytest.raises(GatewayUnavailableError, match="not an Arrow stream"),
    ):
        client.audit.events()
