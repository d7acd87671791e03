"""schema.sql: applied twice, by a superuser and by an ordinary owner, and what the roles may."""

import subprocess
from pathlib import Path

import psycopg
import pytest

from server_ext.settings import Settings
from server_ext.store import SCHEMA_VERSION, Database, EmbeddedPostgres, schema_sql
from server_ext.store.installation import find_installation
from workbench.errors import DatabaseUnavailableError

INSERT_EVENT = (
    "INSERT INTO audit_events VALUES (1, now(), 1, 'n', 'a', 'success', 'u', 'r', NULL, NULL, NULL, NULL, "
    "'x', decode(repeat('00', 32), 'hex'), sha256(decode(repeat('00', 32), 'hex') || 'x'))"
)
FORBIDDEN = [
    INSERT_EVENT,
    "UPDATE audit_events SET actor = 'x'",
    "DELETE FROM audit_events",
    "TRUNCATE audit_events",
    "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    "DROP TABLE audit_events",
    "CREATE RULE nothing AS ON INSERT TO audit_events DO INSTEAD NOTHING",
    "CREATE TABLE mine (x int)",
    "COPY audit_events TO PROGRAM 'cat'",
    "UPDATE checkpoints SET size = 9",
    "DELETE FROM checkpoints",
    "DELETE FROM projects",
    "UPDATE scenario_versions SET digest = 'x'",
    "DELETE FROM api_tokens",
    "UPDATE api_tokens SET expires_at = NULL",
    "UPDATE schema_version SET version = 9",
    "SET ROLE pacai_owner",
]


def psql(server: EmbeddedPostgres, database: str, role: str, text: str) -> subprocess.CompletedProcess[str]:
    """The schema typed as the guide types it: through psql, from standard input."""
    program = find_installation(None).bindir / "psql"
    conninfo = server.conninfo(database=database, role=role)
    return subprocess.run([str(program), "-X", "-q", conninfo], input=text, capture_output=True, text=True, check=False)


@pytest.fixture
def owned_database(embedded_server: EmbeddedPostgres, database_name: str) -> str:
    """An empty database that the ordinary role pacai owns, as ``createdb -O pacai`` makes it."""
    name = f"{database_name}_own"
    with psycopg.connect(embedded_server.conninfo(database="postgres", role="pacai_admin"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} OWNER pacai TEMPLATE template0")
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_applied_again_it_changes_nothing(superuser: psycopg.Connection) -> None:
    count = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    before = superuser.execute(count).fetchone()
    superuser.execute(schema_sql())
    assert superuser.execute(count).fetchone() == before
    assert superuser.execute("SELECT version FROM schema_version").fetchall() == [(SCHEMA_VERSION,)]


def test_an_ordinary_owner_applies_it_by_psql_twice(embedded_server: EmbeddedPostgres, owned_database: str) -> None:
    for _ in range(2):
        done = psql(embedded_server, owned_database, "pacai", schema_sql())
        assert (done.returncode, done.stderr) == (0, "")
    done = psql(embedded_server, owned_database, "pacai", "SELECT COUNT(*) FROM audit_events")
    assert done.stdout.split()[2] == "0"


def test_even_its_owner_cannot_change_the_log_by_accident(
    embedded_server: EmbeddedPostgres, owned_database: str
) -> None:
    psql(embedded_server, owned_database, "pacai", schema_sql())
    psql(embedded_server, owned_database, "pacai", INSERT_EVENT)
    for statement in (
        "UPDATE audit_events SET actor = 'x'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events CASCADE",
    ):
        assert "append-only" in psql(embedded_server, owned_database, "pacai", statement).stderr


def test_a_database_url_without_a_schema_gets_it(
    embedded_server: EmbeddedPostgres, owned_database: str, tmp_path: Path
) -> None:
    url = embedded_server.conninfo(database=owned_database)
    with Database.open(Settings(home=tmp_path, database_url=url)) as database, database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM audit_events").fetchone() == (0,)


def test_a_role_that_may_not_create_tables_is_told_what_to_do(
    embedded_server: EmbeddedPostgres, owned_database: str, tmp_path: Path
) -> None:
    with psycopg.connect(embedded_server.conninfo(database="postgres", role="pacai_admin"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {owned_database} OWNER TO pacai_admin")
    url = embedded_server.conninfo(database=owned_database)
    with pytest.raises(DatabaseUnavailableError, match="ALTER DATABASE"):
        Database.open(Settings(home=tmp_path, database_url=url))


def test_a_newer_schema_is_left_alone(superuser: psycopg.Connection, database_settings: Settings) -> None:
    superuser.execute("INSERT INTO schema_version (version) VALUES (99)")
    with pytest.raises(DatabaseUnavailableError, match="schema version 99"):
        Database.open(database_settings)


def test_the_application_gets_a_plain_answer_when_it_applies_what_is_in_place(
    embedded_server: EmbeddedPostgres, database_name: str
) -> None:
    done = psql(embedded_server, database_name, "pacai", schema_sql())
    assert "the schema is in place and belongs to role pacai_owner" in done.stderr


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_may_only_append(database: Database, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.connection() as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_events SET actor = 'x'", "DELETE FROM audit_events", "TRUNCATE audit_events CASCADE"]
)
def test_triggers_fire_for_a_superuser_and_for_a_replica(superuser: psycopg.Connection, statement: str) -> None:
    superuser.execute(INSERT_EVENT)
    for role in ("origin", "replica"):
        superuser.execute(f"SET session_replication_role = {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            superuser.execute(statement)


def test_a_row_whose_hash_does_not_fit_is_refused_from_anybody(superuser: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="audit_events_sealed"):
        superuser.execute(INSERT_EVENT.replace("|| 'x'", "|| 'y'"))


def test_the_auditor_reads_the_log_and_nothing_else(superuser: psycopg.Connection) -> None:
    superuser.execute("SET ROLE pacai_auditor")
    assert superuser.execute("SELECT count(*) FROM audit_events").fetchone() == (0,)
    for statement in ("SELECT * FROM scenario_versions", "SELECT * FROM api_tokens", "SELECT audit_lock_head()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            superuser.execute(statement)


def append(connection: psycopg.Connection, first_seq: int, prev: list[bytes], sealed: list[bytes], body: bytes) -> None:
    texts = [["x"] * len(prev)] * 9
    connection.execute(
        "SELECT audit_append(%s::bigint, %s::timestamptz[], %s::bigint[]"
        + ", %s::text[]" * 9
        + ", %s::bytea[], %s::bytea[], %s::bytea[])",
        [first_seq, ["2026-01-01Z"] * len(prev), [1] * len(prev), *texts, [body] * len(prev), prev, sealed],
    )


def test_a_wrong_head_or_link_is_not_appended(database: Database) -> None:
    from workbench.chain import GENESIS, link

    one = link(GENESIS, b"x")
    two = link(one, b"x")
    wrong = [
        (2, [GENESIS], [one]),
        (1, [one], [two]),
        (1, [GENESIS, GENESIS], [one, two]),
        (1, [GENESIS, one], [one, one]),
        (1, [], []),
    ]
    for first_seq, prev, sealed in wrong:
        with pytest.raises((psycopg.Error, Exception)), database.connection() as connection:
            append(connection, first_seq, prev, sealed, b"x")
    with database.connection() as connection:
        append(connection, 1, [GENESIS, one], [one, two], b"x")
    with database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM audit_events").fetchone() == (2,)
