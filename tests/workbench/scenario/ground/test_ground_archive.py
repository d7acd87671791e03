"""The .pacai file: one archive for one composition, and a clear word about every damage."""

import io
import stat
import zipfile
from collections.abc import Callable

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.canonical import canonical_bytes, sha256_hex
from workbench.errors import ScenarioFileError
from workbench.scenario.archive import read_archive, write_archive
from workbench.scenario.composition import Composition
from workbench.scenario.intent import Intent, Roe
from workbench.scenario.model import (
    Affiliation,
    Area,
    Environment,
    Exercise,
    GeoPoint,
    Opord,
    Options,
    Recipe,
    RulesOfEngagement,
    Scenario,
    Side,
    SideId,
    WeatherSpell,
)
from workbench.scenario.streams import Streams
from workbench.scenario.terrain import TerrainWish, build_terrain

Members = list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def composition() -> Composition:
    """The emptiest scenario that the model allows, on real terrain."""
    built = build_terrain(TerrainWish(side_m=1_000), Streams(5))
    scenario = Scenario(
        title="Archive",
        summary="",
        recipe=Recipe(
            engine_version="test",
            intent=Intent(),
            seed=5,
            options=Options(),
            catalogue_sha256="0" * 64,
            assumed=(),
        ),
        area=Area(name="A", origin=GeoPoint(lat_e7=0, lon_e7=0), side_m=1_000, cell_m=10, utm_zone="31N"),
        terrain=built.terrain,
        environment=Environment(
            start="2026-05-01T04:00:00Z",
            utc_offset_min=0,
            sunrise_min=360,
            sunset_min=1080,
            moon_percent=50,
            light="day",
            weather=(
                WeatherSpell(
                    start_s=0,
                    kinds=(),
                    temperature_dc=150,
                    wind_cm_s=0,
                    wind_from_deg=0,
                    visibility_m=10_000,
                    cloud_percent=0,
                    precipitation_um_h=0,
                ),
            ),
        ),
        exercise=Exercise(duration_s=3_600, phases=()),
        sides=(Side(id=SideId.OWN, name="Blue", affiliation=Affiliation.FRIEND),),
        units=(),
        objectives=(),
        control_measures=(),
        routes=(),
        tasks=(),
        injects=(),
        training_objectives=(),
        roe=RulesOfEngagement(level=Roe.RESTRICTIVE, rules=()),
        opord=Opord(situation="", mission="", execution="", sustainment="", command_and_signal=""),
    )
    return Composition(scenario=scenario, blobs=built.blobs)


@pytest.fixture(scope="module")
def archive(composition: Composition) -> bytes:
    return write_archive(composition)


