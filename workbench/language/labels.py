"""The slots that the model knows, their values in the order of its outputs, and what it says of one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workbench.scenario.intent import (
    Civilians,
    IntentKind,
    Mission,
    ObjectiveKind,
    Posture,
    Roe,
    TimeOfDay,
)

__all__ = ["MODEL_SLOTS", "SLOT_VALUES", "UNSPECIFIED", "Prediction"]

UNSPECIFIED: Final = "unspecified"

_KINDS: Final[dict[str, type[StrEnum]]] = {
    "intent": IntentKind,
    "mission": Mission,
    "enemy_posture": Posture,
    "time_of_day": TimeOfDay,
    "civilians": Civilians,
    "roe": Roe,
    "objective": ObjectiveKind,
}

MODEL_SLOTS: Final = tuple(_KINDS)
SLOT_VALUES: Final = {slot: tuple(sorted(member.value for member in kind)) for slot, kind in _KINDS.items()}
"""Values sorted by name, so that the first of equal outputs is the first by name."""


@dataclass(frozen=True, slots=True)
class Prediction:
    value: str
    percent: int
    word: int | None
    """Index of the word (see :func:`~workbench.language.hashing.words_of`) that it was read from."""
