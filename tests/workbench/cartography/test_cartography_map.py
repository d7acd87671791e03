"""The map sheet, judged from its SVG and its pixels."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from workbench.cartography import map_png, map_svg
from workbench.cartography.fonts import text_width
from workbench.cartography.frame import Box, operation_window
from workbench.errors import InputError, MissingError, VerificationError
from workbench.scenario.intent import Echelon
from workbench.scenario.model import ControlMeasure, Scenario, SideId

Made = tuple[Scenario, dict[str, bytes]]
ReadPng = Callable[[bytes], npt.NDArray[np.uint8]]
SVG = "{http://www.w3.org/2000/svg}"
LABEL_GROUPS = ("designations", "measure-names", "names", "objectives")


@pytest.fixture(scope="module")
def sheet(made: Made) -> ElementTree.Element:
    return ElementTree.fromstring(map_svg(*made))


def group(sheet: ElementTree.Element, name: str) -> ElementTree.Element:
    found = sheet.find(f".//{SVG}g[@id='{name}']")
    assert found is not None, name
    return found


def boxes_of_text(element: ElementTree.Element) -> Iterator[tuple[str, Box]]:
    for item in element.iter(f"{SVG}text"):
        size, bold = float(item.get("font-size", "0")), item.get("font-weight") == "bold"
        content, x, y = item.text or "", float(item.get("x", "0")), float(item.get("y", "0"))
        width = text_width(content, size, bold=bold)
        yield content, Box(x - width / 2, y - size * 0.72, x + width / 2, y + size * 0.2)


def neat_line(sheet: ElementTree.Element) -> Box:
    clip = sheet.find(f".//{SVG}clipPath/{SVG}rect")
    assert clip is not None
    x, y, width, height = (float(clip.get(name, "0")) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


def test_the_same_scenario_draws_the_same_svg(made: Made) -> None:
    assert map_svg(*made) == map_svg(*made)


def test_no_label_covers_another(sheet: ElementTree.Element) -> None:
    labels = [item for name in LABEL_GROUPS for item in boxes_of_text(group(sheet, name))]
    assert len(labels) > 60
    overlapping = [(a[0], b[0]) for a, b in combinations(labels, 2) if a[1].overlaps(b[1])]
    assert overlapping == []


def test_no_label_is_cut_by_the_frame(sheet: ElementTree.Element) -> None:
    frame = neat_line(sheet)
    cut = [
        content for name in LABEL_GROUPS for content, box in boxes_of_text(group(sheet, name)) if not box.inside(frame)
    ]
    assert cut == []


def test_all_fifty_one_units_are_drawn_with_their_designations_apart(sheet: ElementTree.Element, made: Made) -> None:
    units = group(sheet, "units")
    symbols = [
        Box(x, y, x + width, y + height)
        for use in units.iter(f"{SVG}use")
        for x, y, width, height in [[float(use.get(name, "0")) for name in ("x", "y", "width", "height")]]
    ]
    assert len(symbols) == len(made[0].units) == 51
    assert len(list(boxes_of_text(group(sheet, "designations")))) == 51
    assert [pair for pair in combinations(symbols, 2) if pair[0].overlaps(pair[1])] == []


def test_graphics_bear_their_doctrinal_names(sheet: ElementTree.Element) -> None:
    names = [content for content, _ in boxes_of_text(group(sheet, "measure-names"))]
    assert names.count("PL AMBER") == 2
    for name in ("AA PINE", "OBJ IRON", "AXIS DAGGER", "ENY EA WOLF", "ENY OBST 7", "TRP A1", "NFA CHURCH", "CP 3"):
        assert name in names


def test_the_sheet_says_what_where_when_and_that_it_is_an_exercise(sheet: ElementTree.Element) -> None:
    words = " ".join(item.text or "" for item in sheet.iter(f"{SVG}text"))
    assert words.count("EXERCISE - TRAINING") == 2
    assert "Attack on the crossing at Brenna" in words
    assert "010200ZJUN26" in words
    assert "35U LA" in words
    assert "not for navigation" in words


def test_names_are_escaped_and_control_characters_dropped(made: Made) -> None:
    scenario, blobs = made
    nasty = scenario.model_copy(update={"title": 'A "<script>" & \x00\x1b bell'})
    sheet = ElementTree.fromstring(map_svg(nasty, blobs))
    words = [item.text for item in sheet.iter(f"{SVG}text")]
    assert 'A "<script>" &  bell' in words
    assert "Brenna & Söhne <Ost>" in words


def test_grid_digits_stand_where_the_military_grid_says(made: Made, sheet: ElementTree.Element) -> None:
    from workbench.cartography import to_mgrs
    from workbench.scenario.model import Point

    frame, side_cm = neat_line(sheet), made[0].area.side_m * 100
    digits = [(content, box) for content, box in boxes_of_text(group(sheet, "grid-digits"))]
    below = [(content, box) for content, box in digits if box.top > frame.bottom]
    assert len(below) >= 9
    for content, box in below:
        part = ((box.left + box.right) / 2 - frame.left) / (frame.right - frame.left)
        just_east = to_mgrs(made[0].area, Point(east_cm=round(part * side_cm) + 300, north_cm=0))
        assert just_east.split()[2][:2] == content


def test_the_png_shows_forest_green_and_water_blue(made: Made, read_png: ReadPng) -> None:
    pixels = read_png(map_png(*made, width_px=300, title=False)).astype(int)
    assert pixels.shape[:2] == (300, 300)

    def at(east_m: float, north_m: float) -> npt.NDArray[np.int_]:
        x, y = 10 + east_m / 10_000 * 280, 290 - north_m / 10_000 * 280
        return np.median(pixels[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2, :3], axis=(0, 1))

    forest, field, water = at(8_000, 3_900), at(1_200, 2_100), at(9_000, 5_200 + 500 * np.sin(9_000 / 1_700))
    assert forest[1] > forest[0] + 10
    assert forest[1] > forest[2] + 10
    assert water[2] > water[0] + 25
    assert field[0] > field[2]


def test_north_is_up(made: Made, read_png: ReadPng) -> None:
    """The rock summit lies in the south-east of the area."""
    pixels = read_png(map_png(*made, width_px=300, title=False)).astype(int)
    x, y = round(10 + 0.80 * 280), round(290 - 0.27 * 280)
    summit = pixels[y - 3 : y + 4, x - 3 : x + 4, :3].mean(axis=(0, 1))
    assert abs(summit[0] - summit[1]) < 14, "grey rock in the south-east, not green or yellow"


def test_the_png_has_the_width_asked_for(made: Made, read_png: ReadPng) -> None:
    rows, columns, _ = read_png(map_png(*made, width_px=240)).shape
    assert columns == 240
    assert rows > columns


def test_a_small_operation_is_drawn_large_with_a_locator(made: Made) -> None:
    scenario, blobs = made
    near = scenario.model_copy(
        update={"units": scenario.units[:6], "control_measures": (), "routes": (), "objectives": ()}
    )
    window = operation_window(near)
    assert window.side_m < scenario.area.side_m / 2
    sheet = ElementTree.fromstring(map_svg(near, blobs))
    assert group(sheet, "locator") is not None
    assert re.search(r"AREA 10 KM", ElementTree.tostring(sheet, encoding="unicode"))


def test_a_scenario_without_units_still_has_a_map(made: Made) -> None:
    scenario, blobs = made
    bare = {"units": (), "control_measures": (), "routes": (), "objectives": (), "tasks": (), "injects": ()}
    assert ElementTree.fromstring(map_svg(scenario.model_copy(update=bare), blobs)).tag == f"{SVG}svg"


def test_a_crowd_on_one_spot_loses_its_lowest_echelons_and_no_side(made: Made) -> None:
    scenario, blobs = made
    spot = scenario.units[0].at
    crowd = [
        unit.model_copy(update={"id": f"{unit.id}.{copy}", "at": spot}) for unit in scenario.units for copy in range(5)
    ]
    sheet = ElementTree.fromstring(map_svg(scenario.model_copy(update={"units": tuple(crowd)}), blobs))
    drawn = len(list(group(sheet, "units").iter(f"{SVG}use")))
    companies = sum(unit.echelon is not Echelon.PLATOON for unit in crowd)
    sides = {unit.side for unit in crowd}
    assert sides == set(SideId)
    assert 5 * len(sides) <= drawn <= companies + 5
    words = " ".join(item.text or "" for item in group(sheet, "legend").iter(f"{SVG}text"))
    assert f"{len(crowd) - drawn} lower units" in words


@pytest.mark.parametrize("geometry", ["line", "area", "point"])
def test_graphics_of_a_single_point_do_not_break_the_map(made: Made, geometry: str) -> None:
    scenario, blobs = made
    odd = tuple(
        ControlMeasure(
            id=f"odd.{measure.id}",
            kind=measure.kind,
            side=measure.side,
            name=measure.name,
            geometry=geometry,
            points=measure.points[:1],
        )
        for measure in scenario.control_measures
    )
    ElementTree.fromstring(map_svg(scenario.model_copy(update={"control_measures": odd}), blobs))


@pytest.mark.parametrize("width", [0, 199, 6001, -5])
def test_a_width_out_of_range_is_refused(made: Made, width: int) -> None:
    with pytest.raises(InputError, match="200 to 6000"):
        map_svg(*made, width_px=width)


def test_a_missing_grid_is_named(made: Made) -> None:
    scenario, blobs = made
    with pytest.raises(MissingError, match="cover_u8"):
        map_svg(scenario, {scenario.terrain.heights.sha256: blobs[scenario.terrain.heights.sha256]})


def test_a_damaged_grid_is_named(made: Made) -> None:
    scenario, blobs = made
    damaged = {name: blob[:-1] + b"\xff" for name, blob in blobs.items()}
    with pytest.raises(VerificationError, match="height_cm_i32 grid is damaged"):
        map_svg(scenario, damaged)
