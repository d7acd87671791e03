"""Missions among people: convoy, cordon and search, patrol, evacuation, relief, checkpoint and rescue."""

from typing import Final

from workbench.scenario.composer._parts import GUERRILLAS, LIGHT_FORCES, RESERVE, block_at, then_home
from workbench.scenario.composer.schemes import Aim, Part, PhasePlan, Place, Scheme, Step
from workbench.scenario.intent import (
    EnemyType,
    ForceType,
    Mission,
    ObjectiveKind,
    Posture,
)
from workbench.scenario.model import TaskVerb

__all__ = ["STABILITY"]

V = TaskVerb
P = Place

CONVOY: Final = Scheme(
    mission=Mission.CONVOY,
    stance="approach",
    phases=(
        PhasePlan("Marshalling", 2),
        PhasePlan("March", 4),
        PhasePlan("Delivery", 2),
    ),
    parts=(
        Part(
            "escort",
            (
                Step(V.ESCORT, P.OBJECTIVE, 1, 1, Aim.CONVOY, purpose="bring the column through without loss"),
                Step(V.SECURE, P.OBJECTIVE, 2, 2, moves=False, purpose="protect the unloading"),
            ),
        ),
        Part("advance guard", (Step(V.SECURE, P.OBJECTIVE, 1, 2, purpose="clear the route ahead of the column"),)),
        RESERVE,
    ),
    posture=Posture.AMBUSHING,
    enemy_step=-1,
    own_types=((ForceType.LOGISTICS, 4), (ForceType.MOTORIZED, 3)),
    enemy_types=GUERRILLAS,
    objectives=((ObjectiveKind.BASE, 3), (ObjectiveKind.SETTLEMENT, 3), (ObjectiveKind.DEPOT, 1)),
    verb_phrase="moves a supply convoy to {objective}",
    intent_phrase="keep the forces there supplied",
    civilians=True,
)

CORDON_SEARCH: Final = Scheme(
    mission=Mission.CORDON_SEARCH,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Establish the Cordon", 3),
        PhasePlan("Search", 5),
        PhasePlan("Withdrawal", 2),
    ),
    parts=(
        Part("search element", then_home(Step(V.SEARCH, P.OBJECTIVE, 1, 2, purpose="find weapons and wanted persons"))),
        Part("outer cordon", then_home(Step(V.CORDON, P.CORDON_1, 1, 2, purpose="let nobody in or out"))),
        Part("inner cordon", then_home(Step(V.CORDON, P.CORDON_2, 1, 2, purpose="isolate the target buildings"))),
        RESERVE,
    ),
    posture=Posture.AMBUSHING,
    enemy_step=-2,
    own_types=((ForceType.INFANTRY, 4), (ForceType.MOTORIZED, 3), (ForceType.POLICE, 1)),
    enemy_types=GUERRILLAS,
    objectives=((ObjectiveKind.SETTLEMENT, 4), (ObjectiveKind.BUILDING, 2)),
    verb_phrase="cordons and searches {objective}",
    intent_phrase="take weapons and wanted persons out of the enemy's reach",
    civilians=True,
)

PATROL: Final = Scheme(
    mission=Mission.PATROL,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Outward Leg", 3),
        PhasePlan("Presence at the Objective", 3),
        PhasePlan("Return", 3),
    ),
    parts=(
        Part(
            "patrol",
            (
                Step(V.PATROL, P.CHECKPOINT_1, 1, 1, purpose="show presence and gather information"),
                Step(V.PATROL, P.OBJECTIVE, 2, 2, purpose="talk to the people there and look for signs of the enemy"),
                Step(V.PATROL, P.ASSEMBLY, 3, 3, purpose="return and report"),
            ),
        ),
        Part(
            "second patrol",
            (
                Step(V.PATROL, P.CHECKPOINT_2, 1, 1, purpose="cover the flank of the first patrol"),
                Step(V.PATROL, P.OBJECTIVE, 2, 2, purpose="secure the objective while the first patrol works"),
                Step(V.PATROL, P.ASSEMBLY, 3, 3, purpose="return and report"),
            ),
        ),
        RESERVE,
    ),
    posture=Posture.AMBUSHING,
    enemy_step=-1,
    own_types=LIGHT_FORCES,
    enemy_types=GUERRILLAS,
    objectives=((ObjectiveKind.SETTLEMENT, 4), (ObjectiveKind.ROUTE, 1), (ObjectiveKind.HIGH_GROUND, 1)),
    verb_phrase="patrols to {objective}",
    intent_phrase="deny the enemy freedom of movement and reassure the population",
    civilians=True,
)

