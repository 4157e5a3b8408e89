"""What figures and their numbers ask for twice is read once, and never of other files than those that are there."""

from pathlib import Path

import numpy as np
import pytest

from sim import stats
from sim.names.measures import SERIES
from sim.plots import read_once
from sim.plots.places import ISIS, by_place
from sim.plots.weekly import fan_of
from sim.report.pictures import page_figures
from sim.results import Results
from tests.plots.test_plots import POLICIES, made_up

ATTACKS = next(measure for measure in SERIES if measure.name == "attacks")


@pytest.fixture(autouse=True)
def _nothing_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_once, "_READ", {})


def read_series(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return a list that grows by each reading of weekly series, with what was read."""
    seen: list[tuple[str, ...]] = []
    usual = Results.series_columns

    def counted(results: Results, columns: list[str], variant: str) -> object:
        seen.append((variant, *columns))
        return usual(results, columns, variant)

    monkeypatch.setattr(Results, "series_columns", counted)
    return seen


def test_a_figure_and_its_numbers_read_each_series_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of fans and places nothing is read a second time for the table."""
    results = made_up(tmp_path / "r", policies=POLICIES[:2], worlds=12)
    seen = read_series(monkeypatch)
    found = page_figures(results.folder, results.variants, ["fans", "isis_tiles"])
    assert all(one is not None and one.numbers is not None for one in found.values())
    values = [what for what in seen if len(what) > 1]  # without those that only count worlds
    assert values
    assert len(set(values)) == len(values)


def test_other_results_in_the_same_folder_are_read_anew(tmp_path: Path) -> None:
    """What is at hand is of the files by their checksums, not by their names."""
    before = made_up(tmp_path / "r", policies=POLICIES[:2], worlds=12)
    fan, places = fan_of(before, ATTACKS, before.variants[1]), by_place(before, before.variants[1], ISIS)
    for file in sorted((tmp_path / "r").iterdir()):
        file.unlink()
    after = made_up(tmp_path / "r", policies=POLICIES[:2], worlds=13)
    assert after.variants == before.variants
    frame = after.series_columns(["attacks"], after.variants[1])
    mean = frame[frame["week"] < 13]["attacks"].sum() / 13
    assert fan_of(after, ATTACKS, after.variants[1]).mean[0] == pytest.approx(mean)
    assert fan.mean[0] != pytest.approx(mean)
    assert by_place(after, after.variants[1], ISIS) != places


def test_results_of_another_folder_with_the_same_labels_are_read_by_themselves(tmp_path: Path) -> None:
    """Two folders, the same variants: each has its own numbers, in whatever order they are asked."""
    few, many = (made_up(tmp_path / str(n), policies=POLICIES[:2], worlds=n) for n in (12, 13))
    first, second = (fan_of(one, ATTACKS, one.variants[0]) for one in (few, many))
    assert not np.array_equal(first.mean, second.mean)
    assert np.array_equal(fan_of(few, ATTACKS, few.variants[0]).mean, first.mean)


def test_what_may_still_grow_is_read_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that broke off has no finished files: nothing of it is kept."""
    broken_off = made_up(tmp_path / "r", policies=POLICIES[:2], worlds=12, finish=False)
    seen = read_series(monkeypatch)
    fans = [fan_of(broken_off, ATTACKS, broken_off.variants[0]) for _ in range(2)]
    assert len(seen) == 2
    assert all(isinstance(one, stats.Fan) for one in fans)
    assert not read_once._READ


def test_no_more_is_kept_than_there_is_room_for(tmp_path: Path) -> None:
    """When it is full all goes, and what is asked for is right all the same."""
    results = made_up(tmp_path / "r", policies=POLICIES[:1], worlds=12)
    for k in range(2 * read_once.MOST + 1):
        assert read_once.read_once(results, (k,), lambda k=k: k) == k
        assert len(read_once._READ) <= read_once.MOST
