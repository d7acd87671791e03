"""The prompt as the rules see it: tokens, corrected words, vocabulary matches and what is negated.

A :class:`ReadText` is built once and read by every rule module. Spans that a more exact reader has
already understood (times, durations, places, commands to the system) are masked, so that no
vocabulary phrase reaches into them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.language.lexicon import Entry, Lexicon
from workbench.language.negation import negated_tokens
from workbench.language.reading import Evidence
from workbench.language.spelling import Speller
from workbench.language.tokens import Token, tokenize

__all__ = ["Match", "ReadText", "read_text"]

_MASKED: Final = "\0"
_INNER: Final = frozenset({"thing", "terrain", "side", "time"})
"""Concepts that are also read inside a longer phrase: the mines in "clear the minefield"."""
_INNER_OF_OBJECTIVE: Final = frozenset({"posture_noun", "branch"})
_CLOSED: Final = frozenset({"roe", "scope"})
"""Phrases that mean only themselves."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase of the vocabulary: tokens ``first`` … ``last - 1``."""

    entries: frozenset[Entry]
    first: int
    last: int
    evidence: Evidence
    sentence: int
    clause: int
    is_negated: bool
    is_corrected: bool

    def values(self, concept: str) -> list[str]:
        """Sorted values that the phrase may have for a concept."""
        return sorted(entry.value for entry in self.entries if entry.concept == concept)

    def value(self, concept: str) -> str | None:
        """The first of :meth:`values`, or None."""
        return next(iter(self.values(concept)), None)


@dataclass(frozen=True, slots=True)
class ReadText:
    prompt: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    """Normalised and corrected, one per token; masked tokens are a NUL."""
    matches: tuple[Match, ...]

    def of(self, concept: str, *, negated: bool = False) -> Iterator[Match]:
        """Matches that may mean ``concept``, in order of the text."""
        for match in self.matches:
            if match.is_negated is negated and any(entry.concept == concept for entry in match.entries):
                yield match

    def before(self, at: int, count: int) -> Sequence[str]:
        """Up to ``count`` words before token ``at``, in the same sentence, in order."""
        return [self.words[i] for i in range(max(0, at - count), at) if self._together(i, at)]

    def after(self, at: int, count: int) -> Sequence[str]:
        """Up to ``count`` words from token ``at`` on, in the sentence of the token before it."""
        anchor = max(0, at - 1)
        return [self.words[i] for i in range(at, min(len(self.words), at + count)) if self._together(i, anchor)]

    def _together(self, i: int, j: int) -> bool:
        j = min(j, len(self.tokens) - 1)
        return self.tokens[i].sentence == self.tokens[j].sentence


def read_text(prompt: str, masked: Iterable[Evidence], lexicon: Lexicon, speller: Speller) -> ReadText:
    """Tokens, corrections and matches of ``prompt`` outside the masked spans."""
    tokens = tokenize(prompt)
    hidden = _covered(tokens, masked)
    words = tuple(
        _MASKED if index in hidden else speller.correct(token.norm) if token.is_word else token.norm
        for index, token in enumerate(tokens)
    )
    negated = negated_tokens(tokens, words)
    matches = tuple(_matches(tokens, words, negated, lexicon))
    return ReadText(prompt, tokens, words, matches)


def _covered(tokens: Sequence[Token], masked: Iterable[Evidence]) -> frozenset[int]:
    spans = list(masked)
    return frozenset(
        index
        for index, token in enumerate(tokens)
        if any(span.start < token.end and token.start < span.end for span in spans)
    )


def _matches(
    tokens: Sequence[Token], words: Sequence[str], negated: frozenset[int], lexicon: Lexicon
) -> Iterator[Match]:
    at = 0
    while at < len(words):
        length, entries = lexicon.longest(words, at)
        if not length:
            at += 1
            continue
        yield _match(tokens, words, negated, range(at, at + length), entries)
        for inner in range(at, at + length) if length > 1 else ():
            size, found = _inner_phrase(words, inner, range(at, at + length), lexicon)
            within = _readable_inside(entries, found)
            if within:
                yield _match(tokens, words, negated, range(inner, inner + size), within)
        at += length


def _inner_phrase(words: Sequence[str], inner: int, outer: range, lexicon: Lexicon) -> tuple[int, frozenset[Entry]]:
    """The longest phrase at ``inner`` that is a proper part of the outer one."""
    stop = outer.stop - (inner == outer.start)
    return lexicon.longest(words[:stop], inner)


def _readable_inside(outer: frozenset[Entry], inner: frozenset[Entry]) -> frozenset[Entry]:
    concepts = {entry.concept for entry in outer}
    if concepts & _CLOSED:
        return frozenset()
    allowed = (_INNER | (_INNER_OF_OBJECTIVE if "objective" in concepts else frozenset())) - concepts
    return frozenset(entry for entry in inner if entry.concept in allowed)


def _match(
    tokens: Sequence[Token], words: Sequence[str], negated: frozenset[int], at: range, entries: frozenset[Entry]
) -> Match:
    first, last = at.start, at.stop
    return Match(
        entries=entries,
        first=first,
        last=last,
        evidence=Evidence(start=tokens[first].start, end=tokens[last - 1].end),
        sentence=tokens[first].sentence,
        clause=tokens[first].clause,
        is_negated=first in negated or last - 1 in negated,
        is_corrected=any(words[i] != tokens[i].norm for i in at),
    )
