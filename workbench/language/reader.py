"""Prompt → Reading: text rules first, then the model for the slots that they left open."""

from pathlib import Path
from typing import Self

from workbench.language.merge import intent_of, merge_slots
from workbench.language.notes import write_notes
from workbench.language.prompt import check_prompt
from workbench.language.reading import Reading
from workbench.language.rules import Rules

__all__ = ["PromptReader"]


class PromptReader:
    """Understands prompts. Build it with :meth:`load`; it may be used from several threads."""

    def __init__(self, *, rules: Rules) -> None:
        self._rules = rules

    @classmethod
    def load(cls, model: Path | None = None) -> Self:
        return cls(rules=Rules.shipped())

    def read(self, prompt: str) -> Reading:
        """What the prompt asks for.

        Raises:
            PromptError: the prompt is empty, too long or not text.
        """
        ruled = self._rules.read(check_prompt(prompt))
        slots = merge_slots(ruled.candidates, ruled.contradictions)
        intent = intent_of(slots)
        return Reading(
            prompt=prompt, intent=intent, slots=slots, language=ruled.language, notes=tuple(write_notes(ruled, slots))
        )
