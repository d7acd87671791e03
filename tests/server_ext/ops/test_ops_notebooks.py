from pathlib import Path

import nbformat
import pytest

from server_ext.notebooks import provide_notebooks, shipped_notebooks

NAMES = ["01_studio.ipynb", "02_audit.ipynb", "03_release.ipynb", "04_admin.ipynb", "05_batch.ipynb"]


def test_a_user_gets_copies_that_an_upgrade_does_not_overwrite(tmp_path: Path) -> None:
    folder = provide_notebooks(tmp_path / "mine")
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    (folder / NAMES[0]).write_text("my work")
    (folder / NAMES[1]).unlink()
    provide_notebooks(folder)
    assert (folder / NAMES[0]).read_text() == "my work"
    assert (folder / NAMES[1]).is_file()


@pytest.mark.parametrize("name", NAMES)
def test_shipped_notebooks_are_valid_and_clean(name: str) -> None:
    book = nbformat.read(shipped_notebooks() / name, as_version=4)
    nbformat.validate(book)
    assert "widgets" not in book.metadata
    for cell in book.cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
        assert cell.id
