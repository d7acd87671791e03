"""The scenario: its model, the composer that makes one, the rules that judge it and the ground it stands on.

>>> from workbench.scenario import Intent, compose
>>> composition = compose(Intent(), seed=123)
>>> composition.scenario.recipe.seed
123
"""

from workbench.scenario.catalogue import Catalogue, load_catalogue
from workbench.scenario.composer import ENGINE_VERSION, compose
from workbench.scenario.composition import Composition, Progress, no_progress
from workbench.scenario.findings import Finding, Severity
from workbench.scenario.intent import Intent
from workbench.scenario.model import Options, Scenario
from workbench.scenario.rules import check

__all__ = [
    "ENGINE_VERSION",
    "Catalogue",
    "Composition",
    "Finding",
    "Intent",
    "Options",
    "Progress",
    "Scenario",
    "Severity",
    "check",
    "compose",
    "load_catalogue",
    "no_progress",
]
