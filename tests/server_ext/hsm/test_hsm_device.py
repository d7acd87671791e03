"""The software YubiHSM answers the vendor's own, unmodified Python client as the documents say."""

import hashlib
import struct
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from yubihsm.core import AuthSession, YubiHsm
from yubihsm.defs import ALGORITHM, AUDIT, CAPABILITY, COMMAND, ERROR, OBJECT, OPTION, ORIGIN
from yubihsm.exceptions import YubiHsmAuthenticationError, YubiHsmDeviceError, YubiHsmInvalidRequestError
from yubihsm.objects import (
    AsymmetricKey,
    AttestationExtensions,
    AuthenticationKey,
    Opaque,
    WrapKey,
)

from server_ext.hsm.emulator import FIRST_SOFTWARE_SERIAL, EmulatorBackend, MemoryVault, SoftwareDevice

SIGN = CAPABILITY.SIGN_EDDSA


def ed25519_key(session: AuthSession, key_id: int = 0, domains: int = 1, **changes: int) -> AsymmetricKey:
    capabilities = changes.get("capabilities", SIGN)
    return AsymmetricKey.generate(session, key_id, "a key", domains, capabilities, ALGORITHM.EC_ED25519)


def error_of(caught: pytest.ExceptionInfo[YubiHsmDeviceError]) -> ERROR:
    return caught.value.code


def test_it_says_that_it_is_software_with_firmware_2_4(hsm: YubiHsm) -> None:
    info = hsm.get_device_info()
    assert info.version[:2] == (2, 4)
    assert info.serial >= FIRST_SOFTWARE_SERIAL
    assert info.part_number == "SOFTWARE"
    assert (info.log_size, info.log_used) == (62, 2)


def test_echo_comes_back_with_and_without_a_session(hsm: YubiHsm, session: AuthSession) -> None:
    for size in (0, 1, 15, 16, 17, 2000):
        assert hsm.send_cmd(COMMAND.ECHO, b"e" * size) == b"e" * size
        assert session.send_secure_cmd(COMMAND.ECHO, b"e" * size) == b"e" * size


def test_a_wrong_password_is_refused_by_the_client(hsm: YubiHsm) -> None:
    with pytest.raises(YubiHsmAuthenticationError):
        hsm.create_session_derived(1, "Password")


def test_an_unknown_authentication_key_is_not_found(hsm: YubiHsm) -> None:
    with pytest.raises(YubiHsmDeviceError) as caught:
        hsm.create_session_derived(77, "password")
    assert error_of(caught) is ERROR.OBJECT_NOT_FOUND


def test_the_seventeenth_session_is_refused_and_silence_frees_them(hsm: YubiHsm, clock) -> None:
    for _ in range(16):
        hsm.create_session_derived(1, "password")
    with pytest.raises(YubiHsmDeviceError) as caught:
        hsm.create_session_derived(1, "password")
    assert error_of(caught) is ERROR.SESSIONS_FULL
    clock.now += 30.1
    hsm.create_session_derived(1, "password").close()


def test_a_session_ends_after_thirty_seconds_of_silence_and_not_before(session: AuthSession, clock) -> None:
    clock.now += 29.9
    session.get_pseudo_random(1)
    clock.now += 29.9
    session.get_pseudo_random(1)
    clock.now += 30.1
    with pytest.raises(YubiHsmDeviceError) as caught:
        session.get_pseudo_random(1)
    assert error_of(caught) is ERROR.INVALID_SESSION
    session._sid = None  # nothing is left to close


def test_a_closed_session_is_closed(hsm: YubiHsm) -> None:
    session = hsm.create_session_derived(1, "password")
    sid = session.sid
    session.close()
    session._sid, session._key_enc, session._key_mac, session._key_rmac = sid, *[bytes(16)] * 3
    with pytest.raises(YubiHsmDeviceError) as caught:
        session.get_pseudo_random(1)
    assert error_of(caught) is ERROR.INVALID_SESSION


