"""Projects, scenarios, packages and tokens, each written as the work of an audit event."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_ext.audit import Action, Actor, AuditLog, NewEvent, SystemClock
from server_ext.store import Database, PackageId, ProjectId, ScenarioId, TokenId, identifier_of
from server_ext.store.identifiers import check_identifier
from server_ext.store.packages import NewPackage, create_package, find_package, list_packages
from server_ext.store.projects import create_project, find_project, list_projects
from server_ext.store.scenarios import (
    Content,
    VersionRecord,
    add_version,
    create_scenario,
    find_scenario,
    find_version,
    latest_version,
    list_scenarios,
    list_versions,
)
from server_ext.store.tokens import (
    find_valid_token,
    list_tokens,
    revoke_token,
    store_token,
    token_hash,
    token_of,
)
from workbench.canonical import Digest, canonical_bytes, sha256_hex
from workbench.errors import ConflictError, InputError, MissingError

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RAID, SCENARIO = ProjectId("raid"), ScenarioId("s-one")
T = TypeVar("T")
Do = Callable[[Callable[[psycopg.Cursor[Any]], T]], T]


@pytest.fixture
def do(database: Database) -> Iterator[Do[Any]]:
    """Runs a change as the work of an event; the raid project is there."""
    with AuditLog(database, node="n", clock=SystemClock()) as log:

        def run(work: Callable[[psycopg.Cursor[Any]], T]) -> T:
            return log.record(NewEvent(Action.SCENARIO_SAVE, Actor("ada", "analyst")), work).result

        run(lambda cursor: create_project(cursor, RAID, name="Raid", owner="ada", created_at=NOW))
        yield run


def content(text: str) -> Content:
    document = canonical_bytes({"title": text})
    return Content(sha256_hex(document), document, b'{"seed":1}', b'{"prompt":"test"}', b"[]")


def first_version(do: Do[VersionRecord], scenario: ScenarioId = SCENARIO) -> VersionRecord:
    return do(
        lambda cursor: create_scenario(
            cursor, scenario, content("one"), project=RAID, title="One", author="ada", created_at=NOW
        )
    )


def next_version(do: Do[VersionRecord], text: str, follows: int) -> VersionRecord:
    return do(
        lambda cursor: add_version(cursor, SCENARIO, content(text), author="bob", created_at=NOW, follows=follows)
    )


def package(name: str = "p-one", version: int = 1) -> NewPackage:
    return NewPackage(
        id=PackageId(name),
        scenario=SCENARIO,
        version=version,
        target="godot",
        archive=Digest("a" * 64),
        manifest=Digest("b" * 64),
        size_bytes=7,
        signer_kind="software",
        signer_key="SHA256:x",
        signer_serial="7",
        signer_algorithm="ed25519",
        signer_key_id=0x1234,
        evaluation=True,
        created_by="ada",
        created_at=NOW,
    )


def test_a_project_is_found_by_its_name_and_in_the_list(do: Do[Any], database: Database) -> None:
    with database.connection() as connection:
        found = find_project(connection, RAID)
        assert (found.id, found.name, found.owner, found.created_at, found.event_seq) == (RAID, "Raid", "ada", NOW, 1)
        assert list_projects(connection) == [found]
        with pytest.raises(MissingError, match="no project nope"):
            find_project(connection, ProjectId("nope"))


@pytest.mark.parametrize(("project", "name"), [("raid", "Other"), ("other", "Raid")])
def test_a_project_cannot_be_made_twice(do: Do[Any], project: str, name: str) -> None:
    with pytest.raises(ConflictError):
        do(lambda cursor: create_project(cursor, ProjectId(project), name=name, owner="ada", created_at=NOW))


@pytest.mark.parametrize(("project", "name"), [("Raid!", "x"), ("", "x"), ("x", ""), ("x", "y" * 121), ("x", "\x00")])
def test_a_project_that_cannot_be_named_so_is_refused(do: Do[Any], project: str, name: str) -> None:
    with pytest.raises(InputError):
        do(lambda cursor: create_project(cursor, ProjectId(project), name=name, owner="ada", created_at=NOW))


def test_versions_are_counted_and_kept(do: Do[Any], database: Database) -> None:
    first = first_version(do)
    second = next_version(do, "two", follows=1)
    assert (first.version, second.version) == (1, 2)
    with database.connection() as connection:
        assert latest_version(connection, SCENARIO) == second
        assert find_version(connection, SCENARIO, 1) == first
        assert [(one.version, one.digest) for one in list_versions(connection, SCENARIO)] == [
            (1, first.digest),
            (2, second.digest),
        ]
        assert find_scenario(connection, SCENARIO).title == "One"
        assert first.document == canonical_bytes({"title": "one"})
        assert [first.event_seq, second.event_seq] == [2, 3]


def test_a_change_made_on_an_older_version_is_a_conflict(do: Do[Any]) -> None:
    first_version(do)
    next_version(do, "two", follows=1)
    with pytest.raises(ConflictError, match="is at version 2; this change was made on 1"):
        next_version(do, "three", follows=1)


def test_scenarios_are_listed_newest_first(do: Do[Any], database: Database) -> None:
    for name in ("s-one", "s-two", "s-three"):
        first_version(do, ScenarioId(name))
    with database.connection() as connection:
        assert [one.id for one in list_scenarios(connection)] == ["s-three", "s-two", "s-one"]
        assert [one.id for one in list_scenarios(connection, RAID, limit=2)] == ["s-three", "s-two"]
        assert list_scenarios(connection, ProjectId("other")) == []


def test_what_is_not_there_is_missing(do: Do[Any], database: Database) -> None:
    with database.connection() as connection:
        for ask in (find_scenario, list_versions, latest_version):
            with pytest.raises(MissingError, match="no scenario s-one"):
                ask(connection, SCENARIO)
        with pytest.raises(MissingError, match="no version 3"):
            find_version(connection, SCENARIO, 3)
    with pytest.raises(MissingError, match="no scenario"):
        next_version(do, "one", follows=0)


def test_a_scenario_is_not_made_twice_nor_in_no_project(do: Do[Any]) -> None:
    first_version(do)
    with pytest.raises(ConflictError):
        first_version(do)
    with pytest.raises(MissingError, match="no project nope"):
        do(
            lambda cursor: create_scenario(
                cursor,
                ScenarioId("s-two"),
                content("x"),
                project=ProjectId("nope"),
                title="X",
                author="ada",
                created_at=NOW,
            )
        )


def test_content_must_have_the_digest_that_it_says() -> None:
    with pytest.raises(InputError, match="has digest"):
        Content(Digest("0" * 64), b"{}", b"{}", b"{}", b"[]")


def test_packages_are_kept_by_version(do: Do[Any], database: Database) -> None:
    first_version(do)
    stored = do(lambda cursor: create_package(cursor, package()))
    do(lambda cursor: create_package(cursor, package("p-two")))
    with database.connection() as connection:
        assert find_package(connection, PackageId("p-one")) == stored
        assert [one.id for one in list_packages(connection)] == ["p-two", "p-one"]
        assert [one.id for one in list_packages(connection, SCENARIO, limit=1)] == ["p-two"]
        with pytest.raises(MissingError):
            find_package(connection, PackageId("p-three"))
    with pytest.raises(ConflictError):
        do(lambda cursor: create_package(cursor, package()))
    with pytest.raises(MissingError, match="no version 9"):
        do(lambda cursor: create_package(cursor, package("p-four", version=9)))


def token(do: Do[Any], name: str, text: str, *, expires_at: datetime | None = None) -> None:
    do(
        lambda cursor: store_token(
            cursor,
            TokenId(name),
            hashed=token_hash(text),
            username="ada",
            roles=["analyst", "auditor"],
            label="laptop",
            created_at=NOW,
            expires_at=expires_at,
        )
    )


def test_a_token_is_found_by_its_text_and_kept_only_as_a_hash(
    do: Do[Any], database: Database, superuser: psycopg.Connection
) -> None:
    text = token_of(bytes(range(32)))
    token(do, "t-one", text)
    with database.connection() as connection:
        found = find_valid_token(connection, text, now=NOW)
        assert found is not None
        assert (found.username, found.roles, found.label) == ("ada", ["analyst", "auditor"], "laptop")
        for other in ("", "pacai_", text + "x", "\ud800", "\x00"):
            assert find_valid_token(connection, other, now=NOW) is None
    row = superuser.execute("SELECT t::text FROM api_tokens t").fetchone()
    assert row is not None
    assert text not in row[0]


def test_a_token_expires(do: Do[Any], database: Database) -> None:
    token(do, "t-one", "text", expires_at=NOW + timedelta(hours=1))
    with database.connection() as connection:
        assert find_valid_token(connection, "text", now=NOW) is not None
        assert find_valid_token(connection, "text", now=NOW + timedelta(hours=1)) is None


def test_a_revoked_token_stays_revoked(do: Do[Any], database: Database) -> None:
    token(do, "t-one", "text")
    first = do(lambda cursor: revoke_token(cursor, TokenId("t-one"), revoked_at=NOW))
    again = do(lambda cursor: revoke_token(cursor, TokenId("t-one"), revoked_at=NOW + timedelta(days=1)))
    assert first.revoked_at == again.revoked_at == NOW
    with database.connection() as connection:
        assert find_valid_token(connection, "text", now=NOW) is None
        assert [one.id for one in list_tokens(connection)] == ["t-one"]
    with pytest.raises(MissingError):
        do(lambda cursor: revoke_token(cursor, TokenId("t-two"), revoked_at=NOW))
    with pytest.raises(ConflictError):
        token(do, "t-one", "other")


@given(st.binary(min_size=10, max_size=10))
def test_identifiers_made_from_random_bytes_can_be_stored(random: bytes) -> None:
    assert check_identifier(identifier_of("s", random)) == identifier_of("s", random)


@given(st.text(max_size=70))
def test_any_text_is_an_identifier_or_a_clear_error(text: str) -> None:
    try:
        check_identifier(text)
    except InputError:
        return
    assert text.isascii()
    assert 0 < len(text) < 64
