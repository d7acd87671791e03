"""The whole map sheet as one SVG, and as a PNG.

>>> svg = map_svg(scenario, blobs)           # doctest: +SKIP
>>> png = map_png(scenario, blobs, width_px=800)   # doctest: +SKIP

The same scenario, blobs and arguments give the same SVG text. Drawing order, bottom to top: ground
picture, ground lines, grid, control measures, routes, objectives, units, names. Room for names is given
in the order of importance: units, objectives, control measures, settlements, then the rest.
"""

from collections.abc import Mapping, Sequence

import resvg_py

from workbench.cartography.fonts import FAMILY, font_files
from workbench.cartography.frame import Frame, operation_window
from workbench.cartography.grid import MilitaryGrid, frame_border
from workbench.cartography.ground import ground_labels, ground_lines
from workbench.cartography.labels import Labels
from workbench.cartography.marginalia import BANNER_HEIGHT, banner, legend, locator, scale_and_north, title_block
from workbench.cartography.measures import control_measures, measure_labels
from workbench.cartography.operation import objectives, routes
from workbench.cartography.palette import PAPER, SIDE_INK
from workbench.cartography.png import data_url, encode_png
from workbench.cartography.relief import Relief, contour_interval_m, ground_picture, read_relief
from workbench.cartography.svg import element, group, path
from workbench.cartography.units import PlacedUnit, draw_units, label_units, place_units
from workbench.errors import InputError
from workbench.scenario.model import Scenario, SideId

__all__ = ["map_png", "map_svg"]

SHEET_WIDTH = 1200.0
"""Sheet units: the width for which every size in this package is chosen."""
MARGIN = 40.0
TITLE_HEIGHT = 56.0
LEGEND_HEIGHT = 158.0
WIDTHS_PX = range(200, 6001)


def map_svg(scenario: Scenario, blobs: Mapping[str, bytes], *, width_px: int = 1200, title: bool = True) -> str:
    """A staff map of the scenario.

    Args:
        blobs: the grids that the scenario names, by SHA-256.
        width_px: 200 … 6000.
        title: False leaves out title, legend and classification, for a thumbnail.

    Raises:
        InputError: ``width_px`` is out of range.
        MissingError, VerificationError: a grid is missing or damaged.
    """
    if width_px not in WIDTHS_PX:
        raise InputError(f"a map is 200 to 6000 pixels wide, got {width_px}")
    relief = read_relief(scenario, blobs)
    top = BANNER_HEIGHT + TITLE_HEIGHT + 18 if title else MARGIN
    window = operation_window(scenario)
    frame = Frame(scenario.area, window, left=MARGIN, top=top, size=SHEET_WIDTH - 2 * MARGIN)
    height = frame.box.bottom + (26 + LEGEND_HEIGHT + BANNER_HEIGHT if title else MARGIN)
    placed = place_units(scenario.units, frame)
    parts = [_background(height), _definitions(frame), *_map(scenario, relief, frame, placed)]
    if title:
        parts += _around(scenario, relief, frame, height, len(scenario.units) - len(placed))
    return element(
        "svg",
        "\n".join(part for part in parts if part),
        xmlns="http://www.w3.org/2000/svg",
        width=width_px,
        height=round(height * width_px / SHEET_WIDTH),
        viewBox=f"0 0 {SHEET_WIDTH:g} {height:g}",
        font_family=f"{FAMILY}, sans-serif",
        role="img",
        aria_label=f"Map: {scenario.title}",
    )


def map_png(scenario: Scenario, blobs: Mapping[str, bytes], *, width_px: int = 1200, title: bool = True) -> bytes:
    """:func:`map_svg` as a PNG file, drawn with the package's own typeface only.

    Raises:
        InputError, MissingError, VerificationError: see :func:`map_svg`.
    """
    svg = map_svg(scenario, blobs, width_px=width_px, title=title)
    png: bytes = bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=True,
            font_files=font_files(),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            width=width_px,
        )
    )
    return png


def _map(scenario: Scenario, relief: Relief, frame: Frame, placed: Sequence[PlacedUnit]) -> list[str]:
    """Everything inside the neat line, bottom to top, and the grid digits along it."""
    labels, grid = Labels(frame.box), MilitaryGrid(frame)
    designations = label_units(placed, labels)
    targets = objectives(scenario, frame, labels)
    measure_names = measure_labels(scenario, frame, labels)
    names = ground_labels(scenario.terrain, relief, frame, labels)
    clipped = (
        _ground_image(relief, frame),
        ground_lines(scenario.terrain, frame),
        grid.lines(),
        control_measures(scenario, frame),
        routes(scenario, frame),
        names,
        targets,
        draw_units(placed),
        measure_names,
        designations,
    )
    return [group(clipped, clip_path="url(#frame)"), frame_border(frame), grid.edge_labels()]


def _ground_image(relief: Relief, frame: Frame) -> str:
    window = frame.window
    picture = ground_picture(relief, window.side_m, round(frame.size), west_m=window.west_m, south_m=window.south_m)
    return element(
        "image",
        x=frame.left,
        y=frame.top,
        width=frame.size,
        height=frame.size,
        preserveAspectRatio="none",
        href=data_url(encode_png(picture)),
    )


def _around(scenario: Scenario, relief: Relief, frame: Frame, height: float, hidden: int) -> list[str]:
    below, window = frame.box.bottom + 30, frame.window
    interval = contour_interval_m(relief, window.side_m, west_m=window.west_m, south_m=window.south_m)
    return [
        banner(0, SHEET_WIDTH),
        title_block(scenario, frame),
        scale_and_north(scenario, frame, MARGIN, below, interval),
        locator(scenario, frame, MARGIN + 325, below),
        legend(relief, MARGIN + 465, below, hidden),
        banner(height - BANNER_HEIGHT, SHEET_WIDTH),
    ]


def _background(height: float) -> str:
    return element("rect", width=SHEET_WIDTH, height=height, fill=PAPER)


def _definitions(frame: Frame) -> str:
    box = element("rect", x=frame.left, y=frame.top, width=frame.size, height=frame.size)
    line = path(((0, 0), (0, 8)), stroke=SIDE_INK[SideId.ENEMY], stroke_width=1.2, stroke_opacity=0.55)
    hatch = element(
        "pattern", line, id="hatch", width=8, height=8, patternUnits="userSpaceOnUse", patternTransform="rotate(45)"
    )
    return element("defs", element("clipPath", box, id="frame") + hatch)
