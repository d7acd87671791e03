"""The interactive map: everything of the scenario, nothing from the network."""

import re
from typing import Any

import ipyleaflet as leaflet
import pytest

from workbench.errors import MissingError
from workbench.widgets import TacticalMap


@pytest.fixture(scope="module")
def tactical(composition: Any) -> TacticalMap:
    return TacticalMap(composition.scenario, composition.blobs)


def layers(shown: TacticalMap) -> dict[str, Any]:
    return {layer.name: layer for layer in shown.layers}


def test_each_side_and_each_kind_of_graphic_is_a_layer(tactical: TacticalMap) -> None:
    names = set(layers(tactical))
    assert {"Ground", "Grid", "Control measures", "Routes", "Objectives", "Own forces", "Enemy forces"} <= names


def test_every_unit_stands_at_its_place_with_its_name(tactical: TacticalMap, composition: Any) -> None:
    markers = [*layers(tactical)["Own forces"].layers, *layers(tactical)["Enemy forces"].layers]
    units = [unit for unit in composition.scenario.units if unit.side != "civil"]
    assert {marker.alt for marker in markers} == {unit.name for unit in units}
    spots = sorted((unit.at.north_cm / 100_000, unit.at.east_cm / 100_000) for unit in units)
    assert sorted(tuple(marker.location) for marker in markers) == spots
    assert all('class="pacai-unit"' in marker.icon.html for marker in markers)


def test_higher_echelons_lie_on_top(tactical: TacticalMap) -> None:
    markers = layers(tactical)["Own forces"].layers
    assert max(markers, key=lambda marker: marker.z_index_offset).alt == tactical.scenario.units[0].name


def test_nothing_is_fetched_from_anywhere(tactical: TacticalMap) -> None:
    assert layers(tactical)["Ground"].url.startswith("data:image/png;base64,")
    assert not any(isinstance(layer, leaflet.TileLayer) for layer in tactical.layers)
    icons = "".join(marker.icon.html for marker in layers(tactical)["Own forces"].layers)
    assert set(re.findall(r"https?://[^\"' ]+", icons)) <= {"http://www.w3.org/2000/svg"}


def test_the_map_opens_on_the_operation(tactical: TacticalMap, composition: Any) -> None:
    side = composition.scenario.area.side_m / 1000
    assert all(0 <= value <= side for value in tactical.center)
    assert tactical.min_zoom < tactical.zoom < tactical.max_zoom


def test_names_are_escaped(composition: Any) -> None:
    unit = composition.scenario.units[0].model_copy(update={"name": '<img src=x onerror="a()">'})
    nasty = composition.scenario.model_copy(update={"units": (unit, *composition.scenario.units[1:])})
    shown = TacticalMap(nasty, composition.blobs)
    assert "<img" not in layers(shown)["Own forces"].layers[0].icon.html


def test_a_map_without_its_grids_says_so(composition: Any) -> None:
    with pytest.raises(MissingError, match="height_cm_i32"):
        TacticalMap(composition.scenario, {})
