"""The policy: one document that says what this site allows.

It lives in ``$PACAI_HOME/policy.json`` and is made with the evaluation defaults at the first start. Its
digest is recorded whenever it is found changed, so an auditor knows which policy was in force.

>>> Policy().profile, Policy().offline
(<Profile.EVALUATION: 'evaluation'>, True)
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server_ext.hsm.signer import SignerKind
from server_ext.identity.roles import Role
from workbench.canonical import Digest, digest
from workbench.errors import InputError, StorageFullError

__all__ = [
    "CertificateRule",
    "Classification",
    "Duties",
    "Isolation",
    "ModelRule",
    "Policy",
    "PolicyError",
    "Profile",
    "read_policy",
    "write_policy",
]

_MODE: Final = 0o600


class PolicyError(InputError):
    """The policy document cannot be used."""

    slug = "bad-policy"


class Profile(StrEnum):
    EVALUATION = "evaluation"
    """Loopback, no TLS, the server's own OS user is the local user."""
    PRODUCTION = "production"
    """Certificates and tokens only."""


class Classification(StrEnum):
    UNCLASSIFIED = "unclassified"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"  # noqa: S105 - a marking


class Isolation(StrEnum):
    REQUIRED = "required"
    """A kernel that cannot be sandboxed does not start."""
    PREFERRED = "preferred"
    """A kernel that cannot be sandboxed starts with an allow-listed environment."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Duties(_Part):
    """Separation of duties."""

    self_release: bool = True
    """Whether the author of a scenario may release it."""


class ModelRule(_Part):
    """A language model that may read prompts."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    name: Annotated[str, Field(min_length=1, max_length=120)]


class CertificateRule(_Part):
    """A certificate subject (RFC 4514 text) and who it is."""

    subject: Annotated[str, Field(min_length=1, max_length=400)]
    user: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


def _every_kind() -> dict[Classification, tuple[SignerKind, ...]]:
    hardware = (SignerKind.YUBIHSM2, SignerKind.PKCS11)
    return {
        Classification.UNCLASSIFIED: (*hardware, SignerKind.SOFTWARE),
        Classification.RESTRICTED: hardware,
        Classification.CONFIDENTIAL: hardware,
        Classification.SECRET: hardware,
    }


class Policy(_Part):
    """What this site allows. The defaults are the evaluation profile."""

    profile: Profile = Profile.EVALUATION
    offline: bool = True
    """Connections go to loopback and to ``allowed_hosts``; others are refused and recorded."""
    allowed_hosts: tuple[Annotated[str, Field(min_length=1, max_length=253)], ...] = ()
    models: tuple[ModelRule, ...] = ()
    """Models allowed beside the shipped one."""
    release_signers: dict[Classification, tuple[SignerKind, ...]] = Field(default_factory=_every_kind)
    """Which kinds of signer may release a package of each classification."""
    classification: Classification = Classification.UNCLASSIFIED
    """Marking of what this node makes."""
    isolation: Isolation = Isolation.PREFERRED
    duties: Duties = Duties()
    certificates: tuple[CertificateRule, ...] = ()

    def digest(self) -> Digest:
        """SHA-256 of the canonical bytes of the document."""
        return digest(self.model_dump(mode="json"))

    def signer_may_release(self, kind: SignerKind) -> bool:
        """Whether a signer of this kind may release at this node's classification."""
        return kind in self.release_signers.get(self.classification, ())


def read_policy(path: Path, *, default: Policy) -> Policy:
    """The policy in ``path``; ``default`` is written there where no file exists.

    Raises:
        PolicyError: the file cannot be read or is not a policy; the message names every wrong field.
        StorageFullError: the default cannot be written.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        write_policy(path, default)
        return default
    except OSError as error:
        raise PolicyError(f"policy {path} cannot be read: {error.strerror}") from error
    try:
        return Policy.model_validate_json(text)
    except ValidationError as error:
        faults = "; ".join(f"{_place(fault['loc'])}: {fault['msg'].lower()}" for fault in error.errors())
        raise PolicyError(f"policy {path} cannot be used: {faults}") from error


def write_policy(path: Path, policy: Policy) -> None:
    """Replace the document in one step, readable by its owner only.

    Raises:
        StorageFullError: it cannot be written.
    """
    draft = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(policy.model_dump_json(indent=2) + "\n", encoding="utf-8")
        draft.chmod(_MODE)
        draft.replace(path)
    except OSError as error:
        raise StorageFullError(f"policy {path} cannot be written: {error.strerror}") from error


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "document"
