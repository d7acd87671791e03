"""Who may sign: OpenSSH public keys and the ``allowed_signers`` file of ``ssh-keygen(1)``.

One line per key: principals, optional ``namespaces="…"``, ``valid-after="…"``, ``valid-before="…"``, then the
public key. Times are UTC with a ``Z``, because a local time would verify differently on another machine.
(OpenSSH before 9.1 does not know the ``Z``; files without windows work everywhere since 8.1.)

>>> text = 'lab@site namespaces="release@pacai" ssh-ed25519 ' + KEY   # doctest: +SKIP
>>> AllowedSigners.parse(text).signers[0].principals                  # doctest: +SKIP
('lab@site',)
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec

from workbench.errors import SignatureFormatError, VerificationError
from workbench.sshwire import WireReader, string

__all__ = ["AllowedSigner", "AllowedSigners", "SshPublicKey"]

ED25519_TYPE = "ssh-ed25519"
P256_TYPE = "ecdsa-sha2-nistp256"
_P256_CURVE = b"nistp256"
_ED25519_BYTES = 32
_P256_POINT_BYTES = 65
_TIME_FORMATS = {9: "%Y%m%dZ", 13: "%Y%m%d%H%MZ", 15: "%Y%m%d%H%M%SZ"}
"""Length of the text: its form, as ssh-keygen(1) lists them, with the UTC mark."""
_WORD = re.compile(r'[ \t]*((?:[^ \t"]|"[^"]*")+)')
_OPTION = re.compile(r'([a-z-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class SshPublicKey:
    """An Ed25519 or ECDSA P-256 public key."""

    raw: bytes
    """32 bytes, or the uncompressed 65-byte point."""

    @classmethod
    def from_raw(cls, raw: bytes) -> "SshPublicKey":
        """Check and hold a raw key.

        Raises:
            SignatureFormatError: another length, or a point that is not on P-256.
        """
        if len(raw) == _P256_POINT_BYTES:
            try:
                ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
            except ValueError as error:
                raise SignatureFormatError("the public key is not a point of P-256") from error
        elif len(raw) != _ED25519_BYTES:
            raise SignatureFormatError(f"a public key has 32 bytes (Ed25519) or 65 (P-256 point), got {len(raw)}")
        return cls(bytes(raw))

    @classmethod
    def from_blob(cls, blob: bytes) -> "SshPublicKey":
        """Read the SSH wire form (RFC 4253 §6.6, RFC 8709, RFC 5656)."""
        reader = WireReader(blob)
        kind = reader.text()
        if kind == P256_TYPE:
            if reader.string() != _P256_CURVE:
                raise SignatureFormatError("the ECDSA key must be on nistp256")
        elif kind != ED25519_TYPE:
            raise SignatureFormatError(f"the key must be {ED25519_TYPE} or {P256_TYPE}, got {kind!r}")
        key = cls.from_raw(reader.string())
        reader.end()
        if key.type != kind:
            raise SignatureFormatError(f"the key says {kind} but has the length of {key.type}")
        return key

    @classmethod
    def parse(cls, text: str) -> "SshPublicKey":
        """Read ``type base64 [comment]``, one line."""
        words = text.split(maxsplit=2)
        if len(words) < 2:
            raise SignatureFormatError("a public key line is 'type base64 [comment]'")
        try:
            key = cls.from_blob(base64.b64decode(words[1], validate=True))
        except (binascii.Error, ValueError) as error:
            raise SignatureFormatError(f"the public key is not base64: {error}") from error
        if key.type != words[0]:
            raise SignatureFormatError(f"the key line says {words[0]!r} but holds {key.type!r}")
        return key

    @property
    def type(self) -> str:
        return ED25519_TYPE if len(self.raw) == _ED25519_BYTES else P256_TYPE

    @property
    def blob(self) -> bytes:
        curve = b"" if self.type == ED25519_TYPE else string(_P256_CURVE)
        return string(self.type.encode()) + curve + string(self.raw)

    @property
    def fingerprint(self) -> str:
        """``SHA256:…`` as ``ssh-keygen -l`` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    def line(self, comment: str = "") -> str:
        """``type base64 comment``, without a newline."""
        if not comment.isprintable():
            raise SignatureFormatError(f"a key comment is one printable line, got {comment!r}")
        return f"{self.type} {base64.b64encode(self.blob).decode()} {comment}".rstrip()


