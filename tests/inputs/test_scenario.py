"""Scenarios: inheritance, overriding, and all names followed."""

import datetime
import json
import re
import shutil
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.inputs.claims import load_claims
from sim.inputs.resolve import Inputs, resolve
from sim.inputs.scenario import Scenario, ScenarioForm, load_scenario
from sim.inputs.settings import override, setting_path
from sim.inputs.theory import READINGS, load_parameters, resolve_theory
from sim.inputs.traits import load_factions, load_geography, load_house
from sim.inputs.yaml.files import home
from sim.names.actors import FACTIONS, GOVERNORATES, SEATS
from sim.names.mechanisms import MECHANISMS
from sim.names.quantities import PARAMETERS, SITUATION
from sim.names.script import SCRIPT_LEADERSHIP, SCRIPT_MOTION

SHIPPED = home()
BASE = """
scenario: base
title: The base
purpose: to extend
start: 2020-01-03
days: 730
house: 2018-regrouped
policies: {us: quiet, iran: quiet, government: quiet, factions: quiet}
theory: documents
situation: {us_troops: {uniform: [5200, 6000], source: "expulsion-2020 [18]"}}
factions: {badr: {stake: 0.5}}
switches: {presence_pinned: true}
events:
  killing: {day: 0, do: leadership_strike, with: {target: kataib_hezbollah, place: capital}}
  vote: {date: 2020-01-05, do: motion, claim: "expulsion-2020 [1]"}
"""
TOP = "scenario: top\ntitle: The top\npurpose: to test\nextends: base\n"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home with the shipped tables, quiet and loud policies for all, one theory, and a base scenario."""
    shutil.copytree(SHIPPED / "configs", tmp_path / "configs", ignore=shutil.ignore_patterns("policies", "theories"))
    (tmp_path / "configs" / "theories").mkdir()
    (tmp_path / "configs" / "theories" / "documents.yaml").write_text(
        "theory: documents\npurpose: as written\nreadings: {M21: casualty_cost}"
    )
    for key in ("us", "iran", "government", "factions"):
        folder = tmp_path / "configs" / "policies" / key
        folder.mkdir(parents=True)
        (folder / "quiet.yaml").write_text(f"policy: quiet\nactor: {key}\npurpose: nothing")
    (tmp_path / "configs" / "policies" / "us" / "loud.yaml").write_text(
        "policy: loud\nactor: us\npurpose: much\nthresholds: {deaths: {uniform: [1, 5]}}\n"
        "rules: [{name: answer, do: strike, when: us_killed_7d >= deaths, claim: P01}]"
    )
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "base.yaml").write_text(BASE)
    monkeypatch.setenv("CROSSFIRE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def base(house: Path) -> Scenario:
    """Return the base scenario."""
    assert house.is_dir()
    return load_scenario("base")


def on_top(house: Path, text: str) -> Inputs:
    """Return the inputs of a scenario that extends the base with ``text``."""
    (house / "scenarios" / "top.yaml").write_text(TOP + text)
    return resolve(load_scenario("top"))


def faults(house: Path, text: str) -> list[str]:
    """Return the problems of such a scenario, a line each, without their folder."""
    with pytest.raises(InputError) as caught:
        on_top(house, text)
    return [line.rpartition("/")[2] for line in str(caught.value).splitlines()]


def test_words_for_a_scripted_event_reach_its_story_and_move_nothing(house: Path) -> None:
    """``told`` is kept with the scripted event and stands outside the hash; empty words are refused."""
    plain = resolve(load_scenario("base"))
    path = house / "scenarios" / "top.yaml"
    path.write_text(TOP + "events: {killing: {told: A general was killed.}}\n")
    told = resolve(load_scenario("top"))
    assert [act.told for act in told.script] == ["A general was killed.", ""]
    assert told.hash8 == plain.hash8
    path.write_text(TOP + "events: {killing: {told: ''}}\n")
    with pytest.raises(InputError, match="told"):
        load_scenario("top")


def test_every_quantity_has_an_address(base: Scenario) -> None:
    """Parameters, situation, places, sites, blocs, factions and strengths are all there, nothing is left out."""
    quantities = resolve(base).quantities
    kinds = {name.split(":")[0] for name in quantities}
    assert kinds == {"parameter", "situation", "place", "site", "bloc", "faction", "ally", "mechanism"}
    assert {name[10:] for name in quantities if name.startswith("parameter:")} == set(PARAMETERS)
    assert {name[10:] for name in quantities if name.startswith("situation:")} == set(SITUATION)
    assert {name.split(":")[1] for name in quantities if name.startswith("place:")} == set(GOVERNORATES)
    assert [quantities[f"mechanism:{one.id}"].bounds() for one in MECHANISMS] == [(1, 1)] * len(MECHANISMS)


def test_a_scenario_overrides_the_tables(base: Scenario) -> None:
    """Its own situation and traits stand in the place of the shipped ones."""
    quantities = resolve(base).quantities
    assert quantities["situation:us_troops"].text() == "uniform from 5,200 to 6,000"
    assert quantities["faction:badr:stake"].bounds() == (0.5, 0.5)


def test_what_happens_is_in_order_of_days(base: Scenario) -> None:
    """A date becomes a day from the start, words become numbers, options not given their defaults."""
    first, second = resolve(base).script
    assert (first.name, first.day, first.kind, first.options) == ("killing", 0, SCRIPT_LEADERSHIP, (0.0, 0.0, 2.0, 0.0))
    assert (second.name, second.day, second.kind, second.options) == ("vote", 2, SCRIPT_MOTION, ())


def test_an_extending_scenario_merges_and_null_deletes(house: Path) -> None:
    """Events merge by name, a distribution is replaced whole, and the rest is inherited."""
    inputs = on_top(house, "events: {vote: null, killing: {day: 3}}\nsituation: {us_troops: {normal: [5000, 100]}}\n")
    assert [(act.name, act.day) for act in inputs.script] == [("killing", 3)]
    assert inputs.quantities["situation:us_troops"].kind == "normal"
    assert (inputs.days, inputs.switches["presence_pinned"], inputs.switches["caretaker_pinned"]) == (730, True, False)


def test_seats_share_a_policy_and_may_differ(house: Path) -> None:
    """One name serves all factions; a map gives each its own, read once where they agree."""
    same = on_top(house, "")
    assert len(same.policies) == 4
    assert same.policy_of == (0, 1, 2, *[3] * len(FACTIONS))
    (house / "configs/policies/factions/angry.yaml").write_text("policy: angry\nactor: factions\npurpose: x")
    names = ", ".join(f"{faction}: {'angry' if faction == 'badr' else 'quiet'}" for faction in FACTIONS)
    mixed = on_top(house, f"policies: {{factions: {{{names}}}}}")
    assert [mixed.policies[k].name for k in mixed.policy_of][SEATS.index("badr")] == "angry"
    assert len(mixed.policies) == 5


def test_thresholds_of_a_policy_are_quantities(base: Scenario) -> None:
    """Each threshold is drawn by its actor, policy and name."""
    inputs = resolve(override(base, "us=loud"))
    assert inputs.quantities["threshold:us:loud:deaths"].bounds() == (1, 5)


def test_a_theory_chooses_readings(base: Scenario) -> None:
    """What a theory does not name is read as the documents do."""
    readings = resolve(base).readings
    assert set(readings) == set(READINGS)
    assert {mechanism for mechanism, k in readings.items() if k} == {"M21"}
    assert resolve_theory({"M01": "deterrence"})["M01"] == 1


def test_an_earlier_start_takes_that_years_traits(house: Path) -> None:
    """Where a table has a trait for one year, a start in that year uses it."""
    early = on_top(house, "start: 2011-10-01\nhouse: 2010-judgement\nevents: {vote: null}")
    shares = load_geography().places["Anbar"].traits
    assert early.quantities["place:Anbar:isis_share"] == shares["isis_share_2011"] != shares["isis_share"]


@pytest.mark.parametrize(
    ("setting", "path"),
    [("us=loud", "policies.us"), ("M08=0", "mechanisms.M08"), ("theory=documents", "theory"), ("days=365", "days"),
     ("theory.M01=deterrence", "theory.M01"), ("situation.us_troops=2500", "situation.us_troops"),
     ("us_troops={uniform: [1, 2]}", "situation.us_troops"), ("revenge_half_life=20", "parameters.revenge_half_life"),
     ("factions=quiet", "policies.factions"), ("badr=quiet", "policies.factions.badr"),
     ("badr.stake=0.1", "factions.badr.stake"), ("caretaker_pinned=true", "switches.caretaker_pinned"),
     ("start=2020-01-01", "start"), ("events.vote=null", "events.vote"), ("vote.date=2020-02-01", "events.vote.date"),
     ("house=2010-judgement", "house")],
)  # fmt: skip
def test_any_path_can_be_overridden(base: Scenario, setting: str, path: str) -> None:
    """A path, whole or shortened while it is clear, is set and the result can be run."""
    assert setting_path(base, setting) == path
    assert resolve(override(base, setting)).name == "base"


def test_one_override_leaves_the_rest(base: Scenario) -> None:
    """Setting one faction, or one reading, keeps what the single name stood for."""
    one = override(override(base, "badr=quiet"), "theory.M01=deterrence")
    assert one.form.policies.factions == dict.fromkeys(FACTIONS, "quiet")
    assert resolve(one).readings == resolve(base).readings | {"M01": 1}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("us=lod", "--set us=lod:1:4: policies.us: expected a us policy ('loud' or 'quiet'), got 'lod'; did you mean"),
        ("M08=3", "--set M08=3:1:5: mechanisms.M08: expected a strength from 0 to 2, got 3"),
        ("days=many", "--set days=many:1:6: days: expected a whole number, got 'many'"),
        ("days=4000", "--set days=4000:1:6: days: expected a number of at most 3650, got 4000"),
        ("caretaker_pinned=yes", "--set caretaker_pinned=yes:1:18: switches.caretaker_pinned: expected true, false"),
        (
            "us_trops=1",
            "--set us_trops=1:1:1: expected a path of the scenario, got 'us_trops'; did you mean 'us_troops'",
        ),
        ("stake=1", "--set stake=1:1:1: expected one of 'factions.kataib_hezbollah.stake'"),
        ("theory.M01=fear", "--set theory.M01=fear:1:12: theory.M01: expected a reading of M01 ('revenge' or 'deterr"),
        ("us_troops={unform: [1, 2]}", "expected a kind of distribution"),
        ("us", "--set us:1:1: expected PATH=VALUE"),
        ("us=", "--set us=:1:1: expected PATH=VALUE"),
        ("us=../quiet", "--set us=../quiet:1:4: policies.us: expected the name of a us policy"),
        ("us=[1", "--set us=[1:1:6: expected well-formed YAML"),
    ],
)
def test_an_override_that_does_not_fit_says_so(base: Scenario, setting: str, said: str) -> None:
    """The option itself is the file, and the column counts into it."""
    with pytest.raises(InputError) as caught:
        resolve(override(base, setting))
    assert said in str(caught.value)


def test_faults_of_all_files_are_told_at_once(house: Path) -> None:
    """Unknown names of policies, parameters and theories come together, each at its place."""
    (house / "configs/policies/iran/bad.yaml").write_text("policy: bad\nactor: iran\npurpose: x\nrules: [{name: a}]")
    said = faults(house, "policies: {us: nobody, iran: bad}\nparameters: {revenge_halflife: 3}\ntheory: docments\n")
    assert [line.split(": expected")[0] for line in said] == [
        "top.yaml:7:9: theory", "top.yaml:5:16: policies.us", "bad.yaml:4:9: rules.0",
        "top.yaml:6:14: parameters.revenge_halflife",
    ]  # fmt: skip
    assert "did you mean 'documents'" in said[0]
    assert "did you mean 'revenge_half_life'" in said[3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("days: 0", "top.yaml:5:7: days: expected a number of at least 1, got 0"),
        ("hous: x", "top.yaml:5:1: hous: expected a known key"),
        ("mechanisms: {M99: 1}", "top.yaml:5:14: mechanisms.M99: expected a mechanism"),
        ("theory: {M03: revenge}", "top.yaml:5:10: theory.M03: expected a mechanism with rival readings"),
        ("factions: {bdr: {stake: 1}}", "top.yaml:5:12: factions.bdr: expected a faction"),
        ("factions: {badr: {stak: 1}}", "top.yaml:5:19: factions.badr.stak: expected a trait of a faction"),
        ("switches: {pinned: true}", "top.yaml:5:12: switches.pinned: expected a switch"),
        ("events: {x: {day: 1, do: stike}}", "top.yaml:5:26: events.x.do: expected something that a scenario can"),
        ("events: {x: {do: motion}}", "top.yaml:5:13: events.x: expected either 'day' or 'date', got neither"),
        ("events: {x: {day: 1, do: strike, with: {targt: badr}}}", "top.yaml:5:41: events.x.with.targt: expected"),
        (
            "events: {x: {date: 2019-01-01, do: motion}}",
            "top.yaml:5:20: events.x.date: expected a date from 2020-01-03",
        ),
        ("events: {x: {day: 1, do: motion, claim: P99}}", "top.yaml:5:41: events.x.claim: expected a claim of the led"),
        ("policies: {factions: {badr: quiet}}", "top.yaml:5:12: policies.factions: expected the key 'kataib_hezbolla"),
        ("house: 2019-regrouped", "top.yaml:5:8: house: expected a parliament"),
        ("extends: bse", "top.yaml:5:1: extends: expected each key once"),
    ],
)
def test_a_scenario_that_does_not_fit_is_refused_at_the_place(house: Path, text: str, said: str) -> None:
    """Each fault is met with file, line, column and what was expected."""
    assert any(said in line for line in faults(house, text))


def test_a_scenario_that_extends_itself_is_a_circle(house: Path) -> None:
    """A circle is noticed where it closes."""
    (house / "scenarios" / "top.yaml").write_text(TOP.replace("extends: base", "extends: top"))
    with pytest.raises(InputError, match=r"top.yaml:4:10: extends: .* a circle through 'top'"):
        load_scenario("top")


def test_a_path_to_a_users_own_file_works(house: Path, tmp_path: Path) -> None:
    """A scenario outside the shipped folders is given by path; names in it are sought beside it first."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "own.yaml").write_text(TOP.replace("top", "own") + "policies: {us: special}")
    (mine / "special.yaml").write_text("policy: special\nactor: us\npurpose: x")
    inputs = resolve(load_scenario(mine / "own.yaml"))
    assert inputs.policies[0].name == "special"
    assert house.is_dir()