def test_asymmetric_sessions_authenticate_both_sides(hsm: YubiHsm, session: AuthSession) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    AuthenticationKey.put_public_key(
        session, 9, "card", 1, CAPABILITY.GET_PSEUDO_RANDOM, CAPABILITY.NONE, private.public_key()
    )
    pinned = hsm.get_device_public_key()
    with hsm.create_session_asymmetric(9, private, pinned) as opened:
        assert len(opened.get_pseudo_random(8)) == 8
    with pytest.raises(YubiHsmAuthenticationError):
        hsm.create_session_asymmetric(9, ec.generate_private_key(ec.SECP256R1()), pinned)
    with pytest.raises(YubiHsmAuthenticationError):
        hsm.create_session_asymmetric(9, private, ec.generate_private_key(ec.SECP256R1()).public_key())


def test_ed25519_signatures_verify_up_to_the_largest_message(session: AuthSession) -> None:
    key = ed25519_key(session, 0x1234)
    public = key.get_public_key()
    for size in (0, 1, 110, 2019):
        public.verify(key.sign_eddsa(b"m" * size), b"m" * size)
    with pytest.raises(InvalidSignature):
        public.verify(key.sign_eddsa(b"one"), b"two")


def test_what_is_longer_than_the_buffer_never_reaches_the_device(session: AuthSession) -> None:
    with pytest.raises(YubiHsmInvalidRequestError):
        ed25519_key(session).sign_eddsa(b"m" * 3200)


