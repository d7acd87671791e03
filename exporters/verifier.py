"""Verify a package offline: no server, no database, no network, no device.

    verdict = verify_package(Path("release.zip"), allowed_signers=text, expected_principal="lab@site")
    for check in verdict.checks:
        print(check.name, check.ok, check.detail)

Every check of :data:`CHECKS` is in every verdict, in that order; one that could not be made has failed and
says why. Nothing of the package is executed, unpacked to disk or believed before its signature is checked.

The signing time is what the signer says in ``provenance.json``. It decides whether a key with a validity
window was valid, so a thief of an expired key could lie about it: revoke stolen keys in allowed_signers.
A checkpoint proof is not read yet, and what is not read is not accepted: a package with one is refused.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson
from pydantic import ValidationError

from exporters.contents import Contents, open_contents
from exporters.losses import LOSSES_FILE
from exporters.manifest import (
    CHECKPOINT_FILE,
    MANIFEST_FILE,
    PROVENANCE_FILE,
    SIGNATURE_FILE,
    UNLISTED,
    parse_manifest,
)
from exporters.package import NAMESPACE, SCENARIO_FILE
from exporters.provenance import Facts, parse_envelope, parse_statement
from workbench import sshsig
from workbench.canonical import Digest, canonical_bytes, sha256_hex
from workbench.errors import (
    CompositionError,
    InputError,
    MissingError,
    PacaiError,
    SignatureFormatError,
    VerificationError,
)
from workbench.scenario.model import Scenario

__all__ = ["CHECKS", "Check", "Verdict", "verify_package"]

CHECKS: Final = ("container", "manifest", "signature", "provenance", "signer", "files", "losses", "scenario")
"""Names of the checks of every verdict; ``replay`` follows where it was asked for."""

MAX_DOCUMENT_BYTES = 256 * 2**20
"""Largest file that is read whole (MANIFEST, scenario.json …); others are hashed in pieces."""
_CHUNK = 1 << 20
_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    ok: bool
    checks: tuple[Check, ...]
    facts: Facts | None
    """What the signed statement says; None where it could not be read or its signature is wrong."""


def verify_package(
    path: Path,
    *,
    allowed_signers: str | None,
    expected_principal: str | None = None,
    replay: bool = False,
) -> Verdict:
    """Check the package at ``path`` (folder or zip).

    Args:
        allowed_signers: text of an OpenSSH allowed_signers file that came by another way than the package.
            Without it the check ``signer`` fails: a valid signature of an unknown key proves nothing.
        expected_principal: who must have signed; any principal of ``allowed_signers`` where None.
        replay: also compose the scenario again from its recipe and compare.

    Raises:
        MissingError: there is nothing at ``path``.
    """
    examination = _Examination(allowed_signers, expected_principal)
    names = (*CHECKS, "replay") if replay else CHECKS
    try:
        with open_contents(path) as contents:
            checks = examination.run(contents, names)
    except (InputError, OSError) as error:
        if isinstance(error, OSError) and not path.exists():
            raise MissingError(f"there is no package at {path}") from error
        checks = [Check("container", False, str(error))]
    checks += [Check(name, False, "not checked") for name in names[len(checks) :]]
    return Verdict(ok=all(check.ok for check in checks), checks=tuple(checks), facts=examination.facts)


class _Examination:
    """One run over one package: what an earlier check has established, the later ones use."""

    def __init__(self, allowed_signers: str | None, expected_principal: str | None) -> None:
        self._allowed_text = allowed_signers
        self._expected = expected_principal
        self._digests: dict[str, Digest] = {}
        self._manifest = b""
        self._signature: sshsig.SshSignature | None = None
        self.facts: Facts | None = None

    def run(self, contents: Contents, names: tuple[str, ...]) -> list[Check]:
        steps: dict[str, Callable[[Contents], str]] = {
            "container": lambda found: f"{len(found.names)} files",
            "manifest": self._check_manifest,
            "signature": self._check_signature,
            "provenance": self._check_provenance,
            "signer": self._check_signer,
            "files": self._check_files,
            "losses": self._check_losses,
            "scenario": self._check_scenario,
            "replay": self._check_replay,
        }
        return [_check(name, steps[name], contents) for name in names]

    def _check_manifest(self, contents: Contents) -> str:
        self._manifest = _read(contents, MANIFEST_FILE)
        self._digests = dict(parse_manifest(self._manifest))
        return f"{len(self._digests)} files listed"

    def _check_signature(self, contents: Contents) -> str:
        text = _read(contents, SIGNATURE_FILE)
        try:
            signature = sshsig.parse(text.decode("ascii"))
            anyone = sshsig.AllowedSigner(("*",), signature.public_key)
            sshsig.verify(text.decode("ascii"), self._manifest, NAMESPACE, sshsig.AllowedSigners((anyone,)))
        except (PacaiError, UnicodeDecodeError) as error:
            raise VerificationError(f"{SIGNATURE_FILE} is not a signature of {MANIFEST_FILE}: {error}") from error
        self._signature = signature
        return f"{MANIFEST_FILE} is signed by {signature.public_key.fingerprint}"

    def _check_provenance(self, contents: Contents) -> str:
        envelope = parse_envelope(_read(contents, PROVENANCE_FILE))
        if self._signature is None:
            raise VerificationError(f"{PROVENANCE_FILE} cannot be compared: {MANIFEST_FILE} has no valid signature")
        envelope.verify(self._signature.public_key)
        facts = parse_statement(envelope.payload)
        if facts.manifest_sha256 != sha256_hex(self._manifest):
            raise VerificationError(f"{PROVENANCE_FILE} is about another {MANIFEST_FILE}")
        self.facts = facts
        marking = ", EVALUATION" if facts.evaluation else ""
        return (
            f"{facts.target}, engine {facts.engine_version}, {facts.signer_kind} signer {facts.signer_serial}{marking}"
        )

    def _check_signer(self, contents: Contents) -> str:
        if self._signature is None or self.facts is None:
            raise VerificationError("not checked: signature and provenance must be valid first")
        if self._allowed_text is None:
            raise VerificationError(
                f"who {self._signature.public_key.fingerprint} is, is not known: give the allowed_signers file "
                "that the releasing site handed over"
            )
        signed_at = datetime.strptime(self.facts.signed_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        principal = self._expected or self.facts.principal
        allowed = sshsig.AllowedSigners.parse(self._allowed_text)
        allowed.find(self._signature.public_key, namespace=NAMESPACE, principal=principal, at=signed_at)
        return f"{principal}, valid at the stated signing time {self.facts.signed_at}"

    def _check_files(self, contents: Contents) -> str:
        present = set(contents.names) - UNLISTED
        missing = [name for name in self._digests if name not in present]
        extra = sorted(present - self._digests.keys())
        changed = [
            name for name, digest in self._digests.items() if name in present and _digest(contents, name) != digest
        ]
        faults = [("missing", missing), ("not listed", extra), ("changed", changed)]
        if CHECKPOINT_FILE in contents.names:
            faults.append(("not checked by this version", [CHECKPOINT_FILE]))
        if said := [f"{what}: {_some(names)}" for what, names in faults if names]:
            raise VerificationError("; ".join(said))
        if not self._digests:
            raise VerificationError(f"{MANIFEST_FILE} lists no file that could be compared")
        return f"{len(self._digests)} files are as listed, none is missing or added"

    def _check_losses(self, contents: Contents) -> str:
        try:
            losses = orjson.loads(_read(contents, LOSSES_FILE))["losses"]
            paths = [str(loss["path"]) for loss in losses]
        except (ValueError, KeyError, TypeError) as error:
            raise VerificationError(f"{LOSSES_FILE} does not list the losses: {error}") from error
        return f"{len(paths)} declared"

    def _check_scenario(self, contents: Contents) -> str:
        text = _read(contents, SCENARIO_FILE)
        if self.facts is None:
            raise VerificationError(f"{SCENARIO_FILE} cannot be compared: provenance is not valid")
        try:
            canonical = canonical_bytes(orjson.loads(text))
        except (ValueError, PacaiError) as error:
            raise VerificationError(f"{SCENARIO_FILE} is not a scenario document: {error}") from error
        if canonical != text:
            raise VerificationError(f"{SCENARIO_FILE} is not in canonical form (RFC 8785)")
        if sha256_hex(text) != self.facts.scenario_sha256:
            raise VerificationError(f"{SCENARIO_FILE} has digest {sha256_hex(text)}, the statement names another")
        return f"{SCENARIO_FILE} has the signed digest {self.facts.scenario_sha256}"

    def _check_replay(self, contents: Contents) -> str:
        from workbench.scenario import compose  # the composer is heavy and only replay needs it

        try:
            scenario = Scenario.model_validate_json(_read(contents, SCENARIO_FILE))
            recipe = scenario.recipe
            again = compose(recipe.intent, recipe.seed, recipe.options).scenario
        except (ValidationError, CompositionError) as error:
            raise VerificationError(f"{SCENARIO_FILE} cannot be composed again: {error}") from error
        if again.digest() != scenario.digest():
            raise VerificationError(
                f"composed again by engine {again.recipe.engine_version} the recipe of engine "
                f"{recipe.engine_version} gives digest {again.digest()}, not {scenario.digest()}"
            )
        return f"the recipe gives the same digest again (seed {recipe.seed})"


def _check(name: str, step: Callable[[Contents], str], contents: Contents) -> Check:
    try:
        return Check(name, True, step(contents))
    except (SignatureFormatError, VerificationError, InputError, MissingError, OSError) as error:
        return Check(name, False, str(error))


def _read(contents: Contents, name: str) -> bytes:
    if name not in contents.names:
        raise MissingError(f"the package has no {name}")
    with contents.open_entry(name) as stream:
        data = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(data) > MAX_DOCUMENT_BYTES:
        raise InputError(f"{name} is larger than {MAX_DOCUMENT_BYTES} bytes")
    return data


def _digest(contents: Contents, name: str) -> str:
    state = hashlib.sha256()
    with contents.open_entry(name) as stream:
        while chunk := stream.read(_CHUNK):
            state.update(chunk)
    return state.hexdigest()


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
