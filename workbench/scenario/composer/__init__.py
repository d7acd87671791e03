"""The composer: intent and seed in, a complete and proven scenario out."""

from workbench.scenario.composer.compose import ENGINE_VERSION, compose

__all__ = ["ENGINE_VERSION", "compose"]
