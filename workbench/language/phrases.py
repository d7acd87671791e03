"""Phrases of the vocabulary in a prompt: where they stand, what they may mean, whether they are denied."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.language.lexicon import Entry, Lexicon
from workbench.language.spelling import Speller
from workbench.language.tokens import Token, tokenize

__all__ = ["Phrase", "Text", "read_phrases"]

_NEGATIONS: Final = frozenset({"no", "not", "without", "never", "neither", "nor", "lacking", "lacks", "minus", "un"})
_NEGATION_REACH: Final = 3
"""Words between a negation and what it denies: "without any close air support"."""
_NEGATION_ENDS: Final = frozenset({"but", "only", "with", "and"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of tokens that the vocabulary knows."""

    first: int
    last: int
    entries: frozenset[Entry]
    denied: bool
    start: int
    end: int
    sentence: int
    clause: int

    def values(self, concept: str) -> list[str]:
        """What it may mean for one concept, in a fixed order."""
        return sorted(entry.value for entry in self.entries if entry.concept == concept)


@dataclass(frozen=True, slots=True)
class Text:
    """A prompt with its tokens, corrected words and phrases."""

    prompt: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    """Corrected norms of the tokens."""
    phrases: tuple[Phrase, ...]


def read_phrases(prompt: str, lexicon: Lexicon, speller: Speller) -> Text:
    """Tokenise, correct and match ``prompt``; phrases do not overlap, the longest at each place wins."""
    tokens = tokenize(prompt)
    words = tuple(speller.correct(token.norm) if token.is_word else token.norm for token in tokens)
    phrases: list[Phrase] = []
    at = 0
    while at < len(words):
        length, entries = lexicon.longest(words, at)
        length = _within_sentence(tokens, at, length)
        if length and entries:
            phrases.append(_phrase(tokens, words, at, at + length - 1, entries))
        at += max(1, length)
    return Text(prompt, tokens, words, tuple(phrases))


def _within_sentence(tokens: Sequence[Token], at: int, length: int) -> int:
    """No phrase runs over the end of a sentence."""
    whole = length and tokens[at].sentence == tokens[at + length - 1].sentence
    return length if whole else 0


def _phrase(tokens: Sequence[Token], words: Sequence[str], first: int, last: int, entries: frozenset[Entry]) -> Phrase:
    token = tokens[first]
    return Phrase(
        first=first,
        last=last,
        entries=entries,
        denied=_is_denied(tokens, words, first),
        start=token.start,
        end=tokens[last].end,
        sentence=token.sentence,
        clause=token.clause,
    )


def _is_denied(tokens: Sequence[Token], words: Sequence[str], first: int) -> bool:
    for at in range(first - 1, max(-1, first - 2 - _NEGATION_REACH), -1):
        if tokens[at].clause != tokens[first].clause or words[at] in _NEGATION_ENDS:
            return False
        if words[at] in _NEGATIONS:
            return True
    return False
