"""From a prompt to a :class:`~workbench.language.reading.Reading`: text rules over a shipped vocabulary.

>>> reading = PromptReader.load().read("mech inf coy attacks a bridge at dawn, no civilians")
>>> reading.intent.mission.value, reading.intent.own_type.value, reading.intent.civilians.value
('attack', 'mechanized', 'none')
"""

from collections.abc import Mapping
from typing import Any, Final

from workbench.language.lexicon import Lexicon
from workbench.language.phrases import read_phrases
from workbench.language.prompt import check_prompt
from workbench.language.reading import Evidence, Reading, SlotReading
from workbench.language.scope import commands_in, is_out_of_scope, language_of
from workbench.language.slots import Candidates, gather
from workbench.language.spelling import Speller
from workbench.scenario.intent import Intent, IntentKind

__all__ = ["PromptReader"]

_MANY: Final = ("terrain", "weather", "threats", "own_assets")
"""Slots that hold a list."""
_SURE, _CONTRADICTED, _LITERAL_TYPO = 95, 50, 80
_CONFLICTING: Final = ("duration_min", "time_of_day", "civilians", "roe", "start")
"""Slots where two values contradict; elsewhere a second value is usually about something else."""


class PromptReader:
    """Understands prompts. Build it with :meth:`load`; it may be used from several threads."""

    def __init__(self, lexicon: Lexicon, speller: Speller) -> None:
        self._lexicon = lexicon
        self._speller = speller

    @classmethod
    def load(cls) -> "PromptReader":
        """With the shipped vocabulary."""
        lexicon = Lexicon.shipped()
        return cls(lexicon, Speller.shipped(lexicon))

    def read(self, prompt: str) -> Reading:
        """What is understood of ``prompt``.

        Raises:
            PromptError: it is empty, too long or not text.
        """
        prompt = check_prompt(prompt)
        commands = commands_in(prompt)
        text = read_phrases(_blanked(prompt, commands), self._lexicon, self._speller)
        language = language_of(text)
        out = is_out_of_scope(text)
        slots = {} if out or language != "en" else gather(text)
        readings = {
            name: _slot(name, slots.get(name)) for name in Intent.model_fields if name not in ("intent", "conflicts")
        }
        conflicts = tuple(name for name, slot in readings.items() if slot.candidates)
        kind = IntentKind.OUT_OF_SCOPE if out else IntentKind.GENERATE
        values = {name: slot.value for name, slot in readings.items()}
        return Reading(
            prompt=prompt,
            intent=Intent.model_validate({**values, "intent": kind, "conflicts": conflicts}),
            slots=(_kind_slot(kind), *readings.values()),
            language=language,
            notes=tuple(_notes(prompt, commands, language, out=out, readings=readings)),
        )


def _blanked(prompt: str, spans: list[tuple[int, int]]) -> str:
    """The prompt with the spans as blanks, so that all other characters keep their places."""
    for start, end in spans:
        prompt = prompt[:start] + " " * (end - start) + prompt[end:]
    return prompt


def _slot(name: str, found: Candidates | None) -> SlotReading:
    if found is None or not found.values:
        default = Intent.model_fields[name].default
        value: Any = list(default) if isinstance(default, tuple) else getattr(default, "value", default)
        return SlotReading(slot=name, value=value, confidence_percent=0, source="default")
    evidence = tuple(Evidence(start=start, end=end) for spans in found.values.values() for start, end in spans)
    if name in _MANY:
        values = sorted(str(value) for value in found.values)
        return SlotReading(slot=name, value=values, confidence_percent=_SURE, evidence=evidence, source="rule")
    first, *others = found.values
    if others and name in _CONFLICTING:
        said = tuple(str(value) for value in found.values)
        return SlotReading(
            slot=name, value=first, confidence_percent=_CONTRADICTED, evidence=evidence, source="rule", candidates=said
        )
    spans = tuple(Evidence(start=start, end=end) for start, end in found.values[first])
    sure = _SURE if not others else _LITERAL_TYPO
    return SlotReading(slot=name, value=first, confidence_percent=sure, evidence=spans, source="rule")


def _kind_slot(kind: IntentKind) -> SlotReading:
    return SlotReading(slot="intent", value=kind.value, confidence_percent=_SURE, source="rule")


def _notes(
    prompt: str, commands: list[tuple[int, int]], language: str, *, out: bool, readings: Mapping[str, SlotReading]
) -> list[str]:
    notes = []
    if out:
        notes.append(
            "this does not ask for a training scenario; describe an exercise, such as 'platoon ambush at night'"
        )
    if language != "en":
        notes.append(f"the prompt seems to be written in {language!r}, which is not understood; write it in English")
    for start, end in commands:
        notes.append(f"“{prompt[start:end].strip()}” is taken as text, not as a command, and changes nothing")
    for slot in readings.values():
        if slot.candidates:
            name = slot.slot.replace("_", " ")
            notes.append(
                f"the prompt contradicts itself about {name}: {' and '.join(slot.candidates)}; {slot.value} is used"
            )
    return notes
