"""Rules about units: tree, strength, symbols."""

from collections.abc import Iterator
from typing import Final

from workbench.scenario.intent import Asset, Echelon, EnemyType, Threat
from workbench.scenario.model import Affiliation, SideId, Unit
from workbench.scenario.rules.book import Case, Remark
from workbench.scenario.scale import rank
from workbench.scenario.sidc import ECHELON_DIGITS, IDENTITY_DIGITS, echelon_digits, identity_digit

__all__ = [
    "affiliations_fit",
    "assets_present",
    "echelons_descend",
    "parents_agree",
    "sizes_as_asked",
    "strength_agrees",
    "symbols_agree",
    "threats_present",
]

_PEOPLE_PER_PIECE: Final = 4
"""Pieces of equipment that one person can at most account for (a rifle, a launcher, a share of vehicles)."""

_MOST_PEOPLE: Final = {
    Echelon.TEAM: 100, Echelon.SQUAD: 150, Echelon.PLATOON: 300, Echelon.COMPANY: 800, Echelon.BATTALION: 3_000,
    Echelon.BRIGADE: 12_000, Echelon.DIVISION: 60_000,
}  # fmt: skip
"""No node has more own people than the largest unit of its echelon anywhere; civil groups included."""

_SYMBOL_SETS: Final = ("10", "11", "01", "15", "20", "30")
"""MIL-STD-2525D symbol sets for what a scenario holds: land unit, civilian, air, equipment, installation, sea."""

_IDENTITIES: Final = {
    SideId.OWN: Affiliation.FRIEND, SideId.ENEMY: Affiliation.HOSTILE, SideId.CIVIL: Affiliation.NEUTRAL,
}  # fmt: skip

_THREAT_KINDS: Final = {
    Threat.DRONES: "uas", Threat.ARTILLERY: "artillery", Threat.EW: "ew", Threat.AIR: "aviation",
    Threat.ANTI_TANK: "anti_tank", Threat.SNIPER: "sniper", Threat.AIR_DEFENSE: "air_defense", Threat.IED: "ied",
    Threat.MINES: "mine", Threat.CYBER: "cyber",
}  # fmt: skip
_ASSET_KINDS: Final = {
    Asset.DRONES: "uas", Asset.ARTILLERY: "artillery", Asset.AIR: "aviation", Asset.ENGINEERS: "engineer",
    Asset.ARMOR: "armor", Asset.EW: "ew", Asset.MEDICAL: "medical", Asset.AIR_DEFENSE: "air_defense",
    Asset.ANTI_TANK: "anti_tank", Asset.NAVAL: "naval",
}  # fmt: skip


def echelons_descend(case: Case) -> Iterator[Remark]:
    for unit in case.scenario.units:
        parent = case.units.get(unit.parent or "")
        if parent is not None and parent.id != unit.id and not _below(unit, parent):
            yield Remark(
                unit.id,
                f"{unit.name} is a {unit.echelon} under a {parent.echelon}",
                "put it under a unit of a higher echelon",
            )


def _below(unit: Unit, parent: Unit) -> bool:
    """Lower, or a team attached to a team that leads it."""
    return (
        rank(unit.echelon) < rank(parent.echelon)
        or unit.echelon is parent.echelon is Echelon.TEAM
        or (parent.parent is None and rank(unit.echelon) <= rank(parent.echelon))
    )


def parents_agree(case: Case) -> Iterator[Remark]:
    """Same side all the way up, and no unit above itself."""
    for unit in case.scenario.units:
        parent = case.units.get(unit.parent or "")
        if parent is not None and parent.side is not unit.side:
            yield Remark(unit.id, f"its parent {parent.id} is on the other side", "put it under its own side")
        if _leads_itself(case, unit):
            yield Remark(unit.id, "it stands above itself in the order of battle", "break the circle of parents")


def _leads_itself(case: Case, unit: Unit) -> bool:
    seen = {unit.id}
    above = unit.parent
    while above is not None and above in case.units:
        if above in seen:
            return above == unit.id
        seen.add(above)
        above = case.units[above].parent
    return False


