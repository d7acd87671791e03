"""RFC 8785 (JSON Canonicalization Scheme) bytes and SHA-256 digests, used by every room.

The product's documents hold no floats, so the hard part of RFC 8785 (ECMAScript number formatting)
never arises; what remains is sorted keys, no white space and minimal escapes, which ``orjson``
writes at native speed. Three inputs on which a sorted ``orjson`` dump and RFC 8785 could differ are
refused rather than repaired: floats, integers outside ±(2^53 − 1), and keys that are not ASCII
(RFC 8785 sorts by UTF-16 units, orjson by UTF-8 bytes).

>>> canonical_bytes({"b": 1, "a": [True, None, "é"]})
b'{"a":[true,null,"\\xc3\\xa9"],"b":1}'
"""

import hashlib
from typing import Any, NewType

import orjson

from workbench.errors import CanonicalError

__all__ = ["MAX_SAFE_INTEGER", "Digest", "JsonValue", "canonical_bytes", "digest", "sha256_hex"]

Digest = NewType("Digest", str)
"""SHA-256 as 64 lower-case hexadecimal digits."""

JsonValue = Any
"""JSON without floats: None, bool, int, str, list/tuple, dict with ASCII string keys."""

MAX_SAFE_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader holds exactly (RFC 8785 §3.2.2.3, IEEE 754 binary64)."""


def canonical_bytes(value: JsonValue) -> bytes:
    """The RFC 8785 bytes of ``value``.

    Raises:
        CanonicalError: a float, an integer outside ±(2^53 − 1), a key that is not an ASCII string,
            a lone surrogate, or a type that JSON does not have.
    """
    _refuse_ambiguous(value, "$")
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError) as error:
        raise CanonicalError(f"the value has no canonical JSON form: {error}") from error


def sha256_hex(data: bytes | bytearray | memoryview) -> Digest:
    """SHA-256 of ``data`` as 64 hexadecimal digits."""
    return Digest(hashlib.sha256(data).hexdigest())


def digest(value: JsonValue) -> Digest:
    """SHA-256 of the canonical bytes of ``value``.

    Raises:
        CanonicalError: see :func:`canonical_bytes`.
    """
    return sha256_hex(canonical_bytes(value))


def _refuse_ambiguous(value: JsonValue, where: str) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
            raise CanonicalError(f"integer at {where} is outside ±(2^53 − 1): {value}")
    elif kind is list or kind is tuple:
        for index, item in enumerate(value):
            _refuse_ambiguous(item, f"{where}[{index}]")
    elif kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise CanonicalError(f"key at {where} must be an ASCII string, got {key!r}")
            _refuse_ambiguous(item, f"{where}.{key}")
    else:
        raise CanonicalError(f"{kind.__name__} at {where} has no canonical JSON form")
