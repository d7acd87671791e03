"""Names of graphics as a map writes them: upper case, known words abbreviated."""

from collections.abc import Mapping

__all__ = ["shortened"]

_WORDS: Mapping[str, str] = {
    "PHASE LINE": "PL",
    "LINE OF DEPARTURE": "LD",
    "ASSEMBLY AREA": "AA",
    "ENGAGEMENT AREA": "EA",
    "BATTLE POSITION": "BP",
    "SUPPORT BY FIRE POSITION": "SBF",
    "SUPPORT BY FIRE": "SBF",
    "OBJECTIVE": "OBJ",
    "OBSERVATION POST": "OP",
    "CHECKPOINT": "CP",
    "TARGET REFERENCE POINT": "TRP",
    "NO FIRE AREA": "NFA",
    "FLANK POSITION": "FLANK",
    "POSITION": "BP",
    "GUN AREA": "GUNS",
    "REAR AREA": "REAR",
}
"""Words of a name and what is written for them (MIL-STD-2525D, 5.3.3; ADP 1-02)."""


def shortened(name: str) -> str:
    """``Phase Line Amber`` as ``PL AMBER``; a name without a known beginning in upper case."""
    upper = name.upper()
    for words, short in _WORDS.items():
        if upper.startswith(words + " "):
            return f"{short} {upper.removeprefix(words + ' ')}"
    return upper
