"""The pages made from the code say what the files say, and the committed one is the one that would be made."""

from pathlib import Path

import pytest

from sim.pages import all_scenarios_page, scenario_page
from sim.yamlfile import names_of


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


def test_the_committed_page_is_the_one_that_would_be_made() -> None:
    """If this fails, run ``make pages``."""
    assert (Path(__file__).parents[1] / "docs" / "scenarios.md").read_text(encoding="utf-8") == all_scenarios_page()
