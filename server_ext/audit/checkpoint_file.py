"""Signed checkpoints outside the database: an append-only text file of C2SP notes.

Whoever rewrites or rolls back the database cannot also rewrite what was signed and copied away. Notes
stand one after another, each followed by an empty line, so any of them can be cut out and handed to a
C2SP tool as it is. A note torn by a crash is cut off by the next writer.
"""

import os
from pathlib import Path
from typing import Final

from server_ext.store.file_lock import FileLock
from workbench.chain import SignedNote
from workbench.errors import SignatureFormatError, StorageFullError, VerificationError

__all__ = ["FILE_NAME", "append_note", "read_notes"]

FILE_NAME: Final = "checkpoints.txt"
_BLOCKS_PER_NOTE: Final = 2


def append_note(path: Path, note: SignedNote) -> None:
    """Add a note and wait until it is on the disk.

    Raises:
        StorageFullError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(path.with_suffix(".lock")), path.open("ab") as file:
            whole = _whole_length(path.read_bytes())
            if whole < file.tell():
                file.truncate(whole)
            file.write(note.to_text().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageFullError(f"the checkpoint cannot be written to {path}: {error.strerror}") from error


def read_notes(path: Path) -> list[SignedNote]:
    """The notes of the file, oldest first; none where there is no file. A torn last note is left out.

    Raises:
        VerificationError: the file holds something else.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    blocks = data[: _whole_length(data)].split(b"\n\n")[:-1]
    pairs = zip(blocks[::_BLOCKS_PER_NOTE], blocks[1::_BLOCKS_PER_NOTE], strict=True)
    try:
        return [SignedNote.parse(text + b"\n\n" + signatures + b"\n") for text, signatures in pairs]
    except SignatureFormatError as error:
        raise VerificationError(f"{path} is damaged: {error}") from error


def _whole_length(data: bytes) -> int:
    """The length of the part that consists of whole notes: text, empty line, signatures, empty line."""
    blocks = data.split(b"\n\n")
    torn = blocks.pop()
    if len(blocks) % _BLOCKS_PER_NOTE:
        torn = blocks.pop() + b"\n\n" + torn
    return len(data) - len(torn)
