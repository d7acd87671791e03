"""Whatever is asked for, the composer gives a scenario that no rule calls wrong."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.scenario import Intent, Options, Severity, check, compose
from workbench.scenario import intent as vocabulary
from workbench.scenario.intent import Echelon

SMALL = [Echelon.TEAM, Echelon.SQUAD, Echelon.PLATOON, Echelon.COMPANY, Echelon.UNSPECIFIED]


def several(values: type, most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(list(values)), max_size=most, unique=True).map(lambda found: tuple(sorted(found)))


def intents(echelons: list[Echelon]) -> st.SearchStrategy[Intent]:
    return st.builds(
        Intent,
        mission=st.sampled_from(list(vocabulary.Mission)),
        own_echelon=st.sampled_from(echelons),
        own_type=st.sampled_from(list(vocabulary.ForceType)),
        enemy_echelon=st.sampled_from([*echelons, Echelon.UNSPECIFIED]),
        enemy_type=st.sampled_from(list(vocabulary.EnemyType)),
        enemy_posture=st.sampled_from(list(vocabulary.Posture)),
        terrain=several(vocabulary.TerrainKind, 3),
        weather=several(vocabulary.WeatherKind, 3),
        time_of_day=st.sampled_from(list(vocabulary.TimeOfDay)),
        threats=several(vocabulary.Threat, 5),
        own_assets=several(vocabulary.Asset, 4),
        duration_min=st.one_of(st.none(), st.integers(1, 10_080)),
        civilians=st.sampled_from(list(vocabulary.Civilians)),
        roe=st.sampled_from(list(vocabulary.Roe)),
        objective=st.sampled_from(list(vocabulary.ObjectiveKind)),
    )


OPTIONS = st.builds(
    Options,
    force_ratio_percent=st.integers(25, 400),
    density_percent=st.integers(25, 400),
    difficulty=st.integers(1, 5),
    injects=st.integers(5, 60),
)
SEEDS = st.integers(0, 2**53 - 1)

quiet = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def assert_sound(intent: Intent, seed: int, options: Options) -> None:
    composition = compose(intent, seed, options)
    findings = check(composition.scenario, composition.blobs)
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []
    assert set(composition.blobs) == set(composition.scenario.blob_digests())


@given(intents(SMALL), SEEDS, OPTIONS)
@settings(quiet, max_examples=6)
def test_any_small_request_composes_without_error_findings(intent: Intent, seed: int, options: Options) -> None:
    assert_sound(intent, seed, options)


@pytest.mark.long
@given(intents(list(Echelon)), SEEDS, OPTIONS)
@settings(quiet, max_examples=400)
def test_any_request_composes_without_error_findings(intent: Intent, seed: int, options: Options) -> None:
    assert_sound(intent, seed, options)
