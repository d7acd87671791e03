"""Corrects misspelt words towards the vocabulary, and leaves ordinary words alone.

A word is corrected when it is in the list of known misspellings, or when all of these hold: it is not
an ordinary English word, it has five letters or more, and one word of the vocabulary with the same
first letter lies within one edit (two from eight letters, three from twelve; a swap of neighbours is
one edit). Words of four letters are only mended where two neighbours are swapped. The best candidate
wins; of equals the first in alphabetical order.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Final

from rapidfuzz.distance import OSA

from workbench.language.lexicon import Lexicon

__all__ = ["Speller"]

MIN_LETTERS: Final = 4
_SWAPS_ONLY: Final = 4
"""Letters of words so short that any other edit makes another word."""
_CACHE_WORDS: Final = 4_096


class Speller:
    def __init__(self, lexicon: Lexicon, ordinary: Iterable[str]) -> None:
        self._misspellings = lexicon.misspellings
        self._known = lexicon.words | frozenset(ordinary)
        self._targets: dict[str, list[str]] = {}
        for word in sorted(lexicon.words):
            if len(word) >= MIN_LETTERS and word.isalpha():
                self._targets.setdefault(word[0], []).append(word)
        self.correct = lru_cache(maxsize=_CACHE_WORDS)(self._correct)

    @classmethod
    def shipped(cls, lexicon: Lexicon) -> "Speller":
        """With the list of ordinary words that comes with the package."""
        text = files("workbench.language").joinpath("ordinary_words.txt").read_text(encoding="utf-8")
        return cls(lexicon, (word for line in text.splitlines() if line[:1] != "#" for word in line.split()))

    def _correct(self, word: str) -> str:
        listed = self._misspellings.get(word)
        if listed is not None:
            return listed
        if word in self._known or len(word) < MIN_LETTERS or not word.isalpha() or self._is_inflected(word):
            return word
        edits = allowed_edits(len(word))
        ranked = (
            (OSA.distance(word, target, score_cutoff=edits), target)
            for target in self._targets.get(word[0], ())
            if abs(len(target) - len(word)) <= edits and len(target) > _SWAPS_ONLY
        )
        if len(word) == _SWAPS_ONLY:
            ranked = ((1, target) for target in self._targets.get(word[0], ()) if _is_swapped(word, target))
        distance, best = min(ranked, default=(edits + 1, word))
        return best if distance <= edits else word

    def _is_inflected(self, word: str) -> bool:
        """An ordinary word with a regular ending is an ordinary word."""
        return any(
            word.endswith(ending) and (word[: -len(ending)] in self._known or word[: -len(ending)] + "e" in self._known)
            for ending in ("s", "es", "ed", "d", "ing", "ly")
        )


def _is_swapped(word: str, target: str) -> bool:
    return len(word) == len(target) and sorted(word) == sorted(target) and OSA.distance(word, target) == 1


def allowed_edits(letters: int) -> int:
    """How many edits a word of so many letters may be away."""
    return 1 if letters < 8 else 2 if letters < 12 else 3