def members_of(archive: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [(name, opened.read(name)) for name in opened.namelist()]


def zipped(members: Members, change: Callable[[zipfile.ZipInfo], None] = lambda _: None) -> bytes:
    """A zip as the product writes it, each member's header open to change."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        for name, content in members:
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o100644 << 16
            change(member)
            opened.writestr(member, content)
    return target.getvalue()


def with_document(archive: bytes, change: Callable[[dict[str, object]], None]) -> bytes:
    name, text = members_of(archive)[0]
    document = orjson.loads(text)
    change(document)
    return zipped([(name, canonical_bytes(document)), *members_of(archive)[1:]])


def test_what_was_written_is_read_and_written_again_to_the_same_bytes(composition: Composition, archive: bytes) -> None:
    read = read_archive(archive)
    assert read.scenario == composition.scenario
    assert dict(read.blobs) == dict(composition.blobs)
    assert write_archive(read) == archive


def test_stock_unzip_reads_it(archive: bytes) -> None:
    names = [name for name, _ in members_of(archive)]
    assert names[0] == "scenario.json"
    assert names[1:] == sorted(names[1:])
    assert all(sha256_hex(content) == name.removeprefix("blobs/") for name, content in members_of(archive)[1:])


def test_a_composition_without_its_blobs_is_not_written(composition: Composition) -> None:
    with pytest.raises(ScenarioFileError, match="is missing"):
        write_archive(Composition(scenario=composition.scenario, blobs={}))
    more = dict(composition.blobs) | {sha256_hex(b"x"): b"x"}
    with pytest.raises(ScenarioFileError, match="not named by the document"):
        write_archive(Composition(scenario=composition.scenario, blobs=more))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/etc/passwd", "unsafe path '/etc/passwd'"),
        ("../outside", "unsafe path"),
        ("blobs/../../outside", "unsafe path"),
        ("C:evil", "unsafe path"),
        ("notes.txt", "expected scenario.json and blobs/<sha256>"),
        ("blobs/short", "expected scenario.json and blobs/<sha256>"),
        ("blobs/" + "A" * 64, "expected scenario.json and blobs/<sha256>"),
        ("blobs/" + sha256_hex(b"more"), "not named by the document"),
    ],
)
def test_a_member_that_does_not_belong_is_named(archive: bytes, name: str, says: str) -> None:
    with pytest.raises(ScenarioFileError, match=says):
        read_archive(zipped([*members_of(archive), (name, b"more")]))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_held_twice_is_named(archive: bytes) -> None:
    members = members_of(archive)
    with pytest.raises(ScenarioFileError, match=r"holds 'scenario\.json' twice"):
        read_archive(zipped([*members, members[0]]))


def test_an_archive_without_a_document_or_a_blob_is_refused(archive: bytes) -> None:
    with pytest.raises(ScenarioFileError, match=r"holds no scenario\.json"):
        read_archive(zipped(members_of(archive)[1:]))
    with pytest.raises(ScenarioFileError, match="is missing"):
        read_archive(zipped(members_of(archive)[:-1]))


def test_a_symbolic_link_and_a_compressed_member_are_refused(archive: bytes) -> None:
    def link(member: zipfile.ZipInfo) -> None:
        member.external_attr = (stat.S_IFLNK | 0o777) << 16

    def deflate(member: zipfile.ZipInfo) -> None:
        member.compress_type = zipfile.ZIP_DEFLATED

    with pytest.raises(ScenarioFileError, match="not a plain file: mode 120777"):
        read_archive(zipped(members_of(archive), link))
    with pytest.raises(ScenarioFileError, match="is compressed"):
        read_archive(zipped(members_of(archive), deflate))


def test_a_zip_bomb_is_refused_before_it_is_opened(archive: bytes) -> None:
    grown = bytearray(archive)
    at = grown.rindex(b"PK\x01\x02")
    grown[at + 20 : at + 28] = (2**31).to_bytes(4, "little") * 2
    with pytest.raises(ScenarioFileError, match="zip bomb"):
        read_archive(bytes(grown))


def test_too_many_members_are_refused(archive: bytes) -> None:
    many = [(f"blobs/{number:064x}", b"") for number in range(20)]
    with pytest.raises(ScenarioFileError, match="has 23 members, at most 16"):
        read_archive(zipped([*members_of(archive), *many]))


def test_a_damaged_blob_is_named(archive: bytes) -> None:
    members = members_of(archive)
    name, content = members[-1]
    with pytest.raises(ScenarioFileError, match=f"blob {name.removeprefix('blobs/')} is damaged"):
        read_archive(zipped([*members[:-1], (name, content[:-1] + bytes([content[-1] ^ 1]))]))


def test_another_version_is_refused_by_its_name(archive: bytes) -> None:
    with pytest.raises(ScenarioFileError, match=r"schema_version 'pacai\.scenario/99', expected"):
        read_archive(with_document(archive, lambda document: document.update(schema_version="pacai.scenario/99")))
    with pytest.raises(ScenarioFileError, match="has schema_version None"):
        read_archive(with_document(archive, lambda document: document.pop("schema_version") and None))


def test_an_invalid_field_is_named(archive: bytes) -> None:
    def shrink(document: dict[str, object]) -> None:
        document["area"]["side_m"] = 3  # type: ignore[index]

    with pytest.raises(ScenarioFileError, match=r"area\.side_m: input should be greater than or equal to 1000"):
        read_archive(with_document(archive, shrink))
    with pytest.raises(ScenarioFileError, match="surprise: extra inputs are not permitted"):
        read_archive(with_document(archive, lambda document: document.update(surprise=1)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "schema_version None"),
        (b'"pacai"', "schema_version None"),
        (b'{"schema_version":"pacai.scenario/1","seed":1.5}', "float at"),
        (b'{"schema_version":"pacai.scenario/1"}', "is not a valid scenario"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_a_document_that_is_no_scenario_is_refused(archive: bytes, text: bytes, says: str) -> None:
    with pytest.raises(ScenarioFileError, match=says):
        read_archive(zipped([("scenario.json", text), *members_of(archive)[1:]]))


def test_a_document_that_is_not_canonical_is_refused(archive: bytes) -> None:
    name, text = members_of(archive)[0]
    spaced = orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    with pytest.raises(ScenarioFileError, match="canonical form"):
        read_archive(zipped([(name, spaced), *members_of(archive)[1:]]))


def test_hidden_bytes_in_front_behind_or_between_are_refused(archive: bytes) -> None:
    for changed in (b"hidden" + archive, archive + b"hidden"):
        with pytest.raises(ScenarioFileError, match=r"one form|not a readable"):
            read_archive(changed)

    def later(member: zipfile.ZipInfo) -> None:
        member.date_time = (2026, 1, 1, 0, 0, 0)

    with pytest.raises(ScenarioFileError, match="one form"):
        read_archive(zipped(members_of(archive), later))


def test_the_bytes_are_those_of_the_stock_zip_writer(archive: bytes) -> None:
    assert zipped(members_of(archive)) == archive


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all" * 100])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    with pytest.raises(ScenarioFileError, match=r"not a readable \.pacai file"):
        read_archive(data)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_flipped_or_lost_bytes_never_pass_unnoticed(archive: bytes, data: st.DataObject) -> None:
    damaged = bytearray(archive)
    if data.draw(st.booleans()):
        del damaged[data.draw(st.integers(0, len(archive) - 1)) :]
    else:
        # Headers are where a parser breaks, so aim there half of the time.
        start = archive.rindex(b"PK\x01\x02") - 200 if data.draw(st.booleans()) else 0
        for _ in range(data.draw(st.integers(1, 4))):
            damaged[data.draw(st.integers(start, len(archive) - 1))] ^= data.draw(st.integers(1, 255))
    if bytes(damaged) != archive:
        with pytest.raises(ScenarioFileError):
            read_archive(bytes(damaged))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(ScenarioFileError):
        read_archive(data)
