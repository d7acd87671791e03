"""Forces named in the prompt: echelon, branch and whose they are.

A force is a run of vocabulary words such as ``enemy`` ``mechanised`` ``battalion`` or ``company`` of
``paratroopers``, with small words between. Whose it is follows, in this order:

1. a side word in the run (``our``, ``hostile``, ``OPFOR``), or one that heads the sentence (``Red: …``);
2. ``against``, ``versus``, ``held by``, ``attacked by`` … before it: the enemy of the sentence's other force;
3. irregulars are the enemy, and ``his tanks`` after the enemy was named are the enemy's;
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

_FILLERS: Final = frozenset({
    "a", "an", "the", "of", "and", "reinforced", "light", "heavy", "strong", "small", "large", "full",
    "whole", "single", "entire", "understrength", "weak", "reserve", "lead", "leading", "forward", "main",
    "strength", "sized", "size", "equivalent", "one", "two", "three", "four", "five", "six", "several",
    "many", "some", "another", "second", "third", "first", "wheeled", "tracked", "elite", "fresh", "depleted",
    "veteran", "regular", "local", "lone", "its", "their", "his", "more", "few", "handful", "lightly",
    "entrenched", "advancing", "retreating", "withdrawing", "defending", "attacking", "approaching", "x", "(",
    ")",
})  # fmt: skip
_PARTS: Final = frozenset({"side", "echelon", "branch", "head"})
_WEAK: Final = frozenset({"team", "squad"})
"""Echelons whose words are everyday words, too ("dear team")."""
_LINKS_INSIDE: Final = frozenset({"of"})
_FOE_CUES: Final = frozenset(
    {"against", "versus", "vs", "facing", "faces", "opposing", "opposed", "engages", "fights", "fighting", "v"}
)
_SHARED_CUES: Final = frozenset({
    "supported", "support", "with", "reinforced", "accompanied", "escorted", "and", "plus", "assisted",
    "backed", "including",
})  # fmt: skip
_FIGHTING: Final = frozenset({"attack", "ambush", "raid", "delay"})
_STOPPING: Final = frozenset({
    "stop", "stops", "repel", "repels", "repulse", "repulses", "withstand", "withstands", "beat", "beats",
    "block", "blocks",
})  # fmt: skip
_ALONE: Final = frozenset({
    "infantry", "infantrymen", "riflemen", "grenadier", "grenadiers", "marine", "marines", "paratrooper",
    "paratroopers", "paras", "commandos", "spetsnaz", "rangers", "sappers", "engineers", "scouts", "tanks",
    "tank", "armor", "armour", "cavalry", "police", "gendarmes", "panzergrenadiers", "dismounts",
    "gendarmerie", "provost", "parachutists", "trucks", "para", "forces",
})  # fmt: skip
_POSTFIX: Final = frozenset({"inf", "mech", "armd", "recce", "mot", "para", "abn", "tk", "engr"})
"""Branches that orders also put behind the echelon: ``Sqn recce``."""
_PRONOUNS: Final = frozenset({"his", "its", "their", "they", "he"})
_RANK: Final = [
    "special_forces",
    "airborne",
    "marine",
    "irregular",
    "engineer",
    "recon",
    "medical",
    "logistics",
    "artillery",
    "aviation",
    "police",
    "mechanized",
    "motorized",
    "armor",
    "combined_arms",
    "infantry",
]


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
    is_weak: bool
    """Perhaps no force at all: a bare "team"."""
    echelon_match: Match | None
    branch_match: Match | None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(match.evidence for match in (self.echelon_match, self.branch_match) if match is not None)


def read_forces(text: ReadText) -> tuple[Force, ...]:
    """All forces in order of the text, their sides resolved."""
    forces: list[Force] = []
    for run in _runs(text):
        force = _force(text, run)
        if force is not None:
            side, is_explicit = _side(text, force, run, forces)
            if is_explicit or force.echelon or force.branch:
                forces.append(replace(force, side=side, is_explicit=is_explicit))
    return tuple(forces)


def _runs(text: ReadText) -> Iterator[list[Match]]:
    """Neighbouring matches that can make up one force."""
    run: list[Match] = []
    for match in text.matches:
        if not any(entry.concept in _PARTS for entry in match.entries):
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
        return "of" in between and not any(one.value("side") for one in run)
    has_echelon = any(one.value("echelon") for one in run)
    if has_echelon and any(_owns_next(text, one) for one in run):
        return not between
    if has_echelon and tuple(between) in ((), ("(",)) and text.words[match.first] in _POSTFIX:
        return True
    if has_echelon:
        return (
            bool(_LINKS_INSIDE & set(between)) and match.value("echelon") is None and match.value("branch") is not None
        )
    return "and" not in between and match.clause - run[-1].clause <= ("(" in between)


def _owns_next(text: ReadText, match: Match) -> bool:
    """``the brigade's logistics battalion``: the last word is the force."""
    return text.tokens[match.last - 1].text.lower().endswith(("'s", "’s"))


