"""``pacai batch``: a notebook over parameter sets."""

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from server_ext.batch import BatchRun, parse_over, run_batch, spread
from server_ext.cli.console import Console
from server_ext.cli.exits import Exit
from server_ext.cli.gateway import running_gateway
from server_ext.settings import Settings
from workbench.errors import InputError

__all__ = ["batch"]


def batch(arguments: Namespace, settings: Settings, console: Console) -> Exit:
    """Exit 1 where a run failed; its executed copy shows where."""
    if not arguments.over:
        raise InputError("say what varies, such as --over seed=1..8")
    sets = spread([parse_over(text) for text in arguments.over], grid=arguments.grid)
    jobs = arguments.jobs or os.cpu_count() or 1
    done: list[BatchRun] = []
    with _gateway(arguments.gateway, settings, console), console.progress("batch") as move:

        def count(run: BatchRun) -> None:
            done.append(run)
            move(f"run {len(done)} of {len(sets)}", 100 * len(done) // len(sets))

        summary = run_batch(arguments.notebook, sets, arguments.out, jobs=jobs, on_done=count)
    for run in summary.runs:
        if not run.ok:
            console.say(f"run {run.number} failed: {run.error} (see {run.notebook})")
    console.show(
        {
            "runs": len(summary.runs),
            "failed": summary.failed,
            "folder": str(summary.folder),
            "results": [str(summary.parquet), str(summary.csv)],
        }
    )
    return Exit.FAILED if summary.failed else Exit.OK


@contextmanager
def _gateway(url: str | None, settings: Settings, console: Console) -> Iterator[None]:
    """Point the kernels at a gateway: the named one, the one in the environment, or one of our own."""
    known = url or os.environ.get("PACAI_GATEWAY")
    if known:
        os.environ["PACAI_GATEWAY"] = known
        yield
        return
    with running_gateway(settings, console) as gateway:
        os.environ["PACAI_GATEWAY"] = gateway.url
        try:
            yield
        finally:
            del os.environ["PACAI_GATEWAY"]
