"""The release key as receivers know it: one line of ``allowed_signers``."""

from typing import Final

from exporters.package import NAMESPACE
from server_ext.hsm.signer import SignerDescription
from workbench.allowed_signers import AllowedSigner, AllowedSigners, SshPublicKey

__all__ = ["PRINCIPAL", "allowed_signers_line"]

PRINCIPAL: Final = "release@pacai"
"""The name under which receivers list our release key."""


def allowed_signers_line(signer: SignerDescription) -> str:
    """``release@pacai namespaces="release@pacai" ssh-ed25519 AAAA…``, with its line end."""
    key = SshPublicKey.from_raw(signer.public_key)
    return AllowedSigners((AllowedSigner(principals=(PRINCIPAL,), key=key, namespaces=(NAMESPACE,)),)).format()
