"""Intent: what a prompt asked for, as closed vocabularies.

The composer reads nothing but an :class:`Intent` and a seed, so whatever understood the prompt
(text rules, the small model, a language model of the site) can only choose from these lists.
``Unspecified`` slots are the composer's to fill; each filling is listed in ``Recipe.assumed``.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

__all__ = [
    "Asset",
    "Civilians",
    "Echelon",
    "EnemyType",
    "ForceType",
    "Intent",
    "IntentKind",
    "Mission",
    "ObjectiveKind",
    "Posture",
    "Roe",
    "TerrainKind",
    "Threat",
    "TimeOfDay",
    "WeatherKind",
]


class IntentKind(StrEnum):
    GENERATE = "generate"
    OUT_OF_SCOPE = "out_of_scope"


class Mission(StrEnum):
    ATTACK = "attack"
    DEFEND = "defend"
    DELAY = "delay"
    WITHDRAW = "withdraw"
    RECON = "recon"
    AMBUSH = "ambush"
    RAID = "raid"
    GAP_CROSSING = "gap_crossing"
    BREACH = "breach"
    CONVOY = "convoy"
    CORDON_SEARCH = "cordon_search"
    PATROL = "patrol"
    AIR_ASSAULT = "air_assault"
    AMPHIBIOUS = "amphibious"
    RELIEF_IN_PLACE = "relief_in_place"
    EVACUATION = "evacuation"
    HUMANITARIAN = "humanitarian"
    CHECKPOINT = "checkpoint"
    SCREEN = "screen"
    RESCUE = "rescue"
    UNSPECIFIED = "unspecified"


class Echelon(StrEnum):
    TEAM = "team"
    SQUAD = "squad"
    PLATOON = "platoon"
    COMPANY = "company"
    BATTALION = "battalion"
    BRIGADE = "brigade"
    DIVISION = "division"
    UNSPECIFIED = "unspecified"


class ForceType(StrEnum):
    INFANTRY = "infantry"
    MECHANIZED = "mechanized"
    MOTORIZED = "motorized"
    ARMOR = "armor"
    AIRBORNE = "airborne"
    MARINE = "marine"
    SPECIAL_FORCES = "special_forces"
    ENGINEER = "engineer"
    RECON = "recon"
    ARTILLERY = "artillery"
    LOGISTICS = "logistics"
    MEDICAL = "medical"
    POLICE = "police"
    AVIATION = "aviation"
    COMBINED_ARMS = "combined_arms"
    UNSPECIFIED = "unspecified"


class EnemyType(StrEnum):
    INFANTRY = "infantry"
    MECHANIZED = "mechanized"
    MOTORIZED = "motorized"
    ARMOR = "armor"
    IRREGULAR = "irregular"
    AIRBORNE = "airborne"
    MARINE = "marine"
    SPECIAL_FORCES = "special_forces"
    RECON = "recon"
    ARTILLERY = "artillery"
    LOGISTICS = "logistics"
    NONE = "none"
    UNSPECIFIED = "unspecified"


class Posture(StrEnum):
    DEFENDING = "defending"
    ATTACKING = "attacking"
    MOVING = "moving"
    AMBUSHING = "ambushing"
    WITHDRAWING = "withdrawing"
    UNSPECIFIED = "unspecified"


class TerrainKind(StrEnum):
    URBAN = "urban"
    RURAL = "rural"
    FOREST = "forest"
    MOUNTAIN = "mountain"
    DESERT = "desert"
    JUNGLE = "jungle"
    RIVER = "river"
    COASTAL = "coastal"
    ARCTIC = "arctic"
    PLAINS = "plains"
    WETLAND = "wetland"
    UNDERGROUND = "underground"
    INDUSTRIAL = "industrial"


class WeatherKind(StrEnum):
    CLEAR = "clear"
    RAIN = "rain"
    FOG = "fog"
    SNOW = "snow"
    STORM = "storm"
    WIND = "wind"
    HEAT = "heat"
    COLD = "cold"
    DUST = "dust"
    OVERCAST = "overcast"


class TimeOfDay(StrEnum):
    NIGHT = "night"
    DAWN = "dawn"
    DAY = "day"
    DUSK = "dusk"
    UNSPECIFIED = "unspecified"


class Threat(StrEnum):
    DRONES = "drones"
    IED = "ied"
    MINES = "mines"
    ARTILLERY = "artillery"
    EW = "ew"
    CBRN = "cbrn"
    AIR = "air"
    ANTI_TANK = "anti_tank"
    SNIPER = "sniper"
    AIR_DEFENSE = "air_defense"
    CYBER = "cyber"


class Asset(StrEnum):
    DRONES = "drones"
    ARTILLERY = "artillery"
    AIR = "air"
    ENGINEERS = "engineers"
    ARMOR = "armor"
    EW = "ew"
    MEDICAL = "medical"
    AIR_DEFENSE = "air_defense"
    ANTI_TANK = "anti_tank"
    NAVAL = "naval"


class Civilians(StrEnum):
    PRESENT = "present"
    NONE = "none"
    UNSPECIFIED = "unspecified"


class Roe(StrEnum):
    RESTRICTIVE = "restrictive"
    PERMISSIVE = "permissive"
    UNSPECIFIED = "unspecified"


class ObjectiveKind(StrEnum):
    BRIDGE = "bridge"
    HIGH_GROUND = "high_ground"
    SETTLEMENT = "settlement"
    AIRFIELD = "airfield"
    ROUTE = "route"
    BUILDING = "building"
    CROSSING_SITE = "crossing_site"
    COMMAND_POST = "command_post"
    BASE = "base"
    PORT = "port"
    BORDER = "border"
    DEPOT = "depot"
    PERSONNEL = "personnel"
    ENEMY_FORCE = "enemy_force"
    UNSPECIFIED = "unspecified"


MAX_DURATION_MIN = 7 * 24 * 60
"""One week: the longest exercise that a single scenario document covers."""


class Intent(BaseModel):
    """What the prompt asked for. Frozen; lists are sorted and without duplicates by the reader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intent: IntentKind = IntentKind.GENERATE
    mission: Mission = Mission.UNSPECIFIED
    own_echelon: Echelon = Echelon.UNSPECIFIED
    own_type: ForceType = ForceType.UNSPECIFIED
    enemy_echelon: Echelon = Echelon.UNSPECIFIED
    enemy_type: EnemyType = EnemyType.UNSPECIFIED
    enemy_posture: Posture = Posture.UNSPECIFIED
    terrain: tuple[TerrainKind, ...] = ()
    weather: tuple[WeatherKind, ...] = ()
    time_of_day: TimeOfDay = TimeOfDay.UNSPECIFIED
    threats: tuple[Threat, ...] = ()
    own_assets: tuple[Asset, ...] = ()
    duration_min: Annotated[int, Field(ge=1, le=MAX_DURATION_MIN)] | None = None
    civilians: Civilians = Civilians.UNSPECIFIED
    roe: Roe = Roe.UNSPECIFIED
    objective: ObjectiveKind = ObjectiveKind.UNSPECIFIED
    place: Annotated[str, StringConstraints(max_length=120)] | None = None
    """Coordinates ("54.1, 25.3"), an MGRS reference or a name, as the prompt has it."""
    start: Annotated[str, StringConstraints(max_length=40)] | None = None
    """ISO 8601 date, time ("02:00") or both, as far as the prompt says."""
    conflicts: tuple[str, ...] = ()
    """Names of the slots about which the prompt contradicts itself."""
