"""MANIFEST: every file of a package with its SHA-256, in the format of ``sha256sum``.

Rules it keeps:

* One line per file, ``<64 hex digits>  <path>\\n``, sorted by the bytes of the path, nothing else: so the
  same files always give the same MANIFEST, and ``sha256sum -c --strict MANIFEST`` reads it.
* Paths are relative POSIX paths that mean the same file on every system: no absolute or dotted parts, no
  backslash (``sha256sum`` would escape it), no control characters, no two that differ only in case.
* The files that are made from MANIFEST (:data:`UNLISTED`) are not in it.

>>> manifest_text({"a.txt": b""})
b'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.txt\\n'
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from workbench.canonical import Digest, sha256_hex
from workbench.errors import InputError

__all__ = [
    "CHECKPOINT_FILE",
    "MANIFEST_FILE",
    "PROVENANCE_FILE",
    "SIGNATURE_FILE",
    "UNLISTED",
    "check_names",
    "manifest_text",
    "parse_manifest",
]

MANIFEST_FILE = "MANIFEST"
SIGNATURE_FILE = "MANIFEST.sig"
PROVENANCE_FILE = "provenance.json"
CHECKPOINT_FILE = "release.tlog-proof"
UNLISTED = frozenset({MANIFEST_FILE, SIGNATURE_FILE, PROVENANCE_FILE, CHECKPOINT_FILE})
"""Made from MANIFEST after it is written, so it cannot name them."""

MAX_NAME_BYTES = 1024
_LINE = re.compile(r"([0-9a-f]{64})  (.+)", re.DOTALL)
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices (Microsoft, "Naming Files, Paths, and Namespaces")."""


def manifest_text(files: Mapping[str, bytes]) -> bytes:
    """MANIFEST of ``files`` (bytes by path), the unlisted ones left out.

    Raises:
        InputError: a path is unsafe or two paths collide.
    """
    check_names(files)
    listed = sorted((name.encode(), data) for name, data in files.items() if name not in UNLISTED)
    return b"".join(b"%s  %s\n" % (sha256_hex(data).encode(), name) for name, data in listed)


def parse_manifest(text: bytes) -> dict[str, Digest]:
    """Digest by path, in the order of the file.

    Raises:
        InputError: not exactly what :func:`manifest_text` writes; the line is named.
    """
    try:
        lines = text.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"MANIFEST is not UTF-8 at byte {error.start}") from error
    if lines.pop() != "":
        raise InputError("MANIFEST does not end with a line feed")
    digests: dict[str, Digest] = {}
    for number, line in enumerate(lines, start=1):
        name, digest = _parse_line(number, line)
        if name in digests:
            raise InputError(f"MANIFEST line {number} names {name!r} a second time")
        digests[name] = digest
    check_names(digests)
    if list(digests) != sorted(digests, key=str.encode):
        raise InputError("MANIFEST is not sorted by path")
    return digests


def check_names(names: Iterable[str]) -> None:
    """Refuse paths that do not mean the same file everywhere.

    Raises:
        InputError: names the path and what is wrong with it.
    """
    seen: dict[str, str] = {}
    for name in names:
        if fault := _fault(name):
            raise InputError(f"the path {name!r} {fault}")
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in seen:
            raise InputError(f"the paths {seen[folded]!r} and {name!r} are one file where case does not count")
        seen[folded] = name
    for folded, name in seen.items():
        parent = folded
        while "/" in parent:
            parent = parent.rpartition("/")[0]
            if parent in seen:
                raise InputError(f"the path {seen[parent]!r} is a file and also the folder of {name!r}")


def _parse_line(number: int, line: str) -> tuple[str, Digest]:
    match = _LINE.fullmatch(line)
    if match is None:
        expected = "64 lower-case hexadecimal digits, two spaces and a path"
        raise InputError(f"MANIFEST line {number} is not {expected}: {line[:100]!r}")
    if match[2] in UNLISTED:
        raise InputError(f"MANIFEST line {number} lists {match[2]!r}, which is made from MANIFEST")
    return match[2], Digest(match[1])


def _fault(name: str) -> str | None:
    """What is wrong with a path, in words that follow the path; None for nothing."""
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return "is not Unicode text"
    if not name or size > MAX_NAME_BYTES:
        return f"is empty or longer than {MAX_NAME_BYTES} bytes"
    if "\\" in name or ":" in name:
        return "holds a backslash or a colon"
    if any(unicodedata.category(character)[0] == "C" for character in name):
        return "holds a control or invisible character"
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        return "is not a plain relative path (empty, '.' or '..' part)"
    if any(part[-1] in ". " or _RESERVED.fullmatch(part) for part in parts):
        return "is a name that Windows cannot hold"
    return None
