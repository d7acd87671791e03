"""The gateway's Prometheus series, in the registry that Jupyter's ``/metrics`` page shows.

The names are those of the deployment guide. Where the guide's name has no suffix the series is a gauge, so
that the name stays exact; a histogram beside it holds the distribution.
"""

from collections.abc import Sequence
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

__all__ = ["GatewayMetrics"]

_BUCKETS: Final[Sequence[float]] = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds: from a health check to the largest generation."""
_LAG_BUCKETS: Final[Sequence[float]] = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0)
"""Seconds: a loop that lags by 50 ms is felt in a notebook."""


class GatewayMetrics:
    """Counts what the gateway does. One per registry: a second with the same names is refused there."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "pacai_gateway_requests",
            "requests answered",
            ("endpoint", "status"),
            registry=registry,
        )
        self._last_duration = Gauge(
            "pacai_gateway_request_duration_seconds",
            "duration of the last request",
            ("endpoint",),
            registry=registry,
        )
        self._durations = Histogram(
            "pacai_gateway_request_latency_seconds",
            "durations of all requests",
            ("endpoint",),
            buckets=_BUCKETS,
            registry=registry,
        )
        self._loop_lag = Histogram(
            "pacai_event_loop_lag_seconds",
            "how late the event loop wakes from a short sleep",
            buckets=_LAG_BUCKETS,
            registry=registry,
        )
        self._licence_checks = Gauge(
            "pacai_hsm_license_checks",
            "licence checks since the start",
            ("status",),
            registry=registry,
        )
        self._audit_events = Gauge(
            "pacai_audit_events_total",
            "events in the audit log",
            registry=registry,
        )

    def request(self, endpoint: str, status: int, seconds: float) -> None:
        """One answered request."""
        self._requests.labels(endpoint, str(status)).inc()
        self._last_duration.labels(endpoint).set(seconds)
        self._durations.labels(endpoint).observe(seconds)

    def loop_lag(self, seconds: float) -> None:
        """One sample of the event loop's lag."""
        self._loop_lag.observe(seconds)

    def licence_check(self, status: Literal["pass", "fail"]) -> None:
        """One check of the licence."""
        self._licence_checks.labels(status).inc()

    def audit_events(self, count: int) -> None:
        """The length of the audit log."""
        self._audit_events.set(count)