def strength_agrees(case: Case) -> Iterator[Remark]:
    for unit in case.scenario.units:
        pieces = sum(item.count for item in unit.equipment)
        if unit.personnel == 0 and unit.id not in case.commanders:
            yield Remark(unit.id, "it has no people", "give it personnel")
        elif pieces > unit.personnel * _PEOPLE_PER_PIECE:
            yield Remark(
                unit.id,
                f"{unit.personnel} people cannot serve {pieces} pieces of equipment",
                "correct personnel or equipment",
            )
        elif unit.personnel > _MOST_PEOPLE.get(unit.echelon, _MOST_PEOPLE[Echelon.DIVISION]):
            yield Remark(unit.id, f"{unit.personnel} people are too many for a {unit.echelon}", "correct personnel")


def symbols_agree(case: Case) -> Iterator[Remark]:
    for unit in case.scenario.units:
        trouble = _symbol_trouble(unit)
        if trouble:
            yield Remark(unit.id, f"its symbol code {unit.sidc} {trouble}", "correct the symbol code")


def _symbol_trouble(unit: Unit) -> str | None:
    identity = IDENTITY_DIGITS[_IDENTITIES[unit.side]]
    if unit.sidc[:2] != "10":
        return "is not of version 10 (MIL-STD-2525D)"
    if unit.sidc[2] not in "012":
        return "has no known context"
    if identity_digit(unit.sidc) != identity:
        return f"does not show the {unit.side} side"
    if unit.sidc[4:6] not in _SYMBOL_SETS:
        return "is of a symbol set that no unit has"
    if unit.sidc[6] not in "012345" or unit.sidc[7] not in "01234567":
        return "has no known status or headquarters digit"
    if echelon_digits(unit.sidc) not in ("00", ECHELON_DIGITS[unit.echelon]):
        return f"does not show a {unit.echelon}"
    return "names no entity" if unit.sidc[10:16] == "000000" else None


def affiliations_fit(case: Case) -> Iterator[Remark]:
    for side in case.scenario.sides:
        if side.affiliation is not _IDENTITIES[side.id]:
            yield Remark(side.id, f"the side {side.id} is marked {side.affiliation}", f"mark it {_IDENTITIES[side.id]}")
    if len({side.id for side in case.scenario.sides}) < len(case.scenario.sides):
        yield Remark("scenario", "a side is listed twice", "list each side once")


def threats_present(case: Case) -> Iterator[Remark]:
    """Each threat asked for is played: by an inject and, where there is an enemy, by a unit that brings it."""
    intent = case.scenario.recipe.intent
    played = {inject.threat for inject in case.scenario.injects}
    kinds = [unit.kind for unit in case.scenario.units if unit.side is SideId.ENEMY]
    for threat in intent.threats:
        if threat not in played:
            yield Remark(
                "scenario",
                f"the threat {threat} was asked for and no inject plays it",
                f"add an inject with the threat {threat}",
            )
        prefix = _THREAT_KINDS.get(threat)
        if prefix and kinds and not any(kind.startswith(prefix) for kind in kinds):
            yield Remark(
                "scenario", f"the threat {threat} was asked for and no enemy unit brings it", "add such an enemy unit"
            )


def assets_present(case: Case) -> Iterator[Remark]:
    kinds = [unit.kind for unit in case.scenario.units if unit.side is SideId.OWN]
    for asset in case.scenario.recipe.intent.own_assets:
        if not any(kind.startswith(_ASSET_KINDS[asset]) for kind in kinds):
            yield Remark(
                "scenario", f"{asset} was asked for and the own side has none", "add such a unit to the own side"
            )


def sizes_as_asked(case: Case) -> Iterator[Remark]:
    intent = case.scenario.recipe.intent
    asked = {SideId.OWN: intent.own_echelon, SideId.ENEMY: intent.enemy_echelon}
    for side, echelon in asked.items():
        sizes = [unit.echelon for unit in case.scenario.units if unit.side is side]
        if echelon is Echelon.UNSPECIFIED or (intent.enemy_type is EnemyType.NONE and side is SideId.ENEMY):
            continue
        largest = max(sizes, key=rank, default=Echelon.UNSPECIFIED)
        if largest is not echelon:
            yield Remark(
                "scenario",
                f"a {echelon} was asked for on the {side} side, its largest unit is a {largest}",
                "change the force",
            )
