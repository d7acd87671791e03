"""Cells under a leg, against exact rational clipping of the leg by every cell."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from workbench.scenario.model import Point
from workbench.scenario.terrain.raster import cells_touched, offsets_touched

CELL = 10
COORDINATE = st.integers(0, 60)
POINTS = st.builds(lambda east, north: Point(east_cm=east, north_cm=north), COORDINATE, COORDINATE)


def share_inside(a: Point, b: Point, row: int, col: int) -> Fraction | None:
    """How much of the leg lies in the closed square of the cell; None where they do not meet."""
    enters, leaves = Fraction(0), Fraction(1)
    for start, end, middle in ((a.east_cm, b.east_cm, col), (a.north_cm, b.north_cm, row)):
        low, high = (Fraction(2 * middle + side, 2) * CELL for side in (-1, 1))
        if start == end:
            if not low <= start <= high:
                return None
            continue
        first, last = sorted(((low - start) / (end - start), (high - start) / (end - start)))
        enters, leaves = max(enters, first), min(leaves, last)
    return leaves - enters if enters <= leaves else None


@given(a=POINTS, b=POINTS)
def test_every_cell_that_a_leg_runs_through_is_found_and_no_other(a: Point, b: Point) -> None:
    rows, cols = cells_touched(a, b, CELL)
    found = set(zip(rows.tolist(), cols.tolist(), strict=True))
    assert len(found) == len(rows)
    for row in range(-1, 8):
        for col in range(-1, 8):
            share = share_inside(a, b, row, col)
            if (row, col) in found:
                assert share is not None
            elif a.east_cm != b.east_cm and a.north_cm != b.north_cm:
                assert not share, f"cell {row, col} is missing"


@given(a=POINTS, b=POINTS)
def test_the_cells_form_a_chain_from_end_to_end(a: Point, b: Point) -> None:
    rows, cols = cells_touched(a, b, CELL)
    half = CELL // 2
    assert (rows[0], cols[0]) == ((a.north_cm + half) // CELL, (a.east_cm + half) // CELL)
    assert (rows[-1], cols[-1]) == ((b.north_cm + half) // CELL, (b.east_cm + half) // CELL)
    steps = list(zip(abs(rows[1:] - rows[:-1]).tolist(), abs(cols[1:] - cols[:-1]).tolist(), strict=True))
    assert set(steps) <= {(0, 1), (1, 0), (1, 1)}


def test_a_diagonal_touches_both_side_cells_of_every_corner() -> None:
    assert set(offsets_touched(2, 2)) == {(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2)}
    assert offsets_touched(0, -2) == ((0, 0), (0, -1), (0, -2))
    assert offsets_touched(0, 0) == ((0, 0),)
