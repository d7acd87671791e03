"""Candidates → one value per slot, with what contradicts it.

* A single-valued slot takes the heaviest candidate; of equals the earliest in the text.
* A list slot takes every value once, sorted.
* A slot with a contradiction keeps its best value at :data:`DISPUTED` confidence and all its candidates.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from workbench.language.candidates import Candidate, Contradiction
from workbench.language.reading import Evidence, SlotReading
from workbench.scenario.intent import Intent

__all__ = ["DISPUTED", "LIST_SLOTS", "intent_of", "merge_slots"]

LIST_SLOTS: Final = frozenset({"terrain", "weather", "threats", "own_assets"})
DISPUTED: Final = 50


def merge_slots(candidates: Sequence[Candidate], contradictions: Sequence[Contradiction]) -> tuple[SlotReading, ...]:
    """One reading per slot of the intent, in the intent's order."""
    disputed = {one.slot: one for one in contradictions}
    readings = []
    for slot, field in Intent.model_fields.items():
        if slot == "conflicts":
            readings.append(_conflicts(disputed.values()))
            continue
        own = sorted((one for one in candidates if one.slot == slot), key=lambda one: (-one.weight, one.position))
        if not own:
            default = list(field.default) if slot in LIST_SLOTS else field.default
            reading = SlotReading(slot=slot, value=default, confidence_percent=0, source="default")
        else:
            reading = _many(slot, own) if slot in LIST_SLOTS else _single(slot, own)
        readings.append(_dispute(reading, disputed[slot]) if slot in disputed and own else reading)
    return tuple(readings)


def intent_of(readings: Iterable[SlotReading]) -> Intent:
    """The intent that the readings say."""
    return Intent.model_validate({reading.slot: reading.value for reading in readings})


def _single(slot: str, own: Sequence[Candidate]) -> SlotReading:
    best = own[0]
    return SlotReading(
        slot=slot,
        value=best.value,
        confidence_percent=best.confidence,
        evidence=_spans(one for one in own if one.value == best.value),
        source="rule",
    )


def _many(slot: str, own: Sequence[Candidate]) -> SlotReading:
    return SlotReading(
        slot=slot,
        value=sorted({str(one.value) for one in own}),
        confidence_percent=min(one.confidence for one in own),
        evidence=_spans(own),
        source="rule",
    )


def _dispute(reading: SlotReading, contradiction: Contradiction) -> SlotReading:
    return reading.model_copy(
        update={
            "confidence_percent": min(reading.confidence_percent, DISPUTED),
            "evidence": _spans_joined((*reading.evidence, *contradiction.evidence)),
            "candidates": contradiction.values,
        }
    )


def _conflicts(contradictions: Iterable[Contradiction]) -> SlotReading:
    found = sorted(contradictions, key=lambda one: one.slot)
    return SlotReading(
        slot="conflicts",
        value=[one.slot for one in found],
        confidence_percent=100 if found else 0,
        evidence=_spans_joined(span for one in found for span in one.evidence),
        source="rule" if found else "default",
    )


def _spans(candidates: Iterable[Candidate]) -> tuple[Evidence, ...]:
    return _spans_joined(span for candidate in candidates for span in candidate.evidence)


def _spans_joined(spans: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(set(spans), key=lambda span: (span.start, span.end)))
