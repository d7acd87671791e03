"""Generated terrain: relief, drainage, land cover, roads, settlements and a gazetteer.

>>> from workbench.scenario.streams import Streams
>>> built = build_terrain(TerrainWish(side_m=2_000), Streams(7))
>>> built.ground.rows
201
"""

from workbench.scenario.terrain.build import build_terrain
from workbench.scenario.terrain.wish import SITE_KINDS, BuiltTerrain, TerrainWish

__all__ = ["SITE_KINDS", "BuiltTerrain", "TerrainWish", "build_terrain"]
