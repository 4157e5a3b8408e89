"""Pages, resolved YAML and differences say what the data say, and read back as the same."""

import dataclasses
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import cli
from sim.errors import InputError
from sim.inputs.authoring import uses
from sim.inputs.authoring.as_yaml import flow, policy_yaml, scenario_as_said, scenario_yaml
from sim.inputs.authoring.differences import policies_differ, scenarios_differ
from sim.inputs.authoring.pages import claim_page, page, parameter_page, policy_page
from sim.inputs.claims import load_claims
from sim.inputs.policies.named import policy_files, policy_named
from sim.inputs.policies.policy import load_policy_file
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario, read_scenario, shipped_scenario
from sim.inputs.settings import changed
from sim.inputs.theory import load_parameters, load_situation
from sim.inputs.yaml.files import names_of
from sim.inputs.yaml.text import parse
from sim.names.actors import POLICY_KEYS
from sim.names.mechanisms import MECHANISMS


def crossfire(*words: str, code: int = 0) -> str:
    """Return what a command prints on both streams, after checking its code."""
    result = CliRunner().invoke(cli.app, list(words))
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize("name", names_of("scenario"))
def test_a_resolved_scenario_reads_back_as_the_same_worlds(name: str, tmp_path: Path) -> None:
    """All that can move a result is in it, so the hash of the inputs is the same."""
    scenario = load_scenario(name)
    (tmp_path / f"{name}.yaml").write_text(scenario_yaml(scenario))
    assert resolve(load_scenario(tmp_path / f"{name}.yaml")).hash8 == resolve(scenario).hash8


def test_a_resolved_scenario_says_where_each_value_is_from() -> None:
    """An option, a file of its own with its line, one that it extends, a table, a default."""
    lines = scenario_yaml(
        changed(load_scenario("2020-no-strike"), "", ["us=restraint"], ["iran_network=0.5"])
    ).splitlines()
    assert "  us: restraint  # --policy policies.us=restraint" in lines
    assert "  iran_network: 0.5  # --set iran_network=0.5" in lines
    assert "title: The strike that was not ordered  # scenarios/2020-no-strike.yaml:3" in lines
    assert "days: 730  # scenarios/2020-soleimani.yaml:8" in lines
    assert any(line.startswith("  branching: {") and line.endswith("  # configs/parameters.yaml") for line in lines)
    assert "  M01: 1  # default" in lines
    assert any(line.startswith("#   Camp Taji: {") for line in lines)


def test_a_scenario_whose_worlds_draw_their_theory_reads_back_too(tmp_path: Path) -> None:
    """With the weights of the theories in place of readings, and what was fitted told as fitted."""
    scenario = changed(load_scenario("2020-taji"), "documents:1,proxies:3")
    text = scenario_yaml(scenario)
    assert "theories: {documents: 1, proxies: 3}  # --theory" in text
    (tmp_path / "2020-taji.yaml").write_text(text)
    assert resolve(load_scenario(tmp_path / "2020-taji.yaml")).hash8 == resolve(scenario).hash8
    (row,) = scenarios_differ(resolve(load_scenario("2020-taji")), resolve(scenario))
    assert row["what"] == "theory"


def test_a_scenario_as_said_has_only_what_its_files_say() -> None:
    """No table of parameters, and the line of each value; it reads back too."""
    text = scenario_as_said(load_scenario("2020-taji"))
    assert "parameters:" not in text
    assert read_scenario(parse(text)).form.days == 730


@pytest.mark.parametrize("name", list(policy_files()))
def test_a_policy_whole_reads_back_as_the_same(name: str, tmp_path: Path) -> None:
    """Conditions, options, limits, claims, thresholds, defaults."""
    policy = policy_named(name)
    path = tmp_path / f"{policy.name}.yaml"
    path.write_text(policy_yaml(policy))
    assert load_policy_file(path).as_plain() == policy.as_plain()


