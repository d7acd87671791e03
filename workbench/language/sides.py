"""Who is own and who is enemy: every phrase of a prompt gets a side where one can be told.

Rules, the first that applies:

1. A side word next to a force ("enemy tank company", "our platoon") says it.
2. What stands behind *against*, *facing*, *versus* or behind *by* after "held", "defended" … is the enemy.
3. A force that goes on listing ("supported by artillery and drones") has the side of the force before it.
4. Else the first force of a sentence is own, and one behind a verb that is done to somebody is the enemy.
"""

from collections.abc import Sequence
from typing import Final

from workbench.language.phrases import Phrase, Text

__all__ = ["ENEMY", "OWN", "sides_of"]

OWN: Final = "own"
ENEMY: Final = "enemy"
_AGAINST: Final = frozenset({"against", "versus", "vs", "facing", "v", "opposing", "fighting", "opposed"})
_BY_AFTER: Final = frozenset({"held", "defended", "occupied", "guarded", "attacked", "ambushed", "controlled", "taken"})
_GOES_ON: Final = frozenset(
    {"with", "and", "supported", "plus", "by", "backed", "reinforced", "including", "accompanied"}
)
_SIDE_REACH: Final = 5
"""Words between a side word and its force: "enemy dug in mechanised infantry company"."""
_FORCE_CONCEPTS: Final = ("echelon", "branch")
_DONE_TO: Final = frozenset({"attack", "ambush", "raid", "delay", "recon"})


def sides_of(text: Text) -> dict[int, str]:
    """Side by index of the phrase; phrases of unknown side are left out."""
    sides: dict[int, str] = {}
    for index, phrase in enumerate(text.phrases):
        side = (
            _said(text, index) or _behind(text, phrase) or _listed(text, index, sides) or _by_order(text, index, sides)
        )
        if side:
            sides[index] = side
    return sides


def _said(text: Text, index: int) -> str | None:
    """Rule 1: the nearest side word before it in its clause, not separated by another preposition; or its own."""
    phrase = text.phrases[index]
    own_words = phrase.values("side")
    if own_words:
        return own_words[0]
    for before in reversed(text.phrases[:index]):
        if before.sentence != phrase.sentence or phrase.first - before.last > _SIDE_REACH + 1:
            return None
        words = before.values("side")
        if words:
            between = text.words[before.last + 1 : phrase.first]
            return words[0] if not set(between) & (_AGAINST | {"by", "from", "of", "on", "in"}) else None
        if before.values("mission_verb") or before.values("posture_verb"):
            return None
    return None


def _behind(text: Text, phrase: Phrase) -> str | None:
    """Rule 2."""
    for at in range(phrase.first - 1, max(-1, phrase.first - 1 - _SIDE_REACH), -1):
        if text.tokens[at].sentence != phrase.sentence:
            return None
        word = text.words[at]
        if word in _AGAINST:
            return ENEMY
        if word in ("by", "from"):
            before = text.words[max(0, at - 2) : at]
            return ENEMY if set(before) & _BY_AFTER else None
        if not text.tokens[at].is_word and word in ",;:":
            return None
    return None


def _listed(text: Text, index: int, sides: dict[int, str]) -> str | None:
    """Rule 3."""
    phrase = text.phrases[index]
    if index == 0 or text.phrases[index - 1].sentence != phrase.sentence or index - 1 not in sides:
        return None
    between = text.words[text.phrases[index - 1].last + 1 : phrase.first]
    adjoining = not between or (set(between) & _GOES_ON and not set(between) & _AGAINST)
    return sides[index - 1] if adjoining and len(between) <= _SIDE_REACH else None


def _by_order(text: Text, index: int, sides: dict[int, str]) -> str | None:
    """Rule 4."""
    phrase = text.phrases[index]
    if not any(phrase.values(concept) for concept in _FORCE_CONCEPTS):
        return None
    earlier = [i for i, other in enumerate(text.phrases[:index]) if other.sentence == phrase.sentence]
    had_own = any(sides.get(i) == OWN and _is_force(text.phrases[i]) for i in range(index))
    verbs = [value for i in earlier for value in text.phrases[i].values("mission_verb")]
    return ENEMY if had_own and set(verbs) & _DONE_TO else None if had_own else OWN


def _is_force(phrase: Phrase) -> bool:
    concepts: Sequence[str] = [entry.concept for entry in phrase.entries]
    return any(concept in _FORCE_CONCEPTS for concept in concepts)
