"""Batches on real kernels, with a small notebook that needs no gateway."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest

from server_ext.batch import RESULT_MIME, BatchRun, run_batch
from workbench.errors import NotebookError

CELLS = [
    ("seed = 0\nlabel = 'x'", ["parameters"]),
    ("if seed == 3:\n    raise ValueError('three is refused')", []),
    (
        "from IPython.display import display\n"
        f"display({{{RESULT_MIME!r}: {{'double': 2 * seed, 'seed': seed}}}}, raw=True)",
        [],
    ),
]


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, metadata={"tags": tags}) for source, tags in CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    path = tmp_path / "small.ipynb"
    nbformat.write(book, path)
    return path


def test_each_run_is_a_row_and_one_failure_stops_no_other(notebook: Path, tmp_path: Path) -> None:
    done: list[BatchRun] = []
    sets = [{"seeds": seed} for seed in (2, 3, 4)]
    summary = run_batch(notebook, sets, tmp_path / "out", jobs=2, on_done=done.append)
    assert sorted(run.number for run in done) == [1, 2, 3]
    assert summary.failed == 1
    table = pd.read_parquet(summary.parquet)
    assert list(table["seed"]) == [2, 3, 4]
    assert list(table["ok"]) == [True, False, True]
    assert list(table["double"].dropna()) == [4, 8]
    assert "three is refused" in table["error"][1]
    assert all((tmp_path / "out" / name).is_file() for name in table["notebook"])
    assert pd.read_csv(summary.csv)["run"].tolist() == [1, 2, 3]


def test_an_unknown_parameter_names_the_known_ones(notebook: Path, tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match=r"no parameter 'sed'.*label, seed"):
        run_batch(notebook, [{"sed": 1}], tmp_path, jobs=1, on_done=lambda run: None)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', "\x00"])
def test_a_damaged_notebook_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text(content)
    with pytest.raises(NotebookError, match="broken"):
        run_batch(path, [{"seed": 1}], tmp_path, jobs=1, on_done=lambda run: None)


def test_a_missing_notebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="there is no notebook"):
        run_batch(tmp_path / "none.ipynb", [{"seed": 1}], tmp_path, jobs=1, on_done=lambda run: None)
