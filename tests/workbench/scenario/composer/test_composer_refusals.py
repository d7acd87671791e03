"""What the composer refuses, and how it reports progress."""

import pytest

from workbench.errors import InputError, MissingError, OutOfScopeError, SeedError
from workbench.scenario import Intent, compose, load_catalogue


@pytest.mark.parametrize("seed", [-1, 2**53, True, 1.0, "7", None])
def test_a_seed_that_is_none_is_refused(seed: object) -> None:
    with pytest.raises(SeedError, match="seed"):
        compose(Intent(), seed)  # type: ignore[arg-type]


def test_what_is_not_a_scenario_request_is_refused() -> None:
    with pytest.raises(OutOfScopeError, match="training scenario"):
        compose(Intent.model_validate({"intent": "out_of_scope"}), 1)


def test_progress_names_the_stages_and_never_falls() -> None:
    heard: list[tuple[str, int]] = []
    compose(Intent.model_validate({"own_echelon": "squad"}), 1, progress=lambda s, p: heard.append((s, p)))
    stages = list(dict.fromkeys(stage for stage, _ in heard))
    assert stages == ["terrain", "forces", "objectives", "routes", "injects", "orders", "check"]
    percents = [percent for _, percent in heard]
    assert percents == sorted(percents)
    assert percents[0] == 0
    assert percents[-1] == 100


def test_progress_never_falls_even_when_plans_are_made_again() -> None:
    heard: list[int] = []
    slots = {"mission": "attack", "own_echelon": "company", "own_type": "infantry", "duration_min": 5}
    compose(Intent.model_validate(slots), 3, progress=lambda _, percent: heard.append(percent))
    assert heard == sorted(heard)


# ---------------------------------------------------------------- catalogue


def test_the_catalogue_knows_its_kinds_and_has_a_digest() -> None:
    catalogue = load_catalogue()
    assert catalogue.kind("infantry_platoon").name == "Rifle Platoon"
    assert len(catalogue.digest) == 64
    assert catalogue.digest == load_catalogue().digest
    with pytest.raises(MissingError, match="rifle_none"):
        catalogue.kind("rifle_none")


GOOD = '{"format":"pacai.forces/1","about":"","equipment":{},"families":{},"kinds":{},"civil":[]}'
KIND = (
    '"x":{"name":"X","short":"X","echelon":"team","role":"support","symbol":"101211000000","mobility":"foot",'
    '"dis_type":"3.1.0.11.0.0.0","personnel":1,"equipment":[],"weapon_range_m":0,"sensor_range_m":0,"children":[%s]}'
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        GOOD.replace("forces/1", "forces/9"),
        GOOD.replace('"civil":[]', '"civil":["nobody"]'),
        GOOD.replace('"families":{}', '"families":{"infantry":{"team":"nobody"}}'),
        GOOD.replace('"kinds":{}', '"kinds":{' + KIND % '{"kind":"y","count":1}' + "}"),
        GOOD.replace('"kinds":{}', '"kinds":{' + KIND % '{"kind":"x","count":1}' + "}"),
        GOOD.replace('"about":""', '"about":"","more":1'),
    ],
)
def test_a_catalogue_that_does_not_hang_together_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="catalogue"):
        load_catalogue(text)


def test_a_catalogue_of_a_site_is_read() -> None:
    assert load_catalogue(GOOD.replace('"kinds":{}', '"kinds":{' + KIND % "" + "}")).kind("x").personnel == 1
