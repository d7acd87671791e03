"""A real PostgreSQL for tests: one embedded server per run, one fresh database per test.

========================  =========  ==============================================================
fixture                   scope      what
========================  =========  ==============================================================
``postgres_home``         session    home (``PACAI_HOME``) of the running embedded server
``database_url``          function   ``DATABASE_URL`` of a fresh database with our schema, as ``pacai``
``database_settings``     function   ``Settings`` of an empty home in ``tmp_path`` that uses it
``database``              function   the open ``Database``
``superuser``             function   a connection to it as the server's superuser, autocommit
========================  =========  ==============================================================
"""

import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from server_ext.settings import Settings
from server_ext.store import DATABASE_NAME, Database, EmbeddedPostgres


@pytest.fixture(scope="session")
def embedded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    settings = Settings(home=tmp_path_factory.mktemp("postgres"))
    server = EmbeddedPostgres(settings)
    server.start()
    Database.open(settings).close()
    with psycopg.connect(server.conninfo(database="postgres", role="pacai_admin"), autocommit=True) as admin:
        # a database per test costs two checkpoints; no test of this server cuts the machine's power
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("SELECT pg_reload_conf()")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_home(embedded_server: EmbeddedPostgres) -> Path:
    return embedded_server.password_file.parent.parent


@pytest.fixture
def database_name(embedded_server: EmbeddedPostgres) -> Iterator[str]:
    name = f"test_{secrets.token_hex(8)}"
    admin = embedded_server.conninfo(database="postgres", role="pacai_admin")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE_NAME}")
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(embedded_server: EmbeddedPostgres, database_name: str) -> str:
    host, passfile = str(embedded_server.socket_dir), str(embedded_server.password_file)
    return f"postgresql://pacai@/{database_name}?host={quote(host, safe='')}&passfile={quote(passfile, safe='')}"


@pytest.fixture
def database_settings(tmp_path: Path, database_url: str) -> Settings:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return Settings(home=home, database_url=database_url, node="node_test")


@pytest.fixture
def database(database_settings: Settings) -> Iterator[Database]:
    with Database.open(database_settings) as opened:
        yield opened


@pytest.fixture
def superuser(embedded_server: EmbeddedPostgres, database_name: str) -> Iterator[psycopg.Connection]:
    conninfo = embedded_server.conninfo(database=database_name, role="pacai_admin")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        yield connection
