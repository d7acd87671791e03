"""Typed rows: a cursor that answers our frozen records.

Repositories take a connection (to read) or the cursor of the work of an audit event (to write), and
both lead to the same transaction.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, LiteralString, TypeVar, cast

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from workbench.errors import MissingError

__all__ = ["Session", "columns_of", "fetch_all", "fetch_one", "insert_row"]

Session = psycopg.Connection[Any] | psycopg.Cursor[Any]

_Record = TypeVar("_Record")


def columns_of(kind: type[Any]) -> sql.Composable:
    """The columns of a record, in its order: each field is named as its column."""
    return sql.SQL(", ").join(sql.Identifier(field.name) for field in fields(kind))


def insert_row(session: Session, table: LiteralString, kind: type[_Record], values: dict[str, object]) -> _Record:
    """Insert one row and answer it as the database now has it, defaults filled in."""
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
        columns_of(kind),
    )
    row = _cursor(session, kind).execute(statement, values).fetchone()
    return cast(_Record, row)


def fetch_all(
    session: Session, table: LiteralString, kind: type[_Record], rest: LiteralString, values: Sequence[object] = ()
) -> list[_Record]:
    """The rows of ``table`` that ``rest`` (WHERE, ORDER BY, LIMIT) asks for."""
    statement = sql.SQL("SELECT {} FROM {} {}").format(columns_of(kind), sql.Identifier(table), sql.SQL(rest))
    return _cursor(session, kind).execute(statement, values).fetchall()


def fetch_one(
    session: Session,
    table: LiteralString,
    kind: type[_Record],
    rest: LiteralString,
    values: Sequence[object],
    what: str,
) -> _Record:
    """The first such row.

    Raises:
        MissingError: there is none; ``what`` names it.
    """
    rows = fetch_all(session, table, kind, rest, values)
    if not rows:
        raise MissingError(f"there is no {what}")
    return rows[0]


def _cursor(session: Session, kind: type[_Record]) -> psycopg.Cursor[_Record]:
    connection = session.connection if isinstance(session, psycopg.Cursor) else session
    return connection.cursor(row_factory=class_row(kind))
