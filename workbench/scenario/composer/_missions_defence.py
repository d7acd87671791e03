"""Missions that hold, trade or watch ground: defence, delay, withdrawal, reconnaissance, screen and relief."""

from typing import Final

from workbench.scenario.composer._parts import (
    FIGHTERS,
    KEY_GROUND,
    REGULAR_ENEMIES,
    RESERVE,
    defend_at,
    observe_from,
    then_home,
)
from workbench.scenario.composer.schemes import Aim, Part, PhasePlan, Place, Scheme, Step
from workbench.scenario.intent import (
    ForceType,
    Mission,
    ObjectiveKind,
    Posture,
)
from workbench.scenario.model import TaskVerb

__all__ = ["DEFENCE"]

V = TaskVerb
P = Place

DEFEND: Final = Scheme(
    mission=Mission.DEFEND,
    stance="hold",
    phases=(
        PhasePlan("Preparation", 3),
        PhasePlan("Security Fight", 2),
        PhasePlan("Main Battle", 4),
        PhasePlan("Reorganisation", 2),
    ),
    parts=(defend_at(P.POSITION_1), defend_at(P.POSITION_2), RESERVE, defend_at(P.POSITION_3)),
    posture=Posture.ATTACKING,
    enemy_step=0,
    own_types=FIGHTERS,
    enemy_types=REGULAR_ENEMIES,
    objectives=KEY_GROUND[:2],
    verb_phrase="defends {objective}",
    intent_phrase="defeat the enemy attack and keep freedom of movement for follow-on forces",
)

DELAY: Final = Scheme(
    mission=Mission.DELAY,
    stance="hold",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Delay Forward", 3),
        PhasePlan("Displacement", 2),
        PhasePlan("Delay in Depth", 3),
    ),
    parts=(
        Part(
            "forward delay",
            (
                Step(V.DELAY, P.POSITION_1, 0, 1, Aim.OPPONENT, moves=False, purpose="make the enemy deploy early"),
                Step(V.WITHDRAW, P.REAR, 2, 2, purpose="take up the position in depth in good order"),
                Step(V.DEFEND, P.REAR, 3, 3, moves=False, purpose="hold until the delay is achieved"),
            ),
        ),
        Part("position in depth", (Step(V.DEFEND, P.REAR, 0, 3, moves=False, purpose="receive the forward elements"),)),
        Part(
            "second forward delay",
            (
                Step(V.DELAY, P.POSITION_2, 0, 1, Aim.OPPONENT, moves=False, purpose="trade ground for time"),
                Step(V.WITHDRAW, P.REAR, 2, 2, purpose="break contact"),
                Step(V.DEFEND, P.REAR, 3, 3, moves=False, purpose="hold until the delay is achieved"),
            ),
        ),
        RESERVE,
    ),
    posture=Posture.ATTACKING,
    enemy_step=1,
    own_types=FIGHTERS,
    enemy_types=REGULAR_ENEMIES,
    objectives=KEY_GROUND[:2],
    verb_phrase="delays the enemy forward of {objective}",
    intent_phrase="gain the time in which the main body prepares its defence",
)

WITHDRAW: Final = Scheme(
    mission=Mission.WITHDRAW,
    stance="hold",
    phases=(
        PhasePlan("Preparation", 3),
        PhasePlan("Thinning Out", 3),
        PhasePlan("Break Contact", 3),
        PhasePlan("Occupation of the Rear Position", 2),
    ),
    parts=(
        Part(
            "main body",
            (
                Step(V.DEFEND, P.POSITION_1, 0, 0, moves=False, purpose="hide the preparations"),
                Step(V.WITHDRAW, P.REAR, 1, 2, purpose="reach the rear position without being decisively engaged"),
                Step(V.SECURE, P.REAR, 3, 3, moves=False, purpose="be ready for the next mission"),
            ),
        ),
        Part(
            "rear guard",
            (
                Step(V.DELAY, P.POSITION_2, 0, 1, Aim.OPPONENT, moves=False, purpose="cover the main body"),
                Step(V.WITHDRAW, P.REAR, 2, 2, purpose="break contact last"),
                Step(V.SECURE, P.REAR, 3, 3, moves=False, purpose="be ready for the next mission"),
            ),
        ),
    ),
    posture=Posture.ATTACKING,
    enemy_step=1,
    own_types=FIGHTERS,
    enemy_types=REGULAR_ENEMIES,
    objectives=KEY_GROUND[:2],
    verb_phrase="withdraws from {objective}",
    intent_phrase="break contact and save the force for further tasks",
)

