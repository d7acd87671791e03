from pathlib import Path

import pytest

from server_ext.settings import Settings
from workbench.errors import InputError


def test_an_empty_environment_is_the_evaluation_default() -> None:
    settings = Settings.from_environment({"HOME": "/home/ana"})
    assert settings.home == Path("/home/ana/.local/share/pacai")
    assert (settings.port, settings.offline, settings.bridge, settings.database_url) == (
        3000,
        True,
        "pool",
        None,
    )
    assert settings.licence_database == settings.home / "license.db"


def test_the_variables_of_the_guide_are_read() -> None:
    settings = Settings.from_environment(
        {
            "PACAI_HOME": "/var/lib/pacai",
            "DATABASE_URL": "postgresql://pacai:changeme@localhost/pacai_v4",
            "OFFLINE_MODE": "false",
            "SHARDING_ENABLED": "true",
            "SHARD_ID": "node_scif",
            "REDIS_URL": "redis://10.0.0.1:6379",
        }
    )
    assert settings.database_url == "postgresql://pacai:changeme@localhost/pacai_v4"
    assert (settings.offline, settings.sharding, settings.node) == (False, True, "node_scif")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PACAI_PORT", "0"),
        ("PACAI_PORT", "65536"),
        ("PACAI_PORT", "http"),
        ("PACAI_PORT", "٣"),
        ("OFFLINE_MODE", "maybe"),
    ],
)
def test_a_bad_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(InputError, match=name):
        Settings.from_environment({"HOME": "/", name: value})
