"""The scenario document: a frozen pydantic model of integers, names and digests.

Rules the model keeps:

* No floats anywhere. Lengths are centimetres, angles are 1e-7 degrees (geographic) or millidegrees
  (headings), times are seconds from the start of the exercise, so every reader agrees on every value.
* Positions are ``(east_cm, north_cm)`` from the south-west corner of the area, whose geographic
  position is ``Area.origin``. Height is read from the terrain.
* Grids are blobs beside the document, named here by SHA-256: row 0 is the southernmost row, column 0
  the westernmost, row-major, sample ``(row, col)`` stands at ``(col * cell_cm, row * cell_cm)``.
* Identifiers are short, readable and unique over the whole document (``"own.1.2"``, ``"rt.own.1.2.1"``).
* Collections are tuples in a defined order: units parent before child, injects and tasks by time.

``digest(scenario.document())`` is the identity of the content; see :mod:`workbench.canonical`.
"""

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from workbench.canonical import MAX_SAFE_INTEGER, Digest, canonical_bytes, digest
from workbench.scenario.intent import Echelon, Intent, ObjectiveKind, Roe, TerrainKind, WeatherKind

__all__ = [
    "SCHEMA_VERSION",
    "Affiliation",
    "Area",
    "ControlMeasure",
    "COVER_CODES",
    "ControlMeasureKind",
    "Cover",
    "Crossing",
    "Environment",
    "Equipment",
    "Exercise",
    "Feature",
    "GeoPoint",
    "Grid",
    "Inject",
    "Mobility",
    "Objective",
    "Options",
    "Opord",
    "Phase",
    "Point",
    "Recipe",
    "Road",
    "Route",
    "RulesOfEngagement",
    "Scenario",
    "Settlement",
    "Side",
    "SideId",
    "Task",
    "TaskVerb",
    "Terrain",
    "TrainingObjective",
    "Unit",
    "WaterCourse",
    "WeatherSpell",
]

