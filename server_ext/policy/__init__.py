"""What the site allows: one validated, recorded document."""

from server_ext.policy.document import (
    CertificateRule,
    Classification,
    Duties,
    Isolation,
    ModelRule,
    Policy,
    PolicyError,
    Profile,
    read_policy,
    write_policy,
)

__all__ = [
    "CertificateRule",
    "Classification",
    "Duties",
    "Isolation",
    "ModelRule",
    "Policy",
    "PolicyError",
    "Profile",
    "read_policy",
    "write_policy",
]
