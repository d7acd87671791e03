"""Numbers in digits and words: ``12``, ``twelve``, ``thirty-six``, ``a``, ``half a``, ``a couple of``.

All values are exact: halves and quarters are kept as :class:`fractions.Fraction`.
"""

import re
from fractions import Fraction
from typing import Final

__all__ = ["NUMBER", "parse_number"]

_UNITS: Final = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
                "eighty": 80, "ninety": 90}  # fmt: skip
_PHRASES: Final = {"a": 1, "an": 1, "a couple of": 2, "couple of": 2, "a dozen": 12}
_SMALL: Final = "|".join(sorted((*_UNITS, *_TENS), key=len, reverse=True))

NUMBER: Final = (
    rf"(?:\d{{1,4}}(?:[.,]\d{{1,2}})?|half an?|a couple of|couple of|a dozen|"
    rf"(?:{'|'.join(_TENS)})[- ](?:{'|'.join(list(_UNITS)[1:10])})|(?:{_SMALL})|an?)"
    rf"(?: and (?:a )?half)?"
)
"""Pattern (to be used with ``re.IGNORECASE``) of what :func:`parse_number` understands."""


def parse_number(text: str) -> Fraction | None:
    """The exact value, or None where ``text`` is not such a number."""
    words = text.lower().strip()
    half = re.search(r" and (?:a )?half$", words)
    if half:
        whole = parse_number(words[: half.start()])
        return None if whole is None else whole + Fraction(1, 2)
    if words in ("half a", "half an"):
        return Fraction(1, 2)
    if re.fullmatch(r"\d{1,4}(?:[.,]\d{1,2})?", words):
        return Fraction(words.replace(",", "."))
    if words in _PHRASES:
        return Fraction(_PHRASES[words])
    tens, _, unit = words.replace("-", " ").partition(" ")
    if tens in _TENS:
        return Fraction(_TENS[tens] + _UNITS.get(unit, 0))
    return Fraction(_UNITS[words]) if words in _UNITS else None
