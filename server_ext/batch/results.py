"""What a run leaves: one row per run, from the notebook's own result output.

A notebook hands a result to its batch by displaying a JSON object under :data:`RESULT_MIME`; it stays in the
executed copy as evidence, and every key becomes a column.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["RESULT_MIME", "result_of", "write_results"]

RESULT_MIME = "application/vnd.pacai.result+json"


def result_of(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """The last result object that an executed notebook displayed; empty where it displayed none."""
    found: dict[str, Any] = {}
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            value = output.get("data", {}).get(RESULT_MIME)
            if isinstance(value, dict):
                found = value
    return found


def write_results(rows: Sequence[Mapping[str, Any]], folder: Path) -> tuple[Path, Path]:
    """Write ``results.parquet`` and ``results.csv``; columns in order of first appearance."""
    frame = pd.DataFrame.from_records([dict(row) for row in rows]).convert_dtypes()
    parquet, csv = folder / "results.parquet", folder / "results.csv"
    frame.to_parquet(parquet, index=False)
    frame.to_csv(csv, index=False)
    return parquet, csv