@pytest.mark.parametrize("word", ["no", "12:30", "a: b", "2020-01-03", "1", "true", "", "null", "é", "[x", "#", "y"])
def test_text_stays_text(word: str) -> None:
    """What YAML would read otherwise is quoted."""
    assert parse(f"a: {flow(word)}").values == {"a": word}


@pytest.mark.parametrize("name", list(policy_files()))
def test_a_policy_page_numbers_every_rule_in_its_lane(name: str) -> None:
    """As many sentences as rules, under a heading for each lane in use."""
    policy = policy_named(name)
    lines = policy_page(policy).splitlines()
    assert len([line for line in lines if line[:1].isdigit()]) == len(policy.all_rules)
    assert {line[3:].lower() for line in lines if line.startswith("## ")} >= {rule.lane for rule in policy.all_rules}


def test_a_policy_page_says_what_an_action_needs_and_where_nothing_is_done() -> None:
    """Means in words, and the lanes without a rule."""
    text = policy_page(policy_named("us/in-kind"))
    assert "Needs: US troops, work not suspended." in text
    assert "No rule stands in money, politics and presence: nothing is done there." in text
    assert "[M47; restraint-2020 [16]]" in text


def test_a_theory_page_gives_each_reading_and_who_chooses_it() -> None:
    """The chosen one above, the documents' own ones below."""
    above, below = page("theory", "proxies").split("## What it leaves")
    assert "- M02, factions act on their own: **proxies**. Iran's order is the switch" in above
    assert "**revenge**" in below


def test_a_claim_page_lists_all_that_rests_on_it() -> None:
    """Rules of the model, parameters, policies, theories, tests; a mechanism by its title too."""
    text = claim_page("M01")
    assert "1 theory: " in text
    assert "`deterrence` (reads it as deterrence)" in text
    assert "`factions/political-stake` (answer-for-the-own-camp)" in text
    assert "`revenge_per_strike`" in text
    assert "rules/test_mechanisms.py: " in text
    assert page("mechanism", "strikes give a motive to answer") == text


@pytest.mark.parametrize("claim", load_claims())
def test_every_claim_has_a_page(claim: str) -> None:
    """Each mechanism rests in some rule of the model."""
    text = claim_page(claim)
    assert text.startswith(f"# {claim}: ")
    assert claim[0] == "P" or " of the model: `" in text


def test_without_tests_a_claim_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed Crossfire has none."""
    monkeypatch.setattr("sim.inputs.authoring.pages.tests_folder", lambda: None)
    assert "tests are not part of an installed Crossfire" in claim_page("M01")


def test_a_parameter_page_has_spread_source_and_readers() -> None:
    """A histogram whose shares add up, and the rule that reads the parameter."""
    text = parameter_page("attack_tempo")
    assert "read by: `militias.attack_rate`" in text
    shares = [int(line.split()[-1].rstrip("%")) for line in text.splitlines() if line.endswith("%")]
    assert len(shares) == 12
    assert 94 <= sum(shares) <= 106


def test_every_parameter_is_read_by_some_rule() -> None:
    """What no rule reads would be an idle promise; each page can be made."""
    for table, letter in ((load_parameters(), "p"), (load_situation(), "s")):
        for name in table:
            assert parameter_page(name).startswith(f"# {name}")
            assert uses.rules_that_read(f"{letter}.{name}"), name


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["describe", "policy", "inkind"], "did you mean 'in-kind'?"),
        (["describe", "policy", "us/inkind"], "did you mean 'us/in-kind'?"),
        (["describe", "theory", "proxy"], "did you mean 'proxies'?"),
        (["describe", "claim", "M00"], "expected a claim such as M01"),
        (["describe", "mechanism", "P01"], "expected a mechanism such as M01"),
        (["describe", "parameter", "atack_tempo"], "did you mean 'attack_tempo'?"),
        (["describe", "scenario", "2020-taj"], "did you mean '2020-taji'?"),
        (["describe", "polcy", "x"], "did you mean 'policy'?"),
        (["show", "scenario", "2020-taj", "--resolved"], "did you mean '2020-taji'?"),
        (["show", "scenario", "2020-taji", "--theory", "proxy"], "did you mean 'proxies'?"),
        (["show", "scenario", "2020-taji", "--policy", "us=inkind"], "did you mean 'in-kind'?"),
        (["show", "scenario", "2020-taji", "--set", "us_troops=-5"], "us_troops"),
        (["show", "policy", "inkind"], "did you mean 'in-kind'?"),
        (["show", "thing", "x"], "a results folder alone"),
        (["diff", "2020-taj", "2020-taji"], "did you mean '2020-taji'?"),
        (["diff", "2020-taji", "in-kind"], "one of each"),
        (["diff", "2020-taji"], "a second one, or options"),
        (["diff", "in-kind", "restraint", "--set", "x=1"], "options with scenarios only"),
        (["describe", "policy", "nothing.yaml"], "no such file"),
    ],
)
def test_an_unknown_name_ends_with_2_and_the_nearest(words: list[str], hint: str) -> None:
    """In one line."""
    (line,) = crossfire(*words, code=2).splitlines()
    assert hint in line


def test_policies_of_two_actors_by_one_name_need_the_actor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nobody knows which is meant."""
    files = {f"{key}/restraint": Path(f"{key}.yaml") for key in POLICY_KEYS}
    monkeypatch.setattr("sim.inputs.policies.named.policy_files", lambda: files)
    with pytest.raises(InputError, match="one of 'us/restraint' or"):
        policy_named("restraint")


