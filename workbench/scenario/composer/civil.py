"""The civil side: who lives there, and the sites that are protected from fire."""

from collections.abc import Iterator, Sequence
from typing import Final

from workbench.scenario.catalogue import Catalogue
from workbench.scenario.composer.measures import Protected
from workbench.scenario.composer.orbat import Force, build_force
from workbench.scenario.composer.placement import Disc, NoRoomError, Placer
from workbench.scenario.model import Mobility, Point, SideId
from workbench.scenario.plane import distance_cm
from workbench.scenario.streams import Streams

__all__ = ["civil_groups", "place_group", "protect"]

_GROUPS: Final = 4
"""Civil groups at a density of 100."""

_MOST_GROUPS: Final = 16

_PROTECTED_RADIUS_CM: Final = 12_000
_CLEARANCE_CM: Final = 5_000
_SITES: Final = ("Clinic", "School", "Shrine")


def civil_groups(catalogue: Catalogue, density_percent: int) -> tuple[Force, ...]:
    """Groups of people, each a unit of the civil side."""
    count = min(max(_GROUPS * density_percent // 100, 1), _MOST_GROUPS)
    groups = []
    for index in range(count):
        key = catalogue.civil[index % len(catalogue.civil)]
        kind = catalogue.kind(key)
        name = kind.name if index < len(catalogue.civil) else f"{kind.name} {index // len(catalogue.civil) + 1}"
        groups.append(
            build_force(
                catalogue, side=SideId.CIVIL, family=key, echelon=kind.echelon, leaf=kind.echelon, name=name,
                root=f"civil.{index + 1}", tag=kind.short, callsign=f"CIVIL {index + 1}", exactly=key,
            )
        )  # fmt: skip
    return tuple(groups)


def place_group(group: Force, towns: Sequence[Point], index: int, placer: Placer, streams: Streams) -> Point:
    """Where a group is: in a settlement, each in the next one.

    Raises:
        NoRoomError: no settlement has room.
    """
    node = group.top
    for town in range(len(towns)):
        near = placer.anchor(towns[(index + town) % len(towns)], (Mobility.FOOT,))
        try:
            return placer.place(
                near,
                mobility=node.kind.mobility,
                echelon=node.kind.echelon,
                layer="start",
                stream=streams.named(f"place.{node.id}"),
            )
        except NoRoomError:
            continue
    raise NoRoomError(f"no room for {node.name}")


def protect(placer: Placer, objective: Point, streams: Streams) -> tuple[Protected, ...]:
    """One protected site in each of up to three settlements, clear of the objective's centre."""
    return tuple(_protected(placer, objective, streams))


def _protected(placer: Placer, objective: Point, streams: Streams) -> Iterator[Protected]:
    towns = sorted(placer.ground.terrain.settlements, key=lambda town: (distance_cm(town.at, objective), town.id))
    for town, site in zip(towns, _SITES, strict=False):
        clear = [
            at for at in (*town.buildings, town.at) if distance_cm(at, objective) > _PROTECTED_RADIUS_CM + _CLEARANCE_CM
        ]
        if clear:
            at = streams.named(f"protected.{town.id}").pick(clear)
            yield Protected(f"{town.name} {site}", Disc(at, _PROTECTED_RADIUS_CM))
