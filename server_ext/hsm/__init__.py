"""Keys that sign: the signer seam, YubiHSM 2 over its connector, and a YubiHSM 2 in software.

>>> from server_ext.hsm.service import HsmService              # doctest: +SKIP
>>> with HsmService.open(settings) as hsm:                     # doctest: +SKIP
...     hsm.signer(RELEASE_KEY_ID).sign(block)                 # doctest: +SKIP
"""

from server_ext.hsm.provision import AUDIT_KEY_ID, RELEASE_KEY_ID, WRAP_KEY_ID
from server_ext.hsm.service import HsmService, HsmState
from server_ext.hsm.signer import KeyAlgorithm, Signer, SignerDescription, SignerKind
from server_ext.hsm.yubihsm_signer import YubiHsmSigner

__all__ = [
    "AUDIT_KEY_ID",
    "RELEASE_KEY_ID",
    "WRAP_KEY_ID",
    "HsmService",
    "HsmState",
    "KeyAlgorithm",
    "Signer",
    "SignerDescription",
    "SignerKind",
    "YubiHsmSigner",
]
