"""Sun and moon for a place and a date, in fixed-point integers.

The sun follows the low-precision formulas of the Astronomical Almanac (section C, "Low precision formulas
for the Sun", good to 0.01 degrees from 1950 to 2050), the moon's phase the principal terms of Meeus,
"Astronomical Algorithms", chapter 48. Times come out within two minutes of an almanac between the polar
circles. Angles are integer microdegrees, sines are integers of :data:`_ONE`, so every machine agrees.

>>> from datetime import date
>>> sun_times(514_779_000, 0, date(2024, 6, 20), 60)
(283, 1281)
"""

from datetime import date
from typing import Final, Literal

__all__ = ["Light", "light_at", "moon_percent", "sun_times"]

Light = Literal["night", "dawn", "day", "dusk"]

_BITS: Final = 40
_ONE: Final = 1 << _BITS
_PI: Final = 3_454_217_652_358
"""pi · 2^40, rounded."""

_DEG: Final = 1_000_000
_TURN: Final = 360 * _DEG
_MINUTES: Final = 1440

_J2000_ORDINAL: Final = date(2000, 1, 1).toordinal()
"""The epoch J2000.0 is noon of this day."""

_SUNRISE_UDEG: Final = -833_333
"""Altitude of the sun's centre when its upper limb is on the horizon: 34' refraction and 16' radius."""
_CIVIL_TWILIGHT_UDEG: Final = -6 * _DEG
_SCAN_MIN: Final = 10
"""Spacing of the first look for sunrise; a sun above the horizon for less is not noticed."""


def _sin(udeg: int) -> int:
    """Sine of an angle in microdegrees as a fraction of :data:`_ONE` (error below 2^-35)."""
    udeg %= _TURN
    if udeg >= _TURN // 2:
        return -_sin(udeg - _TURN // 2)
    if udeg > _TURN // 4:
        udeg = _TURN // 2 - udeg
    x = udeg * _PI // (180 * _DEG)
    square = x * x >> _BITS
    term = total = x
    for odd in range(3, 21, 2):
        term = -(term * square >> _BITS) // (odd * (odd - 1))
        total += term
    return total


def _cos(udeg: int) -> int:
    return _sin(udeg + _TURN // 4)


def _product(*fractions: int) -> int:
    """Product of fractions of :data:`_ONE`."""
    result = _ONE
    for fraction in fractions:
        result = result * fraction >> _BITS
    return result


def _minutes_since_j2000(day: date, utc_min: int) -> int:
    return (day.toordinal() - _J2000_ORDINAL) * _MINUTES + utc_min - _MINUTES // 2


def _linear(constant_udeg: int, ndeg_per_day: int, minutes: int) -> int:
    """``constant + rate · time`` in microdegrees; the rate is in 1e-9 degrees a day."""
    return constant_udeg + ndeg_per_day * minutes // (_MINUTES * 1000)


def _sun_vector(minutes: int) -> tuple[int, int, int]:
    """Direction of the sun in equatorial coordinates (x to the vernal equinox, z to the north pole)."""
    longitude = _linear(280_460_000, 985_647_400, minutes)
    anomaly = _linear(357_528_000, 985_600_300, minutes)
    longitude += (1_915_000 * _sin(anomaly) + 20_000 * _sin(2 * anomaly)) >> _BITS
    obliquity = _linear(23_439_000, -400, minutes)
    across = _sin(longitude)
    return _cos(longitude), _product(_cos(obliquity), across), _product(_sin(obliquity), across)


def _sin_altitude(lat_e7: int, lon_e7: int, day: date, utc_min: int) -> int:
    """Sine of the altitude of the sun's centre."""
    minutes = _minutes_since_j2000(day, utc_min)
    x, y, z = _sun_vector(minutes)
    sidereal = _linear(280_460_620, 360_985_647_366, minutes) + lon_e7 // 10
    latitude = lat_e7 // 10
    meridian = _product(x, _cos(sidereal)) + _product(y, _sin(sidereal))
    return _product(_sin(latitude), z) + _product(_cos(latitude), meridian)


def sun_times(lat_e7: int, lon_e7: int, day: date, utc_offset_min: int) -> tuple[int | None, int | None]:
    """Sunrise and sunset in local minutes after midnight of that local day.

    None where the sun does not cross the horizon that way that day (polar day and night).
    """
    horizon = _sin(_SUNRISE_UDEG)

    def is_up(local_min: int) -> bool:
        return _sin_altitude(lat_e7, lon_e7, day, local_min - utc_offset_min) >= horizon

    sunrise: int | None = None
    sunset: int | None = None
    was_up = is_up(0)
    for after in range(_SCAN_MIN, _MINUTES + 1, _SCAN_MIN):
        now_up = is_up(after)
        if now_up != was_up:
            crossing = next(m for m in range(after - _SCAN_MIN + 1, after + 1) if is_up(m) == now_up)
            if now_up and sunrise is None:
                sunrise = crossing % _MINUTES
            elif not now_up and sunset is None:
                sunset = crossing % _MINUTES
        was_up = now_up
    return sunrise, sunset


def light_at(lat_e7: int, lon_e7: int, day: date, local_min: int, utc_offset_min: int) -> Light:
    """Light at a local minute: day with the sun up, dawn and dusk in civil twilight, else night."""
    utc_min = local_min - utc_offset_min
    altitude = _sin_altitude(lat_e7, lon_e7, day, utc_min)
    if altitude >= _sin(_SUNRISE_UDEG):
        return "day"
    if altitude < _sin(_CIVIL_TWILIGHT_UDEG):
        return "night"
    return "dawn" if _sin_altitude(lat_e7, lon_e7, day, utc_min + 1) > altitude else "dusk"


def moon_percent(day: date) -> int:
    """Illuminated part of the moon's disc at noon UTC, in percent."""
    minutes = _minutes_since_j2000(day, _MINUTES // 2)
    elongation = _linear(297_850_192, 12_190_749_117, minutes)
    sun = _linear(357_529_109, 985_600_282, minutes)
    moon = _linear(134_963_396, 13_064_992_950, minutes)
    terms = (
        (-6_289_000, moon),
        (2_100_000, sun),
        (-1_274_000, 2 * elongation - moon),
        (-658_000, 2 * elongation),
        (-214_000, 2 * moon),
        (-110_000, elongation),
    )
    phase = _TURN // 2 - elongation + sum(size * _sin(angle) >> _BITS for size, angle in terms)
    return ((_ONE + _cos(phase)) * 100 + _ONE) // (2 * _ONE)
