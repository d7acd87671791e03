"""Who is asking: certificate, token, or in the evaluation profile the server's own OS user.

====================  =======================================================  ====================
proof                 accepted                                                 profile
====================  =======================================================  ====================
client certificate    its subject stands in the policy's list                  both
token                 ``Authorization: Bearer`` or ``token``, or ``?token=``   both
local user            the client's socket belongs to the server's own OS user  evaluation only
====================  =======================================================  ====================

A proof that was offered and is wrong is refused, even where a weaker one would have passed. A request that
came through a proxy (``X-Forwarded-For`` and the like) is never the local user: the socket is the proxy's.
Nobody without a role is a user at all, because Jupyter shows some pages to any user without asking the
authorizer.

In the evaluation profile a notebook's kernel runs as the local user, so it is the local user; only tokens and
certificates tell people apart.

Programs (no ``Origin``, ``Sec-Fetch-Site`` or ``Cookie`` header) need no XSRF token, browsers always do.
"""

import asyncio
import os
import pwd
import socket
from typing import Any, Final
from weakref import WeakKeyDictionary

from jupyter_server.auth import IdentityProvider
from tornado.web import HTTPError

from server_ext.audit.events import Action
from server_ext.gateway import Gateway
from server_ext.identity.certificates import certificate_user
from server_ext.identity.peer import SocketTableError, peer_uid
from server_ext.identity.roles import EVALUATION_ROLES
from server_ext.identity.user import ANONYMOUS, WorkbenchUser
from server_ext.policy import Profile
from server_ext.problems import IdentityRefusedError, status_of
from workbench.errors import UnavailableError

__all__ = ["WorkbenchIdentityProvider"]

_PROXY_HEADERS: Final = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")
_BROWSER_HEADERS: Final = ("Origin", "Sec-Fetch-Site", "Cookie")
_REFUSAL: Final = "identity_refusal"
"""Attribute in which our handlers keep why nobody is signed in, to raise it once an identity is needed."""


class WorkbenchIdentityProvider(IdentityProvider):
    """Keeps the table of the module. It sets no login cookie and has no password form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._peers: WeakKeyDictionary[object, int] = WeakKeyDictionary()

    @property
    def auth_enabled(self) -> bool:
        return True

    @property
    def login_available(self) -> bool:
        return False

    async def get_user(self, handler: Any) -> WorkbenchUser | None:
        """The user of a request, or None with the reason kept in the handler, if it is one of ours.

        Raises:
            HTTPError: on one of Jupyter's own handlers, 401 where the proof is wrong, 503 where it cannot be
                looked up.
        """
        gateway: Gateway | None = handler.settings.get("pacai")
        if gateway is None:
            raise HTTPError(503, "the gateway extension is not loaded, so nobody can be identified")
        try:
            return await self._prove(handler, gateway)
        except (IdentityRefusedError, UnavailableError) as refusal:
            if hasattr(handler, _REFUSAL):
                setattr(handler, _REFUSAL, refusal)
                return None
            if isinstance(refusal, IdentityRefusedError):
                await gateway.record_foreign_refusal(Action.AUTH_REFUSED, ANONYMOUS, handler.request, refusal.slug)
            raise HTTPError(status_of(refusal)[0].value, str(refusal)) from refusal

    async def _prove(self, handler: Any, gateway: Gateway) -> WorkbenchUser | None:
        certificate = _certificate(handler.request)
        if certificate is not None:
            return certificate_user(certificate, gateway.policy.certificates)
        token = self.get_token(handler)
        if token:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(gateway.threads, gateway.services.token_user, token)
        if handler.request.headers.get("Authorization"):
            raise IdentityRefusedError("the Authorization header must read: Bearer TOKEN")
        if gateway.policy.profile is Profile.EVALUATION:
            return self._local_user(handler.request)
        return None

    def _local_user(self, request: Any) -> WorkbenchUser:
        if any(name in request.headers for name in _PROXY_HEADERS):
            raise IdentityRefusedError("the request came through a proxy: send a token, Authorization: Bearer TOKEN")
        uid = self._peer_uid(request)
        if uid != os.getuid():
            whose = "an unknown user" if uid is None else f"OS user {_login(uid)}"
            raise IdentityRefusedError(
                f"the connection belongs to {whose}, the gateway to {_login(os.getuid())}: "
                "send a token, Authorization: Bearer TOKEN"
            )
        return WorkbenchUser(username=_login(uid), roles=EVALUATION_ROLES, proof="local-user")

    def _peer_uid(self, request: Any) -> int | None:
        """Looked up once per connection: a socket keeps its owner."""
        context = request.connection.context
        known = self._peers.get(context)
        if known is not None:
            return known
        connection: socket.socket | None = request.connection.stream.socket
        try:
            uid = peer_uid(connection) if connection else None
        except SocketTableError as error:
            self.log.error("local identity is off: %s", error)
            return None
        if uid is not None:
            self._peers[context] = uid
        return uid

    def is_token_authenticated(self, handler: Any) -> bool:
        """Jupyter's question whether XSRF and origin checks may be left out: for programs only."""
        return not any(name in handler.request.headers for name in _BROWSER_HEADERS)


def _certificate(request: Any) -> bytes | None:
    # On a plain socket tornado raises AttributeError instead of answering None.
    if request.protocol != "https":
        return None
    certificate: bytes | None = request.get_ssl_certificate(binary_form=True)
    return certificate


def _login(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid{uid}"
