"""The ``.pacai`` file: a scenario and its grids in one zip, the same bytes on every machine.

Rules the format keeps, and that :func:`read_archive` demands:

* Members in this order: ``scenario.json`` (RFC 8785 bytes), then ``blobs/<sha256>`` sorted by name; no
  others, no directories, none twice.
* Stored, not compressed: zlib releases differ in the bytes they write, and the grids compress well in
  whatever carries the file.
* Timestamps 1980-01-01 00:00, creator system 3 (Unix), mode 0644, no comments, no extra fields.
* Every blob hashes to its name, and the document names exactly these blobs.

So there is one archive for one composition, and ``write_archive(read_archive(data)) == data``.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

import orjson
from pydantic import ValidationError

from workbench.canonical import canonical_bytes, sha256_hex
from workbench.errors import CanonicalError, ScenarioFileError
from workbench.scenario.composition import Composition
from workbench.scenario.ground import Ground
from workbench.scenario.model import SCHEMA_VERSION, Scenario

__all__ = ["DOCUMENT_NAME", "read_archive", "write_archive"]

DOCUMENT_NAME: Final = "scenario.json"
BLOB_FOLDER: Final = "blobs/"

MAX_ARCHIVE_BYTES: Final = 512 * 1024 * 1024
"""A division on 100 km at 50 m, with grids of 2001 × 2001, takes a twentieth of this."""
MAX_DOCUMENT_BYTES: Final = 64 * 1024 * 1024
MAX_MEMBERS: Final = 16

_LOCAL_HEADER: Final = struct.Struct("<4s5H3I2H")
_CENTRAL_HEADER: Final = struct.Struct("<4s6H3I5H2I")
_END_RECORD: Final = struct.Struct("<4s4H2IH")
_ZIP_VERSION: Final = 20
_FIRST_OF_1980: Final = 1 << 5 | 1
"""1980-01-01 in MS-DOS format, the earliest date that a zip can hold (APPNOTE.TXT 4.4.6)."""
_UNIX: Final = 3
_REGULAR_FILE_MODE: Final = 0o100644


def write_archive(composition: Composition) -> bytes:
    """The bytes of the ``.pacai`` file.

    Raises:
        ScenarioFileError: the blobs are not exactly those that the document names, or the archive would
            be larger than what is read.
    """
    _require_blobs(composition.scenario, composition.blobs)
    members = {DOCUMENT_NAME: composition.scenario.canonical()}
    members |= {BLOB_FOLDER + name: composition.blobs[name] for name in sorted(composition.blobs)}
    _require_size(sum(len(content) for content in members.values()))
    return _zipped(members)


def read_archive(data: bytes) -> Composition:
    """The composition of a ``.pacai`` file that comes from anywhere.

    Raises:
        ScenarioFileError: whatever is wrong with it, in one sentence.
    """
    members = _unzipped(data)
    scenario = _scenario(members)
    blobs = {name.removeprefix(BLOB_FOLDER): blob for name, blob in members.items() if name != DOCUMENT_NAME}
    _require_blobs(scenario, blobs)
    Ground.from_blobs(scenario.terrain, blobs)
    if _zipped(members) != data:
        raise ScenarioFileError("the archive is not in its one form: bytes were added, moved or compressed again")
    return Composition(scenario=scenario, blobs=blobs)


def _zipped(members: Mapping[str, bytes]) -> bytes:
    """The zip of these members, byte by byte after APPNOTE.TXT 4.3, so that no library can change it."""
    body, directory = io.BytesIO(), io.BytesIO()
    for name, content in members.items():
        common = (_ZIP_VERSION, 0, zipfile.ZIP_STORED, 0, _FIRST_OF_1980)
        sizes = (zlib.crc32(content), len(content), len(content), len(name))
        made_by = _UNIX << 8 | _ZIP_VERSION
        attributes = (0, 0, 0, 0, _REGULAR_FILE_MODE << 16, body.tell())
        directory.write(_CENTRAL_HEADER.pack(b"PK\x01\x02", made_by, *common, *sizes, *attributes))
        directory.write(name.encode("ascii"))
        body.write(_LOCAL_HEADER.pack(b"PK\x03\x04", *common, *sizes, 0))
        body.write(name.encode("ascii") + content)
    start, count = body.tell(), len(members)
    end = _END_RECORD.pack(b"PK\x05\x06", 0, 0, count, count, directory.tell(), start, 0)
    return body.getvalue() + directory.getvalue() + end


def _unzipped(data: bytes) -> dict[str, bytes]:
    """Names and contents of the members, after the checks that need no content."""
    _require_size(len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _require_safe(archive.infolist(), len(data))
            return {member.filename: archive.read(member) for member in archive.infolist()}
    # What zipfile raises for damaged input: BadZipFile, and from inside it ValueError and OverflowError
    # (offsets), NotImplementedError (versions and methods), EOFError (truncation), RuntimeError (encryption).
    except (
        zipfile.BadZipFile,
        ValueError,
        OverflowError,
        NotImplementedError,
        EOFError,
        RuntimeError,
    ) as error:
        raise ScenarioFileError(f"this is not a readable .pacai file: {error}") from error


def _require_size(size: int) -> None:
    if size > MAX_ARCHIVE_BYTES:
        raise ScenarioFileError(f"the archive has {size} bytes, at most {MAX_ARCHIVE_BYTES} are allowed")


def _require_safe(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise ScenarioFileError(f"the archive has {len(members)} members, at most {MAX_MEMBERS} are read")
    names = [member.filename for member in members]
    for name in names:
        if names.count(name) > 1:
            raise ScenarioFileError(f"the archive holds {name!r} twice")
    for member in members:
        _require_safe_member(member)
    declared = sum(member.file_size for member in members)
    if declared > size:
        raise ScenarioFileError(f"the archive of {size} bytes claims to hold {declared}; it is a zip bomb")
    if DOCUMENT_NAME not in names:
        raise ScenarioFileError(f"the archive holds no {DOCUMENT_NAME}; it is not a .pacai file")


def _require_safe_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
        raise ScenarioFileError(f"the archive holds the unsafe path {name!r}")
    mode = member.external_attr >> 16
    if mode != _REGULAR_FILE_MODE:
        raise ScenarioFileError(f"{name!r} is not a plain file: mode {mode:o}, expected {_REGULAR_FILE_MODE:o}")
    if member.compress_type != zipfile.ZIP_STORED:
        raise ScenarioFileError(f"{name!r} is compressed; members of a .pacai file are stored")
    if name != DOCUMENT_NAME and not _is_blob_name(name):
        raise ScenarioFileError(f"the archive holds {name!r}, expected {DOCUMENT_NAME} and {BLOB_FOLDER}<sha256>")
    if name == DOCUMENT_NAME and member.file_size > MAX_DOCUMENT_BYTES:
        raise ScenarioFileError(f"{DOCUMENT_NAME} has {member.file_size} bytes, at most {MAX_DOCUMENT_BYTES} are read")


def _is_blob_name(name: str) -> bool:
    digits = name.removeprefix(BLOB_FOLDER)
    return name.startswith(BLOB_FOLDER) and len(digits) == 64 and set(digits) <= set("0123456789abcdef")


def _scenario(members: Mapping[str, bytes]) -> Scenario:
    text = members[DOCUMENT_NAME]
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ScenarioFileError(f"{DOCUMENT_NAME} is not JSON: {error}") from error
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version != SCHEMA_VERSION:
        raise ScenarioFileError(f"{DOCUMENT_NAME} has schema_version {version!r}, expected {SCHEMA_VERSION!r}")
    try:
        canonical = canonical_bytes(document)
        scenario = Scenario.model_validate_json(text)
    except CanonicalError as error:
        raise ScenarioFileError(f"{DOCUMENT_NAME} is not canonical: {error}") from error
    except ValidationError as error:
        raise ScenarioFileError(_named_fields(error)) from error
    if canonical != text or scenario.canonical() != text:
        raise ScenarioFileError(f"{DOCUMENT_NAME} is not in RFC 8785 canonical form")
    return scenario


def _named_fields(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the document"
    more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{DOCUMENT_NAME} is not a valid scenario: {where}: {first['msg'].lower()}{more}"


def _require_blobs(scenario: Scenario, blobs: Mapping[str, bytes]) -> None:
    """The blobs are exactly those that the document names, and each is what its name says."""
    named = set(scenario.blob_digests())
    if missing := sorted(named - set(blobs)):
        raise ScenarioFileError(f"the blob {missing[0]} is missing")
    if extra := sorted(set(blobs) - named):
        raise ScenarioFileError(f"the blob {extra[0]} is not named by the document")
    for name in sorted(named):
        if sha256_hex(blobs[name]) != name:
            raise ScenarioFileError(f"the blob {name} is damaged: its digest is {sha256_hex(blobs[name])}")
