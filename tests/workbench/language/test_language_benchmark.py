"""The hand-written prompts: sound gold, and a floor under the scores."""

import pytest

from workbench.language import PromptReader
from workbench.language.benchmark.score import SPLITS, Case, Judgement, Score, judge, load_cases, main
from workbench.language.training.grammar import samples
from workbench.scenario.intent import Intent

KINDS = {
    "terse", "plain", "verbose", "jargon", "typos", "contradiction", "injected", "underspecified", "out_of_scope",
    "negation", "numbers", "sides", "other_language",
}  # fmt: skip


@pytest.mark.parametrize("split", SPLITS)
def test_every_gold_value_is_of_the_vocabulary(split: str) -> None:
    for case in load_cases(split):
        assert case.kind in KINDS
        for slot in case.gold:
            for value in case.accepted(slot):
                accepted = Intent.model_validate({slot: value}).model_dump(mode="json")[slot]
                assert accepted == value, case.id
                assert not isinstance(value, list) or value == sorted(value), case.id


def test_the_prompts_are_many_and_told_apart() -> None:
    cases = [case for split in SPLITS for case in load_cases(split)]
    assert len(cases) >= 60
    assert len({case.id for case in cases}) == len({case.prompt for case in cases}) == len(cases)
    assert {case.kind for case in cases} == KINDS


def test_no_prompt_is_of_the_training_grammar() -> None:
    trained = {sample.text.lower() for sample in samples(count=2_000, seed=1)}
    assert not trained & {case.prompt.lower() for split in SPLITS for case in load_cases(split)}


@pytest.mark.parametrize("split", SPLITS)
def test_the_scores_do_not_fall(reader: PromptReader, split: str) -> None:
    english = [case for case in load_cases(split) if case.kind != "other_language"]
    score = Score.of(one for case in english for one in judge(case, reader.read(case.prompt)))
    assert score.right / score.slots >= 0.95
    assert score.stated_right / score.stated >= 0.90
    assert score.invented / score.unstated <= 0.02


def test_a_judgement_tells_right_stated_and_invented_apart() -> None:
    case = Case("x", "plain", "…", {"mission": "attack", "terrain": {"any": [[], ["river"]]}})
    missed = Judgement(case, "mission", "unspecified")
    tolerated = Judgement(case, "terrain", ["river"])
    invented = Judgement(case, "roe", "permissive")
    assert (missed.is_stated, missed.is_right, missed.is_invented) == (True, False, False)
    assert (tolerated.is_stated, tolerated.is_unstated, tolerated.is_right) == (False, False, True)
    assert (invented.is_unstated, invented.is_invented) == (True, True)


def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--wrong", "dev"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("English, all slots") == len(SPLITS)
