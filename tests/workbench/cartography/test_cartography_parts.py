"""Parts of the map that have rules of their own."""

import itertools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from workbench.cartography import symbol_svg
from workbench.cartography.designations import designations
from workbench.cartography.fonts import font_files, text_width
from workbench.cartography.frame import Box
from workbench.cartography.lines import simplified
from workbench.cartography.marginalia import date_time_group, fitted
from workbench.cartography.png import encode_png
from workbench.cartography.spread import spread
from workbench.cartography.svg import element, number
from workbench.cartography.wording import shortened
from workbench.errors import InputError
from workbench.scenario.model import Scenario

coordinates = st.floats(-1_000, 1_000, allow_nan=False)


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))))
def test_a_written_png_reads_back_as_it_was(
    read_png: Callable[[bytes], npt.NDArray[np.uint8]], picture: npt.NDArray[np.uint8]
) -> None:
    assert (read_png(encode_png(picture)) == picture).all()


def test_widths_are_those_of_the_typeface() -> None:
    # Advance of "H" is 1,540 of 2,048 units in DejaVu Sans, 1,714 in its bold.
    assert text_width("H", 2_048) == 1_540
    assert text_width("H", 2_048, bold=True) == 1_714
    assert text_width("", 12) == 0
    assert text_width("HH", 10) == 2 * text_width("H", 10)


def test_a_character_that_the_typeface_lacks_has_a_width() -> None:
    assert text_width("\U0001f600", 10) > 0


def test_the_typeface_is_shipped_with_its_licence() -> None:
    from pathlib import Path

    folder = Path(font_files()[0]).parent
    assert all(Path(name).stat().st_size > 100_000 for name in font_files())
    assert "DejaVu" in (folder / "LICENSE").read_text()


def test_designations_name_the_unit_and_those_above_it(made: tuple[Scenario, dict[str, bytes]]) -> None:
    named = designations(made[0].units)
    assert named["own.1"] == "1"
    assert named["own.1.2"] == "2"
    assert named["own.1.2.3"] == "3/2"


def test_a_circle_of_parents_ends() -> None:
    from hand_made import Echelon, SideId, at, unit

    first = unit("own.1", SideId.OWN, "own.2", Echelon.COMPANY, "121100", at(0, 0))
    second = unit("own.2", SideId.OWN, "own.1", Echelon.COMPANY, "121100", at(0, 0))
    assert len(designations([first, second])["own.1"].split("/")) == 2


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Phase Line Amber", "PL AMBER"),
        ("Support by Fire Position Walnut", "SBF WALNUT"),
        ("Left Boundary", "LEFT BOUNDARY"),
        ("Iron", "IRON"),
        ("", ""),
    ],
)
def test_known_words_are_abbreviated(name: str, written: str) -> None:
    assert shortened(name) == written


@pytest.mark.parametrize("sidc", ["", "SFGPUCI----K---", "1" * 19, "1" * 30, "1003100016121100000x"])
def test_a_code_that_is_not_twenty_digits_is_refused(sidc: str) -> None:
    with pytest.raises(InputError, match="20 digits"):
        symbol_svg(sidc, frame_px=30)


def test_an_unknown_entity_is_drawn_as_the_plain_frame_of_its_side() -> None:
    unknown, plain = (symbol_svg(f"1006100015{entity}0000", frame_px=30) for entity in ("999999", "000000"))
    assert unknown == plain
    assert "?" not in unknown


def test_symbols_of_the_sides_differ_in_shape_not_only_in_colour() -> None:
    def outline(standard_identity: str) -> str:
        return symbol_svg(f"100{standard_identity}1000001211000000", frame_px=30).split(' d="')[1].split('"')[0]

    assert len({outline(side) for side in "346"}) == 3


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900)), min_size=1, max_size=25))
def test_boxes_are_spread_until_none_overlaps(homes: list[tuple[float, float]]) -> None:
    bounds, reach = Box(0, 0, 1_000, 1_000), np.tile((15.0, 10.0, 15.0, 10.0), (len(homes), 1))
    centres = spread(np.array(homes), reach, bounds)
    boxes = [Box.around(x, y, 29.0, 19.0) for x, y in centres]
    assert all(box.inside(bounds) for box in boxes)
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


@given(st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=30), st.floats(0.1, 100))
def test_a_simplified_line_keeps_its_ends_and_adds_nothing(points: list[tuple[float, float]], tolerance: float) -> None:
    kept = simplified(points, tolerance)
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert set(kept) <= set(points)


@given(st.text(max_size=60), st.floats(20, 300))
def test_a_fitted_text_is_no_wider_than_its_place(content: str, width: float) -> None:
    assert text_width(fitted(content, width, 12), 12) <= max(width, text_width("…", 12))


def test_a_date_time_group_is_written_in_english_whatever_the_locale() -> None:
    assert date_time_group("2026-05-09T18:05:00Z") == "091805ZMAY26"


@given(st.floats(-1e6, 1e6))
def test_numbers_are_short_and_close(value: float) -> None:
    assert abs(float(number(value)) - value) <= 0.005001
    assert "e" not in number(value)
    assert number(value) != "-0"


def test_attributes_are_quoted_for_xml() -> None:
    assert element("g", id='a"b<c&\x00') == '<g id="a&quot;b&lt;c&amp;"/>'
