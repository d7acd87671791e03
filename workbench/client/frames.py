"""Documents as pandas tables: the order of battle, the MSEL, and any small answer of the gateway."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from workbench.scenario.model import Scenario

__all__ = ["document_frame", "injects_frame", "units_frame"]


def units_frame(scenario: Scenario) -> pd.DataFrame:
    """One row per unit: identity, place in metres, strength, and its first task."""
    verbs = {task.unit: task.verb.value for task in reversed(scenario.tasks)}
    rows = [
        {
            "unit": unit.id,
            "side": unit.side.value,
            "name": unit.name,
            "callsign": unit.callsign,
            "echelon": unit.echelon.value,
            "kind": unit.kind,
            "parent": unit.parent,
            "personnel": unit.personnel,
            "equipment": sum(item.count for item in unit.equipment),
            "east_m": unit.at.east_cm // 100,
            "north_m": unit.at.north_cm // 100,
            "task": "reserve" if unit.reserve else verbs.get(unit.id, ""),
        }
        for unit in scenario.units
    ]
    return pd.DataFrame.from_records(rows)


def injects_frame(scenario: Scenario) -> pd.DataFrame:
    """The MSEL: one row per inject, by time."""
    rows = [
        {
            "number": inject.number,
            "at": pd.Timedelta(seconds=inject.at_s),
            "trigger": inject.trigger,
            "title": inject.title,
            "from": inject.sender,
            "to": inject.recipient,
            "channel": inject.channel,
            "threat": inject.threat,
            "text": inject.text,
            "expected_action": inject.expected_action,
            "training_objective": inject.training_objective,
            "assessor": inject.assessor,
        }
        for inject in scenario.injects
    ]
    return pd.DataFrame.from_records(rows)


def document_frame(document: Mapping[str, Any]) -> pd.DataFrame:
    """One row per field of a document, inner fields by dotted name; lists of words joined by commas.

    >>> document_frame({"signer": {"kind": "software"}, "hosts": []}).loc["signer.kind", "value"]
    'software'
    """
    fields = dict(_fields(document, ""))
    return pd.DataFrame({"value": pd.Series(fields, dtype=object)}).rename_axis("field")


def _fields(document: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from _fields(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield prefix + name, ", ".join(map(str, value)) or "none"
        else:
            yield prefix + name, "none" if value is None else value
