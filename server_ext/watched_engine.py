"""An engine that remembers whether its process answered the last time it was asked."""

from collections.abc import Callable
from typing import TypeVar

from workbench.bridge.engine import Engine, Generated, GenerateRequest
from workbench.errors import BridgeUnavailableError
from workbench.language.reading import Reading
from workbench.scenario.composition import Progress

__all__ = ["WatchedEngine"]

T = TypeVar("T")


class WatchedEngine:
    """Keeps :class:`~workbench.bridge.engine.Engine` by way of another one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.failure = ""
        """What the last call met, if it could not reach the engine; empty after one that could."""

    def read(self, prompt: str) -> Reading:
        return self._watch(lambda: self._engine.read(prompt))

    def generate(self, request: GenerateRequest, on_progress: Progress) -> Generated:
        return self._watch(lambda: self._engine.generate(request, on_progress))

    def close(self) -> None:
        self._engine.close()

    def _watch(self, ask: Callable[[], T]) -> T:
        try:
            answer = ask()
        except BridgeUnavailableError as error:
            self.failure = str(error)
            raise
        self.failure = ""
        return answer
