import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.bridge.engine import GenerateRequest
from workbench.bridge.wire import decode_request, encode_error, encode_progress, encode_request, receive
from workbench.errors import BridgeUnavailableError, OutOfScopeError
from workbench.scenario.composition import no_progress
from workbench.scenario.intent import Intent, Mission
from workbench.scenario.model import Options


@given(
    prompt=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    seed=st.integers(0, 2**53 - 1),
    difficulty=st.integers(1, 5),
    mission=st.none() | st.sampled_from(Mission),
)
def test_a_request_crosses_unchanged(prompt: str, seed: int, difficulty: int, mission: Mission | None) -> None:
    intent = Intent(mission=mission) if mission else None
    request = GenerateRequest(prompt, seed, Options(difficulty=difficulty), intent)
    assert decode_request(encode_request(request)) == request
    assert decode_request(encode_request(prompt)) == prompt


def test_an_error_crosses_in_its_own_class() -> None:
    frames = iter([encode_progress("terrain", 3), encode_error(OutOfScopeError("a poem is not an exercise"))])
    seen: list[tuple[str, int]] = []
    with pytest.raises(OutOfScopeError, match="a poem"):
        receive(lambda: next(frames), lambda stage, percent: seen.append((stage, percent)))
    assert seen == [("terrain", 3)]


def test_an_answer_of_another_version_is_said() -> None:
    with pytest.raises(BridgeUnavailableError, match="another version"):
        receive(lambda: b'{"kind":"hologram"}', no_progress)
