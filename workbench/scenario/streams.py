"""Named streams of random integers: one stream for each decision of the composer.

A stream is the raw integer output of Philox-4x64 (Salmon et al., "Parallel Random Numbers: As Easy as
1, 2, 3", 2011) under a key that is a hash of the seed and the decision's name. numpy promises the raw
stream of a bit generator for ever (NEP 19) but not what its distributions make of it, so bounded
integers, shuffles and weighted choices are our own, in integers, and unbiased. Because each decision
draws from its own stream, adding or locking one decision moves no other.

>>> Streams(7).named("weather").between(1, 6) == Streams(7).named("weather").between(1, 6)
True
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.canonical import MAX_SAFE_INTEGER
from workbench.errors import SeedError

__all__ = ["Stream", "Streams"]

T = TypeVar("T")

_STREAM_VERSION: Final = "v1"
"""Part of every key: raised if the meaning of the draws ever changes."""

_SPAN: Final = 1 << 64
_REFILL: Final = 32
"""Raw draws fetched at once; a single draw through numpy costs as much as thirty."""


class Stream:
    """Random integers of one decision. Every method is a fixed function of the key and the draws before."""

    def __init__(self, key: bytes) -> None:
        self._bits = np.random.Philox(key=np.frombuffer(key, dtype="<u8").astype(np.uint64))
        self._ahead: list[int] = []

    def raw(self, count: int) -> NDArray[np.uint64]:
        """The next ``count`` draws, uniform over 0 … 2^64 − 1."""
        ahead = [self._ahead.pop() for _ in range(min(count, len(self._ahead)))]
        fresh = self._bits.random_raw(count - len(ahead))
        return np.concatenate([np.array(ahead, dtype=np.uint64), np.asarray(fresh, dtype=np.uint64)])

    def below(self, n: int) -> int:
        """Uniform over 0 … n − 1 (rejection, so without bias).

        Raises:
            ValueError: ``n`` is not in 1 … 2^64.
        """
        if not 1 <= n <= _SPAN:
            raise ValueError(f"the bound of a draw must be in 1 … 2^64, got {n}")
        limit = _SPAN - _SPAN % n
        while (draw := self._next()) >= limit:
            pass
        return draw % n

    def between(self, low: int, high: int) -> int:
        """Uniform over low … high, both included."""
        return low + self.below(high - low + 1)

    def percent(self, chance: int) -> bool:
        """True in ``chance`` of 100 draws."""
        return self.below(100) < chance

    def pick(self, items: Sequence[T]) -> T:
        """One of ``items``, all equally likely."""
        return items[self.below(len(items))]

    def weighted(self, pairs: Iterable[tuple[T, int]]) -> T:
        """One of the items, as likely as its integer weight says.

        Raises:
            ValueError: a weight is negative or all are zero.
        """
        table = list(pairs)
        if any(weight < 0 for _, weight in table):
            raise ValueError("weights must not be negative")
        left = self.below(sum(weight for _, weight in table))
        for item, weight in table:
            if left < weight:
                return item
            left -= weight
        raise AssertionError("a draw below the sum of the weights always falls on an item")

    def shuffle(self, items: Iterable[T]) -> list[T]:
        """The items in random order (Fisher and Yates), as a new list."""
        deck = list(items)
        for last in range(len(deck) - 1, 0, -1):
            other = self.below(last + 1)
            deck[last], deck[other] = deck[other], deck[last]
        return deck

    def _next(self) -> int:
        if not self._ahead:
            self._ahead = self._bits.random_raw(_REFILL).tolist()[::-1]
        return self._ahead.pop()


class Streams:
    """All streams of one seed.

    Raises:
        SeedError: the seed is not an integer in 0 … 2^53 − 1.
    """

    def __init__(self, seed: int) -> None:
        if type(seed) is not int or not 0 <= seed <= MAX_SAFE_INTEGER:
            raise SeedError(f"the seed must be an integer in 0 … {MAX_SAFE_INTEGER}, got {seed!r}")
        self.seed = seed
        self._scope = ""

    def __repr__(self) -> str:
        return f"Streams({self.seed})"

    def scoped(self, prefix: str) -> "Streams":
        """The same streams with ``prefix`` before every label: a room's own names."""
        inner = Streams(self.seed)
        inner._scope = self._scope + prefix
        return inner

    def named(self, label: str) -> Stream:
        """The stream of the decision ``label``, from its beginning."""
        text = f"{_STREAM_VERSION}|{self.seed}|{self._scope}{label}"
        return Stream(hashlib.blake2b(text.encode(), digest_size=16).digest())
