"""Scores a reader against the hand-written prompts.

::

    python -m workbench.language.benchmark.score            # both splits, one table
    python -m workbench.language.benchmark.score --wrong dev  # and what was wrong in a split

* *slot accuracy*: share of all slots (stated or not) with an accepted value;
* *stated*: the same over slots for which only a non-default value is accepted;
* *invented*: share of unstated slots (only the default is accepted) that got a value.

A gold slot is a value, or ``{"any": [...]}`` of accepted values; a slot that is not listed accepts its
default only. English and other languages are counted apart, since other languages are flagged, not read.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from workbench.language.reader import PromptReader
from workbench.language.reading import Reading
from workbench.scenario.intent import Intent

__all__ = ["SPLITS", "Case", "Judgement", "Score", "judge", "load_cases", "main"]

SPLITS: Final = ("dev", "test", "later", "fresh")
_OTHER_LANGUAGE: Final = "other_language"
_DEFAULTS: Final[dict[str, Any]] = Intent().model_dump(mode="json")


@dataclass(frozen=True, slots=True)
class Case:
    """One prompt with what it says."""

    id: str
    kind: str
    prompt: str
    gold: dict[str, Any]

    def accepted(self, slot: str) -> list[Any]:
        value = self.gold.get(slot, _DEFAULTS[slot])
        return list(value["any"]) if isinstance(value, dict) else [value]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One slot of one case."""

    case: Case
    slot: str
    value: Any

    @property
    def is_right(self) -> bool:
        return self.value in self.case.accepted(self.slot)

    @property
    def is_stated(self) -> bool:
        return _DEFAULTS[self.slot] not in self.case.accepted(self.slot)

    @property
    def is_unstated(self) -> bool:
        return self.case.accepted(self.slot) == [_DEFAULTS[self.slot]]

    @property
    def is_invented(self) -> bool:
        return self.is_unstated and not self.is_right


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over a set of judgements."""

    slots: int
    right: int
    stated: int
    stated_right: int
    unstated: int
    invented: int

    @classmethod
    def of(cls, judgements: Iterable[Judgement]) -> "Score":
        all_of = list(judgements)
        stated = [one for one in all_of if one.is_stated]
        return cls(
            slots=len(all_of),
            right=sum(one.is_right for one in all_of),
            stated=len(stated),
            stated_right=sum(one.is_right for one in stated),
            unstated=sum(one.is_unstated for one in all_of),
            invented=sum(one.is_invented for one in all_of),
        )

    def row(self) -> str:
        parts = ((self.right, self.slots), (self.stated_right, self.stated), (self.invented, self.unstated))
        return "  ".join(f"{part:4d}/{whole:<4d} {part / whole if whole else 0:.3f}" for part, whole in parts)


def load_cases(split: str) -> list[Case]:
    """The prompts of ``dev`` or ``test``."""
    text = files("workbench.language.benchmark").joinpath(f"{split}.jsonl").read_text(encoding="utf-8")
    rows = (json.loads(line) for line in text.splitlines() if line.strip())
    return [Case(row["id"], row["kind"], row["prompt"], row["gold"]) for row in rows]


def judge(case: Case, reading: Reading) -> Iterator[Judgement]:
    """One judgement per slot of the intent."""
    for slot, value in reading.intent.model_dump(mode="json").items():
        yield Judgement(case, slot, value)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Score the prompt reader on the hand-written prompts.")
    parser.add_argument("--wrong", choices=SPLITS, help="print what was wrong in this split")
    options = parser.parse_args(arguments)
    reader = PromptReader.load()
    for split in SPLITS:
        judgements = [one for case in load_cases(split) for one in judge(case, reader.read(case.prompt))]
        _print_table(split, judgements)
        if split == options.wrong:
            _print_wrong(judgements)
    return 0


def _print_table(split: str, judgements: Sequence[Judgement]) -> None:
    english = [one for one in judgements if one.case.kind != _OTHER_LANGUAGE]
    lines = [f"{split:22s}  accuracy         stated           invented"]
    lines += [f"  {'English, all slots':20s}  {Score.of(english).row()}"]
    lines += [f"  {slot:20s}  {Score.of(one for one in english if one.slot == slot).row()}" for slot in _DEFAULTS]
    kinds = dict.fromkeys(one.case.kind for one in judgements)
    lines += [
        f"  [{kind}]{'':{max(0, 18 - len(kind))}}  {Score.of(one for one in judgements if one.case.kind == kind).row()}"
        for kind in kinds
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _print_wrong(judgements: Sequence[Judgement]) -> None:
    for one in judgements:
        if not one.is_right:
            sys.stdout.write(
                f"{one.case.id} {one.slot}: {one.value!r}, wanted {one.case.accepted(one.slot)!r}\n    {one.case.prompt}\n"
            )


if __name__ == "__main__":
    sys.exit(main())
