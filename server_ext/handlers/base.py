"""The base of every handler: identity before XSRF, work on threads, one table of problems.

Rules it keeps:

* nothing blocks the event loop: services are called through :meth:`GatewayHandler.call`;
* a missing or wrong identity is answered 401 before any XSRF check, so a bad token is never told
  that ``_xsrf`` is missing;
* every refusal is recorded before it is answered, and the problem names the event;
* input is validated by a pydantic model, an unknown field is an error.
"""

import asyncio
import re
import secrets
from collections.abc import Callable
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

import orjson
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from psycopg import Connection
from pydantic import BaseModel
from tornado.web import HTTPError

from server_ext.audit.events import Action, Actor, NewEvent, Outcome
from server_ext.gateway import Gateway
from server_ext.handlers.input import parse_body, parse_query
from server_ext.handlers.operation import operation_of
from server_ext.identity.permissions import Permission
from server_ext.identity.user import ANONYMOUS, WorkbenchUser
from server_ext.problems import (
    IdentityRefusedError,
    MethodError,
    OriginRefusedError,
    StartingError,
    problem_document,
    status_of,
)
from server_ext.services import Services
from workbench.errors import (
    DatabaseUnavailableError,
    MissingError,
    PacaiError,
    PermissionRefusedError,
    RefusedError,
)

__all__ = ["PATH_PARAMETERS", "PROBLEM_JSON", "GatewayHandler"]

P = ParamSpec("P")
T = TypeVar("T")
B = TypeVar("B", bound=BaseModel)