def _force(text: ReadText, run: Sequence[Match]) -> Force | None:
    echelons = [match for match in run if match.value("echelon")]
    branches = [match for match in run if match.value("branch")]
    is_sided = any(match.value("side") for match in run)
    has_head = any(match.value("head") for match in run)
    if not (echelons or is_sided or has_head):
        branches = [match for match in branches if _stands_alone(text, match)]
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
        is_weak=len(run) == 1 and bool(echelon) and str(run[0].value("echelon")) in _WEAK,
        echelon_match=echelon,
        branch_match=branch,
    )


def _branch(match: Match) -> str:
    return min(match.values("branch"), key=_RANK.index)


def _stands_alone(text: ReadText, match: Match) -> bool:
    """Whether the word names people or vehicles by itself: "infantry", not "rifle"."""
    return _branch(match) == "irregular" or text.words[match.last - 1] in _ALONE


def _side(text: ReadText, force: Force, run: Sequence[Match], earlier: Sequence[Force]) -> tuple[str, bool]:
    named = [str(match.value("side")) for match in run if match.value("side")]
    if named:
        return named[0], True
    header = _header(text, force)
    if header:
        return header, True
    same_sentence = [one for one in earlier if one.sentence == force.sentence]
    previous = same_sentence[-1] if same_sentence else None
    if _is_faced(text, force):
        return (_other(previous.side) if previous and previous.is_explicit else ENEMY), True
    if force.branch == "irregular":
        return ENEMY, False
    if previous and previous.side == ENEMY and _PRONOUNS & set(text.before(force.first, 1)):
        return ENEMY, True
    if previous is None:
        return OWN, False
    return _side_beside(text, force, previous), False


def _header(text: ReadText, force: Force) -> str | None:
    """The side word that heads the sentence: ``OPFOR: airborne battalion``."""
    for match in text.of("side"):
        following = text.words[match.last : match.last + 1]
        if match.sentence == force.sentence and match.last <= force.first and list(following) in ([":"], ["="]):
            return str(match.value("side"))
    return None


def _is_faced(text: ReadText, force: Force) -> bool:
    before = [word for word in text.before(force.first, 5) if word not in _FILLERS and not _is_participle(text, word)]
    if before and before[-1] in _FOE_CUES:
        return True
    window = text.before(force.first, 4)
    if tuple(window[-2:]) == ("hands", "of") or tuple(window[-3:-1]) == ("hands", "of"):
        return True
    if "by" not in window:
        return False
    verb_at = force.first - len(window) + len(window) - 1 - window[::-1].index("by") - 1
    return text.words[verb_at].endswith(("ed", "en", "held")) and any(
        match.first <= verb_at < match.last and (match.value("mission_verb") or match.value("posture_verb"))
        for match in text.matches
    )


def _is_participle(text: ReadText, word: str) -> bool:
    """``against two pursuing divisions``: the participle stands inside the force."""
    return word.endswith("ing") and word not in _FOE_CUES and len(word) > 5


def _side_beside(text: ReadText, force: Force, previous: Force) -> str:
    between = [word for word in text.words[previous.last : force.first] if word not in _FILLERS - {"and"}]
    if between and between[-1] in _SHARED_CUES | {"by"}:
        return previous.side
    verbs = [
        match
        for match in text.of("mission_verb")
        if previous.last <= match.first and match.last <= force.first and _is_fighting(text, match)
    ]
    if (
        verbs
        and force.clause == verbs[-1].clause
        and force.first - verbs[-1].last <= 4
        and not _is_away(text, verbs[-1], force)
    ):
        return _other(previous.side)
    return OWN if not previous.is_explicit or previous.side == OWN else _unmarked_after_enemy(text, force, previous)


def _is_fighting(text: ReadText, verb: Match) -> bool:
    return bool(_FIGHTING & set(verb.values("mission_verb"))) or bool(
        _STOPPING & set(text.words[verb.first : verb.last])
    )


def _is_away(text: ReadText, verb: Match, force: Force) -> bool:
    """``attacks with a tank battalion``: the means, not the target."""
    return bool({"with", "using", "by", "behind", "from"} & set(text.words[verb.last : force.first]))


def _unmarked_after_enemy(text: ReadText, force: Force, previous: Force) -> str:
    """A force without a word of its own after the enemy's: ours, if another clause has begun."""
    return OWN if force.clause != previous.clause else ENEMY


def _other(side: str) -> str:
    return OWN if side == ENEMY else ENEMY
