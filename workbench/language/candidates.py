"""What a rule proposes for a slot."""

from dataclasses import dataclass
from typing import Final

from workbench.language.matching import Match
from workbench.language.reading import Evidence

__all__ = ["CORRECTED", "INFERRED", "LITERAL", "Candidate", "Contradiction", "literal"]

LITERAL: Final = 95
"""Confidence in percent: the prompt has the word."""
CORRECTED: Final = 82
"""The prompt has the word misspelt."""
INFERRED: Final = 65
"""The prompt implies it: 02:00 is night."""


@dataclass(frozen=True, slots=True)
class Candidate:
    slot: str
    value: str | int
    confidence: int
    evidence: tuple[Evidence, ...]
    weight: int = 0
    """Of two candidates for one slot the heavier wins, then the earlier."""

    @property
    def position(self) -> int:
        return self.evidence[0].start if self.evidence else 0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A slot about which the prompt says two things that cannot both hold."""

    slot: str
    values: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def literal(slot: str, value: str, match: Match, *, weight: int = 0) -> Candidate:
    """A candidate that stands in the prompt word for word, or misspelt."""
    confidence = CORRECTED if match.is_corrected else LITERAL
    return Candidate(slot, value, confidence, (match.evidence,), weight)
