"""All text rules in their order: prompt → candidates, contradictions and what the text looks like."""

from dataclasses import dataclass
from typing import Final, Self

from workbench.language import (
    actions,
    clock,
    daylight,
    durations,
    engagement_rules,
    places,
    sides,
    surroundings,
    temperatures,
    threats,
)
from workbench.language.candidates import LITERAL, Candidate, Contradiction
from workbench.language.commands import find_commands
from workbench.language.forces import read_forces
from workbench.language.lexicon import Lexicon
from workbench.language.matching import ReadText, read_text
from workbench.language.reading import Evidence
from workbench.language.scope import Scope, judge_scope
from workbench.language.spelling import Speller
from workbench.language.tongues import detect_language

__all__ = ["ENGLISH", "Rules", "RulesReading"]

ENGLISH: Final = "en"
_OUT: Final = Candidate("intent", "out_of_scope", LITERAL, ())


@dataclass(frozen=True, slots=True)
class RulesReading:
    text: ReadText
    candidates: tuple[Candidate, ...]
    contradictions: tuple[Contradiction, ...]
    commands: tuple[Evidence, ...]
    scope: Scope
    language: str
    visible: str
    """The prompt with commands to the system blanked."""


class Rules:
    """The rules with their vocabulary."""

    def __init__(self, lexicon: Lexicon, speller: Speller) -> None:
        self._lexicon = lexicon
        self._speller = speller

    @classmethod
    def shipped(cls) -> Self:
        lexicon = Lexicon.shipped()
        return cls(lexicon, Speller.shipped(lexicon))

    def read(self, prompt: str) -> RulesReading:
        """Everything that the rules find. A prompt in another language gives exact things only."""
        commands = find_commands(prompt)
        visible = _blank(prompt, commands)
        clocks = clock.read_clock(visible)
        lengths = durations.read_durations(visible)
        positions = list(places.read_positions(visible))
        exact = [span for one in (*lengths, *positions) for span in one.evidence] + [one.evidence for one in clocks]
        text = read_text(prompt, [*commands, *exact], self._lexicon, self._speller)
        language = detect_language(prompt, text.tokens, len(text.matches))
        found = [*lengths, *positions, *clock.start_candidates(clocks)]
        if language != ENGLISH:
            return RulesReading(text, tuple(found), (), tuple(commands), Scope.IN, language, visible)
        named = places.read_named_places(visible, self._lexicon)
        light = daylight.read_daylight(text, clocks)
        found += [*named, *light, *temperatures.read_temperatures(visible), *_read_words(text)]
        contradictions = [
            *durations.duration_contradictions(lengths),
            *daylight.daylight_contradictions(text, light, clocks),
            *surroundings.list_contradictions(text, found),
            *sides.own_force_contradictions(text, read_forces(text)),
        ]
        scope = judge_scope(text)
        if scope is Scope.OUT:
            return RulesReading(text, (_OUT,), (), tuple(commands), scope, language, visible)
        return RulesReading(text, tuple(found), tuple(contradictions), tuple(commands), scope, language, visible)


def _read_words(text: ReadText) -> list[Candidate]:
    forces = read_forces(text)
    return [
        *sides.read_sides(forces),
        *sides.read_enemy_absence(text),
        *actions.read_missions(text, forces),
        *actions.read_postures(text, forces),
        *threats.read_things(text, forces),
        *surroundings.read_terrain(text),
        *surroundings.read_weather(text),
        *surroundings.read_civilians(text),
        *engagement_rules.read_roe(text),
        *surroundings.read_objectives(text),
    ]


def _blank(prompt: str, spans: list[Evidence]) -> str:
    """The prompt with the spans blanked, every other character in its place."""
    letters = list(prompt)
    for span in spans:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)
