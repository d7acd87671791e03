"""A scenario made by hand: every kind of graphic once, units in clusters, ground with hills and a river."""

import numpy as np

from workbench.canonical import sha256_hex
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

SIDE_M = 10_000
CELL_M = 50
KIND = ControlMeasureKind
INFANTRY, ARMOUR, MECHANIZED = "121100", "120500", "121102"
ECHELON_CODE = {Echelon.PLATOON: "14", Echelon.COMPANY: "15", Echelon.BATTALION: "16"}
SIDE_CODE = {SideId.OWN: "3", SideId.ENEMY: "6", SideId.CIVIL: "4"}


def at(east_m: float, north_m: float) -> Point:
    return Point(east_cm=round(east_m * 100), north_cm=round(north_m * 100))


def river_north(east_m: float) -> float:
    return 5_200 + 500 * np.sin(east_m / 1_700)


def grids() -> tuple[bytes, bytes, int]:
    count = SIDE_M // CELL_M + 1
    north, east = np.mgrid[0:count, 0:count] * CELL_M
    hills = 90 * np.exp(-(((east - 3000) / 1500) ** 2 + ((north - 8000) / 1200) ** 2))
    hills += 140 * np.exp(-(((east - 8000) / 1800) ** 2 + ((north - 2200) / 1300) ** 2))
    hills += 12 * np.sin(east / 900) * np.cos(north / 700) + east * 0.004
    river = np.abs(north - river_north(east))
    height = (120 + hills) * 100 - np.clip(60 - river / 4, 0, 60) * 20
    cover = np.full((count, count), COVER_CODES.index(Cover.OPEN), dtype=np.uint8)
    cover[np.sin(east / 600) + np.cos(north / 800) > 0.9] = COVER_CODES.index(Cover.FIELD)
    cover[hills > 45] = COVER_CODES.index(Cover.FOREST)
    cover[hills > 120] = COVER_CODES.index(Cover.ROCK)
    cover[(np.hypot(east - 5000, north - 3300) < 600)] = COVER_CODES.index(Cover.BUILT_UP)
    cover[(river < 180)] = COVER_CODES.index(Cover.MARSH)
    cover[(river < 40)] = COVER_CODES.index(Cover.WATER)
    cover[np.abs(east - 5000) < 30] = COVER_CODES.index(Cover.ROAD)
    return height.astype("<i4").tobytes(), cover.tobytes(), count


def unit(ident: str, side: SideId, parent: str | None, echelon: Echelon, entity: str, where: Point) -> Unit:
    number = ident.split(".")[-1]
    sidc = f"100{SIDE_CODE[side]}1000{ECHELON_CODE[echelon]}{entity}0000"
    return Unit(
        id=ident,
        side=side,
        parent=parent,
        name=f"{number} {echelon.value} of {ident}",
        short_name=ident.removeprefix("own.").removeprefix("enemy.").upper().replace(".", "/"),
        callsign=ident.upper(),
        echelon=echelon,
        kind="rifle",
        role="manoeuvre",
        sidc=sidc,
        dis_type="1.1.225.1.1.1.0",
        mobility=Mobility.FOOT,
        at=where,
        heading_mdeg=0,
        personnel=30,
        equipment=(Equipment(type="rifle", name="Rifle", count=30, dis_type="1.1.225.1.1.1.0"),),
        weapon_range_m=600,
        sensor_range_m=2_000,
        supply_percent=90,
    )


def battalion(side: SideId, north_m: float, entity: str) -> list[Unit]:
    s = side.value
    units = [unit(f"{s}.1", side, None, Echelon.BATTALION, entity, at(5_000, north_m))]
    for company in range(1, 5):
        east = 1_600 * company + 900
        units.append(unit(f"{s}.1.{company}", side, f"{s}.1", Echelon.COMPANY, entity, at(east, north_m + 350)))
        for platoon in range(1, 6):
            place = at(east - 600 + 240 * platoon, north_m + 500 + 80 * (platoon % 3))
            units.append(unit(f"{s}.1.{company}.{platoon}", side, f"{s}.1.{company}", Echelon.PLATOON, entity, place))
    return units


