"""The twenty missions: what each element does in which phase, and what a mission usually comes with."""

from typing import Final

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

__all__ = ["SCHEMES", "scheme_of"]

V = TaskVerb
P = Place

_FIGHTERS: Final = (
    (ForceType.INFANTRY, 4), (ForceType.MECHANIZED, 3), (ForceType.MOTORIZED, 2), (ForceType.COMBINED_ARMS, 1),
)  # fmt: skip
_LIGHT: Final = ((ForceType.INFANTRY, 4), (ForceType.MOTORIZED, 2), (ForceType.RECON, 2))
_REGULAR: Final = (
    (EnemyType.INFANTRY, 4), (EnemyType.MECHANIZED, 3), (EnemyType.MOTORIZED, 2), (EnemyType.ARMOR, 1),
)  # fmt: skip
_GUERRILLA: Final = ((EnemyType.IRREGULAR, 4), (EnemyType.INFANTRY, 1))
_GROUND: Final = (
    (ObjectiveKind.SETTLEMENT, 3), (ObjectiveKind.HIGH_GROUND, 4), (ObjectiveKind.ENEMY_FORCE, 1),
)  # fmt: skip

_RESERVE: Final = Part("reserve", (), reserve=True)
_APPROACH: Final = (
    PhasePlan("Preparation", 2),
    PhasePlan("Approach", 3),
    PhasePlan("Assault", 3),
    PhasePlan("Consolidation", 3),
)


def _then_home(*steps: Step) -> tuple[Step, ...]:
    """The steps, then the way back to the assembly area in the last phase."""
    return (*steps, Step(V.WITHDRAW, P.ASSEMBLY, 3, 3, purpose="get away before the enemy can react"))


def _assault(verb: TaskVerb = V.ATTACK, place: Place = P.OBJECTIVE) -> tuple[Step, ...]:
    return (
        Step(verb, place, 1, 2, Aim.OPPONENT, purpose="destroy the enemy there"),
        Step(V.SECURE, place, 3, 3, moves=False, purpose="hold what was won against a counter-attack"),
    )


def _base_of_fire() -> tuple[Step, ...]:
    return (
        Step(V.SUPPORT_BY_FIRE, P.SUPPORT_BY_FIRE, 1, 2, Aim.OPPONENT, purpose="keep the enemy's heads down"),
        Step(V.SECURE, P.SUPPORT_BY_FIRE, 3, 3, moves=False, purpose="cover the consolidation"),
    )


_MAIN: Final = Part("main effort", _assault())
_SUPPORTING: Final = Part("supporting effort", _assault(V.CLEAR))
_FIRE: Final = Part("support by fire", _base_of_fire())


def _block(place: Place, *, home: bool = False) -> Part:
    steps = (Step(V.BLOCK, place, 1, 2 if home else 3, purpose="let nobody in or out"),)
    return Part("cut-off", _then_home(*steps) if home else steps)


def _defend(place: Place, first: int = 0, last: int = 3) -> Part:
    step = Step(V.DEFEND, place, first, last, moves=False, purpose="stop the enemy short of the objective")
    return Part("defence", (step,))


_ATTACK: Final = Scheme(
    mission=Mission.ATTACK,
    stance="approach",
    phases=_APPROACH,
    parts=(_MAIN, _FIRE, _SUPPORTING, _RESERVE),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=_FIGHTERS,
    enemy_types=_REGULAR,
    objectives=_GROUND,
    verb_phrase="attacks to seize {objective}",
    intent_phrase="deny it to the enemy and open the way for follow-on forces",
)

_DEFEND: Final = Scheme(
    mission=Mission.DEFEND,
    stance="hold",
    phases=(
        PhasePlan("Preparation", 3),
        PhasePlan("Security Fight", 2),
        PhasePlan("Main Battle", 4),
        PhasePlan("Reorganisation", 2),
    ),
    parts=(_defend(P.POSITION_1), _defend(P.POSITION_2), _RESERVE, _defend(P.POSITION_3)),
    posture=Posture.ATTACKING,
    enemy_step=0,
    own_types=_FIGHTERS,
    enemy_types=_REGULAR,
    objectives=_GROUND[:2],
    verb_phrase="defends {objective}",
    intent_phrase="defeat the enemy attack and keep freedom of movement for follow-on forces",
)

_DELAY: Final = Scheme(
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
        _RESERVE,
    ),
    posture=Posture.ATTACKING,
    enemy_step=1,
    own_types=_FIGHTERS,
    enemy_types=_REGULAR,
    objectives=_GROUND[:2],
    verb_phrase="delays the enemy forward of {objective}",
    intent_phrase="gain the time in which the main body prepares its defence",
)

