"""Other forms of an English word, by spelling rules; irregular forms are listed in the vocabulary."""

from typing import Final

__all__ = ["plural", "verb_forms"]

_VOWELS: Final = frozenset("aeiou")
_SIBILANTS: Final = ("s", "x", "z", "ch", "sh")


def plural(noun: str) -> str:
    """``city`` → ``cities``, ``ambush`` → ``ambushes``, ``tank`` → ``tanks``."""
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(_SIBILANTS) else "s")


def verb_forms(verb: str) -> frozenset[str]:
    """The verb, its -s form, its -ed form and its -ing form."""
    if verb.endswith("e"):
        return frozenset({verb, verb + "s", verb + "d", verb[:-1] + "ing"})
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return frozenset({verb, plural(verb), verb[:-1] + "ied", verb + "ing"})
    stem = verb + verb[-1] if _doubles(verb) else verb
    return frozenset({verb, plural(verb), stem + "ed", stem + "ing"})


def _doubles(verb: str) -> bool:
    """A short verb that ends consonant, vowel, consonant doubles the last one: ``stop``, ``man``."""
    if not 3 <= len(verb) <= 4 or verb[-1] in _VOWELS | set("wxy"):
        return False
    return verb[-2] in _VOWELS and verb[-3] not in _VOWELS
