"""Reading a notebook for a batch: refuse what is not one before any kernel starts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillException

from workbench.errors import NotebookError

__all__ = ["parameters_of", "read_notebook"]

NBFORMAT_MAJOR = 4


def read_notebook(path: Path) -> Mapping[str, Any]:
    """The notebook at ``path`` as plain JSON, valid by nbformat's schema.

    Raises:
        NotebookError: missing, not JSON, not a notebook, or of another major version.
    """
    if not path.is_file():
        raise NotebookError(f"there is no notebook {path}")
    try:
        book = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise NotebookError(f"{path} is not JSON and so not a notebook: {error}") from error
    if not isinstance(book, dict) or book.get("nbformat") != NBFORMAT_MAJOR:
        raise NotebookError(f"{path} is not a notebook of format {NBFORMAT_MAJOR}; save it again in JupyterLab")
    try:
        nbformat.validate(book)
    except nbformat.ValidationError as error:
        raise NotebookError(f"{path} is not a valid notebook: {error.message}") from error
    return book


def parameters_of(path: Path) -> frozenset[str]:
    """Names in the cell tagged ``parameters``.

    Raises:
        NotebookError: see :func:`read_notebook`.
    """
    read_notebook(path)
    try:
        return frozenset(papermill.inspect_notebook(str(path)))
    except PapermillException as error:
        raise NotebookError(f"the parameters of {path} cannot be read: {error}") from error
