"""A stored scenario as a notebook sees it: the model, its findings, and a map when it is displayed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench.canonical import Digest, sha256_hex
from workbench.cartography import map_png
from workbench.errors import VerificationError
from workbench.language.reading import Reading
from workbench.scenario.findings import Finding, Severity
from workbench.scenario.model import Scenario

__all__ = ["StoredScenario", "injects_frame", "units_frame"]

FetchBlob = Callable[[str], bytes]


@dataclass(frozen=True)
class StoredScenario:
    """One version of a scenario in the gateway. Grids are fetched when first needed, and checked."""

    scenario_id: str
    version: int
    project: str
    digest: Digest
    scenario: Scenario
    findings: tuple[Finding, ...]
    reading: Reading
    event_seq: int
    fetch: FetchBlob = field(repr=False, compare=False)
    _blobs: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any], fetch: FetchBlob) -> "StoredScenario":
        """From the answer of ``POST /generate``.

        Raises:
            VerificationError: the document is not the one that the digest names.
        """
        scenario = Scenario.model_validate(answer["scenario"])
        if scenario.digest() != answer["digest"]:
            raise VerificationError("the gateway's scenario does not have the digest that the gateway states")
        return cls(
            scenario_id=answer["scenario_id"],
            version=answer["version"],
            project=answer["project"],
            digest=Digest(answer["digest"]),
            scenario=scenario,
            findings=tuple(Finding.model_validate(finding) for finding in answer["findings"]),
            reading=Reading.model_validate(answer["reading"]),
            event_seq=answer["event_seq"],
            fetch=fetch,
        )

    @property
    def blobs(self) -> Mapping[str, bytes]:
        """Terrain grids by SHA-256.

        Raises:
            VerificationError: a grid has other bytes than its name says.
        """
        for name in self.scenario.blob_digests():
            if name not in self._blobs:
                data = self.fetch(name)
                if sha256_hex(data) != name:
                    raise VerificationError(f"grid {name[:12]}… arrived with other bytes")
                self._blobs[name] = data
        return self._blobs

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that forbid a release."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def units(self) -> pd.DataFrame:
        return units_frame(self.scenario)

    @property
    def injects(self) -> pd.DataFrame:
        return injects_frame(self.scenario)

    def map_png(self, *, width_px: int = 1200) -> bytes:
        """The map as a PNG picture."""
        return map_png(self.scenario, self.blobs, width_px=width_px)

    def _repr_png_(self) -> bytes:
        return self.map_png()

    def __str__(self) -> str:
        return f"{self.scenario.title} ({len(self.scenario.units)} units, digest {self.digest[:12]})"


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
