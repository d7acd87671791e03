"""Missions that take ground or destroy: attack, raid, ambush, breach, crossing and landings."""

from typing import Final

from workbench.scenario.composer._parts import (
    APPROACH_PHASES,
    BASE_OF_FIRE,
    FIGHTERS,
    GUERRILLAS,
    KEY_GROUND,
    LIGHT_FORCES,
    MAIN_EFFORT,
    REGULAR_ENEMIES,
    RESERVE,
    SUPPORTING_EFFORT,
    assault,
    block_at,
    then_home,
)
from workbench.scenario.composer.schemes import Aim, Part, PhasePlan, Place, Scheme, Step
from workbench.scenario.intent import (
    EnemyType,
    ForceType,
    Mission,
    ObjectiveKind,
    Posture,
    TerrainKind,
)
from workbench.scenario.model import TaskVerb

__all__ = ["OFFENCE"]

V = TaskVerb
P = Place

ATTACK: Final = Scheme(
    mission=Mission.ATTACK,
    stance="approach",
    phases=APPROACH_PHASES,
    parts=(MAIN_EFFORT, BASE_OF_FIRE, SUPPORTING_EFFORT, RESERVE),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=FIGHTERS,
    enemy_types=REGULAR_ENEMIES,
    objectives=KEY_GROUND,
    verb_phrase="attacks to seize {objective}",
    intent_phrase="deny it to the enemy and open the way for follow-on forces",
)

RAID: Final = Scheme(
    mission=Mission.RAID,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Approach", 3),
        PhasePlan("Actions on the Objective", 3),
        PhasePlan("Withdrawal", 3),
    ),
    parts=(
        Part(
            "assault element",
            then_home(Step(V.ATTACK, P.OBJECTIVE, 1, 2, Aim.OPPONENT, purpose="destroy what makes the place useful")),
        ),
        Part(
            "support element",
            then_home(
                Step(V.SUPPORT_BY_FIRE, P.SUPPORT_BY_FIRE, 1, 2, Aim.OPPONENT, purpose="isolate the objective by fire")
            ),
        ),
        block_at(P.CORDON_1, home=True),
        RESERVE,
    ),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.INFANTRY, 3), (ForceType.SPECIAL_FORCES, 3), (ForceType.AIRBORNE, 1)),
    enemy_types=(*REGULAR_ENEMIES, (EnemyType.IRREGULAR, 3)),
    objectives=((ObjectiveKind.COMMAND_POST, 3), (ObjectiveKind.DEPOT, 3), (ObjectiveKind.BUILDING, 1)),
    verb_phrase="raids {objective}",
    intent_phrase="destroy its use to the enemy and withdraw before he reacts",
)

AMBUSH: Final = Scheme(
    mission=Mission.AMBUSH,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Occupation", 3),
        PhasePlan("Ambush", 4),
        PhasePlan("Exfiltration", 2),
    ),
    parts=(
        Part(
            "assault element",
            then_home(Step(V.AMBUSH, P.KILL_ZONE, 1, 2, Aim.OPPONENT, purpose="destroy the enemy in the kill zone")),
        ),
        Part(
            "support element",
            then_home(
                Step(V.SUPPORT_BY_FIRE, P.SUPPORT_BY_FIRE, 1, 2, Aim.OPPONENT, purpose="fix the enemy in the kill zone")
            ),
        ),
        block_at(P.CORDON_1, home=True),
        RESERVE,
    ),
    posture=Posture.MOVING,
    enemy_step=0,
    own_types=LIGHT_FORCES,
    enemy_types=(*GUERRILLAS, (EnemyType.MOTORIZED, 3), (EnemyType.LOGISTICS, 2)),
    objectives=((ObjectiveKind.ROUTE, 5), (ObjectiveKind.ENEMY_FORCE, 1)),
    verb_phrase="ambushes the {enemy} at {objective}",
    intent_phrase="destroy it and deny the enemy the use of the route",
)

