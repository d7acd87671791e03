"""Scores of a reader on the benchmark: ``python -m workbench.language.benchmark.score [dev|test]``.

Each line of ``dev.jsonl`` and ``test.jsonl`` is ``{id, kind, prompt, gold}``. ``gold`` names the slots that the
prompt really specifies; ``{"any": [...]}`` lists acceptable answers, and every other slot must stay at its default.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from workbench.language.reader import PromptReader
from workbench.scenario.intent import Intent

__all__ = ["Case", "Score", "load_cases", "main", "score"]

SPLITS = ("dev", "test")


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    kind: str
    prompt: str
    gold: dict[str, Any]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1; ``wrong`` counts wrong answers by slot."""

    slots: float
    """All slots of all prompts."""
    stated: float
    """Slots that the prompts specify."""
    invented: float
    """Slots that the prompts leave open and the reader filled."""
    wrong: Counter[str]
    mistakes: tuple[tuple[str, str, object, object], ...]
    """Prompt id, slot, gold and answer."""


def load_cases(split: str) -> list[Case]:
    text = files("workbench.language.benchmark").joinpath(f"{split}.jsonl").read_text(encoding="utf-8")
    return [Case(**json.loads(line)) for line in text.splitlines() if line.strip()]


def score(reader: PromptReader, cases: Iterable[Case]) -> Score:
    """Read every prompt and count."""
    default = Intent().model_dump(mode="json")
    right = total = stated = stated_right = invented = 0
    mistakes = []
    for case in cases:
        answer = reader.read(case.prompt).intent.model_dump(mode="json")
        for slot in default:
            gold = case.gold.get(slot, default[slot])
            good = _matches(gold, answer[slot])
            total, right = total + 1, right + good
            if slot in case.gold:
                stated, stated_right = stated + 1, stated_right + good
            elif not good:
                invented += 1
            if not good:
                mistakes.append((case.id, slot, gold, answer[slot]))
    wrong = Counter(slot for _, slot, _, _ in mistakes)
    return Score(right / total, stated_right / stated, invented / (total - stated), wrong, tuple(mistakes))


def _matches(gold: Any, answer: Any) -> bool:
    if isinstance(gold, dict):
        return any(_matches(one, answer) for one in gold["any"])
    return sorted(gold) == sorted(answer) if isinstance(gold, list) else bool(gold == answer)


def main(argv: Sequence[str]) -> int:
    reader = PromptReader.load()
    for split in argv or SPLITS:
        found = score(reader, [case for case in load_cases(split) if case.language == "en"])
        line = f"{split}, English: slots {found.slots:.3f}, stated {found.stated:.3f}, invented {found.invented:.3f}"
        sys.stdout.write(f"{line}, wrong {dict(found.wrong)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
