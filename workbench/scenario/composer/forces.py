"""The forces of a brief: own force, enemy, the party to be rescued or relieved, and what each element does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.scenario.catalogue import Catalogue
from workbench.scenario.composer.brief import Brief
from workbench.scenario.composer.names import CodeWords, Opponent, opponent_of, ordinal
from workbench.scenario.composer.orbat import Force, Node, attach, build_force, without_branches
from workbench.scenario.composer.postures import ENEMY_PARTS, support_part, ward_part
from workbench.scenario.composer.schemes import Part
from workbench.scenario.composer.tasks import Assignment
from workbench.scenario.intent import Asset, Echelon, EnemyType, ForceType, Mission, Posture, Threat
from workbench.scenario.model import SideId
from workbench.scenario.scale import ECHELON_ORDER, rank, scale_of
from workbench.scenario.streams import Streams

__all__ = ["Forces", "assign", "raise_forces"]

_ASSET_FAMILIES: Final = {
    Asset.DRONES: "uas", Asset.ARTILLERY: "artillery", Asset.AIR: "aviation", Asset.ENGINEERS: "engineer",
    Asset.ARMOR: "armor", Asset.EW: "ew", Asset.MEDICAL: "medical", Asset.AIR_DEFENSE: "air_defense",
    Asset.ANTI_TANK: "anti_tank", Asset.NAVAL: "naval",
}  # fmt: skip

_THREAT_FAMILIES: Final = {
    Threat.DRONES: "uas", Threat.ARTILLERY: "artillery", Threat.EW: "ew", Threat.AIR: "aviation",
    Threat.ANTI_TANK: "anti_tank", Threat.SNIPER: "sniper", Threat.AIR_DEFENSE: "air_defense",
}  # fmt: skip

_THREAT_KINDS: Final = {Threat.IED: "ied_cell", Threat.MINES: "mine_laying_team", Threat.CYBER: "cyber_team"}


@dataclass(frozen=True, slots=True)
class Forces:
    own: Force
    enemy: Force | None
    ward: Force | None
    opponent: Opponent

    @property
    def all(self) -> tuple[Force, ...]:
        return tuple(force for force in (self.own, self.ward, self.enemy) if force is not None)


def raise_forces(brief: Brief, catalogue: Catalogue, words: CodeWords, streams: Streams, ratio: int) -> Forces:
    """Raise the forces; ``ratio`` above 100 weakens the enemy, below 100 strengthens it."""
    own = _own(brief, catalogue, words, streams)
    opponent = opponent_of(streams.named("opponent"), irregular=brief.enemy_type is EnemyType.IRREGULAR)
    enemy = _enemy(brief, catalogue, words, streams, opponent, ratio) if brief.has_enemy else None
    return Forces(own, enemy, _ward(brief, catalogue, words, own), opponent)


def _own(brief: Brief, catalogue: Catalogue, words: CodeWords, streams: Streams) -> Force:
    family = str(brief.own_type)
    kind = catalogue.kind(catalogue.of_family(family, brief.own_echelon))
    number = streams.named("own.number").between(1, 9)
    leaf = scale_of(brief.own_echelon).leaf
    force = build_force(
        catalogue,
        side=SideId.OWN,
        family=family,
        echelon=brief.own_echelon,
        leaf=leaf,
        root="own",
        name=f"{ordinal(number)} {kind.name}",
        tag=f"{number} {kind.short}",
        callsign=words.next().upper(),
    )
    families = dict.fromkeys([*_scheme_attachments(brief), *(_ASSET_FAMILIES[asset] for asset in brief.assets)])
    size = _attachment_echelon(brief.own_echelon, leaf)
    return attach(force, catalogue, (catalogue.of_family(name, size) for name in families), leaf)


def _scheme_attachments(brief: Brief) -> Iterator[str]:
    """What the mission needs beside the force itself."""
    yield from (family for family in brief.scheme.attachments if family != brief.own_type)
    if brief.mission is Mission.CONVOY:
        yield "motorized" if brief.own_type is ForceType.LOGISTICS else "logistics"


def _attachment_echelon(echelon: Echelon, leaf: Echelon) -> Echelon:
    """Two echelons below the force, never below what the force is resolved to."""
    return ECHELON_ORDER[max(rank(echelon) - 2, rank(leaf), 0)]


def _enemy(
    brief: Brief, catalogue: Catalogue, words: CodeWords, streams: Streams, opponent: Opponent, ratio: int
) -> Force:
    family = str(brief.enemy_type)
    kind = catalogue.kind(catalogue.of_family(family, brief.enemy_echelon))
    number = streams.named("enemy.number").between(11, 89)
    leaf = scale_of(brief.enemy_echelon).leaf
    force = build_force(
        catalogue,
        side=SideId.ENEMY,
        family=family,
        echelon=brief.enemy_echelon,
        leaf=leaf,
        root="enemy",
        name=f"{ordinal(number)} {opponent.adjective} {kind.name}",
        tag=f"{number} {opponent.adjective} {kind.short}",
        callsign=f"OPFOR {words.next().upper()}",
        strength_percent=10_000 // ratio,
    )
    size = _attachment_echelon(brief.enemy_echelon, leaf)
    keys = [
        catalogue.of_family(_THREAT_FAMILIES[threat], size) for threat in brief.threats if threat in _THREAT_FAMILIES
    ]
    keys += [_THREAT_KINDS[threat] for threat in brief.threats if threat in _THREAT_KINDS]
    return attach(force, catalogue, keys, leaf)


def _ward(brief: Brief, catalogue: Catalogue, words: CodeWords, own: Force) -> Force | None:
    """The party that the mission is about."""
    if brief.scheme.ward is None:
        return None
    if brief.scheme.ward != "same":
        return _party(brief, catalogue, words)
    echelon = ECHELON_ORDER[max(rank(brief.own_echelon) - 1, 0)]
    kind = catalogue.kind(catalogue.of_family(own.family, echelon))
    leaf = scale_of(brief.own_echelon).leaf
    return build_force(
        catalogue,
        side=SideId.OWN,
        family=own.family,
        echelon=echelon,
        leaf=leaf if rank(leaf) < rank(echelon) else echelon,
        root="ward",
        name=f"{kind.name} in Place",
        tag=f"{kind.short} in Place",
        callsign=words.next().upper(),
    )


def _party(brief: Brief, catalogue: Catalogue, words: CodeWords) -> Force:
    key = str(brief.scheme.ward)
    kind = catalogue.kind(key)
    side = SideId.CIVIL if key == "evacuee_party" and brief.civilians else SideId.OWN
    return build_force(
        catalogue,
        side=side,
        family=key,
        exactly=key,
        echelon=kind.echelon,
        leaf=kind.echelon,
        root="ward",
        name=f"{kind.name} {words.next()}",
        tag=kind.short,
        callsign=f"CIVIL {words.next().upper()}" if side is SideId.CIVIL else words.next().upper(),
    )


# ---------------------------------------------------------------- who does what


def assign(brief: Brief, forces: Forces) -> tuple[Assignment, ...]:
    """The part of each element, the party first, then own, then enemy elements."""
    assignments: list[Assignment] = []
    if forces.ward is not None:
        part = ward_part(str(brief.scheme.ward))
        assignments += [Assignment(forces.ward, element, part) for element in forces.ward.elements]
    assignments += _parts_of(brief, forces.own, brief.scheme.parts)
    if forces.enemy is not None:
        assignments += _parts_of(brief, forces.enemy, ENEMY_PARTS[_posture(brief)])
    return tuple(assignments)


def _posture(brief: Brief) -> Posture:
    return brief.posture if brief.posture in ENEMY_PARTS else Posture.DEFENDING


def _parts_of(brief: Brief, force: Force, parts: Sequence[Part]) -> Iterator[Assignment]:
    """Manoeuvre elements take the parts in turn; everyone else does what the branch does."""
    enemy = force.side is SideId.ENEMY
    turn = 0
    for element in force.elements:
        if _manoeuvres(force, element):
            part = parts[turn % len(parts)]
            turn += 1
            yield from _split(brief, Assignment(force, element, part), enemy=enemy)
        else:
            yield Assignment(force, element, _branch_part(brief, element, enemy=enemy))


def _manoeuvres(force: Force, element: Node) -> bool:
    """Of the force's own branch, or made to manoeuvre; guns fire and helicopters fly whatever the force is."""
    if element.kind.role == "fires" or (element.key.startswith("aviation") and force.family != "aviation"):
        return False
    return element.kind.role == "manoeuvre" or (
        element.key.startswith(force.family) and not _is_attached(force, element)
    )


def _is_attached(force: Force, element: Node) -> bool:
    return element.name.startswith("Attached ")


def _branch_part(brief: Brief, element: Node, *, enemy: bool) -> Part:
    column = not enemy and brief.mission in (Mission.CONVOY, Mission.HUMANITARIAN)
    obstacle = brief.scheme.obstacle or Threat.MINES in brief.threats or Threat.IED in brief.threats
    return support_part(
        element.key, element.kind.role, brief.scheme.stance, enemy=enemy, obstacle=obstacle, column=column
    )


def _split(brief: Brief, assignment: Assignment, *, enemy: bool) -> Iterator[Assignment]:
    """The element, and apart from it the branches inside it that do something else.

    Inside a battalion, mortars fire, scouts screen and lorries supply whatever the rifle companies do.
    """
    force, part = assignment.force, assignment.part
    element, branches = without_branches(assignment.element, lambda node: not _manoeuvres(force, node))
    yield Assignment(force, element, part)
    for branch in branches:
        yield Assignment(force, branch, _branch_part(brief, branch, enemy=enemy))
