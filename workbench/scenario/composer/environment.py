"""Where and when: area, start, light and weather.

Where the prompt names no coordinates, the area lies on open ocean, so that nobody takes generated land for
a real place. The latitude suits the terrain.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from workbench.scenario.composer.brief import Brief
from workbench.scenario.daylight import light_at, moon_percent, sun_times
from workbench.scenario.intent import TerrainKind, TimeOfDay, WeatherKind
from workbench.scenario.model import Area, Environment, GeoPoint, WeatherSpell
from workbench.scenario.streams import Stream, Streams

__all__ = ["FICTIONAL_ORIGINS", "make_area", "make_environment", "parse_coordinates", "parse_start"]

FICTIONAL_ORIGINS: Final = {
    TerrainKind.ARCTIC: (700_000_000, -50_000_000),
    TerrainKind.DESERT: (270_000_000, -350_000_000),
    TerrainKind.JUNGLE: (60_000_000, -300_000_000),
}
"""South-west corners on open water by the first of these kinds asked for, in 1e-7 degrees."""

_TEMPERATE_ORIGIN: Final = (480_000_000, -270_000_000)
"""48° N 27° W: mid-Atlantic, 1,300 km from the nearest land."""

_COORDINATES: Final = re.compile(
    r"^\s*(?P<lat>[+-]?\d{1,2}(?:\.\d{1,12})?)\s*°?\s*(?P<ns>[NSns])?\s*[,; ]\s*"
    r"(?P<lon>[+-]?\d{1,3}(?:\.\d{1,12})?)\s*°?\s*(?P<ew>[EWew])?\s*$"
)
_CLOCK: Final = re.compile(r"^(?P<hour>[01]?\d|2[0-3])[:.]?(?P<minute>[0-5]\d)\s*(?:h|hrs|hours|z|Z)?$")

_METRES_PER_DEGREE: Final = 111_320
"""Length of a degree of latitude, rounded (WGS 84 mean)."""

_COSINES_PERMILLE: Final = (
    1000, 996, 985, 966, 940, 906, 866, 819, 766, 707, 643, 574, 500, 423, 342, 259, 174, 87,
)  # fmt: skip
"""Cosine of 0, 5, 10 … 85 degrees."""

_POLAR_LIMIT_E7: Final = 840_000_000
"""UTM ends at 84° N; the same is kept in the south for simplicity."""

_YEAR: Final = 2027
_MONTHS: Final = {
    WeatherKind.SNOW: (1, 2, 12), WeatherKind.COLD: (1, 2, 11, 12), WeatherKind.HEAT: (6, 7, 8),
    WeatherKind.DUST: (5, 6, 7, 8, 9),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Look:
    """Typical values of a kind of weather: temperature change (0.1 °C), wind (cm/s), visibility (m), cloud (%),
    precipitation (µm/h)."""

    temperature_dc: int
    wind_cm_s: int
    visibility_m: int
    cloud_percent: int
    precipitation_um_h: int


_LOOKS: Final = {
    WeatherKind.CLEAR: _Look(0, 300, 20_000, 10, 0),
    WeatherKind.OVERCAST: _Look(-10, 400, 12_000, 95, 0),
    WeatherKind.RAIN: _Look(-20, 600, 4_000, 100, 3_000),
    WeatherKind.FOG: _Look(-20, 100, 300, 100, 0),
    WeatherKind.SNOW: _Look(-150, 500, 1_500, 100, 2_000),
    WeatherKind.STORM: _Look(-30, 1_900, 2_500, 100, 9_000),
    WeatherKind.WIND: _Look(0, 1_300, 15_000, 50, 0),
    WeatherKind.HEAT: _Look(160, 250, 15_000, 10, 0),
    WeatherKind.COLD: _Look(-180, 400, 15_000, 40, 0),
    WeatherKind.DUST: _Look(60, 1_100, 800, 40, 0),
}

_SPELL_S: Final = 3 * 3600
_MOST_SPELLS: Final = 24


# ---------------------------------------------------------------- where


def parse_coordinates(text: str) -> GeoPoint | None:
    """Decimal degrees "lat, lon", exactly; None where the text is something else or outside the globe.

    >>> parse_coordinates("54.1, 25.3")
    GeoPoint(lat_e7=541000000, lon_e7=253000000)
    """
    match = _COORDINATES.match(text)
    if match is None:
        return None
    lat, lon = _e7(match["lat"], match["ns"], "sS"), _e7(match["lon"], match["ew"], "wW")
    if abs(lat) > _POLAR_LIMIT_E7 or abs(lon) > 1_800_000_000:
        return None
    return GeoPoint(lat_e7=lat, lon_e7=lon)


def _e7(digits: str, hemisphere: str | None, negative: str) -> int:
    value = int(Decimal(digits).scaleb(7).to_integral_value())
    return -abs(value) if hemisphere and hemisphere in negative else value


def make_area(brief: Brief, streams: Streams, side_m: int, cell_m: int) -> Area:
    """The area, centred on coordinates where the prompt has them.

    MGRS references and names are left to whoever can look them up; they name the area.
    """
    place = (brief.intent.place or "").strip()
    centre = parse_coordinates(place)
    origin = _corner(centre, side_m) if centre else _fictional(brief)
    name = place if place and centre is None else f"Training Area {streams.named('area').pick(_AREA_NAMES)}"
    return Area(
        name=name,
        origin=origin,
        side_m=side_m,
        cell_m=cell_m,
        utm_zone=f"{(origin.lon_e7 + 1_800_000_000) // 60_000_000 % 60 + 1}{'N' if origin.lat_e7 >= 0 else 'S'}",
    )


_AREA_NAMES: Final = ("Atlas", "Borealis", "Cygnus", "Draco", "Equinox", "Fathom", "Gemini", "Horizon", "Isthmus")


def _fictional(brief: Brief) -> GeoPoint:
    kinds = [kind for kind in brief.terrain if kind in FICTIONAL_ORIGINS]
    lat, lon = FICTIONAL_ORIGINS[kinds[0]] if kinds else _TEMPERATE_ORIGIN
    return GeoPoint(lat_e7=lat, lon_e7=lon)


def _corner(centre: GeoPoint, side_m: int) -> GeoPoint:
    """South-west corner of a square around the point."""
    half_e7 = side_m * 10_000_000 // (2 * _METRES_PER_DEGREE)
    cosine = _COSINES_PERMILLE[min(abs(centre.lat_e7) // 50_000_000, len(_COSINES_PERMILLE) - 1)]
    lon = centre.lon_e7 - half_e7 * 1000 // cosine
    wrapped = (lon + 1_800_000_000) % 3_600_000_000 - 1_800_000_000
    return GeoPoint(lat_e7=max(centre.lat_e7 - half_e7, -_POLAR_LIMIT_E7), lon_e7=wrapped)


# ---------------------------------------------------------------- when


def parse_start(text: str) -> tuple[date | None, int | None]:
    """Date and local minute of the day, as far as the text says ("02:00", "2027-05-01", "2027-05-01T02:00").

    ``(None, None)`` where it is none of these.
    """
    text = text.strip()
    if match := _CLOCK.match(text):
        return None, int(match["hour"]) * 60 + int(match["minute"])
    try:
        moment = datetime.fromisoformat(text.replace("Z", ""))
    except ValueError:
        return None, None
    if not 1950 <= moment.year <= 2050:
        return None, None
    has_time = len(text) > len("2027-05-01")
    return moment.date(), (moment.hour * 60 + moment.minute if has_time else None)


def make_environment(brief: Brief, area: Area, duration_s: int, streams: Streams) -> Environment:
    """Start, light and weather."""
    origin = area.origin
    utc_offset = (origin.lon_e7 + 75_000_000) // 150_000_000 * 60
    asked_day, asked_minute = parse_start(brief.intent.start) if brief.intent.start else (None, None)
    day = asked_day or _day(brief, area, streams.named("date"))
    sunrise, sunset = sun_times(origin.lat_e7, origin.lon_e7, day, utc_offset)
    minute = asked_minute
    if minute is None:
        minute = _minute(brief.time_of_day, origin, day, utc_offset, streams.named("start"))
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute - utc_offset)
    return Environment(
        start=start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        utc_offset_min=utc_offset,
        sunrise_min=sunrise,
        sunset_min=sunset,
        moon_percent=moon_percent(day),
        light=light_at(origin.lat_e7, origin.lon_e7, day, minute, utc_offset),
        weather=tuple(_weather(brief, day, origin, duration_s, streams.named("weather"))),
    )


def _day(brief: Brief, area: Area, stream: Stream) -> date:
    """A day of a month in which the weather asked for is likely."""
    months: tuple[int, ...] = next((_MONTHS[kind] for kind in brief.weather if kind in _MONTHS), (4, 5, 9, 10))
    if TerrainKind.ARCTIC in brief.terrain:
        months = (3, 4, 9)
    month = stream.pick(months)
    if area.origin.lat_e7 < 0:
        month = (month + 5) % 12 + 1
    return date(_YEAR, month, stream.between(1, 28))


def _minute(wish: TimeOfDay, origin: GeoPoint, day: date, utc_offset: int, stream: Stream) -> int:
    """A local start time with the light asked for; where there is none that day, the nearest usual hour."""
    light = str(wish) if wish is not TimeOfDay.UNSPECIFIED else "day"
    fitting = [
        minute
        for minute in range(0, 1440, 5)
        if light_at(origin.lat_e7, origin.lon_e7, day, minute, utc_offset) == light
    ]
    usual = {"night": 60, "dawn": 345, "day": 540, "dusk": 1170}[light]
    if not fitting:
        return usual
    if light == "day":
        fitting = fitting[: max(len(fitting) // 2, 1)]
    return stream.pick(fitting)


# ---------------------------------------------------------------- weather


def _weather(brief: Brief, day: date, origin: GeoPoint, duration_s: int, stream: Stream) -> Iterator[WeatherSpell]:
    """Spells of about three hours; the first has everything asked for, later ones vary around it."""
    count = min(max(duration_s // _SPELL_S + 1, 2), _MOST_SPELLS)
    wind_from = stream.below(360)
    base = _season_dc(day, origin)
    for index in range(count):
        kinds = brief.weather if index == 0 else _varied(brief.weather, stream)
        wind_from = (wind_from + stream.between(-20, 20)) % 360
        yield _spell(duration_s * index // count, kinds, base, wind_from, stream)


def _varied(kinds: Sequence[WeatherKind], stream: Stream) -> tuple[WeatherKind, ...]:
    """Mostly as asked; of several kinds one may pause."""
    if len(kinds) > 1 and stream.percent(40):
        pausing = stream.below(len(kinds))
        return tuple(kind for index, kind in enumerate(kinds) if index != pausing)
    return tuple(kinds)


def _season_dc(day: date, origin: GeoPoint) -> int:
    """A mean temperature in 0.1 °C from latitude and month."""
    latitude = abs(origin.lat_e7) // 10_000_000
    month = day.month if origin.lat_e7 >= 0 else (day.month + 5) % 12 + 1
    swing = (-3, -3, -1, 0, 2, 3, 3, 3, 2, 0, -1, -3)[month - 1]
    return 290 - latitude * 4 + swing * latitude // 2


def _spell(start_s: int, kinds: Sequence[WeatherKind], base: int, wind_from: int, stream: Stream) -> WeatherSpell:
    looks = [_LOOKS[kind] for kind in kinds]
    temperature = base + sum(look.temperature_dc for look in looks) + stream.between(-20, 20)
    if WeatherKind.SNOW in kinds:
        temperature = min(temperature, 5)
    return WeatherSpell(
        start_s=start_s,
        kinds=tuple(kinds),
        temperature_dc=min(max(temperature, -500), 480),
        wind_cm_s=max(look.wind_cm_s for look in looks) * stream.between(80, 120) // 100,
        wind_from_deg=wind_from,
        visibility_m=max(min(look.visibility_m for look in looks) * stream.between(80, 120) // 100, 50),
        cloud_percent=max(look.cloud_percent for look in looks),
        precipitation_um_h=max(look.precipitation_um_h for look in looks) * stream.between(70, 130) // 100,
    )
