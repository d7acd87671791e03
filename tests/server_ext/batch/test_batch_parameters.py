import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_ext.batch.parameters import parse_over, spread
from workbench.errors import InputError


def test_a_range_is_inclusive() -> None:
    assert parse_over("seed=1..8") == ("seed", (1, 2, 3, 4, 5, 6, 7, 8))


def test_a_list_is_typed_value_by_value() -> None:
    assert parse_over("x=1,two, true ,-4") == ("x", (1, "two", True, -4))


@pytest.mark.parametrize("text", ["", "seed", "=1", "seed=", "9x=1", "a b=1", "seed=8..1", "seed=0..99999999"])
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(InputError):
        parse_over(text)


def test_lists_side_by_side_repeat_single_values() -> None:
    sets = spread([parse_over("seed=1..3"), parse_over("prompt=attack")])
    assert sets == [{"seed": n, "prompt": "attack"} for n in (1, 2, 3)]


def test_lists_of_different_lengths_need_the_grid() -> None:
    variations = [parse_over("seed=1..3"), parse_over("prompt=a,b")]
    with pytest.raises(InputError, match="--grid"):
        spread(variations)
    assert len(spread(variations, grid=True)) == 6


def test_a_name_twice_is_refused() -> None:
    with pytest.raises(InputError, match="name of its own"):
        spread([parse_over("a=1"), parse_over("a=2")])


def test_a_grid_too_large_is_refused_before_it_is_built() -> None:
    with pytest.raises(InputError, match="at most"):
        spread([parse_over("a=1..9999"), parse_over("b=1..9999")], grid=True)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        name, values = parse_over(text)
    except InputError:
        return
    assert name
    assert values
