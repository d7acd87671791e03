"""The object store: whole objects under their own digest."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_ext.store import ObjectStore
from workbench.canonical import sha256_hex
from workbench.errors import InputError, MissingError, StorageFullError, UnavailableError, VerificationError


@pytest.fixture
def objects(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "objects")


def files_of(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("data", [b"", b"x", bytes(3_000_000)])
def test_bytes_come_back_under_their_digest(objects: ObjectStore, data: bytes) -> None:
    name = objects.put(data)
    assert name == sha256_hex(data)
    assert objects.exists(name)
    assert objects.get(name) == data


def test_the_same_bytes_are_kept_once(objects: ObjectStore, tmp_path: Path) -> None:
    assert objects.put(b"grid") == objects.put(b"grid")
    assert len(files_of(tmp_path)) == 1


def test_an_unknown_object_is_missing(objects: ObjectStore) -> None:
    assert not objects.exists("0" * 64)
    with pytest.raises(MissingError):
        objects.get("0" * 64)


def test_a_damaged_object_is_not_handed_out(objects: ObjectStore, tmp_path: Path) -> None:
    name = objects.put(b"grid")
    (path,) = files_of(tmp_path)
    path.chmod(0o600)
    path.write_bytes(b"grit")
    with pytest.raises(VerificationError, match="damaged"):
        objects.get(name)


def test_an_object_cut_short_by_a_crash_is_repaired_by_the_next_put(objects: ObjectStore, tmp_path: Path) -> None:
    name = objects.put(b"grid")
    (path,) = files_of(tmp_path)
    path.write_bytes(b"")
    objects.put(b"grid")
    assert objects.get(name) == b"grid"


@given(st.text(max_size=70))
def test_a_name_that_is_no_digest_is_refused(name: str) -> None:
    objects = ObjectStore(Path("/nonexistent"))
    with pytest.raises((InputError, MissingError)):
        objects.get(name)


@pytest.mark.parametrize("name", ["../" + "0" * 61, "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_name_cannot_leave_the_folder(objects: ObjectStore, name: str) -> None:
    with pytest.raises(InputError):
        objects.exists(name)


def test_a_full_disk_is_said_and_leaves_nothing(
    objects: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFullError, match="no space"):
        objects.put(b"grid")
    assert files_of(tmp_path) == []


def test_a_store_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "objects").write_text("a file")
    with pytest.raises(UnavailableError, match="cannot be written"):
        ObjectStore(tmp_path / "objects").put(b"grid")