def test_an_unknown_scenario_brings_the_nearest(house: Path) -> None:
    """A slip in the name of a scenario is met with the one that was meant."""
    assert house.is_dir()
    with pytest.raises(InputError, match=r"expected a scenario .* did you mean 'base'"):
        load_scenario("bse")


def test_the_hash_is_of_what_moves_results(base: Scenario, house: Path) -> None:
    """Titles and sources leave it alone; a number, a policy or the horizon does not."""
    same = resolve(base)
    assert re.fullmatch("[0-9a-f]{8}", same.hash8)
    (house / "scenarios" / "base.yaml").write_text(BASE.replace("The base", "Another").replace("[18]", "[19]"))
    assert resolve(load_scenario("base")).hash8 == same.hash8
    others = [resolve(override(base, one)).hash8 for one in ("days=365", "us=loud", "M08=0", "us_troops=5000")]
    assert len({same.hash8, *others}) == 5


def test_everything_can_be_written_as_json(base: Scenario) -> None:
    """The manifest holds all inputs as plain values, sources included."""
    plain = json.loads(json.dumps(resolve(base).plain()))
    assert plain["quantities"]["situation:us_troops"]["source"] == "expulsion-2020 [18]"
    assert (plain["scenario"], plain["start"]) == ("base", "2020-01-03")


