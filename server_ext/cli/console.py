"""What a command says: a table for a person, or one JSON document with ``--json``.

Progress and errors go to standard error, results to standard output, so that output can be piped.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console as Terminal
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from workbench.errors import PacaiError
from workbench.scenario.composition import Progress as OnProgress

__all__ = ["Console"]

Row = Sequence[str]


class Console:
    """The terminal of one command run."""

    def __init__(self, *, as_json: bool, program: str = "pacai") -> None:
        self._json = as_json
        self._program = program
        self._out = Terminal(file=sys.stdout, highlight=False, soft_wrap=True)
        self._err = Terminal(file=sys.stderr, highlight=False, soft_wrap=True)

    def show(self, data: Mapping[str, Any], *, text: str | None = None) -> None:
        """Print ``data`` as JSON; for a person print ``text``, or the data as a two-column table where it is None."""
        if self._json:
            sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        elif text is not None:
            sys.stdout.write(text)
        else:
            self.table(("what", "value"), [(key, _plain(value)) for key, value in data.items()])

    def table(self, head: Row, rows: Sequence[Row], *, title: str | None = None) -> None:
        """Print a table; with ``--json`` nothing (the caller shows the same as data)."""
        if self._json:
            return
        table = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD, pad_edge=False)
        for name in head:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*row)
        self._out.print(table)

    def say(self, sentence: str) -> None:
        """One line for the person who waits."""
        self._err.print(sentence, markup=False)

    def fail(self, error: PacaiError) -> None:
        """One line that says what went wrong; with ``--json`` also as JSON on standard output."""
        if self._json:
            problem = {"error": error.slug, "detail": str(error)}
            sys.stdout.write(json.dumps(problem, ensure_ascii=False) + "\n")
        self._err.print(f"{self._program}: {error}", markup=False)

    @contextmanager
    def progress(self, title: str) -> Iterator[OnProgress]:
        """A progress bar on standard error; yields the callback that moves it."""
        columns = (TextColumn("{task.description:<34}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
        with Progress(*columns, TimeElapsedColumn(), console=self._err, transient=False) as bar:
            task = bar.add_task(title, total=100)

            def move(stage: str, percent: int) -> None:
                bar.update(task, description=stage, completed=percent)

            yield move


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
