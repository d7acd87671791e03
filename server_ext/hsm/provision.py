"""Preparing a fresh YubiHSM 2: separate keys, separate roles, the command audit on, the default key gone.

=========  ====================  =======================================================================
id         what                  for
=========  ====================  =======================================================================
``0x1234``  Ed25519, domain 1    signing releases
``0x1235``  Ed25519, domain 2    signing audit checkpoints
``0x1236``  AES-256 wrap key, 3  encrypting the site's data keys
2          operator              may sign, nothing else
3          auditor               may read the device's log, nothing else
4          administrator         may make and delete keys and roles; cannot sign
=========  ====================  =======================================================================

Each step looks first whether it is needed, so that running it again, or after it was interrupted, is safe.
"""

import os
import secrets as random_source
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from yubihsm.backends import YhsmBackend
from yubihsm.core import AuthSession, YubiHsm
from yubihsm.defs import ALGORITHM, AUDIT, CAPABILITY, COMMAND, ERROR, OBJECT
from yubihsm.exceptions import YubiHsmDeviceError
from yubihsm.objects import AsymmetricKey, AuthenticationKey, WrapKey

from server_ext.hsm.connection import device_errors, read_secret
from server_ext.hsm.emulator.state import DEFAULT_AUTH_KEY_ID, DEFAULT_PASSWORD
from server_ext.hsm.file_lock import exclusive
from workbench.errors import ConflictError, SignerUnavailableError, StorageFullError

__all__ = [
    "AUDITOR",
    "AUDIT_KEY_ID",
    "OPERATOR",
    "RELEASE_KEY_ID",
    "WRAP_KEY_ID",
    "Role",
    "Step",
    "plan",
    "provision",
    "secret_file",
    "write_secret",
]

RELEASE_KEY_ID: Final = 0x1234
"""The guide's key."""
AUDIT_KEY_ID: Final = 0x1235
WRAP_KEY_ID: Final = 0x1236
_RELEASE_DOMAIN, _AUDIT_DOMAIN, _WRAP_DOMAIN, _ALL_DOMAINS = 0x0001, 0x0002, 0x0004, 0xFFFF
_PASSWORD_BYTES = 32

_KEY_CAPABILITIES = (
    CAPABILITY.SIGN_EDDSA
    | CAPABILITY.SIGN_ECDSA
    | CAPABILITY.SIGN_ATTESTATION_CERTIFICATE
    | CAPABILITY.WRAP_DATA
    | CAPABILITY.UNWRAP_DATA
    | CAPABILITY.GET_LOG_ENTRIES
)
"""What keys and roles of this product may be able to do."""
_ADMINISTRATION = (
    CAPABILITY.GENERATE_ASYMMETRIC_KEY
    | CAPABILITY.DELETE_ASYMMETRIC_KEY
    | CAPABILITY.GENERATE_WRAP_KEY
    | CAPABILITY.DELETE_WRAP_KEY
    | CAPABILITY.PUT_AUTHENTICATION_KEY
    | CAPABILITY.DELETE_AUTHENTICATION_KEY
    | CAPABILITY.CHANGE_AUTHENTICATION_KEY
    | CAPABILITY.PUT_OPAQUE
    | CAPABILITY.GET_OPAQUE
    | CAPABILITY.DELETE_OPAQUE
    | CAPABILITY.SIGN_ATTESTATION_CERTIFICATE
    | CAPABILITY.SET_OPTION
    | CAPABILITY.GET_OPTION
    | CAPABILITY.GET_PSEUDO_RANDOM
    | CAPABILITY.RESET_DEVICE
)
AUDITED_COMMANDS: Final = (
    COMMAND.SIGN_EDDSA,
    COMMAND.SIGN_ECDSA,
    COMMAND.SIGN_ATTESTATION_CERTIFICATE,
    COMMAND.WRAP_DATA,
    COMMAND.UNWRAP_DATA,
    COMMAND.GENERATE_ASYMMETRIC_KEY,
    COMMAND.PUT_ASYMMETRIC_KEY,
    COMMAND.GENERATE_WRAP_KEY,
    COMMAND.PUT_WRAP_KEY,
    COMMAND.PUT_AUTHENTICATION_KEY,
    COMMAND.CHANGE_AUTHENTICATION_KEY,
    COMMAND.DELETE_OBJECT,
    COMMAND.SET_OPTION,
    COMMAND.SET_LOG_INDEX,
)
"""Since firmware 2.3.1 nothing is audited unless it is switched on."""


