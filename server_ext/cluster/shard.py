"""Shard labels: how a load balancer finds the node that owns a kernel, from the path alone.

A kernel id ``node1-1f0c9a3e-5d2b4c6a-90ab12cd-34ef5678`` begins with the label of its node and still matches
jupyter_server's route pattern ``\\w+-\\w+-\\w+-\\w+-\\w+``, so a balancer routes
``/api/kernels/<label>-…`` without any shared state.
"""

import re
import secrets
from typing import NewType

__all__ = ["ShardLabel", "new_kernel_id", "shard_label", "shard_of_kernel"]

ShardLabel = NewType("ShardLabel", str)
"""A node's name as one word of letters, digits and underscores."""

_NOT_WORD = re.compile(r"\W", re.ASCII)
_PARTS = 5
MAX_LABEL = 32


def shard_label(node: str) -> ShardLabel:
    """``node_scif-7.site`` → ``node_scif_7_site``; an empty name becomes ``node``."""
    return ShardLabel(_NOT_WORD.sub("_", node)[:MAX_LABEL] or "node")


def new_kernel_id(label: ShardLabel) -> str:
    """A fresh kernel id of this shard: the label and 128 random bits."""
    return "-".join([label, *(secrets.token_hex(4) for _ in range(_PARTS - 1))])


def shard_of_kernel(kernel_id: str) -> ShardLabel | None:
    """The shard that minted ``kernel_id``, or None for an id without a label."""
    label, *rest = kernel_id.split("-")
    return ShardLabel(label) if len(rest) == _PARTS - 1 and all(len(part) == 8 for part in rest) else None
