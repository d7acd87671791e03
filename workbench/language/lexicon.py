"""The vocabulary of the text rules, read from ``lexicon.toml`` into a tree of words.

>>> lexicon = Lexicon.shipped()
>>> sorted(str(entry) for entry in lexicon.entries(("mountain", "pass")))
['objective=route', 'terrain=mountain']
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final, Self

from workbench.language.inflection import plural, verb_forms
from workbench.language.tokens import tokenize

__all__ = ["Entry", "Lexicon"]

_TYPO_TABLE: Final = "typo"
_VERB_SUFFIX: Final = "_verb"
_UNCOUNTED: Final = frozenset({"civilians", "roe", "time", "side"})
"""Tables whose phrases take no plural: "nights" and "fogs" are no times and no weathers of an exercise."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """What a phrase may mean: a concept (``mission_verb``, ``terrain`` …) and its value."""

    concept: str
    value: str

    def __str__(self) -> str:
        return f"{self.concept}={self.value}"


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    entries: set[Entry] = field(default_factory=set)


class Lexicon:
    """A read-only tree of phrases."""

    def __init__(self, tables: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._root = _Node()
        self.misspellings = {wrong: right for right, wrongs in tables.get(_TYPO_TABLE, {}).items() for wrong in wrongs}
        for concept, values in tables.items():
            if concept != _TYPO_TABLE:
                self._add_table(concept, values)
        self.words = frozenset(_words_below(self._root))

    @classmethod
    def shipped(cls) -> Self:
        """The vocabulary that comes with the package."""
        text = files("workbench.language").joinpath("lexicon.toml").read_text(encoding="utf-8")
        return cls(tomllib.loads(text))

    def longest(self, words: Sequence[str], at: int) -> tuple[int, frozenset[Entry]]:
        """Length and meanings of the longest phrase that begins at ``words[at]``; (0, {}) if none."""
        node, best, entries = self._root, 0, frozenset[Entry]()
        for offset in range(at, len(words)):
            following = node.children.get(words[offset])
            if following is None:
                break
            node = following
            if node.entries:
                best, entries = offset - at + 1, frozenset(node.entries)
        return best, entries

    def entries(self, words: Sequence[str]) -> frozenset[Entry]:
        """Meanings of exactly this phrase."""
        length, entries = self.longest(words, 0)
        return entries if length == len(words) else frozenset()

    def _add_table(self, concept: str, values: Mapping[str, Sequence[str]]) -> None:
        for value, phrases in values.items():
            entry = Entry(concept, value)
            for phrase in phrases:
                words = tuple(token.norm for token in tokenize(phrase))
                for form in _forms(concept, words):
                    self._add(form, entry)

    def _add(self, words: Iterable[str], entry: Entry) -> None:
        node = self._root
        for word in words:
            node = node.children.setdefault(word, _Node())
        node.entries.add(entry)


def _forms(concept: str, words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    yield words
    if concept.endswith(_VERB_SUFFIX):
        for form in verb_forms(words[0]):
            yield (form, *words[1:])
    elif concept not in _UNCOUNTED or (concept == "civilians" and len(words) < 3):
        yield (*words[:-1], plural(words[-1]))


def _words_below(node: _Node) -> Iterable[str]:
    for word, child in node.children.items():
        yield word
        yield from _words_below(child)
