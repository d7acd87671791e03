"""Words of a prompt with their place in it.

Rules:

* a token is a run of letters (with an inner apostrophe), a run of digits, or one other mark;
* a hyphen inside a word separates and vanishes: ``anti-tank`` is ``anti`` ``tank``;
* ``norm`` is lower case without accents or apostrophe-s, always for comparing, never for spans;
* sentences end at ``. ! ? ;`` and line breaks, but not inside numbers or after one letter (``i.e.``);
* clauses end there and at commas, colons, brackets, dashes and the joining words in :data:`JOINERS`.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

__all__ = ["Token", "fold", "tokenize"]

JOINERS: Final = frozenset({"but", "while", "whereas", "although", "though", "however", "then", "until", "because"})
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]|_|\n")
_SENTENCE_MARKS: Final = frozenset(".!?;\n")
_CLAUSE_MARKS: Final = frozenset(",:()[]{}–—/")


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    norm: str
    start: int
    end: int
    sentence: int
    clause: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()


def fold(word: str) -> str:
    """Lower case, without accents, typographic apostrophes and a possessive ending."""
    plain = word.replace("’", "'").lower()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return plain.removesuffix("'s").removesuffix("'")


def tokenize(text: str) -> tuple[Token, ...]:
    """All tokens of ``text`` in order; hyphens inside words are left out."""
    tokens: list[Token] = []
    sentence = clause = 0
    for found in _TOKEN.finditer(text):
        mark = found.group()
        if mark == "-" and _joins_word(text, found.start()):
            continue
        norm = fold(mark)
        if norm in JOINERS:
            clause += 1
        tokens.append(Token(mark, norm, found.start(), found.end(), sentence, clause))
        if mark in _SENTENCE_MARKS and _ends_sentence(text, found.start()):
            sentence += 1
            clause += 1
        elif mark in _CLAUSE_MARKS or (mark == "-" and not _joins_word(text, found.start())):
            clause += 1
    return tuple(tokens)


def _joins_word(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()


def _ends_sentence(text: str, at: int) -> bool:
    if text[at] != ".":
        return True
    before, after = text[:at], text[at + 1 : at + 2]
    if after.isalnum():
        return False
    return re.search(r"(?:^|[\s.(])[^\W\d_]$", before) is None
