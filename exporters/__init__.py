"""Scenarios as packages for simulation engines: one exporter per target, manifest, signature, verifier.

:mod:`exporters.registry` finds the exporters, :mod:`exporters.package` turns an export into a signed
package, :mod:`exporters.verifier` checks one offline. Imports only from :mod:`workbench`.
"""

from exporters.protocol import Export, Exporter, Loss

__all__ = ["Export", "Exporter", "Loss"]
