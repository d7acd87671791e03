"""Parts, phases and lists that several missions share."""

from typing import Final

from workbench.scenario.composer.schemes import Aim, Part, PhasePlan, Place, Step
from workbench.scenario.intent import (
    EnemyType,
    ForceType,
    ObjectiveKind,
)
from workbench.scenario.model import TaskVerb

__all__ = [
    "APPROACH_PHASES",
    "BASE_OF_FIRE",
    "FIGHTERS",
    "GUERRILLAS",
    "KEY_GROUND",
    "LIGHT_FORCES",
    "MAIN_EFFORT",
    "REGULAR_ENEMIES",
    "RESERVE",
    "SUPPORTING_EFFORT",
    "assault",
    "base_of_fire",
    "block_at",
    "defend_at",
    "observe_from",
    "then_home",
]

V = TaskVerb
P = Place

FIGHTERS: Final = (
    (ForceType.INFANTRY, 4), (ForceType.MECHANIZED, 3), (ForceType.MOTORIZED, 2), (ForceType.COMBINED_ARMS, 1),
)  # fmt: skip

LIGHT_FORCES: Final = ((ForceType.INFANTRY, 4), (ForceType.MOTORIZED, 2), (ForceType.RECON, 2))

REGULAR_ENEMIES: Final = (
    (EnemyType.INFANTRY, 4), (EnemyType.MECHANIZED, 3), (EnemyType.MOTORIZED, 2), (EnemyType.ARMOR, 1),
)  # fmt: skip

GUERRILLAS: Final = ((EnemyType.IRREGULAR, 4), (EnemyType.INFANTRY, 1))

KEY_GROUND: Final = (
    (ObjectiveKind.SETTLEMENT, 3), (ObjectiveKind.HIGH_GROUND, 4), (ObjectiveKind.ENEMY_FORCE, 1),
)  # fmt: skip

RESERVE: Final = Part("reserve", (), reserve=True)

APPROACH_PHASES: Final = (
    PhasePlan("Preparation", 2),
    PhasePlan("Approach", 3),
    PhasePlan("Assault", 3),
    PhasePlan("Consolidation", 3),
)


def then_home(*steps: Step) -> tuple[Step, ...]:
    """The steps, then the way back to the assembly area in the last phase."""
    return (*steps, Step(V.WITHDRAW, P.ASSEMBLY, 3, 3, purpose="get away before the enemy can react"))


def assault(verb: TaskVerb = V.ATTACK, place: Place = P.OBJECTIVE) -> tuple[Step, ...]:
    return (
        Step(verb, place, 1, 2, Aim.OPPONENT, purpose="destroy the enemy there"),
        Step(V.SECURE, place, 3, 3, moves=False, purpose="hold what was won against a counter-attack"),
    )


def base_of_fire() -> tuple[Step, ...]:
    return (
        Step(V.SUPPORT_BY_FIRE, P.SUPPORT_BY_FIRE, 1, 2, Aim.OPPONENT, purpose="keep the enemy's heads down"),
        Step(V.SECURE, P.SUPPORT_BY_FIRE, 3, 3, moves=False, purpose="cover the consolidation"),
    )


MAIN_EFFORT: Final = Part("main effort", assault())

SUPPORTING_EFFORT: Final = Part("supporting effort", assault(V.CLEAR))

BASE_OF_FIRE: Final = Part("support by fire", base_of_fire())


def block_at(place: Place, *, home: bool = False) -> Part:
    steps = (Step(V.BLOCK, place, 1, 2 if home else 3, purpose="let nobody in or out"),)
    return Part("cut-off", then_home(*steps) if home else steps)


def observe_from(place: Place) -> Step:
    return Step(V.RECONNOITRE, place, 1, 2, purpose="report strength, positions and intentions of the enemy")


def defend_at(place: Place, first: int = 0, last: int = 3) -> Part:
    step = Step(V.DEFEND, place, first, last, moves=False, purpose="stop the enemy short of the objective")
    return Part("defence", (step,))
