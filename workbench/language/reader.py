"""Prompt → Reading: text rules first, then the model for the slots that they left open."""

from pathlib import Path
from typing import TYPE_CHECKING, Self

from workbench.language.filling import fill_open_slots
from workbench.language.merge import intent_of, merge_slots
from workbench.language.notes import write_notes
from workbench.language.prompt import check_prompt
from workbench.language.reading import Reading, SlotReading
from workbench.language.rules import ENGLISH, Rules, RulesReading
from workbench.language.scope import Scope

if TYPE_CHECKING:
    from workbench.language.classifier import IntentModel

__all__ = ["PromptReader"]


class PromptReader:
    """Understands prompts. Build it with :meth:`load`; it may be used from several threads."""

    def __init__(self, *, rules: Rules, model: "IntentModel | None") -> None:
        self._rules = rules
        self._model = model

    @classmethod
    def load(cls, model: Path | None = None) -> Self:
        """The shipped rules with the model at ``model``, or with the shipped one.

        Raises:
            InputError: there is no usable model at that path.
            VerificationError: the shipped model is not the one that its card names.
        """
        # Only who reads prompts pays for the runtime (60 MB, 80 ms); the gateway leaves that to its workers.
        from workbench.language.classifier import IntentModel

        opened = IntentModel.shipped() if model is None else IntentModel.read_from(model)
        return cls(rules=Rules.shipped(), model=opened)

    def read(self, prompt: str) -> Reading:
        """What the prompt asks for.

        Raises:
            PromptError: the prompt is empty, too long or not text.
        """
        ruled = self._rules.read(check_prompt(prompt))
        slots = self._filled(ruled, merge_slots(ruled.candidates, ruled.contradictions))
        return Reading(
            prompt=prompt,
            intent=intent_of(slots),
            slots=slots,
            language=ruled.language,
            notes=tuple(write_notes(ruled, slots)),
            model_sha256=self._model.sha256 if self._model else None,
            runtime=self._model.runtime if self._model else "",
        )

    def _filled(self, ruled: RulesReading, slots: tuple[SlotReading, ...]) -> tuple[SlotReading, ...]:
        if self._model is None or ruled.language != ENGLISH or ruled.scope is Scope.OUT:
            return slots
        return fill_open_slots(slots, self._model.predict(ruled.visible), ruled.text.tokens, ruled.scope)
