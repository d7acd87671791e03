"""The files of a package as it lies before us: an unpacked folder, or a zip, opened without trust.

A folder is refused when it holds a symbolic link or anything that is not a regular file, a zip when it is
not exactly in the layout of :mod:`exporters.stored_zip`; both when a path is unsafe. The offender is named.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from exporters.manifest import check_names
from exporters.stored_zip import StoredZip
from workbench.errors import InputError, MissingError

__all__ = ["Contents", "open_contents"]

MAX_FILES = 200_000


class Contents(Protocol):
    """Files by relative POSIX path."""

    @property
    def names(self) -> tuple[str, ...]: ...

    def open_entry(self, name: str) -> BinaryIO:
        """A stream of the bytes of one of ``names``."""
        ...


class Folder:
    """The regular files below a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names = tuple(sorted(_walk(root, ""), key=os.fsencode))
        check_names(self._names)

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    def open_entry(self, name: str) -> BinaryIO:
        # No following: the entry may have been swapped for a link after it was listed.
        descriptor = os.open(self._root / name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        return os.fdopen(descriptor, "rb")


@contextmanager
def open_contents(path: Path) -> Iterator[Contents]:
    """The package at ``path``, a folder or a zip.

    Raises:
        MissingError: there is nothing at ``path``.
        InputError: it is neither, or it is unsafe; the entry is named.
    """
    if path.is_dir():
        yield Folder(path)
    elif path.is_file():
        with StoredZip.open(path) as archive:
            yield archive
    else:
        raise MissingError(f"there is no folder or zip file at {path}")


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    count = 0
    pending = [(folder, prefix)]
    while pending:
        directory, prefix = pending.pop()
        with os.scandir(directory) as listing:
            for entry in listing:
                name = prefix + entry.name
                count += 1
                if count > MAX_FILES:
                    raise InputError(f"the folder holds more than {MAX_FILES} files; {name!r} is one too many")
                if entry.is_symlink():
                    raise InputError(f"{name!r} is a symbolic link; a package holds regular files only")
                if entry.is_dir(follow_symlinks=False):
                    pending.append((Path(entry.path), name + "/"))
                elif entry.is_file(follow_symlinks=False):
                    yield name
                else:
                    raise InputError(f"{name!r} is a device, socket or pipe; a package holds regular files only")
