"""Who does what: our mission and the enemy's posture.

A verb or noun of action belongs to its actor: the agent after ``by`` in the passive, else the nearest
force before it in the sentence, else us. What we do is a candidate for the mission; what the enemy does
is his posture. Of several missions the more special wins (a breach is an attack, too), then the one
that comes first. If the enemy attacks us and nothing else is said, we defend.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from workbench.language.candidates import INFERRED, Candidate, literal
from workbench.language.forces import ENEMY, OWN, Force
from workbench.language.matching import Match, ReadText

__all__ = ["read_missions", "read_postures"]

_SPECIFICITY: Final = {"attack": 20, "defend": 20, "withdraw": 24, "recon": 24, "patrol": 25, "delay": 28}
_SPECIFIC: Final = 30
"""Every other mission: each is a special form of one of those above."""

_VAGUE: Final = frozenset(
    {"take", "takes", "took", "taking", "hit", "push", "stop", "watch", "secure", "guard", "block", "protect", "strike", "slow",
     "observe", "monitor", "deny", "locate", "hold", "holds", "held", "holding", "extract", "op", "stand", "pushes", "blocks",
     "def", "retire", "ford", "trap", "advance", "relieve", "survey", "search"}
)  # fmt: skip
_VAGUE_LOSS: Final = 4
_ASIDE_LOSS: Final = 9
_ASIDES: Final = frozenset(
    {"while", "whereas", "after", "until", "before", "if", "once", "because", "when", "although", "though"}
)
_IDIOMS: Final = frozenset(
    {"place", "part", "care", "over", "into", "account", "long", "about", "hours", "two", "three", "off"}
)
_LANDING: Final = frozenset({"land", "lands", "landed", "landing", "disembark", "disembarks", "assaults"})
_GOING: Final = frozenset({
    "goes", "go", "insert", "inserts", "inserted", "arrives", "arrive", "flies", "flown", "lifted", "drops",
    "delivered",
})  # fmt: skip
_HOLDING: Final = frozenset(
    {"hold", "holds", "held", "holding", "take", "taken", "takes", "seize", "seized", "captured"}
)
_CLEARING: Final = frozenset({
    "clear", "clears", "cleared", "clearing", "open", "opens", "cut", "cuts", "blast", "blasts", "reduce",
    "reduces", "remove", "removes", "removing", "through", "passage", "path", "gap",
})  # fmt: skip
_OBSTACLES: Final = frozenset(
    {"obstacle", "obstacles", "wire", "lane", "lanes", "barrier", "barriers", "ditch", "ditches"}
)
_CLEARED: Final = frozenset({"building", "settlement", "base", "high_ground", "depot", "port", "airfield"})
_BEFORE_PARTICIPLE: Final = frozenset(
    {"a", "an", "the", "of", "against", "enemy", "one", "two", "three", "several", "some"}
)
_GETTING: Final = frozenset(
    {"get", "gets", "bring", "brings", "take", "takes", "fly", "flies", "lift", "lifts", "move", "moves", "ferry"}
)
_PASSIVE: Final = frozenset({"is", "are", "was", "were", "be", "been", "being", "gets", "get", "got"})
_PRONOUNS: Final = frozenset({"he", "they", "it", "who", "which"})
_BRANCH_LOSS: Final = 14


def read_missions(text: ReadText, forces: Sequence[Force]) -> list[Candidate]:
    found = [candidate for match in text.matches for candidate in _missions(text, forces, match)]
    found += [candidate for match in text.matches for candidate in _phrasal(text, forces, match)]
    if not found:
        found = [
            Candidate("mission", "defend", INFERRED, one.evidence)
            for one in read_postures(text, forces)
            if one.value == "attacking" and one.confidence > INFERRED
        ]
    return found


def read_postures(text: ReadText, forces: Sequence[Force]) -> list[Candidate]:
    return [candidate for match in text.matches for candidate in _postures(text, forces, match)]


def _missions(text: ReadText, forces: Sequence[Force], match: Match) -> Iterator[Candidate]:
    verbs, nouns = match.values("mission_verb"), match.values("mission_noun")
    if match.is_negated or not (verbs or nouns) or _is_idiom(text, match) or _is_instruction(text, match):
        return
    if _actor(text, forces, match, is_verb=bool(verbs)) == ENEMY:
        return
    for mission in sorted({*verbs, *nouns}):
        yield literal("mission", mission, match, weight=_weight(text, forces, match, mission))


def _phrasal(text: ReadText, forces: Sequence[Force], match: Match) -> Iterator[Candidate]:
    """Verb and goal together: ``lands … on a beach``, ``goes in by helicopter``, ``clears … a minefield``."""
    before = text.before(match.first, 8)
    subject = next(
        (one for one in reversed(forces) if one.last <= match.first and one.sentence == match.sentence), None
    )
    if match.is_negated or (subject is not None and subject.side == ENEMY):
        return
    if "coastal" in match.values("terrain") and _LANDING & set(before):
        yield literal("mission", "amphibious", match, weight=_SPECIFIC)
    if "air" in match.values("thing") and "by" in before[-2:] and (_LANDING | _GOING) & set(before):
        yield literal("mission", "air_assault", match, weight=_SPECIFIC - _VAGUE_LOSS)
    if ("mines" in match.values("thing") or _OBSTACLES & set(text.words[match.first : match.last])) and _CLEARING & set(
        before[-6:]
    ):
        yield literal("mission", "breach", match, weight=_SPECIFIC - _VAGUE_LOSS)
    is_brought_out = _GETTING & set(before) and {"out", "away", "safety"} & set(text.after(match.last, 6))
    if "present" in match.values("civilians") and is_brought_out:
        yield literal("mission", "evacuation", match, weight=_SPECIFIC - _VAGUE_LOSS)
    if _CLEARED & set(match.values("objective")) and {"clear", "clears", "clearing"} & set(before[-5:]):
        yield literal("mission", "attack", match, weight=_SPECIFICITY["attack"] - _VAGUE_LOSS)


def _postures(text: ReadText, forces: Sequence[Force], match: Match) -> Iterator[Candidate]:
    verbs, nouns = match.values("posture_verb"), match.values("posture_noun")
    if match.is_negated or not (verbs or nouns) or _is_idiom(text, match):
        return
    if _HOLDING & set(text.words[match.first : match.last]) and _takes_people(text, match):
        return
    is_enemy = _actor(text, forces, match, is_verb=bool(verbs)) == ENEMY
    if is_enemy and any(force.side == ENEMY for force in forces):
        for posture in sorted({*verbs, *nouns}):
            yield literal("enemy_posture", posture, match, weight=_posture_weight(text, match))


def _takes_people(text: ReadText, match: Match) -> bool:
    """``hold nine passengers``: captives, no position."""
    return any(
        0 <= other.first - match.last <= 3 and (other.value("civilians") or other.value("objective") == "personnel")
        for other in text.matches
    )


def _weight(text: ReadText, forces: Sequence[Force], match: Match, mission: str) -> int:
    weight = _SPECIFICITY.get(mission, _SPECIFIC)
    if text.words[match.first] in _VAGUE and match.last - match.first == 1:
        weight -= _VAGUE_LOSS
    if any(force.first <= match.first and match.last <= force.last for force in forces):
        weight -= _BRANCH_LOSS
    if _ASIDES & set(_clause_words(text, match)):
        weight -= _ASIDE_LOSS
    return weight


def _posture_weight(text: ReadText, match: Match) -> int:
    """What the enemy does now says more than what he did before: ``has landed and is defending``."""
    auxiliaries = set(text.before(match.first, 2))
    return -3 if auxiliaries & {"has", "have", "had"} else 2 if text.words[match.first].endswith("ing") else 0


def _clause_words(text: ReadText, match: Match) -> Sequence[str]:
    return [text.words[i] for i in range(match.first) if text.tokens[i].clause == match.clause]


def _is_idiom(text: ReadText, match: Match) -> bool:
    return text.words[match.first] in ("take", "takes", "took", "taking", "taken") and bool(
        _IDIOMS & set(text.after(match.last, 1))
    )


def _is_instruction(text: ReadText, match: Match) -> bool:
    """``Our students watch …`` is an exercise; ``the exercise should push them`` is not a mission."""
    return text.after(match.last, 1) == ["exercise"] and match.value("mission_noun") is None


def _actor(text: ReadText, forces: Sequence[Force], match: Match, *, is_verb: bool) -> str:
    inside = next((force for force in forces if force.first <= match.first and match.last <= force.last), None)
    if inside is not None:
        return inside.side
    agent = _agent(text, forces, match)
    if agent is not None:
        return agent.side
    described = _described(text, forces, match)
    if described is not None:
        return described.side
    before = [force for force in forces if force.sentence == match.sentence and force.last <= match.first]
    if not before:
        return OWN
    subject = _subject(text, before, match)
    if _is_passive(text, match) and text.words[match.first].endswith("ed"):
        return ENEMY if subject.side == OWN else OWN
    is_far = match.first - subject.last > 3 and subject.clause != match.clause
    if not is_verb and is_far and not _PRONOUNS & set(_clause_words(text, match)):
        return OWN
    return subject.side


def _subject(text: ReadText, before: Sequence[Force], match: Match) -> Force:
    """The nearest force, or the one before it where the nearest is only an object or an attribute."""
    nearest = before[-1]
    attributive = {"with", "by", "against", "of", "behind", "versus", "vs", "from", "for"}
    lead = set(text.words[max(0, nearest.first - 2) : nearest.first])
    joined = text.words[match.first - 1] in ("and", ",", "then") and len(before) > 1
    if len(before) > 1 and (attributive & lead or joined) and nearest.clause <= match.clause:
        return before[-2] if not _is_relative(text, nearest, match) else nearest
    return nearest


def _is_relative(text: ReadText, force: Force, match: Match) -> bool:
    """``against a battalion that is coming``: the relative clause speaks of the nearest force."""
    return bool({"that", "which", "who"} & set(text.words[force.last : match.first])) or match.first - force.last <= 1


def _agent(text: ReadText, forces: Sequence[Force], match: Match) -> Force | None:
    following = text.after(match.last, 3)
    if "by" not in following[:2]:
        return None
    at = match.last + list(following).index("by")
    return next((force for force in forces if 0 <= force.first - at <= 4 and force.sentence == match.sentence), None)


def _described(text: ReadText, forces: Sequence[Force], match: Match) -> Force | None:
    """``a withdrawing enemy column``: a participle describes the force that follows it."""
    if not text.words[match.first].endswith(("ing", "ed", "dug")) or text.words[match.last - 1] in ("on", "at"):
        return None
    following = next((force for force in forces if force.first >= match.last), None)
    if following is None or following.first - match.last > 1 or following.side != ENEMY:
        return None
    return following if text.words[max(0, match.first - 1)] in _BEFORE_PARTICIPLE else None


def _is_passive(text: ReadText, match: Match) -> bool:
    return bool(_PASSIVE & set(text.before(match.first, 2)))
