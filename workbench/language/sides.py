"""Echelon and branch of our main force and of the enemy's.

The main force of a side is its first with an echelon, else its first with a branch. A branch that the main
force lacks is taken from a later force of that side without an echelon. Other forces of ours that support
(artillery, engineers, aviation …) are assets, and so the things rules name them.
"""

import itertools
from collections.abc import Sequence
from typing import Final

from workbench.language.candidates import LITERAL, Candidate, Contradiction, literal
from workbench.language.forces import ENEMY, OWN, Force
from workbench.language.matching import Match, ReadText
from workbench.scenario.intent import EnemyType, ForceType

__all__ = ["own_force_contradictions", "read_enemy_absence", "read_sides"]

_SUPPORTS: Final = frozenset({"artillery", "engineer", "medical", "aviation", "logistics", "recon"})
_OWN_TYPES: Final = frozenset(ForceType)
_ENEMY_TYPES: Final = frozenset(EnemyType)
_RESTATEMENTS: Final = (
    ("i", ".", "e"),
    ("that", "is"),
    ("in", "other", "words"),
    ("meaning",),
    ("which", "is"),
    ("namely",),
    ("ie",),
)
_RESTATED_WITHIN: Final = 8
"""Words between the two sizes of one force."""
_NO_ENEMY: Final = frozenset({"enemy", "enemies", "opfor", "opponent", "adversary", "hostiles", "opposition"})
_QUALIFIERS: Final = frozenset({"armed", "any", "an", "live", "thinking", "organised", "organized", "real", "the"})


def read_sides(forces: Sequence[Force]) -> list[Candidate]:
    """Candidates for both echelons and both types."""
    present = [force for force in forces if not force.is_negated]
    found: list[Candidate] = []
    for side, echelon_slot, type_slot, types in (
        (OWN, "own_echelon", "own_type", _OWN_TYPES),
        (ENEMY, "enemy_echelon", "enemy_type", _ENEMY_TYPES),
    ):
        own = [force for force in present if force.side == side]
        main = _main(own)
        if main is None:
            continue
        if main.echelon and main.echelon_match:
            found.append(literal(echelon_slot, main.echelon, main.echelon_match))
        typed = _typed(main, own)
        if typed and typed.branch and typed.branch in types and typed.branch_match:
            found.append(literal(type_slot, typed.branch, typed.branch_match))
    return found


def own_force_contradictions(text: ReadText, forces: Sequence[Force]) -> list[Contradiction]:
    """``a platoon, i.e. the whole battalion``: one force, two sizes."""
    for first, second in itertools.pairwise(forces):
        between = text.words[first.last : second.first]
        is_restated = any(_holds(between, words) for words in _RESTATEMENTS)
        differ = first.echelon and second.echelon and first.echelon != second.echelon and first.side == second.side
        if differ and is_restated and first.sentence == second.sentence and len(between) <= _RESTATED_WITHIN:
            slot = f"{first.side}_echelon"
            return [Contradiction(slot, (str(first.echelon), str(second.echelon)), (*first.evidence, *second.evidence))]
    return []


def read_enemy_absence(text: ReadText) -> list[Candidate]:
    """``no enemy``, ``no armed opponent``, ``no OPFOR``: no enemy at all."""
    return [
        Candidate("enemy_type", "none", LITERAL, (match.evidence,), weight=-1)
        for match in text.of("side", negated=True)
        if text.words[match.first] in _NO_ENEMY and _stands_alone(text, match)
    ]


def _stands_alone(text: ReadText, match: Match) -> bool:
    following = text.after(match.last, 1)
    before = [word for word in text.before(match.first, 3) if word not in _QUALIFIERS]
    ends = (
        not following
        or following[0] in ",.;:)"
        or following[0]
        in ("and", "or", "but", "is", "are", "present", "expected", "contact", "at", "in", "force", "forces")
    )
    return ends and bool(before) and before[-1] in ("no", "without", "zero")


def _main(own: Sequence[Force]) -> Force | None:
    sized = [force for force in own if force.echelon]
    strong = [force for force in sized if not force.is_weak]
    return next(iter([*strong, *sized, *(force for force in own if force.branch)]), None)


def _typed(main: Force, own: Sequence[Force]) -> Force | None:
    if main.branch:
        return main
    return next((one for one in own if one.branch and not one.echelon and one.branch not in _SUPPORTS), None)


def _holds(words: Sequence[str], run: Sequence[str]) -> bool:
    return any(tuple(words[i : i + len(run)]) == tuple(run) for i in range(len(words) - len(run) + 1))
