"""RFC 8785 bytes, checked against the ``rfc8785`` package as an independent oracle."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from workbench.canonical import MAX_SAFE_INTEGER, JsonValue, canonical_bytes, digest, sha256_hex
from workbench.errors import CanonicalError

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = st.text(st.characters(max_codepoint=127), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER) | text
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=40,
)


@given(values)
def test_bytes_agree_with_the_oracle(value: JsonValue) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(st.dictionaries(keys, scalars, min_size=2, max_size=8))
def test_the_order_of_keys_does_not_matter(value: dict[str, JsonValue]) -> None:
    assert digest(value) == digest(dict(reversed(value.items())))


def test_the_digest_is_sha_256_of_the_bytes() -> None:
    assert digest({}) == sha256_hex(b"{}")
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "float at \\$"),
        ({"a": [0, float("nan")]}, r"float at \$\.a\[1\]"),
        (2**53, "outside"),
        (-(2**53), "outside"),
        ({"é": 1}, "ASCII"),
        ({1: 2}, "ASCII"),
        ("\ud800", "no canonical JSON form"),
        (b"x", "bytes at"),
        ({"a": {1, 2}}, r"set at \$\.a"),
    ],
)
def test_what_has_no_canonical_form_is_refused_and_located(value: object, said: str) -> None:
    with pytest.raises(CanonicalError, match=said):
        canonical_bytes(value)
