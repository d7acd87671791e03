"""What was understood of a prompt, from which words and how surely.

A :class:`Reading` is kept beside a scenario and never enters its digest: confidences come from
floating point, and replay needs only the :class:`~workbench.scenario.intent.Intent`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from workbench.scenario.intent import Intent

__all__ = ["Evidence", "Reading", "SlotReading"]


class Evidence(BaseModel):
    """A span of the prompt: ``prompt[start:end]``, in Python characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class SlotReading(BaseModel):
    """One slot of the intent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slot: str
    value: str | int | list[str] | None
    confidence_percent: Annotated[int, Field(ge=0, le=100)]
    evidence: tuple[Evidence, ...] = ()
    source: Literal["rule", "model", "default"]
    candidates: tuple[str, ...] = ()
    """All values that the prompt supports, where they contradict each other."""


class Reading(BaseModel):
    """The whole prompt as understood."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str
    intent: Intent
    slots: tuple[SlotReading, ...]
    """One per slot of the intent, in the intent's order."""
    language: str
    """ISO 639-1 code of the detected language, or "und"."""
    notes: tuple[str, ...] = ()
    """Sentences for the person: contradictions, words not understood, ignored commands."""
    model_sha256: str | None = None
    runtime: str = ""
    """Such as "onnxruntime 1.28.0"."""
