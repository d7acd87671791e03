"""How a handler method says what it is: one decorator that guards it and describes it.

The permission is written once, on the concrete method, and is both enforced and published in the OpenAPI
document; a method without the decorator is answered with 405 and fails the tests.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from pydantic import BaseModel
from tornado.web import HTTPError

from server_ext.identity.permissions import PERMISSIONS, Permission
from workbench.errors import PacaiError

__all__ = ["JSON", "Answer", "Operation", "operation", "operation_of", "permission"]

JSON: Final = "application/json"
_MARK: Final = "pacai_operation"

Method = Callable[..., Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One successful answer: what it means and the shape of its body."""

    description: str
    model: type[BaseModel] | None = None
    content_type: str = JSON


@dataclass(frozen=True, slots=True)
class Operation:
    """What a method of a resource is."""

    operation_id: str
    summary: str
    permission: Permission | None
    """None: open to everyone, without identity."""
    answers: Mapping[int, tuple[Answer, ...]]
    refusals: tuple[int, ...]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None


def permission(verb: str, resource: str) -> Permission:
    """A permission of the table.

    Raises:
        LookupError: the table has no such row, so nobody could ever use the method.
    """
    wanted = Permission(verb, resource)
    if wanted not in PERMISSIONS:
        raise LookupError(f"the permission table has no row {wanted}")
    return wanted


def operation(
    operation_id: str,
    *,
    summary: str,
    needs: Permission | None,
    answers: Mapping[int, tuple[Answer, ...]],
    refusals: tuple[int, ...] = (),
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
) -> Callable[[Method], Method]:
    """Guard a handler method by ``needs`` and describe it."""
    described = Operation(operation_id, summary, needs, answers, refusals, body, query)

    def declare(method: Method) -> Method:
        @wraps(method)
        async def guarded(self: Any, *arguments: str) -> None:
            try:
                await self.require(needs)
                await method(self, *arguments)
            except (PacaiError, HTTPError) as error:
                await self.record_refusal(error)
                raise

        setattr(guarded, _MARK, described)
        # Jupyter's own switch, read by JupyterHandler.prepare under this very name.
        setattr(guarded, "__allow_unauthenticated", needs is None)
        return guarded

    return declare


def operation_of(method: object) -> Operation | None:
    """The description of a handler method, or None where it is not an operation of ours."""
    return getattr(method, _MARK, None)
