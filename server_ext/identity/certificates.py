"""Client certificates: from the verified certificate of a TLS connection to a user of the policy."""

from collections.abc import Sequence
from typing import Final

from cryptography import x509

from server_ext.identity.roles import parse_roles
from server_ext.identity.user import WorkbenchUser
from server_ext.policy import CertificateRule
from server_ext.problems import IdentityRefusedError

__all__ = ["certificate_user"]

_HEX: Final = "x"


def certificate_user(der: bytes, rules: Sequence[CertificateRule]) -> WorkbenchUser:
    """The user whom the policy names for the subject of a certificate that TLS has verified.

    Raises:
        IdentityRefusedError: it cannot be read, or the policy names nobody for its subject.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        subject = certificate.subject.rfc4514_string()
    except ValueError as error:
        raise IdentityRefusedError(f"the client certificate cannot be read: {error}") from error
    for rule in rules:
        if rule.subject == subject:
            return WorkbenchUser(
                username=rule.user,
                roles=parse_roles(rule.roles),
                proof="certificate",
                certificate_serial=format(certificate.serial_number, _HEX),
            )
    raise IdentityRefusedError(f"the policy names no user for the certificate subject {subject!r}")
