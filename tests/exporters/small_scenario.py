"""A hand-made scenario of one square kilometre: two sides, six units, a river, a bridge, five injects."""

import struct

from workbench.canonical import sha256_hex
from workbench.scenario.composition import Composition
from workbench.scenario.intent import Echelon, Intent, ObjectiveKind, Roe, TerrainKind, WeatherKind
from workbench.scenario.model import (
    COVER_CODES,
    Affiliation,
    Area,
    ControlMeasure,
    ControlMeasureKind,
    Cover,
    Crossing,
    Environment,
    Equipment,
    Exercise,
    Feature,
    GeoPoint,
    Grid,
    Inject,
    Mobility,
    Objective,
    Opord,
    Options,
    Phase,
    Point,
    Recipe,
    Road,
    Route,
    RulesOfEngagement,
    Scenario,
    Settlement,
    Side,
    SideId,
    Task,
    TaskVerb,
    Terrain,
    TrainingObjective,
    Unit,
    WaterCourse,
    WeatherSpell,
)

CELLS = 101
CELL_CM = 1000
RIVER_COL = 50
ROAD_ROW = 40


def height_cm(row: int, col: int) -> int:
    """A plain that climbs to the north-east, a hill in the north-west and a river bed."""
    hill = max(0, 6000 - 2 * ((row - 75) ** 2 + (col - 25) ** 2))
    bed = -300 if abs(col - RIVER_COL) <= 1 else 0
    return 12_345 + 7 * row + 11 * col + hill + bed


