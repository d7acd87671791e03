"""A client that answers from this process, so that widgets can be tried without a gateway or a browser.

It is the real client's interface over the real composer; only the way between is missing.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from workbench.client import StoredScenario
from workbench.errors import GatewayUnavailableError, OutOfScopeError, PacaiError
from workbench.language.reading import Evidence, Reading, SlotReading
from workbench.scenario.composer import compose
from workbench.scenario.composition import Composition, Progress, no_progress
from workbench.scenario.findings import Finding, Severity
from workbench.scenario.intent import Intent, Mission

PACKAGE = {
    "package_id": "p-1",
    "target": "godot",
    "manifest_sha256": "ab" * 32,
    "signer": {"kind": "software", "key_id": 4660, "serial": "0", "algorithm": "ed25519"},
    "evaluation": True,
    "size": 10,
}


@pytest.fixture(scope="session")
def composition() -> Composition:
    return compose(Intent(mission=Mission.ATTACK), 5)


class LocalAudit:
    def __init__(self) -> None:
        self.frame = pd.DataFrame(
            {
                "seq": range(1, 301),
                "actor": ["ana", "boris"] * 150,
                "action": ["scenario.generate", "package.sign", "audit.verify"] * 100,
                "outcome": "success",
                "object": None,
            }
        )
        self.verdict: dict[str, Any] = {"ok": True, "events": 300, "head_hash": "cd" * 32, "checkpoints": 2}
        self.refusal: PacaiError | None = None

    def events(self, *, action: str | None = None, user: str | None = None) -> pd.DataFrame:
        if self.refusal:
            raise self.refusal
        chosen = self.frame
        chosen = chosen[chosen["action"] == action] if action else chosen
        return chosen[chosen["actor"] == user] if user else chosen

    def verify(self) -> dict[str, Any]:
        if self.refusal:
            raise self.refusal
        return self.verdict


class LocalClient:
    """Answers as a gateway would."""

    def __init__(self, composition: Composition) -> None:
        self.composition = composition
        self.audit = LocalAudit()
        self.reachable = True
        self.released: list[tuple[str, int, str]] = []

    def generate(self, prompt: str, seed: int, *, on_progress: Progress = no_progress) -> StoredScenario:
        if not self.reachable:
            raise GatewayUnavailableError("the gateway at http://127.0.0.1:3000 cannot be reached")
        if "pizza" in prompt:
            raise OutOfScopeError("<b>pizza</b> is not a training scenario")
        on_progress("terrain", 30)
        on_progress("forces", 80)
        scenario = self.composition.scenario
        return StoredScenario(
            scenario_id="sc-1",
            version=1,
            project="default",
            digest=scenario.digest(),
            scenario=scenario,
            findings=(
                Finding(rule="a.note", severity=Severity.INFO, where="own", message="<i>fine</i>", fix=""),
                Finding(rule="a.warning", severity=Severity.WARNING, where="own", message="hm", fix="look"),
            ),
            reading=_reading(prompt),
            event_seq=3,
            fetch=lambda name: self.composition.blobs[name],
        )

    def release(self, made: StoredScenario, target: str) -> dict[str, Any]:
        if not self.reachable:
            raise GatewayUnavailableError("the gateway at http://127.0.0.1:3000 cannot be reached")
        self.released.append((made.scenario_id, made.version, target))
        return {**PACKAGE, "target": target}


def _reading(prompt: str) -> Reading:
    mission = SlotReading(
        slot="mission", value="attack", confidence_percent=93, source="rule", evidence=(Evidence(start=0, end=6),)
    )
    disputed = SlotReading(
        slot="weather", value=["rain"], confidence_percent=55, source="model", candidates=("rain", "clear")
    )
    return Reading(
        prompt=prompt,
        intent=Intent(mission=Mission.ATTACK),
        slots=(mission, disputed),
        language="en",
        notes=("the prompt says rain and <clear> skies",),
    )


@pytest.fixture
def client(composition: Composition) -> Iterator[LocalClient]:
    return LocalClient(composition)
