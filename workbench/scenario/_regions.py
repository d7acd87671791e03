"""Connected regions of a mask, and shortest chains of cells within one.

Both work on the samples themselves and know nothing of the routing lattice: regions tell at once whether a
route exists, and chains lead to the lattice where it is too coarse. Neighbours are the four that share an
edge: a straight leg touches its cells in exactly such a chain.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["fewest_steps", "joined", "region_grid"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Cell = tuple[int, int]


def region_grid(mask: Mask) -> NDArray[np.int32]:
    """For each true cell the number (≥ 0) of its region, for each false cell −1."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 1), dtype=np.int8)
    padded[:, :-1] = mask
    flat = padded.ravel()
    edges = np.diff(flat, prepend=np.int8(0))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    labels = joined(len(starts), *_touching_runs(starts, ends, padded.shape[1]))
    painted = np.full(flat.shape, -1, dtype=np.int32)
    painted[flat == 1] = np.repeat(labels, ends - starts)
    regions: NDArray[np.int32] = painted.reshape(padded.shape)[:, :-1]
    return regions


def _touching_runs(starts: Ints, ends: Ints, width: int) -> tuple[Ints, Ints]:
    """Pairs of runs that lie above one another in neighbouring rows."""
    first = np.searchsorted(ends, starts + width, side="right")
    last = np.searchsorted(starts, ends + width, side="left")
    counts = np.maximum(last - first, 0)
    lower = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return lower, np.repeat(first, counts) + within


def joined(count: int, one: Ints, other: Ints) -> NDArray[np.int32]:
    """For each of ``count`` things the lowest that it is joined with, given the pairs that touch.

    By hooking and pointer jumping, a few passes over the pairs.
    """
    parent = np.arange(count, dtype=np.int64)
    while True:
        lowest = np.minimum(parent[one], parent[other])
        np.minimum.at(parent, parent[one], lowest)
        np.minimum.at(parent, parent[other], lowest)
        while not np.array_equal(parent, parent[parent]):
            parent = parent[parent]
        if np.array_equal(parent[one], parent[other]):
            return parent.astype(np.int32)


def fewest_steps(start: Cell, targets: Mask, open_cells: Mask) -> list[Cell] | None:
    """A shortest chain of open cells from ``start`` to the nearest target, both included.

    None where no target can be reached. The whole frontier steps at once, so the cost is one pass over the
    cells reached; ties fall to the direction first tried (east, west, north, south), then to the lowest cell.
    """
    width = open_cells.shape[1] + 2
    untouched = np.pad(open_cells, 1).ravel()
    wanted = np.pad(targets & open_cells, 1).ravel()
    came_from = np.zeros(untouched.shape, dtype=np.int64)
    frontier = np.array([(start[0] + 1) * width + start[1] + 1], dtype=np.int64)
    untouched[frontier] = False
    while len(frontier):
        hits = frontier[wanted[frontier]]
        if len(hits):
            return _chain_back(int(hits.min()), came_from, width)
        reached = []
        for step in (1, -1, width, -width):
            ahead = frontier + step
            ahead = ahead[untouched[ahead]]
            untouched[ahead] = False
            came_from[ahead] = ahead - step
            reached.append(ahead)
        frontier = np.concatenate(reached)
    return None


def _chain_back(last: int, came_from: Ints, width: int) -> list[Cell]:
    chain = [last]
    while came_from[chain[-1]]:
        chain.append(int(came_from[chain[-1]]))
    return [(flat // width - 1, flat % width - 1) for flat in reversed(chain)]
