"""The gateway: a Jupyter server extension. Wiring only.

Jupyter owns the process, the port and the event loop; this class reads the settings and the policy, hangs the
routes in, opens the services on a thread while ``/health`` already answers, and closes them at the end.
"""

import os
from typing import Any

import prometheus_client
from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Unicode

from server_ext.gateway import Gateway
from server_ext.handlers import HANDLERS, ROUTES
from server_ext.kernels.record import KERNEL_ACTIONS, kernel_listener
from server_ext.local_socket import LocalSocket
from server_ext.metrics import GatewayMetrics
from server_ext.openapi import openapi_document
from server_ext.policy import Policy, read_policy
from server_ext.settings import Settings
from workbench.errors import PacaiError

__all__ = ["PacaiGateway"]


class PacaiGateway(ExtensionApp):
    """``jupyter pacai_gateway``: see :mod:`server_ext.launch` for how the product starts it."""

    name = "pacai_gateway"
    extension_url = "/lab"
    load_other_extensions = True

    stop_when_unavailable = Bool(
        False, help="End the server where the database cannot be opened, instead of answering 503."
    ).tag(config=True)
    failure = Unicode("", help="Why the services could not be opened; empty while all is well.")

    def initialize_settings(self) -> None:
        settings = Settings.from_environment(os.environ)
        policy = read_policy(settings.policy_file, default=Policy(offline=settings.offline))
        metrics = GatewayMetrics(prometheus_client.REGISTRY)
        self.gateway = Gateway(settings=settings, policy=policy, metrics=metrics, log=self.log)
        self.local_socket = LocalSocket(settings)
        self.settings["pacai"] = self.gateway
        self.settings["pacai_openapi"] = openapi_document(HANDLERS)

    def initialize_handlers(self) -> None:
        self.handlers.extend((route.pattern, route.handler) for route in ROUTES)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        serverapp.event_logger.add_listener(schema_id=KERNEL_ACTIONS, listener=kernel_listener(self.gateway.record))
        if not self.local_socket.open(serverapp.http_server):
            self.log.warning(
                "no unix socket at %s: its name is too long or its folder cannot be written", self.local_socket.path
            )
        try:
            await self.gateway.start()
        except PacaiError as error:
            self.failure = str(error)
            self.log.critical("the gateway cannot work: %s", error)
            if self.stop_when_unavailable:
                serverapp.stop()

    async def stop_extension(self) -> None:
        self.local_socket.close()
        await self.gateway.close()
