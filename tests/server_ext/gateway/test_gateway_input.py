"""Bodies and queries: read as a model, or refused with an error that says what to do."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_ext.handlers.input import MAX_BODY_BYTES, parse_body, parse_query
from server_ext.handlers.models import AuditQuery, GenerateBody, PackageBody, Page
from server_ext.problems import BodyFormatError, BodyTooLargeError, FieldError, MediaTypeError
from workbench.errors import InputError, PromptError, SeedError

JSON = "application/json"


def body(**fields: object) -> bytes:
    return json.dumps({"prompt": "test", "seed": 1} | fields).encode()


def test_the_guides_body_is_read() -> None:
    read = parse_body(b'{"prompt":"test","seed":123,"stream":false}', JSON, GenerateBody)
    assert (read.prompt, read.seed, read.stream, read.project) == ("test", 123, False, None)


def test_the_content_type_may_carry_parameters() -> None:
    assert parse_body(body(), "Application/JSON; charset=utf-8", GenerateBody).seed == 1


def test_the_largest_seed_is_a_seed() -> None:
    assert parse_body(body(seed=2**53 - 1), JSON, GenerateBody).seed == 2**53 - 1


@pytest.mark.parametrize("seed", [-1, 2**53, 1.0, 1.5, "1", True, None, [], 10**30])
def test_what_is_no_seed_is_a_seed_error(seed: object) -> None:
    with pytest.raises(SeedError, match="seed"):
        parse_body(body(seed=seed), JSON, GenerateBody)


@pytest.mark.parametrize("prompt", ["", 1, None, ["test"], "x" * 8001])
def test_what_is_no_prompt_is_a_prompt_error(prompt: object) -> None:
    with pytest.raises(PromptError, match="prompt"):
        parse_body(body(prompt=prompt), JSON, GenerateBody)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sed": 1}, "sed is not a known field"),
        ({"stream": "yes"}, "stream: input should be a valid boolean"),
        ({"options": {"difficulty": 9}}, "options.difficulty"),
        ({"options": {"dificulty": 3}}, "options.dificulty is not a known field"),
        ({"intent": {"mission": "conquer"}}, "intent.mission"),
        ({"project": "No Such"}, "project"),
    ],
)
def test_a_fault_names_its_field(fields: dict[str, object], said: str) -> None:
    with pytest.raises(FieldError, match=said):
        parse_body(body(**fields), JSON, GenerateBody)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(FieldError, match="scenario_id is missing; target is missing"):
        parse_body(b"{}", JSON, PackageBody)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'{"prompt":"\\ud800","seed":1}', b"[" * 100_000])
def test_what_is_not_json_is_a_format_error(data: bytes) -> None:
    with pytest.raises(BodyFormatError, match="not JSON"):
        parse_body(data, JSON, GenerateBody)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type_is_refused_before_the_body_is_looked_at(content_type: str) -> None:
    with pytest.raises(MediaTypeError, match="application/json"):
        parse_body(body(), content_type, GenerateBody)


def test_a_body_over_the_limit_is_refused() -> None:
    parse_body(body() + b" " * (MAX_BODY_BYTES - len(body())), JSON, GenerateBody)
    with pytest.raises(BodyTooLargeError, match="1,048,576"):
        parse_body(b" " * (MAX_BODY_BYTES + 1), JSON, GenerateBody)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        parse_body(data, JSON, GenerateBody)


@given(
    st.dictionaries(st.text(max_size=12), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
)
def test_any_object_is_read_or_refused_in_a_short_sentence(fields: dict[str, object]) -> None:
    said = ""
    try:
        parse_body(body(**fields), JSON, GenerateBody)
    except InputError as error:
        said = str(error)
    assert len(said) < 1500


def test_of_a_repeated_parameter_the_last_counts() -> None:
    assert parse_query({"limit": [b"5", b"7"]}, Page).limit == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"limit": [b"0"]}, "limit"),
        ({"limit": [b"\xff"]}, "limit"),
        ({"limt": [b"5"]}, "limt is not a known field"),
    ],
)
def test_a_faulty_parameter_is_named(arguments: dict[str, list[bytes]], said: str) -> None:
    with pytest.raises(FieldError, match=said):
        parse_query(arguments, Page)


@pytest.mark.parametrize(
    "arguments",
    [{"since": [b"2026-01-01T00:00:00"]}, {"action": [b"world.end"]}, {"after_seq": [b"-1"]}, {"limit": [b"9" * 30]}],
)
def test_the_audit_query_refuses_what_the_log_could_not_answer(arguments: dict[str, list[bytes]]) -> None:
    with pytest.raises(FieldError):
        parse_query(arguments, AuditQuery)


def test_the_token_parameter_is_not_ours() -> None:
    assert parse_query({"token": [b"secret"]}, Page) == Page()
