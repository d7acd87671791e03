"""MANIFEST is the format of sha256sum, and nothing but what we write is read."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.manifest import UNLISTED, check_names, manifest_text, parse_manifest
from workbench.canonical import sha256_hex
from workbench.errors import InputError

DIGEST = "0" * 64
SAFE_PART = st.text(st.sampled_from("abcxyzABC019._- ()+é"), min_size=1, max_size=12)
SAFE_PATH = st.lists(SAFE_PART, min_size=1, max_size=3).map("/".join)


def is_safe(names: list[str]) -> bool:
    try:
        check_names(names)
    except InputError:
        return False
    return True


@given(st.dictionaries(SAFE_PATH, st.binary(max_size=20), max_size=8).filter(lambda files: is_safe(list(files))))
def test_what_is_written_is_read_back(files: dict[str, bytes]) -> None:
    expected = {name: sha256_hex(data) for name, data in files.items() if name not in UNLISTED}
    assert parse_manifest(manifest_text(files)) == expected


@given(st.binary(max_size=200))
def test_any_bytes_are_either_read_and_canonical_or_refused_as_bad_input(text: bytes) -> None:
    try:
        digests = parse_manifest(text)
    except InputError:
        return
    assert b"".join(f"{digest}  {name}\n".encode() for name, digest in digests.items()) == text


@given(st.lists(st.tuples(st.text("0123456789abcdef", min_size=64, max_size=64), st.text(max_size=30)), max_size=5))
def test_lines_of_any_names_are_either_canonical_or_refused(rows: list[tuple[str, str]]) -> None:
    text = "".join(f"{digest}  {name}\n" for digest, name in rows)
    try:
        digests = parse_manifest(text.encode("utf-8", "surrogatepass"))
    except InputError:
        return
    assert [(digest, name) for name, digest in digests.items()] == rows


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"\xff\n", "not UTF-8"),
        (f"{DIGEST}  a".encode(), "line feed"),
        (f"{DIGEST} a\n".encode(), "line 1"),
        (f"{DIGEST.replace('0', 'A')}  a\n".encode(), "line 1"),
        (f"{DIGEST}  a\n\n".encode(), "line 2"),
        (f"{DIGEST}  a\r\n".encode(), "invisible"),
        (f"{DIGEST}  b\n{DIGEST}  a\n".encode(), "not sorted"),
        (f"{DIGEST}  a\n{DIGEST}  a\n".encode(), "second time"),
        (f"{DIGEST}  A\n{DIGEST}  a\n".encode(), "case does not count"),
        (f"{DIGEST}  a\n{DIGEST}  a/b\n".encode(), "also the folder"),
        (f"{DIGEST}  MANIFEST\n".encode(), "made from MANIFEST"),
        (f"{DIGEST}  ../a\n".encode(), "relative path"),
        (f"{DIGEST}  /a\n".encode(), "relative path"),
        (f"{DIGEST}  a//b\n".encode(), "relative path"),
        (f"{DIGEST}  a\\b\n".encode(), "backslash"),
        (f"{DIGEST}  c:a\n".encode(), "colon"),
        (f"{DIGEST}  con.txt\n".encode(), "Windows"),
        (f"{DIGEST}  a.\n".encode(), "Windows"),
        (f"{DIGEST}  {'a' * 1025}\n".encode(), "1024"),
        (f"{DIGEST}  a\u202eb\n".encode(), "invisible"),
    ],
)
def test_a_malformed_manifest_is_refused_with_what_is_wrong(text: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse_manifest(text)


def test_the_files_made_from_the_manifest_are_not_in_it() -> None:
    files = dict.fromkeys(UNLISTED, b"x") | {"a": b"x"}
    assert list(parse_manifest(manifest_text(files))) == ["a"]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum (GNU coreutils) is not installed")
def test_sha256sum_reads_names_with_spaces_and_letters_of_other_languages(tmp_path: Path) -> None:
    files = {"a b.txt": b"1", "dir/é.json": b"2", "dir/-x": b"3", "star*name": b"4"}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "MANIFEST").write_bytes(manifest_text(files))
    done = subprocess.run(["sha256sum", "-c", "--strict", "MANIFEST"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK") == len(files)
