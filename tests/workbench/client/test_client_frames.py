"""Scenario tables and the cell magic."""

from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from workbench.client import StoredScenario, document_frame, injects_frame, units_frame
from workbench.client.magic import parse_line
from workbench.errors import GatewayUnavailableError, InputError
from workbench.scenario.composition import Composition


def test_every_unit_has_a_row_with_its_first_task(composition: Composition) -> None:
    frame = units_frame(composition.scenario)
    assert frame["unit"].tolist() == [unit.id for unit in composition.scenario.units]
    assert frame["personnel"].sum() == sum(unit.personnel for unit in composition.scenario.units)
    assert (frame["task"] != "").any()


def test_the_msel_has_a_row_per_inject_in_time(composition: Composition) -> None:
    frame = injects_frame(composition.scenario)
    assert len(frame) == len(composition.scenario.injects)
    assert frame["at"].is_monotonic_increasing


def test_a_document_has_a_row_per_field_with_dotted_names() -> None:
    frame = document_frame({"a": 1, "b": {"c": {"d": True}, "e": None}, "f": ["x", "y"], "g": []})
    assert frame["value"].to_dict() == {"a": 1, "b.c.d": True, "b.e": "none", "f": "x, y", "g": "none"}


@pytest.mark.parametrize("document", [None, [], {}, {"scenario_id": 1}, {"scenario": "x"}])
def test_an_answer_of_another_shape_is_a_clear_error(document: Any) -> None:
    with pytest.raises(GatewayUnavailableError, match="same version"):
        StoredScenario.from_answer(document, lambda _: b"")


def test_a_line_of_the_magic_is_read() -> None:
    assert parse_line("seed=7 name='my attack'") == {"seed": "7", "name": "my attack"}


@pytest.mark.parametrize("line", ["", "7", "seed=", "seed=-1", "seed=x", "seed=1 colour=red", "seed=1 'open"])
def test_a_line_that_the_magic_does_not_know_says_how_to_write_it(line: str) -> None:
    with pytest.raises(InputError, match="seed="):
        parse_line(line)


@pytest.fixture
def shell() -> InteractiveShell:
    return InteractiveShell.instance()


def test_a_cell_becomes_a_scenario_in_the_notebook(small_gateway: Any, shell: InteractiveShell) -> None:
    shell.run_line_magic("load_ext", "workbench.client")
    made = shell.run_cell_magic("scenario", f"seed=7 name=attack gateway={small_gateway.address}", "attack\n")
    assert shell.user_ns["attack"] is made
    assert made.scenario_id == "sc-1"


def test_a_refused_cell_is_a_sentence(
    small_gateway: Any, shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_line_magic("reload_ext", "workbench.client")
    line = f"seed=7 gateway={small_gateway.address}"
    assert shell.run_cell_magic("scenario", line, "too long") is None
    assert capsys.readouterr().err == "the prompt is too long\n"
