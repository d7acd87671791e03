"""Root runs PostgreSQL through a namespace or through an account, and a home may move between both."""

import os
from pathlib import Path

import psutil
import pytest

from server_ext.settings import Settings
from server_ext.store import Database, privileges
from server_ext.store.privileges import Privileges, find_privileges
from workbench.errors import DatabaseUnavailableError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to give up")


def test_an_ordinary_user_needs_nothing() -> None:
    assert find_privileges(1000) == Privileges("own user")
    assert find_privileges(1000).command(["initdb"]) == ["initdb"]


@as_root
def test_root_never_stays_root() -> None:
    way = find_privileges(0)
    assert way.prefix[0] in ("unshare", "setpriv")


@as_root
def test_a_machine_that_allows_neither_way_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privileges, "_works", lambda way: False)
    with pytest.raises(DatabaseUnavailableError, match="run as an ordinary user or set DATABASE_URL"):
        find_privileges(0)


@as_root
def test_a_home_moves_to_a_machine_without_namespaces_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path / "home")
    Database.open(settings).close()
    with monkeypatch.context() as patched:
        patched.setattr(privileges, "_in_user_namespace", lambda: None)
        with Database.open(settings) as database, database.connection() as connection:
            server = psutil.Process(database.describe().pid)
            assert server.uids().effective != 0
            assert settings.postgres_data.stat().st_uid == server.uids().effective
            assert connection.execute("SELECT 1").fetchone() == (1,)
    with Database.open(settings) as database, database.connection() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert settings.postgres_data.stat().st_uid == 0
    assert settings.home.stat().st_uid == 0
    assert tmp_path.stat().st_mode & 0o777 == 0o700
