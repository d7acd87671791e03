"""Entry point of ``pacai``: the process rim, where errors become one line and an exit code."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from server_ext.cli.console import Console
from server_ext.cli.exits import Exit, exit_code
from server_ext.cli.parser import build_parser
from server_ext.settings import Settings
from workbench.errors import PacaiError

__all__ = ["main"]

INTERRUPTED = 130
"""128 + SIGINT, as shells expect."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (see :mod:`server_ext.cli.exits`)."""
    arguments = build_parser().parse_args(argv)
    console = Console(as_json=arguments.json)
    try:
        return int(_run(arguments, console))
    except PacaiError as error:
        console.fail(error)
        return int(exit_code(error))
    except KeyboardInterrupt:
        console.say("stopped")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (``pacai … | head``); leave without a traceback at shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.OK)


def _run(arguments: Namespace, console: Console) -> Exit:
    settings = Settings.from_environment(os.environ)
    result: Exit = arguments.run(arguments, settings, console)
    return result
