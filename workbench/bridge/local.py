"""The engine in the calling process: read, compose, check."""

from workbench.bridge.engine import Generated, GenerateRequest
from workbench.errors import OutOfScopeError
from workbench.language.prompt import check_prompt
from workbench.language.reader import PromptReader
from workbench.language.reading import Reading
from workbench.scenario.composer import compose
from workbench.scenario.composition import Progress
from workbench.scenario.intent import IntentKind
from workbench.scenario.rules import check

__all__ = ["LocalEngine"]


class LocalEngine:
    """Keeps :class:`~workbench.bridge.engine.Engine` without any other process."""

    def __init__(self, reader: PromptReader) -> None:
        self._reader = reader

    def read(self, prompt: str) -> Reading:
        return self._reader.read(prompt)

    def generate(self, request: GenerateRequest, on_progress: Progress) -> Generated:
        check_prompt(request.prompt)
        on_progress("read", 0)
        reading = self._reader.read(request.prompt)
        intent = request.intent or reading.intent
        if intent.intent is IntentKind.OUT_OF_SCOPE:
            raise OutOfScopeError("; ".join(reading.notes) or "the prompt does not ask for a training scenario")
        composition = compose(intent, request.seed, request.options, on_progress)
        findings = check(composition.scenario, composition.blobs)
        return Generated(
            reading=reading,
            scenario=composition.scenario,
            blobs=composition.blobs,
            findings=findings,
            digest=composition.scenario.digest(),
        )

    def close(self) -> None:
        """Nothing was started."""
