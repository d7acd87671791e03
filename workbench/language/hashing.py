"""Words → numbers for the model: one bucket for the whole word and one for each of its letter groups.

The same code runs in training and in use. CRC-32 (ISO 3309) is the hash because it is the same on every
machine and Python. Letter groups of three to five letters make a misspelt word land near the right one.
"""

import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from workbench.language.tokens import tokenize

__all__ = ["BUCKETS", "GROUPS", "MAX_WORDS", "Ids", "features", "words_of"]

BUCKETS: Final = 32_768
"""Bucket 0 is padding."""
GROUPS: Final = 20
"""Buckets per word; longer words lose their last letter groups."""
MAX_WORDS: Final = 160
"""Words of a prompt that the model reads; the rules read all of them."""

Ids = npt.NDArray[np.int64]


def words_of(text: str) -> list[str]:
    """The folded words, numbers and marks of ``text`` that the model reads."""
    return [token.norm for token in tokenize(text) if token.text != "\n"][:MAX_WORDS]


def features(words: Sequence[str]) -> Ids:
    """Bucket numbers, shape ``(words, GROUPS)``; at least one row."""
    ids = np.zeros((max(1, len(words)), GROUPS), dtype=np.int64)
    for row, word in enumerate(words):
        buckets = _buckets(word)[:GROUPS]
        ids[row, : len(buckets)] = buckets
    return ids


def _buckets(word: str) -> list[int]:
    marked = f"<{word}>"
    groups = [marked[i : i + size] for size in (3, 4, 5) for i in range(len(marked) - size + 1)]
    return [1 + zlib.crc32(group.encode()) % (BUCKETS - 1) for group in (f"={word}", *groups)]
