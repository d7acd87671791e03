"""Prompt + seed → scenario, in this process, in worker processes or in a gRPC sidecar."""

from workbench.bridge.engine import Engine, Generated, GenerateRequest
from workbench.bridge.local import LocalEngine
from workbench.bridge.opening import open_engine

__all__ = ["Engine", "GenerateRequest", "Generated", "LocalEngine", "open_engine"]
