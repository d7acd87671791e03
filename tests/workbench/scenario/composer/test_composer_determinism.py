"""The same recipe gives the same bytes: in this process, in others, and whatever the environment says."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from workbench.scenario import Composition, Intent, compose

Composed = Callable[..., Composition]

SLOTS = {"mission": "attack", "own_echelon": "platoon", "threats": ("drones",), "civilians": "present"}
SEED = 2024
GOLDEN = "493580412f071c4d7da1b36eee557ec9f39dbcb466a37f8c48f677cdf70c2b9d"
"""Digest of the scenario for SLOTS and SEED. It changes only together with ``ENGINE_VERSION``."""

PROGRAM = (
    "from workbench.scenario import Intent, compose\n"
    f"print(compose(Intent.model_validate({SLOTS!r}), {SEED}).scenario.digest())"
)


def test_the_golden_scenario_has_not_moved(composed: Composed) -> None:
    assert composed(seed=SEED, **SLOTS).scenario.digest() == GOLDEN


def test_composing_twice_gives_the_same_bytes_and_blobs(composed: Composed) -> None:
    again = compose(Intent.model_validate(SLOTS), SEED)
    first = composed(seed=SEED, **SLOTS)
    assert again.scenario.canonical() == first.scenario.canonical()
    assert dict(again.blobs) == dict(first.blobs)


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1"},
    ],
)
def test_another_process_in_other_surroundings_gives_the_same_digest(surroundings: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, **surroundings}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == GOLDEN


def test_other_seeds_give_other_scenarios(composed: Composed) -> None:
    digests = {composed(seed=seed, **SLOTS).scenario.digest() for seed in (1, SEED)}
    assert len(digests) == 2


def test_adding_a_threat_moves_neither_terrain_nor_environment_nor_own_force(composed: Composed) -> None:
    plain = composed(seed=5, mission="attack", own_echelon="platoon").scenario
    threatened = composed(seed=5, mission="attack", own_echelon="platoon", threats=("sniper",)).scenario
    assert threatened.terrain == plain.terrain
    assert threatened.environment.start == plain.environment.start
    assert threatened.recipe.assumed == plain.recipe.assumed
    own = [(u.id, u.name, u.callsign) for u in plain.units if u.id.startswith("own")]
    assert [(u.id, u.name, u.callsign) for u in threatened.units if u.id.startswith("own")] == own


def test_the_recipe_alone_makes_the_scenario_again(composed: Composed) -> None:
    scenario = composed(seed=9, mission="patrol").scenario
    recipe = type(scenario).model_validate_json(scenario.model_dump_json()).recipe
    again = compose(recipe.intent, recipe.seed, recipe.options)
    assert again.scenario.digest() == scenario.digest()