def test_scenarios_differ_in_what_was_changed_and_in_nothing_else() -> None:
    """A reading, a seat, a number, an event; the same scenario differs in nothing."""
    base = load_scenario("2020-taji")
    other = changed(base, "deterrence", ["us=restraint"], ["us_troops=2500", "events.oil-price-halved=null"])
    rows = scenarios_differ(resolve(base), resolve(other))
    assert [row["what"].split(",")[0] for row in rows] == [
        "M01", "M43", "M45", "policy of us", "situation us_troops", "event oil-price-halved",
    ]  # fmt: skip
    assert (rows[0]["first"], rows[0]["second"]) == ("revenge", "deterrence")
    assert rows[5]["second"] == ""
    assert scenarios_differ(resolve(base), resolve(base)) == []


def test_policies_differ_by_rule_part_threshold_and_order() -> None:
    """A changed option and a changed condition are rows of their own; a rule that one lacks is told whole."""
    policy = policy_named("us/in-kind")
    first, *rest = policy.rules
    other = dataclasses.replace(policy, rules=(dataclasses.replace(rest[0], cooldown=7), first, *rest[2:]))
    rows = {row["what"]: (row["first"], row["second"]) for row in policies_differ(policy, other)}
    assert rows["rule answer-the-dead, cooldown"] == ("", "7")
    assert rows["rule answer-the-wounded"][0].startswith("When an attack on a US site")
    assert rows["rule answer-the-wounded"][1] == ""
    assert "order in response" in rows
    assert policies_differ(policy, policy) == []


def test_differences_come_as_a_table_and_as_json() -> None:
    """Of scenarios, of one with options, of policies; nothing is said to be nothing."""
    assert "2020-no-strike" in crossfire("diff", "2020-soleimani", "2020-no-strike")
    plain = json.loads(crossfire("diff", "2020-taji", "--policy", "us=restraint", "--json"))
    assert plain["differences"] == [{"what": "policy of us", "first": "in-kind", "second": "restraint"}]
    assert "no difference" in crossfire("diff", "2020-taji", "2020-taji")
    assert "threshold sure" in crossfire("diff", "in-kind", "us/restraint")


def test_readings_of_mechanisms_are_all_on_their_pages() -> None:
    """Each rival reading with its text."""
    for mechanism in [mechanism for mechanism in MECHANISMS if mechanism.readings]:
        text = claim_page(mechanism.id)
        assert all(f"read as **{reading}**" in text for reading in mechanism.readings)


