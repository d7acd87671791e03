"""From an RFC 9457 problem document back to the error of the product's own tree.

The last part of the problem's ``type`` is the slug of a class in :mod:`workbench.errors`; a slug that this
version does not know becomes the nearest class by HTTP status, so that a notebook still reads one tree.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from workbench.errors import (
    ConflictError,
    GatewayUnavailableError,
    InputError,
    MissingError,
    PacaiError,
    PermissionRefusedError,
    RefusedError,
    StorageFullError,
    UnavailableError,
    error_from_slug,
)

__all__ = ["problem_error"]

_BY_STATUS: Mapping[int, type[PacaiError]] = {
    HTTPStatus.UNAUTHORIZED: PermissionRefusedError,
    HTTPStatus.FORBIDDEN: RefusedError,
    HTTPStatus.NOT_FOUND: MissingError,
    HTTPStatus.CONFLICT: ConflictError,
    HTTPStatus.SERVICE_UNAVAILABLE: UnavailableError,
    HTTPStatus.INSUFFICIENT_STORAGE: StorageFullError,
}
_LAST_PART = re.compile(r"[^:/#]*$")


def problem_error(document: object, status: int) -> PacaiError:
    """The error that a refusal stands for; its text is the problem's ``detail``.

    >>> problem_error({"type": "urn:pacai:problem:bad-seed", "detail": "the seed is negative"}, 422)
    SeedError('the seed is negative')
    """
    problem: Mapping[str, Any] = document if isinstance(document, dict) else {}
    sentence = _sentence(problem, status)
    match = _LAST_PART.search(str(problem.get("type", "")))
    known = error_from_slug(match.group() if match else "", sentence)
    return known if type(known) is not PacaiError else _nearest(status)(sentence)


def _sentence(problem: Mapping[str, Any], status: int) -> str:
    """The detail, else Jupyter's own ``message``, else the status in words."""
    for key in ("detail", "title", "message"):
        if isinstance(problem.get(key), str) and problem[key]:
            return str(problem[key])
    known = status in HTTPStatus.__members__.values()
    words = HTTPStatus(status).phrase.lower() if known else "no reason given"
    return f"the gateway refused with status {status} ({words})"


def _nearest(status: int) -> type[PacaiError]:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return InputError
    return GatewayUnavailableError