EVACUATION: Final = Scheme(
    mission=Mission.EVACUATION,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Move to the Evacuation Site", 3),
        PhasePlan("Evacuation", 4),
        PhasePlan("Return", 3),
    ),
    parts=(
        Part(
            "evacuation element",
            (
                Step(V.EVACUATE, P.OBJECTIVE, 1, 2, Aim.WARD, purpose="register, treat and load the evacuees"),
                Step(V.ESCORT, P.ASSEMBLY, 3, 3, Aim.WARD, purpose="bring the evacuees to safety"),
            ),
        ),
        Part(
            "security element",
            (
                Step(V.SECURE, P.OBJECTIVE, 1, 2, purpose="keep the evacuation site open"),
                Step(V.WITHDRAW, P.ASSEMBLY, 3, 3, purpose="follow the evacuees out"),
            ),
        ),
        block_at(P.CORDON_1, home=True),
        RESERVE,
    ),
    posture=Posture.ATTACKING,
    enemy_step=-1,
    own_types=((ForceType.INFANTRY, 3), (ForceType.MOTORIZED, 3), (ForceType.MARINE, 1)),
    enemy_types=GUERRILLAS,
    objectives=((ObjectiveKind.PERSONNEL, 3), (ObjectiveKind.SETTLEMENT, 3), (ObjectiveKind.AIRFIELD, 1)),
    verb_phrase="evacuates personnel from {objective}",
    intent_phrase="bring them out of danger unharmed",
    civilians=True,
    attachments=("medical",),
    ward="evacuee_party",
)

HUMANITARIAN: Final = Scheme(
    mission=Mission.HUMANITARIAN,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Move to the Relief Site", 3),
        PhasePlan("Distribution", 5),
        PhasePlan("Hand-over", 2),
    ),
    parts=(
        Part("relief element", (Step(V.SECURE, P.OBJECTIVE, 1, 3, purpose="let relief reach those in need safely"),)),
        Part("escort", (Step(V.ESCORT, P.OBJECTIVE, 1, 3, Aim.CONVOY, purpose="protect the relief column"),)),
        Part("access control", (Step(V.SECURE, P.CORDON_1, 1, 3, purpose="steer the people who come for help"),)),
        RESERVE,
    ),
    posture=Posture.AMBUSHING,
    enemy_step=-2,
    own_types=((ForceType.LOGISTICS, 3), (ForceType.MEDICAL, 2), (ForceType.INFANTRY, 2), (ForceType.ENGINEER, 1)),
    enemy_types=((EnemyType.NONE, 2), (EnemyType.IRREGULAR, 2)),
    objectives=((ObjectiveKind.SETTLEMENT, 5), (ObjectiveKind.AIRFIELD, 1)),
    verb_phrase="delivers humanitarian relief to {objective}",
    intent_phrase="save lives and enable civil agencies to take over",
    civilians=True,
    attachments=("logistics", "medical"),
)

CHECKPOINT: Final = Scheme(
    mission=Mission.CHECKPOINT,
    stance="hold",
    phases=(
        PhasePlan("Establishment", 2),
        PhasePlan("Routine Operation", 5),
        PhasePlan("Heightened Alert", 3),
        PhasePlan("Hand-over", 2),
    ),
    parts=(
        Part("checkpoint", (Step(V.SECURE, P.OBJECTIVE, 0, 3, moves=False, purpose="control who passes"),)),
        Part("search team", (Step(V.SEARCH, P.OBJECTIVE, 0, 3, moves=False, purpose="search vehicles and persons"),)),
        Part(
            "overwatch", (Step(V.BLOCK, P.POSITION_1, 0, 3, moves=False, purpose="stop vehicles that break through"),)
        ),
        RESERVE,
    ),
    posture=Posture.AMBUSHING,
    enemy_step=-1,
    own_types=((ForceType.POLICE, 3), (ForceType.INFANTRY, 3), (ForceType.MOTORIZED, 2)),
    enemy_types=GUERRILLAS,
    objectives=((ObjectiveKind.ROUTE, 5), (ObjectiveKind.BRIDGE, 2), (ObjectiveKind.BORDER, 1)),
    verb_phrase="operates a checkpoint at {objective}",
    intent_phrase="deny the enemy the use of the road while normal life goes on",
    civilians=True,
)

RESCUE: Final = Scheme(
    mission=Mission.RESCUE,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Approach", 3),
        PhasePlan("Recovery", 3),
        PhasePlan("Return", 3),
    ),
    parts=(
        Part(
            "recovery element",
            then_home(Step(V.RESCUE, P.OBJECTIVE, 1, 2, Aim.WARD, purpose="recover the isolated personnel")),
        ),
        Part(
            "support element",
            then_home(
                Step(
                    V.SUPPORT_BY_FIRE, P.SUPPORT_BY_FIRE, 1, 2, Aim.OPPONENT, purpose="keep the enemy off the recovery"
                )
            ),
        ),
        block_at(P.CORDON_1, home=True),
        RESERVE,
    ),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.SPECIAL_FORCES, 3), (ForceType.INFANTRY, 2), (ForceType.AIRBORNE, 1)),
    enemy_types=(*GUERRILLAS, (EnemyType.MOTORIZED, 1)),
    objectives=((ObjectiveKind.PERSONNEL, 4), (ObjectiveKind.BUILDING, 2)),
    verb_phrase="rescues isolated personnel at {objective}",
    intent_phrase="bring them back alive",
    attachments=("medical",),
    ward="isolated_personnel",
)

STABILITY: Final = (CONVOY, CORDON_SEARCH, PATROL, EVACUATION, HUMANITARIAN, CHECKPOINT, RESCUE)
