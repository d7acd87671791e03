"""The shipped notebooks run headless, in real kernels, against the running gateway."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from server_ext.notebooks import shipped_notebooks
from server_ext.ops.session import GatewaySession

pytestmark = pytest.mark.timeout(600)


def executed(name: str, gateway: GatewaySession, folder: Path, *extra: str) -> nbformat.NotebookNode:
    """The notebook after its run, with ``extra`` cells appended as an analyst would type them."""
    book = nbformat.read(shipped_notebooks() / name, as_version=4)
    book.cells.extend(nbformat.v4.new_code_cell(source) for source in extra)
    client = NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    return client.execute(env={**os.environ, "PACAI_GATEWAY": gateway.url})


def printed(book: nbformat.NotebookNode) -> str:
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
    return "\n".join(texts)


def test_the_studio_generates_exports_and_signs_without_a_browser(
    shared_gateway: GatewaySession, tmp_path: Path
) -> None:
    book = executed(
        "01_studio.ipynb",
        shared_gateway,
        tmp_path,
        "made = studio.generate('platoon ambush in a forest at night', seed=7)\nprint(made, made.errors)",
        "package = studio.export('pacai')\nprint(package['signer']['kind'], package['evaluation'])",
        "try:\n    studio.generate('', seed=1)\nexcept Exception as error:\n    print(type(error).__name__)",
        "print('role=\"alert\"' in studio.said.value, studio.scenario.recipe.seed)",
    )
    said = printed(book)
    assert "()" in said
    assert "software True" in said
    assert "PromptError" in said
    assert "True 7" in said, "a refused prompt leaves the scenario on the table and is shown in place"


def test_the_audit_notebook_shows_and_verifies_the_chain(shared_gateway: GatewaySession, tmp_path: Path) -> None:
    book = executed(
        "02_audit.ipynb",
        shared_gateway,
        tmp_path,
        "print(len(events), bool(verdict['ok']), local.ok, str(events['time'].dtype))",
        "broken = client.audit.events()\n"
        "row = broken.index[len(broken) // 2]\n"
        "broken.at[row, 'body'] = bytes(broken.at[row, 'body']).replace(b'\"', b\"'\", 1)\n"
        "verdict = broken.audit.verify()\n"
        "print(verdict.ok, verdict.first_bad_seq == broken.at[row, 'seq'])",
    )
    said = printed(book)
    assert "True True timestamp[us, tz=UTC][pyarrow]" in said
    assert "False True" in said


@pytest.mark.parametrize("name", ["03_release.ipynb", "04_admin.ipynb", "05_batch.ipynb"])
def test_the_other_notebooks_run_clean(name: str, shared_gateway: GatewaySession, tmp_path: Path) -> None:
    book = executed(name, shared_gateway, tmp_path)
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    assert outputs
    assert [output for output in outputs if output.output_type == "error"] == []
