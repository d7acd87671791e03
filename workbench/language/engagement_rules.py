"""Rules of engagement: phrases of the vocabulary, and sentences that bind or free the use of weapons."""

import re
from typing import Final

from workbench.language.candidates import LITERAL, Candidate, literal
from workbench.language.matching import ReadText
from workbench.language.reading import Evidence

__all__ = ["read_roe"]

_WEAPONS: Final = r"(?:shoot(?:ing)?|shot|fir(?:e|es|ing)|engag\w+|lethal force|(?:use|using)(?: of)?(?: deadly| lethal)? (?:force|weapons?)|weapons?|kill)"
_RESTRICTIVE: Final = (
    rf"\b(?:nobody|no one|not|never|don['’]t|may only|only|must|no)\b[^.;!?]{{0,40}}?\b{_WEAPONS}\b[^.;!?]{{0,50}}?\b(?:unless|only|until|if|when|without (?:permission|order|authori[sz]ation|approval))\b[^.;!?]{{0,50}}",
    r"\b(?:shoot|open fire|engage|lethal force|force)\b[^.;,!?]{0,25}\bonly\b[^.;,!?]{0,40}",
    r"\b(?:civilian|collateral) (?:casualties|damage|harm|losses)\b[^.;!?]{0,25}\b(?:avoid\w*|minimi[sz]\w*|unacceptable|prevent\w*|not)\b",
    r"\b(?:avoid\w*|minimi[sz]\w*|prevent\w*|no|without)\b[^.;,!?]{0,15}\b(?:civilian|collateral) (?:casualties|damage|harm|losses)\b",
    r"\bmust not be (?:harmed|hurt|fired (?:at|on|upon)|shot)\b",
)
_PERMISSIVE: Final = (
    r"\b(?:shoot|fire|engage|kill)\b[^.;,!?]{0,20}\b(?:at will|on sight|first|freely|anything|everything|everyone|without (?:warning|restriction|limits?))\b",
    r"\b(?:no|without) (?:limits?|restrictions?|restraints?)\b[^.;,!?]{0,20}\b(?:fires?|force|weapons?|engag\w+)\b",
)
_PATTERNS: Final = tuple(
    (value, re.compile(pattern, re.IGNORECASE))
    for value, patterns in (("permissive", _PERMISSIVE), ("restrictive", _RESTRICTIVE))
    for pattern in patterns
)


def read_roe(text: ReadText) -> list[Candidate]:
    """Candidates for ``roe``. The phrases hold their own negations, so no negation is applied."""
    matches = sorted((*text.of("roe"), *text.of("roe", negated=True)), key=lambda match: match.first)
    found = [literal("roe", str(match.value("roe")), match) for match in matches]
    for value, pattern in _PATTERNS:
        for hit in pattern.finditer(text.prompt):
            span = Evidence(start=hit.start(), end=hit.end())
            if not any(_overlap(span, one.evidence[0]) for one in found):
                found.append(Candidate("roe", value, LITERAL - 10, (span,)))
    return found


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.start < other.end and other.start < one.end
