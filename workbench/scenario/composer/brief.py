"""The brief: an intent with every open slot filled, and a list of what was assumed.

Each slot is filled from its own stream, so that saying one thing more in a prompt does not change how
the other open slots are filled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from workbench.scenario.composer.missions import scheme_of
from workbench.scenario.composer.schemes import Scheme
from workbench.scenario.intent import (
    Asset,
    Civilians,
    Echelon,
    EnemyType,
    ForceType,
    Intent,
    Mission,
    ObjectiveKind,
    Posture,
    Roe,
    TerrainKind,
    Threat,
    TimeOfDay,
    WeatherKind,
)
from workbench.scenario.scale import ECHELON_ORDER, larger, rank
from workbench.scenario.streams import Streams

__all__ = ["Brief", "fill_brief"]

T = TypeVar("T")

_MISSIONS: Final = (
    (Mission.ATTACK, 8), (Mission.DEFEND, 4), (Mission.RECON, 2), (Mission.PATROL, 2), (Mission.RAID, 2),
    (Mission.DELAY, 1), (Mission.BREACH, 1), (Mission.CONVOY, 1), (Mission.CORDON_SEARCH, 1),
)  # fmt: skip
_ECHELONS: Final = ((Echelon.COMPANY, 6), (Echelon.PLATOON, 3))
_TERRAIN: Final = (
    ((TerrainKind.RURAL,), 4), ((TerrainKind.FOREST,), 2), ((TerrainKind.PLAINS,), 2), ((TerrainKind.MOUNTAIN,), 1),
    ((TerrainKind.RIVER, TerrainKind.RURAL), 2),
)  # fmt: skip
_WEATHER: Final = (
    ((WeatherKind.CLEAR,), 4), ((WeatherKind.OVERCAST,), 3), ((WeatherKind.RAIN,), 2), ((WeatherKind.WIND,), 1),
)  # fmt: skip
_LIGHT: Final = ((TimeOfDay.DAY, 5), (TimeOfDay.DAWN, 3), (TimeOfDay.NIGHT, 2), (TimeOfDay.DUSK, 1))


@dataclass(frozen=True, slots=True)
class Brief:
    """What is to be composed; nothing in it is open."""

    intent: Intent
    mission: Mission
    own_echelon: Echelon
    own_type: ForceType
    enemy_echelon: Echelon
    enemy_type: EnemyType
    posture: Posture
    terrain: tuple[TerrainKind, ...]
    weather: tuple[WeatherKind, ...]
    time_of_day: TimeOfDay
    threats: tuple[Threat, ...]
    assets: tuple[Asset, ...]
    civilians: bool
    roe: Roe
    objective: ObjectiveKind
    scheme: Scheme
    assumed: tuple[str, ...]

    @property
    def has_enemy(self) -> bool:
        return self.enemy_type is not EnemyType.NONE

    @property
    def frame(self) -> Echelon:
        """The larger echelon of the two sides, from which the area follows."""
        return larger(self.own_echelon, self.enemy_echelon) if self.has_enemy else self.own_echelon


class _Filler:
    """Fills open slots and remembers with what."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self.assumed: list[str] = []

    def choose(self, slot: str, asked: T, is_open: bool, weights: Sequence[tuple[T, int]]) -> T:
        if not is_open:
            return asked
        chosen = self._streams.named(f"assume.{slot}").weighted(weights)
        self.note(slot, chosen)
        return chosen

    def note(self, slot: str, value: object) -> None:
        words = "+".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
        self.assumed.append(f"{slot}={words}")


