"""The scenario on an interactive map: no tiles, no network; the ground is the scenario's own.

Positions are kilometres north and east of the area's south-west corner on a plain grid (Leaflet's
``CRS.Simple``), so one map unit is one kilometre and nothing is projected. The map opens on the part of
the area where the operation is; each side, the graphics and the grid are layers that can be switched off.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import ipyleaflet as leaflet

from workbench.cartography.designations import designations
from workbench.cartography.frame import Window, operation_window
from workbench.scenario.model import Scenario, SideId
from workbench.widgets import map_layers

__all__ = ["TacticalMap"]

HEIGHT_PX: Final = 640
FIT_PX: Final = 600
"""Pixels that the operation fills when the map opens."""
SIDE_LAYER: Final = {SideId.OWN: "Own forces", SideId.ENEMY: "Enemy forces", SideId.CIVIL: "Civilians"}


class TacticalMap(leaflet.Map):  # type: ignore[misc]  # ipyleaflet is untyped
    """A map of one scenario: ground, roads, water, units by side, routes, control measures, objectives."""

    def __init__(self, scenario: Scenario, blobs: Mapping[str, bytes], **options: Any) -> None:
        window = operation_window(scenario)
        super().__init__(
            crs=leaflet.projections.Simple,
            center=_middle(window),
            zoom=_zoom_for(window.side_m / 1000),
            min_zoom=_zoom_for(scenario.area.side_m / 1000) - 1,
            max_zoom=_zoom_for(window.side_m / 1000) + 4,
            zoom_snap=0.25,
            scroll_wheel_zoom=True,
            attribution_control=False,
            layers=(),
            **options,
        )
        self.layout.height = f"{HEIGHT_PX}px"
        self.scenario = scenario
        self.add(map_layers.ground(scenario, blobs))
        self._layer("Roads and water", map_layers.ground_lines(scenario.terrain))
        self._layer("Places", map_layers.places(scenario.terrain))
        self._layer("Grid", map_layers.grid(scenario))
        self._layer("Control measures", map_layers.measures(scenario))
        self._layer("Objectives", map_layers.objectives(scenario))
        self._layer("Routes", map_layers.routes(scenario))
        self._sides()
        self.add(leaflet.LayersControl(position="topright", collapsed=True))
        self.add(leaflet.FullScreenControl())

    def _sides(self) -> None:
        names = designations(self.scenario.units)
        for side, title in SIDE_LAYER.items():
            units = [unit for unit in self.scenario.units if unit.side is side]
            if units:
                self._layer(title, (map_layers.unit(unit, names[unit.id], self.scenario) for unit in units))

    def _layer(self, title: str, layers: Iterable[Any]) -> None:
        self.add(leaflet.LayerGroup(layers=tuple(layers), name=title))


def _middle(window: Window) -> tuple[float, float]:
    middle = window.middle
    return middle.north_cm / map_layers.CM_PER_KM, middle.east_cm / map_layers.CM_PER_KM


def _zoom_for(side_km: float) -> float:
    """The zoom at which ``side_km`` is about :data:`FIT_PX` pixels wide (2^zoom pixels per kilometre)."""
    zoom, pixels = 0.0, side_km
    while pixels * 2**0.25 <= FIT_PX:
        zoom, pixels = zoom + 0.25, pixels * 2**0.25
    return zoom
