"""SSHSIG as OpenSSH has it: what we write it verifies, what it writes we verify, what is wrong neither."""

import base64
import contextlib
import hashlib
import io
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import SignatureFormatError, VerificationError
from workbench.sshsig import (
    AllowedSigner,
    AllowedSigners,
    SshPublicKey,
    SshSignature,
    armor,
    openssh_public_key,
    parse,
    signed_data,
    verify,
)

NAMESPACE = "release@pacai"
ED25519 = ed25519.Ed25519PrivateKey.generate()
ED25519_RAW = ED25519.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
P256 = ec.generate_private_key(ec.SECP256R1())
P256_RAW = P256.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
RAW = {"ed25519": ED25519_RAW, "p256": P256_RAW}
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def sign(kind: str, message: bytes, namespace: str = NAMESPACE) -> str:
    block = signed_data(namespace, message)
    if kind == "ed25519":
        return armor(ED25519_RAW, namespace, ED25519.sign(block))
    return armor(P256_RAW, namespace, P256.sign(block, ec.ECDSA(hashes.SHA256())))


def allowed(kind: str, **limits: object) -> AllowedSigners:
    return AllowedSigners((AllowedSigner(("lab@site",), SshPublicKey.from_raw(RAW[kind]), **limits),))


def keygen(folder: Path, *arguments: str, data: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["ssh-keygen", *arguments], input=data, cwd=folder, capture_output=True)


def stock_verify(
    folder: Path,
    signers: AllowedSigners,
    text: str,
    message: bytes,
    *,
    namespace: str = NAMESPACE,
    principal: str = "lab@site",
) -> bool:
    (folder / "allowed").write_text(signers.format())
    (folder / "sig").write_text(text)
    arguments = ("-Y", "verify", "-f", "allowed", "-I", principal, "-n", namespace, "-s", "sig")
    return keygen(folder, *arguments, data=message).returncode == 0


kinds = pytest.mark.parametrize("kind", ["ed25519", "p256"])


@kinds
def test_openssh_verifies_what_we_sign(tmp_path: Path, kind: str) -> None:
    text = sign(kind, b"message")
    assert stock_verify(tmp_path, allowed(kind), text, b"message")
    assert not stock_verify(tmp_path, allowed(kind), text, b"Message")
    assert not stock_verify(tmp_path, allowed(kind), text, b"message", namespace="licence@pacai")
    assert not stock_verify(tmp_path, allowed("p256" if kind == "ed25519" else "ed25519"), text, b"message")


@pytest.mark.parametrize("type_name", ["ed25519", "ecdsa"])
def test_we_verify_what_openssh_signs_and_write_the_same_armor(tmp_path: Path, type_name: str) -> None:
    assert keygen(tmp_path, "-q", "-t", type_name, "-N", "", "-f", "key", "-C", "a comment").returncode == 0
    (tmp_path / "message").write_bytes(b"data" * 1000)
    assert keygen(tmp_path, "-q", "-Y", "sign", "-f", "key", "-n", NAMESPACE, "message").returncode == 0
    text = (tmp_path / "message.sig").read_text()
    found = parse(text)
    assert armor(found.public_key.raw, found.namespace, found.signature) == text
    line = (tmp_path / "key.pub").read_text()
    signers = AllowedSigners.parse(f"lab@site {line}")
    signer = verify(text, b"data" * 1000, NAMESPACE, signers, principal="lab@site")
    assert (signer.principals, signer.comment) == (("lab@site",), "a comment")
    assert openssh_public_key(found.public_key.raw, "a comment") + "\n" == line
    told = keygen(tmp_path, "-l", "-f", "key.pub").stdout.decode()
    assert found.public_key.fingerprint in told