SCHEMA_VERSION: Final = "pacai.scenario/1"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Seconds = Annotated[int, Field(ge=0, le=31 * 86_400)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Text = Annotated[str, Field(max_length=4000)]


class Frozen(BaseModel):
    """Base of every record of the document: immutable, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ---------------------------------------------------------------- where


class Point(Frozen):
    """A position in the area: centimetres east and north of its south-west corner."""

    east_cm: int
    north_cm: int


class GeoPoint(Frozen):
    """A WGS 84 position in units of 1e-7 degrees."""

    lat_e7: Annotated[int, Field(ge=-900_000_000, le=900_000_000)]
    lon_e7: Annotated[int, Field(ge=-1_800_000_000, le=1_800_000_000)]


class Area(Frozen):
    """The square exercise area."""

    name: Name
    origin: GeoPoint
    """South-west corner; local axes are true east and north there (transverse Mercator, k = 1)."""
    side_m: Annotated[int, Field(ge=1_000, le=200_000)]
    cell_m: Annotated[int, Field(ge=1, le=200)]
    utm_zone: Annotated[str, Field(pattern=r"^\d{1,2}[NS]$")]


class Grid(Frozen):
    """A raster blob beside the document: row 0 south, column 0 west, row-major, little-endian."""

    sha256: Sha256
    rows: Annotated[int, Field(ge=2)]
    cols: Annotated[int, Field(ge=2)]
    cell_cm: Annotated[int, Field(ge=1)]
    kind: Literal["height_cm_i32", "cover_u8"]


class Cover(StrEnum):
    """Land cover classes; the code in the cover grid is the position in :data:`COVER_CODES`."""

    OPEN = "open"
    FIELD = "field"
    SCRUB = "scrub"
    FOREST = "forest"
    BUILT_UP = "built_up"
    WATER = "water"
    MARSH = "marsh"
    SAND = "sand"
    ROCK = "rock"
    SNOW = "snow"
    ROAD = "road"
    TRACK = "track"
    BRIDGE = "bridge"
    FORD = "ford"


COVER_CODES: tuple[Cover, ...] = tuple(Cover)


class Road(Frozen):
    id: Identifier
    kind: Literal["highway", "road", "track"]
    points: Annotated[tuple[Point, ...], Field(min_length=2)]


class WaterCourse(Frozen):
    id: Identifier
    name: Name
    width_cm: Annotated[int, Field(ge=100)]
    points: Annotated[tuple[Point, ...], Field(min_length=2)]


class Crossing(Frozen):
    """Where a road crosses water."""

    id: Identifier
    kind: Literal["bridge", "ford"]
    name: Name
    at: Point
    load_class: Annotated[int, Field(ge=4, le=150)]
    """Military load class (STANAG 2021)."""


class Settlement(Frozen):
    id: Identifier
    name: Name
    at: Point
    radius_cm: Annotated[int, Field(ge=1_000)]
    population: Annotated[int, Field(ge=0)]
    buildings: tuple[Point, ...]


class Feature(Frozen):
    """A named place of the generated gazetteer: hill, wood, lake, farm, airfield, depot …"""

    id: Identifier
    name: Name
    kind: Identifier
    at: Point


class Terrain(Frozen):
    kinds: tuple[TerrainKind, ...]
    heights: Grid
    cover: Grid
    min_height_cm: int
    max_height_cm: int
    roads: tuple[Road, ...]
    water_courses: tuple[WaterCourse, ...]
    crossings: tuple[Crossing, ...]
    settlements: tuple[Settlement, ...]
    features: tuple[Feature, ...]


# ---------------------------------------------------------------- when


class WeatherSpell(Frozen):
    """Weather from ``start_s`` until the next spell."""

    start_s: Seconds
    kinds: tuple[WeatherKind, ...]
    temperature_dc: Annotated[int, Field(ge=-600, le=600)]
    """Tenths of a degree Celsius."""
    wind_cm_s: Annotated[int, Field(ge=0, le=10_000)]
    wind_from_deg: Annotated[int, Field(ge=0, le=359)]
    visibility_m: Annotated[int, Field(ge=10, le=50_000)]
    cloud_percent: Annotated[int, Field(ge=0, le=100)]
    precipitation_um_h: Annotated[int, Field(ge=0, le=200_000)]
    """Micrometres of water per hour (1000 = 1 mm/h)."""


class Environment(Frozen):
    start: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
    """Start of the exercise, UTC."""
    utc_offset_min: Annotated[int, Field(ge=-720, le=840)]
    sunrise_min: Annotated[int, Field(ge=0, le=1439)] | None
    """Local minutes after midnight; null where the sun does not rise that day."""
    sunset_min: Annotated[int, Field(ge=0, le=1439)] | None
    moon_percent: Annotated[int, Field(ge=0, le=100)]
    """Illuminated part of the moon's disc."""
    light: Literal["night", "dawn", "day", "dusk"]
    """At the start."""
    weather: Annotated[tuple[WeatherSpell, ...], Field(min_length=1)]


class Exercise(Frozen):
    duration_s: Annotated[int, Field(ge=60, le=31 * 86_400)]
    phases: tuple["Phase", ...]


class Phase(Frozen):
    id: Identifier
    name: Name
    start_s: Seconds
    end_s: Seconds


# ---------------------------------------------------------------- who


class SideId(StrEnum):
    OWN = "own"
    ENEMY = "enemy"
    CIVIL = "civil"


class Affiliation(StrEnum):
    FRIEND = "friend"
    HOSTILE = "hostile"
    NEUTRAL = "neutral"


class Side(Frozen):
    id: SideId
    name: Name
    affiliation: Affiliation


class Mobility(StrEnum):
    FOOT = "foot"
    WHEELED = "wheeled"
    TRACKED = "tracked"
    AIR = "air"
    STATIC = "static"


class Equipment(Frozen):
    type: Identifier
    name: Name
    count: Annotated[int, Field(ge=1)]
    dis_type: Annotated[str, Field(pattern=r"^\d+(\.\d+){6}$")]
    """SISO-REF-010 entity type kind.domain.country.category.subcategory.specific.extra."""


class Unit(Frozen):
    """A node of the order of battle (ORBAT)."""

    id: Identifier
    side: SideId
    parent: Identifier | None
    name: Name
    short_name: Annotated[str, Field(min_length=1, max_length=24)]
    callsign: Annotated[str, Field(min_length=1, max_length=24)]
    echelon: Echelon
    kind: Identifier
    """Entry of the force catalogue, such as ``rifle_platoon``."""
    role: Literal["manoeuvre", "fires", "recon", "engineer", "support", "command", "civil"]
    sidc: Annotated[str, Field(pattern=r"^\d{20}$")]
    """MIL-STD-2525D symbol identification code, 20 digits."""
    dis_type: Annotated[str, Field(pattern=r"^\d+(\.\d+){6}$")]
    mobility: Mobility
    at: Point
    heading_mdeg: Annotated[int, Field(ge=0, le=359_999)]
    """Clockwise from grid north."""
    personnel: Annotated[int, Field(ge=0)]
    """Own people of this node, subordinate units not counted."""
    equipment: tuple[Equipment, ...]
    weapon_range_m: Annotated[int, Field(ge=0)]
    sensor_range_m: Annotated[int, Field(ge=0)]
    supply_percent: Annotated[int, Field(ge=0, le=100)]
    reserve: bool = False
    """Named as the reserve of its side: held without a task of its own."""


# ---------------------------------------------------------------- what


class ControlMeasureKind(StrEnum):
    PHASE_LINE = "phase_line"
    BOUNDARY = "boundary"
    ASSEMBLY_AREA = "assembly_area"
    OBJECTIVE_AREA = "objective_area"
    AXIS = "axis"
    ENGAGEMENT_AREA = "engagement_area"
    BATTLE_POSITION = "battle_position"
    LINE_OF_DEPARTURE = "line_of_departure"
    OBSTACLE = "obstacle"
    TARGET_REFERENCE_POINT = "target_reference_point"
    NO_FIRE_AREA = "no_fire_area"
    CHECKPOINT = "checkpoint"
    SUPPORT_BY_FIRE = "support_by_fire"


class ControlMeasure(Frozen):
    """A line, area (closed: first point not repeated) or point on the map."""

    id: Identifier
    kind: ControlMeasureKind
    side: SideId
    name: Name
    geometry: Literal["point", "line", "area"]
    points: Annotated[tuple[Point, ...], Field(min_length=1)]


class Objective(Frozen):
    id: Identifier
    name: Name
    kind: ObjectiveKind
    at: Point
    radius_cm: Annotated[int, Field(ge=1_000)]
    held_by: SideId | None
    reason: Text
    """Why it lies here."""


class TaskVerb(StrEnum):
    """C2SIM task action codes where one fits (SISO-STD-020, TaskActionCode), lower case."""

    ATTACK = "attack"
    SEIZE = "seize"
    CLEAR = "clear"
    DEFEND = "defend"
    DELAY = "delay"
    WITHDRAW = "withdraw"
    RECONNOITRE = "reconnoitre"
    SCREEN = "screen"
    AMBUSH = "ambush"
    BREACH = "breach"
    MOVE = "move"
    ESCORT = "escort"
    PATROL = "patrol"
    CORDON = "cordon"
    SEARCH = "search"
    SUPPORT_BY_FIRE = "support_by_fire"
    FIRE_SUPPORT = "fire_support"
    BLOCK = "block"
    SECURE = "secure"
    RELIEVE = "relieve"
    EVACUATE = "evacuate"
    RESUPPLY = "resupply"
    COMMAND = "command"
    HARASS = "harass"
    RESCUE = "rescue"


class Route(Frozen):
    """A path proven traversable for its mobility class on this terrain."""

    id: Identifier
    unit: Identifier
    mobility: Mobility
    points: Annotated[tuple[Point, ...], Field(min_length=2)]
    length_cm: Annotated[int, Field(ge=1)]
    duration_s: Annotated[int, Field(ge=1)]
    """At the unit's speed over each surface."""


class Task(Frozen):
    id: Identifier
    unit: Identifier
    verb: TaskVerb
    target: Identifier | None
    """An enemy unit for engagement verbs, a friendly one for escort, relieve and rescue, else null."""
    objective: Identifier | None
    """The objective or control measure where the task is done."""
    route: Identifier | None
    start_s: Seconds
    end_s: Seconds
    phase: Identifier
    purpose: Text


class Inject(Frozen):
    """One entry of the master scenario events list (MSEL)."""

    id: Identifier
    number: Annotated[int, Field(ge=1)]
    title: Name
    trigger: Literal["time", "event", "manual"]
    at_s: Seconds
    """Planned time, also for event and manual injects."""
    after: tuple[Identifier, ...]
    """Injects that must have happened before."""
    threat: Identifier | None
    """Threat of the intent that this inject plays, if any."""
    sender: Name
    recipient: Identifier
    """Unit that receives it."""
    channel: Literal["radio", "data", "phone", "visual", "face_to_face", "exercise_control"]
    location: Point | None
    text: Text
    expected_action: Text
    training_objective: Identifier
    assessor: Name


class TrainingObjective(Frozen):
    id: Identifier
    statement: Text
    measures: Annotated[tuple[Text, ...], Field(min_length=1)]


class RulesOfEngagement(Frozen):
    level: Roe
    rules: tuple[Text, ...]


class Opord(Frozen):
    """Operation order in five paragraphs."""

    situation: Text
    mission: Text
    execution: Text
    sustainment: Text
    command_and_signal: Text


# ---------------------------------------------------------------- how it was made


class Options(Frozen):
    """Sliders and presets; 100 is neutral."""

    force_ratio_percent: Annotated[int, Field(ge=25, le=400)] = 100
    density_percent: Annotated[int, Field(ge=25, le=400)] = 100
    difficulty: Annotated[int, Field(ge=1, le=5)] = 3
    injects: Annotated[int, Field(ge=5, le=200)] = 10


class Recipe(Frozen):
    """Enough to make the same bytes again, without any model."""

    engine_version: Name
    intent: Intent
    seed: Annotated[int, Field(ge=0, le=MAX_SAFE_INTEGER)]
    options: Options
    catalogue_sha256: Sha256
    elevation_sha256: Sha256 | None = None
    assumed: tuple[str, ...]
    """Intent slots that the prompt left open and the composer filled, as ``slot=value``."""


class Scenario(Frozen):
    """The whole content of one exercise."""

    schema_version: Literal["pacai.scenario/1"] = SCHEMA_VERSION
    title: Name
    summary: Text
    recipe: Recipe
    area: Area
    terrain: Terrain
    environment: Environment
    exercise: Exercise
    sides: tuple[Side, ...]
    units: tuple[Unit, ...]
    objectives: tuple[Objective, ...]
    control_measures: tuple[ControlMeasure, ...]
    routes: tuple[Route, ...]
    tasks: tuple[Task, ...]
    injects: tuple[Inject, ...]
    training_objectives: tuple[TrainingObjective, ...]
    roe: RulesOfEngagement
    opord: Opord

    def document(self) -> dict[str, Any]:
        """The scenario as plain JSON values."""
        return self.model_dump(mode="json")

    def canonical(self) -> bytes:
        """RFC 8785 bytes of the document."""
        return canonical_bytes(self.document())

    def digest(self) -> Digest:
        """SHA-256 of :meth:`canonical`: the identity of the content."""
        return digest(self.document())

    def blob_digests(self) -> tuple[str, ...]:
        """SHA-256 of the blobs that belong to the document."""
        return (self.terrain.heights.sha256, self.terrain.cover.sha256)
