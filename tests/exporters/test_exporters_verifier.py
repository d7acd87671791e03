"""The verifier refuses every changed bit and every trick, and names what is wrong."""

import io
import os
import random
import struct
import time
import warnings
import zipfile
from pathlib import Path

import pytest

from exporters.manifest import manifest_text
from exporters.pacai_file import PacaiExporter
from exporters.package import package_zip
from exporters.protocol import Export
from exporters.stored_zip import StoredZip, stored_zip
from exporters.verifier import CHECKS, Verdict, verify_package
from tests.exporters.small_scenario import small_scenario
from workbench.errors import InputError, MissingError
from workbench.scenario import Intent, compose


def failed(verdict: Verdict) -> dict[str, str]:
    return {check.name: check.detail for check in verdict.checks if not check.ok}


def said(verdict: Verdict) -> str:
    return " ".join(failed(verdict).values())


@pytest.fixture
def folder(package, unpack) -> Path:
    return unpack(package.files)


@pytest.fixture
def archive(package, tmp_path) -> Path:
    path = tmp_path / "package.zip"
    path.write_bytes(package_zip(package.files))
    return path


def check(desk, path: Path, **options) -> Verdict:
    return verify_package(path, allowed_signers=desk.allowed_signers(), expected_principal="lab@site", **options)


def test_an_untouched_folder_and_zip_pass_every_check(desk, folder, archive) -> None:
    for path in (folder, archive):
        verdict = check(desk, path)
        assert failed(verdict) == {}
        assert verdict.ok
        assert [item.name for item in verdict.checks] == list(CHECKS)
        assert verdict.facts is not None
        assert verdict.facts.signer_key_id == "0x1234"


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_single_bit_flips_are_all_refused_and_the_file_is_named(desk, package, folder, count: int) -> None:
    draw = random.Random(20260501)
    names = sorted(package.files)
    flips = [(name, draw.randrange(len(package.files[name]) * 8)) for name in names]
    while len(flips) < count:
        name = draw.choice(names)
        flips.append((name, draw.randrange(len(package.files[name]) * 8)))
    began = time.monotonic()
    for name, bit in flips:
        data = bytearray(package.files[name])
        data[bit // 8] ^= 1 << (bit % 8)
        (folder / name).write_bytes(data)
        verdict = check(desk, folder)
        assert not verdict.ok, (name, bit)
        assert name in said(verdict), (name, bit, said(verdict))
        (folder / name).write_bytes(package.files[name])
    print(f"{len(flips)} bit flips over {len(names)} files refused in {time.monotonic() - began:.1f} s")
    assert check(desk, folder).ok


def test_single_bit_flips_of_the_zip_are_all_refused(desk, archive) -> None:
    data = archive.read_bytes()
    draw = random.Random(7)
    directory = data.rindex(b"PK\x05\x06") - 4000
    places = [draw.randrange(len(data) * 8) for _ in range(60)]
    places += [draw.randrange(directory * 8, len(data) * 8) for _ in range(60)]
    for bit in places:
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << (bit % 8)
        archive.write_bytes(changed)
        assert not check(desk, archive).ok, bit


def test_every_truncation_of_the_zip_is_refused(desk, archive) -> None:
    data = archive.read_bytes()
    for size in [0, 1, 21, 22, 100, len(data) // 2, len(data) - 1]:
        archive.write_bytes(data[:size])
        assert not check(desk, archive).ok


def test_missing_added_and_changed_files_are_named(desk, folder) -> None:
    (folder / "heights.f32").unlink()
    (folder / "extra.txt").write_text("x")
    (folder / "main.tscn").write_text("x")
    detail = failed(check(desk, folder))["files"]
    assert "missing: heights.f32" in detail
    assert "not listed: extra.txt" in detail
    assert "changed: main.tscn" in detail


def test_a_checkpoint_proof_that_is_not_read_yet_is_not_accepted(desk, folder) -> None:
    (folder / "release.tlog-proof").write_text("x")
    assert "release.tlog-proof" in failed(check(desk, folder))["files"]


def test_a_manifest_rewritten_to_match_a_changed_file_is_refused(desk, package, unpack) -> None:
    files = {**package.files, "README.txt": b"other"}
    files["MANIFEST"] = manifest_text(files)
    verdict = check(desk, unpack(files))
    assert "MANIFEST" in failed(verdict)["signature"]
    assert "another MANIFEST" in failed(verdict)["provenance"] or "no valid signature" in failed(verdict)["provenance"]


def test_provenance_of_another_package_is_refused(desk, package, composition, godot_export, unpack) -> None:
    other = desk.release(composition, Export({**godot_export.files, "more.txt": b""}, ()))
    verdict = check(desk, unpack({**package.files, "provenance.json": other.files["provenance.json"]}))
    assert "another MANIFEST" in failed(verdict)["provenance"]


def test_a_statement_about_another_scenario_is_refused(desk, composition, godot_export, unpack) -> None:
    wrong = desk.release(composition, godot_export, scenario_sha256="0" * 64)
    assert "scenario.json has digest" in failed(check(desk, unpack(wrong.files)))["scenario"]


def test_without_allowed_signers_the_signer_is_unknown_and_the_verdict_is_no(folder) -> None:
    verdict = verify_package(folder, allowed_signers=None)
    assert list(failed(verdict)) == ["signer"]
    assert "SHA256:" in said(verdict)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ('namespaces="licence@pacai"', "namespace"),
        ('valid-after="20260601Z"', "valid only after"),
        ('valid-before="20260401Z"', "valid only before"),
    ],
)
def test_a_key_that_was_not_allowed_at_the_time_of_signing_is_refused(desk, folder, options: str, says: str) -> None:
    verdict = verify_package(folder, allowed_signers=desk.allowed_signers(options))
    assert says in failed(verdict)["signer"]


