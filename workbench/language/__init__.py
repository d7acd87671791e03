"""Prompt → Intent: text rules first, a small model of our own for what they leave open.

>>> from workbench.language import PromptReader
>>> PromptReader.load().read("mech inf coy attacks a bridge at dawn").intent.mission.value
'attack'
"""

from workbench.language.prompt import MAX_PROMPT_CHARS, check_prompt
from workbench.language.reader import PromptReader
from workbench.language.reading import Evidence, Reading, SlotReading

__all__ = ["MAX_PROMPT_CHARS", "Evidence", "PromptReader", "Reading", "SlotReading", "check_prompt"]
