"""The shipped notebooks are valid, clean and readable; running them is the journeys' work."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAMES = ("01_studio", "02_audit", "03_release", "04_admin", "05_batch")
PARAMETERISED = ("02_audit", "05_batch")
FORBIDDEN_VERBS = re.compile(r"\.(approve|sign|policy_change|issue_token|apply_licence)\(")
CODE_LINE = 140


def read(name: str) -> nbformat.NotebookNode:
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def code(name: str) -> list[str]:
    return [cell.source for cell in read(name).cells if cell.cell_type == "code"]


def test_exactly_the_five_notebooks_are_shipped() -> None:
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_in_the_format_with_cell_ids(name: str) -> None:
    written = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text())
    assert (written["nbformat"], written["nbformat_minor"]) == (4, 5)
    nbformat.validate(written)
    ids = [cell["id"] for cell in written["cells"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_holds_no_output_and_no_widget_state(name: str) -> None:
    notebook = read(name)
    assert "widgets" not in notebook.metadata
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_begins_with_a_title_and_explains_before_it_runs(name: str) -> None:
    first, second, *_ = read(name).cells
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert len(first.source.split()) > 10
    assert second.cell_type == "code"


@pytest.mark.parametrize("name", NAMES)
def test_the_code_parses_in_short_lines_and_asks_for_nothing_privileged(name: str) -> None:
    for source in code(name):
        ast.parse(source)
        assert max(map(len, source.splitlines())) <= CODE_LINE
        assert not FORBIDDEN_VERBS.search(source)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_names_no_address_but_lets_the_client_find_the_gateway(name: str) -> None:
    joined = "\n".join(code(name))
    assert "http" not in joined
    assert "Client.connect()" in joined or "Studio()" in joined


@pytest.mark.parametrize("name", PARAMETERISED)
def test_parameters_are_in_one_tagged_cell_of_plain_assignments(name: str) -> None:
    tagged = [cell for cell in read(name).cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    statements = ast.parse(tagged[0].source).body
    assert statements
    assert all(isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.Dict) for node in statements)


def test_the_batch_notebook_ends_by_handing_over_one_row() -> None:
    last = code("05_batch")[-1]
    assert "application/vnd.pacai.result+json" in last
    assert "display(" in last
