"""Scenarios composed once and shared by tests that only read them."""

from collections.abc import Callable
from functools import cache

import pytest

from workbench.scenario import Composition, Intent, Options, compose

Composed = Callable[..., Composition]


@cache
def _composed(intent: Intent, seed: int, options: Options) -> Composition:
    return compose(intent, seed, options)


@pytest.fixture(scope="session")
def composed() -> Composed:
    """``composed(seed=7, options=…, mission="attack", …)``: the scenario for an intent with these slots."""

    def build(seed: int = 7, options: Options | None = None, **slots: object) -> Composition:
        return _composed(Intent.model_validate(slots), seed, options or Options())

    return build
