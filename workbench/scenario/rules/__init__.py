"""Rules: what makes a scenario valid, each named, each proven on the document and its grids alone.

>>> from workbench.scenario.rules import RULES
>>> next(rule.title for rule in RULES if rule.name == "route.traversable")
'every leg of a route can be travelled'
"""

from collections.abc import Mapping

from workbench.scenario.findings import Finding
from workbench.scenario.model import Scenario
from workbench.scenario.rules.book import Case, Judge, Remark, Rule
from workbench.scenario.rules.rulebook import RULES

__all__ = ["RULES", "Case", "Judge", "Remark", "Rule", "check"]


def check(scenario: Scenario, blobs: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What the rules say, in the order of the rules and within each of the document. Never raises."""
    case = Case(scenario, blobs)
    return tuple(finding for rule in RULES for finding in rule.findings(case))
