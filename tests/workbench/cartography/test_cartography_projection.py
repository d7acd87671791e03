import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cartography import LatLon, from_geographic, to_geographic, to_mgrs
from workbench.cartography.projection import UtmFrame
from workbench.errors import InputError
from workbench.scenario.model import Area, GeoPoint, Point

latitudes = st.integers(-790_000_000, 790_000_000)
longitudes = st.integers(-1_790_000_000, 1_790_000_000)


def area_at(lat_e7: int, lon_e7: int, zone: str = "35N") -> Area:
    return Area(name="Test", origin=GeoPoint(lat_e7=lat_e7, lon_e7=lon_e7), side_m=10_000, cell_m=25, utm_zone=zone)


def test_the_origin_of_a_utm_zone_has_the_mgrs_reference_that_its_definition_gives() -> None:
    area = area_at(0, 30_000_000, "31N")
    assert to_mgrs(area, Point(east_cm=0, north_cm=0)) == "31N EA 00000 00000"


def test_a_kilometre_east_and_north_of_the_zone_origin_counts_in_the_reference() -> None:
    area = area_at(0, 30_000_000, "31N")
    east, north = to_mgrs(area, Point(east_cm=100_000, north_cm=100_000)).split()[2:]
    # UTM scales its central meridian by 0.9996, so 1,000 m of ground are 999.6 m of grid.
    assert (east, north) == ("00999", "00999")


def test_fewer_digits_name_a_larger_square() -> None:
    area = area_at(541_000_000, 253_000_000)
    corner = Point(east_cm=0, north_cm=0)
    assert to_mgrs(area, corner) == "35U LV 88838 95983"
    assert to_mgrs(area, corner, digits=2).split()[2:] == ["88", "95"]


@pytest.mark.parametrize("digits", [0, 6, -1])
def test_an_impossible_number_of_digits_is_refused(digits: int) -> None:
    with pytest.raises(InputError, match="1 to 5 digits"):
        to_mgrs(area_at(0, 0, "31N"), Point(east_cm=0, north_cm=0), digits=digits)


def test_the_corner_of_the_area_is_its_origin() -> None:
    position = to_geographic(area_at(541_000_000, 253_000_000), Point(east_cm=0, north_cm=0))
    assert (round(position.lat * 1e7), round(position.lon * 1e7)) == (541_000_000, 253_000_000)


def test_a_kilometre_north_is_the_length_of_the_meridian_arc() -> None:
    area = area_at(0, 0, "31N")
    step = to_geographic(area, Point(east_cm=0, north_cm=100_000)).lat
    semi_major, eccentricity_2 = 6_378_137.0, 0.006694379990
    arc_per_degree = math.pi / 180 * semi_major * (1 - eccentricity_2)
    assert step * arc_per_degree == pytest.approx(1_000, abs=0.001)


@given(latitudes, longitudes, st.integers(0, 1_000_000), st.integers(0, 1_000_000))
def test_a_point_comes_back_from_its_latitude_and_longitude(lat: int, lon: int, east: int, north: int) -> None:
    area, point = area_at(lat, lon), Point(east_cm=east, north_cm=north)
    assert from_geographic(area, to_geographic(area, point)) == point


@given(st.floats(100, 9_900), st.floats(100, 9_900))
def test_a_position_comes_back_from_the_utm_plane(east: float, north: float) -> None:
    frame = UtmFrame(area_at(541_000_000, 253_000_000))
    assert frame.to_local(*frame.to_utm(east, north)) == pytest.approx((east, north), abs=1e-4)


@pytest.mark.parametrize("position", [LatLon(91, 0), LatLon(0, 181), LatLon(float("nan"), 0)])
def test_a_position_off_the_globe_is_refused(position: LatLon) -> None:
    with pytest.raises(InputError, match="within ±90"):
        from_geographic(area_at(0, 0, "31N"), position)


def test_a_position_is_written_with_hemispheres() -> None:
    assert str(LatLon(-33.5, 151.25)) == "33.50000°S 151.25000°E"
