"""Streams: stable, independent of each other, unbiased."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import SeedError
from workbench.scenario.streams import Streams


def test_the_first_draws_never_change() -> None:
    stream = Streams(42).named("weather")
    assert [stream.below(1000) for _ in range(8)] == GOLDEN_DRAWS
    assert [hex(draw) for draw in Streams(42).named("weather").raw(2).tolist()] == GOLDEN_RAW


GOLDEN_DRAWS = [174, 172, 536, 895, 828, 642, 726, 269]
GOLDEN_RAW = ["0x5ae439134304fd7e", "0x179516eda6981cb4"]


def test_a_stream_does_not_depend_on_what_others_draw() -> None:
    alone = Streams(7)
    crowded = Streams(7)
    crowded.named("other").raw(1000)
    crowded.named("another").shuffle(range(50))
    assert alone.named("mine").raw(5).tolist() == crowded.named("mine").raw(5).tolist()


def test_another_name_or_seed_is_another_stream() -> None:
    first = Streams(7).named("a").raw(4).tolist()
    assert first != Streams(7).named("b").raw(4).tolist()
    assert first != Streams(8).named("a").raw(4).tolist()


def test_a_scope_is_a_prefix_of_the_name() -> None:
    assert Streams(7).scoped("terrain.").named("wood").below(10**9) == Streams(7).named("terrain.wood").below(10**9)


def test_single_and_bulk_draws_are_one_sequence() -> None:
    bulk = Streams(3).named("x").raw(100).tolist()
    mixed = Streams(3).named("x")
    drawn = [mixed.below(2**64) for _ in range(3)]
    drawn += mixed.raw(50).tolist()
    drawn += [mixed.below(2**64) for _ in range(47)]
    assert drawn == bulk


@given(seed=st.integers(0, 2**53 - 1), low=st.integers(-(10**6), 10**6), span=st.integers(0, 10**6))
def test_bounds_are_kept_and_included(seed: int, low: int, span: int) -> None:
    stream = Streams(seed).named("bounds")
    draws = [stream.between(low, low + span) for _ in range(20)]
    assert all(low <= draw <= low + span for draw in draws)


def test_every_value_of_a_small_range_comes_about_equally_often() -> None:
    stream = Streams(5).named("dice")
    counts = [0] * 6
    for _ in range(12_000):
        counts[stream.below(6)] += 1
    # chi-squared with 5 degrees of freedom stays below 20.5 in 99.9 % of streams
    assert sum((count - 2000) ** 2 for count in counts) / 2000 < 20.5


def test_weights_are_respected_and_zero_is_never_chosen() -> None:
    stream = Streams(5).named("weights")
    drawn = [stream.weighted([("often", 9), ("seldom", 1), ("never", 0)]) for _ in range(5_000)]
    assert drawn.count("never") == 0
    assert 400 < drawn.count("seldom") < 600


def test_a_shuffle_keeps_every_item_and_its_input() -> None:
    items = list(range(30))
    shuffled = Streams(9).named("deck").shuffle(items)
    assert sorted(shuffled) == items
    assert shuffled != items


def test_percent_at_the_ends_is_certain() -> None:
    stream = Streams(1).named("p")
    assert not any(stream.percent(0) for _ in range(100))
    assert all(stream.percent(100) for _ in range(100))


@pytest.mark.parametrize("seed", [-1, 2**53, True, 1.0, "1", None])
def test_a_seed_outside_the_range_is_refused(seed: object) -> None:
    with pytest.raises(SeedError, match="seed must be an integer in 0"):
        Streams(seed)  # type: ignore[arg-type]


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="bound of a draw"):
        Streams(1).named("x").below(0)
    with pytest.raises(ValueError, match="weights"):
        Streams(1).named("x").weighted([("a", -1)])
