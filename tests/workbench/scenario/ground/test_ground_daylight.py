"""Sun and moon against almanac values and against what symmetry demands."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from workbench.scenario.daylight import light_at, moon_percent, sun_times

GREENWICH = (514_779_000, 0)
NEW_YORK = (407_128_000, -740_060_000)
SYDNEY = (-338_688_000, 1_512_093_000)
TOKYO = (356_762_000, 1_396_503_000)
TROMSO = (696_492_000, 189_553_000)
QUITO = (-1_807_000, -784_678_000)


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


@pytest.mark.parametrize(
    ("place", "day", "offset", "sunrise", "sunset"),
    [
        # Published sunrise and sunset tables (local civil time), rounded to the minute.
        (GREENWICH, date(2024, 6, 20), 60, "4:43", "21:21"),
        (GREENWICH, date(2024, 12, 21), 0, "8:04", "15:53"),
        (NEW_YORK, date(2024, 6, 20), -240, "5:25", "20:31"),
        (SYDNEY, date(2024, 12, 21), 660, "5:41", "20:05"),
        (TOKYO, date(2024, 1, 1), 540, "6:51", "16:38"),
    ],
)
def test_sunrise_and_sunset_agree_with_the_almanac(
    place: tuple[int, int], day: date, offset: int, sunrise: str, sunset: str
) -> None:
    rise, fall = sun_times(*place, day, offset)
    assert rise is not None
    assert fall is not None
    assert abs(rise - clock(sunrise)) <= 3
    assert abs(fall - clock(sunset)) <= 3


def test_the_sun_neither_rises_nor_sets_in_polar_summer_and_winter() -> None:
    assert sun_times(*TROMSO, date(2024, 6, 20), 120) == (None, None)
    assert sun_times(*TROMSO, date(2024, 12, 20), 60) == (None, None)
    assert light_at(*TROMSO, date(2024, 6, 20), 0, 120) == "day"
    assert light_at(*TROMSO, date(2024, 12, 20), 1_200, 60) == "night"


def test_at_the_equator_every_day_is_a_little_over_twelve_hours() -> None:
    for month in range(1, 13):
        rise, fall = sun_times(*QUITO, date(2025, month, 10), -300)
        assert rise is not None
        assert fall is not None
        assert 722 <= fall - rise <= 732


def test_north_and_south_have_opposite_seasons() -> None:
    def daylight(lat_e7: int, day: date) -> int:
        rise, fall = sun_times(lat_e7, 0, day, 0)
        assert rise is not None
        assert fall is not None
        return fall - rise

    northern_summer = daylight(450_000_000, date(2025, 6, 21))
    southern_summer = daylight(-450_000_000, date(2025, 12, 21))
    assert abs(northern_summer - southern_summer) <= 2
    assert northern_summer > 15 * 60 > 10 * 60 > daylight(-450_000_000, date(2025, 6, 21))


def test_an_hour_of_time_zone_moves_the_clock_by_an_hour() -> None:
    rise, fall = sun_times(500_000_000, 250_000_000, date(2026, 3, 1), 120)
    later = sun_times(500_000_000, 250_000_000, date(2026, 3, 1), 180)
    assert rise is not None
    assert fall is not None
    assert later == (rise + 60, fall + 60)


def test_light_goes_from_night_over_dawn_to_day_over_dusk_to_night() -> None:
    day = date(2026, 4, 10)
    seen = [light_at(*GREENWICH, day, minute, 0) for minute in range(1_440)]
    order = [light for place, light in enumerate(seen) if place == 0 or seen[place - 1] != light]
    assert order == ["night", "dawn", "day", "dusk", "night"]
    rise, fall = sun_times(*GREENWICH, day, 0)
    assert seen.index("day") == rise
    assert seen.index("dusk") == fall
    assert 30 <= seen.count("dawn") <= 40


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2024, 4, 8), 0),  # total eclipse of the sun
        (date(2026, 8, 12), 0),  # total eclipse of the sun
        (date(2025, 3, 14), 100),  # total eclipse of the moon
        (date(2025, 9, 7), 100),  # total eclipse of the moon
        (date(2024, 4, 15), 47),  # first quarter at 19:13 UTC, seven hours after noon
    ],
)
def test_the_moon_is_new_and_full_at_eclipses(day: date, percent: int) -> None:
    assert abs(moon_percent(day) - percent) <= 2


def test_the_moon_fills_and_wanes_every_29_or_30_days() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    light = [moon_percent(day) for day in days]
    full = [n for n in range(1, 364) if light[n - 1] < light[n] >= light[n + 1]]
    assert 12 <= len(full) <= 13
    assert all(28 <= later - earlier <= 31 for earlier, later in pairwise(full))
