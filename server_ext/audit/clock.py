"""Time as the log reads it: a wall clock for people, a monotonic one that nobody can set back."""

import time
from datetime import UTC, datetime
from typing import Protocol

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, with its zone UTC."""
        ...

    def tick_ns(self) -> int:
        """Nanoseconds since some moment of this boot; never falls."""
        ...


class SystemClock:
    """The clocks of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def tick_ns(self) -> int:
        return time.monotonic_ns()
