"""A licence: one canonical JSON line and the SSHSIG of that line, in one text file.

An outsider checks it with stock tools::

    head -1 site.licence > l.json; tail -n +2 site.licence > l.sig
    ssh-keygen -Y verify -f allowed_signers -I vendor@pacai -n licence@pacai -s l.sig < l.json

Every field is required and unknown fields are refused; unknown *entitlements* are kept and shown, so that an
older installation reads a newer licence.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from workbench import sshsig
from workbench.canonical import JsonValue, canonical_bytes
from workbench.errors import CanonicalError, InputError

__all__ = ["NAMESPACE", "Entitlement", "Licence", "licence_file", "read_licence_file"]

NAMESPACE: Final = "licence@pacai"
FORMAT: Final = "pacai-licence/1"
PRODUCT: Final = "pacai-workbench"
MAX_FILE_CHARACTERS: Final = 65_536
_TIME_FORM = "%Y-%m-%dT%H:%M:%SZ"
_FIELDS = frozenset(
    {"entitlements", "format", "issued", "licence_id", "licensee", "not_after", "not_before", "product", "seats"}
    | {"serial", "targets"}
)


class Entitlement(StrEnum):
    """What the product asks a licence about, where the work begins."""

    GENERATE = "generate"
    RELEASE = "release"
    BATCH = "batch"
    READ = "read"
    VERIFY = "verify"
    AUDIT = "audit"
    EXPORT = "export"
    BACKUP = "backup"

    @property
    def is_new_work(self) -> bool:
        """Only new work needs a licence; what a site already made stays readable and checkable for ever."""
        return self in {Entitlement.GENERATE, Entitlement.RELEASE, Entitlement.BATCH}


@dataclass(frozen=True, slots=True)
class Licence:
    licence_id: str
    serial: int
    """Goes up with every licence that a vendor issues to a site; an older one is refused."""
    licensee: str
    issued: datetime
    not_before: datetime
    not_after: datetime
    seats: int
    entitlements: tuple[str, ...]
    """Names of :class:`Entitlement`, and any that this version does not know."""
    targets: tuple[str, ...]
    """Exporters that may release; empty means all."""

    def document(self) -> dict[str, JsonValue]:
        """The JSON object that is signed."""
        return {
            "entitlements": list(self.entitlements),
            "format": FORMAT,
            "issued": self.issued.strftime(_TIME_FORM),
            "licence_id": self.licence_id,
            "licensee": self.licensee,
            "not_after": self.not_after.strftime(_TIME_FORM),
            "not_before": self.not_before.strftime(_TIME_FORM),
            "product": PRODUCT,
            "seats": self.seats,
            "serial": self.serial,
            "targets": list(self.targets),
        }

    def line(self) -> bytes:
        """The signed bytes: canonical JSON and a newline."""
        return canonical_bytes(self.document()) + b"\n"

    @classmethod
    def parse(cls, line: str) -> "Licence":
        """Read the signed line.

        Raises:
            InputError: not the canonical JSON of a licence for this product; the message names the field.
        """
        document = _load(line)
        licence = cls(
            licence_id=_text(document, "licence_id"),
            serial=_number(document, "serial", 1),
            licensee=_text(document, "licensee"),
            issued=_time(document, "issued"),
            not_before=_time(document, "not_before"),
            not_after=_time(document, "not_after"),
            seats=_number(document, "seats", 1),
            entitlements=_names(document, "entitlements"),
            targets=_names(document, "targets"),
        )
        if licence.not_after <= licence.not_before:
            raise InputError("the licence ends before it begins: not_after must be later than not_before")
        if licence.line().decode() != line:
            raise InputError("the licence is not in canonical form; ask the vendor for the file as issued")
        return licence


def licence_file(licence: Licence, public_key: bytes, signature: bytes) -> str:
    """The text of a licence file, from the raw signature of its line's SSHSIG block."""
    return licence.line().decode() + sshsig.armor(public_key, NAMESPACE, signature)


def read_licence_file(text: str) -> tuple[Licence, str]:
    """The licence and its armored signature, not yet verified.

    Raises:
        InputError: the file is too long or not a licence.
    """
    if len(text) > MAX_FILE_CHARACTERS:
        raise InputError(f"a licence file has at most {MAX_FILE_CHARACTERS} characters, got {len(text)}")
    line, newline, signature = text.partition("\n")
    return Licence.parse(line + newline), signature


def _load(line: str) -> dict[str, JsonValue]:
    try:
        document = json.loads(line)
        canonical_bytes(document)
    except (ValueError, RecursionError, CanonicalError) as error:
        raise InputError(f"the first line of a licence file must be JSON: {error}") from error
    if not isinstance(document, dict) or set(document) != _FIELDS:
        raise InputError(f"a licence is a JSON object with exactly the fields {', '.join(sorted(_FIELDS))}")
    if document["format"] != FORMAT or document["product"] != PRODUCT:
        raise InputError(
            f"the licence must be {FORMAT} for {PRODUCT}, got {document['format']!r} for {document['product']!r}"
        )
    return document


def _text(document: dict[str, JsonValue], name: str) -> str:
    value = document[name]
    if not isinstance(value, str) or not 0 < len(value) <= 200 or not value.isprintable():
        raise InputError(f"licence field {name} must be 1 to 200 printable characters")
    return value


def _number(document: dict[str, JsonValue], name: str, least: int) -> int:
    value = document[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InputError(f"licence field {name} must be an integer of at least {least}, got {value!r}")
    return value


def _names(document: dict[str, JsonValue], name: str) -> tuple[str, ...]:
    value = document[name]
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise InputError(f"licence field {name} must be a list of names")
    return tuple(value)


def _time(document: dict[str, JsonValue], name: str) -> datetime:
    value = document[name]
    try:
        return datetime.strptime(value, _TIME_FORM).replace(tzinfo=UTC)
    except (TypeError, ValueError) as error:
        raise InputError(f"licence field {name} must be a UTC time YYYY-MM-DDTHH:MM:SSZ, got {value!r}") from error
