"""Hand-written prompts with typed gold; see :mod:`workbench.language.benchmark.score`."""

__all__: list[str] = []
