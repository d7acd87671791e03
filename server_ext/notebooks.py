"""The shipped notebooks, and the user's own copies of them.

A user works on copies in ``$PACAI_HOME/notebooks``: an upgrade adds what is missing and never overwrites what
someone may have changed.
"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from workbench.errors import StorageFullError

__all__ = ["provide_notebooks", "shipped_notebooks"]


def shipped_notebooks() -> Path:
    """The folder of the shipped notebooks: inside the wheel, or of the checkout."""
    installed = files("server_ext") / "shipped_notebooks"
    if installed.is_dir():
        with as_file(installed) as folder:
            return folder
    return Path(__file__).resolve().parent.parent / "notebooks"


def provide_notebooks(folder: Path) -> Path:
    """Copy the shipped notebooks that ``folder`` lacks; returns ``folder``.

    Raises:
        StorageFullError: they cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(shipped_notebooks().glob("*.ipynb")):
            target = folder / source.name
            if not target.exists():
                shutil.copyfile(source, target)
    except OSError as error:
        raise StorageFullError(f"the notebooks cannot be copied to {folder}: {error.strerror}") from error
    return folder
