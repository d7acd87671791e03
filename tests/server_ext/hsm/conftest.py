"""Software YubiHSMs of every shape: in this process, over HTTP, and as the installation's own process."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from yubihsm.core import AuthSession, YubiHsm

from server_ext.hsm.emulator import EmulatorBackend, MemoryVault, SoftwareDevice
from server_ext.settings import Settings


class TickingClock:
    """A monotonic clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def device(clock: TickingClock) -> SoftwareDevice:
    return SoftwareDevice(MemoryVault(), random=os.urandom, clock=clock)


@pytest.fixture
def hsm(device: SoftwareDevice) -> YubiHsm:
    return YubiHsm(EmulatorBackend(device))


@pytest.fixture
def session(hsm: YubiHsm) -> Iterator[AuthSession]:
    with hsm.create_session_derived(1, "password") as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"PACAI_HOME": str(tmp_path / "home")})
