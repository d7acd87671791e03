"""Journeys run the product as its users do: real processes, real database, real kernels, real browser."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from server_ext.launch import free_port
from server_ext.notebooks import provide_notebooks
from server_ext.ops.session import GatewaySession
from server_ext.settings import Settings

ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A fresh home and a free port."""
    environment = {**os.environ, "PACAI_HOME": str(tmp_path / "home"), "PACAI_PORT": str(free_port())}
    return Settings.from_environment(environment)


@pytest.fixture(scope="session")
def shared_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewaySession]:
    """One gateway with Lab for all journeys that leave it as they found it."""
    home = tmp_path_factory.mktemp("pacai") / "home"
    settings = replace(Settings.from_environment({"HOME": "/", "PACAI_HOME": str(home)}), port=free_port())
    notebooks = provide_notebooks(home / "notebooks")
    config = home / "jupyter"
    config.mkdir(parents=True)
    # The browser tests run notebook commands through Lab's application object, which is hidden otherwise.
    (config / "jupyter_lab_config.json").write_text('{"LabApp": {"expose_app_in_browser": true}}')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_CONFIG_DIR", str(config))
        with GatewaySession(settings, root_dir=notebooks, lab=True) as session:
            yield session


@pytest.fixture
def http(shared_gateway: GatewaySession) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shared_gateway.url, timeout=300, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Folder of pictures that a person looks at after the run."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS
