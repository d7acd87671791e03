"""The one error tree of the product.

Every refusal that a person can meet is one of these classes. Each carries a stable ``slug`` (the last
part of the RFC 9457 problem ``type``) and a message that states the fact and what to do. The gateway
maps classes to HTTP statuses and the CLI maps them to exit codes, each in one table; nothing else does.

::

    PacaiError
    ├── InputError                what was sent or typed cannot be used
    │   ├── CanonicalError        a value has no canonical bytes (float, huge integer, bad key)
    │   ├── SeedError             the seed is not an integer in 0 … 2^53 − 1
    │   ├── PromptError           the prompt is empty, too long or not text
    │   ├── OutOfScopeError       the prompt asks for something that is not a training scenario
    │   ├── ScenarioFileError     a .pacai file is damaged, unsafe or of an unknown version
    │   ├── SignatureFormatError  a signature, key or signed note cannot be parsed
    │   └── NotebookError         a notebook cannot be read or parameterised
    ├── RefusedError              understood, and not allowed
    │   ├── PermissionRefusedError  the role has not the verb
    │   ├── PolicyRefusedError    the site policy forbids it
    │   ├── FindingsRefusedError  the scenario has error findings
    │   ├── LicenceRefusedError   the licence does not cover it
    │   └── OfflineRefusedError   a connection to a host that the policy does not name
    ├── MissingError              the named thing does not exist
    ├── ConflictError             the thing changed or exists already
    ├── VerificationError         a check failed: chain, signature, digest, package
    ├── UnavailableError          a part cannot be reached
    │   ├── DatabaseUnavailableError
    │   ├── SignerUnavailableError
    │   ├── BridgeUnavailableError
    │   ├── GatewayUnavailableError
    │   └── StorageFullError      the disk or the quota is full
    └── CompositionError          the composer found no valid scenario for the intent and seed
"""

from typing import ClassVar

__all__ = [
    "BridgeUnavailableError",
    "CanonicalError",
    "CompositionError",
    "ConflictError",
    "DatabaseUnavailableError",
    "FindingsRefusedError",
    "GatewayUnavailableError",
    "InputError",
    "LicenceRefusedError",
    "MissingError",
    "NotebookError",
    "OfflineRefusedError",
    "OutOfScopeError",
    "PacaiError",
    "PermissionRefusedError",
    "PolicyRefusedError",
    "PromptError",
    "RefusedError",
    "ScenarioFileError",
    "SeedError",
    "SignatureFormatError",
    "SignerUnavailableError",
    "StorageFullError",
    "UnavailableError",
    "VerificationError",
    "error_from_slug",
]


class PacaiError(Exception):
    """Base of every refusal. ``str(error)`` is one sentence that a person can act on."""

    slug: ClassVar[str] = "error"


class InputError(PacaiError):
    slug = "bad-input"


class CanonicalError(InputError):
    slug = "not-canonical"


class SeedError(InputError):
    slug = "bad-seed"


class PromptError(InputError):
    slug = "bad-prompt"


class OutOfScopeError(InputError):
    slug = "out-of-scope"


class ScenarioFileError(InputError):
    slug = "bad-scenario-file"


class SignatureFormatError(InputError):
    slug = "bad-signature-format"


class NotebookError(InputError):
    slug = "bad-notebook"


class RefusedError(PacaiError):
    slug = "refused"


class PermissionRefusedError(RefusedError):
    slug = "permission-refused"


class PolicyRefusedError(RefusedError):
    slug = "policy-refused"


class FindingsRefusedError(RefusedError):
    slug = "findings-refused"


class LicenceRefusedError(RefusedError):
    slug = "licence-refused"


class OfflineRefusedError(RefusedError):
    slug = "offline-refused"


class MissingError(PacaiError):
    slug = "not-found"


class ConflictError(PacaiError):
    slug = "conflict"


class VerificationError(PacaiError):
    slug = "verification-failed"


class UnavailableError(PacaiError):
    slug = "unavailable"


class DatabaseUnavailableError(UnavailableError):
    slug = "database-unavailable"


class SignerUnavailableError(UnavailableError):
    slug = "signer-unavailable"


class BridgeUnavailableError(UnavailableError):
    slug = "bridge-unavailable"


class GatewayUnavailableError(UnavailableError):
    slug = "gateway-unavailable"


class StorageFullError(UnavailableError):
    slug = "storage-full"


class CompositionError(PacaiError):
    slug = "no-composition"


def error_from_slug(slug: str, message: str) -> PacaiError:
    """The error that another process named by its slug; a slug that is not known gives the base class."""

    def search(kind: type[PacaiError]) -> type[PacaiError] | None:
        if kind.slug == slug and kind is not PacaiError:
            return kind
        return next((found for child in kind.__subclasses__() if (found := search(child))), None)

    return (search(PacaiError) or PacaiError)(message)
