"""Words for numbers: grid references, date-time groups, durations, lists and nouns."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from workbench.scenario.model import Environment, Point

__all__ = ["clock", "duration", "grid", "group_time", "joined", "spaced", "with_article"]

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def grid(point: Point) -> str:
    """Local grid: hundreds of metres east and north of the south-west corner of the area.

    >>> grid(Point(east_cm=412_345, north_cm=87_000))
    '041 008'
    """
    return f"{point.east_cm // 10_000:03d} {point.north_cm // 10_000:03d}"


def group_time(environment: Environment, after_s: int = 0) -> str:
    """Date-time group in UTC, such as ``120600ZNOV27``."""
    moment = datetime.fromisoformat(environment.start.replace("Z", "+00:00")) + timedelta(seconds=after_s)
    return f"{moment:%d%H%M}Z{_MONTHS[moment.month - 1]}{moment:%y}"


def clock(minute: int | None) -> str:
    """Minutes after midnight as ``0615``."""
    return "none" if minute is None else f"{minute // 60:02d}{minute % 60:02d}"


def duration(seconds: int) -> str:
    """``45 minutes``, ``8 hours``, ``1 hour 30 minutes``, ``2 days 6 hours``; seconds only below two minutes."""
    if seconds < 120:
        return f"{seconds} seconds"
    days, rest = divmod(seconds, 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    return " ".join(f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in parts if count)


def joined(words: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def spaced(word: object) -> str:
    """A value of a vocabulary in words: ``special_forces`` becomes ``special forces``."""
    return str(word).replace("_", " ")


def with_article(noun: str) -> str:
    """``a bridge``, ``an airfield``."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