_WITHDRAW: Final = Scheme(
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
    own_types=_FIGHTERS,
    enemy_types=_REGULAR,
    objectives=_GROUND[:2],
    verb_phrase="withdraws from {objective}",
    intent_phrase="break contact and save the force for further tasks",
)

_RECON: Final = Scheme(
    mission=Mission.RECON,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Infiltration", 3),
        PhasePlan("Observation", 4),
        PhasePlan("Exfiltration", 2),
    ),
    parts=tuple(
        Part(
            "reconnaissance",
            _then_home(
                Step(V.RECONNOITRE, place, 1, 2, purpose="report strength, positions and intentions of the enemy")
            ),
        )
        for place in (P.OBSERVATION_1, P.OBSERVATION_2)
    )
    + (_RESERVE,),
    posture=Posture.DEFENDING,
    enemy_step=0,
    own_types=((ForceType.RECON, 6), (ForceType.INFANTRY, 2), (ForceType.SPECIAL_FORCES, 1)),
    enemy_types=_REGULAR,
    objectives=(*_GROUND, (ObjectiveKind.BRIDGE, 1)),
    verb_phrase="reconnoitres {objective}",
    intent_phrase="confirm what the enemy holds there before the main body is committed",
)

_AMBUSH: Final = Scheme(
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
            _then_home(Step(V.AMBUSH, P.KILL_ZONE, 1, 2, Aim.OPPONENT, purpose="destroy the enemy in the kill zone")),
        ),
        Part(
            "support element",
            _then_home(
                Step(V.SUPPORT_BY_FIRE, P.SUPPORT_BY_FIRE, 1, 2, Aim.OPPONENT, purpose="fix the enemy in the kill zone")
            ),
        ),
        _block(P.CORDON_1, home=True),
        _RESERVE,
    ),
    posture=Posture.MOVING,
    enemy_step=0,
    own_types=_LIGHT,
    enemy_types=(*_GUERRILLA, (EnemyType.MOTORIZED, 3), (EnemyType.LOGISTICS, 2)),
    objectives=((ObjectiveKind.ROUTE, 5), (ObjectiveKind.ENEMY_FORCE, 1)),
    verb_phrase="ambushes the {enemy} at {objective}",
    intent_phrase="destroy it and deny the enemy the use of the route",
)

_RAID: Final = Scheme(
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
            _then_home(Step(V.ATTACK, P.OBJECTIVE, 1, 2, Aim.OPPONENT, purpose="destroy what makes the place useful")),
        ),
        Part(
            "support element",
            _then_home(
                Step(V.SUPPORT_BY_FIRE, P.SUPPORT_BY_FIRE, 1, 2, Aim.OPPONENT, purpose="isolate the objective by fire")
            ),
        ),
        _block(P.CORDON_1, home=True),
        _RESERVE,
    ),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.INFANTRY, 3), (ForceType.SPECIAL_FORCES, 3), (ForceType.AIRBORNE, 1)),
    enemy_types=(*_REGULAR, (EnemyType.IRREGULAR, 3)),
    objectives=((ObjectiveKind.COMMAND_POST, 3), (ObjectiveKind.DEPOT, 3), (ObjectiveKind.BUILDING, 1)),
    verb_phrase="raids {objective}",
    intent_phrase="destroy its use to the enemy and withdraw before he reacts",
)

_GAP_CROSSING: Final = Scheme(
    mission=Mission.GAP_CROSSING,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Advance to the Gap", 3),
        PhasePlan("Crossing and Bridgehead", 4),
        PhasePlan("Consolidation", 2),
    ),
    parts=(
        Part("bridgehead force", _assault(V.SEIZE, P.FAR_SIDE)),
        _FIRE,
        Part("crossing-area force", (Step(V.SECURE, P.OBJECTIVE, 1, 3, purpose="keep the crossing site open"),)),
        _RESERVE,
    ),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.MECHANIZED, 4), (ForceType.COMBINED_ARMS, 2), (ForceType.INFANTRY, 2)),
    enemy_types=_REGULAR,
    objectives=((ObjectiveKind.CROSSING_SITE, 4), (ObjectiveKind.BRIDGE, 2)),
    verb_phrase="crosses at {objective} and seizes a bridgehead on the far bank",
    intent_phrase="let the main body pass without loss of momentum",
    terrain=(TerrainKind.RIVER,),
    attachments=("engineer",),
    obstacle=True,
)

_BREACH: Final = Scheme(
    mission=Mission.BREACH,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Advance to the Obstacle", 3),
        PhasePlan("Breach and Assault", 4),
        PhasePlan("Consolidation", 2),
    ),
    parts=(Part("assault force", _assault()), _FIRE, _RESERVE, _SUPPORTING),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.MECHANIZED, 4), (ForceType.ARMOR, 2), (ForceType.ENGINEER, 1), (ForceType.INFANTRY, 2)),
    enemy_types=_REGULAR,
    objectives=_GROUND,
    verb_phrase="breaches the obstacle belt and seizes {objective}",
    intent_phrase="open a lane for follow-on forces",
    attachments=("engineer",),
    obstacle=True,
)

