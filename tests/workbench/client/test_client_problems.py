"""Problem documents become the errors that they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors
from workbench.client.problems import problem_error
from workbench.errors import GatewayUnavailableError, InputError, MissingError, PacaiError, RefusedError

CLASSES = [
    kind
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, PacaiError) and kind is not PacaiError
]


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("prefix", ["urn:pacai:problem:", "https://example.org/problems/"])
def test_every_slug_of_the_tree_comes_back_as_its_class(kind: type[PacaiError], prefix: str) -> None:
    error = problem_error({"type": prefix + kind.slug, "detail": "a fact"}, 422)
    assert type(error) is kind
    assert str(error) == "a fact"


@pytest.mark.parametrize(
    ("status", "kind"), [(400, InputError), (403, RefusedError), (404, MissingError), (500, GatewayUnavailableError)]
)
def test_an_unknown_slug_becomes_the_nearest_class(status: int, kind: type[PacaiError]) -> None:
    assert type(problem_error({"type": "urn:pacai:problem:from-the-future", "detail": "x"}, status)) is kind


def test_jupyters_own_refusals_are_understood() -> None:
    assert str(problem_error({"message": "Forbidden", "reason": None}, 403)) == "Forbidden"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "detail", "title"]), inner),
    max_leaves=8,
)


@given(anything, st.integers(300, 999))
def test_any_document_becomes_an_error_with_a_sentence(document: object, status: int) -> None:
    error = problem_error(document, status)
    assert isinstance(error, PacaiError)
    assert str(error)
