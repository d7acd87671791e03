"""The rule modules one by one, malformed input included."""

from fractions import Fraction

import pytest

from workbench.language import PromptReader
from workbench.language.clock import read_clock, start_candidates
from workbench.language.commands import find_commands
from workbench.language.durations import read_durations
from workbench.language.inflection import plural, verb_forms
from workbench.language.lexicon import Lexicon
from workbench.language.numbers import parse_number
from workbench.language.places import read_named_places, read_positions
from workbench.language.spelling import Speller
from workbench.language.tokens import fold, tokenize


def test_tokens_know_their_place_sentence_and_clause() -> None:
    text = "Anti-tank team, i.e. four men. Enemy’s “T-72” at 54.1 – go!"
    tokens = tokenize(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert [token.norm for token in tokens[:3]] == ["anti", "tank", "team"]
    assert {token.norm: token.sentence for token in tokens}["men"] == 0
    assert {token.norm: token.sentence for token in tokens}["enemy"] == 1


@pytest.mark.parametrize(
    ("word", "folded"), [("Enemy's", "enemy"), ("JÄGER", "jager"), ("forces’", "forces"), ("Straße", "straße")]
)
def test_words_are_folded_for_comparing(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", Fraction(12)), ("1.5", Fraction(3, 2)), ("twelve", Fraction(12)), ("thirty-six", Fraction(36)),
        ("two and a half", Fraction(5, 2)), ("half an", Fraction(1, 2)), ("a couple of", Fraction(2)),
        ("", None), ("many", None), ("1.2.3", None), ("twenty-twenty", None), ("-", None),
    ],
)  # fmt: skip
def test_numbers(text: str, value: Fraction | None) -> None:
    if value is None and text == "twenty-twenty":
        assert parse_number(text) == 20
    else:
        assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("6 hour patrol", 360), ("90 min", 90), ("24h", 1440), ("two days", 2880), ("thirty-six hours", 2160),
        ("a day and a half", 2160), ("half an hour", 30), ("1h30", 90), ("2 hrs 15 min", 135), ("for an hour", 60),
        ("from 06:00 to 18:00", 720), ("between 2200 and 0400", 360), ("lasts about three hours", 180), ("1.5 hours", 90),
        ("two and a half hours", 150), ("a week", None), ("0 min", None), ("99 weeks", None), ("twice a day", None),
        ("from 25:00 to 26:00", None), ("72 kilometres", None), ("1.999 hours", None),
    ],
)  # fmt: skip
def test_durations(text: str, minutes: int | None) -> None:
    found = read_durations(text)
    assert (max(found, key=lambda one: one.weight).value if found else None) == minutes


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("at 0200", "02:00"), ("0200Z", "02:00Z"), ("H-hour 0530", "05:30"), ("2:30 pm", "14:30"), ("5 am", "05:00"),
        ("start 02:00Z", "02:00Z"), ("120200ZMAY26", "2026-05-12T02:00Z"), ("on 14 June 2026 at 2230 local", "2026-06-14T22:30"),
        ("June 14, 2026", "2026-06-14"), ("2026-05-12T02:00Z", "2026-05-12T02:00Z"), ("12 am", "00:00"), ("12 pm", "12:00"),
        ("until 18:00", None), ("NLT 0400", None), ("2026", None), ("hill 1402", None), ("25:00", None), ("at 2570", None),
        ("31 June 2026", None), ("990200ZMAY26", None), ("12 May", None), ("13 pm", None), ("2026-13-45", None),
    ],
)  # fmt: skip
def test_start(text: str, start: str | None) -> None:
    found = start_candidates(read_clock(text))
    assert (found[0].value if found else None) == start


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("54.1, 25.3", "54.1, 25.3"), ("at 56.92N 23.97E", "56.92, 23.97"), ("33.9 S, 18.4 E", "-33.9, 18.4"),
        ("lat 54.68 lon 25.28", "54.68, 25.28"), ("54°41'N 25°17'E", "54.6833, 25.2833"),
        ("54° 41′ 15″ N, 25° 17′ 0″ E", "54.6875, 25.2833"), ("MGRS 35ULA1234567890", "35ULA1234567890"),
        ("grid 35U LA 12345 67890", "35ULA1234567890"), ("35ULA123456789", None), ("95.1, 25.3", None),
        ("54.1, 200.5", None), ("61ULA1234", None), ("version 1.2, 3.4.5", None),
    ],
)  # fmt: skip
def test_positions(text: str, place: str | None) -> None:
    found = list(read_positions(text))
    assert (found[0].value if found else None) == place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a raid near Rukla", "Rukla"), ("fighting in the Fulda Gap", "Fulda Gap"), ("in January", None),
        ("near the river", None), ("in MOUT", None), ("at Dawn", None), ("near São Tomé at night", "São Tomé"),
    ],
)  # fmt: skip
def test_named_places(lexicon: Lexicon, text: str, name: str | None) -> None:
    found = list(read_named_places(text, lexicon))
    assert (found[0].value if found else None) == name


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("batallion", "bataillon"),
        ("infantery", "infantry"),
        ("reconaissance", "reconnaissance"),
        ("duks", "dusk"),
        ("artilery", "artillery"),
    ],
)
def test_typos_are_mended(speller: Speller, wrong: str, right: str) -> None:
    assert speller.correct(wrong) == right


