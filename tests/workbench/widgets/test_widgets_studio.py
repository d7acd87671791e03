"""The studio without a browser: what a button does, what is said, what is never shown."""

from typing import Any

import pytest

from workbench.errors import GatewayUnavailableError, InputError, OutOfScopeError
from workbench.widgets import Studio, TacticalMap


@pytest.fixture
def studio(client: Any) -> Studio:
    return Studio(client)


def test_an_empty_studio_says_what_to_do_and_offers_no_signing(studio: Studio) -> None:
    assert "press Generate" in studio.said.value
    assert studio.sign.disabled
    with pytest.raises(InputError, match="generate a scenario first"):
        _ = studio.scenario


def test_generate_fills_every_tab_and_the_chips(studio: Studio, composition: Any) -> None:
    made = studio.generate("attack the bridge", seed=5)
    assert studio.scenario is made.scenario
    assert isinstance(studio.map_box.children[0], TacticalMap)
    assert (studio.progress.value, studio.progress.description) == (100, "done")
    assert "mission: <b>attack</b> <small>rule, 93 %</small>" in studio.said.value
    assert "or rain, clear?" in studio.said.value
    assert "from “attack”" in studio.said.value
    assert made.digest in studio.said.value
    assert not studio.sign.disabled
    texts = {name: box.value for name, box in studio._texts.items()}
    assert composition.scenario.units[0].name in texts["ORBAT"]
    assert composition.scenario.injects[0].title in texts["MSEL"]
    assert "5. Command and signal" in texts["OPORD"]
    assert texts["Findings"].index("▲ warning") < texts["Findings"].index("● note")


def test_every_assumption_is_listed(studio: Studio, composition: Any) -> None:
    studio.generate("attack", seed=5)
    for filled in composition.scenario.recipe.assumed:
        slot = filled.partition("=")[0].replace("_", " ")
        assert f"{slot}: <b>" in studio.said.value


def test_the_button_does_what_the_method_does(studio: Studio) -> None:
    studio.prompt.value, studio.seed.value = "attack", "12"
    studio.go.click()
    assert studio.made is not None
    studio.sign.click()
    assert studio.package is not None
    assert studio.client.released == [("sc-1", 1, "godot")]


def test_words_of_a_prompt_or_a_scenario_are_never_markup(studio: Studio) -> None:
    studio.generate("<script>alert(1)</script>", seed=5)
    everything = studio.said.value + "".join(box.value for box in studio._texts.values())
    assert "<script>" not in everything
    assert "<i>fine" not in everything
    assert "&lt;clear&gt;" in everything


def test_a_refusal_is_a_sentence_in_place_and_keeps_the_scenario(studio: Studio) -> None:
    made = studio.generate("attack", seed=5)
    studio.prompt.value = "pizza"
    studio.go.click()
    assert 'role="alert"' in studio.said.value
    assert "&lt;b&gt;pizza&lt;/b&gt; is not a training scenario" in studio.said.value
    assert studio.progress.description == "stopped"
    assert studio.made is made
    assert not studio.go.disabled
    with pytest.raises(OutOfScopeError):
        studio.generate("pizza")


@pytest.mark.parametrize("seed", ["", "minus one", "-1", "1.5", "9007199254740992", "²", "٣"])
def test_a_seed_that_is_none_is_said_in_place(studio: Studio, seed: str) -> None:
    studio.seed.value = seed
    studio.go.click()
    assert "whole number from 0 to 9007199254740991" in studio.said.value
    assert studio.made is None


def test_a_gateway_that_is_gone_is_said_for_generating_and_for_signing(studio: Studio) -> None:
    studio.generate("attack", seed=5)
    studio.client.reachable = False
    studio.go.click()
    studio.sign.click()
    assert "cannot be reached" in studio.said.value
    assert "cannot be reached" in studio.released.value
    with pytest.raises(GatewayUnavailableError):
        studio.export()


def test_a_package_is_described_in_honest_words(studio: Studio) -> None:
    studio.generate("attack", seed=5)
    package = studio.export("pacai")
    assert package["target"] == "pacai"
    said = studio.released.value
    assert "software signer, for evaluation" in said
    assert "EVALUATION" in said
    assert package["manifest_sha256"] in said
    assert "ssh-keygen -Y verify" in said
    assert "studio.client.download" in said


def test_a_new_scenario_forgets_the_package_of_the_last(studio: Studio) -> None:
    studio.generate("attack", seed=5)
    studio.export()
    studio.generate("attack", seed=6)
    assert studio.package is None
    assert studio.released.value == ""


def test_the_dice_give_a_usable_seed(studio: Studio) -> None:
    studio.dice.click()
    assert studio.roll() == int(studio.seed.value) >= 0


def test_every_control_has_a_name_and_the_classification_is_on_top(studio: Studio) -> None:
    for control in (studio.prompt, studio.seed, studio.dice, studio.go, studio.target, studio.sign, studio.progress):
        assert control.description
    assert "EXERCISE - TRAINING" in studio.children[0].value


def test_the_map_sheet_is_drawn_when_it_is_looked_at(studio: Studio) -> None:
    studio.generate("attack", seed=5)
    assert studio.sheet_box.children == ()
    studio.tabs.selected_index = len(studio.tabs.children) - 1
    picture = studio.sheet_box.children[0]
    assert bytes(picture.value).startswith(b"\x89PNG")
    studio.tabs.selected_index = 0
    studio.tabs.selected_index = len(studio.tabs.children) - 1
    assert studio.sheet_box.children[0] is picture