_CONVOY: Final = Scheme(
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
        _RESERVE,
    ),
    posture=Posture.AMBUSHING,
    enemy_step=-1,
    own_types=((ForceType.LOGISTICS, 4), (ForceType.MOTORIZED, 3)),
    enemy_types=_GUERRILLA,
    objectives=((ObjectiveKind.BASE, 3), (ObjectiveKind.SETTLEMENT, 3), (ObjectiveKind.DEPOT, 1)),
    verb_phrase="moves a supply convoy to {objective}",
    intent_phrase="keep the forces there supplied",
    civilians=True,
)

_CORDON_SEARCH: Final = Scheme(
    mission=Mission.CORDON_SEARCH,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Establish the Cordon", 3),
        PhasePlan("Search", 5),
        PhasePlan("Withdrawal", 2),
    ),
    parts=(
        Part("search element", _then_home(Step(V.SEARCH, P.OBJECTIVE, 1, 2, purpose="find weapons and wanted persons"))),
        Part("outer cordon", _then_home(Step(V.CORDON, P.CORDON_1, 1, 2, purpose="let nobody in or out"))),
        Part("inner cordon", _then_home(Step(V.CORDON, P.CORDON_2, 1, 2, purpose="isolate the target buildings"))),
        _RESERVE,
    ),
    posture=Posture.AMBUSHING,
    enemy_step=-2,
    own_types=((ForceType.INFANTRY, 4), (ForceType.MOTORIZED, 3), (ForceType.POLICE, 1)),
    enemy_types=_GUERRILLA,
    objectives=((ObjectiveKind.SETTLEMENT, 4), (ObjectiveKind.BUILDING, 2)),
    verb_phrase="cordons and searches {objective}",
    intent_phrase="take weapons and wanted persons out of the enemy's reach",
    civilians=True,
)

_PATROL: Final = Scheme(
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
        _RESERVE,
    ),
    posture=Posture.AMBUSHING,
    enemy_step=-1,
    own_types=_LIGHT,
    enemy_types=_GUERRILLA,
    objectives=((ObjectiveKind.SETTLEMENT, 4), (ObjectiveKind.ROUTE, 1), (ObjectiveKind.HIGH_GROUND, 1)),
    verb_phrase="patrols to {objective}",
    intent_phrase="deny the enemy freedom of movement and reassure the population",
    civilians=True,
)

_AIR_ASSAULT: Final = Scheme(
    mission=Mission.AIR_ASSAULT,
    stance="approach",
    phases=(
        PhasePlan("Landing", 2),
        PhasePlan("Movement from the Landing Zone", 3),
        PhasePlan("Assault", 3),
        PhasePlan("Consolidation", 3),
    ),
    parts=(_MAIN, _FIRE, _SUPPORTING, _RESERVE),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.AIRBORNE, 4), (ForceType.INFANTRY, 3)),
    enemy_types=_REGULAR,
    objectives=((ObjectiveKind.HIGH_GROUND, 2), (ObjectiveKind.BRIDGE, 2), (ObjectiveKind.AIRFIELD, 2)),
    verb_phrase="lands by helicopter and seizes {objective}",
    intent_phrase="surprise the enemy in depth and hold until relieved",
    attachments=("lift",),
)

_AMPHIBIOUS: Final = Scheme(
    mission=Mission.AMPHIBIOUS,
    stance="approach",
    phases=(
        PhasePlan("Landing", 2),
        PhasePlan("Break-out from the Beach", 3),
        PhasePlan("Assault", 3),
        PhasePlan("Consolidation", 3),
    ),
    parts=(_MAIN, _FIRE, _SUPPORTING, _RESERVE),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.MARINE, 1),),
    enemy_types=_REGULAR,
    objectives=((ObjectiveKind.PORT, 2), (ObjectiveKind.SETTLEMENT, 2), (ObjectiveKind.HIGH_GROUND, 2)),
    verb_phrase="lands across the beach and seizes {objective}",
    intent_phrase="secure a lodgement for follow-on forces",
    terrain=(TerrainKind.COASTAL,),
    attachments=("naval",),
)

_RELIEF_IN_PLACE: Final = Scheme(
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
        _RESERVE,
    ),
    posture=Posture.DEFENDING,
    enemy_step=0,
    own_types=_FIGHTERS,
    enemy_types=_REGULAR,
    objectives=_GROUND[:2],
    verb_phrase="relieves the force in place at {objective}",
    intent_phrase="continue the defence without a gap that the enemy could use",
    ward="same",
)

