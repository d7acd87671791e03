"""The model's part: it fills slots that the rules left open, and decides the scope where they could not.

It never overrules a word of the prompt. Below :data:`SURE_PERCENT` it stays silent: an open slot is the
composer's to fill and is listed as assumed, an invented one would be taken for the user's wish.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from workbench.language.labels import UNSPECIFIED, Prediction
from workbench.language.reading import Evidence, SlotReading
from workbench.language.scope import Scope
from workbench.language.tokens import Token

__all__ = ["SURE_PERCENT", "fill_open_slots"]

SURE_PERCENT: Final[Mapping[str, int]] = {
    "mission": 90,
    "time_of_day": 93,
    "civilians": 93,
    "roe": 93,
    "enemy_posture": 95,
}
"""Percent from which a slot is filled; chosen on the benchmark's dev split. Other slots are the rules' alone."""
OUT_OF_SCOPE_PERCENT: Final = 60


def fill_open_slots(
    slots: Sequence[SlotReading], predictions: Mapping[str, Prediction], tokens: Sequence[Token], scope: Scope
) -> tuple[SlotReading, ...]:
    """The same slots, in order, the open ones filled where the model is sure."""
    if scope is Scope.OPEN and _is_out_of_scope(predictions["intent"]):
        return tuple(_unfilled(slot, predictions, tokens) for slot in slots)
    words = [token for token in tokens if token.text != "\n"]
    return tuple(_filled(slot, predictions, words) for slot in slots)


def _is_out_of_scope(prediction: Prediction) -> bool:
    return prediction.value == "out_of_scope" and prediction.percent >= OUT_OF_SCOPE_PERCENT


def _unfilled(slot: SlotReading, predictions: Mapping[str, Prediction], tokens: Sequence[Token]) -> SlotReading:
    if slot.slot != "intent":
        return slot
    return _reading("intent", predictions["intent"], tokens)


def _filled(slot: SlotReading, predictions: Mapping[str, Prediction], words: Sequence[Token]) -> SlotReading:
    if slot.source != "default" or slot.slot not in SURE_PERCENT:
        return slot
    prediction = predictions[slot.slot]
    if prediction.value == UNSPECIFIED or prediction.percent < SURE_PERCENT[slot.slot]:
        return slot
    return _reading(slot.slot, prediction, words)


def _reading(slot: str, prediction: Prediction, words: Sequence[Token]) -> SlotReading:
    at = prediction.word
    token = words[at] if at is not None and at < len(words) else None
    return SlotReading(
        slot=slot,
        value=prediction.value,
        confidence_percent=prediction.percent,
        evidence=(Evidence(start=token.start, end=token.end),) if token else (),
        source="model",
    )
