"""The client against a small real gateway, over TCP and over a unix socket."""

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.cartography import map_png
from workbench.client import Client
from workbench.errors import (
    GatewayUnavailableError,
    InputError,
    OutOfScopeError,
    PermissionRefusedError,
    PromptError,
    VerificationError,
)
from workbench.scenario.composition import Composition


def test_a_scenario_arrives_with_its_progress(small_gateway: Any, composition: Composition) -> None:
    steps: list[tuple[str, int]] = []
    with Client.connect(small_gateway.address) as client:
        made = client.generate("attack", 123, on_progress=lambda stage, percent: steps.append((stage, percent)))
    assert made.scenario == composition.scenario
    assert made.digest == composition.scenario.digest()
    assert (made.scenario_id, made.version, made.event_seq) == ("sc-1", 1, 7)
    assert steps == [("stage 0", 0), ("stage 40", 40), ("stage 90", 90)]


def test_a_unix_socket_reaches_the_same_gateway(unix_gateway: Any, composition: Composition) -> None:
    with Client.connect(unix_gateway.address, token="secret-token") as client:
        assert client.health()["status"] == "healthy"
        assert client.generate("attack", 123).scenario == composition.scenario
        assert client.roles() == {"roles": True}


def test_the_environment_names_the_gateway(small_gateway: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACAI_GATEWAY", small_gateway.address + "/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Client.connect() as client:
        assert client.health()["status"] == "healthy"


def test_grids_are_fetched_when_first_needed_and_only_then(small_gateway: Any, composition: Composition) -> None:
    with Client.connect(small_gateway.address) as client:
        made = client.generate("attack", 123)
        before = [path for _, path, _ in small_gateway.answers.asked if path.startswith("/blobs")]
        blobs = made.blobs
        assert made.blobs is blobs
    fetched = [path for _, path, _ in small_gateway.answers.asked if path.startswith("/blobs")]
    assert before == []
    assert len(fetched) == 2
    assert dict(blobs) == dict(composition.blobs)


def test_a_scenario_shows_itself_as_its_map(small_gateway: Any, composition: Composition, tmp_path: Path) -> None:
    with Client.connect(small_gateway.address) as client:
        made = client.generate("attack", 123)
        written = made.save_map(tmp_path / "map.png", width_px=300)
        with pytest.raises(InputError, match="cannot be written"):
            made.save_map(tmp_path / "nowhere" / "map.png", width_px=300)
    assert written.read_bytes() == map_png(composition.scenario, composition.blobs, width_px=300)


def test_a_damaged_grid_is_refused(small_gateway: Any) -> None:
    small_gateway.answers.damaged_blobs = True
    with Client.connect(small_gateway.address) as client, pytest.raises(VerificationError, match="arrived damaged"):
        client.generate("attack", 123).map_png()


def test_a_scenario_with_another_digest_is_refused(small_gateway: Any) -> None:
    small_gateway.answers.digest = "0" * 64
    with Client.connect(small_gateway.address) as client, pytest.raises(VerificationError, match="arrived changed"):
        client.generate("attack", 123)


@pytest.mark.parametrize(
    ("prompt", "kind", "words"),
    [
        ("too long", PromptError, "the prompt is too long"),
        ("make pizza", OutOfScopeError, "no pizza"),
        ("go away", GatewayUnavailableError, "without a result"),
        ("mumble", GatewayUnavailableError, "not JSON"),
    ],
)
def test_a_refused_generation_is_the_matching_error(
    small_gateway: Any, prompt: str, kind: type[Exception], words: str
) -> None:
    with Client.connect(small_gateway.address) as client, pytest.raises(kind, match=words):
        client.generate(prompt, 1)


def test_a_stored_scenario_is_read_by_version(small_gateway: Any) -> None:
    with Client.connect(small_gateway.address) as client:
        assert client.scenario("sc-1").version == client.scenario("sc-1", 1).version == 1
        assert client.scenarios(project="p")[0]["scenario_id"] == "sc-1"
    assert ("GET", "/scenarios", {"project": "p"}) in small_gateway.answers.asked


def test_a_package_is_signed_and_downloaded(small_gateway: Any, tmp_path: Path) -> None:
    with Client.connect(small_gateway.address) as client:
        package = client.release(client.generate("attack", 1), "godot")
        path = client.download(package["package_id"], tmp_path / "p.zip")
        with pytest.raises(InputError, match="cannot be written"):
            client.download(package["package_id"], tmp_path / "nowhere" / "p.zip")
    assert (package["scenario_id"], package["version"], package["target"]) == ("sc-1", 1, "godot")
    assert path.read_bytes() == b"PK zip"


def test_what_the_role_may_not_do_is_said_in_the_gateways_words(small_gateway: Any) -> None:
    with Client.connect(small_gateway.address) as client, pytest.raises(PermissionRefusedError, match="viewer may not"):
        client.policy()


def test_an_answer_that_is_no_json_names_the_address(small_gateway: Any) -> None:
    with Client.connect(small_gateway.address) as client, pytest.raises(GatewayUnavailableError, match="not JSON"):
        client.licence()


def test_a_broken_gateway_is_unavailable_not_a_traceback(small_gateway: Any) -> None:
    with Client.connect(small_gateway.address) as client, pytest.raises(GatewayUnavailableError, match="500"):
        client.hsm()


def test_nobody_there_says_how_to_start_a_gateway(tmp_path: Path) -> None:
    for address in ("http://127.0.0.1:9", f"unix:{tmp_path}/none.sock"):
        with Client.connect(address) as client, pytest.raises(GatewayUnavailableError, match="pacai up"):
            client.health()
        with Client.connect(address) as client, pytest.raises(GatewayUnavailableError, match="pacai up"):
            client.generate("attack", 1)


@pytest.mark.parametrize("address", ["127.0.0.1:3000", "ftp://host", "http://", "http://h:99999", "unix:relative"])
def test_an_address_of_no_known_form_is_refused(address: str) -> None:
    with pytest.raises(InputError, match=r"gateway must be|absolute path"):
        Client.connect(address)


def test_tokens_are_in_no_representation(small_gateway: Any) -> None:
    with Client.connect(small_gateway.address, token="secret-token") as client:
        assert "secret" not in repr(client._connection) + json.dumps(client.roles())