@pytest.mark.parametrize(
    ("algorithm", "curve"),
    [
        (ALGORITHM.EC_P256, ec.SECP256R1()),
        (ALGORITHM.EC_P384, ec.SECP384R1()),
        (ALGORITHM.EC_P521, ec.SECP521R1()),
        (ALGORITHM.EC_K256, ec.SECP256K1()),
    ],
)
@pytest.mark.parametrize("digest", [hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_ecdsa_signatures_verify(
    session: AuthSession, algorithm: ALGORITHM, curve: ec.EllipticCurve, digest: hashes.HashAlgorithm
) -> None:
    made = AsymmetricKey.generate(session, 0, "p", 1, CAPABILITY.SIGN_ECDSA, algorithm)
    put = AsymmetricKey.put(session, 0, "p", 1, CAPABILITY.SIGN_ECDSA, ec.generate_private_key(curve))
    for key in (made, put):
        key.get_public_key().verify(key.sign_ecdsa(b"data", digest), b"data", ec.ECDSA(digest))


def test_an_imported_ed25519_key_is_the_same_key(session: AuthSession) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    key = AsymmetricKey.put(session, 0, "put", 1, SIGN, private)
    assert key.sign_eddsa(b"x") == private.sign(b"x")
    assert key.get_info().origin is ORIGIN.IMPORTED


def test_a_key_signs_only_with_its_own_algorithm(session: AuthSession) -> None:
    both = CAPABILITY.SIGN_EDDSA | CAPABILITY.SIGN_ECDSA
    edwards = AsymmetricKey.generate(session, 0, "e", 1, both, ALGORITHM.EC_ED25519)
    weierstrass = AsymmetricKey.generate(session, 0, "w", 1, both, ALGORITHM.EC_P256)
    for attempt in (lambda: edwards.sign_ecdsa(b"x"), lambda: weierstrass.sign_eddsa(b"x")):
        with pytest.raises(YubiHsmDeviceError) as caught:
            attempt()
        assert error_of(caught) is ERROR.INVALID_DATA


def test_object_information_is_what_was_asked_for(session: AuthSession) -> None:
    key = AsymmetricKey.generate(session, 0x1234, "é label", 0x8001, SIGN, ALGORITHM.EC_ED25519)
    info = key.get_info()
    assert (info.id, info.domains, info.capabilities, info.label) == (0x1234, 0x8001, SIGN, "é label")
    assert (info.size, info.sequence, info.algorithm) == (128, 0, ALGORITHM.EC_ED25519)


def test_sequence_numbers_count_the_uses_of_an_id(session: AuthSession) -> None:
    for expected in range(3):
        key = ed25519_key(session, 7)
        assert key.get_info().sequence == expected
        key.delete()


def test_an_id_in_use_is_refused_and_id_zero_lets_the_device_choose(session: AuthSession) -> None:
    ed25519_key(session, 7)
    with pytest.raises(YubiHsmDeviceError) as caught:
        ed25519_key(session, 7)
    assert error_of(caught) is ERROR.OBJECT_EXISTS
    assert ed25519_key(session).id not in {0, 7, 0xFFFF}


def test_objects_are_listed_by_every_filter(session: AuthSession) -> None:
    ed25519_key(session, 0x10)
    WrapKey.generate(session, 0x20, "wrap", 2, CAPABILITY.WRAP_DATA, ALGORITHM.AES128_CCM_WRAP, CAPABILITY.NONE)
    ids = lambda **wanted: [item.id for item in session.list_objects(**wanted)]  # noqa: E731
    assert ids() == [1, 0x10, 0x20]
    assert ids(object_id=0x10) == [0x10]
    assert ids(object_type=OBJECT.WRAP_KEY) == [0x20]
    assert ids(domains=2) == [1, 0x20]
    assert ids(capabilities=CAPABILITY.WRAP_DATA) == [1, 0x20]
    assert ids(algorithm=ALGORITHM.EC_ED25519) == [0x10]
    assert ids(label="wrap") == [0x20]
    assert ids(label="wra") == []
    assert ids(object_type=OBJECT.WRAP_KEY, domains=1) == []


def test_storage_fills_and_frees(session: AuthSession) -> None:
    def storage() -> tuple[int, ...]:
        return struct.unpack("!5H", session.send_secure_cmd(COMMAND.GET_STORAGE_INFO))

    before = storage()
    key = Opaque.put(session, 0, "o", 1, CAPABILITY.NONE, ALGORITHM.OPAQUE_DATA, b"x" * 127)
    assert storage()[1] == before[1] - 1
    assert storage()[3] == before[3] - 2
    key.delete()
    assert storage() == before


def test_the_257th_object_does_not_fit(session: AuthSession) -> None:
    for number in range(255):
        Opaque.put(session, number + 2, "o", 1, CAPABILITY.NONE, ALGORITHM.OPAQUE_DATA, b"x")
    with pytest.raises(YubiHsmDeviceError) as caught:
        Opaque.put(session, 0x999, "o", 1, CAPABILITY.NONE, ALGORITHM.OPAQUE_DATA, b"x")
    assert error_of(caught) is ERROR.STORAGE_FAILED


def test_opaque_data_comes_back(session: AuthSession) -> None:
    data = bytes(range(256)) * 7
    opaque = Opaque.put(session, 0, "o", 1, CAPABILITY.NONE, ALGORITHM.OPAQUE_DATA, data)
    assert opaque.get() == data


@pytest.mark.parametrize("algorithm", [29, 41, 42])
def test_wrapped_data_is_unwrapped_and_tampering_is_noticed(session: AuthSession, algorithm: int) -> None:
    both = CAPABILITY.WRAP_DATA | CAPABILITY.UNWRAP_DATA
    kind = ALGORITHM(algorithm)
    made = WrapKey.generate(session, 0, "w", 1, both, kind, CAPABILITY.NONE)
    put = WrapKey.put(session, 0, "w", 1, both, kind, CAPABILITY.NONE, bytes(kind.to_key_size()))
    for key in (made, put):
        sealed = key.wrap_data(b"secret")
        assert len(sealed) == 13 + 6 + 16
        assert key.unwrap_data(sealed) == b"secret"
        for damaged in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"short"):
            with pytest.raises(YubiHsmDeviceError) as caught:
                key.unwrap_data(damaged)
            assert error_of(caught) in {ERROR.INVALID_DATA, ERROR.WRONG_LENGTH}


def test_a_session_has_only_the_rights_of_its_key(hsm: YubiHsm, session: AuthSession) -> None:
    key = ed25519_key(session, 0x1234)
    AuthenticationKey.put_derived(session, 2, "signer", 1, SIGN, CAPABILITY.NONE, "sign")
    with hsm.create_session_derived(2, "sign") as signer:
        key.with_session(signer).sign_eddsa(b"x")
        for attempt in (
            lambda: key.with_session(signer).delete(),
            lambda: ed25519_key(signer),
            lambda: signer.get_pseudo_random(1),
            lambda: signer.get_log_entries(),
            lambda: signer.set_force_audit(AUDIT.ON),
            lambda: signer.reset_device(),
        ):
            with pytest.raises(YubiHsmDeviceError) as caught:
                attempt()
            assert error_of(caught) is ERROR.INSUFFICIENT_PERMISSIONS


def test_a_key_has_only_its_own_capabilities(session: AuthSession) -> None:
    mute = ed25519_key(session, capabilities=CAPABILITY.NONE)
    with pytest.raises(YubiHsmDeviceError) as caught:
        mute.sign_eddsa(b"x")
    assert error_of(caught) is ERROR.INSUFFICIENT_PERMISSIONS


def test_rights_cannot_be_passed_on_beyond_delegation(hsm: YubiHsm, session: AuthSession) -> None:
    makes = CAPABILITY.GENERATE_ASYMMETRIC_KEY | CAPABILITY.PUT_AUTHENTICATION_KEY
    AuthenticationKey.put_derived(session, 2, "maker", 1, makes, CAPABILITY.SIGN_ECDSA, "make")
    with hsm.create_session_derived(2, "make") as maker:
        AsymmetricKey.generate(maker, 0, "ok", 1, CAPABILITY.SIGN_ECDSA, ALGORITHM.EC_P256)
        for attempt in (
            lambda: ed25519_key(maker),
            lambda: ed25519_key(maker, domains=2, capabilities=CAPABILITY.NONE),
            lambda: AuthenticationKey.put_derived(maker, 3, "", 1, CAPABILITY.NONE, SIGN, "x"),
        ):
            with pytest.raises(YubiHsmDeviceError) as caught:
                attempt()
            assert error_of(caught) is ERROR.INSUFFICIENT_PERMISSIONS


def test_an_object_in_another_domain_does_not_exist(hsm: YubiHsm, session: AuthSession) -> None:
    key = ed25519_key(session, 0x1234, domains=2)
    rights = SIGN | CAPABILITY.DELETE_ASYMMETRIC_KEY
    AuthenticationKey.put_derived(session, 2, "other", 1, rights, CAPABILITY.NONE, "other")
    with hsm.create_session_derived(2, "other") as other:
        foreign = key.with_session(other)
        for attempt in (lambda: foreign.sign_eddsa(b"x"), foreign.delete, foreign.get_info, foreign.get_public_key):
            with pytest.raises(YubiHsmDeviceError) as caught:
                attempt()
            assert error_of(caught) is ERROR.OBJECT_NOT_FOUND
        assert [item.id for item in other.list_objects()] == [1, 2]


def test_capability_bits_that_nobody_knows_are_ignored(session: AuthSession) -> None:
    """yubihsm-shell sends all 64 bits for ``-c all``."""
    head = struct.pack("!H40sHQB", 5, b"all", 1, 2**64 - 1, ALGORITHM.EC_ED25519)
    session.send_secure_cmd(COMMAND.GENERATE_ASYMMETRIC_KEY, head)
    assert session.get_object(5, OBJECT.ASYMMETRIC_KEY).get_info().capabilities == CAPABILITY.ALL


def test_a_session_changes_its_own_password_only(hsm: YubiHsm, session: AuthSession) -> None:
    AuthenticationKey.put_derived(session, 2, "own", 1, CAPABILITY.CHANGE_AUTHENTICATION_KEY, CAPABILITY.NONE, "old")
    with hsm.create_session_derived(2, "old") as own:
        own.get_object(2, OBJECT.AUTHENTICATION_KEY).change_password("new")
        with pytest.raises(YubiHsmDeviceError) as caught:
            own.get_object(1, OBJECT.AUTHENTICATION_KEY).change_password("stolen")
        assert error_of(caught) is ERROR.INVALID_ID
    with pytest.raises(YubiHsmAuthenticationError):
        hsm.create_session_derived(2, "old")
    hsm.create_session_derived(2, "new").close()


def test_attestation_describes_the_key_and_chains_to_the_device(hsm: YubiHsm, session: AuthSession) -> None:
    key = AsymmetricKey.generate(session, 0x1234, "release", 5, SIGN, ALGORITHM.EC_ED25519)
    certificate = key.attest()
    told = AttestationExtensions.parse(certificate)
    assert (told.serial, told.firmware_version) == (hsm.get_device_info().serial, hsm.get_device_info().version)
    assert (told.object_id, told.domains, told.capabilities) == (0x1234, 5, SIGN)
    assert (told.origin, told.label) == (ORIGIN.GENERATED, "release")
    device = Opaque(session, 0).get_certificate()
    certificate.verify_directly_issued_by(device)
    device.verify_directly_issued_by(device)
    assert certificate.public_key() == key.get_public_key()
    assert "no hardware" in device.subject.rfc4514_string()


@pytest.mark.parametrize("algorithm", [ALGORITHM.EC_P256, ALGORITHM.EC_ED25519])
def test_a_key_with_a_template_attests(session: AuthSession, algorithm: ALGORITHM) -> None:
    attester = AsymmetricKey.generate(session, 0x55, "attester", 1, CAPABILITY.SIGN_ATTESTATION_CERTIFICATE, algorithm)
    template = attester.attest()
    with pytest.raises(YubiHsmDeviceError) as caught:
        ed25519_key(session, 6).attest(0x55)
    assert error_of(caught) is ERROR.OBJECT_NOT_FOUND
    attester.put_certificate("template", 1, CAPABILITY.NONE, template)
    ed25519_key(session, 7).attest(0x55).verify_directly_issued_by(template)


def test_a_template_that_is_no_certificate_is_refused(session: AuthSession) -> None:
    AsymmetricKey.generate(session, 0x55, "a", 1, CAPABILITY.SIGN_ATTESTATION_CERTIFICATE, ALGORITHM.EC_P256)
    Opaque.put(session, 0x55, "t", 1, CAPABILITY.NONE, ALGORITHM.OPAQUE_X509_CERTIFICATE, b"not DER")
    with pytest.raises(YubiHsmDeviceError) as caught:
        ed25519_key(session, 7).attest(0x55)
    assert error_of(caught) is ERROR.INVALID_DATA


def test_attestation_of_any_label_parses(session: AuthSession) -> None:
    for label in ("", "x" * 40, b"\xff\xfe"):
        key = AsymmetricKey.generate(session, 0, label, 1, SIGN, ALGORITHM.EC_ED25519)
        assert isinstance(key.attest(), x509.Certificate)


def test_the_log_is_silent_until_a_command_is_audited(session: AuthSession) -> None:
    key = ed25519_key(session, 0x1234)
    key.sign_eddsa(b"x")
    assert [entry.number for entry in session.get_log_entries().entries] == [1, 2]
    session.set_command_audit({COMMAND.SIGN_EDDSA: AUDIT.ON})
    key.sign_eddsa(b"x")
    first, boot, signed = session.get_log_entries().entries
    assert (first.command, boot.command) == (0xFF, 0)
    assert (signed.command, signed.session_key, signed.target_key) == (COMMAND.SIGN_EDDSA, 1, 0x1234)
    assert (signed.length, signed.result) == (3, COMMAND.SIGN_EDDSA | 0x80)


def test_a_refused_command_is_logged_with_its_error(session: AuthSession) -> None:
    session.set_command_audit({COMMAND.SIGN_EDDSA: AUDIT.ON})
    with pytest.raises(YubiHsmDeviceError):
        AsymmetricKey(session, 0x4444).sign_eddsa(b"x")
    last = session.get_log_entries().entries[-1]
    assert (last.target_key, last.result) == (0x4444, ERROR.OBJECT_NOT_FOUND)


def test_the_log_is_a_hash_chain_that_goes_round_in_62_entries(session: AuthSession) -> None:
    session.set_command_audit({COMMAND.ECHO: AUDIT.ON})
    for _ in range(100):
        session.send_secure_cmd(COMMAND.ECHO, b"x")
    entries = session.get_log_entries().entries
    assert [entry.number for entry in entries] == list(range(41, 103))
    for before, entry in pairwise(entries):
        assert entry.digest == hashlib.sha256(entry.data + before.digest).digest()[:16]
        assert entry.validate(before)


def test_read_entries_are_freed_and_the_chain_goes_on(session: AuthSession) -> None:
    session.set_command_audit({COMMAND.ECHO: AUDIT.ON})
    session.send_secure_cmd(COMMAND.ECHO)
    last = session.get_log_entries().entries[-1]
    session.set_log_index(last.number)
    assert session.get_log_entries().entries == []
    session.send_secure_cmd(COMMAND.ECHO)
    assert len(session.get_log_entries(last).entries) == 1
    with pytest.raises(YubiHsmDeviceError):
        session.set_log_index(999)


def test_a_forced_audit_stops_work_when_the_log_is_full(hsm: YubiHsm, session: AuthSession) -> None:
    key = ed25519_key(session, 0x1234)
    session.set_force_audit(AUDIT.ON)
    assert session.get_force_audit() is AUDIT.ON
    while hsm.get_device_info().log_used < 62:
        key.sign_eddsa(b"x")
    with pytest.raises(YubiHsmDeviceError) as caught:
        key.sign_eddsa(b"x")
    assert error_of(caught) is ERROR.LOG_FULL
    with hsm.create_session_derived(1, "password") as another:
        log = another.get_log_entries()
        assert len(log.entries) == 62
        assert log.n_auth >= 1
        another.set_log_index(log.entries[-1].number)
        assert another.get_log_entries().n_auth == 0
    key.sign_eddsa(b"x")


def test_a_fixed_audit_stays_until_a_reset(session: AuthSession) -> None:
    session.set_command_audit({COMMAND.SIGN_EDDSA: AUDIT.FIXED, COMMAND.ECHO: AUDIT.ON})
    for value in (AUDIT.OFF, AUDIT.ON):
        with pytest.raises(YubiHsmDeviceError):
            session.set_command_audit({COMMAND.SIGN_EDDSA: value})
    audited = session.get_command_audit()
    assert (audited[COMMAND.SIGN_EDDSA], audited[COMMAND.ECHO]) == (AUDIT.FIXED, AUDIT.ON)
    assert audited[COMMAND.SIGN_PSS] is AUDIT.OFF


def test_options_it_does_not_have_are_refused(session: AuthSession) -> None:
    with pytest.raises(YubiHsmDeviceError):
        session.get_fips_status()
    with pytest.raises(YubiHsmDeviceError):
        session.put_option(OPTION.FORCE_AUDIT, b"\x01\x01")
    assert session.get_enabled_algorithms()[ALGORITHM.EC_ED25519] is True


def test_a_reset_forgets_all_but_who_it_is(device: SoftwareDevice) -> None:
    backend = EmulatorBackend(device)
    session = YubiHsm(backend).create_session_derived(1, "password")
    ed25519_key(session, 0x1234)
    session.set_command_audit({COMMAND.ECHO: AUDIT.FIXED})
    session.get_object(1, OBJECT.AUTHENTICATION_KEY).change_password("other")
    serial = device.serial
    session.reset_device()
    with YubiHsm(backend).create_session_derived(1, "password") as again:
        assert [item.id for item in again.list_objects()] == [1]
        assert again.get_command_audit()[COMMAND.ECHO] is AUDIT.OFF
        assert [entry.number for entry in again.get_log_entries().entries] == [1, 2]
    assert device.serial == serial


def test_blinking_and_commands_it_does_not_know(session: AuthSession) -> None:
    assert session.send_secure_cmd(COMMAND.BLINK_DEVICE, b"\x05") == b""
    for command in (COMMAND.SIGN_HMAC, COMMAND.CREATE_SESSION, COMMAND.SESSION_MESSAGE):
        with pytest.raises(YubiHsmDeviceError) as caught:
            session.send_secure_cmd(command, b"\x00" * 10)
        assert error_of(caught) is ERROR.INVALID_COMMAND


def test_random_bytes_differ_and_have_a_limit(session: AuthSession) -> None:
    assert session.get_pseudo_random(32) != session.get_pseudo_random(32)
    with pytest.raises(YubiHsmDeviceError):
        session.get_pseudo_random(65535)


def test_a_failing_disk_neither_signs_unlogged_nor_keeps_half_a_change() -> None:
    class FullDisk(MemoryVault):
        full = False

        def save_state(self, state: object) -> None:
            if self.full:
                raise OSError(28, "No space left on device")

        save_log = save_state  # type: ignore[assignment]

    vault = FullDisk()
    session = YubiHsm(EmulatorBackend(SoftwareDevice.open(vault))).create_session_derived(1, "password")
    key = ed25519_key(session, 0x1234)
    session.set_command_audit({COMMAND.SIGN_EDDSA: AUDIT.ON})
    vault.full = True
    for attempt in (lambda: key.sign_eddsa(b"x"), lambda: ed25519_key(session, 5)):
        with pytest.raises(YubiHsmDeviceError) as caught:
            attempt()
        assert error_of(caught) is ERROR.STORAGE_FAILED
    vault.full = False
    assert [item.id for item in session.list_objects()] == [1, 0x1234]
    key.sign_eddsa(b"x")
