"""What a scheme of manoeuvre is made of: places, steps, parts and phases.

A scheme says in order what each manoeuvre element of a force does. The first element takes the first
part, the second the second and so on; with more elements than parts the list starts again after the
reserve, so a force of any size keeps the pattern that its mission needs.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from workbench.scenario.intent import (
    EnemyType,
    ForceType,
    Mission,
    ObjectiveKind,
    Posture,
    TerrainKind,
)
from workbench.scenario.model import TaskVerb

__all__ = ["Aim", "Part", "PhasePlan", "Place", "Scheme", "Stance", "Step"]


class Place(StrEnum):
    """Where a step is done; each becomes a control measure or the objective when it is used."""

    OBJECTIVE = "objective"
    FAR_SIDE = "far_side"
    ASSEMBLY = "assembly"
    SUPPORT_BY_FIRE = "support_by_fire"
    POSITION_1 = "position_1"
    POSITION_2 = "position_2"
    POSITION_3 = "position_3"
    REAR = "rear"
    CORDON_1 = "cordon_1"
    CORDON_2 = "cordon_2"
    OBSERVATION_1 = "observation_1"
    OBSERVATION_2 = "observation_2"
    KILL_ZONE = "kill_zone"
    CHECKPOINT_1 = "checkpoint_1"
    CHECKPOINT_2 = "checkpoint_2"
    OBSTACLE = "obstacle"
    GUNS = "guns"
    ENEMY_BASE = "enemy_base"
    ENEMY_FLANK = "enemy_flank"
    ENEMY_REAR = "enemy_rear"
    ENEMY_GUNS = "enemy_guns"
    ENEMY_GOAL = "enemy_goal"


class Aim(StrEnum):
    """What the target of a step is."""

    NONE = "none"
    OPPONENT = "opponent"
    CONVOY = "convoy"
    """The friendly column that is escorted."""
    WARD = "ward"
    """The friendly or civil party that is rescued, relieved or evacuated."""
    SUPPORTED = "supported"
    """The friendly element that is supplied or whose wounded are carried."""


@dataclass(frozen=True, slots=True)
class Step:
    """One task of every unit of an element, from the beginning of one phase to the end of another."""

    verb: TaskVerb
    place: Place
    first: int
    last: int
    aim: Aim = Aim.NONE
    moves: bool = True
    purpose: str = ""
    """Completes "in order to"."""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    steps: tuple[Step, ...]
    reserve: bool = False

    @property
    def start(self) -> Place | None:
        """Where it stands at the beginning when its first step does not move; else its assembly area."""
        return self.steps[0].place if self.steps and not self.steps[0].moves else None


@dataclass(frozen=True, slots=True)
class PhasePlan:
    name: str
    weight: int
    """Share of the time that routes leave over."""


Stance = Literal["approach", "hold"]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one mission is played by the own side, and what it usually comes with."""

    mission: Mission
    stance: Stance
    """``approach``: from an assembly area to the objective; ``hold``: at the objective already."""
    phases: tuple[PhasePlan, ...]
    parts: tuple[Part, ...]
    posture: Posture
    enemy_step: int
    """Echelons that the enemy is larger (or smaller) by when the prompt does not say."""
    own_types: tuple[tuple[ForceType, int], ...]
    enemy_types: tuple[tuple[EnemyType, int], ...]
    objectives: tuple[tuple[ObjectiveKind, int], ...]
    verb_phrase: str
    """Completes "<unit> …" in the mission statement; ``{objective}`` and ``{enemy}`` are filled in."""
    intent_phrase: str
    """Completes "in order to"."""
    terrain: tuple[TerrainKind, ...] = ()
    civilians: bool = False
    attachments: tuple[str, ...] = ()
    """Families of the catalogue that always come along."""
    ward: str | None = None
    """Catalogue kind of the party that is rescued, relieved or evacuated; ``same`` is the force's own kind."""
    obstacle: bool = False