def measures() -> tuple[ControlMeasure, ...]:
    own, enemy = SideId.OWN, SideId.ENEMY
    drawn = (
        (KIND.PHASE_LINE, own, "AMBER", "line", (at(0, 3_900), at(4_000, 4_200), at(10_000, 3_800))),
        (KIND.LINE_OF_DEPARTURE, own, "LD", "line", (at(0, 2_500), at(10_000, 2_400))),
        (KIND.BOUNDARY, own, "1/2 Coy", "line", (at(4_100, 0), at(4_000, 9_000))),
        (KIND.ASSEMBLY_AREA, own, "PINE", "area", (at(900, 700), at(2_100, 600), at(2_200, 1_500), at(800, 1_600))),
        (
            KIND.OBJECTIVE_AREA,
            own,
            "IRON",
            "area",
            (at(4_300, 6_600), at(5_500, 6_500), at(5_600, 7_400), at(4_500, 7_500)),
        ),
        (KIND.AXIS, own, "DAGGER", "line", (at(3_000, 2_600), at(3_300, 4_000), at(4_100, 6_000))),
        (
            KIND.ENGAGEMENT_AREA,
            enemy,
            "WOLF",
            "area",
            (at(5_900, 5_600), at(7_700, 5_700), at(7_600, 6_600), at(6_000, 6_500)),
        ),
        (
            KIND.BATTLE_POSITION,
            enemy,
            "BP 4",
            "area",
            (at(6_800, 8_200), at(7_800, 8_200), at(7_800, 8_900), at(6_800, 8_800)),
        ),
        (KIND.OBSTACLE, enemy, "7", "line", (at(5_800, 6_900), at(8_200, 7_000))),
        (KIND.TARGET_REFERENCE_POINT, own, "A1", "point", (at(2_300, 6_400),)),
        (
            KIND.NO_FIRE_AREA,
            own,
            "CHURCH",
            "area",
            (at(8_300, 4_100), at(9_300, 4_100), at(9_300, 4_800), at(8_300, 4_800)),
        ),
        (KIND.CHECKPOINT, own, "3", "point", (at(5_000, 4_300),)),
        (KIND.SUPPORT_BY_FIRE, own, "HAWK", "line", (at(1_400, 5_900), at(2_000, 6_100))),
    )
    return tuple(
        ControlMeasure(id=f"cm.{index}", kind=kind, side=side, name=name, geometry=geometry, points=points)
        for index, (kind, side, name, geometry, points) in enumerate(drawn)
    )


