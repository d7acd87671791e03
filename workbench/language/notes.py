"""Sentences for the person about how the prompt was understood."""

from collections.abc import Iterator, Sequence
from typing import Final

from workbench.language.reading import SlotReading
from workbench.language.rules import RulesReading
from workbench.language.tongues import LANGUAGE_NAMES

__all__ = ["OUT_OF_SCOPE_NOTE", "write_notes"]

OUT_OF_SCOPE_NOTE: Final = (
    "this does not ask for a training scenario; describe an exercise, such as "
    "'mechanised company attacks a defended village at dawn'"
)
_QUOTE_CHARS: Final = 60


def write_notes(ruled: RulesReading, slots: Sequence[SlotReading]) -> Iterator[str]:
    if any(slot.slot == "intent" and slot.value == "out_of_scope" for slot in slots):
        yield OUT_OF_SCOPE_NOTE
    for span in ruled.commands:
        quoted = _shorten(ruled.text.prompt[span.start : span.end].strip())
        yield (
            f"'{quoted}' reads as a command to the system and was ignored: "
            "seeds, approvals and rights are never taken from a prompt"
        )
    for one in ruled.contradictions:
        yield f"the prompt contradicts itself about {one.slot}: {' or '.join(one.values)}; please choose"
    if ruled.language != "en":
        yield (
            f"the prompt seems to be in {LANGUAGE_NAMES[ruled.language]} and was not fully understood; "
            "only figures such as times, lengths and coordinates were read: write it in English or set the slots by hand"
        )


def _shorten(text: str) -> str:
    return text if len(text) <= _QUOTE_CHARS else text[: _QUOTE_CHARS - 1] + "…"