def test_a_signature_with_sha256_is_read_too(tmp_path: Path) -> None:
    assert keygen(tmp_path, "-q", "-t", "ed25519", "-N", "", "-f", "key").returncode == 0
    (tmp_path / "m").write_bytes(b"m")
    done = keygen(tmp_path, "-q", "-Y", "sign", "-O", "hashalg=sha256", "-f", "key", "-n", NAMESPACE, "m")
    assert done.returncode == 0
    text = (tmp_path / "m.sig").read_text()
    assert parse(text).hash_algorithm == "sha256"
    verify(text, b"m", NAMESPACE, AllowedSigners.parse("x " + (tmp_path / "key.pub").read_text()))


def test_other_kinds_of_key_are_refused_by_name(tmp_path: Path) -> None:
    assert keygen(tmp_path, "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "key").returncode == 0
    (tmp_path / "m").write_bytes(b"m")
    assert keygen(tmp_path, "-q", "-Y", "sign", "-f", "key", "-n", NAMESPACE, "m").returncode == 0
    with pytest.raises(SignatureFormatError, match="ssh-rsa"):
        parse((tmp_path / "m.sig").read_text())


@kinds
def test_streams_and_digests_are_signed_like_bytes(kind: str) -> None:
    message = b"x" * 3_000_000
    assert signed_data(NAMESPACE, io.BytesIO(message)) == signed_data(NAMESPACE, message)
    assert signed_data(NAMESPACE, sha512=hashlib.sha512(message).digest()) == signed_data(NAMESPACE, message)
    verify(sign(kind, message), io.BytesIO(message), NAMESPACE, allowed(kind))


def test_the_block_fits_every_token_whatever_the_message() -> None:
    assert len(signed_data(NAMESPACE, b"")) == len(signed_data(NAMESPACE, b"x" * 100_000)) == 105


def test_a_digest_of_another_length_and_two_inputs_are_refused() -> None:
    for arguments in ({"sha512": b"short"}, {}, {"message": b"", "sha512": bytes(64)}):
        with pytest.raises(SignatureFormatError):
            signed_data(NAMESPACE, **arguments)


@pytest.mark.parametrize("namespace", ["", "a\nb", "é", "a\0b"])
def test_a_namespace_is_printable_ascii(namespace: str) -> None:
    with pytest.raises(SignatureFormatError):
        signed_data(namespace, b"")
    with pytest.raises(SignatureFormatError):
        armor(ED25519_RAW, namespace, bytes(64))


@kinds
def test_wrong_data_namespace_key_and_principal_each_say_what_is_wrong(kind: str) -> None:
    text = sign(kind, b"message")
    cases = {
        "does not match the data": lambda: verify(text, b"other", NAMESPACE, allowed(kind)),
        "is for namespace": lambda: verify(text, b"message", "audit@pacai", allowed(kind)),
        "not among the allowed": lambda: verify(text, b"message", NAMESPACE, AllowedSigners(())),
        "belongs to lab@site": lambda: verify(text, b"message", NAMESPACE, allowed(kind), principal="eve@x"),
        "may not sign": lambda: verify(text, b"message", NAMESPACE, allowed(kind, namespaces=("audit@*",))),
    }
    for expected, attempt in cases.items():
        with pytest.raises(VerificationError, match=expected):
            attempt()


def test_validity_windows_are_held_as_openssh_holds_them(tmp_path: Path) -> None:
    text = sign("ed25519", b"m")
    real_now = datetime.now(UTC)
    day = timedelta(days=1)
    for after, before, good in (
        (real_now - day, real_now + day, True),
        (real_now + day, None, False),
        (None, real_now - day, False),
        (real_now - day, None, True),
    ):
        signers = allowed("ed25519", valid_after=after, valid_before=before)
        signers = AllowedSigners.parse(signers.format())
        assert stock_verify(tmp_path, signers, text, b"m") is good
        if good:
            verify(text, b"m", NAMESPACE, signers, at=real_now)
        else:
            with pytest.raises(VerificationError, match="valid only"):
                verify(text, b"m", NAMESPACE, signers, at=real_now)


@pytest.mark.parametrize("at", [None, NOW.replace(tzinfo=None)])
def test_a_key_limited_in_time_needs_a_time(at: datetime | None) -> None:
    signers = allowed("ed25519", valid_after=NOW - timedelta(days=1))
    with pytest.raises(VerificationError, match="time"):
        verify(sign("ed25519", b"m"), b"m", NAMESPACE, signers, at=at)


def test_a_rotated_key_is_found_by_its_second_line() -> None:
    key = SshPublicKey.from_raw(ED25519_RAW)
    signers = AllowedSigners(
        (
            AllowedSigner(("old@site",), key, valid_before=NOW - timedelta(days=9)),
            AllowedSigner(("new@site",), key, valid_after=NOW - timedelta(days=9)),
        )
    )
    assert verify(sign("ed25519", b"m"), b"m", NAMESPACE, signers, at=NOW).principals == ("new@site",)


@pytest.mark.parametrize(
    ("patterns", "text", "matches"),
    [
        (("lab@site",), "lab@site", True),
        (("*@site",), "lab@site", True),
        (("l?b@site",), "lab@site", True),
        (("l?b@site",), "laab@site", False),
        (("*", "!lab@*"), "lab@site", False),
        (("!eve@*",), "lab@site", False),
        (("l[ab]b@site",), "lab@site", False),
    ],
)
def test_principal_patterns_are_those_of_openssh(
    tmp_path: Path, patterns: tuple[str, ...], text: str, matches: bool
) -> None:
    signers = AllowedSigners((AllowedSigner(patterns, SshPublicKey.from_raw(ED25519_RAW)),))
    signature = sign("ed25519", b"m")
    assert stock_verify(tmp_path, signers, signature, b"m", principal=text) is matches
    if matches:
        verify(signature, b"m", NAMESPACE, signers, principal=text)
    else:
        with pytest.raises(VerificationError):
            verify(signature, b"m", NAMESPACE, signers, principal=text)


def test_an_allowed_signers_file_comes_back_as_it_was() -> None:
    key, other = SshPublicKey.from_raw(ED25519_RAW), SshPublicKey.from_raw(P256_RAW)
    signers = AllowedSigners(
        (
            AllowedSigner(("a@b", "*@c"), key, ("release@pacai", "audit@*"), NOW, NOW + timedelta(1), "two words"),
            AllowedSigner(("d@e",), other),
        )
    )
    assert AllowedSigners.parse(signers.format()) == signers
    assert AllowedSigners.parse("# comment\n\n" + signers.format().replace("\n", "\r\n")) == signers


def test_other_time_zones_become_utc() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    assert allowed("ed25519", valid_after=east).format() == allowed("ed25519", valid_after=NOW).format()


KEY_LINE = openssh_public_key(ED25519_RAW)


@pytest.mark.parametrize(
    "line",
    [
        "lab@site",
        "lab@site ssh-ed25519",
        "lab@site ssh-ed25519 !!!!",
        f"lab@site ecdsa-sha2-nistp256 {KEY_LINE.split()[1]}",
        f"lab@site cert-authority {KEY_LINE}",
        f'lab@site namespaces="a" namespaces="b" {KEY_LINE}',
        f'lab@site namespaces="a",namespaces="b" {KEY_LINE}',
        f'lab@site namespaces="a", {KEY_LINE}',
        f'lab@site valid-after="2026" {KEY_LINE}',
        f'lab@site valid-after="20260101" {KEY_LINE}',
        f'lab@site valid-after="20261301Z" {KEY_LINE}',
        f'lab@site valid-after="２０２６0101Z" {KEY_LINE}',
        f'lab@site valid-after="yesterday" {KEY_LINE}',
        f'lab@site "unclosed {KEY_LINE}',
        f"{KEY_LINE} extra",
    ],
)
def test_a_line_that_cannot_be_read_is_named_by_number(line: str) -> None:
    with pytest.raises(SignatureFormatError, match="line 2"):
        AllowedSigners.parse(f"# first\n{line}\n")


@pytest.mark.parametrize("word", ["", "a b", "a,b", 'a"b', "é", "a\nb"])
def test_a_principal_that_would_change_the_line_is_not_written(word: str) -> None:
    with pytest.raises(SignatureFormatError):
        AllowedSigner((word,), SshPublicKey.from_raw(ED25519_RAW)).format()


def test_a_comment_cannot_start_a_new_line() -> None:
    with pytest.raises(SignatureFormatError):
        openssh_public_key(ED25519_RAW, "x\nevil@site ssh-ed25519 AAAA")


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(33), b"\x04" + bytes(64), b"\x05" + P256_RAW[1:]])
def test_a_key_that_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises(SignatureFormatError):
        SshPublicKey.from_raw(raw)
    with pytest.raises(SignatureFormatError):
        armor(raw, NAMESPACE, bytes(64))


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65)])
def test_a_signature_of_another_length_is_refused(signature: bytes) -> None:
    for raw in RAW.values():
        with pytest.raises(SignatureFormatError):
            armor(raw, NAMESPACE, signature)