def hand_made() -> tuple[Scenario, dict[str, bytes]]:
    heights, cover, count = grids()
    blobs = {sha256_hex(heights): heights, sha256_hex(cover): cover}
    grid = {"rows": count, "cols": count, "cell_cm": CELL_M * 100}
    river = tuple(at(east, river_north(east)) for east in range(0, SIDE_M + 1, 250))
    units = (
        *battalion(SideId.OWN, 1_300, INFANTRY),
        *battalion(SideId.ENEMY, 7_300, ARMOUR),
        unit("civil.1", SideId.CIVIL, None, Echelon.PLATOON, INFANTRY, at(5_000, 3_300)),
    )
    routes = tuple(
        Route(
            id=f"rt.own.1.{company}.1",
            unit=f"own.1.{company}",
            mobility=Mobility.FOOT,
            points=(
                at(1_600 * company + 900, 1_650),
                at(5_000, 4_300),
                at(5_000, 5_400),
                at(4_300 + 300 * company, 7_000),
            ),
            length_cm=600_000,
            duration_s=4_000,
        )
        for company in range(1, 4)
    )
    scenario = Scenario(
        title="Attack on the crossing at Brenna: reinforced infantry battalion against a tank battalion",
        summary="Made by hand.",
        recipe=Recipe(
            engine_version="test",
            intent=Intent(),
            seed=7,
            options=Options(),
            catalogue_sha256="0" * 64,
            assumed=("mission=attack",),
        ),
        area=Area(
            name="Brenna Valley",
            origin=GeoPoint(lat_e7=541_000_000, lon_e7=253_000_000),
            side_m=SIDE_M,
            cell_m=CELL_M,
            utm_zone="35N",
        ),
        terrain=Terrain(
            kinds=(TerrainKind.RURAL, TerrainKind.RIVER),
            heights=Grid(sha256=sha256_hex(heights), kind="height_cm_i32", **grid),
            cover=Grid(sha256=sha256_hex(cover), kind="cover_u8", **grid),
            min_height_cm=10_000,
            max_height_cm=30_000,
            roads=(
                Road(id="rd.1", kind="highway", points=(at(5_000, 0), at(5_000, 10_000))),
                Road(id="rd.2", kind="road", points=(at(0, 3_300), at(5_000, 3_300), at(10_000, 2_900))),
                Road(id="rd.3", kind="track", points=(at(2_000, 0), at(2_300, 3_300), at(2_600, 10_000))),
            ),
            water_courses=(WaterCourse(id="wc.1", name="Brenna", width_cm=6_000, points=river),),
            crossings=(
                Crossing(
                    id="x.1", kind="bridge", name="Brenna Bridge", at=at(5_000, river_north(5_000)), load_class=60
                ),
                Crossing(id="x.2", kind="ford", name="Miller's Ford", at=at(2_400, river_north(2_400)), load_class=24),
            ),
            settlements=(
                Settlement(
                    id="st.1",
                    name="Brenna & Söhne <Ost>",
                    at=at(5_000, 3_300),
                    radius_cm=60_000,
                    population=5_400,
                    buildings=tuple(at(4_600 + 90 * i, 3_000 + 97 * (i * 7 % 6)) for i in range(9)),
                ),
                Settlement(id="st.2", name="Kolm", at=at(9_900, 2_900), radius_cm=20_000, population=300, buildings=()),
            ),
            features=(Feature(id="ft.1", name="Raven Hill", kind="hill", at=at(3_000, 8_000)),),
        ),
        environment=Environment(
            start="2026-06-01T02:00:00Z",
            utc_offset_min=120,
            sunrise_min=280,
            sunset_min=1_300,
            moon_percent=40,
            light="night",
            weather=(
                WeatherSpell(
                    start_s=0,
                    kinds=(WeatherKind.CLEAR,),
                    temperature_dc=120,
                    wind_cm_s=300,
                    wind_from_deg=270,
                    visibility_m=9_000,
                    cloud_percent=20,
                    precipitation_um_h=0,
                ),
            ),
        ),
        exercise=Exercise(duration_s=6 * 3600, phases=(Phase(id="ph.1", name="Approach", start_s=0, end_s=6 * 3600),)),
        sides=(
            Side(id=SideId.OWN, name="Blue", affiliation=Affiliation.FRIEND),
            Side(id=SideId.ENEMY, name="Red", affiliation=Affiliation.HOSTILE),
            Side(id=SideId.CIVIL, name="Civil", affiliation=Affiliation.NEUTRAL),
        ),
        units=units,
        objectives=(
            Objective(
                id="obj.1",
                name="Brenna Bridge",
                kind=ObjectiveKind.BRIDGE,
                at=at(5_000, river_north(5_000)),
                radius_cm=25_000,
                held_by=SideId.ENEMY,
                reason="The only heavy crossing.",
            ),
        ),
        control_measures=measures(),
        routes=routes,
        tasks=(
            Task(
                id="tk.1",
                unit="own.1.1",
                verb=TaskVerb.SEIZE,
                target=None,
                objective="obj.1",
                route="rt.own.1.1.1",
                start_s=0,
                end_s=7_200,
                phase="ph.1",
                purpose="Open the crossing.",
            ),
        ),
        injects=(
            Inject(
                id="inj.1",
                number=1,
                title="Drone overhead",
                trigger="time",
                at_s=600,
                after=(),
                threat="drones",
                sender="EXCON",
                recipient="own.1",
                channel="radio",
                location=at(4_000, 4_000),
                text="Small drone seen.",
                expected_action="Report and take cover.",
                training_objective="to.1",
                assessor="OC 1",
            ),
        ),
        training_objectives=(
            TrainingObjective(id="to.1", statement="React to drones.", measures=("Report in 2 min",)),
        ),
        roe=RulesOfEngagement(level=Roe.RESTRICTIVE, rules=("Positive identification.",)),
        opord=Opord(situation="S.", mission="M.", execution="E.", sustainment="Sus.", command_and_signal="C."),
    )
    return scenario, blobs
