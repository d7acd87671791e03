"""The twenty missions: what each element does in which phase, and what a mission usually comes with."""

from typing import Final

from workbench.scenario.composer._missions_defence import DEFENCE
from workbench.scenario.composer._missions_offence import OFFENCE
from workbench.scenario.composer._missions_stability import STABILITY
from workbench.scenario.composer.schemes import Scheme
from workbench.scenario.intent import Mission

__all__ = ["SCHEMES", "scheme_of"]

SCHEMES: Final = {scheme.mission: scheme for scheme in (*OFFENCE, *DEFENCE, *STABILITY)}


def scheme_of(mission: Mission) -> Scheme:
    """The scheme of a mission; every mission of the vocabulary but ``unspecified`` has one."""
    return SCHEMES[mission]
