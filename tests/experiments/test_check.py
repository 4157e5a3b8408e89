"""What ``crossfire check`` finds in files: errors, nonsense, citations of what is not there, rules that never act."""

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.evidence.idle_rules import idle_rules
from sim.experiments.check import checked
from sim.inputs.claims import missing_paragraphs
from sim.inputs.policies.named import load_policy
from sim.inputs.policies.policy import read_policy
from sim.inputs.resolve import resolve, seated
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import override
from sim.inputs.yaml.text import parse

HEAD = "policy: {name}\nactor: us\npurpose: to test\nrules:\n"


def written(folder: Path, name: str, rules: str) -> list[str]:
    """Return the path of a policy, in a list, after writing it."""
    path = folder / f"{name}.yaml"
    path.write_text(HEAD.format(name=name) + rules)
    return [str(path)]


def test_everything_shipped_is_in_order() -> None:
    """No error and no warning in any shipped file, each looked at once."""
    found = checked()
    assert (found.errors, found.warnings) == ([], [])
    assert found.files > 60


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("restraint-2020 [53]", "expected a paragraph of restraint-2020 from 1 to 52, got [53]"),
        ("restraint-2020 [0]", "got [0]"),
        ("restrain-2020 [4]", "got 'restrain-2020'; did you mean 'restraint-2020'?"),
    ],
)
def test_a_paragraph_that_does_not_exist_is_a_warning(claim: str, words: str, tmp_path: Path) -> None:
    """The ledger says how many paragraphs each document has."""
    found = checked(written(tmp_path, "cites", f"  - {{name: a, do: suspend, claim: [M01, '{claim}']}}\n"))
    (told,) = map(str, found.warnings)
    assert words in told
    assert ":5:" in told


def test_paragraphs_are_looked_for_in_every_text() -> None:
    """Sources of parameters and notes of scenarios cite as rules do."""
    document = parse("a: {source: 'ctg-2020 [7]; ctg-2020 [30]'}\nb: ['see crossfire-2024 [14]']", "x.yaml")
    assert [(p.line, p.column, p.got) for p in missing_paragraphs(document)] == [(1, 37, "[30]"), (2, 25, "[14]")]


def test_a_prediction_that_is_in_no_ledger_is_an_error(tmp_path: Path) -> None:
    """Of a policy by itself, as of a scenario."""
    found = checked(written(tmp_path, "cites", "  - {name: a, do: suspend, claim: P99}\n"))
    assert "got 'P99'" in str(found.errors[0])


def test_a_rule_that_never_acts_in_a_sample_is_told_with_what_it_lacked() -> None:
    """The one waits for what never comes, the other for means that it never has."""
    policy = read_policy(
        parse(
            HEAD.format(name="x")
            + """
  - {name: waits, when: us_killed_1d >= 5000, do: suspend, claim: M23}
  - {name: lacks, do: withdraw_threat, claim: M22}
  - {name: acts, do: refuse, claim: M21}
""",
            "x.yaml",
        )
    )
    told = [str(one) for one in idle_rules(policy, 2)]
    assert [line.split(": ")[1] for line in told] == ["rules.waits", "rules.lacks"]
    assert "none of 2 worlds of 2020-soleimani" in told[0]
    assert "lacked its means: an open threat stands" in told[1]


def test_a_scenario_is_sampled_by_itself() -> None:
    """All the policies in it are looked at, in its own worlds."""
    scenario = override(load_scenario("2021-quiet"), "days=30")
    told = idle_rules(scenario, 2)
    assert {p.file.split("/")[-2] for p in told} >= {"us", "iran"}
    assert all("2021-quiet" in p.got for p in told)


def test_a_policy_takes_the_seats_of_its_actor() -> None:
    """With its thresholds, and nothing else changed."""
    base = resolve(load_scenario("2020-soleimani"))
    other = resolve(override(load_scenario("2020-soleimani"), "factions=revenge-first"))
    assert seated(base, load_policy("factions", "revenge-first")).hash8 == other.hash8


def test_a_threshold_out_of_reach_is_an_error(tmp_path: Path) -> None:
    """In a policy's file and where a scenario or an option sets it; one that some world can reach is none."""
    rules = "  - {name: a, when: attribution > sure, do: suspend, claim: M01}\nthresholds: {sure: SURE}\n"
    found = checked(written(tmp_path, "far", rules.replace("SURE", "{uniform: [70, 80]}")))
    assert "thresholds.sure: expected a value that what it is compared with can have (attribution, 0 to 1)" in str(
        found.errors[0]
    )
    assert checked(written(tmp_path, "near", rules.replace("SURE", "{uniform: [0.9, 80]}"))).errors == []
    with pytest.raises(InputError, match=r"thresholds.us.sure: expected a value .*, got 70"):
        resolve(override(load_scenario("2020-soleimani"), "thresholds.us.sure=70"))


def test_no_troops_at_all_are_no_presence() -> None:
    """A scenario begins with somebody there."""
    with pytest.raises(InputError, match=r"from 1 to 200000 .people"):
        resolve(override(load_scenario("2020-soleimani"), "us_troops=0"))


def test_an_event_behind_the_end_is_warned_of(tmp_path: Path) -> None:
    """The last day is the one before the length of the scenario."""
    text = "scenario: late\ntitle: x\npurpose: x\nextends: 2020-taji\ndays: 30\nevents:\n"
    text += "  soon: {day: 29, do: attack, claim: M01}\n  late: {day: 30, do: attack, claim: M01}\n"
    (tmp_path / "late.yaml").write_text(text)
    (told,) = map(str, checked([str(tmp_path / "late.yaml")]).warnings)
    assert "late.yaml:8:9: events.late: expected a day from 0 to 29" in told