@dataclass(frozen=True, slots=True)
class AllowedSigner:
    """One line of the file."""

    principals: tuple[str, ...]
    key: SshPublicKey
    namespaces: tuple[str, ...] = ()
    """Patterns; empty means every namespace."""
    valid_after: datetime | None = None
    valid_before: datetime | None = None
    comment: str = ""

    def format(self) -> str:
        """The line, without a newline.

        Raises:
            SignatureFormatError: a principal, namespace or time that the file format cannot hold.
        """
        for word in (*self.principals, *self.namespaces):
            if not word or not word.isascii() or not word.isprintable() or set(word) & set(' ,"'):
                raise SignatureFormatError(f"a principal or namespace is one ASCII word, got {word!r}")
        options = []
        if self.namespaces:
            options.append(f'namespaces="{",".join(self.namespaces)}"')
        if self.valid_after is not None:
            options.append(f'valid-after="{_time_text(self.valid_after)}"')
        if self.valid_before is not None:
            options.append(f'valid-before="{_time_text(self.valid_before)}"')
        words = [",".join(self.principals), *([",".join(options)] if options else []), self.key.line(self.comment)]
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class AllowedSigners:
    """The file."""

    signers: tuple[AllowedSigner, ...]

    @classmethod
    def parse(cls, text: str) -> "AllowedSigners":
        """Read an ``allowed_signers`` file; blank lines and ``#`` comments are skipped.

        Raises:
            SignatureFormatError: a line cannot be read; the message names it by number.
        """
        signers = []
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            try:
                signers.append(_parse_line(line.rstrip("\r")))
            except SignatureFormatError as error:
                raise SignatureFormatError(f"allowed_signers line {number}: {error}") from error
        return cls(tuple(signers))

    def format(self) -> str:
        return "".join(signer.format() + "\n" for signer in self.signers)

    def find(
        self, key: SshPublicKey, *, namespace: str, principal: str | None = None, at: datetime | None = None
    ) -> AllowedSigner:
        """The first line that lets ``key`` sign in ``namespace`` at time ``at``.

        Raises:
            VerificationError: there is none; the message gives the reason of the nearest line.
        """
        reason = f"the key {key.fingerprint} is not among the allowed signers"
        for signer in self.signers:
            if signer.key != key:
                continue
            found = _refusal(signer, namespace, principal, at)
            if found is None:
                return signer
            reason = f"the key {key.fingerprint} {found}"
        raise VerificationError(reason)


def _refusal(signer: AllowedSigner, namespace: str, principal: str | None, at: datetime | None) -> str | None:
    if principal is not None and not _matches(signer.principals, principal):
        return f"belongs to {','.join(signer.principals)}, not to {principal}"
    if signer.namespaces and not _matches(signer.namespaces, namespace):
        return f"may not sign in namespace {namespace!r}"
    if signer.valid_after is None and signer.valid_before is None:
        return None
    if at is None or at.tzinfo is None:
        return "is limited in time; say at which time (with its zone) the signature must have been valid"
    if signer.valid_after is not None and at < signer.valid_after:
        return f"is valid only after {signer.valid_after.isoformat()}"
    if signer.valid_before is not None and at > signer.valid_before:
        return f"was valid only before {signer.valid_before.isoformat()}"
    return None


def _matches(patterns: tuple[str, ...], text: str) -> bool:
    """OpenSSH pattern list: ``*`` and ``?``; a matching ``!pattern`` refuses (ssh_config(5), PATTERNS)."""
    found = False
    for pattern in patterns:
        if _pattern(pattern.removeprefix("!")).fullmatch(text):
            if pattern.startswith("!"):
                return False
            found = True
    return found


def _pattern(pattern: str) -> re.Pattern[str]:
    special = {"*": ".*", "?": "."}
    return re.compile("".join(special.get(character) or re.escape(character) for character in pattern))


def _parse_line(line: str) -> AllowedSigner:
    principals, rest = _word(line)
    word, after = _word(rest)
    options = {} if word in {ED25519_TYPE, P256_TYPE} else _options(word)
    key_text = rest if not options else after
    words = key_text.split(maxsplit=2)
    return AllowedSigner(
        principals=tuple(principals.strip('"').split(",")),
        key=SshPublicKey.parse(key_text),
        namespaces=tuple(options["namespaces"].split(",")) if options.get("namespaces") else (),
        valid_after=_time(options.get("valid-after")),
        valid_before=_time(options.get("valid-before")),
        comment=words[2].strip() if len(words) > 2 else "",
    )


def _word(text: str) -> tuple[str, str]:
    found = _WORD.match(text)
    if found is None:
        raise SignatureFormatError("a line is 'principals [options] type base64 [comment]'")
    return found[1], text[found.end() :]


def _options(word: str) -> dict[str, str]:
    options: dict[str, str] = {}
    at = 0
    while at < len(word):
        found = _OPTION.match(word, at)
        if found is None or found[1] not in {"namespaces", "valid-after", "valid-before"} or found[1] in options:
            raise SignatureFormatError(
                f'options are namespaces="…", valid-after="…" and valid-before="…", each once; got {word[at:]!r}'
            )
        options[found[1]] = found[2]
        at = found.end()
        if at < len(word):
            if word[at] != "," or at + 1 == len(word):
                raise SignatureFormatError(f"options are separated by single commas, got {word!r}")
            at += 1
    return options


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    form = _TIME_FORMATS.get(len(text))
    if form is None or not text.isascii() or not text[:-1].isdigit():
        raise SignatureFormatError(f"a time is YYYYMMDD[HHMM[SS]]Z in UTC, got {text!r}")
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError as error:
        raise SignatureFormatError(f"a time is YYYYMMDD[HHMM[SS]]Z in UTC, got {text!r}") from error


def _time_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise SignatureFormatError("a validity time must carry its time zone")
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")
