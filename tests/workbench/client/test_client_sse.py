"""Server-sent events: the same events however the bytes are cut."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.client.sse import ServerSentEvent, read_events
from workbench.errors import GatewayUnavailableError

names = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n:", exclude_categories=["Cs"]), min_size=1, max_size=12
)
lines = st.text(st.characters(codec="utf-8", exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20)
events = st.builds(ServerSentEvent, event=names, data=st.lists(lines, min_size=1, max_size=3).map("\n".join))


def written(event: ServerSentEvent, end: str) -> str:
    data = "".join(f"data: {line}{end}" for line in event.data.split("\n"))
    return f"event: {event.event}{end}{data}{end}"


@given(st.lists(events, max_size=5), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.data())
def test_events_are_the_same_wherever_the_stream_is_cut(
    sent: list[ServerSentEvent], end: str, mark: bool, data: st.DataObject
) -> None:
    stream = (("\ufeff" if mark else "") + "".join(written(event, end) for event in sent)).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert list(read_events(chunks)) == sent


@given(st.lists(st.binary(max_size=30), max_size=6))
def test_any_bytes_give_events_or_a_clear_error(chunks: list[bytes]) -> None:
    with suppress(GatewayUnavailableError):
        assert all(event.event for event in read_events(chunks))


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: a\n\n", [ServerSentEvent("message", "a")]),
        (b": comment\n\ndata:a\ndata: b\n\n", [ServerSentEvent("message", "a\nb")]),
        (b"event: x\n\n", []),
        (b"data: cut off", []),
        (b"id: 1\nretry: 5\nunknown: 2\ndata\n\n", [ServerSentEvent("message", "")]),
        (b"", []),
    ],
)
def test_the_fields_mean_what_the_standard_says(stream: bytes, expected: list[ServerSentEvent]) -> None:
    assert list(read_events([stream])) == expected


def test_a_large_event_in_small_pieces_is_read_once() -> None:
    data = "x" * 2_000_000
    stream = f"data: {data}\n\n".encode()
    chunks = (stream[start : start + 4096] for start in range(0, len(stream), 4096))
    assert list(read_events(chunks)) == [ServerSentEvent("message", data)]


def test_an_event_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.client.sse.MAX_EVENT_CHARACTERS", 1_000)
    with pytest.raises(GatewayUnavailableError, match="never ends"):
        list(read_events([b"data: " + b"x" * 600, b"y" * 600]))