@kinds
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + "\n",
        lambda text: "\n" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text + text,
        lambda text: text.replace("SSH SIGNATURE", "PGP SIGNATURE"),
        lambda text: "\n".join([text.split("\n")[0], "".join(text.split("\n")[1:-2]), *text.split("\n")[-2:]]),
        lambda text: text.replace("\n", "\n ", 1),
        lambda text: "x" * 5000,
        lambda text: "",
    ],
)
def test_armor_that_is_not_canonical_is_refused(kind: str, change) -> None:
    with pytest.raises(SignatureFormatError):
        parse(change(sign(kind, b"m")))


def test_a_filled_reserved_field_is_refused() -> None:
    blob = base64.b64decode("".join(sign("ed25519", b"m").split("\n")[1:-2]))
    mark = NAMESPACE.encode() + bytes(4)
    changed = blob.replace(mark, NAMESPACE.encode() + (1).to_bytes(4, "big") + b"r")
    body = base64.b64encode(changed).decode()
    lines = [body[at : at + 70] for at in range(0, len(body), 70)]
    text = "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])
    with pytest.raises(SignatureFormatError, match="canonical"):
        parse(text)


many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(st.text(max_size=300))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for read in (parse, AllowedSigners.parse, SshPublicKey.parse):
        with contextlib.suppress(SignatureFormatError):
            read(text)


