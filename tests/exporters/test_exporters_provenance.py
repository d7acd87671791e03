"""provenance.json: an in-toto statement in a DSSE envelope, canonical and short."""

import base64
import json
import string
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from exporters.provenance import (
    MAX_STATEMENT_BYTES,
    Facts,
    envelope,
    pae,
    parse_envelope,
    parse_statement,
    statement,
)
from workbench.allowed_signers import SshPublicKey
from workbench.canonical import Digest
from workbench.errors import SignatureFormatError, VerificationError

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = SshPublicKey.from_raw(KEY.public_key().public_bytes_raw())
FACTS = Facts(
    manifest_sha256=Digest("a" * 64),
    scenario_sha256=Digest("b" * 64),
    title="Attack over the Lesna",
    target="godot",
    engine_version="composer/1",
    workbench_version="4.0.0a1",
    signer_kind="software",
    signer_serial="soft-1",
    signer_key_id="0x1234",
    principal="lab@site",
    signed_at="2026-05-01T12:00:00Z",
    evaluation=True,
)


def signed(payload: bytes) -> bytes:
    return envelope(payload, PUBLIC.fingerprint, KEY.sign(pae(payload)))


def test_the_statement_is_an_in_toto_statement_about_the_manifest() -> None:
    document = json.loads(statement(FACTS))
    assert document["_type"] == "https://in-toto.io/Statement/v1"
    assert document["subject"] == [{"name": "MANIFEST", "digest": {"sha256": "a" * 64}}]
    assert document["predicate"]["signer_key_id"] == "0x1234"
    assert document["predicate"]["evaluation"] is True


def test_the_pre_authentication_encoding_is_the_one_of_the_specification() -> None:
    # The layout of DSSE v1.0.2, protocol.md: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body
    assert pae(b"hello") == b"DSSEv1 28 application/vnd.in-toto+json 5 hello"


def test_what_was_said_is_read_back() -> None:
    parsed = parse_envelope(signed(statement(FACTS)))
    parsed.verify(PUBLIC)
    assert parse_statement(parsed.payload) == FACTS


def test_a_p256_key_signs_as_well() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    raw = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    public = SshPublicKey.from_raw(raw)
    payload = statement(FACTS)
    signature = key.sign(pae(payload), ec.ECDSA(hashes.SHA256()))
    parse_envelope(envelope(payload, public.fingerprint, signature)).verify(public)
    with pytest.raises(VerificationError):
        parse_envelope(envelope(payload + b" ", public.fingerprint, signature)).verify(public)


def test_the_longest_title_and_names_still_fit() -> None:
    long = replace(FACTS, title="Ž" * 120, principal="p" * 64, engine_version="e" * 120, signer_serial="s" * 40)
    assert len(statement(long)) <= MAX_STATEMENT_BYTES


def test_a_statement_that_is_too_long_is_refused() -> None:
    with pytest.raises(VerificationError, match="1536"):
        statement(replace(FACTS, title="x" * 2000))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"in-toto+json", b"in-toto+jsom"),
        lambda text: text + b"\n",
        lambda text: b" " + text,
        lambda text: text.replace(b'"signatures":[', b'"signatures":[{"keyid":"x","sig":""},'),
        lambda text: text.replace(b'"payload":"', b'"payload":"!'),
        lambda text: b"{}",
        lambda text: b"[]",
        lambda text: b"",
        lambda text: b"\xff",
        lambda text: b'{"signatures":[null],"payloadType":"application/vnd.in-toto+json","payload":""}',
        lambda text: text + b" " * 20_000,
    ],
)
def test_a_malformed_envelope_is_refused(change) -> None:
    with pytest.raises(SignatureFormatError, match=r"provenance\.json"):
        parse_envelope(change(signed(statement(FACTS))))


@pytest.mark.parametrize(
    "change",
    [
        {"evaluation": 1},
        {"signed_at": "yesterday"},
        {"title": None},
        {"extra": "x"},
        {"manifest_sha256": "x"},
    ],
)
def test_a_statement_of_another_shape_is_refused(change: dict[str, object]) -> None:
    document = json.loads(statement(FACTS))
    document["predicate"] |= change
    payload = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(SignatureFormatError):
        parse_statement(payload)


def test_the_base64_has_one_spelling_only() -> None:
    text = signed(statement(FACTS))
    signature = json.loads(text)["signatures"][0]["sig"]
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    # 64 bytes leave four bits of the last letter unused: another letter decodes to the same bytes
    spelled = signature[:-3] + alphabet[alphabet.index(signature[-3]) ^ 1] + "=="
    assert base64.b64decode(spelled) == base64.b64decode(signature)
    with pytest.raises(SignatureFormatError, match="canonical"):
        parse_envelope(text.replace(signature.encode(), spelled.encode()))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_as_a_format_error_and_nothing_else(data: bytes) -> None:
    with pytest.raises(SignatureFormatError):
        parse_envelope(data)
    with pytest.raises(SignatureFormatError):
        parse_statement(data)


def test_another_key_than_the_named_one_is_refused() -> None:
    other = SshPublicKey.from_raw(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    with pytest.raises(VerificationError, match="names the key"):
        parse_envelope(signed(statement(FACTS))).verify(other)