@dataclass(frozen=True, slots=True)
class Role:
    """An authentication key of the product."""

    name: str
    auth_key_id: int
    domains: int
    capabilities: CAPABILITY
    delegated: CAPABILITY


_NONE = CAPABILITY(0)
OPERATOR: Final = Role("operator", 2, _RELEASE_DOMAIN | _AUDIT_DOMAIN, CAPABILITY.SIGN_EDDSA, _NONE)
AUDITOR: Final = Role("auditor", 3, _RELEASE_DOMAIN | _AUDIT_DOMAIN, CAPABILITY.GET_LOG_ENTRIES, _NONE)
ADMINISTRATOR: Final = Role("administrator", 4, _ALL_DOMAINS, _ADMINISTRATION, _ADMINISTRATION | _KEY_CAPABILITIES)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, in words, and how."""

    text: str
    act: Callable[[AuthSession], None]
    is_first: bool = False
    """Makes the administrator, who does the others."""


def secret_file(secrets: Path, role: Role) -> Path:
    """Where the role's password is kept."""
    return secrets / f"hsm-{role.name}"


def plan(connect: Callable[[], YhsmBackend], secrets: Path) -> tuple[str, ...]:
    """What :func:`provision` would do now; changes nothing.

    Raises:
        SignerUnavailableError: the device does not answer or no password opens it.
        ConflictError: an id that the product needs is used by something else.
    """
    with _administer(connect, secrets) as session:
        return tuple(step.text for step in _steps(session, secrets))


def provision(connect: Callable[[], YhsmBackend], secrets: Path) -> tuple[str, ...]:
    """Do what is needed, and answer what was done.

    Raises:
        SignerUnavailableError: the device does not answer or no password opens it.
        ConflictError: an id that the product needs is used by something else.
    """
    done: list[str] = []
    with exclusive(secrets / "hsm-provisioning.lock"):
        with _administer(connect, secrets) as session:
            steps = _steps(session, secrets)
            _do([step for step in steps if step.is_first], session, done)
        if len(done) < len(steps):
            # As the administrator: the default key must not be the one that removes itself.
            with _administer(connect, secrets) as session:
                _do(_steps(session, secrets), session, done)
    return tuple(done)


def _do(steps: list[Step], session: AuthSession, done: list[str]) -> None:
    for step in steps:
        step.act(session)
        done.append(step.text)


@contextmanager
def _administer(connect: Callable[[], YhsmBackend], secrets: Path) -> Iterator[AuthSession]:
    """A session of the administrator, or on a fresh device of the default key."""
    with device_errors("provisioning the YubiHSM"), YubiHsm(connect()) as hsm:
        session = _open(hsm, secrets)
        with session:
            yield session


def _open(hsm: YubiHsm, secrets: Path) -> AuthSession:
    file = secret_file(secrets, ADMINISTRATOR)
    attempts = [(ADMINISTRATOR.auth_key_id, read_secret(file))] if file.exists() else []
    for key_id, password in [*attempts, (DEFAULT_AUTH_KEY_ID, DEFAULT_PASSWORD)]:
        try:
            return hsm.create_session_derived(key_id, password)
        except YubiHsmDeviceError as error:
            if error.code is not ERROR.OBJECT_NOT_FOUND:
                raise
    raise SignerUnavailableError(
        f"the device was provisioned and {file} is missing or belongs to another device; "
        "restore the secrets folder, or reset the device to begin anew"
    )


def _steps(session: AuthSession, secrets: Path) -> list[Step]:
    return [
        *_audit_steps(session),
        *_role_steps(session, secrets),
        *_key_steps(session),
        *_default_key_steps(session),
    ]