def fill_brief(intent: Intent, streams: Streams) -> Brief:
    """Fill what the intent leaves open."""
    fill = _Filler(streams)
    mission = fill.choose("mission", intent.mission, intent.mission is Mission.UNSPECIFIED, _MISSIONS)
    scheme = scheme_of(mission)
    enemy_type = fill.choose(
        "enemy_type", intent.enemy_type, intent.enemy_type is EnemyType.UNSPECIFIED, scheme.enemy_types
    )
    own_echelon = _own_echelon(intent, fill)
    enemy_echelon = _enemy_echelon(intent, fill, scheme, own_echelon, enemy_type)
    own_type = fill.choose("own_type", intent.own_type, intent.own_type is ForceType.UNSPECIFIED, scheme.own_types)
    posture = intent.enemy_posture
    if posture is Posture.UNSPECIFIED and enemy_type is not EnemyType.NONE:
        posture = scheme.posture
        fill.note("enemy_posture", posture)
    objective = fill.choose(
        "objective", intent.objective, intent.objective is ObjectiveKind.UNSPECIFIED, scheme.objectives
    )
    return Brief(
        intent=intent,
        mission=mission,
        own_echelon=own_echelon,
        own_type=own_type,
        enemy_echelon=enemy_echelon,
        enemy_type=enemy_type,
        posture=posture,
        terrain=_terrain(intent, fill, scheme, objective),
        weather=_weather(intent, fill),
        time_of_day=_time_of_day(intent, fill),
        threats=tuple(sorted(set(intent.threats))),
        assets=tuple(sorted(set(intent.own_assets))),
        civilians=_civilians(intent, fill, scheme),
        roe=_roe(intent, fill),
        objective=objective,
        scheme=scheme,
        assumed=tuple(fill.assumed),
    )


def _own_echelon(intent: Intent, fill: _Filler) -> Echelon:
    """As asked; else one that suits the enemy asked for; else a company or a platoon."""
    is_open = intent.own_echelon is Echelon.UNSPECIFIED
    if is_open and intent.enemy_echelon is not Echelon.UNSPECIFIED:
        fill.note("own_echelon", intent.enemy_echelon)
        return intent.enemy_echelon
    return fill.choose("own_echelon", intent.own_echelon, is_open, _ECHELONS)


def _enemy_echelon(intent: Intent, fill: _Filler, scheme: Scheme, own: Echelon, enemy_type: EnemyType) -> Echelon:
    if intent.enemy_echelon is not Echelon.UNSPECIFIED or enemy_type is EnemyType.NONE:
        return intent.enemy_echelon
    step = rank(own) + scheme.enemy_step
    chosen = ECHELON_ORDER[min(max(step, 0), len(ECHELON_ORDER) - 1)]
    fill.note("enemy_echelon", chosen)
    return chosen


def _terrain(intent: Intent, fill: _Filler, scheme: Scheme, objective: ObjectiveKind) -> tuple[TerrainKind, ...]:
    """The kinds asked for and those without which mission or objective make no sense."""
    kinds = fill.choose("terrain", tuple(intent.terrain), not intent.terrain, _TERRAIN)
    needed = [kind for kind in scheme.terrain if kind not in kinds]
    if objective in (ObjectiveKind.BRIDGE, ObjectiveKind.CROSSING_SITE) and TerrainKind.RIVER not in kinds:
        needed.append(TerrainKind.RIVER)
    if objective is ObjectiveKind.PORT and TerrainKind.COASTAL not in kinds:
        needed.append(TerrainKind.COASTAL)
    fresh = tuple(dict.fromkeys(needed))
    if fresh and intent.terrain:
        fill.note("terrain", fresh)
    return tuple(dict.fromkeys((*kinds, *fresh)))


def _weather(intent: Intent, fill: _Filler) -> tuple[WeatherKind, ...]:
    return fill.choose("weather", tuple(intent.weather), not intent.weather, _WEATHER)


def _time_of_day(intent: Intent, fill: _Filler) -> TimeOfDay:
    is_open = intent.time_of_day is TimeOfDay.UNSPECIFIED
    if is_open and intent.start is not None and ":" in intent.start:
        return TimeOfDay.UNSPECIFIED
    return fill.choose("time_of_day", intent.time_of_day, is_open, _LIGHT)


def _civilians(intent: Intent, fill: _Filler, scheme: Scheme) -> bool:
    if intent.civilians is not Civilians.UNSPECIFIED:
        return intent.civilians is Civilians.PRESENT
    fill.note("civilians", Civilians.PRESENT if scheme.civilians else Civilians.NONE)
    return scheme.civilians


def _roe(intent: Intent, fill: _Filler) -> Roe:
    weights = ((Roe.RESTRICTIVE, 3), (Roe.PERMISSIVE, 2))
    return fill.choose("roe", intent.roe, intent.roe is Roe.UNSPECIFIED, weights)
