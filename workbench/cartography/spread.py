"""Moving boxes apart until none covers another, each as near its own place as the others allow.

Pairs that overlap push each other apart along the shorter way, half each; a box that nothing pushes drifts
home. The positions depend on the input alone: no randomness, one fixed number of rounds.
"""

import numpy as np
import numpy.typing as npt

from workbench.cartography.frame import Box

__all__ = ["Array", "spread"]

Array = npt.NDArray[np.float64]

ROUNDS = 600
SPRING_ROUNDS = 300
SPRING = 0.04
"""Part of the way home that a box takes each round while nothing pushes it."""
GOLDEN_ANGLE = 2.399963
"""Radians: spreads boxes that stand on the same spot in all directions."""
FIRST_STEP = 2.0
"""Sheet units between boxes of one spot at the start, growing with the square root of their number."""


def spread(homes: Array, reach: Array, bounds: Box) -> Array:
    """Centres of boxes that do not overlap, or as little as the rounds allow, inside ``bounds``.

    Args:
        homes: n × 2, where each box would like to be centred.
        reach: n × 4, how far each box reaches left, up, right and down of its centre.
    """
    order = np.arange(len(homes))
    turn, step = order * GOLDEN_ANGLE, FIRST_STEP * np.sqrt(order + 1.0)
    centres: Array = homes + np.stack((np.cos(turn) * step, np.sin(turn) * step), axis=1)
    low = np.array((bounds.left, bounds.top)) + reach[:, :2]
    high = np.maximum(low, np.array((bounds.right, bounds.bottom)) - reach[:, 2:])
    for round_ in range(ROUNDS):
        push = _pushes(centres, reach)
        free = ~push.any(axis=1)
        if round_ < SPRING_ROUNDS:
            centres[free] += (homes[free] - centres[free]) * SPRING
        elif free.all():
            break
        centres = np.clip(centres + push, low, high)
    return centres


def _pushes(centres: Array, reach: Array) -> Array:
    """How far each box moves this round, the mean over the boxes that it overlaps."""
    left_top, right_bottom = centres - reach[:, :2], centres + reach[:, 2:]
    middle = (left_top + right_bottom) / 2
    ends = np.minimum(right_bottom[:, None], right_bottom[None])
    overlap: Array = ends - np.maximum(left_top[:, None], left_top[None])
    touching: npt.NDArray[np.bool_] = np.all(overlap > 0, axis=2)
    np.fill_diagonal(touching, False)
    order = np.arange(len(centres))
    by_order = np.sign(order[:, None] - order[None])[..., None]
    difference = middle[:, None] - middle[None]
    away = np.where(difference == 0, by_order, np.sign(difference))
    across = overlap[..., 0] < overlap[..., 1]
    half = np.where(touching, 0.5, 0.0)
    push_x = np.where(across, overlap[..., 0] * away[..., 0], 0) * half
    push_y = np.where(~across, overlap[..., 1] * away[..., 1], 0) * half
    crowd = np.maximum(touching.sum(axis=1), 1)[:, None]
    pushes: Array = np.stack((push_x.sum(axis=1), push_y.sum(axis=1)), axis=1) / crowd
    return pushes
