"""What a batch varies: ``--over name=values`` read into parameter sets.

Values are ``1..8`` (inclusive integers), a comma-separated list, or one value; integers and
``true``/``false`` are typed, all else is text. Several ``--over`` run side by side (all lists equally
long, single values repeated) or, with ``grid``, as every combination, the last varying fastest.

>>> spread([parse_over("seed=1..2"), parse_over("prompt=attack,defend")], grid=True)[1]
{'seed': 1, 'prompt': 'defend'}
"""

import re
from collections.abc import Sequence
from itertools import product

from workbench.errors import InputError

__all__ = ["MAX_RUNS", "ParameterSet", "ParameterValue", "Variation", "parse_over", "spread"]

ParameterValue = int | bool | str
ParameterSet = dict[str, ParameterValue]
Variation = tuple[str, tuple[ParameterValue, ...]]

MAX_RUNS = 100_000
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_RANGE = re.compile(r"^(-?\d{1,18})\.\.(-?\d{1,18})$")
_INTEGER = re.compile(r"^-?\d{1,18}$")


def parse_over(text: str) -> Variation:
    """Read one ``name=values``.

    Raises:
        InputError: no name, no values, a range that falls or is longer than :data:`MAX_RUNS`.
    """
    name, equals, values = text.partition("=")
    if not equals or not _NAME.match(name) or not values:
        raise InputError(f"--over wants name=values such as seed=1..8 or prompt=attack,defend, got {text!r}")
    if found := _RANGE.match(values):
        return name, _range(text, int(found[1]), int(found[2]))
    return name, tuple(_typed(value.strip()) for value in values.split(","))


def spread(variations: Sequence[Variation], *, grid: bool = False) -> list[ParameterSet]:
    """The parameter sets of a batch.

    Raises:
        InputError: a name given twice, lists of different lengths without ``grid``, or too many runs.
    """
    names = [name for name, _ in variations]
    if len(set(names)) != len(names):
        raise InputError(f"each --over needs a name of its own, got {', '.join(names)}")
    lists = [values for _, values in variations]
    count = 1
    for values in lists:
        count = count * len(values) if grid else max(count, len(values))
    if count > MAX_RUNS:
        raise InputError(f"a batch has at most {MAX_RUNS} runs, this one would have {count}")
    if grid:
        return [dict(zip(names, row, strict=True)) for row in product(*lists)]
    return [dict(zip(names, row, strict=True)) for row in zip(*_equal(lists, count), strict=True)]


def _equal(lists: Sequence[tuple[ParameterValue, ...]], count: int) -> list[tuple[ParameterValue, ...]]:
    if any(len(values) not in (1, count) for values in lists):
        lengths = ", ".join(str(len(values)) for values in lists)
        raise InputError(f"--over lists are {lengths} long; make them equal, or combine all by --grid")
    return [values * count if len(values) == 1 else values for values in lists]


def _range(text: str, first: int, last: int) -> tuple[int, ...]:
    if last < first:
        raise InputError(f"the range of {text!r} falls; write the smaller number first")
    if last - first >= MAX_RUNS:
        raise InputError(f"the range of {text!r} has more than {MAX_RUNS} values")
    return tuple(range(first, last + 1))


def _typed(value: str) -> ParameterValue:
    if _INTEGER.match(value):
        return int(value)
    return {"true": True, "false": False}.get(value.lower(), value)
