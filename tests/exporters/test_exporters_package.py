"""A package is deterministic, signed twice, and verified by ssh-keygen and sha256sum alone."""

import io
import shutil
import subprocess
import zipfile

import pytest

from exporters.manifest import parse_manifest
from exporters.package import NAMESPACE, build_package, package_zip
from exporters.protocol import Export
from exporters.stored_zip import stored_zip
from workbench.errors import InputError

SIGNER_LIMIT_BYTES = 2019
needs_tools = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None or shutil.which("sha256sum") is None,
    reason="ssh-keygen (OpenSSH) or sha256sum (coreutils) is not installed",
)


def test_exactly_two_short_messages_are_signed(desk, package) -> None:
    assert len(desk.handed) == 2
    assert desk.handed[0].startswith(b"SSHSIG")
    assert desk.handed[1].startswith(b"DSSEv1 ")
    print("bytes handed to the signer:", [len(message) for message in desk.handed])
    assert all(len(message) <= SIGNER_LIMIT_BYTES for message in desk.handed)


def test_the_same_scenario_gives_the_same_bytes(desk, package, composition, godot_export) -> None:
    again = desk.release(composition, godot_export)
    assert package_zip(again.files) == package_zip(package.files)


def test_the_manifest_lists_every_file_but_those_made_from_it(package) -> None:
    unlisted = {"MANIFEST", "MANIFEST.sig", "provenance.json"}
    assert set(parse_manifest(package.files["MANIFEST"])) == set(package.files) - unlisted


@needs_tools
def test_stock_tools_verify_the_package_with_the_lines_of_verify_txt(desk, package, unpack) -> None:
    folder = unpack(package.files)
    keys = folder.parent / "allowed_signers"
    keys.write_text(desk.allowed_signers())
    lines = [line.strip() for line in package.files["VERIFY.txt"].decode().splitlines() if line.startswith("  ")]
    commands = "\n".join(lines[:3]).replace("-f allowed_signers", f"-f {keys}")
    assert commands.startswith("ssh-keygen -Y verify")
    done = subprocess.run(["sh", "-ec", commands], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f'Good "{NAMESPACE}" signature for lab@site' in done.stdout
    assert done.stdout.splitlines()[-1].endswith(": OK"), "nothing is only here or only in MANIFEST"
    (folder / "added.txt").write_text("x")
    done = subprocess.run(["sh", "-ec", commands], cwd=folder, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "added.txt"


@needs_tools
def test_ssh_keygen_refuses_another_manifest_and_another_namespace(desk, package, unpack) -> None:
    folder = unpack(package.files)
    (folder.parent / "keys").write_text(desk.allowed_signers(options=""))
    common = ["ssh-keygen", "-Y", "verify", "-f", "../keys", "-I", "lab@site", "-s", "MANIFEST.sig", "-n"]
    for namespace, manifest in [
        ("licence@pacai", package.files["MANIFEST"]),
        (NAMESPACE, package.files["MANIFEST"] + b" "),
    ]:
        done = subprocess.run([*common, namespace], cwd=folder, input=manifest, capture_output=True)
        assert done.returncode != 0


def test_verify_txt_says_when_the_package_is_for_evaluation(desk, composition, godot_export) -> None:
    marked = desk.release(composition, godot_export, evaluation=True)
    assert marked.files["VERIFY.txt"].startswith(b"EVALUATION")
    assert marked.facts.evaluation


@pytest.mark.parametrize("missing", ["scenario.json", "losses.json", "README.txt"])
def test_an_export_without_a_required_file_is_not_packed(godot_export, package, missing: str) -> None:
    files = {name: data for name, data in godot_export.files.items() if name != missing}
    description = _description(package)
    with pytest.raises(InputError, match=missing):
        build_package(Export(files=files, losses=()), describe=description)


@pytest.mark.parametrize("taken", ["MANIFEST", "MANIFEST.sig", "VERIFY.txt", "provenance.json"])
def test_an_export_may_not_bring_a_file_of_the_package(godot_export, package, taken: str) -> None:
    files = {**godot_export.files, taken: b""}
    with pytest.raises(InputError, match=taken):
        build_package(Export(files=files, losses=()), describe=_description(package))


def test_the_standard_library_reads_the_zip(package) -> None:
    with zipfile.ZipFile(io.BytesIO(package_zip(package.files))) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == dict(package.files)
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_reads_the_zip(package, tmp_path) -> None:
    (tmp_path / "p.zip").write_bytes(package_zip(package.files))
    done = subprocess.run(["unzip", "-tq", "p.zip"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("names", [["../x"], ["/x"], ["a", "A"], ["a", "a/b"], ["x\\y"]])
def test_unsafe_names_are_never_zipped(names: list[str]) -> None:
    with pytest.raises(InputError):
        stored_zip(dict.fromkeys(names, b""))


def _description(package):
    from exporters.package import PackageDescription

    facts = package.facts
    return PackageDescription(
        scenario_sha256=facts.scenario_sha256,
        title=facts.title,
        target=facts.target,
        engine_version=facts.engine_version,
        workbench_version=facts.workbench_version,
        principal=facts.principal,
        evaluation=False,
    )
