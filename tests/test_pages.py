"""The pages made from the code say what the files say, and the committed one is the one that would be made."""

import re
from pathlib import Path

import pytest
import typer

from sim import cli
from sim.experiments.check import checked
from sim.inputs.authoring.lists import REFERENCE, reference_page, rows_of
from sim.inputs.authoring.scenario_pages import all_scenarios_page, scenario_page
from sim.inputs.yaml.files import names_of

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", names_of("scenario"))
def test_a_scenario_has_a_page_with_its_position_and_sources(name: str) -> None:
    """Purpose, policies, and a row with a source for each quantity of the starting position."""
    page = scenario_page(name)
    assert page.startswith("# ")
    assert "## Who follows which policy" in page
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 30
    assert all(row.split("|")[4].strip() for row in rows if "**" not in row)


def test_what_is_scripted_and_pinned_is_told() -> None:
    """The attack with its site, the switch in words."""
    page = scenario_page("2020-taji-strike")
    assert "site Camp Taji" in page
    assert "no exit can be decided" in page


def test_the_committed_page_of_reference_is_the_one_that_would_be_made() -> None:
    """If this fails, run ``make pages``."""
    assert (DOCS / "reference.md").read_text(encoding="utf-8") == reference_page()


def test_the_page_of_reference_has_a_row_for_everything() -> None:
    """Each perception, action, measure, parameter and mechanism, in as many cells as its table has columns."""
    lines = reference_page().splitlines()
    for what in REFERENCE:
        for row in rows_of(what)[0]:
            assert any(line.startswith(f"| `{row['name']}` | ") for line in lines), row["name"]
    cells = [line.count(" | ") for line in lines if line.startswith("| ")]
    assert min(cells) >= 1
    assert max(cells) <= 5


def test_the_policies_of_the_guide_pass_the_check(tmp_path: Path) -> None:
    """Each worked example is a whole file, without a warning, and the last rests on the one before."""
    blocks = re.findall(r"```yaml\n(policy: ([a-z-]+)\n.*?)```", (DOCS / "policies.md").read_text(), re.DOTALL)
    assert len(blocks) >= 3
    paths = []
    for text, name in blocks:
        paths.append(tmp_path / f"{name}.yaml")
        paths[-1].write_text(text)
    found = checked([str(path) for path in paths])
    assert (found.errors, found.warnings) == ([], [])


def test_the_commands_of_the_guide_are_commands() -> None:
    """Each word after ``crossfire`` is one of its commands."""
    commands = set(typer.main.get_group(cli.app).commands)  # type: ignore[attr-defined]
    named = re.findall(r"crossfire ([a-z]+)", (DOCS / "policies.md").read_text())
    assert len(named) > 5
    assert set(named) <= commands


def test_the_committed_page_is_the_one_that_would_be_made() -> None:
    """If this fails, run ``make pages``."""
    assert (DOCS / "scenarios.md").read_text(encoding="utf-8") == all_scenarios_page()


def test_the_sweeps_of_the_guide_pass_the_check(tmp_path: Path) -> None:
    """Each is a whole file, without a warning."""
    blocks = re.findall(r"```yaml\n(sweep: ([a-z-]+)\n.*?)```", (DOCS / "sweeps.md").read_text(), re.DOTALL)
    assert len(blocks) >= 7
    for text, name in blocks:
        (tmp_path / f"{name}.yaml").write_text(text)
    found = checked([str(tmp_path / f"{name}.yaml") for _, name in blocks])
    assert (found.errors, found.warnings) == ([], [])