def test_a_key_that_expired_after_the_signing_still_counts(desk, folder) -> None:
    window = desk.allowed_signers('valid-after="20260101Z",valid-before="20260502Z"')
    assert verify_package(folder, allowed_signers=window).ok


@pytest.mark.parametrize("text", ["", "lab@site ssh-ed25519 %%%", "other ssh-ed25519"])
def test_a_useless_allowed_signers_file_is_said_not_crashed_on(folder, text: str) -> None:
    verdict = verify_package(folder, allowed_signers=text)
    assert list(failed(verdict)) == ["signer"]


def test_another_principal_than_the_expected_one_is_refused(desk, folder) -> None:
    verdict = verify_package(folder, allowed_signers=desk.allowed_signers(), expected_principal="officer@site")
    assert "officer@site" in failed(verdict)["signer"]


def test_nothing_at_the_path_is_a_missing_error(tmp_path) -> None:
    with pytest.raises(MissingError):
        verify_package(tmp_path / "nothing", allowed_signers=None)


def test_an_empty_folder_fails_every_check_but_the_container(desk, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    verdict = check(desk, tmp_path / "empty")
    assert list(failed(verdict)) == list(CHECKS[1:])


def test_a_symbolic_link_in_a_folder_is_refused_by_name(desk, folder) -> None:
    (folder / "README.txt").unlink()
    (folder / "README.txt").symlink_to("/etc/hostname")
    assert "'README.txt' is a symbolic link" in failed(check(desk, folder))["container"]


def test_a_pipe_in_a_folder_is_refused_by_name(desk, folder) -> None:
    os.mkfifo(folder / "pipe")
    assert "'pipe' is a device, socket or pipe" in failed(check(desk, folder))["container"]


def test_names_that_collide_in_a_folder_are_refused(desk, folder) -> None:
    (folder / "readme.TXT").write_text("x")
    assert "case does not count" in failed(check(desk, folder))["container"]


def foreign_zip(entries: list[tuple[zipfile.ZipInfo | str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as target:
        warnings.simplefilter("ignore")  # a duplicate name is the point of one of them
        for name, data in entries:
            target.writestr(name, data)
    return buffer.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (foreign_zip([("../evil", b"")]), "'../evil'"),
        (foreign_zip([("/etc/evil", b"")]), "'/etc/evil'"),
        (foreign_zip([("a\\b", b"")]), "backslash"),
        (foreign_zip([(link("link"), b"/etc/passwd")]), "'link' is a symbolic link"),
        (foreign_zip([("bomb", b"\0" * 10_000_000)], zipfile.ZIP_DEFLATED), "'bomb' is compressed"),
        (foreign_zip([("a", b"1"), ("a", b"2")]), "'a' stands in the zip twice"),
        (foreign_zip([("Readme", b"1"), ("readme", b"2")]), "case does not count"),
        (foreign_zip([("folder/", b"")]), "'folder/'"),
        (foreign_zip([("a", b"1")]), "not the package's"),
        (stored_zip({"a": b"1"}) + b"tail", "zip"),
        (b"head" + stored_zip({"a": b"1"}), "zip"),
        (b"not a zip", "not a readable zip"),
        (b"", "not a readable zip"),
    ],
)
def test_a_zip_that_is_not_ours_is_refused_by_name(desk, tmp_path, data: bytes, says: str) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(data)
    assert says in failed(check(desk, path))["container"]


def test_an_entry_that_overlaps_another_is_refused(tmp_path) -> None:
    data = bytearray(stored_zip({"a": b"same", "b": b"same"}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    path = tmp_path / "p.zip"
    path.write_bytes(data)
    with pytest.raises(InputError, match="'b'"):
        StoredZip.open(path)


def test_replay_makes_the_same_scenario_from_the_recipe(desk, unpack) -> None:
    composition = compose(Intent(), 123)
    export = PacaiExporter().export(composition.scenario, composition.blobs)
    package = desk.release(composition, export, target="pacai")
    verdict = check(desk, unpack(package.files), replay=True)
    assert failed(verdict) == {}
    assert verdict.checks[-1].name == "replay"


def test_replay_says_when_the_recipe_does_not_give_the_scenario(desk, unpack) -> None:
    composition = small_scenario()
    export = PacaiExporter().export(composition.scenario, composition.blobs)
    package = desk.release(composition, export, target="pacai")
    verdict = check(desk, unpack(package.files), replay=True)
    assert list(failed(verdict)) == ["replay"]
    assert "engine test" in said(verdict)
