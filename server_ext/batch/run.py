"""Run one notebook over many parameter sets, each on a fresh local kernel.

Every run leaves an executed copy ``run-0001.ipynb`` …, also when it fails: the copy then ends at the failing
cell. One run's failure never stops the others.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill
from papermill.exceptions import PapermillException, PapermillExecutionError

from server_ext.batch.notebook import parameters_of, read_notebook
from server_ext.batch.parameters import ParameterSet
from server_ext.batch.results import result_of, write_results
from workbench.errors import NotebookError

__all__ = ["BatchRun", "BatchSummary", "run_batch"]


@dataclass(frozen=True, slots=True)
class BatchRun:
    number: int
    parameters: ParameterSet
    ok: bool
    error: str
    seconds: float
    notebook: Path
    result: Mapping[str, Any]

    def row(self) -> dict[str, Any]:
        """One line of the results table: run, parameters, the notebook's own columns, outcome."""
        return {
            "run": self.number,
            **self.parameters,
            **{key: value for key, value in self.result.items() if key not in self.parameters},
            "ok": self.ok,
            "error": self.error,
            "seconds": round(self.seconds, 3),
            "notebook": self.notebook.name,
        }


@dataclass(frozen=True, slots=True)
class BatchSummary:
    runs: tuple[BatchRun, ...]
    folder: Path
    parquet: Path
    csv: Path

    @property
    def failed(self) -> int:
        return sum(not run.ok for run in self.runs)


def run_batch(
    notebook: Path,
    sets: Sequence[ParameterSet],
    folder: Path,
    *,
    jobs: int,
    on_done: Callable[[BatchRun], None],
) -> BatchSummary:
    """Execute ``notebook`` once per parameter set, ``jobs`` at a time.

    Raises:
        NotebookError: the notebook cannot be read, or has no parameter of a given name.
    """
    named = [fit_to_notebook(notebook, parameters) for parameters in sets]
    # Absolute, and no ``cwd`` for papermill: it would change the directory of the whole process under the other runs.
    notebook, folder = notebook.absolute(), folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    runs: list[BatchRun] = []
    with ThreadPoolExecutor(max_workers=max(1, jobs), thread_name_prefix="batch") as pool:
        waiting = [
            pool.submit(_run_one, notebook, number, parameters, folder)
            for number, parameters in enumerate(named, start=1)
        ]
        for future in as_completed(waiting):
            runs.append(future.result())
            on_done(runs[-1])
    runs.sort(key=lambda run: run.number)
    parquet, csv = write_results([run.row() for run in runs], folder)
    return BatchSummary(tuple(runs), folder, parquet, csv)


def fit_to_notebook(notebook: Path, parameters: ParameterSet) -> ParameterSet:
    """Rename ``seeds`` to the notebook's ``seed`` where only the singular exists.

    Raises:
        NotebookError: see :func:`run_batch`.
    """
    known = parameters_of(notebook)
    fitted: ParameterSet = {}
    for name, value in parameters.items():
        singular = name.removesuffix("s")
        fitting = name if name in known else singular
        if fitting not in known:
            names = ", ".join(sorted(known)) or "none; tag a cell with 'parameters'"
            raise NotebookError(f"{notebook.name} has no parameter {name!r}; its parameters are: {names}")
        fitted[fitting] = value
    return fitted


def _run_one(notebook: Path, number: int, parameters: ParameterSet, folder: Path) -> BatchRun:
    copy = folder / f"run-{number:04d}.ipynb"
    began = time.perf_counter()
    error = ""
    try:
        papermill.execute_notebook(
            str(notebook),
            str(copy),
            parameters=dict(parameters),
            progress_bar=False,
        )
    except PapermillExecutionError as failure:
        error = f"{failure.ename}: {failure.evalue}"
    except (PapermillException, RuntimeError, OSError) as failure:
        error = f"{type(failure).__name__}: {failure}"
    return BatchRun(
        number=number,
        parameters=parameters,
        ok=not error,
        error=error,
        seconds=time.perf_counter() - began,
        notebook=copy,
        result=result_of(read_notebook(copy)) if copy.is_file() else {},
    )
