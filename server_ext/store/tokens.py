"""API tokens: kept as SHA-256 of their text, found by it, expired by time, revoked for good.

A token is 256 random bits, so a plain hash is enough at rest: there is no password to guess.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.errors import UniqueViolation

from server_ext.store.identifiers import TokenId, check_identifier
from server_ext.store.rows import Session, fetch_all, fetch_one, insert_row
from workbench.errors import ConflictError

__all__ = [
    "TOKEN_RANDOM_BYTES",
    "TokenRecord",
    "find_valid_token",
    "list_tokens",
    "revoke_token",
    "store_token",
    "token_hash",
    "token_of",
]

TOKEN_RANDOM_BYTES: Final = 32
_PREFIX: Final = "pacai_"
"""So that a scanner for leaked secrets finds one."""


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token without its text or hash."""

    id: TokenId
    username: str
    roles: list[str]
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    event_seq: int


def token_of(random: bytes) -> str:
    """The text of a fresh token from :data:`TOKEN_RANDOM_BYTES` random bytes."""
    if len(random) != TOKEN_RANDOM_BYTES:
        raise ValueError(f"{TOKEN_RANDOM_BYTES} random bytes make a token, got {len(random)}")
    return _PREFIX + base64.urlsafe_b64encode(random).decode().rstrip("=")


def token_hash(token: str) -> bytes:
    """What is kept of a token: 32 bytes."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def store_token(
    session: Session,
    token_id: TokenId,
    *,
    hashed: bytes,
    username: str,
    roles: Sequence[str],
    label: str,
    created_at: datetime,
    expires_at: datetime | None,
) -> TokenRecord:
    """Keep a token by its hash; only as the work of an audit event.

    Raises:
        ConflictError: the identifier or the token exists already.
        InputError: the identifier cannot be one.
    """
    values = {
        "id": check_identifier(token_id),
        "token_hash": hashed,
        "username": username,
        "roles": list(roles),
        "label": label,
        "created_at": created_at,
        "expires_at": expires_at,
    }
    try:
        return insert_row(session, "api_tokens", TokenRecord, values)
    except UniqueViolation as error:
        raise ConflictError(f"a token {token_id!r} exists already") from error


def find_valid_token(session: Session, token: str, *, now: datetime) -> TokenRecord | None:
    """The record of ``token``; None if it is unknown, expired or revoked."""
    rest = "WHERE token_hash = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %s)"
    found = fetch_all(session, "api_tokens", TokenRecord, rest, [token_hash(token), now])
    return found[0] if found else None


def list_tokens(session: Session) -> list[TokenRecord]:
    """All tokens, newest first, the expired and revoked ones too."""
    return fetch_all(session, "api_tokens", TokenRecord, "ORDER BY event_seq DESC, id")


def revoke_token(session: Session, token_id: TokenId, *, revoked_at: datetime) -> TokenRecord:
    """Revoke a token for good; only as the work of an audit event. Again does nothing.

    Raises:
        MissingError: there is no such token.
    """
    session.execute(
        "UPDATE api_tokens SET revoked_at = %s, revoked_seq = audit_current_event() "
        "WHERE id = %s AND revoked_at IS NULL",
        [revoked_at, token_id],
    )
    return fetch_one(session, "api_tokens", TokenRecord, "WHERE id = %s", [token_id], f"token {token_id}")
