"""From metres in the exercise area to latitude, longitude and MGRS, and back.

A scenario holds positions as centimetres east and north of the area's south-west corner
(:class:`~workbench.scenario.model.Point`). That plane is the transverse Mercator projection centred
at the corner itself: central meridian and latitude of origin at ``Area.origin``, scale factor 1,
WGS 84 ellipsoid, no false easting or northing. Lengths are true on the corner's meridian and within
1 part in 10,000 up to 90 km from it.

Everything geographic is *derived*, here and only here, in double precision; nothing computed in this
module enters a scenario's digest.

>>> from workbench.scenario.model import Area, GeoPoint, Point
>>> area = Area(name="Demo", origin=GeoPoint(lat_e7=541_000_000, lon_e7=253_000_000),
...             side_m=10_000, cell_m=25, utm_zone="35N")
>>> to_mgrs(area, Point(east_cm=0, north_cm=0))
'35U LV 88838 95983'
"""

from dataclasses import dataclass
from functools import lru_cache

import mgrs
from pyproj import Proj

from workbench.errors import InputError
from workbench.scenario.model import Area, Point

__all__ = [
    "LatLon",
    "UtmFrame",
    "from_geographic",
    "to_geographic",
    "to_mgrs",
]

CM_PER_M = 100
E7 = 10_000_000
MGRS_DIGITS = range(1, 6)
"""Digits per axis: 5 is 1 m, 4 is 10 m … 1 is 10 km (NGA.STND.0037)."""


@dataclass(frozen=True, slots=True)
class LatLon:
    """WGS 84 position in decimal degrees."""

    lat: float
    lon: float

    def __str__(self) -> str:
        return f"{abs(self.lat):.5f}°{'NS'[self.lat < 0]} {abs(self.lon):.5f}°{'EW'[self.lon < 0]}"


def to_geographic(area: Area, point: Point) -> LatLon:
    """Latitude and longitude of a point of the area."""
    lon, lat = _local(area.origin.lat_e7, area.origin.lon_e7)(
        point.east_cm / CM_PER_M, point.north_cm / CM_PER_M, inverse=True
    )
    return LatLon(lat=lat, lon=lon)


def from_geographic(area: Area, position: LatLon) -> Point:
    """The point of the area's plane at a position, rounded to the centimetre.

    Raises:
        InputError: the position is not on the globe or too far away to lie on the plane.
    """
    if not (-90 <= position.lat <= 90 and -180 <= position.lon <= 180):
        raise InputError(f"latitude must be within ±90 and longitude within ±180 degrees, got {position}")
    east, north = _local(area.origin.lat_e7, area.origin.lon_e7)(position.lon, position.lat)
    if abs(east) == float("inf"):
        raise InputError(f"{position} is too far from the area {area.name} to lie on its map plane")
    return Point(east_cm=round(east * CM_PER_M), north_cm=round(north * CM_PER_M))


def to_mgrs(area: Area, point: Point, *, digits: int = 5) -> str:
    """MGRS reference with spaces, such as ``35U LV 88838 95983``; ``digits`` per axis (5 is 1 m).

    Raises:
        InputError: ``digits`` is not 1 … 5.
    """
    if digits not in MGRS_DIGITS:
        raise InputError(f"an MGRS reference has 1 to 5 digits per axis, got {digits}")
    position = to_geographic(area, point)
    text = mgrs.MGRS().toMGRS(position.lat, position.lon, MGRSPrecision=digits)
    head, east, north = text[: -2 * digits], text[-2 * digits : -digits], text[-digits:]
    return f"{head[:-2]} {head[-2:]} {east} {north}"


@dataclass(frozen=True, slots=True)
class UtmFrame:
    """The UTM plane of the area's zone, in which the lines of the military grid are straight."""

    area: Area

    def to_utm(self, east_m: float, north_m: float) -> tuple[float, float]:
        """UTM easting and northing in metres of a local position in metres."""
        origin = self.area.origin
        lon, lat = _local(origin.lat_e7, origin.lon_e7)(east_m, north_m, inverse=True)
        easting, northing = _utm(self.area.utm_zone)(lon, lat)
        return easting, northing

    def to_local(self, easting: float, northing: float) -> tuple[float, float]:
        """Local metres east and north of a UTM position."""
        origin = self.area.origin
        lon, lat = _utm(self.area.utm_zone)(easting, northing, inverse=True)
        east, north = _local(origin.lat_e7, origin.lon_e7)(lon, lat)
        return east, north


@lru_cache(maxsize=64)
def _local(lat_e7: int, lon_e7: int) -> Proj:
    return Proj(proj="tmerc", lat_0=lat_e7 / E7, lon_0=lon_e7 / E7, k=1, ellps="WGS84", units="m")


@lru_cache(maxsize=64)
def _utm(zone: str) -> Proj:
    return Proj(proj="utm", zone=int(zone[:-1]), south=zone.endswith("S"), ellps="WGS84")
