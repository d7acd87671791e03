"""Prompt → Reading."""

from pathlib import Path

from workbench.language.prompt import check_prompt
from workbench.language.reading import Reading, SlotReading
from workbench.scenario.intent import Intent

__all__ = ["PromptReader"]


class PromptReader:
    """Understands prompts. Build it with :meth:`load`; it may be used from several threads."""

    @classmethod
    def load(cls, model: Path | None = None) -> "PromptReader":
        return cls()

    def read(self, prompt: str) -> Reading:
        prompt = check_prompt(prompt)
        intent = Intent()
        slots = tuple(
            SlotReading(slot=name, value=value, confidence_percent=0, source="default")
            for name, value in intent.model_dump(mode="json").items()
        )
        return Reading(prompt=prompt, intent=intent, slots=slots, language="en")
