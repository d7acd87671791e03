"""Names of stored things: short, readable, safe in a URL and a file name.

>>> check_identifier("evening-raid")
'evening-raid'
>>> identifier_of("s", bytes(10))
's-aaaaaaaaaaaaaaaa'
"""

import base64
import re
from typing import Final, NewType

from workbench.errors import InputError

__all__ = [
    "RANDOM_BYTES",
    "PackageId",
    "ProjectId",
    "ScenarioId",
    "TokenId",
    "check_identifier",
    "identifier_of",
]

ProjectId = NewType("ProjectId", str)
ScenarioId = NewType("ScenarioId", str)
PackageId = NewType("PackageId", str)
TokenId = NewType("TokenId", str)

RANDOM_BYTES: Final = 10
"""80 bits: no two of a billion identifiers collide in practice; exactly 16 characters of base 32."""
_PATTERN: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""The same as in schema.sql."""


def check_identifier(text: str) -> str:
    """``text``, if it can name a stored thing.

    Raises:
        InputError: it cannot.
    """
    if not _PATTERN.fullmatch(text):
        raise InputError(
            f"an identifier has 1 to 63 of a-z, 0-9 and '-' and starts with a letter or digit, got {text[:80]!r}"
        )
    return text


def identifier_of(prefix: str, random: bytes) -> str:
    """A fresh identifier from ``RANDOM_BYTES`` random bytes, such as ``s-mfzwizlt2vkjq4xb``."""
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"{RANDOM_BYTES} random bytes make an identifier, got {len(random)}")
    return check_identifier(f"{prefix}-{base64.b32encode(random).decode().lower()}")
