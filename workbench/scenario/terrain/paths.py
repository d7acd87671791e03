"""Searches on the planning lattice: cheapest spread from many sources, and filling of hollows.

Both are the classic priority-queue searches in integers, with ties broken by node number, on arrays small
enough (126 × 126 nodes) for plain Python to be quick.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCKED", "DIRECTIONS", "Drains", "Spread", "drains_to", "spread_from"]

Ints = NDArray[np.int64]

BLOCKED: Final = -1
"""Cost of an edge that cannot be used."""

DIRECTIONS: Final = ((0, 1), (1, 0), (1, 1), (1, -1), (0, -1), (-1, 0), (-1, -1), (-1, 1))
"""Eight directions; direction ``d + 4`` is the opposite of ``d < 4``."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The cheapest way to every node from whichever source is nearest."""

    cost: list[int]
    """Cost by flat node number; -1 where no source reaches."""
    parent: list[int]
    source: list[int]
    """Which source (its place in the sequence given) each node belongs to; -1 where none."""

    def way_back(self, node: int) -> list[int]:
        """Nodes from ``node`` to its source, both included."""
        way = [node]
        while self.parent[way[-1]] >= 0:
            way.append(self.parent[way[-1]])
        return way


def spread_from(sources: Sequence[int], edges: Ints) -> Spread:
    """Cheapest ways from the sources.

    ``edges[d, row, col]`` is the cost of going from a node in direction ``d`` (see :data:`DIRECTIONS`), or
    :data:`BLOCKED`; edges that leave the lattice must be blocked.
    """
    _, rows, cols = edges.shape
    costs = edges.reshape(8, -1).T.tolist()
    jumps = [row * cols + col for row, col in DIRECTIONS]
    spread = Spread([-1] * (rows * cols), [-1] * (rows * cols), [-1] * (rows * cols))
    best, parent, owner = spread.cost, spread.parent, spread.source
    queue = [(0, node) for node in sources]
    for number, node in enumerate(sources):
        best[node], owner[node] = 0, number
    heapq.heapify(queue)
    while queue:
        cost, node = heapq.heappop(queue)
        if cost > best[node]:
            continue
        for jump, edge in zip(jumps, costs[node], strict=True):
            if edge < 0:
                continue
            beside, total = node + jump, cost + edge
            if best[beside] < 0 or total < best[beside]:
                best[beside], parent[beside], owner[beside] = total, node, owner[node]
                heapq.heappush(queue, (total, beside))
    return spread


@dataclass(frozen=True, slots=True)
class Drains:
    """Where the water of every node runs."""

    level: Ints
    """Height of each node after hollows have filled: never rises on the way down."""
    downstream: list[int]
    """The next node downstream, by flat number; -1 at outlets."""
    order: list[int]
    """All nodes, each after the node that it drains to."""

    def area(self) -> list[int]:
        """Nodes whose water passes through each node, itself included."""
        drained = [1] * len(self.order)
        for node in reversed(self.order):
            below = self.downstream[node]
            if below >= 0:
                drained[below] += drained[node]
        return drained


def drains_to(outlets: Iterable[int], heights: Ints, wander: Ints) -> Drains:
    """Fill hollows and direct all water to the outlets (Barnes, Lehman and Mulla, 2014: priority flood).

    Where filled ground is level, water prefers nodes of small ``wander``, so that it does not run straight.
    """
    rows, cols = heights.shape
    height: list[int] = heights.ravel().tolist()
    turn: list[int] = wander.ravel().tolist()
    level, downstream, seen = list(height), [-1] * len(height), [False] * len(height)
    queue = [(height[node], turn[node], node) for node in sorted(set(outlets))]
    for _, _, node in queue:
        seen[node] = True
    heapq.heapify(queue)
    order = []
    while queue:
        filled, _, node = heapq.heappop(queue)
        order.append(node)
        row, col = divmod(node, cols)
        for up, right in DIRECTIONS:
            if not (0 <= row + up < rows and 0 <= col + right < cols):
                continue
            beside = node + up * cols + right
            if not seen[beside]:
                seen[beside] = True
                downstream[beside] = node
                level[beside] = max(height[beside], filled)
                heapq.heappush(queue, (level[beside], turn[beside], beside))
    return Drains(np.array(level, dtype=np.int64).reshape(rows, cols), downstream, order)
