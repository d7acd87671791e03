"""Plane geometry of lines on the sheet, and arrow heads: lengths in sheet units, y growing downwards."""

import math
from collections.abc import Sequence

from workbench.cartography.svg import XY, path

__all__ = ["along", "arrow_head", "centre", "distance_to_segment", "offset", "simplified"]


def along(start: XY, towards: XY, distance: float) -> XY:
    """The position ``distance`` from ``start`` on the way to ``towards``."""
    part = distance / (math.dist(start, towards) or 1.0)
    return start[0] + (towards[0] - start[0]) * part, start[1] + (towards[1] - start[1]) * part


def centre(points: Sequence[XY]) -> XY:
    """The mean of the corners."""
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def offset(points: Sequence[XY], distance: float) -> list[XY]:
    """The line moved sideways, positive to the left of its direction."""
    moved = []
    for index, (x, y) in enumerate(points):
        before, after = points[max(0, index - 1)], points[min(len(points) - 1, index + 1)]
        length = math.dist(before, after) or 1.0
        moved.append((x + (after[1] - before[1]) / length * distance, y - (after[0] - before[0]) / length * distance))
    return moved


def simplified(points: Sequence[XY], tolerance: float) -> list[XY]:
    """The line without corners that stand out less than ``tolerance`` (Douglas and Peucker 1973)."""
    if len(points) < 3:
        return list(points)
    start, end = points[0], points[-1]
    distances = [distance_to_segment(point, start, end) for point in points[1:-1]]
    farthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[farthest] <= tolerance:
        return [start, end]
    corner = farthest + 1
    return [*simplified(points[: corner + 1], tolerance)[:-1], *simplified(points[corner:], tolerance)]


def distance_to_segment(at: XY, start: XY, end: XY) -> float:
    """The shortest way from a position to a straight piece."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length = along_x * along_x + along_y * along_y
    part = ((at[0] - start[0]) * along_x + (at[1] - start[1]) * along_y) / length if length else 0.0
    part = min(1.0, max(0.0, part))
    return math.hypot(at[0] - start[0] - part * along_x, at[1] - start[1] - part * along_y)


def arrow_head(before: XY, tip: XY, ink: str, size: float) -> str:
    """A filled head at ``tip`` of a line that comes from ``before``."""
    foot = along(tip, before, size)
    left, right = offset([foot, tip], size * 0.42)[0], offset([foot, tip], -size * 0.42)[0]
    return path((left, tip, right), closed=True, fill=ink, stroke="none")