def test_a_name_that_the_model_lacks_is_refused(house: Path) -> None:
    """A parameter that nothing reads, and one that the model needs and does not find, are both problems."""
    table = house / "configs" / "parameters.yaml"
    text = table.read_text(encoding="utf-8").replace("revenge_half_life:", "revenge_halflife:")
    table.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_parameters()
    stranger, missing = str(caught.value).splitlines()
    assert "got 'revenge_halflife'; did you mean 'revenge_half_life'" in stranger
    assert missing.endswith("expected the key 'revenge_half_life', got nothing")


def test_borders_are_drawn_on_both_sides(house: Path) -> None:
    """A place that names a neighbour which does not name it back is a problem."""
    table = house / "configs" / "geography.yaml"
    table.write_text(table.read_text(encoding="utf-8").replace("neighbours: [Babil, ", "neighbours: ["))
    with pytest.raises(InputError, match="names 'Babil' among its neighbours, got 'Baghdad'"):
        load_geography()


def test_seats_add_up_to_the_house(house: Path) -> None:
    """A bloc with a seat too many is noticed."""
    table = house / "configs" / "parliaments" / "2018-regrouped.yaml"
    table.write_text(table.read_text(encoding="utf-8").replace("seats: 48", "seats: 49"))
    with pytest.raises(InputError, match="members: expected 330, as the seats of the blocs add up to, got 329"):
        load_house("2018-regrouped")


