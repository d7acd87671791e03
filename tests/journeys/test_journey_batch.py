"""``pacai batch`` over the shipped notebook, against the running gateway."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd

from server_ext.notebooks import shipped_notebooks
from server_ext.ops.session import GatewaySession


def test_eight_seeds_give_eight_rows_and_eight_executed_copies(shared_gateway: GatewaySession, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "server_ext.cli", "batch", str(shipped_notebooks() / "05_batch.ipynb")]
    words = [
        "--over",
        "seeds=1..8",
        "--jobs",
        "2",
        "--out",
        "out",
        "--json",
    ]
    done = subprocess.run(
        [*command, *words],
        env={**os.environ, "PACAI_GATEWAY": shared_gateway.url},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["runs"] == 8
    table = pd.read_parquet(tmp_path / "out" / "results.parquet")
    assert table["seed"].tolist() == list(range(1, 9))
    assert table["digest"].nunique() == 8
    assert table["ok"].all()
    assert (table["errors"] == 0).all()
    for name in table["notebook"]:
        assert nbformat.read(tmp_path / "out" / name, as_version=4).metadata.papermill.exception is None
