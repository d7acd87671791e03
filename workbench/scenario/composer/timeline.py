"""Phases whose lengths add up: every route fits into the phases of its task, and the whole into the exercise."""

from collections.abc import Sequence
from typing import Final

from workbench.scenario.composer.brief import Brief
from workbench.scenario.composer.schemes import PhasePlan
from workbench.scenario.composer.tasks import Ordered
from workbench.scenario.model import Exercise, Phase
from workbench.scenario.scale import scale_of

__all__ = ["TooLongError", "schedule", "window"]

_SLACK_PERCENT: Final = 115
"""Time planned for a route over its running time: halts, column length, friction."""

_TIGHT_SLACK_PERCENT: Final = 102

_SHORTEST_PHASE_S: Final = 10

_LONGEST_S: Final = 7 * 86_400
"""An exercise is at most a week (the longest duration that an intent can ask for)."""


class TooLongError(Exception):
    """The routes do not fit into the time there is; the composer starts nearer."""

    def __init__(self, need_s: int, total_s: int) -> None:
        super().__init__(f"the routes need {need_s} s, the exercise has {total_s} s")
        self.need_s, self.total_s = need_s, total_s


def schedule(brief: Brief, ordered: Sequence[Ordered]) -> Exercise:
    """Phases for these orders.

    Raises:
        TooLongError: the routes need more time than there is.
    """
    plans = brief.scheme.phases
    asked = brief.intent.duration_min
    if asked is None:
        lengths = _unhurried(brief, plans, _least(ordered, len(plans), _SLACK_PERCENT))
    else:
        lengths = _fitted(plans, ordered, asked * 60)
    if sum(lengths) > _LONGEST_S:
        raise TooLongError(sum(lengths), _LONGEST_S)
    return Exercise(duration_s=sum(lengths), phases=_phases(plans, lengths))


def window(ordered: Ordered, phases: Sequence[Phase]) -> tuple[int, int]:
    """Start and end of a task: from the beginning of its first phase to the end of its last."""
    first, last = _span(ordered, len(phases))
    return phases[first].start_s, phases[last].end_s


def _span(ordered: Ordered, count: int) -> tuple[int, int]:
    last = min(ordered.last, count - 1)
    return min(ordered.first, last), last


def _least(ordered: Sequence[Ordered], count: int, slack: int) -> list[int]:
    """Least length of each phase so that every route fits into the first phase of its task or, where the
    task goes on, into that and the phases after it."""
    least = [_SHORTEST_PHASE_S] * count
    for order in sorted(ordered, key=lambda o: _span(o, count)[1] - _span(o, count)[0]):
        if order.route is None:
            continue
        first, last = _span(order, count)
        need = order.route.duration_s * slack // 100 + 1
        lacking = need - sum(least[first : last + 1])
        if lacking > 0:
            least[first] += lacking
    return least


def _unhurried(brief: Brief, plans: Sequence[PhasePlan], least: Sequence[int]) -> list[int]:
    """The least lengths and the usual planning time shared by weight, in steps of five minutes."""
    planned = scale_of(brief.own_echelon).planned_min * 60
    spare = max(planned - sum(least), planned // 3)
    weights = sum(plan.weight for plan in plans)
    raw = [need + spare * plan.weight // weights for need, plan in zip(least, plans, strict=True)]
    return [-(-length // 300) * 300 for length in raw]


def _fitted(plans: Sequence[PhasePlan], ordered: Sequence[Ordered], total: int) -> list[int]:
    """Exactly the time asked for, with as much slack as there is."""
    for slack in (_SLACK_PERCENT, _TIGHT_SLACK_PERCENT):
        least = _least(ordered, len(plans), slack)
        spare = total - sum(least)
        if spare >= 0:
            break
    else:
        raise TooLongError(sum(least), total)
    weights = sum(plan.weight for plan in plans)
    lengths = [need + spare * plan.weight // weights for need, plan in zip(least, plans, strict=True)]
    lengths[-1] += total - sum(lengths)
    return lengths


def _phases(plans: Sequence[PhasePlan], lengths: Sequence[int]) -> tuple[Phase, ...]:
    phases, start = [], 0
    for index, (plan, length) in enumerate(zip(plans, lengths, strict=True), 1):
        phases.append(Phase(id=f"ph.{index}", name=plan.name, start_s=start, end_s=start + length))
        start += length
    return tuple(phases)
