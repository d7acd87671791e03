"""Start the gateway: the one place that says how Jupyter is configured for it.

``python -m server_ext.launch --root-dir FOLDER [--lab]`` runs it in this process, with the settings of the
environment. Nothing that matters for safety is left to configuration files that a machine may lack; the files
under ``deploy/jupyter`` say the same for whoever starts ``jupyter lab`` by hand, and a test compares the two.

Exit codes: 0 stopped, 2 the settings cannot be used, 3 a part cannot be reached (port taken, no database).
"""

import argparse
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from server_ext.policy import Policy, read_policy
from server_ext.settings import Settings
from workbench.errors import InputError, PacaiError, UnavailableError

__all__ = [
    "HOST",
    "JUPYTER_CONFIG",
    "OTHER_EXTENSIONS_OFF",
    "free_port",
    "gateway_command",
    "gateway_environment",
    "main",
    "run_gateway",
]

HOST: Final = "127.0.0.1"
MAX_REQUEST_BYTES: Final = 64 * 1024 * 1024
"""Largest request of any kind; JupyterLab uploads in chunks of one mebibyte and saves whole notebooks."""
EXIT_USAGE: Final = 2
EXIT_UNREACHABLE: Final = 3

OTHER_EXTENSIONS_OFF: Final = ("jupyter_lsp", "jupyter_server_terminals", "notebook_shim")
"""Installed with JupyterLab and not wanted: they open handlers that ask nobody's permission."""

JUPYTER_CONFIG: Final[dict[str, dict[str, Any]]] = {
    "ServerApp": {
        "allow_unauthenticated_access": False,
        "authorizer_class": "server_ext.identity.authorizer.TableAuthorizer",
        "identity_provider_class": "server_ext.identity.provider.WorkbenchIdentityProvider",
        "max_body_size": MAX_REQUEST_BYTES,
        "open_browser": False,
        "port": 3000,
        "port_retries": 0,
        "terminals_enabled": False,
    },
    # Jupyter's own shared token is not one of our proofs; empty, it is neither made nor printed.
    "WorkbenchIdentityProvider": {"token": ""},
    "KernelManager": {"transport_encryption": "required"},
    "KernelProvisionerFactory": {"default_provisioner_name": "pacai-provisioner"},
    "HTMLExporter": {
        # Each of these names a script of some content delivery network unless it is emptied.
        "embed_images": True,
        "html_manager_semver_range": "",
        "jquery_url": "",
        "jupyter_widgets_base_url": "",
        "mathjax_url": "",
        "mermaid_js_url": "",
        "mermaid_layout_elk_js_url": "",
        "require_js_url": "",
        "widget_renderer_url": "",
    },
    "LabApp": {
        "check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "extension_manager": "readonly",
        "lock_all_plugins": True,
        "news_url": None,
    },
}
"""Traits by class, as traitlets wants them."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def gateway_command(settings: Settings, root_dir: Path, *, lab: bool) -> list[str]:
    """The command that runs the gateway of ``settings``; its environment is :func:`gateway_environment`."""
    command = [sys.executable, "-m", "server_ext.launch", "--root-dir", str(root_dir)]
    return [*command, "--lab"] if lab else command


def gateway_environment(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` with the variables from which the gateway reads ``settings`` again."""
    told = {
        "PACAI_HOME": str(settings.home),
        "PACAI_PORT": str(settings.port),
        "DATABASE_URL": settings.database_url,
        "PG_BINDIR": str(settings.pg_bindir) if settings.pg_bindir else None,
        "OFFLINE_MODE": "true" if settings.offline else "false",
        "HSM_URL": settings.hsm_url,
        "PACAI_BRIDGE": settings.bridge,
        "SHARDING_ENABLED": "true" if settings.sharding else "false",
        "SHARD_ID": settings.node,
        "REDIS_URL": settings.redis_url,
    }
    kept = {name: value for name, value in environment.items() if name not in told}
    return kept | {name: value for name, value in told.items() if value is not None}


def run_gateway(settings: Settings, root_dir: Path, *, lab: bool) -> int:
    """Run the gateway of ``settings`` in this process until it is stopped; returns the exit code."""
    try:
        _refuse_taken_port(settings.port)
        # Jupyter would go on without an extension that fails to load.
        read_policy(settings.policy_file, default=Policy(offline=settings.offline))
        root_dir.mkdir(parents=True, exist_ok=True)
        os.environ.update(gateway_environment(settings, {}))
        failure = _serve(settings, root_dir, lab=lab)
    except InputError as error:
        return _say(error, EXIT_USAGE)
    except UnavailableError as error:
        return _say(error, EXIT_UNREACHABLE)
    return _say(failure, EXIT_UNREACHABLE) if failure else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m server_ext.launch``."""
    parser = argparse.ArgumentParser(prog="python -m server_ext.launch", description="run the PacAI gateway")
    parser.add_argument("--root-dir", type=Path, required=True, help="folder of notebooks")
    parser.add_argument("--lab", action="store_true", help="serve JupyterLab too")
    arguments = parser.parse_args(argv)
    try:
        settings = Settings.from_environment(os.environ)
    except PacaiError as error:
        return _say(error, EXIT_USAGE)
    return run_gateway(settings, arguments.root_dir, lab=arguments.lab)


def _serve(settings: Settings, root_dir: Path, *, lab: bool) -> str:
    # Imported late: the command line asks this module for commands and ports, and Jupyter takes half a second.
    from jupyter_server.serverapp import ServerApp
    from traitlets.config import Config

    server = ServerApp.instance(config=Config(_config(settings, root_dir, lab=lab)))
    server.initialize(argv=[])
    server.start()
    gateway = server.extension_manager.extension_points["pacai_gateway"].app
    return str(gateway.failure)


def _config(settings: Settings, root_dir: Path, *, lab: bool) -> dict[str, dict[str, Any]]:
    extensions = {"server_ext": True, "jupyterlab": lab} | dict.fromkeys(OTHER_EXTENSIONS_OFF, False)
    url = f"http://{HOST}:{settings.port}"
    return {
        **JUPYTER_CONFIG,
        "ServerApp": {
            **JUPYTER_CONFIG["ServerApp"],
            "allow_root": os.getuid() == 0,
            "ip": HOST,
            "jpserver_extensions": extensions,
            "reraise_server_extension_failures": True,
            "port": settings.port,
            "root_dir": str(root_dir.absolute()),
        },
        "PacaiGateway": {"stop_when_unavailable": True},
        "AllowListedProvisioner": {"gateway_url": url},
    }


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise UnavailableError(
                f"port {port} of {HOST} cannot be used ({error.strerror}): "
                "stop what listens there, or choose another with PACAI_PORT"
            ) from error


def _say(what: object, code: int) -> int:
    sys.stderr.write(f"pacai: {what}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