@many
@given(st.binary(max_size=200))
def test_any_blob_in_good_armor_is_parsed_or_refused(blob: bytes) -> None:
    body = base64.b64encode(b"SSHSIG\0\0\0\1" + blob).decode()
    lines = [body[at : at + 70] for at in range(0, len(body), 70)]
    with pytest.raises(SignatureFormatError):
        parse("\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]))


SIGNED = {kind: sign(kind, b"message") for kind in RAW}


@many
@given(st.sampled_from(["ed25519", "p256"]), st.data())
def test_no_single_changed_bit_verifies(kind: str, data: st.DataObject) -> None:
    text = bytearray(SIGNED[kind], "ascii")
    at = data.draw(st.integers(0, len(text) * 8 - 1))
    text[at // 8] ^= 1 << (at % 8)
    with pytest.raises((SignatureFormatError, VerificationError)):
        verify(text.decode("latin-1"), b"message", NAMESPACE, allowed(kind))


@many
@given(st.sampled_from(["ed25519", "p256"]), st.binary(max_size=50), st.from_regex(r"[!-~]{1,20}", fullmatch=True))
def test_what_is_signed_verifies(kind: str, message: bytes, namespace: str) -> None:
    text = sign(kind, message, namespace)
    found = parse(text)
    assert isinstance(found, SshSignature)
    assert armor(found.public_key.raw, found.namespace, found.signature) == text
    assert verify(text, message, namespace, allowed(kind)).principals == ("lab@site",)
