"""Whether the prompt asks for a training scenario at all.

Rules, in this order:

1. a plan to harm real people (:data:`_HARM`) is out of scope, whatever else is said;
2. a request for something else (a poem, a forecast, code …) is out of scope, unless the prompt also says
   that it is about an exercise and names a force or a mission;
3. two or more words of the military vocabulary, or few words in all (``test``, ``surprise me``), are in scope;
4. nothing of the vocabulary at all is out of scope;
5. the rest is left to the model.
"""

import re
from enum import StrEnum
from typing import Final

from workbench.language.matching import ReadText

__all__ = ["Scope", "judge_scope"]

MAX_VAGUE_WORDS: Final = 3
_MILITARY: Final[tuple[str, ...]] = (
    "side",
    "echelon",
    "branch",
    "mission_verb",
    "mission_noun",
    "thing",
    "scope",
    "roe",
    "posture_noun",
)
_STRONG: Final = ("echelon", "branch", "mission_noun", "thing")

_WEAPON: Final = (
    r"(?:bomb|explosives?|grenade|nerve agent|poison|napalm|sarin|gun|pipe bomb|molotov|anthrax|ricin|meth)"
)
_HURT: Final = r"(?:kill|murder|hurt|poison|shoot|stab|assassinate|blow up|attack|bomb)"
_PEOPLE: Final = (
    r"(?:mayor|president|minister|king|queen|neighbou?rs?|him|her|someone|somebody|people|politician|judge|police ?man"
    r"|police officer)"
)
_MINE: Final = r"(?:wife|husband|boss|neighbou?rs?|ex|teacher|school|classmates?|colleagues?|town|city|parents?|mother|father|landlord)"


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_HARM: Final = _any_of(
    r"\b(?:plan|help|commit|carry out|prepare|organi[sz]e|perform)\b[^.!?]{0,30}\b(?:real|actual|genuine)(?:-life| life| world)? (?:attack|bomb\w*|terror\w*|killing|shooting|assassination|victims?)\b",
    rf"\b(?:make|build|cook|construct|mix|assemble)\b[^.!?]{{0,30}}\b{_WEAPON}\b[^.!?]{{0,40}}"
    r"\b(?:home|kitchen|house|garage|household|step by step|ingredients|instructions)\b",
    rf"\bhow (?:do|can|could|would|to)\b[^.!?]{{0,20}}\b(?:make|build|get|buy|cook|mix|synthesi[sz]e)\b[^.!?]{{0,30}}\b{_WEAPON}\b",
    rf"\b{_HURT}\b[^.!?]{{0,25}}\bmy (?:\w+ )?{_MINE}\b",
    rf"\b(?:i|we) (?:want|would like|need|plan|intend|am going|'d like)\b[^.!?]{{0,30}}\b{_HURT}\b[^.!?]{{0,25}}\b{_PEOPLE}\b",
    r"\bin my (?:town|city|street|neighbou?rhood|school)\b[^.!?]{0,20}\b(?:tonight|tomorrow|today|next week)\b",
)
_ELSEWHERE: Final = _any_of(
    r"\b(?:poem|haiku|limerick|sonnet|lyrics|song|recipe|joke|riddle|essay|novel|short story|fairy tale|love letter)\b",
    r"\b(?:cover letter|resume|curriculum vitae|birthday|wedding|homework|diet plan|bitcoin)\b",
    r"\btranslate\b|\bsummari[sz]e\b|\bexplain (?:how|why|what|the)\b|\btell me about (?:yourself|the history)\b",
    r"\bwho (?:won|was|is|wrote|invented|discovered)\b|\bwhich \w+ won\b|\bwhen (?:was|did|is|were)\b",
    r"\bwhat (?:is|are|was|were|does|did) (?:the )?"
    r"(?:capital|meaning|population|price|difference|square root|best|time|weather)\b",
    r"\bweather (?:be )?(?:like|forecast)|\bforecast for\b|\bwhat will the weather\b",
    r"\bhow (?:old|tall|far|much|many) (?:is|are|was|does|do)\b|\b\d+ ?[+*/×] ?\d+ ?=|\bsolve (?:for|(?:the|this) equation)\b",
    r"\b(?:python|javascript|java|sql|html|c\+\+|rust) (?:function|code|script|program|query|page|class)\b|\bdef \w+\(",
    r"\bdebug (?:this|my)\b|\bfix (?:this|my)\b[^.]{0,20}\b(?:code|function|bug|script)\b",
    r"\bwrite (?:me )?(?:a |some )?(?:code|function|script|program|unit tests?)\b",
    r"\bwrite an? (?:e-?mail|letter|blog post|review|tweet)\b|\b(?:stock|share) (?:price|market)\b",
    r"\b(?:book|find) (?:me )?(?:a )?(?:flight|hotel|restaurant)\b|\bmy (?:girlfriend|boyfriend|cat|dog|wife|husband)\b",
    r"\b(?:revenue|marketing|invoices?|quarterly|mortgage|sales figures|customers)\b",
    r"\brecommend (?:me )?(?:a|some) (?:movie|book|film|restaurant|game|laptop)s?\b",
)
_QUESTION: Final = re.compile(
    r"^\s*(?:is|are|was|were|do|does|did|will|has|have|why|who|whose|where|when|how|what)\b[^.!?]*\?\s*$", re.IGNORECASE
)
_VAGUE: Final = re.compile(
    r"\b(?:something|anything|whatever|surprise|random|example|demo|default|challenging|exercise|scenario|training|vignette|wargame|simulation|battle|combat"
    r"|military|soldiers?|troops|firefight|warfare)\b",
    re.IGNORECASE,
)
_ANYTHING: Final = (*_MILITARY, "terrain", "weather", "objective", "civilians", "time")
_EVERYDAY: Final = frozenset({
    "team", "teams", "section", "sections", "division", "divisions", "group", "crew", "we", "us", "our",
    "ours", "my", "own", "take", "takes", "hit", "push", "watch", "stop", "hold", "strike", "force", "forces",
    "train", "mission", "practice", "practise", "operation", "trap", "gas", "jam", "jams", "plant", "drill",
    "fort", "book", "tower", "school", "house", "building", "market", "crowd", "children", "kids", "general",
    "leader", "red", "blue", "green", "orange", "students", "strikes", "block", "guard", "protect", "support",
    "aircraft", "jet", "ship", "ships", "truck", "trucks", "supply", "transport", "guns", "gun", "spike",
    "fires", "search", "save", "slow",
})  # fmt: skip


class Scope(StrEnum):
    IN = "in"
    OUT = "out"
    OPEN = "open"


def judge_scope(text: ReadText) -> Scope:
    if _HARM.search(text.prompt):
        return Scope.OUT
    strong = _count(text, _STRONG)
    if _ELSEWHERE.search(text.prompt) and not (strong >= 2 and _count(text, ("scope", "echelon"))):
        return Scope.OUT
    if _QUESTION.search(text.prompt) and strong < 2:
        return Scope.OUT
    words = sum(1 for token in text.tokens if token.is_word)
    if _count(text, _MILITARY) >= 2 or strong or words <= MAX_VAGUE_WORDS or _VAGUE.search(text.prompt):
        return Scope.IN
    return Scope.OPEN if _count(text, _ANYTHING) else Scope.OUT


def _count(text: ReadText, concepts: tuple[str, ...]) -> int:
    """Matches of the concepts, everyday words such as a bare "team" left out."""
    return sum(
        1
        for match in text.matches
        if any(entry.concept in concepts for entry in match.entries)
        and not (match.last - match.first == 1 and text.words[match.first] in _EVERYDAY)
    )
