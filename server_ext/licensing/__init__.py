"""Licences of a site that is never online: signed files in, one status out.

>>> store = LicenceStore.from_settings(settings, count=counter)   # doctest: +SKIP
>>> store.status().state                                          # doctest: +SKIP
<LicenceState.EVALUATION: 'evaluation'>
"""

from server_ext.licensing.anchors import issue_demo_licence
from server_ext.licensing.licence import Entitlement, Licence
from server_ext.licensing.status import LicenceCheck, LicenceState, LicenceStatus
from server_ext.licensing.store import CheckCounter, LicenceStore

__all__ = [
    "CheckCounter",
    "Entitlement",
    "Licence",
    "LicenceCheck",
    "LicenceState",
    "LicenceStatus",
    "LicenceStore",
    "issue_demo_licence",
]