PROBLEM_JSON = "application/problem+json"
PATH_PARAMETERS = {
    "package_id": "[a-z0-9][a-z0-9-]{0,62}",
    "project_id": "[a-z0-9][a-z0-9-]{0,62}",
    "scenario_id": "[a-z0-9][a-z0-9-]{0,62}",
    "sha256": "[0-9a-f]{64}",
    "version": "[1-9][0-9]{0,8}",
}
"""What the parts of a path may look like; anything else names nothing and is answered 404."""
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class GatewayHandler(ExtensionHandlerMixin, APIHandler):
    """One resource of the gateway. Concrete handlers set :attr:`path` and operations."""

    path: ClassVar[str]
    """URL template, such as ``/scenarios/{scenario_id}``; also the endpoint label of the metrics."""

    def initialize(self, name: str) -> None:
        super().initialize(name)
        self.identity_refusal: PacaiError | None = None
        """Why the identity provider found nobody; raised only where somebody is needed."""
        self.request_id = secrets.token_hex(8)
        self.audit_event: int | None = None
        self.set_header("X-Request-Id", self.request_id)

    # ------------------------------------------------------------ collaborators

    @property
    def gateway(self) -> Gateway:
        gateway: Gateway = self.settings["pacai"]
        return gateway

    @property
    def services(self) -> Services:
        """The opened services.

        Raises:
            UnavailableError: they are still coming up, or could not.
        """
        return self.gateway.services

    @property
    def user(self) -> WorkbenchUser | None:
        user = getattr(self, "_jupyter_current_user", None)
        return user if isinstance(user, WorkbenchUser) else None

    @property
    def actor(self) -> Actor:
        """Who acts, in the role that grants the operation at hand."""
        described = operation_of(getattr(self, (self.request.method or "").lower(), None))
        return self.user.actor(described.permission if described else None) if self.user else ANONYMOUS

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking call on the gateway's threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.gateway.threads, lambda: function(*args, **kwargs))

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of the store in a transaction of its own, on the gateway's threads."""

        def ask() -> T:
            with self.services.database.connection() as connection:
                return query(connection, *args, **kwargs)

        return await self.call(ask)

    # ------------------------------------------------------------ who and whether

    async def prepare(self, **_kwargs: object) -> None:
        try:
            await super().prepare()
            self._require_method()
            self._require_names()
        except (PacaiError, HTTPError) as error:
            await self.record_refusal(error)
            raise

    def check_host(self) -> bool:
        if not super().check_host():
            raise OriginRefusedError(
                f"the gateway does not answer to the host name {self.request.host_name!r}; use 127.0.0.1 or localhost"
            )
        return True

    def check_xsrf_cookie(self) -> None:
        if hasattr(self, "_jupyter_current_user"):
            self._require_identity()
        try:
            super().check_xsrf_cookie()
        except HTTPError as error:
            raise OriginRefusedError(
                "a browser page must send the X-XSRFToken header with the value of the _xsrf cookie, "
                "from the gateway's own origin"
            ) from error

    def set_cors_headers(self) -> None:
        """Jupyter lets any origin read what it takes for token requests; nothing here is for other origins."""

    def get_login_url(self) -> str:
        """Called where a page would be sent to a login form; an API answers 401 instead."""
        self._require_identity()
        return str(super().get_login_url())

    async def require(self, needed: Permission | None) -> None:
        """Refuse whoever has not the permission.

        Raises:
            IdentityRefusedError: nobody, or a wrong token.
            PermissionRefusedError: somebody whose roles have not the verb.
        """
        if needed is None:
            return
        user = self._require_identity()
        allowed = self.authorizer.is_authorized(self, user, needed.verb, needed.resource)
        if not await ensure_async(allowed):
            raise PermissionRefusedError(
                f"{user.username} may not {needed}: no role of {', '.join(user.roles) or 'none'} has it"
            )

    def _require_identity(self) -> WorkbenchUser:
        if self.user is None:
            raise self.identity_refusal or IdentityRefusedError("say who you are: Authorization: Bearer TOKEN")
        return self.user

    def _require_method(self) -> None:
        method = self.request.method or ""
        if method in _METHODS and operation_of(getattr(self, method.lower())) is None:
            raise MethodError(f"{self.path} knows {', '.join(self.allowed_methods())}, not {method}")

    def _require_names(self) -> None:
        names = re.findall(r"\{(\w+)\}", self.path)
        for name, value in zip(names, self.path_args, strict=True):
            if not re.fullmatch(PATH_PARAMETERS[name], value):
                raise MissingError(f"there is no {name.removesuffix('_id')} {value[:80]!r}")

    @classmethod
    def allowed_methods(cls) -> list[str]:
        """The HTTP methods that this resource has."""
        return [method for method in _METHODS if operation_of(getattr(cls, method.lower(), None))]

    # ------------------------------------------------------------ what was sent

    def body(self, model: type[B]) -> B:
        """The JSON body; errors as in :func:`server_ext.handlers.input.parse_body`."""
        return parse_body(self.request.body, self.request.headers.get("Content-Type", ""), model)

    def query(self, model: type[B]) -> B:
        """The query parameters; errors as in :func:`server_ext.handlers.input.parse_query`."""
        return parse_query(self.request.query_arguments, model)

    # ------------------------------------------------------------ what is answered

    def answer(self, document: BaseModel, status: int = 200) -> None:
        """Finish with a JSON document."""
        self.set_status(status)
        self.finish(document.model_dump_json())

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """The one place where an error becomes an answer; the table is in :mod:`server_ext.problems`."""
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else HTTPError(status_code)
        status, _title = status_of(error)
        self.set_status(status.value)
        self._set_refusal_headers(error)
        document = problem_document(error, instance=self.request.path, audit_event=self.audit_event)
        self.finish(orjson.dumps(document), set_content_type=PROBLEM_JSON)

    def _set_refusal_headers(self, error: BaseException) -> None:
        """What RFC 9110 wants beside the status; Tornado has dropped every header that was set before."""
        self.set_header("X-Request-Id", self.request_id)
        if isinstance(error, IdentityRefusedError):
            self.set_header("WWW-Authenticate", 'Bearer realm="pacai"')
        if isinstance(error, MethodError):
            self.set_header("Allow", ", ".join(self.allowed_methods()))
        if isinstance(error, StartingError):
            self.set_header("Retry-After", "1")

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """A refusal is one line in the log, a fault of ours is a traceback."""
        if isinstance(value, PacaiError):
            self.log.info("%s %s refused: %s", self.request.method, self.request.path, value)
        else:
            super().log_exception(typ, value, tb)

    async def record_refusal(self, error: PacaiError | HTTPError) -> None:
        """Put a refusal into the audit log, once per request; not where the log itself is out of reach."""
        if self.audit_event is not None or isinstance(error, StartingError | DatabaseUnavailableError):
            return
        slug = error.slug if isinstance(error, PacaiError) else "http"
        event = NewEvent(
            action=_refusal_action(error),
            actor=self.actor,
            outcome=Outcome.FAILURE,
            object=f"{self.request.method} {self.path}",
            request_id=self.request_id,
            details={"problem": slug, "status": status_of(error)[0].value},
        )
        self.audit_event = await self.gateway.record(event)

    def on_finish(self) -> None:
        super().on_finish()
        self.gateway.metrics.request(self.path, self.get_status(), self.request.request_time())


def _refusal_action(error: PacaiError | HTTPError) -> Action:
    if isinstance(error, IdentityRefusedError):
        return Action.AUTH_REFUSED
    return Action.ACCESS_REFUSED if isinstance(error, RefusedError) else Action.REQUEST_REFUSED
