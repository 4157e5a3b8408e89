"""The documents' figures are read as they are written, and what the model shows is held against them honestly."""

from pathlib import Path

import numpy as np
import pytest

from sim.errors import CrossfireError
from sim.evidence import observations, patterns
from sim.inputs.yaml.files import home, names_of


def test_every_figure_names_a_scenario_a_source_and_days_in_their_order() -> None:
    """A value, or a bound; and a paragraph that it comes from."""
    figures = observations.load_observations("documents.csv")
    assert len(figures) >= 8
    for one in figures:
        assert one.scenario in names_of("scenario")
        assert one.start < one.end
        assert "[" in one.source
        assert not (np.isnan(one.value) and np.isnan(one.low) and np.isnan(one.high))


def test_a_bad_figure_is_told_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second line has no date."""
    folder = tmp_path / "configs" / "observations"
    folder.mkdir(parents=True)
    text = (home() / "configs" / "observations" / "documents.csv").read_text().splitlines()
    (folder / "documents.csv").write_text(text[0] + "\n" + text[1].replace("2020-01-03", "soon") + "\n")
    monkeypatch.setattr(observations, "home", lambda: tmp_path)
    with pytest.raises(CrossfireError, match=r"documents\.csv:2"):
        observations.load_observations()


def test_a_figure_holds_inside_the_central_worlds_and_a_bound_where_worlds_reach_it() -> None:
    """Ninety worlds of a hundred lie in the interval; five in a hundred are enough for a bound."""
    figure = observations.load_observations()[0]
    values = np.arange(100.0)
    inside, outside = (observations._inside(_with(figure, value), values, 5.0, 95.0) for value in (50.0, 99.0))
    assert inside
    assert not outside
    bound = _with(figure, float("nan"), low=94.5)
    assert observations._inside(bound, values, 5.0, 95.0)
    assert not observations._inside(_with(figure, float("nan"), low=97.0), values, 5.0, 95.0)


def _with(one: observations.Observation, value: float, low: float = float("nan")) -> observations.Observation:
    fields = vars(one) | {"value": value, "low": low, "high": float("nan")}
    return observations.Observation(**fields)


def test_figures_and_patterns_come_with_what_was_wanted() -> None:
    """With few worlds the page is made all the same, and says how many hold."""
    shown, told = patterns.patterns(60), patterns.figures(60)
    found = [*shown, *told]
    assert {row["holds"] for row in (one.row() for one in found)} <= {"yes", "no"}
    assert all(one.wanted and one.came for one in found)
    page = patterns.evidence_page(shown, told, 60, 1)
    assert "| pattern | wanted |" in page
    assert page.count(" hold.") == 2


def test_sections_that_others_wrote_outlive_the_page_of_evidence(tmp_path: Path) -> None:
    """What is not theirs is written anew, and a page that is not there yet is begun."""
    page, found = tmp_path / "evidence.md", [observations.ObservationCheck("gaps", "many", "few", True, "acled-2020")]
    patterns.write_evidence(page, found, found, 7, 3)
    assert page.read_text(encoding="utf-8").startswith("# Evidence\n")
    section = "<!-- section mutants -->\nkept\n<!-- end of mutants -->"
    page.write_text(f"old\n\n{section}\n\nold too\n", encoding="utf-8")
    patterns.write_evidence(page, found, found, 7, 3)
    written = page.read_text(encoding="utf-8")
    assert "7 worlds each, seed 3" in written
    assert written.endswith(f"\n\n{section}\n")
    assert "old" not in written.replace("hold", "")
