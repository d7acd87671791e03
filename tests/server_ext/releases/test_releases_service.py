"""Releases against the real database, HSM and exporters: what is refused, and that nothing half-done stays."""

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import prometheus_client
import pytest

from server_ext.audit import EventFilter, list_events
from server_ext.audit.events import Action, Actor, Outcome
from server_ext.generation import Order
from server_ext.hsm import Signer
from server_ext.metrics import GatewayMetrics
from server_ext.policy import Duties, Policy
from server_ext.releases import ReleaseOrder, ReleaseService
from server_ext.services import Services
from server_ext.settings import Settings
from workbench.errors import MissingError, PolicyRefusedError, SignerUnavailableError
from workbench.scenario.composition import no_progress
from workbench.scenario.model import Options

ANA = Actor("ana", "analyst")
OTTO = Actor("otto", "release_officer")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    home = tmp_path_factory.mktemp("releases") / "home"
    settings = replace(Settings.from_environment({"PACAI_HOME": str(home)}), bridge="local")
    metrics = GatewayMetrics(prometheus_client.CollectorRegistry())
    with ThreadPoolExecutor(2) as threads, Services.open(settings, Policy(), metrics, threads) as services:
        yield services


@pytest.fixture(scope="module")
def scenario_id(services: Services) -> str:
    order = Order(
        prompt="platoon ambush in a forest",
        seed=3,
        options=Options(),
        intent=None,
        project=None,
        actor=ANA,
        request_id="r1",
    )
    return services.generation.generate(order, no_progress, lambda: False).scenario_id


def signings(services: Services) -> list[Outcome]:
    with services.database.connection() as connection:
        events = list_events(connection, EventFilter(action=Action.PACKAGE_SIGN))
    return [event.event.outcome for event in events]


def with_policy(services: Services, policy: Policy) -> ReleaseService:
    service = services.releases
    changed = ReleaseService.__new__(ReleaseService)
    changed.__dict__.update(service.__dict__, _policy=policy)
    return changed


def test_a_release_is_bracketed_by_events_and_holds_what_it_says(services: Services, scenario_id: str) -> None:
    before = len(signings(services))
    record = services.releases.release(ReleaseOrder(scenario_id, None, "pacai", OTTO, "r2"))
    assert signings(services)[before:] == [Outcome.INTENT, Outcome.SUCCESS]
    assert (record.signer_kind, record.signer_key_id, record.evaluation) == ("software", 0x1234, True)
    _, data = services.releases.download(record.id, OTTO, "r3")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert {"MANIFEST", "MANIFEST.sig", "provenance.json", "scenario.json", "losses.json"} <= set(names)


def test_what_does_not_exist_is_named(services: Services, scenario_id: str) -> None:
    before = signings(services)
    for order, said in (
        (ReleaseOrder(scenario_id, None, "atlantis", OTTO), "exporter"),
        (ReleaseOrder(scenario_id, 99, "pacai", OTTO), "version 99"),
        (ReleaseOrder("no-such", None, "pacai", OTTO), "no-such"),
    ):
        with pytest.raises(MissingError, match=said):
            services.releases.release(order)
    assert signings(services) == before


def test_the_policy_decides_who_and_with_what(services: Services, scenario_id: str) -> None:
    own = with_policy(services, Policy(duties=Duties(self_release=False)))
    with pytest.raises(PolicyRefusedError, match="own scenario"):
        own.release(ReleaseOrder(scenario_id, None, "pacai", ANA))
    marked = with_policy(services, Policy.model_validate({"classification": "secret"}))
    with pytest.raises(PolicyRefusedError, match="software signer"):
        marked.release(ReleaseOrder(scenario_id, None, "pacai", OTTO))


class FailingSigner:
    """A real signer that goes away between its two signatures."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._left = 1
        self.describe = signer.describe

    def sign(self, message: bytes) -> bytes:
        if not self._left:
            raise SignerUnavailableError("the device was pulled out")
        self._left -= 1
        return self._signer.sign(message)


def test_a_device_that_dies_between_the_signatures_leaves_no_package(services: Services, scenario_id: str) -> None:
    assert services.hsm
    signer = FailingSigner(services.hsm.signer())
    broken = with_policy(services, Policy())
    broken.__dict__["_signer"] = lambda: signer
    before = services.releases.packages(limit=100)
    with pytest.raises(SignerUnavailableError, match="pulled out"):
        broken.release(ReleaseOrder(scenario_id, None, "pacai", OTTO))
    assert services.releases.packages(limit=100) == before
    assert signings(services)[-2:] == [Outcome.INTENT, Outcome.FAILURE]


def test_the_log_is_signed_before_each_release(services: Services, scenario_id: str, tmp_path: Path) -> None:
    notes = services.database.home / "checkpoints.txt"
    before = notes.read_text().count("pacai-workbench/audit\n")
    services.releases.release(ReleaseOrder(scenario_id, None, "pacai", OTTO))
    assert notes.read_text().count("pacai-workbench/audit\n") == before + 1
