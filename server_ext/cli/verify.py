"""``pacai verify``: a package or a ``.pacai`` file, with nothing but this program."""

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from exporters.verifier import verify_package
from server_ext.cli.console import Console
from server_ext.cli.exits import Exit
from server_ext.settings import Settings
from workbench.errors import InputError
from workbench.scenario.archive import read_archive
from workbench.scenario.findings import Severity
from workbench.scenario.rules import check

__all__ = ["verify"]

ARCHIVE_SUFFIX = ".pacai"


def verify(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Exit 1 where a check failed."""
    if arguments.path.suffix == ARCHIVE_SUFFIX:
        return _archive(arguments.path, console)
    signers = _text(arguments.allowed_signers) if arguments.allowed_signers else None
    verdict = verify_package(
        arguments.path,
        allowed_signers=signers,
        expected_principal=arguments.principal,
        replay=arguments.replay,
    )
    rows = [(item.name, "ok" if item.ok else "FAILED", item.detail) for item in verdict.checks]
    console.table(("check", "verdict", "detail"), rows)
    facts = asdict(verdict.facts) if verdict.facts else None
    data = {"ok": verdict.ok, "checks": [asdict(item) for item in verdict.checks], "facts": facts}
    console.show(
        data, text="the package is as it was signed\n" if verdict.ok else "the package is NOT as it was signed\n"
    )
    return Exit.OK if verdict.ok else Exit.FAILED


def _archive(path: Path, console: Console) -> Exit:
    """A scenario file carries no signature: its digests and the rules are what can be checked."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    composition = read_archive(data)
    found = check(composition.scenario, composition.blobs)
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    console.show(
        {
            "file": str(path),
            "digest": composition.scenario.digest(),
            "title": composition.scenario.title,
            "signed": False,
            "errors": [f"{finding.rule} at {finding.where}: {finding.message}" for finding in errors],
        }
    )
    return Exit.FAILED if errors else Exit.OK


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text: {error}") from error
