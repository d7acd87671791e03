"""Content-addressed bytes in a folder: the name of an object is the SHA-256 of its bytes.

An object appears whole or not at all (temporary file, fsync, rename, fsync of the folder), is never
changed, and is checked each time it is read.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     objects = ObjectStore(Path(folder))
...     objects.get(objects.put(b"grid"))
b'grid'
"""

import errno
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.canonical import Digest, sha256_hex
from workbench.errors import InputError, MissingError, StorageFullError, UnavailableError, VerificationError

__all__ = ["ObjectStore"]

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_PARTIAL_PREFIX: Final = ".partial-"


class ObjectStore:
    """Objects under ``root``, in 256 folders by the first two digits of their name."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> Digest:
        """Keep ``data``; the same bytes again cost one look.

        Raises:
            StorageFullError: the disk or the quota is full; nothing is left behind.
            UnavailableError: the folder cannot be written.
        """
        name = sha256_hex(data)
        path = self._path(name)
        try:
            if not self._holds(path, len(data)):
                self._write(path, data)
        except OSError as error:
            if error.errno in _FULL:
                raise StorageFullError(f"no space for an object of {len(data)} bytes in {self._root}") from error
            raise UnavailableError(f"the object store {self._root} cannot be written: {error.strerror}") from error
        return name

    def get(self, name: str) -> bytes:
        """The bytes of ``name``.

        Raises:
            MissingError: there is no such object.
            VerificationError: its bytes are not what its name says.
            InputError: ``name`` is not a SHA-256.
            UnavailableError: the folder cannot be read.
        """
        path = self._path(name)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise MissingError(f"there is no object {name}") from None
        except OSError as error:
            raise UnavailableError(f"the object store {self._root} cannot be read: {error.strerror}") from error
        if sha256_hex(data) != name:
            raise VerificationError(f"object {name} is damaged: its bytes have digest {sha256_hex(data)}")
        return data

    def exists(self, name: str) -> bool:
        """True if the object is kept.

        Raises:
            InputError: ``name`` is not a SHA-256.
        """
        return self._path(name).is_file()

    def _path(self, name: str) -> Path:
        if not _DIGEST.fullmatch(name):
            raise InputError(f"an object is named by 64 hexadecimal digits, got {name[:80]!r}")
        return self._root / name[:2] / name

    def _holds(self, path: Path, size: int) -> bool:
        """True if the object is there with its size: a file system that lost bytes in a crash is repaired."""
        try:
            return path.stat().st_size == size
        except FileNotFoundError:
            return False

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd, partial = tempfile.mkstemp(prefix=_PARTIAL_PREFIX, dir=path.parent)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(fd)
            os.replace(partial, path)
        except OSError:
            with suppress(FileNotFoundError):
                os.unlink(partial)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
