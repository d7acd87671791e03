"""``%%scenario``: a scenario from a cell.

%load_ext workbench.client

%%scenario seed=7 name=attack
Company attack on a bridge at dawn, enemy drones
"""

import shlex
import sys
from typing import Any

from IPython.core.magic import register_cell_magic

from workbench.client.client import Client
from workbench.client.generated import StoredScenario
from workbench.errors import InputError, PacaiError

__all__ = ["load_ipython_extension", "parse_line"]

NAMES = ("seed", "name", "project", "gateway")


def parse_line(line: str) -> dict[str, str]:
    """``seed=7 name=attack`` → a dict.

    Raises:
        InputError: a word that is not ``name=value`` of a known name, or no seed.
    """
    try:
        words = dict(word.split("=", 1) for word in shlex.split(line))
    except ValueError as error:
        raise InputError(f"write %%scenario seed=7 [{' '.join(f'{n}=…' for n in NAMES[1:])}], got {line!r}") from error
    unknown = [name for name in words if name not in NAMES]
    if unknown or not words.get("seed", "").isdecimal():
        raise InputError(f"%%scenario wants seed=NUMBER and knows {', '.join(NAMES)}, got {line!r}")
    return words


def load_ipython_extension(shell: Any) -> None:
    """Register the magic; called by ``%load_ext workbench.client``."""

    def scenario(line: str, cell: str) -> StoredScenario | None:
        try:
            words = parse_line(line)
            with Client.connect(words.get("gateway")) as client:
                made = client.generate(cell.strip(), int(words["seed"]), project=words.get("project"))
                made.blobs  # noqa: B018 - fetched while the connection is open
        except PacaiError as error:
            sys.stderr.write(f"{error}\n")
            return None
        shell.user_ns[words.get("name", "scenario")] = made
        return made

    register_cell_magic(scenario)
