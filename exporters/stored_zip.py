"""The one zip layout that packages have, written and read back strictly.

Rules of the layout (APPNOTE 6.3.10), which leave nothing to choose and nowhere to hide:

* entries stored (deflate's bytes differ between zlib versions), sorted by the bytes of their path;
* time 1980-01-01, Unix, mode 0644, no extra fields, no comments, no data descriptors, no directories;
* local headers, data, central directory and end record follow one another without a gap.

So the same files are the same zip on every machine, and a reader that rebuilds the headers from the names,
sizes and checksums and compares them finds every changed bit, hidden entry and appended byte.

>>> stored_zip({"a.txt": b"hello"})[:4]
b'PK\\x03\\x04'
"""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Self

from exporters.manifest import check_names
from workbench.errors import InputError

__all__ = ["StoredZip", "stored_zip"]

MAX_ENTRIES = 65_534
"""One below the mark of ZIP64 (APPNOTE §4.4.22)."""
MAX_ZIP_BYTES = 2**32 - 2
"""Offsets have 32 bits; larger packages are delivered as folders."""
_DATE_1980 = 0x21
_VERSION = 20
_MADE_BY_UNIX = 3 << 8 | _VERSION
_MODE = 0o100644 << 16
_UTF8_NAME = 0x800
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    crc: int
    size: int
    offset: int

    @property
    def local(self) -> bytes:
        flags, raw = self._name()
        fields = (_VERSION, flags, 0, 0, _DATE_1980, self.crc, self.size, self.size, len(raw), 0)
        return _LOCAL.pack(b"PK\x03\x04", *fields) + raw

    @property
    def central(self) -> bytes:
        flags, raw = self._name()
        head = (_MADE_BY_UNIX, _VERSION, flags, 0, 0, _DATE_1980, self.crc, self.size, self.size, len(raw))
        return _CENTRAL.pack(b"PK\x01\x02", *head, 0, 0, 0, 0, _MODE, self.offset) + raw

    @property
    def data_offset(self) -> int:
        return self.offset + len(self.local)

    def _name(self) -> tuple[int, bytes]:
        return (0 if self.name.isascii() else _UTF8_NAME), self.name.encode()


def stored_zip(files: Mapping[str, bytes]) -> bytes:
    """The zip of ``files`` (bytes by path).

    Raises:
        InputError: a path is unsafe, two paths collide, or the files are too many or too large for a zip.
    """
    check_names(files)
    entries, parts, offset = [], [], 0
    for name in sorted(files, key=str.encode):
        data = files[name]
        entry = _Entry(name, zlib.crc32(data), len(data), offset)
        entries.append(entry)
        parts += [entry.local, data]
        offset = entry.data_offset + entry.size
    if len(entries) > MAX_ENTRIES or offset > MAX_ZIP_BYTES:
        raise InputError(f"{len(entries)} files of {offset} bytes do not fit in a zip; deliver the folder")
    return b"".join([*parts, _directory(entries, offset)])


class StoredZip:
    """A zip file in the layout of :func:`stored_zip`; a context manager.

    Raises:
        InputError: from ``open``; says which entry is unsafe or how the layout differs.
    """

    def __init__(self, stream: BinaryIO, entries: Sequence[_Entry]) -> None:
        self._stream = stream
        self._entries = {entry.name: entry for entry in entries}

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Check the whole layout of ``path``; the data is read later, with :meth:`open_entry`."""
        stream = open(path, "rb")  # noqa: SIM115  # closed by close()
        try:
            return cls(stream, _checked_entries(stream))
        except BaseException:
            stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._stream.close()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def open_entry(self, name: str) -> BinaryIO:
        """The data of one entry as a stream of its own."""
        entry = self._entries[name]
        return io.BufferedReader(_Window(self._stream, entry.data_offset, entry.size), _CHUNK)


class _Window(io.RawIOBase):
    """Part of a stream, read from its own position."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream, self._at, self._end = stream, start, start + size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # narrower on purpose
        self._stream.seek(self._at)
        data = self._stream.read(min(len(buffer), self._end - self._at))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _directory(entries: Sequence[_Entry], offset: int) -> bytes:
    """Central directory and end record; ``offset`` is where they begin."""
    central = b"".join(entry.central for entry in entries)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(central), offset, 0)
    return central + end


def _checked_entries(stream: BinaryIO) -> list[_Entry]:
    listed = _listed(stream)
    check_names(info.filename for info in listed)
    for info in listed:
        if fault := _fault(info):
            raise InputError(f"the zip entry {info.filename!r} {fault}")
    entries = [_Entry(info.filename, info.CRC, info.file_size, info.header_offset) for info in listed]
    _compare_layout(stream, entries)
    return entries


def _listed(stream: BinaryIO) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(stream) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error, ValueError) as error:
        raise InputError(f"the file is not a readable zip: {error}") from error
    seen: set[str] = set()
    for info in listed:
        # zipfile cuts a name at its first NUL and keeps what the file says in orig_filename
        if info.orig_filename in seen or info.orig_filename != info.filename:
            raise InputError(f"the zip entry {info.orig_filename!r} stands in the zip twice or has an ambiguous name")
        seen.add(info.orig_filename)
    return listed


def _fault(info: zipfile.ZipInfo) -> str | None:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "is a symbolic link"
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type != zipfile.ZIP_STORED:
        return f"is compressed ({info.compress_size} to {info.file_size} bytes); packages are stored, so unpack it and verify the folder"
    if info.file_size != info.compress_size:
        return f"claims {info.file_size} bytes and holds {info.compress_size}"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return "is not a regular file"
    return None


def _compare_layout(stream: BinaryIO, entries: Sequence[_Entry]) -> None:
    offset = 0
    for entry in entries:
        if entry.offset != offset:
            raise InputError(f"the zip entry {entry.name!r} does not begin where the one before it ends")
        stream.seek(offset)
        if stream.read(len(entry.local)) != entry.local:
            raise InputError(f"the zip entry {entry.name!r} has a local header that is not the package's")
        offset = entry.data_offset + entry.size
    if [entry.name for entry in entries] != sorted((entry.name for entry in entries), key=str.encode):
        raise InputError("the zip entries are not sorted by path")
    stream.seek(offset)
    expected = _directory(entries, offset)
    if stream.read(len(expected) + 1) != expected:
        raise InputError("the central directory of the zip is not the package's: something was changed or added")
