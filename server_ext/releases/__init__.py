"""Packages for receivers: built in a worker process, signed by the HSM, stored, recorded."""

from server_ext.releases.builder import PackageBuilder
from server_ext.releases.service import ReleaseOrder, ReleaseService

__all__ = ["PackageBuilder", "ReleaseOrder", "ReleaseService"]
