"""Forces named in the prompt: echelon, branch and whose they are.

A force is a run of vocabulary words such as ``enemy`` ``mechanised`` ``battalion`` or ``company`` of
``paratroopers``, with small words between. Whose it is follows, in this order:

1. a side word in the run (``our``, ``hostile``, ``OPFOR``), or one that heads the sentence (``Red: …``);
2. ``against``, ``versus``, ``held by``, ``attacked by`` … before it: the enemy of the sentence's other force;
3. irregulars are the enemy;
4. the object of a fighting verb is the other side of the verb's subject;
5. ``supported by``, ``with``, ``and``: the side of the force before it;
6. otherwise it is ours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from workbench.language.matching import Match, ReadText
from workbench.language.reading import Evidence

__all__ = ["ENEMY", "OWN", "Force", "read_forces"]

OWN: Final = "own"
ENEMY: Final = "enemy"

_FILLERS: Final = frozenset(
    "a an the of and reinforced light heavy strong small large full whole single entire understrength weak reserve lead "
    "leading forward main single strength sized size equivalent one two three four five six several many some another "
    "second third first wheeled tracked elite fresh depleted veteran regular local lone its their his more few handful "
    "lightly entrenched advancing retreating withdrawing defending attacking approaching ( )".split()
)
_LINKS_INSIDE: Final = frozenset({"of"})
_FOE_CUES: Final = frozenset(
    {"against", "versus", "vs", "facing", "faces", "opposing", "opposed", "engages", "fights", "fighting", "v"}
)
_SHARED_CUES: Final = frozenset(
    {
        "supported",
        "support",
        "with",
        "reinforced",
        "accompanied",
        "escorted",
        "and",
        "plus",
        "assisted",
        "backed",
        "including",
    }
)
_FIGHTING: Final = frozenset({"attack", "ambush", "raid", "delay"})
_ALONE: Final = frozenset(
    "infantry infantrymen riflemen grenadier grenadiers marine marines paratrooper paratroopers paras commandos spetsnaz "
    "rangers sappers engineers scouts tanks tank armor armour cavalry police gendarmes panzergrenadiers dismounts "
    "gendarmerie provost parachutists trucks".split()
)
_RANK: Final = (
    "special_forces airborne marine irregular engineer recon medical logistics artillery aviation police mechanized "
    "motorized armor combined_arms infantry".split()
)


@dataclass(frozen=True, slots=True)
class Force:
    side: str
    echelon: str | None
    branch: str | None
    first: int
    last: int
    sentence: int
    clause: int
    is_negated: bool
    is_explicit: bool
    """The prompt says whose it is in so many words."""
    echelon_match: Match | None
    branch_match: Match | None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(match.evidence for match in (self.echelon_match, self.branch_match) if match is not None)


def read_forces(text: ReadText) -> tuple[Force, ...]:
    """All forces in order of the text, their sides resolved."""
    forces: list[Force] = []
    for run in _runs(text):
        force = _force(run)
        if force is not None:
            side, is_explicit = _side(text, force, run, forces)
            forces.append(replace(force, side=side, is_explicit=is_explicit))
    return tuple(forces)


def _runs(text: ReadText) -> Iterator[list[Match]]:
    """Neighbouring matches that can make up one force."""
    run: list[Match] = []
    for match in text.matches:
        if not any(entry.concept in ("side", "echelon", "branch") for entry in match.entries):
            continue
        if run and not _continues(text, run, match):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def _continues(text: ReadText, run: Sequence[Match], match: Match) -> bool:
    between = text.words[run[-1].last : match.first]
    if match.sentence != run[-1].sentence or not all(word in _FILLERS or word.isdigit() for word in between):
        return False
    if match.value("side") is not None and match.value("echelon") is None and match.value("branch") is None:
        return False
    has_echelon = any(one.value("echelon") for one in run)
    if has_echelon:
        return (
            bool(_LINKS_INSIDE & set(between)) and match.value("echelon") is None and match.value("branch") is not None
        )
    return "and" not in between and match.clause - run[-1].clause <= ("(" in between)


def _force(run: Sequence[Match]) -> Force | None:
    echelons = [match for match in run if match.value("echelon")]
    branches = [match for match in run if match.value("branch")]
    sides = [match for match in run if match.value("side")]
    if not echelons and not sides:
        branches = [match for match in branches if match.value("branch") == "irregular" or _stands_alone(match)]
        if not branches:
            return None
    branch = min(branches, key=lambda match: _RANK.index(_branch(match)), default=None)
    echelon = echelons[-1] if echelons else None
    return Force(
        side=OWN,
        echelon=echelon.value("echelon") if echelon else None,
        branch=_branch(branch) if branch else None,
        first=run[0].first,
        last=run[-1].last,
        sentence=run[0].sentence,
        clause=run[-1].clause,
        is_negated=any(match.is_negated for match in run),
        is_explicit=False,
        echelon_match=echelon,
        branch_match=branch,
    )


def _branch(match: Match) -> str:
    return min(match.values("branch"), key=_RANK.index)


def _stands_alone(match: Match) -> bool:
    return (
        match.last - match.first > 1
        or match.value("branch") == "irregular"
        or bool(match.value("echelon"))
        or match_word(match) in _ALONE
    )


def match_word(match: Match) -> str:
    """The single word of a one-word match, as the vocabulary has it, for telling nouns from adjectives."""
    return next(iter(sorted(match.words))) if hasattr(match, "words") else ""


def _side(text: ReadText, force: Force, run: Sequence[Match], before: Sequence[Force]) -> tuple[str, bool]:
    named = [str(match.value("side")) for match in run if match.value("side")]
    if named:
        return named[0], True
    return OWN, False
