"""Kernel starts in the audit log, fed by Jupyter's own event stream.

The event comes from the gateway's side of the kernel, where notebook code cannot reach.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from jupyter_server import CallContext

from server_ext.audit.events import Action, Actor, NewEvent, Outcome
from server_ext.identity.permissions import Permission
from server_ext.identity.user import ANONYMOUS, WorkbenchUser

__all__ = ["KERNEL_ACTIONS", "kernel_listener"]

KERNEL_ACTIONS: Final = "https://events.jupyter.org/jupyter_server/kernel_actions/v1"
_STARTS: Final = frozenset({"start", "restart"})
_PERMISSION: Final = Permission("write", "kernels")

Listener = Callable[[Any, str, dict[str, Any]], Awaitable[None]]


def kernel_listener(record: Callable[[NewEvent], Awaitable[object]]) -> Listener:
    """A listener of Jupyter's kernel events that hands starts and restarts to ``record``."""

    async def listen(logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        if data["action"] in _STARTS:
            await record(_event(data))

    return listen


def _event(data: dict[str, Any]) -> NewEvent:
    return NewEvent(
        action=Action.KERNEL_START,
        actor=_actor(),
        outcome=Outcome.FAILURE if data.get("status") == "error" else Outcome.SUCCESS,
        object=data.get("kernel_id"),
        details={"action": data["action"], "name": data.get("kernel_name")},
    )


def _actor() -> Actor:
    """The user of the request that is being answered; the event is emitted from within it."""
    handler = CallContext.get(CallContext.JUPYTER_HANDLER)
    user = getattr(handler, "current_user", None)
    return user.actor(_PERMISSION) if isinstance(user, WorkbenchUser) else ANONYMOUS