def _role_steps(session: AuthSession, secrets: Path) -> list[Step]:
    steps = []
    for role in (ADMINISTRATOR, OPERATOR, AUDITOR):
        if not session.list_objects(object_id=role.auth_key_id, object_type=OBJECT.AUTHENTICATION_KEY):
            text = f"create authentication key {role.auth_key_id} for the {role.name}"
            steps.append(Step(text, _role_maker(role, secrets), is_first=role is ADMINISTRATOR))
        elif not secret_file(secrets, role).exists():
            raise SignerUnavailableError(
                f"{secret_file(secrets, role)} is missing, but the device has the {role.name}'s key; "
                "restore the file from the backup"
            )
    return steps


def _role_maker(role: Role, secrets: Path) -> Callable[[AuthSession], None]:
    def put(session: AuthSession) -> None:
        AuthenticationKey.put_derived(
            session,
            role.auth_key_id,
            role.name,
            role.domains,
            role.capabilities,
            role.delegated,
            _password(secret_file(secrets, role)),
        )

    return put


def _key_steps(session: AuthSession) -> list[Step]:
    steps = []
    for key_id, domain, label in (
        (RELEASE_KEY_ID, _RELEASE_DOMAIN, "release signing"),
        (AUDIT_KEY_ID, _AUDIT_DOMAIN, "audit checkpoints"),
    ):
        if not _has_key(session, key_id, OBJECT.ASYMMETRIC_KEY, ALGORITHM.EC_ED25519):
            text = f"generate Ed25519 key {key_id:#06x} ({label})"
            steps.append(Step(text, _generator(key_id, domain, label)))
    if not _has_key(session, WRAP_KEY_ID, OBJECT.WRAP_KEY, ALGORITHM.AES256_CCM_WRAP):
        steps.append(Step(f"generate AES-256 wrap key {WRAP_KEY_ID:#06x} (data keys)", _generate_wrap_key))
    return steps


def _has_key(session: AuthSession, key_id: int, kind: OBJECT, algorithm: ALGORITHM) -> bool:
    if not session.list_objects(object_id=key_id, object_type=kind):
        return False
    found = session.get_object(key_id, kind).get_info()
    if found.algorithm is not algorithm:
        raise ConflictError(
            f"key {key_id:#06x} exists on the device as {found.algorithm.name}, expected {algorithm.name}; "
            "move it away or use another device"
        )
    return True


def _generator(key_id: int, domain: int, label: str) -> Callable[[AuthSession], None]:
    def generate(session: AuthSession) -> None:
        AsymmetricKey.generate(session, key_id, label, domain, CAPABILITY.SIGN_EDDSA, ALGORITHM.EC_ED25519)

    return generate


def _generate_wrap_key(session: AuthSession) -> None:
    WrapKey.generate(
        session,
        WRAP_KEY_ID,
        "data keys",
        _WRAP_DOMAIN,
        CAPABILITY.WRAP_DATA | CAPABILITY.UNWRAP_DATA,
        ALGORITHM.AES256_CCM_WRAP,
        _NONE,
    )


def _audit_steps(session: AuthSession) -> list[Step]:
    audited = session.get_command_audit()
    missing = [command for command in AUDITED_COMMANDS if audited.get(command, AUDIT.OFF) is AUDIT.OFF]
    if not missing:
        return []
    text = f"switch the command audit on for {', '.join(command.name for command in missing)}"
    return [Step(text, lambda session: session.set_command_audit(dict.fromkeys(missing, AUDIT.ON)))]


def _default_key_steps(session: AuthSession) -> list[Step]:
    if not session.list_objects(object_id=DEFAULT_AUTH_KEY_ID, object_type=OBJECT.AUTHENTICATION_KEY):
        return []

    def delete(session: AuthSession) -> None:
        session.get_object(DEFAULT_AUTH_KEY_ID, OBJECT.AUTHENTICATION_KEY).delete()

    return [Step(f"remove the default authentication key {DEFAULT_AUTH_KEY_ID}", delete)]


def _password(path: Path) -> str:
    """The password in ``path``, made and written first (mode 0600) when there is none."""
    if not path.exists():
        write_secret(path, random_source.token_hex(_PASSWORD_BYTES))
    return read_secret(path)


def write_secret(path: Path, text: str) -> None:
    """A new file of mode 0600, complete or absent after a crash, in a folder of mode 0700.

    Raises:
        StorageFullError: it cannot be written.
    """
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise StorageFullError(f"the secret {path} cannot be written: {error.strerror}") from error
