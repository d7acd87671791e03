"""The ``pacai`` command: parses, calls, prints; no logic of its own."""

from server_ext.cli.main import main

__all__ = ["main"]
