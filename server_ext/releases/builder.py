"""Export in a worker process: pure, CPU-bound work never runs on the gateway's interpreter.

One spawned process serves one export at a time; Linux kills it with the gateway. A worker that dies takes
only its own export with it: the next call starts a fresh one.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from threading import Lock

from exporters.package import PackageDescription, UnsignedPackage, build_package
from exporters.registry import find_exporter
from workbench import __version__
from workbench.bridge.parentage import die_with_parent
from workbench.errors import BridgeUnavailableError
from workbench.scenario.findings import Finding
from workbench.scenario.model import Scenario
from workbench.scenario.rules import check

__all__ = ["BuildOrder", "Built", "PackageBuilder"]


@dataclass(frozen=True, slots=True)
class BuildOrder:
    """What a package is built from; all of it plain data that crosses to the worker."""

    document: bytes
    """Canonical bytes of the scenario."""
    blobs: Mapping[str, bytes]
    digest: str
    target: str
    principal: str
    evaluation: bool


@dataclass(frozen=True, slots=True)
class Built:
    """An unsigned package, and what the rules say of its scenario."""

    package: UnsignedPackage
    findings: tuple[Finding, ...]


class PackageBuilder:
    """A worker process that turns scenarios into unsigned packages."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pool: ProcessPoolExecutor | None = None

    def build(self, order: BuildOrder) -> Built:
        """Judge, export and write MANIFEST.

        Raises:
            MissingError: no installed exporter has that name.
            BridgeUnavailableError: the worker died; ask again.
        """
        with self._lock:
            pool = self._pool = self._pool or _new_pool()
        try:
            return pool.submit(_build, order).result()
        except BrokenProcessPool as error:
            self.close()
            raise BridgeUnavailableError("the export process died; ask for the package again") from error

    def close(self) -> None:
        """End the worker. May be called twice."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _new_pool() -> ProcessPoolExecutor:
    # spawn: a fork of the gateway would inherit its sockets, threads and secrets.
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=die_with_parent, initargs=(os.getpid(),))


def _build(order: BuildOrder) -> Built:
    scenario = Scenario.model_validate_json(order.document)
    description = PackageDescription(
        scenario_sha256=scenario.digest(),
        title=scenario.title,
        target=order.target,
        engine_version=scenario.recipe.engine_version,
        workbench_version=__version__,
        principal=order.principal,
        evaluation=order.evaluation,
    )
    export = find_exporter(order.target).export(scenario, order.blobs)
    return Built(build_package(export, describe=description), check(scenario, order.blobs))
