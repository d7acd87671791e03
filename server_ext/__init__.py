"""The trusted side of the workbench: the gateway, a Jupyter server extension, and the ``pacai`` command.

Everything that holds a secret lives here: database, keys, tokens, audit log. The extension is loaded by
``{"ServerApp": {"jpserver_extensions": {"server_ext": true}}}``.
"""

from workbench import __version__

__all__ = ["__version__"]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    """Tell Jupyter where the extension is; imported late so that the command line stays quick."""
    from server_ext.app import PacaiGateway

    return [{"module": "server_ext.app", "app": PacaiGateway}]
