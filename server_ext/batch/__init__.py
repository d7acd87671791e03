"""Notebook runs over parameter sets: papermill semantics on local kernels."""

from server_ext.batch.parameters import ParameterSet, parse_over, spread
from server_ext.batch.results import RESULT_MIME, write_results
from server_ext.batch.run import BatchRun, BatchSummary, run_batch

__all__ = [
    "RESULT_MIME",
    "BatchRun",
    "BatchSummary",
    "ParameterSet",
    "parse_over",
    "run_batch",
    "spread",
    "write_results",
]
