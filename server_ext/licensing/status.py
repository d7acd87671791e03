"""What the licence in force means today: pure, from a licence and a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from server_ext.licensing.licence import Entitlement, Licence

__all__ = ["Clock", "LicenceCheck", "LicenceState", "LicenceStatus", "always_allowed", "check_of", "status_of"]

Clock = Callable[[], datetime]
"""The current time, aware, UTC."""

EVALUATION_SEATS: Final = 1
WARNING_DAYS: Final = (7, 30, 60)
"""Days before the end at which the warnings get louder; the guide asks for a renewal under 30."""


class LicenceState(StrEnum):
    EVALUATION = "evaluation"
    NOT_YET_VALID = "not_yet_valid"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class LicenceStatus:
    state: LicenceState
    licence: Licence | None
    """The licence in force, None in evaluation."""
    days_left: int | None
    """Whole days until ``not_after``, negative after it; None in evaluation."""
    warning_days: int | None
    """The threshold that was crossed: 60, 30 or 7; None while there is nothing to warn about."""
    seats: int
    demo: bool
    """The licence rests on the published demo root."""

    @property
    def marks_packages(self) -> bool:
        """Packages made now carry the word EVALUATION."""
        return self.state is LicenceState.EVALUATION or self.demo

    @property
    def allows_new_work(self) -> bool:
        return self.state in {LicenceState.EVALUATION, LicenceState.VALID, LicenceState.EXPIRING}

    @property
    def sentence(self) -> str:
        """One sentence for a person."""
        if self.licence is None:
            return "no licence: evaluation, everything works, one seat, packages are marked EVALUATION"
        ends = self.licence.not_after.date().isoformat()
        match self.state:
            case LicenceState.EXPIRED:
                return f"the licence ended on {ends}: new work is stopped; reading, verifying and exporting go on"
            case LicenceState.NOT_YET_VALID:
                return f"the licence begins on {self.licence.not_before.date().isoformat()}"
            case LicenceState.EXPIRING:
                return f"the licence ends on {ends}, in {self.days_left} days: ask for a renewal"
            case _:
                return f"licensed to {self.licence.licensee} until {ends}"


@dataclass(frozen=True, slots=True)
class LicenceCheck:
    """The answer to one question at the place where work begins."""

    entitlement: Entitlement
    passed: bool
    reason: str
    status: LicenceStatus | None
    """None for what never needs a licence: it is answered without looking at one."""


def status_of(licence: Licence | None, now: datetime, *, demo: bool = False) -> LicenceStatus:
    """The status of ``licence`` at ``now``; None is evaluation."""
    if licence is None:
        return LicenceStatus(LicenceState.EVALUATION, None, None, None, EVALUATION_SEATS, demo=False)
    days = (licence.not_after - now).days
    warning = next((limit for limit in WARNING_DAYS if days < limit), None)
    if now < licence.not_before:
        state, warning = LicenceState.NOT_YET_VALID, None
    elif now >= licence.not_after:
        state = LicenceState.EXPIRED
    else:
        state = LicenceState.VALID if warning is None else LicenceState.EXPIRING
    return LicenceStatus(state, licence, days, warning, licence.seats, demo=demo)


def always_allowed(entitlement: Entitlement) -> LicenceCheck:
    """The answer for what is not new work."""
    return LicenceCheck(entitlement, True, f"{entitlement.value} never needs a licence", None)


def check_of(status: LicenceStatus, entitlement: Entitlement, target: str | None = None) -> LicenceCheck:
    """Whether the new work ``entitlement`` may begin, with the reason in words."""
    reason = _refusal(status, entitlement, target)
    return LicenceCheck(entitlement, reason is None, reason or status.sentence, status)


def _refusal(status: LicenceStatus, entitlement: Entitlement, target: str | None) -> str | None:
    if status.licence is None:
        return None
    if not status.allows_new_work:
        return status.sentence
    if entitlement not in status.licence.entitlements:
        return f"the licence does not cover {entitlement.value}; it covers {', '.join(status.licence.entitlements)}"
    if target is not None and status.licence.targets and target not in status.licence.targets:
        return f"the licence does not cover the target {target}; it covers {', '.join(status.licence.targets)}"
    return None