BREACH: Final = Scheme(
    mission=Mission.BREACH,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Advance to the Obstacle", 3),
        PhasePlan("Breach and Assault", 4),
        PhasePlan("Consolidation", 2),
    ),
    parts=(Part("assault force", assault()), BASE_OF_FIRE, RESERVE, SUPPORTING_EFFORT),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.MECHANIZED, 4), (ForceType.ARMOR, 2), (ForceType.ENGINEER, 1), (ForceType.INFANTRY, 2)),
    enemy_types=REGULAR_ENEMIES,
    objectives=KEY_GROUND,
    verb_phrase="breaches the obstacle belt and seizes {objective}",
    intent_phrase="open a lane for follow-on forces",
    attachments=("engineer",),
    obstacle=True,
)

GAP_CROSSING: Final = Scheme(
    mission=Mission.GAP_CROSSING,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Advance to the Gap", 3),
        PhasePlan("Crossing and Bridgehead", 4),
        PhasePlan("Consolidation", 2),
    ),
    parts=(
        Part("bridgehead force", assault(V.SEIZE, P.FAR_SIDE)),
        BASE_OF_FIRE,
        Part("crossing-area force", (Step(V.SECURE, P.OBJECTIVE, 1, 3, purpose="keep the crossing site open"),)),
        RESERVE,
    ),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.MECHANIZED, 4), (ForceType.COMBINED_ARMS, 2), (ForceType.INFANTRY, 2)),
    enemy_types=REGULAR_ENEMIES,
    objectives=((ObjectiveKind.CROSSING_SITE, 4), (ObjectiveKind.BRIDGE, 2)),
    verb_phrase="crosses at {objective} and seizes a bridgehead on the far bank",
    intent_phrase="let the main body pass without loss of momentum",
    terrain=(TerrainKind.RIVER,),
    attachments=("engineer",),
    obstacle=True,
)

AIR_ASSAULT: Final = Scheme(
    mission=Mission.AIR_ASSAULT,
    stance="approach",
    phases=(
        PhasePlan("Landing", 2),
        PhasePlan("Movement from the Landing Zone", 3),
        PhasePlan("Assault", 3),
        PhasePlan("Consolidation", 3),
    ),
    parts=(MAIN_EFFORT, BASE_OF_FIRE, SUPPORTING_EFFORT, RESERVE),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.AIRBORNE, 4), (ForceType.INFANTRY, 3)),
    enemy_types=REGULAR_ENEMIES,
    objectives=((ObjectiveKind.HIGH_GROUND, 2), (ObjectiveKind.BRIDGE, 2), (ObjectiveKind.AIRFIELD, 2)),
    verb_phrase="lands by helicopter and seizes {objective}",
    intent_phrase="surprise the enemy in depth and hold until relieved",
    attachments=("lift",),
)

AMPHIBIOUS: Final = Scheme(
    mission=Mission.AMPHIBIOUS,
    stance="approach",
    phases=(
        PhasePlan("Landing", 2),
        PhasePlan("Break-out from the Beach", 3),
        PhasePlan("Assault", 3),
        PhasePlan("Consolidation", 3),
    ),
    parts=(MAIN_EFFORT, BASE_OF_FIRE, SUPPORTING_EFFORT, RESERVE),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.MARINE, 1),),
    enemy_types=REGULAR_ENEMIES,
    objectives=((ObjectiveKind.PORT, 2), (ObjectiveKind.SETTLEMENT, 2), (ObjectiveKind.HIGH_GROUND, 2)),
    verb_phrase="lands across the beach and seizes {objective}",
    intent_phrase="secure a lodgement for follow-on forces",
    terrain=(TerrainKind.COASTAL,),
    attachments=("naval",),
)

OFFENCE: Final = (ATTACK, RAID, AMBUSH, BREACH, GAP_CROSSING, AIR_ASSAULT, AMPHIBIOUS)
