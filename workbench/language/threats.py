"""Weapons and supports: a threat where the enemy has them, an asset where we have them.

Whose a thing is, in this order: a side word right before it; a word that says that we have it
(``attached``, ``on call``, ``we have``) or that it threatens (``threat``, ``expected``, ``under … fire``); the force
that it supports; the force nearest before it in the sentence, if it shares a clause; and else what
the thing usually is in an order (mines threaten, medics help).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from workbench.language.candidates import Candidate, literal
from workbench.language.forces import ENEMY, OWN, Force
from workbench.language.matching import Match, ReadText
from workbench.scenario.intent import EnemyType

__all__ = ["read_things"]

_ALWAYS_THREATS: Final = frozenset({"ied", "mines", "sniper", "cbrn", "cyber"})
_ALWAYS_ASSETS: Final = frozenset({"engineers", "medical", "naval", "armor"})
_USUALLY_ASSETS: Final = frozenset({"air"})
_ASSET_AFTER: Final = frozenset({
    "support", "supports", "available", "attached", "att", "overhead", "supporting", "assist", "ours", "ds",
    "gs", "cover", "reinforcement", "reinforcements", "ready",
})  # fmt: skip
_ASSET_BEFORE: Final = frozenset({
    "have", "has", "had", "own", "our", "attached", "using", "use", "uses", "gets", "get", "request",
    "requests", "employs", "launch", "fly", "flies", "flying",
})  # fmt: skip
_READINESS: Final = frozenset({("on", "call"), ("in", "ds"), ("in", "gs"), ("in", "support"), ("at", "priority")})
"""Direct and general support (DS, GS) and being on call are said of what one has."""
_THREAT_AFTER: Final = frozenset({
    "threat", "threats", "expected", "likely", "possible", "attack", "attacks", "risk", "danger", "hazard",
    "strike", "strikes",
})  # fmt: skip
_THREAT_BEFORE: Final = frozenset({
    "under", "against", "expect", "expects", "expecting", "anticipate", "threat", "fear", "risk", "danger",
    "avoid", "counter", "possible", "suspected", "from", "despite", "hidden", "by", "facing",
})  # fmt: skip
_THEM: Final = frozenset({"they", "he", "them"})
_US: Final = frozenset({"we", "us"})
_HAVING: Final = frozenset(
    {"have", "has", "had", "own", "field", "fields", "bring", "brings", "use", "uses", "fly", "flies"}
)
_SUPPORT_OF: Final = frozenset({"supported", "with", "backed", "reinforced", "accompanied", "plus", "and"})


def read_things(text: ReadText, forces: Sequence[Force]) -> list[Candidate]:
    """Candidates for ``threats`` and ``own_assets``."""
    return [candidate for match in text.matches for candidate in _read(text, forces, match)]


def _read(text: ReadText, forces: Sequence[Force], match: Match) -> Iterator[Candidate]:
    if match.is_negated:
        return
    for thing in match.values("thing"):
        if _is_main_force(match, thing, forces):
            continue
        is_ours = _is_ours(text, forces, match, thing)
        if is_ours and _is_own_branch(match, forces):
            continue
        if is_ours and thing not in _ALWAYS_THREATS:
            yield literal("own_assets", thing, match)
        elif not is_ours and thing not in _ALWAYS_ASSETS:
            yield literal("threats", thing, match)


def _is_main_force(match: Match, thing: str, forces: Sequence[Force]) -> bool:
    """The word names a main force of its side: ``tank`` in ``tank battalion``."""
    for force in forces:
        if not force.first <= match.first < force.last:
            continue
        mains = [one for one in forces if one.side == force.side and _counts(one)]
        main = next((one for one in mains if one.echelon and not one.is_weak), mains[0] if mains else None)
        return main is force or (thing == "armor" and force.side == ENEMY)
    return False


def _is_own_branch(match: Match, forces: Sequence[Force]) -> bool:
    """The tanks of a tank battalion are the battalion, no asset beside it."""
    own = next((one for one in forces if one.side == OWN and one.branch and one.echelon), None)
    return own is not None and own.branch in match.values("branch")


def _counts(force: Force) -> bool:
    """Helicopters and engineers alone are no enemy force of the vocabulary: they stay things."""
    is_force = force.side == OWN or force.branch is None or force.branch in frozenset(EnemyType)
    return not force.is_negated and bool(force.echelon or (force.branch and is_force))


def _is_ours(text: ReadText, forces: Sequence[Force], match: Match, thing: str) -> bool:
    if thing in _ALWAYS_THREATS:
        return False
    inside = next((force for force in forces if force.first <= match.first < force.last and force.is_explicit), None)
    if inside is not None:
        return inside.side == OWN
    before, after = text.before(match.first, 4), text.after(match.last, 3)
    if before and before[-1] == "by" and thing == "air" and "supported" not in before and "attacked" not in before:
        return True
    side = _side_word(text, match)
    if side is not None:
        return side == OWN
    if after and (after[0] in _THREAT_AFTER or "threat" in after or "expected" in after):
        return False
    owner = _owner(text, forces, match)
    if owner is not None:
        return owner.side == OWN
    if before and before[-1] in _THREAT_BEFORE:
        return False
    if _ASSET_BEFORE & set(before):
        return _nearest_side(forces, match) != ENEMY
    if _ASSET_AFTER & set(after) or tuple(after[:2]) in _READINESS:
        return True
    if thing in _ALWAYS_ASSETS | _USUALLY_ASSETS:
        return True
    return _nearest_side(forces, match) == OWN and thing == "artillery" and "fire" not in after


def _side_word(text: ReadText, match: Match) -> str | None:
    """A side word up to three words before, in the clause, or ``they have``."""
    holder = [word for word in _clause_before(text, match) if word in _THEM | _US]
    if holder and _HAVING & set(_clause_before(text, match)):
        return ENEMY if holder[-1] in _THEM else OWN
    for side in text.of("side"):
        if side.clause == match.clause and 0 <= match.first - side.last <= 2:
            return side.value("side")
    return None


def _clause_before(text: ReadText, match: Match) -> Sequence[str]:
    return [text.words[i] for i in range(match.first) if text.tokens[i].clause == match.clause]


def _owner(text: ReadText, forces: Sequence[Force], match: Match) -> Force | None:
    """The force that is ``supported by``, ``with`` … this thing."""
    before = [
        force
        for force in forces
        if force.sentence == match.sentence and force.last <= match.first and (force.echelon or force.branch)
    ]
    if not before:
        return None
    nearest = before[-1]
    between = set(text.words[nearest.last : match.first])
    if between & _SUPPORT_OF and not between & {"against", "under"} and match.first - nearest.last <= 12:
        return nearest
    return None


def _nearest_side(forces: Sequence[Force], match: Match) -> str | None:
    before = [force for force in forces if force.sentence == match.sentence and force.last <= match.first]
    return before[-1].side if before else None
