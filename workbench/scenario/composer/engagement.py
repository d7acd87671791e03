"""Rules of engagement by level."""

from typing import Final

from workbench.scenario.intent import Roe
from workbench.scenario.model import RulesOfEngagement

__all__ = ["rules_of_engagement"]

_ALWAYS: Final = (
    "Everyone has the right of self-defence against an attack or an imminent threat.",
    "Persons who surrender, are wounded or take no part in hostilities are not attacked.",
    "Medical units, religious sites and cultural property are protected unless used for military ends.",
)
_RESTRICTIVE: Final = (
    "Fire is opened only in self-defence or when hostile intent has been positively identified.",
    "Challenge and warn before firing where the situation allows.",
    "Indirect fire and air-delivered weapons need the release of the exercise commander.",
    "No fire within or into a no-fire area.",
)
_PERMISSIVE: Final = (
    "Forces declared hostile may be engaged when positively identified.",
    "Subordinate commanders may release direct and indirect fire within their boundaries.",
    "Weigh expected harm to civilians against the military advantage before each engagement.",
    "No fire within or into a no-fire area except in self-defence.",
)


def rules_of_engagement(level: Roe) -> RulesOfEngagement:
    return RulesOfEngagement(level=level, rules=(*_ALWAYS, *(_PERMISSIVE if level is Roe.PERMISSIVE else _RESTRICTIVE)))
