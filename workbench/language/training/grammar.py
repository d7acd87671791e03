"""Seeded sentences with their labels, from ``phrases.toml``.

>>> sample = next(iter(samples(count=1, seed=7)))
>>> sorted(sample.labels) == sorted(MODEL_SLOTS)
True
"""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from workbench.language.labels import MODEL_SLOTS, UNSPECIFIED

__all__ = ["GRAMMAR_VERSION", "Sample", "samples"]

GRAMMAR_VERSION: Final = "1"
_OUT_SHARE: Final = 0.12
_TYPO_SHARE: Final = 0.3
_CLAUSE_SHARE: Final = 0.35
"""Chance that an optional clause stands in a sentence."""
_STARTS: Final = (
    "",
    "",
    "",
    "Create a scenario: ",
    "Exercise: ",
    "please build ",
    "I would like this: ",
    "Scenario where ",
    "Training for cadets. ",
)
_JOINS: Final = (", ", ". ", "; ", " and ", ", ", ". ", " - ", " ")


@dataclass(frozen=True, slots=True)
class Sample:
    text: str
    labels: dict[str, str]


def samples(*, count: int, seed: int) -> Iterator[Sample]:
    """``count`` samples; the same count and seed give the same samples on any machine."""
    source = random.Random(seed)  # noqa: S311 (training data, no secret)
    phrases = tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))
    grammar = _Grammar(source, phrases)
    for _ in range(count):
        yield grammar.out_of_scope() if source.random() < _OUT_SHARE else grammar.order()


class _Grammar:
    def __init__(self, source: random.Random, phrases: dict[str, Any]) -> None:
        self._source = source
        self._phrases = phrases

    def order(self) -> Sample:
        """A training request: a mission and some clauses, in any order."""
        labels = dict.fromkeys(MODEL_SLOTS, UNSPECIFIED) | {"intent": "generate"}
        clauses = [self._mission(labels)]
        for slot, table in (
            ("time_of_day", "time"),
            ("civilians", "civilians"),
            ("roe", "roe"),
            ("enemy_posture", "posture"),
        ):
            if self._source.random() < _CLAUSE_SHARE:
                clauses.append(self._clause(labels, slot, table))
        clauses += self._source.sample(self._phrases["extra"]["words"], self._source.randint(0, 3))
        self._source.shuffle(clauses)
        return Sample(self._written(clauses), labels)

    def out_of_scope(self) -> Sample:
        labels = dict.fromkeys(MODEL_SLOTS, UNSPECIFIED) | {"intent": "out_of_scope"}
        text = self._pick(self._phrases["out_of_scope"]["words"])
        while "{t}" in text:
            text = text.replace("{t}", self._pick(self._phrases["out_of_scope"]["topics"]), 1)
        while "{n}" in text:
            text = text.replace("{n}", str(self._source.randint(2, 999)), 1)
        return Sample(self._misspelt(text), labels)

    def _mission(self, labels: dict[str, str]) -> str:
        labels["mission"] = self._pick(sorted(self._phrases["mission"]))
        template = self._pick(self._phrases["mission"][labels["mission"]])
        if template.startswith("{enemy} attacks"):
            labels["enemy_posture"] = "attacking"
        if "{obj}" in template:
            labels["objective"] = self._pick(sorted(self._phrases["objective"]))
            template = template.replace("{obj}", self._pick(self._phrases["objective"][labels["objective"]]))
        return self._forces(template)

    def _clause(self, labels: dict[str, str], slot: str, table: str) -> str:
        labels[slot] = self._pick(sorted(self._phrases[table]))
        return self._forces(self._pick(self._phrases[table][labels[slot]]))

    def _forces(self, template: str) -> str:
        for name in ("own", "enemy"):
            while f"{{{name}}}" in template:
                template = template.replace(f"{{{name}}}", self._force(name), 1)
        return template

    def _force(self, side: str) -> str:
        text = self._pick(self._phrases[side]["words"])
        return text.replace("{b}", self._pick(self._phrases["branch"]["words"])).replace(
            "{e}", self._pick(self._phrases["echelon"]["words"])
        )

    def _written(self, clauses: list[str]) -> str:
        text = self._pick(_STARTS)
        for clause in filter(None, clauses):
            text += clause + self._pick(_JOINS)
        return self._misspelt(text.strip(" -,;"))

    def _misspelt(self, text: str) -> str:
        if self._source.random() > _TYPO_SHARE:
            return text
        letters = list(text)
        for _ in range(1 + len(letters) // 40):
            at = self._source.randrange(max(1, len(letters) - 1))
            kind = self._source.randrange(3)
            if kind == 0:
                del letters[at : at + 1]
            elif kind == 1:
                letters[at : at + 2] = letters[at : at + 2][::-1]
            else:
                letters.insert(at, letters[at] if letters else "e")
        return "".join(letters)

    def _pick(self, options: Any) -> str:
        return str(options[self._source.randrange(len(options))])