RECON: Final = Scheme(
    mission=Mission.RECON,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Infiltration", 3),
        PhasePlan("Observation", 4),
        PhasePlan("Exfiltration", 2),
    ),
    parts=(
        Part("reconnaissance", then_home(observe_from(P.OBSERVATION_1))),
        Part("second reconnaissance", then_home(observe_from(P.OBSERVATION_2))),
        RESERVE,
    ),
    posture=Posture.DEFENDING,
    enemy_step=0,
    own_types=((ForceType.RECON, 6), (ForceType.INFANTRY, 2), (ForceType.SPECIAL_FORCES, 1)),
    enemy_types=REGULAR_ENEMIES,
    objectives=(*KEY_GROUND, (ObjectiveKind.BRIDGE, 1)),
    verb_phrase="reconnoitres {objective}",
    intent_phrase="confirm what the enemy holds there before the main body is committed",
)

SCREEN: Final = Scheme(
    mission=Mission.SCREEN,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Occupation of the Screen", 3),
        PhasePlan("Screen", 5),
        PhasePlan("Hand-over of the Battle", 2),
    ),
    parts=(
        Part(
            "screen left",
            then_home(Step(V.SCREEN, P.OBSERVATION_1, 1, 2, purpose="give early warning and destroy enemy scouts")),
        ),
        Part(
            "screen right", then_home(Step(V.SCREEN, P.OBSERVATION_2, 1, 2, purpose="give early warning on the flank"))
        ),
        RESERVE,
    ),
    posture=Posture.ATTACKING,
    enemy_step=1,
    own_types=((ForceType.RECON, 6), (ForceType.MECHANIZED, 1), (ForceType.INFANTRY, 1)),
    enemy_types=REGULAR_ENEMIES,
    objectives=((ObjectiveKind.HIGH_GROUND, 4), (ObjectiveKind.ROUTE, 1)),
    verb_phrase="screens along {objective}",
    intent_phrase="give the main body early warning and time to react",
)

RELIEF_IN_PLACE: Final = Scheme(
    mission=Mission.RELIEF_IN_PLACE,
    stance="approach",
    phases=(
        PhasePlan("Liaison and Preparation", 3),
        PhasePlan("Move to the Position", 3),
        PhasePlan("Relief", 4),
        PhasePlan("Defence of the Position", 2),
    ),
    parts=(
        Part(
            "relieving element",
            (
                Step(V.RELIEVE, P.OBJECTIVE, 1, 2, Aim.WARD, purpose="take over the position without a gap"),
                Step(V.DEFEND, P.OBJECTIVE, 3, 3, moves=False, purpose="hold the position"),
            ),
        ),
        Part(
            "second relieving element",
            (
                Step(V.RELIEVE, P.POSITION_1, 1, 2, Aim.WARD, purpose="take over the forward position"),
                Step(V.DEFEND, P.POSITION_1, 3, 3, moves=False, purpose="hold the position"),
            ),
        ),
        RESERVE,
    ),
    posture=Posture.DEFENDING,
    enemy_step=0,
    own_types=FIGHTERS,
    enemy_types=REGULAR_ENEMIES,
    objectives=KEY_GROUND[:2],
    verb_phrase="relieves the force in place at {objective}",
    intent_phrase="continue the defence without a gap that the enemy could use",
    ward="same",
)

DEFENCE: Final = (DEFEND, DELAY, WITHDRAW, RECON, SCREEN, RELIEF_IN_PLACE)
