"""Text that tries to command the system. It is data: masked, ignored, and said so.

Whatever such text says, an :class:`~workbench.scenario.intent.Intent` cannot hold a seed, an approval or a
right; masking only keeps its words from being taken for the exercise.
"""

import re
from typing import Final

from workbench.language.reading import Evidence

__all__ = ["find_commands"]

_SYSTEM: Final = r"(?:instructions?|rules?|prompts?|guidelines?|polic(?:y|ies)|constraints?|safeguards?|restrictions?|directives?|system)"
_SECRETS: Final = r"(?:passwords?|secrets?|tokens?|api keys?|private keys?|system prompt|credentials?|pins?)"
_RIGHTS: Final = r"(?:admin\w*|root|role|rights?|permissions?|access|officer)"
_REST: Final = r"[^.;!?\n]*"
"""To the end of the sentence."""

_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:ignore|disregard|forget|override|bypass|discard|skip)\b[^.;!?\n]{{0,40}}?\b{_SYSTEM}\b{_REST}",
        rf"\bset (?:the )?(?:random )?seed\b{_REST}",
        r"\bseed ?[:=] ?\d+",
        r"\b(?:approve|sign|countersign|release|publish)\b[^.;!?\n,]{0,20}\b(?:and|it|this|the)\b ?"
        rf"(?:sign|approve|release|package|scenario|findings?)\b{_REST}",
        rf"\bpretend\b[^.;!?\n]{{0,20}}\b(?:approv\w+|sign\w*|admin\w*|authori[sz]\w+)\b{_REST}",
        rf"\b(?:mark|set|close|treat|suppress)\b[^.;!?\n]{{0,20}}\bfindings?\b{_REST}",
        rf"\b(?:grant|give|assign|make)\b (?:me|us|myself)\b[^.;!?\n]{{0,20}}\b{_RIGHTS}\b{_REST}",
        rf"\b(?:my|the) role (?:of this user )?(?:is|shall be|becomes)\b{_REST}",
        r"\byou are (?:now )?(?:root|admin\w*|dan|an? \w+ (?:assistant|model|ai)|in developer mode|the system)\b"
        rf"{_REST}",
        rf"\b(?:output|print|reveal|show|tell me|dump|leak|send|repeat)\b[^.;!?\n]{{0,30}}\b{_SECRETS}\b{_REST}",
        r"\b(?:drop|delete|truncate|erase|wipe) (?:table|the (?:audit )?(?:log|database|events?|trail))\b[^.!?\n]*",
        rf"(?:^|\n) ?(?:system|assistant|developer) ?:{_REST}",
        r"</?(?:prompt|system|user|assistant|instructions?|s|inst)>|\[/?INST\]|<\|[a-z_]+\|>",
        r"\{[^{}]{0,80}\"[^{}\"]{0,80}\" ?:[^{}]{0,800}\}",
        rf"\b(?:disable|turn off|switch off|stop)\b (?:the )?(?:audit\w*|logging|checks?|validation|policy)\b{_REST}",
        r"\b(?:rm -rf|sudo|curl https?|os\.system|import os)\b[^;!?\n]*",
    )
)


def find_commands(text: str) -> list[Evidence]:
    """Spans that read as commands to the system, joined where they overlap, in order."""
    spans = sorted((found.start(), found.end()) for pattern in _PATTERNS for found in pattern.finditer(text))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return [Evidence(start=start, end=end) for start, end in joined]