def test_the_shipped_tables_are_whole() -> None:
    """Geography, factions, parameters and claims are read without a problem."""
    assert len(load_geography().neighbours()) == len(GOVERNORATES)
    assert list(load_factions()) == list(FACTIONS)
    assert set(load_parameters()) == set(PARAMETERS)
    assert {one.id for one in MECHANISMS} <= set(load_claims())


@pytest.mark.parametrize("name", sorted(path.stem for path in (SHIPPED / "scenarios").glob("*.yaml")) or ["none"])
def test_a_shipped_scenario_can_be_resolved(name: str) -> None:
    """Every shipped scenario is read, and every name in it leads somewhere."""
    if name == "none":
        pytest.skip("no scenarios are shipped yet")
    assert resolve(load_scenario(name)).name == name


def test_editors_can_be_given_a_schema() -> None:
    """The form of a scenario file is known to JSON Schema."""
    assert "policies" in ScenarioForm.model_json_schema()["properties"]


def test_the_start_is_a_date(base: Scenario) -> None:
    """Days count from a day of the calendar."""
    assert resolve(base).start == datetime.date(2020, 1, 3)


def test_a_value_outside_its_units_range_is_refused() -> None:
    """Nobody starts without troops, and no share is above one."""
    base = load_scenario("2020-soleimani")
    ranges = {
        "situation.us_troops=-5": "from 1 to 200000 .people", "parameters.trust_days=-1": "from 0 to 3650 .days",
        "situation.resolve=1.5": "from 0 to 1 .share",
    }  # fmt: skip
    for setting, said in ranges.items():
        with pytest.raises(InputError, match=said):
            resolve(override(base, setting))


def test_a_threshold_of_a_policy_can_be_set_and_swept() -> None:
    """A scenario gives a threshold another value by actor and name; the policy itself stays as it is."""
    base = load_scenario("2020-soleimani")
    inputs = resolve(override(base, "thresholds.us.sure=0.6"))
    assert inputs.quantities["threshold:us:in-kind:sure"].bounds() == (0.6, 0.6)
    assert inputs.hash8 != resolve(base).hash8
    spread = resolve(override(base, "thresholds.us.sure={uniform: [0.1, 0.2]}"))
    assert spread.quantities["threshold:us:in-kind:sure"].bounds() == (0.1, 0.2)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("thresholds.us.sur=1", "a threshold of 'in-kind' .* did you mean 'sure'"),
        ("thresholds.factions.sure=1", "expected no threshold"),
        ("thresholds.usa.sure=1", "a path of the scenario"),
        ("thresholds.us.sure=often", "a number"),
    ],
)
def test_a_threshold_that_no_policy_has_is_refused(setting: str, words: str) -> None:
    """The policies in the seats say what can be set."""
    with pytest.raises(InputError, match=words):
        resolve(override(load_scenario("2020-soleimani"), setting))
