"""What the enemy does by posture, and what units that do not manoeuvre do on either side."""

from typing import Final

from workbench.scenario.composer.schemes import Aim, Part, Place, Stance, Step
from workbench.scenario.intent import Posture
from workbench.scenario.model import TaskVerb

__all__ = ["LAST", "ENEMY_PARTS", "WITHOUT_OPPONENT", "support_part", "ward_part"]

LAST: Final = 9
"""A phase index meaning the last phase, however many there are."""

V = TaskVerb
P = Place

_RESERVE: Final = Part("reserve", (), reserve=True)


def _defend(place: Place) -> Part:
    return Part("defence", (Step(V.DEFEND, place, 0, LAST, moves=False, purpose="hold the ground"),))


def _attack(name: str) -> Part:
    step = Step(V.ATTACK, P.OBJECTIVE, 1, 2, Aim.OPPONENT, purpose="take the objective and break the defence")
    return Part(name, (step,))


ENEMY_PARTS: Final = {
    Posture.DEFENDING: (_defend(P.ENEMY_BASE), _defend(P.ENEMY_FLANK), _RESERVE),
    Posture.ATTACKING: (_attack("first echelon"), _attack("flank attack"), _RESERVE),
    Posture.MOVING: (
        Part("main body", (Step(V.MOVE, P.ENEMY_GOAL, 1, 2, purpose="reach the rear area with all vehicles"),)),
    ),
    Posture.AMBUSHING: (
        Part(
            "ambush group",
            (Step(V.AMBUSH, P.ENEMY_BASE, 0, LAST, Aim.OPPONENT, moves=False, purpose="inflict losses and vanish"),),
        ),
        Part(
            "harassing group",
            (Step(V.HARASS, P.ENEMY_FLANK, 0, LAST, Aim.OPPONENT, moves=False, purpose="slow every movement"),),
        ),
        _RESERVE,
    ),
    Posture.WITHDRAWING: (
        Part("main body", (Step(V.WITHDRAW, P.ENEMY_GOAL, 1, 2, purpose="save the force"),)),
        Part(
            "rear guard",
            (
                Step(V.DELAY, P.ENEMY_BASE, 0, 1, Aim.OPPONENT, moves=False, purpose="cover the main body"),
                Step(V.WITHDRAW, P.ENEMY_GOAL, 2, LAST, purpose="break contact last"),
            ),
        ),
    ),
}

WITHOUT_OPPONENT: Final = {
    V.ATTACK: V.SEIZE,
    V.CLEAR: V.SECURE,
    V.SUPPORT_BY_FIRE: V.SECURE,
    V.AMBUSH: V.SECURE,
    V.DELAY: V.DEFEND,
    V.SEIZE: V.SEIZE,
    V.BLOCK: V.BLOCK,
}
"""What an engagement verb becomes where there is no enemy; verbs not named are left out."""


def _stay(name: str, verb: TaskVerb, place: Place, purpose: str, aim: Aim = Aim.NONE, first: int = 0) -> Part:
    return Part(name, (Step(verb, place, first, LAST, aim, moves=False, purpose=purpose),))


