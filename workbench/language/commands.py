"""Text that tries to command the system. It is data: masked, ignored, and said so.

Whatever such text says, an :class:`~workbench.scenario.intent.Intent` cannot hold a seed, an approval or a
right; masking only keeps its words from being taken for the exercise.
"""

import re
from typing import Final

from workbench.language.reading import Evidence

__all__ = ["find_commands"]

_SYSTEM: Final = r"(?:instructions?|rules?|prompts?|guidelines?|polic(?:y|ies)|constraints?|safeguards?|restrictions?|directives?|system)"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:ignore|disregard|forget|override|bypass|discard|skip)\b[^.;!?\n]{{0,40}}?\b{_SYSTEM}\b[^.;!?\n]*",
        r"\bset (?:the )?(?:random )?seed\b[^.;!?\n]*",
        r"\bseed ?[:=] ?\d+",
        r"\b(?:approve|sign|countersign|release|publish)\b[^.;!?\n,]{0,20}\b(?:and|it|this|the)\b ?(?:sign|approve|release|package|scenario|findings?)\b[^.;!?\n]*",
        r"\b(?:mark|set|close|treat|suppress)\b[^.;!?\n]{0,20}\bfindings?\b[^.;!?\n]*",
        r"\b(?:grant|give|assign|make)\b (?:me|us|myself)\b[^.;!?\n]{0,20}\b(?:admin\w*|root|role|rights?|permissions?|access|officer)\b[^.;!?\n]*",
        r"\byou are (?:now )?(?:root|admin\w*|dan|an? \w+ (?:assistant|model|ai)|in developer mode|the system)\b[^.;!?\n]*",
        r"\b(?:output|print|reveal|show|tell me|dump|leak|send|repeat)\b[^.;!?\n]{0,30}\b(?:passwords?|secrets?|tokens?|api keys?|private keys?|system prompt|credentials?|pins?)\b[^.;!?\n]*",
        r"\b(?:drop|delete|truncate) (?:table|the (?:audit )?(?:log|database|events?))\b[^.!?\n]*",
        r"(?:^|\n) ?(?:system|assistant|developer) ?:[^.;!?\n]*",
        r"</?(?:prompt|system|user|assistant|instructions?|s|inst)>|\[/?INST\]|<\|[a-z_]+\|>",
        r"\{[^{}]*\"[^{}]*\" ?:[^{}]*\}",
        r"\b(?:disable|turn off|switch off|stop)\b (?:the )?(?:audit\w*|logging|checks?|validation|policy)\b[^.;!?\n]*",
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
