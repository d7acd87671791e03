"""What stands in a scenario: symbols, equipment, events, order, time and place."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import milsymbol
import pytest

from workbench.scenario import Composition, load_catalogue
from workbench.scenario.composer.environment import parse_coordinates, parse_start
from workbench.scenario.intent import Echelon
from workbench.scenario.model import Affiliation, GeoPoint, SideId
from workbench.scenario.sidc import sidc

Composed = Callable[..., Composition]

STANDARD = Path(__file__).parents[5] / "shared/standards/siso-ref-010/entity_types_siso-ref-010_v33draft.csv"
KINDS = {"1": "PLATFORM", "3": "LIFE_FORM"}
DOMAINS = {"1": "LAND", "2": "AIR", "3": "SURFACE"}


def test_every_symbol_of_the_catalogue_is_drawn_for_each_affiliation() -> None:
    for key, kind in load_catalogue().kinds.items():
        for affiliation in Affiliation:
            code = sidc(kind.symbol, affiliation, kind.echelon)
            assert milsymbol.Symbol(code).is_valid(), (key, code)


def test_the_symbol_says_side_and_size() -> None:
    assert sidc("101211000000", Affiliation.HOSTILE, Echelon.BATTALION) == "10061000161211000000"


def test_entity_types_have_a_kind_domain_and_category_of_the_standard() -> None:
    if not STANDARD.exists():
        pytest.skip("the SISO-REF-010 table is not on this machine")
    with STANDARD.open(newline="") as lines:
        known = {(r["kind"], r["domain"].split(".")[-1], r["category"]) for r in csv.DictReader(lines)}
    catalogue = load_catalogue()
    types = [k.dis_type for k in catalogue.kinds.values()] + [e.dis_type for e in catalogue.equipment.values()]
    for dis_type in types:
        kind, domain, country, category, *_ = dis_type.split(".")
        assert country == "0"
        assert (KINDS[kind], DOMAINS[domain], category) in known, dis_type


def test_injects_are_tied_to_assessed_objectives_and_in_order(composed: Composed) -> None:
    scenario = composed(mission="attack", own_echelon="company", threats=("drones", "mines")).scenario
    goals = {goal.id for goal in scenario.training_objectives}
    times = [inject.at_s for inject in scenario.injects]
    assert times == sorted(times)
    for goal in goals:
        assert sum(inject.training_objective == goal for inject in scenario.injects) >= 2
    assert {inject.training_objective for inject in scenario.injects} == goals
    followers = [inject for inject in scenario.injects if inject.after]
    assert all(inject.trigger == "event" for inject in followers)


def test_the_order_speaks_of_the_units_objective_and_times_of_the_scenario(composed: Composed) -> None:
    scenario = composed(mission="attack", own_echelon="company").scenario
    order = scenario.opord
    own = next(unit for unit in scenario.units if unit.id == "own")
    (objective,) = scenario.objectives
    for paragraph in (order.mission, order.execution):
        assert objective.name in paragraph
    assert own.name in order.mission
    assert own.callsign in order.command_and_signal
    for element in (unit for unit in scenario.units if unit.parent == "own"):
        assert element.name.split(",")[0] in order.execution + order.situation
    assert re.search(r"\b\d{6}Z[A-Z]{3}\d{2}\b", order.execution)
    for text in order.model_dump().values():
        assert "  " not in text
        assert "None" not in text
        assert "_" not in text


def test_every_text_is_a_sentence_without_holes(composed: Composed) -> None:
    scenario = composed(mission="convoy", threats=("ied",), civilians="present").scenario
    texts = [text for inject in scenario.injects for text in (inject.text, inject.expected_action)]
    texts += [goal.statement for goal in scenario.training_objectives] + [scenario.summary]
    for text in texts:
        assert text[0].isupper() or text[0].isdigit(), text
        assert text.endswith("."), text
        assert "{" not in text


@pytest.mark.parametrize("light", ["night", "dusk"])
def test_the_exercise_starts_in_the_light_asked_for(composed: Composed, light: str) -> None:
    assert composed(mission="patrol", own_echelon="squad", time_of_day=light).scenario.environment.light == light


def test_start_and_place_are_taken_from_the_prompt(composed: Composed) -> None:
    scenario = composed(own_echelon="squad", start="2027-05-01T02:30", place="54.5, 25.25").scenario
    environment = scenario.environment
    assert environment.utc_offset_min == 120
    assert environment.start == "2027-05-01T00:30:00Z"
    origin = scenario.area.origin
    assert origin.lat_e7 < 545_000_000 < origin.lat_e7 + 1_000_000
    assert origin.lon_e7 < 252_500_000 < origin.lon_e7 + 1_600_000
    assert scenario.area.utm_zone == "35N"


def test_a_place_name_names_the_area(composed: Composed) -> None:
    assert composed(own_echelon="squad", place="Pabrade").scenario.area.name == "Pabrade"


def test_all_weather_asked_for_occurs_and_changes_over_time(composed: Composed) -> None:
    weather = composed(own_echelon="squad", weather=("fog", "rain", "snow")).scenario.environment.weather
    assert set(weather[0].kinds) == {"fog", "rain", "snow"}
    assert len(weather) >= 2
    assert len({spell.visibility_m for spell in weather}) > 1


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("54.1, 25.3", GeoPoint(lat_e7=541_000_000, lon_e7=253_000_000)),
        ("-33.9 18.4", GeoPoint(lat_e7=-339_000_000, lon_e7=184_000_000)),
        ("33.9S, 18.4W", GeoPoint(lat_e7=-339_000_000, lon_e7=-184_000_000)),
        ("0.1234567, 0.7654321", GeoPoint(lat_e7=1_234_567, lon_e7=7_654_321)),
        ("85.0, 10.0", None),
        ("54.1, 250.0", None),
        ("33UXR1078979314", None),
        ("Pabrade", None),
        ("", None),
        ("nan, inf", None),
    ],
)
def test_coordinates_are_read_exactly(text: str, point: GeoPoint | None) -> None:
    assert parse_coordinates(text) == point


@pytest.mark.parametrize(
    ("text", "day", "minute"),
    [
        ("02:00", None, 120),
        ("0430", None, 270),
        ("2027-05-01", "2027-05-01", None),
        ("2027-05-01T23:15Z", "2027-05-01", 1395),
        ("2027-02-30", None, None),
        ("25:00", None, None),
        ("next week", None, None),
        ("1801-01-01", None, None),
    ],
)
def test_a_start_is_read_as_far_as_it_says(text: str, day: str | None, minute: int | None) -> None:
    found_day, found_minute = parse_start(text)
    assert (found_day.isoformat() if found_day else None, found_minute) == (day, minute)


def test_strength_is_complete_at_every_resolution(composed: Composed) -> None:
    scenario = composed(mission="attack", own_echelon="brigade", own_type="infantry").scenario
    people = sum(unit.personnel for unit in scenario.units if unit.side is SideId.OWN)
    assert 1_000 < people < 6_000