def support_part(kind: str, role: str, stance: Stance, *, enemy: bool, obstacle: bool, column: bool) -> Part:
    """What a unit of a supporting kind does. ``column``: it is the cargo of a convoy.

    ``kind`` is a catalogue key; what it begins with says the branch.
    """
    base = P.ENEMY_REAR if enemy else P.ASSEMBLY
    if role == "fires":
        guns = P.ENEMY_GUNS if enemy else P.GUNS
        return _stay("fire support", V.FIRE_SUPPORT, guns, "suppress the enemy on call", Aim.OPPONENT, 1)
    if kind.startswith("uas"):
        return _stay("drone reconnaissance", V.RECONNOITRE, base, "find the enemy from the air")
    if kind.startswith("sniper"):
        place = P.ENEMY_FLANK if enemy else P.OBSERVATION_1
        return _stay("sniping", V.HARASS, place, "kill leaders and pin movement", Aim.OPPONENT)
    if role == "recon":
        return _scouts(stance, enemy=enemy)
    if role == "engineer":
        return _sappers(kind, stance, enemy=enemy, obstacle=obstacle)
    if kind.startswith("aviation"):
        return _gunships(stance, enemy=enemy)
    if kind.startswith("logistics"):
        if column:
            step = Step(V.MOVE, P.OBJECTIVE, 1, 1, purpose="deliver the supplies")
            return Part("column", (step, Step(V.SECURE, P.OBJECTIVE, 2, LAST, moves=False, purpose="unload")))
        return _stay("supply", V.RESUPPLY, base, "keep the force supplied", Aim.SUPPORTED)
    if kind.startswith(("medical", "lift")):
        return _stay("casualty evacuation", V.EVACUATE, base, "bring the wounded to treatment", Aim.SUPPORTED)
    if kind.startswith("ew"):
        return _stay("electronic warfare", V.HARASS, base, "jam the command nets of the enemy", Aim.OPPONENT)
    if kind.startswith("air_defense"):
        return _stay("air defence", V.SECURE, base, "protect the force against aircraft and drones")
    return _stay("support", V.SECURE, base, "protect the rear and stand ready")


def _scouts(stance: Stance, *, enemy: bool) -> Part:
    if enemy:
        return _stay("outpost", V.SCREEN, P.ENEMY_FLANK, "warn of any approach")
    if stance == "hold":
        return _stay("screen", V.SCREEN, P.OBSERVATION_1, "give early warning")
    step = Step(V.RECONNOITRE, P.OBSERVATION_1, 0, 1, purpose="confirm the enemy before the main body moves")
    return Part(
        "reconnaissance", (step, Step(V.SCREEN, P.OBSERVATION_1, 2, LAST, moves=False, purpose="guard a flank"))
    )


def _sappers(kind: str, stance: Stance, *, enemy: bool, obstacle: bool) -> Part:
    if enemy:
        purpose = "lay explosive devices on the approaches" if kind.startswith("ied") else "strengthen the obstacles"
        return _stay("obstacle construction", V.BLOCK, P.ENEMY_FLANK, purpose)
    if obstacle and stance == "approach":
        step = Step(V.BREACH, P.OBSTACLE, 1, 2, purpose="open a lane for the assault")
        return Part("breach", (step, Step(V.SECURE, P.OBSTACLE, 3, LAST, moves=False, purpose="keep the lane open")))
    return _stay("mobility support", V.SECURE, P.ASSEMBLY, "keep the routes of the force open")


def _gunships(stance: Stance, *, enemy: bool) -> Part:
    place = P.KILL_ZONE if stance == "hold" and not enemy else P.OBJECTIVE
    return Part(
        "attack aviation",
        (
            Step(V.ATTACK, place, 2, 2, Aim.OPPONENT, purpose="destroy armoured vehicles and reserves"),
            Step(V.WITHDRAW, P.ENEMY_REAR if enemy else P.ASSEMBLY, 3, LAST, purpose="rearm and refuel"),
        ),
    )


def ward_part(kind: str) -> Part:
    """What the party does that is rescued, evacuated or relieved."""
    if kind == "isolated_personnel":
        return _stay("isolated personnel", V.SECURE, P.OBJECTIVE, "hide and wait for recovery")
    if kind == "evacuee_party":
        wait = Step(V.SECURE, P.OBJECTIVE, 0, 2, moves=False, purpose="assemble and wait")
        return Part("evacuees", (wait, Step(V.MOVE, P.ASSEMBLY, 3, LAST, purpose="leave under escort")))
    hold = Step(V.DEFEND, P.OBJECTIVE, 0, 1, moves=False, purpose="hold until relieved")
    return Part("force in place", (hold, Step(V.WITHDRAW, P.ASSEMBLY, 2, LAST, purpose="hand over and move to rest")))
