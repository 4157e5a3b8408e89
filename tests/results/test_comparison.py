"""A comparison works each thing out once, from columns of all variants, and says what its parts say one by one."""

import json
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from sim import stats
from sim.errors import InputError
from sim.experiments.request import Request, variants_of
from sim.results import Results, comparison, exits, run_facts
from sim.results.comparison import Comparison, paired
from sim.running.execute import execute
from sim.running.run import ExecutorOptions

TWO = Request(("2020-soleimani",), worlds=12, days=90, vary=("us=restraint,in-kind",))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return a small comparison."""
    return execute(TWO, variants_of(TWO), out=tmp_path_factory.mktemp("r") / "r").results


def test_columns_of_all_variants_are_those_read_one_by_one(results):
    """Numbers, flags and categories, with nulls, of each variant in the order of its worlds."""
    measures = comparison.measures_of(results)
    columns = results.columns([m.name for m in measures])
    for label in results.variants:
        assert columns[label]["world"].tolist() == list(range(12))
        for m in measures:
            alone = results.column(m.name, label)
            together = columns[label][m.name]
            if m.kind == "category":
                assert together.tolist() == alone.tolist()
            else:
                assert np.array_equal(together, alone.astype(float), equal_nan=True)


def test_few_values_at_a_time_come_to_the_same(results, monkeypatch):
    """Memory is bounded, and nothing that is said depends on it."""
    whole = Comparison(results)
    said = whole.differences(), [whole.summary(label) for label in results.variants]
    monkeypatch.setattr(comparison, "VALUES_AT_A_TIME", 3 * 24)
    again = Comparison(results)
    assert (again.differences(), [again.summary(label) for label in results.variants]) == said


def test_differences_are_those_of_pairs_of_columns(results):
    """Second less first over the same worlds, as ``stats.paired_difference`` has them alone."""
    first, second = results.variants
    found = Comparison(results).differences()[second]
    for m in (m for m in comparison.measures_of(results) if not m.headline):
        pair = results.column(m.name, first), results.column(m.name, second)
        assert found[m.name] == stats.paired_difference(*pair, m, None, 90)


def test_what_is_asked_for_twice_is_read_once(results, monkeypatch):
    """A table, JSON and a report of one comparison read the outcomes together once."""
    read, columns = [], Results.columns
    monkeypatch.setattr(Results, "columns", lambda self, names: read.extend(names) or columns(self, names))
    compared = Comparison(results)
    for _ in range(2):
        compared.headline_summary(results.variants[0])
        compared.headline_differences()
    assert sorted(read) == sorted(m.name for m in compared.headlines)
    compared.differences()
    compared.summary(results.variants[1])
    assert sorted(read) == sorted(m.name for m in compared.measures)


def test_of_a_run_that_broke_off_the_worlds_that_both_have_are_compared():
    """In the order of the worlds, whatever else either of them has."""
    first = {"world": np.array([0, 1, 2, 5]), "x": np.array([1.0, 2.0, 3.0, 4.0])}
    second = {"world": np.array([1, 2, 3]), "x": np.array([20.0, 30.0, 40.0])}
    a, b = paired(first, second, "x")
    assert a.tolist() == [2.0, 3.0]
    assert b.tolist() == [20.0, 30.0]


def test_results_have_one_comparison_for_the_same_preferences(results):
    """Nothing said is the same as no preference; other tie zones are another judgement; it cannot be changed."""
    one = results.comparison()
    assert results.comparison(stats.Preferences()) is one
    wide = stats.Preferences(ties={"us_killed": stats.Tie(1e6)})
    other = results.comparison(wide)
    assert other is not one
    assert results.comparison(stats.Preferences(ties={"us_killed": stats.Tie(1e6)})) is other
    assert other.verdict("us_killed", "in-kind") == "tie"
    with pytest.raises(FrozenInstanceError):
        one.preferences = wide


def test_what_was_shown_early_is_not_worked_out_again(tmp_path):
    """Results in files know what the table was made of, and say the same as files that nobody looked at before."""
    seen = []
    options = ExecutorOptions(early=lambda there: seen.append(there.comparison()))
    done = execute(TWO, variants_of(TWO), out=tmp_path / "r", options=options).results
    assert done.comparison() is seen[0]
    assert Results(done.folder).comparison().differences() == seen[0].differences()


def test_any_two_variants_are_compared_as_they_stand(results):
    """Over the worlds that both have, with no correction for other comparisons."""
    first, second = results.variants
    for m in comparison.headlines_of(results):
        alone = stats.paired_difference(*results.pair(m.name, second, first), m, None, 90)
        assert results.comparison().between(m, second, first) == alone


def test_exits_and_pairing_come_from_the_comparison(results, monkeypatch):
    """A variant is told by enough of its words; what is asked for twice is counted once."""
    asked = []
    counted = exits.incidence
    monkeypatch.setattr(comparison, "incidence", lambda *given: asked.append(given[1:]) or counted(*given))
    compared = Comparison(results)
    for words in ("in-kind", results.variants[1]):
        found = compared.incidence(words)
        assert found.day[-1] == 90
    assert asked == [(results.variants[1], None)]
    gone = 1 - found.ends[stats.ENDS[0]].share[-1]
    assert gone == pytest.approx(results.column("exited", "in-kind").mean())
    assert compared.pairing == run_facts.pairing_of(results)
    assert [one.variant for one in compared.pairing] == results.variants[1:]
    kept = json.loads((results.folder / "pairing.json").read_text())
    assert [one.as_plain() for one in compared.pairing] == kept


def test_what_is_not_there_is_refused_with_what_is(results):
    """A measure, a variant, the baseline against itself."""
    compared = results.comparison()
    with pytest.raises(InputError, match=r"measure:1:1: expected a measure, got 'exitd'; did you mean 'exited'\?"):
        compared.verdict("exitd", "in-kind")
    with pytest.raises(InputError, match=r"measure:1:1: expected a measure without categories .*, got exit_kind"):
        compared.verdict("exit_kind", "in-kind")
    with pytest.raises(InputError, match="variant:1:1: expected '2020-soleimani days=90 us=in-kind', got 'restraint'"):
        compared.verdict("exited", "restraint")
    with pytest.raises(InputError, match="got 'nobody'"):
        compared.summary("nobody")
