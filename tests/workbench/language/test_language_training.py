"""The training grammar is reproducible and labels what it says."""

import itertools

from workbench.canonical import digest
from workbench.language.labels import MODEL_SLOTS, SLOT_VALUES
from workbench.language.training.grammar import samples


def test_the_same_seed_gives_the_same_sentences() -> None:
    first = [(sample.text, sample.labels) for sample in samples(count=50, seed=3)]
    assert digest(first) == digest([(sample.text, sample.labels) for sample in samples(count=50, seed=3)])
    assert digest(first) != digest([(sample.text, sample.labels) for sample in samples(count=50, seed=4)])


def test_every_label_is_of_the_vocabulary_and_every_value_occurs() -> None:
    drawn = list(itertools.islice(samples(count=4_000, seed=5), 4_000))
    for slot in MODEL_SLOTS:
        values = {
            sample.labels[slot] for sample in drawn if not (slot == "intent" and sample.labels[slot] == "unspecified")
        }
        assert values == set(SLOT_VALUES[slot])


def test_no_placeholder_is_left_in_a_sentence() -> None:
    assert not any(set("{}") & set(sample.text) for sample in samples(count=1_000, seed=6))
