"""Refusals at the edge: the errors that only HTTP knows, and the one table from error to problem.

Every refusal is an RFC 9457 document ``application/problem+json``::

    {"type": "urn:pacai:problem:bad-seed", "title": "Seed not usable", "status": 422,
     "detail": "the seed must be an integer from 0 to 9007199254740991, got -1",
     "instance": "/generate", "audit_event": 17}

``audit_event`` is the place of the refusal in the audit log, while the log can be reached.

::

    PacaiError
    ├── InputError
    │   ├── BodyFormatError     the body is not JSON
    │   ├── BodyTooLargeError   the body is longer than the limit
    │   ├── FieldError          a field or parameter is missing, unknown or out of range
    │   ├── MediaTypeError      the body has another content type
    │   ├── MethodError         the resource has no such method
    │   └── UpgradeError        a plain request to a websocket
    ├── RefusedError
    │   ├── IdentityRefusedError  nobody or a wrong identity
    │   └── OriginRefusedError    a browser request from another site
    └── UnavailableError
        └── StartingError       the gateway is still coming up
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from tornado.web import HTTPError

from workbench.errors import (
    CompositionError,
    ConflictError,
    FindingsRefusedError,
    InputError,
    MissingError,
    OfflineRefusedError,
    OutOfScopeError,
    PacaiError,
    PermissionRefusedError,
    PolicyRefusedError,
    PromptError,
    RefusedError,
    SeedError,
    StorageFullError,
    UnavailableError,
    VerificationError,
)

__all__ = [
    "BodyFormatError",
    "BodyTooLargeError",
    "FieldError",
    "IdentityRefusedError",
    "MediaTypeError",
    "MethodError",
    "OriginRefusedError",
    "PROBLEM_TYPE_PREFIX",
    "StartingError",
    "UpgradeError",
    "problem_document",
    "status_of",
]

PROBLEM_TYPE_PREFIX: Final = "urn:pacai:problem:"


class BodyFormatError(InputError):
    slug = "bad-json"


class BodyTooLargeError(InputError):
    slug = "body-too-large"


class FieldError(InputError):
    slug = "bad-field"


class MediaTypeError(InputError):
    slug = "wrong-content-type"


class MethodError(InputError):
    slug = "method-not-allowed"


class UpgradeError(InputError):
    slug = "upgrade-required"


class IdentityRefusedError(RefusedError):
    slug = "identity-refused"


class OriginRefusedError(RefusedError):
    slug = "origin-refused"


class StartingError(UnavailableError):
    slug = "starting"


_TABLE: Final[dict[type[PacaiError], tuple[HTTPStatus, str]]] = {
    BodyFormatError: (HTTPStatus.BAD_REQUEST, "Body is not JSON"),
    BodyTooLargeError: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Body too large"),
    CompositionError: (HTTPStatus.UNPROCESSABLE_ENTITY, "No valid scenario found"),
    ConflictError: (HTTPStatus.CONFLICT, "Conflict with what is there"),
    FieldError: (HTTPStatus.UNPROCESSABLE_ENTITY, "Field not usable"),
    FindingsRefusedError: (HTTPStatus.CONFLICT, "Scenario has error findings"),
    IdentityRefusedError: (HTTPStatus.UNAUTHORIZED, "Identity missing or wrong"),
    InputError: (HTTPStatus.UNPROCESSABLE_ENTITY, "Input not usable"),
    MediaTypeError: (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Wrong content type"),
    MethodError: (HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
    MissingError: (HTTPStatus.NOT_FOUND, "Not found"),
    OfflineRefusedError: (HTTPStatus.FORBIDDEN, "Connection refused by offline mode"),
    OriginRefusedError: (HTTPStatus.FORBIDDEN, "Request from another site"),
    OutOfScopeError: (HTTPStatus.UNPROCESSABLE_ENTITY, "Out of scope"),
    PacaiError: (HTTPStatus.INTERNAL_SERVER_ERROR, "Error"),
    PermissionRefusedError: (HTTPStatus.FORBIDDEN, "Permission refused"),
    PolicyRefusedError: (HTTPStatus.FORBIDDEN, "Refused by policy"),
    PromptError: (HTTPStatus.UNPROCESSABLE_ENTITY, "Prompt not usable"),
    RefusedError: (HTTPStatus.FORBIDDEN, "Refused"),
    SeedError: (HTTPStatus.UNPROCESSABLE_ENTITY, "Seed not usable"),
    StorageFullError: (HTTPStatus.INSUFFICIENT_STORAGE, "Storage full"),
    UnavailableError: (HTTPStatus.SERVICE_UNAVAILABLE, "Part unavailable"),
    UpgradeError: (HTTPStatus.UPGRADE_REQUIRED, "Websocket required"),
    VerificationError: (HTTPStatus.CONFLICT, "Verification failed"),
}


def status_of(error: BaseException) -> tuple[HTTPStatus, str]:
    """Status and title of an error: of its nearest class in the table, else 500."""
    if isinstance(error, HTTPError):
        status = HTTPStatus(error.status_code)
        return status, status.phrase
    known = (kind for kind in type(error).__mro__ if kind in _TABLE)
    kind = next(known, None)
    if kind is None:
        return HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error"
    return _TABLE[kind]


def problem_document(error: BaseException, *, instance: str, audit_event: int | None) -> Mapping[str, Any]:
    """The RFC 9457 document of an error. What is not ours says nothing of its inside."""
    status, title = status_of(error)
    problem: dict[str, Any] = {
        "type": PROBLEM_TYPE_PREFIX + _slug(error, status),
        "title": title,
        "status": status.value,
        "detail": _detail(error, status),
        "instance": instance,
    }
    if audit_event is not None:
        problem["audit_event"] = audit_event
    return problem


def _slug(error: BaseException, status: HTTPStatus) -> str:
    if isinstance(error, PacaiError):
        return error.slug
    return "internal" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else status.phrase.lower().replace(" ", "-")


def _detail(error: BaseException, status: HTTPStatus) -> str:
    if isinstance(error, PacaiError):
        return str(error)
    if isinstance(error, HTTPError) and error.log_message and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return str(error.log_message)
    return status.description or status.phrase