# Names and narrow terminals --------------------------------------------------------------------------------------


@pytest.fixture
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a scenario and a policy of one's own."""
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(
        "policy: mine\nactor: us\npurpose: x\nextends: in-kind\nthresholds: {sure: 0.123456}\n", encoding="utf-8"
    )
    Path("my-scenario.yaml").write_text(
        "scenario: my-scenario\ntitle: Mine\npurpose: x\nextends: 2020-taji\nsituation: {us_troops: 2500}\n",
        encoding="utf-8",
    )


@pytest.mark.usefixtures("own_files")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["diff", "in-kind", "mine"], "0.123456"),
        (["diff", "us/in-kind", "us/mine"], "0.123456"),
        (["diff", "2020-taji", "my-scenario"], "2,500"),
        (["describe", "policy", "mine"], "A policy of `us`"),
        (["describe", "scenario", "my-scenario"], "# Mine"),
        (["show", "policy", "mine"], "policy: mine"),
        (["show", "scenario", "my-scenario"], "scenario: my-scenario"),
        (["show", "scenario", "my-scenario", "--policy", "us=mine"], "us: mine"),
        (["check", "mine", "my-scenario", "in-kind"], "3 files, 0 errors"),
    ],
)
def test_names_are_looked_for_in_the_current_folder_by_every_command(words: list[str], told: str) -> None:
    """As --policy and --vary do."""
    result = CliRunner().invoke(cli.app, words)
    assert result.exit_code == 0, result.output
    assert told in result.stdout


@pytest.mark.usefixtures("own_files")
def test_a_file_of_another_kind_does_not_hide_a_shipped_one() -> None:
    """A policy called as a scenario is leaves the scenario to be found; one's own of that kind comes first."""
    Path("2020-taji.yaml").write_text("policy: 2020-taji\nactor: us\npurpose: x\n", encoding="utf-8")
    assert load_scenario("2020-taji").form.title != "Mine"
    Path("2020-taji.yaml").write_text(
        "scenario: 2020-taji\ntitle: Own\npurpose: x\nextends: 2020-soleimani\n", encoding="utf-8"
    )
    assert load_scenario("2020-taji").form.title == "Own"
    assert shipped_scenario("2020-taji").form.title != "Own"


@pytest.mark.usefixtures("own_files")
@pytest.mark.parametrize("columns", [40, 80, 110, 200])
def test_differences_can_be_read_at_any_width(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both values, without an ellipsis."""
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in (["diff", "in-kind", "mine"], ["diff", "in-kind", "restraint"]):
        told = CliRunner().invoke(cli.app, words).stdout
        assert "uniform from 0.4 to 0.75" in told
        assert "…" not in told


def test_an_action_and_a_perception_have_pages() -> None:
    """What they mean, who has them, which shipped policies use them."""
    strike = page("action", "us/strike")
    assert "It belongs to the lane `response`" in strike
    assert "- needs: US troops in Iraq" in strike
    assert "us/in-kind (answer-the-dead" in strike
    assert page("action", "protest").count("## Of") == 2
    rung = page("perception", "rung")
    assert "- seen by: everybody" in rung
    assert "`rung == deadly_attack`" in rung
    sure = page("perception", "attribution")
    assert "- seen by: us" in sure
    assert "- in shipped policies of us: " in sure
    for words, hint in (
        (["action", "strik"], "did you mean 'strike'?"),
        (["perception", "rugn"], "did you mean 'rung'?"),
    ):
        assert hint in crossfire("describe", *words, code=2)


def test_the_ledger_and_categories_are_listed_as_they_are_written() -> None:
    """Titles by their number; underscores in categories."""
    rows = json.loads(crossfire("list", "claims", "--json"))["claims"]
    assert {"M01", "P01"} <= {row["name"] for row in rows}
    assert all(row["title"] for row in rows)
    seen = {row["name"]: row["values"] for row in json.loads(crossfire("list", "perceptions", "--json"))["perceptions"]}
    assert "deadly_attack" in seen["rung"]
