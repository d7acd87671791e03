"""Finding room: positions that are passable, connected, spaced and clear of protected sites.

Two layers are kept apart, ``start`` and ``goal``: a unit may go where another began, but no two begin or
end on top of each other.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.scenario.composer.reach import Reach
from workbench.scenario.intent import Echelon
from workbench.scenario.model import Mobility, Point
from workbench.scenario.plane import distance_cm, spiral
from workbench.scenario.routing import Router, leg_is_traversable
from workbench.scenario.scale import scale_of, spacing_cm
from workbench.scenario.streams import Stream

__all__ = ["Disc", "Layer", "NoRoomError", "Placer"]

Layer = Literal["start", "goal"]
Mask = NDArray[np.bool_]

_RINGS: Final = 14
"""Rings of the spiral that are tried before the place is given up."""

_FIRST_WINDOW: Final = 2
_PER_WINDOW: Final = 12
"""Cells on each side of the first window of a search for usable ground, and cells tried per window."""

_MARGIN_CM: Final = 10_000
"""Nothing is placed within 100 m of the rim of the area."""


class NoRoomError(Exception):
    """No position was found; the composer tries again with another layout."""


@dataclass(frozen=True, slots=True)
class Disc:
    """A round area that no military unit may stand in."""

    at: Point
    radius_cm: int

    def holds(self, point: Point) -> bool:
        return distance_cm(self.at, point) <= self.radius_cm


class Placer:
    """Hands out positions on one ground."""

    def __init__(self, reach: Reach, router: Router) -> None:
        self.ground = reach.ground
        self.router = router
        self._reach = reach
        self.keep_out: tuple[Disc, ...] = ()
        self._taken: dict[Layer, list[tuple[Point, Echelon]]] = {"start": [], "goal": []}

    def clamped(self, point: Point) -> Point:
        """The point, brought inside the area with a margin."""
        most = self.ground.side_cm - _MARGIN_CM
        return Point(
            east_cm=min(max(point.east_cm, _MARGIN_CM), most), north_cm=min(max(point.north_cm, _MARGIN_CM), most)
        )

    def anchor(self, near: Point, mobilities: Iterable[Mobility], linked: Point | None = None) -> Point:
        """The nearest sample that all these classes can enter, connected with ``linked`` for each.

        Raises:
            NoRoomError: there is none within a quarter of the area.
        """
        for point in self._nearest(self.clamped(near), self._reach.mask(mobilities, linked)):
            if self.clamped(point) == point and not any(disc.holds(point) for disc in self.keep_out):
                return point
        raise NoRoomError("no ground that the whole force can use")

    def place(
        self,
        near: Point,
        *,
        mobility: Mobility,
        echelon: Echelon,
        layer: Layer,
        stream: Stream,
        linked: Point | None = None,
        straight: bool = False,
        accept: Callable[[Point], bool] | None = None,
    ) -> Point:
        """A free position at or around ``near``; ``straight``: one straight leg leads there from ``near``.

        Raises:
            NoRoomError: the spiral found none.
        """
        spacing = scale_of(echelon).spacing_m * 100
        for candidate in self._candidates(near, spacing * 5 // 4, stream):
            if not self._is_free(candidate, echelon, layer, mobility):
                continue
            if linked is not None and not self.router.connected(mobility, candidate, linked):
                continue
            if straight and not leg_is_traversable(self.ground, mobility, near, candidate):
                continue
            if accept is not None and not accept(candidate):
                continue
            self.take(candidate, echelon, layer)
            return candidate
        raise NoRoomError("no free position")

    def take(self, point: Point, echelon: Echelon, layer: Layer) -> None:
        """Keep the position from others."""
        self._taken[layer].append((point, echelon))

    def _candidates(self, near: Point, step_cm: int, stream: Stream) -> Iterator[Point]:
        """The spiral around the point, each turn of it a little out of line, then a finer one."""
        jitter = step_cm // 5
        for width in (step_cm, max(step_cm * 2 // 5, self.ground.cell_cm)):
            for point in spiral(near, width, _RINGS):
                east, north = stream.between(-jitter, jitter), stream.between(-jitter, jitter)
                yield Point(east_cm=point.east_cm + east, north_cm=point.north_cm + north)

    def _is_free(self, point: Point, echelon: Echelon, layer: Layer, mobility: Mobility) -> bool:
        most = self.ground.side_cm - _MARGIN_CM
        if not (_MARGIN_CM <= point.east_cm <= most and _MARGIN_CM <= point.north_cm <= most):
            return False
        if not self._reach.passable(mobility, point):
            return False
        if any(disc.holds(point) for disc in self.keep_out):
            return False
        return all(distance_cm(point, other) >= spacing_cm(echelon, size) for other, size in self._taken[layer])

    def _nearest(self, near: Point, mask: Mask) -> Iterator[Point]:
        """True cells in growing distance, a sample of those of each of some widening windows."""
        row, col = self.ground.cell_of(near)
        reach = _FIRST_WINDOW
        while reach <= self.ground.rows // 3:
            south, west = max(row - reach, 0), max(col - reach, 0)
            rows, cols = np.nonzero(mask[south : row + reach + 1, west : col + reach + 1])
            squares = (rows + south - row) ** 2 + (cols + west - col) ** 2
            for index in np.argsort(squares, kind="stable")[:: max(len(squares) // _PER_WINDOW, 1)].tolist():
                yield self.ground.point_of(int(rows[index]) + south, int(cols[index]) + west)
            reach *= 2
