"""A real gateway process with a home of its own, shared by the tests that leave it as they found it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from server_ext.launch import free_port
from server_ext.ops.session import GatewaySession
from server_ext.settings import Settings

SHIPPED = Path(__file__).resolve().parents[1] / "deploy" / "jupyter"
JUPYTER_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")


def gateway_settings(home: Path) -> Settings:
    """Settings of a fresh installation in ``home``, on a free port."""
    return replace(Settings.from_environment({"PACAI_HOME": str(home)}), port=free_port())


@pytest.fixture(scope="session")
def jupyter_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Jupyter's own folders, away from those of whoever runs the tests, and the shipped configuration."""
    folder = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JUPYTER_CONFIG_PATH", str(SHIPPED / "etc"))
        environment.setenv("JUPYTER_PATH", str(SHIPPED / "share"))
        for name in JUPYTER_FOLDERS:
            environment.setenv(name, str(folder / name.lower()))
        yield folder


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory, jupyter_folders: Path) -> Iterator[GatewaySession]:
    """A running gateway without Lab; healthy when the test begins."""
    with GatewaySession(gateway_settings(tmp_path_factory.mktemp("gateway") / "home")) as session:
        yield session


@pytest.fixture
def web(gateway: GatewaySession) -> Iterator[httpx.Client]:
    """A program of the local user, talking to :func:`gateway`."""
    with httpx.Client(base_url=gateway.url, timeout=120, trust_env=False) as client:
        yield client