@pytest.mark.parametrize(
    "word", ["storey", "plane", "house", "course", "patio", "ride", "fright", "corpse", "rove", "compact", "brigand"]
)
def test_ordinary_words_are_left_alone(speller: Speller, word: str) -> None:
    assert speller.correct(word) == word


def test_inflection() -> None:
    assert verb_forms("man") == {"man", "mans", "manned", "manning"}
    assert verb_forms("seize") == {"seize", "seizes", "seized", "seizing"}
    assert verb_forms("occupy") == {"occupy", "occupies", "occupied", "occupying"}
    assert (plural("city"), plural("ambush"), plural("day")) == ("cities", "ambushes", "days")


def test_every_value_of_the_vocabulary_belongs_to_its_slot() -> None:
    import tomllib
    from importlib.resources import files

    from workbench.scenario import intent as vocabulary

    kinds = {
        "echelon": {vocabulary.Echelon}, "mission_verb": {vocabulary.Mission}, "mission_noun": {vocabulary.Mission},
        "branch": {vocabulary.ForceType, vocabulary.EnemyType}, "posture_verb": {vocabulary.Posture},
        "posture_noun": {vocabulary.Posture}, "terrain": {vocabulary.TerrainKind}, "weather": {vocabulary.WeatherKind},
        "time": {vocabulary.TimeOfDay}, "thing": {vocabulary.Threat, vocabulary.Asset}, "roe": {vocabulary.Roe},
        "civilians": {vocabulary.Civilians}, "objective": {vocabulary.ObjectiveKind},
    }  # fmt: skip
    tables = tomllib.loads(files("workbench.language").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    for concept, enums in kinds.items():
        allowed = {str(member) for enum in enums for member in enum} - {"unspecified"}
        assert set(tables[concept]) <= allowed, concept


def test_commands_are_found_whole_and_in_order() -> None:
    text = "Raid. Set the seed to 5 and run; then sign the release. Night."
    assert [text[span.start : span.end] for span in find_commands(text)] == [
        "Set the seed to 5 and run",
        "sign the release",
    ]
    assert find_commands("Raid a depot and withdraw; the signal is green") == []


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Our platoon is attacked by an enemy company", {"mission": "defend", "own_echelon": "platoon", "enemy_echelon": "company", "enemy_posture": "attacking"}),
        ("Blue tank battalion against red infantry brigade", {"own_type": "armor", "enemy_type": "infantry", "enemy_echelon": "brigade"}),
        ("Company assaults a hill defended by hostile marines", {"enemy_type": "marine", "enemy_posture": "defending", "own_type": "unspecified"}),
        ("OPFOR: airborne battalion. BLUFOR: mech company.", {"enemy_type": "airborne", "own_type": "mechanized", "own_echelon": "company"}),
        ("Insurgents ambush our convoy", {"mission": "convoy", "enemy_type": "irregular", "enemy_posture": "ambushing"}),
        ("the brigade's logistics battalion delivers ammunition", {"own_echelon": "battalion", "own_type": "logistics"}),
        ("squad pursues a retreating militia platoon", {"own_echelon": "squad", "enemy_echelon": "platoon", "enemy_posture": "withdrawing"}),
    ],
)  # fmt: skip
def test_who_is_who(reader: PromptReader, prompt: str, expected: dict[str, str]) -> None:
    intent = reader.read(prompt).intent.model_dump(mode="json")
    assert {name: intent[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("prompt", "threats", "assets"),
    [
        ("attack with air support", (), ("air",)),
        ("attack without air support", (), ()),
        ("defend under artillery fire, medevac on call", ("artillery",), ("medical",)),
        ("the enemy has drones, we have ATGMs", ("drones",), ("anti_tank",)),
        ("company supported by artillery against a battalion supported by helicopters", ("air",), ("artillery",)),
        ("no drones, mines or snipers, but IEDs", ("ied",), ()),
        ("mines are not expected, jamming is", ("ew",), ()),
        ("clear a minefield", ("mines",), ()),
    ],
)
def test_whose_weapon(reader: PromptReader, prompt: str, threats: tuple[str, ...], assets: tuple[str, ...]) -> None:
    intent = reader.read(prompt).intent
    assert (intent.threats, intent.own_assets) == (threats, assets)


@pytest.mark.parametrize(
    ("prompt", "name", "value"),
    [
        ("company attack, not at night", "time_of_day", "unspecified"),
        ("company attack, before first light", "time_of_day", "night"),
        ("company attack, villagers have fled", "civilians", "none"),
        ("company attack, villagers have not left", "civilians", "present"),
        ("rather than attack, the company delays", "mission", "delay"),
        ("no later than dusk the company attacks", "mission", "attack"),
        ("lands on a beach with a marine company", "mission", "amphibious"),
        ("engineers clear a lane through the wire", "mission", "breach"),
        ("nobody may shoot unless shot at; patrol", "roe", "restrictive"),
        ("tank fight in a town", "objective", "unspecified"),
        ("seize the town with tanks", "objective", "settlement"),
        ("patrol, there is no enemy", "enemy_type", "none"),
    ],
)
def test_single_slots(reader: PromptReader, prompt: str, name: str, value: str) -> None:
    assert getattr(reader.read(prompt).intent, name) == value
