"""Staff maps of a scenario, and its positions in latitude, longitude and MGRS. Pure: no files, no network."""

from workbench.cartography.projection import LatLon, from_geographic, to_geographic, to_mgrs
from workbench.cartography.sheet import map_png, map_svg
from workbench.cartography.symbols import symbol_svg

__all__ = ["LatLon", "from_geographic", "map_png", "map_svg", "symbol_svg", "to_geographic", "to_mgrs"]
