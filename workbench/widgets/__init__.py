"""Widgets for notebooks: the studio, its map, and the auditor's browser."""

from workbench.widgets.audit_browser import AuditBrowser
from workbench.widgets.studio import Studio
from workbench.widgets.tactical_map import TacticalMap

__all__ = ["AuditBrowser", "Studio", "TacticalMap"]
