"""Files to start from: they pass the check, are found where they lie, and nothing is overwritten."""

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from sim import cli
from sim.experiments.check import checked
from sim.inputs.policies.named import load_policy
from sim.inputs.policies.policy import load_policy_file
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import override
from sim.names.actors import POLICY_KEYS


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def new(*words: str, code: int = 0) -> str:
    """Return what the command prints on both streams, after checking its code."""
    result = CliRunner().invoke(cli.app, ["new", *words])
    assert result.exit_code == code, result.output
    return result.output.strip()


def in_order(path: str) -> bool:
    """Return whether the check finds neither errors nor warnings."""
    found = checked([path])
    return not found.errors + found.warnings


@pytest.mark.parametrize("actor", POLICY_KEYS)
def test_a_policy_from_scratch_passes_the_check(actor: str) -> None:
    """One rule, and comments with all that its actor can do."""
    path = new("policy", "mine", "--actor", actor)
    assert in_order(path)
    assert len(load_policy_file(path).rules) == 1
    assert Path(path).read_text().startswith("# yaml-language-server: $schema=")


def test_a_policy_that_rests_on_another_does_as_that_one() -> None:
    """Until something in it is changed; whose it is follows from the other."""
    path = new("policy", "mine", "--extends", "in-kind", "--out", "folder")
    assert path == "folder/mine.yaml"
    assert in_order(path)
    mine, base = load_policy_file(path), load_policy("us", "in-kind")
    assert [rule.as_plain() for rule in mine.rules] == [rule.as_plain() for rule in base.rules]


def test_its_commented_lines_can_be_uncommented() -> None:
    """The thresholds that are offered are those of the other, as YAML."""
    text = Path(new("policy", "mine", "--extends", "in-kind")).read_text()
    block = text.partition("# thresholds:\n")[2].partition("# otherwise")[0].replace("#", "")
    assert yaml.safe_load(block) == {"sure": {"uniform": [0.4, 0.75]}, "affront": {"uniform": [0.45, 0.75]}}


def test_a_new_policy_is_found_from_where_it_lies() -> None:
    """An option of a run looks in the current folder first."""
    new("policy", "mine", "--extends", "in-kind")
    inputs = resolve(override(load_scenario("2020-soleimani"), "us=mine"))
    assert inputs.policies[0].name == "mine"


def test_a_policy_is_found_beside_its_scenario_too() -> None:
    """Where the current folder has none of that name."""
    new("policy", "mine", "--extends", "in-kind", "--out", "folder")
    new("scenario", "ours", "--out", "folder")
    inputs = resolve(override(load_scenario("folder/ours.yaml"), "us=mine"))
    assert inputs.policies[0].name == "mine"


@pytest.mark.parametrize("extends", [[], ["--extends", "2020-taji"]])
def test_a_scenario_passes_the_check(extends: list[str]) -> None:
    """By itself or resting on another, it can be resolved."""
    path = new("scenario", "mine", *extends)
    assert in_order(path)
    days = resolve(load_scenario(f"./{path}")).days
    assert days == 730


def test_nothing_is_overwritten_unless_forced() -> None:
    """The file that was there stays as it was."""
    Path("mine.yaml").write_text("precious")
    assert "--force" in new("scenario", "mine", code=2)
    assert Path("mine.yaml").read_text() == "precious"
    new("scenario", "mine", "--force")
    assert "scenario: mine" in Path("mine.yaml").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["policy", "mine"], "--actor:1:1: expected 'us'"),
        (["policy", "mine", "--actor", "usa"], "got 'usa'"),
        (["policy", "mine", "--extends", "in-knd"], "did you mean 'in-kind'?"),
        (["policy", "mine", "--extends", "in-kind", "--actor", "iran"], "expected a policy of 'iran', got one of 'us'"),
        (["policy", "../mine", "--actor", "us"], "expected a name for a policy"),
        (["scenario", "mine", "--extends", "2020-taj"], "did you mean '2020-taji'?"),
        (["scenario", "mine", "--actor", "us"], "an actor with a policy only"),
        (["theory", "mine"], "expected 'policy' or 'scenario'"),
    ],
)
def test_what_cannot_be_begun_is_said_in_a_line_and_nothing_written(words: list[str], said: str) -> None:
    """Code 2."""
    (line,) = new(*words, code=2).splitlines()
    assert said in line
    assert list(Path().iterdir()) == []