_EVACUATION: Final = Scheme(
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
        _block(P.CORDON_1, home=True),
        _RESERVE,
    ),
    posture=Posture.ATTACKING,
    enemy_step=-1,
    own_types=((ForceType.INFANTRY, 3), (ForceType.MOTORIZED, 3), (ForceType.MARINE, 1)),
    enemy_types=_GUERRILLA,
    objectives=((ObjectiveKind.PERSONNEL, 3), (ObjectiveKind.SETTLEMENT, 3), (ObjectiveKind.AIRFIELD, 1)),
    verb_phrase="evacuates personnel from {objective}",
    intent_phrase="bring them out of danger unharmed",
    civilians=True,
    attachments=("medical",),
    ward="evacuee_party",
)

_HUMANITARIAN: Final = Scheme(
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
        _RESERVE,
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

_CHECKPOINT: Final = Scheme(
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
        Part("overwatch", (Step(V.BLOCK, P.POSITION_1, 0, 3, moves=False, purpose="stop vehicles that break through"),)),
        _RESERVE,
    ),
    posture=Posture.AMBUSHING,
    enemy_step=-1,
    own_types=((ForceType.POLICE, 3), (ForceType.INFANTRY, 3), (ForceType.MOTORIZED, 2)),
    enemy_types=_GUERRILLA,
    objectives=((ObjectiveKind.ROUTE, 5), (ObjectiveKind.BRIDGE, 2), (ObjectiveKind.BORDER, 1)),
    verb_phrase="operates a checkpoint at {objective}",
    intent_phrase="deny the enemy the use of the road while normal life goes on",
    civilians=True,
)

_SCREEN: Final = Scheme(
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
            _then_home(Step(V.SCREEN, P.OBSERVATION_1, 1, 2, purpose="give early warning and destroy enemy scouts")),
        ),
        Part("screen right", _then_home(Step(V.SCREEN, P.OBSERVATION_2, 1, 2, purpose="give early warning on the flank"))),
        _RESERVE,
    ),
    posture=Posture.ATTACKING,
    enemy_step=1,
    own_types=((ForceType.RECON, 6), (ForceType.MECHANIZED, 1), (ForceType.INFANTRY, 1)),
    enemy_types=_REGULAR,
    objectives=((ObjectiveKind.HIGH_GROUND, 4), (ObjectiveKind.ROUTE, 1)),
    verb_phrase="screens along {objective}",
    intent_phrase="give the main body early warning and time to react",
)

_RESCUE: Final = Scheme(
    mission=Mission.RESCUE,
    stance="approach",
    phases=(
        PhasePlan("Preparation", 2),
        PhasePlan("Approach", 3),
        PhasePlan("Recovery", 3),
        PhasePlan("Return", 3),
    ),
    parts=(
        Part("recovery element", _then_home(Step(V.RESCUE, P.OBJECTIVE, 1, 2, Aim.WARD, purpose="recover the isolated personnel"))),
        Part(
            "support element",
            _then_home(
                Step(V.SUPPORT_BY_FIRE, P.SUPPORT_BY_FIRE, 1, 2, Aim.OPPONENT, purpose="keep the enemy off the recovery")
            ),
        ),
        _block(P.CORDON_1, home=True),
        _RESERVE,
    ),
    posture=Posture.DEFENDING,
    enemy_step=-1,
    own_types=((ForceType.SPECIAL_FORCES, 3), (ForceType.INFANTRY, 2), (ForceType.AIRBORNE, 1)),
    enemy_types=(*_GUERRILLA, (EnemyType.MOTORIZED, 1)),
    objectives=((ObjectiveKind.PERSONNEL, 4), (ObjectiveKind.BUILDING, 2)),
    verb_phrase="rescues isolated personnel at {objective}",
    intent_phrase="bring them back alive",
    attachments=("medical",),
    ward="isolated_personnel",
)

SCHEMES: Final = {
    scheme.mission: scheme
    for scheme in (
        _ATTACK, _DEFEND, _DELAY, _WITHDRAW, _RECON, _AMBUSH, _RAID, _GAP_CROSSING, _BREACH, _CONVOY,
        _CORDON_SEARCH, _PATROL, _AIR_ASSAULT, _AMPHIBIOUS, _RELIEF_IN_PLACE, _EVACUATION, _HUMANITARIAN,
        _CHECKPOINT, _SCREEN, _RESCUE,
    )
}  # fmt: skip


def scheme_of(mission: Mission) -> Scheme:
    """The scheme of a mission; every mission of the vocabulary but ``unspecified`` has one."""
    return SCHEMES[mission]
