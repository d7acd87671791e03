"""Which words of the prompt are denied.

Rules:

* ``no``, ``without``, ``neither`` … deny what follows until the clause ends, over ``or`` and ``nor``;
  a list after one of them goes on over commas as long as an ``or`` or ``nor`` follows in the sentence;
* ``not`` and ``n't`` deny the next :data:`NOT_REACH` words;
* ``rather than X``, ``instead of X`` deny X to the end of the clause;
* ``X is not expected``, ``X are unavailable`` deny X;
* ``no later than``, ``not only`` and the like (:data:`NOT_DENIALS`) deny nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from workbench.language.tokens import Token

__all__ = ["negated_tokens"]

NOT_REACH: Final = 5

_WIDE: Final = frozenset({"no", "without", "neither", "nor", "lacks", "lacking", "excluding", "minus", "zero", "sans"})
_NARROW: Final = frozenset({"not", "never", "cannot", "avoid", "avoids", "avoiding"})
_PAIRS: Final = frozenset({("rather", "than"), ("instead", "of"), ("free", "of"), ("absence", "of"), ("lack", "of")})
_STOPPERS: Final = frozenset({"but", "with", "only", "just", "instead", "except", "however", "although"})
_DETERMINERS: Final = frozenset({"a", "an", "the", "our", "their", "some", "his", "two", "three", "it", "they", "we"})
NOT_DENIALS: Final = frozenset({
    "more", "less", "later", "earlier", "only", "doubt", "matter", "longer", "fewer", "just", "least", "yet",
    "sooner", "one",
})  # fmt: skip
_ABSENT: Final = frozenset({"unavailable", "absent", "unlikely", "excluded", "grounded", "forbidden", "off"})
_NOT_THERE: Final = frozenset({
    "expected", "available", "present", "likely", "anticipated", "allowed", "involved", "there", "foreseen",
    "used", "part", "in", "needed", "required", "planned",
})  # fmt: skip
_BE: Final = frozenset({"is", "are", "was", "were", "be", "will"})
_TEMPERATURES: Final = frozenset({"ten", "fifteen", "twenty", "thirty", "forty", "degrees"})


def negated_tokens(tokens: Sequence[Token], words: Sequence[str]) -> frozenset[int]:
    """Indexes of the tokens that are denied."""
    denied: set[int] = set()
    for at in range(len(words)):
        denied.update(_denied_after(tokens, words, at))
        denied.update(_denied_before(tokens, words, at))
    return frozenset(denied)


def _denied_after(tokens: Sequence[Token], words: Sequence[str], at: int) -> Iterator[int]:
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if following in NOT_DENIALS or (word == "minus" and (following in _TEMPERATURES or following.isdigit())):
        return
    if word in _WIDE:
        yield from _wide_scope(tokens, words, at)
    elif word in _NARROW or word.endswith("n't") or word in ("isnt", "arent", "dont", "wont"):
        yield from _clause_rest(tokens, words, at + 1, NOT_REACH)
    elif (word, following) in _PAIRS:
        yield from _clause_rest(tokens, words, at + 2, len(words))


def _denied_before(tokens: Sequence[Token], words: Sequence[str], at: int) -> Iterator[int]:
    """``mines are not expected``: the words of the clause before the verb."""
    is_denial = words[at] in _ABSENT and at > 0 and words[at - 1] in _BE
    is_not_there = words[at] == "not" and at + 1 < len(words) and words[at + 1] in _NOT_THERE
    if not (is_denial or (is_not_there and at > 0 and words[at - 1] in _BE | {"been"})):
        return
    for index in range(at - 1, max(-1, at - 7), -1):
        if tokens[index].clause != tokens[at].clause or words[index] in _STOPPERS:
            return
        yield index


def _wide_scope(tokens: Sequence[Token], words: Sequence[str], at: int) -> Iterator[int]:
    clause = tokens[at].clause
    for index in range(at + 1, len(words)):
        if tokens[index].sentence != tokens[at].sentence or words[index] in _STOPPERS:
            return
        if tokens[index].clause != clause:
            if not _list_goes_on(tokens, words, index):
                return
            clause = tokens[index].clause
        if words[index] == "and" and index + 1 < len(words) and words[index + 1] in _DETERMINERS:
            return
        yield index


def _clause_rest(tokens: Sequence[Token], words: Sequence[str], first: int, reach: int) -> Iterator[int]:
    for index in range(first, min(len(words), first + reach)):
        if tokens[index].clause != tokens[first].clause or words[index] in _STOPPERS:
            return
        yield index


def _list_goes_on(tokens: Sequence[Token], words: Sequence[str], at: int) -> bool:
    """Whether a comma list that began denied ends in ``or X``: short items and an ``or`` or ``nor``."""
    run = 0
    for index in range(at, len(words)):
        if tokens[index].sentence != tokens[at].sentence:
            return False
        if words[index] in ("or", "nor"):
            return True
        run = 0 if words[index] == "," else run + 1
        if run > 3:
            return False
    return False