def cover_of(row: int, col: int) -> Cover:
    if abs(col - RIVER_COL) <= 1:
        return Cover.BRIDGE if row == ROAD_ROW else Cover.WATER
    if row == ROAD_ROW:
        return Cover.ROAD
    if (row - 75) ** 2 + (col - 25) ** 2 < 400:
        return Cover.FOREST
    if (row - ROAD_ROW) ** 2 + (col - 80) ** 2 < 100:
        return Cover.BUILT_UP
    return Cover.FIELD if (row // 10 + col // 10) % 3 == 0 else Cover.OPEN


def grids() -> tuple[bytes, bytes]:
    cells = [(row, col) for row in range(CELLS) for col in range(CELLS)]
    heights = struct.pack(f"<{len(cells)}i", *(height_cm(row, col) for row, col in cells))
    cover = bytes(COVER_CODES.index(cover_of(row, col)) for row, col in cells)
    return heights, cover


def unit(
    unit_id: str,
    side: SideId,
    parent: str | None,
    name: str,
    sidc: str,
    echelon: Echelon,
    east: int,
    north: int,
) -> Unit:
    return Unit(
        id=unit_id,
        side=side,
        parent=parent,
        name=name,
        short_name=name[:24],
        callsign=f"KILO {unit_id[-1]}",
        echelon=echelon,
        kind="rifle_platoon",
        role="manoeuvre",
        sidc=sidc,
        dis_type="3.1.225.3.0.1.0",
        mobility=Mobility.FOOT,
        at=Point(east_cm=east, north_cm=north),
        heading_mdeg=90_000,
        personnel=30,
        equipment=(Equipment(type="apc", name="Carrier", count=4, dis_type="1.1.225.2.1.1.0"),),
        weapon_range_m=600,
        sensor_range_m=1500,
        supply_percent=80,
    )


def inject(number: int, at_s: int, after: tuple[str, ...] = (), **changes: object) -> Inject:
    values: dict[str, object] = {
        "id": f"inj.{number}",
        "number": number,
        "title": f"Inject {number}",
        "trigger": "time",
        "at_s": at_s,
        "after": after,
        "threat": None,
        "sender": "EXCON",
        "recipient": "own.1",
        "channel": "radio",
        "location": Point(east_cm=60_000, north_cm=40_000),
        "text": f"Report number {number}.",
        "expected_action": "Acknowledge.",
        "training_objective": "to.1",
        "assessor": "OC 1",
    }
    return Inject.model_validate(values | changes)


def small_scenario() -> Composition:
    heights, cover = grids()
    own = [
        unit("own.1", SideId.OWN, None, "A Company", "10031000151211000000", Echelon.COMPANY, 12_345, 40_001),
        unit(
            "own.1.1",
            SideId.OWN,
            "own.1",
            "1 Platoon",
            "10031000141211000000",
            Echelon.PLATOON,
            20_000,
            41_000,
        ),
        unit(
            "own.1.2",
            SideId.OWN,
            "own.1",
            "2 Platoon",
            "10031000141211000000",
            Echelon.PLATOON,
            20_000,
            30_007,
        ),
    ]
    enemy = [
        unit(
            "enemy.1",
            SideId.ENEMY,
            None,
            "Company 7",
            "10061000151211000000",
            Echelon.COMPANY,
            99_999,
            80_000,
        ),
        unit(
            "enemy.1.1",
            SideId.ENEMY,
            "enemy.1",
            "Group 1",
            "10061000141211020000",
            Echelon.PLATOON,
            85_003,
            45_001,
        ),
        unit(
            "enemy.1.2",
            SideId.ENEMY,
            "enemy.1",
            "Group 2",
            "10061000141211020000",
            Echelon.PLATOON,
            82_000,
            35_000,
        ),
    ]
    route_points = ((20_000, 41_000), (40_000, 40_000), (60_000, 40_000), (78_000, 40_000))
    return Composition(
        scenario=Scenario(
            title="Attack over the Lesna",
            summary="A company attacks over one bridge.",
            recipe=Recipe(
                engine_version="test",
                intent=Intent(place="54.1, 25.3", duration_min=120, start="2025-10-05", conflicts=("weather",)),
                seed=7,
                options=Options(),
                catalogue_sha256="0" * 64,
                assumed=("weather=fog",),
            ),
            area=Area(
                name="Lesna",
                origin=GeoPoint(lat_e7=541_000_000, lon_e7=253_000_000),
                side_m=1000,
                cell_m=10,
                utm_zone="35N",
            ),
            terrain=Terrain(
                kinds=(TerrainKind.RIVER,),
                heights=Grid(sha256=sha256_hex(heights), rows=CELLS, cols=CELLS, cell_cm=CELL_CM, kind="height_cm_i32"),
                cover=Grid(sha256=sha256_hex(cover), rows=CELLS, cols=CELLS, cell_cm=CELL_CM, kind="cover_u8"),
                min_height_cm=min(height_cm(row, col) for row in range(CELLS) for col in range(CELLS)),
                max_height_cm=max(height_cm(row, col) for row in range(CELLS) for col in range(CELLS)),
                roads=(Road(id="road.1", kind="road", points=points((0, 40_000), (100_000, 40_000))),),
                water_courses=(
                    WaterCourse(
                        id="water.1",
                        name="Lesna",
                        width_cm=2500,
                        points=points((50_000, 0), (50_000, 100_000)),
                    ),
                ),
                crossings=(
                    Crossing(
                        id="bridge.1",
                        kind="bridge",
                        name="Lesna bridge",
                        at=Point(east_cm=50_000, north_cm=40_000),
                        load_class=60,
                    ),
                ),
                settlements=(
                    Settlement(
                        id="town.1",
                        name="Osowo",
                        at=Point(east_cm=80_000, north_cm=40_000),
                        radius_cm=10_000,
                        population=400,
                        buildings=points(*((80_000 + 1500 * i, 38_000 + 1300 * (i % 4)) for i in range(-5, 6))),
                    ),
                ),
                features=(
                    Feature(id="hill.1", name="Hill 195", kind="hill", at=Point(east_cm=25_000, north_cm=75_000)),
                ),
            ),
            environment=Environment(
                start="2025-10-05T04:30:00Z",
                utc_offset_min=120,
                sunrise_min=385,
                sunset_min=1070,
                moon_percent=91,
                light="dawn",
                weather=(
                    WeatherSpell(
                        start_s=0,
                        kinds=(WeatherKind.FOG,),
                        temperature_dc=65,
                        wind_cm_s=200,
                        wind_from_deg=270,
                        visibility_m=2500,
                        cloud_percent=60,
                        precipitation_um_h=0,
                    ),
                    WeatherSpell(
                        start_s=3600,
                        kinds=(WeatherKind.RAIN,),
                        temperature_dc=80,
                        wind_cm_s=500,
                        wind_from_deg=250,
                        visibility_m=6000,
                        cloud_percent=95,
                        precipitation_um_h=2500,
                    ),
                ),
            ),
            exercise=Exercise(
                duration_s=7200,
                phases=(
                    Phase(id="ph.1", name="Approach", start_s=0, end_s=1800),
                    Phase(id="ph.2", name="Assault", start_s=1800, end_s=7200),
                ),
            ),
            sides=(
                Side(id=SideId.OWN, name="Blue", affiliation=Affiliation.FRIEND),
                Side(id=SideId.ENEMY, name="Red", affiliation=Affiliation.HOSTILE),
            ),
            units=(*own, *enemy),
            objectives=(
                Objective(
                    id="obj.1",
                    name="OBJ OAK",
                    kind=ObjectiveKind.BRIDGE,
                    at=Point(east_cm=50_000, north_cm=40_000),
                    radius_cm=5000,
                    held_by=SideId.ENEMY,
                    reason="The only crossing.",
                ),
            ),
            control_measures=(
                ControlMeasure(
                    id="pl.1",
                    kind=ControlMeasureKind.PHASE_LINE,
                    side=SideId.OWN,
                    name="PL IRON",
                    geometry="line",
                    points=points((30_000, 5_000), (31_000, 50_000), (30_000, 95_000)),
                ),
                ControlMeasure(
                    id="ea.1",
                    kind=ControlMeasureKind.ENGAGEMENT_AREA,
                    side=SideId.ENEMY,
                    name="EA WOLF",
                    geometry="area",
                    points=points((42_000, 33_000), (58_000, 33_000), (58_000, 47_000), (42_000, 47_000)),
                ),
                ControlMeasure(
                    id="trp.1",
                    kind=ControlMeasureKind.TARGET_REFERENCE_POINT,
                    side=SideId.OWN,
                    name="TRP 1",
                    geometry="point",
                    points=points((70_000, 60_000)),
                ),
            ),
            routes=(
                Route(
                    id="rt.own.1.1",
                    unit="own.1.1",
                    mobility=Mobility.FOOT,
                    points=points(*route_points),
                    length_cm=58_025,
                    duration_s=1200,
                ),
            ),
            tasks=(
                Task(
                    id="task.1",
                    unit="own.1.1",
                    verb=TaskVerb.SEIZE,
                    target=None,
                    objective="obj.1",
                    route="rt.own.1.1",
                    start_s=600,
                    end_s=3600,
                    phase="ph.1",
                    purpose="Open the bridge.",
                ),
                Task(
                    id="task.2",
                    unit="enemy.1.1",
                    verb=TaskVerb.DEFEND,
                    target="own.1.1",
                    objective="ea.1",
                    route=None,
                    start_s=0,
                    end_s=7200,
                    phase="ph.1",
                    purpose="Hold the bridge.",
                ),
            ),
            injects=(
                inject(1, 300),
                inject(2, 900, after=("inj.1",), trigger="event", threat="drones"),
                inject(3, 900, location=None, channel="data"),
                inject(4, 3600, after=("inj.2", "inj.3")),
                inject(5, 7200, trigger="manual", recipient="own.1.2"),
            ),
            training_objectives=(
                TrainingObjective(id="to.1", statement="Cross under fire.", measures=("Bridge held in 60 min.",)),
            ),
            roe=RulesOfEngagement(level=Roe.RESTRICTIVE, rules=("Positive identification.",)),
            opord=Opord(
                situation="Red holds the bridge.",
                mission="A Company seizes OBJ OAK.",
                execution="Two phases.",
                sustainment="One day of supply.",
                command_and_signal="Company net.",
            ),
        ),
        blobs={sha256_hex(heights): heights, sha256_hex(cover): cover},
    )


def points(*pairs: tuple[int, int]) -> tuple[Point, ...]:
    return tuple(Point(east_cm=east, north_cm=north) for east, north in pairs)
