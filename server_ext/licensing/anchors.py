"""The vendor keys that licences are believed from: built in, and not configurable by the licensee.

The one anchor so far is the demo root. Its private key is published below on purpose, so anyone can issue a
demo licence; every status that rests on it says ``demo``, and a store opened with ``accept_demo=False`` refuses it.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server_ext.licensing.licence import NAMESPACE, Licence, licence_file
from workbench import sshsig
from workbench.sshsig import AllowedSigner, AllowedSigners

__all__ = ["ANCHORS", "DEMO_PRINCIPAL", "Anchor", "allowed_signers", "issue_demo_licence"]

DEMO_PRINCIPAL: Final = "demo-root@pacai"
_DEMO_SEED: Final = hashlib.sha256(b"PacAI demo licence root, public on purpose").digest()


@dataclass(frozen=True, slots=True)
class Anchor:
    principal: str
    public_key: bytes
    is_demo: bool


def _demo_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(_DEMO_SEED)


ANCHORS: Final = (
    Anchor(DEMO_PRINCIPAL, _demo_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), is_demo=True),
)


def allowed_signers(*, accept_demo: bool, anchors: tuple[Anchor, ...] = ANCHORS) -> AllowedSigners:
    """The anchors as OpenSSH sees them."""
    return AllowedSigners(
        tuple(
            AllowedSigner((anchor.principal,), sshsig.SshPublicKey.from_raw(anchor.public_key), (NAMESPACE,))
            for anchor in anchors
            if accept_demo or not anchor.is_demo
        )
    )


def issue_demo_licence(licence: Licence) -> str:
    """A licence file signed by the demo root, for tests and demonstrations."""
    block = sshsig.signed_data(NAMESPACE, licence.line())
    return licence_file(licence, ANCHORS[0].public_key, _demo_key().sign(block))
