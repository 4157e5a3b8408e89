"""Worlds that draw their theory: each lives as under its own alone, and finished results can be weighed anew."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import stats
from sim.errors import InputError
from sim.experiments.variants import Variant
from sim.inputs.distributions.quantities import Distribution, fixed
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import changed, override
from sim.inputs.theory import READINGS, TheoryShare, resolve_mixture
from sim.inputs.yaml.files import names_of
from sim.names.measures import OUTCOMES
from sim.results import Results, by_theory
from sim.running.api import compare, run
from sim.running.ensemble import run_worlds
from sim.running.one_world import OneWorld
from sim.stories.story import story

MIXED = "documents:3,deterrence:1"


def _variant(theory: str) -> Variant:
    return Variant("v", resolve(override(changed(load_scenario("2020-soleimani"), theory), "days=200")))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return two variants of 120 worlds that draw among two theories."""
    folder = tmp_path_factory.mktemp("mixed") / "results"
    return compare(
        "2020-soleimani", vary={"us": ["restraint", "in-kind"]}, worlds=120, theory=MIXED, days=200, out=folder
    )


def test_a_world_lives_as_it_would_under_the_theory_that_it_drew() -> None:
    """Outcomes and digests of 40 worlds are those of the theory alone, bit for bit."""
    variants = [_variant(MIXED), _variant("documents"), _variant("deterrence")]
    blocks = list(run_worlds(variants, 40, 1, threads=1, digests=True))
    names = blocks[0].theories
    assert set(names) == {"documents", "deterrence"}
    for i, name in enumerate(names):
        alone = blocks[1 + ["documents", "deterrence"].index(name)]
        assert blocks[0].outcomes[i].tobytes() == alone.outcomes[i].tobytes()
    for i in range(4):
        alone_one = OneWorld(_variant(names[i]), i).run_to(60)
        assert OneWorld(variants[0], i).run_to(60).digest() == alone_one.digest()


def _drawing(theories: dict[str, dict[str, int]], days: int) -> tuple[Variant, dict[str, Variant]]:
    """Return a variant whose worlds draw among theories, evenly, and the variant of each theory alone."""
    inputs = replace(_variant("documents").inputs, days=days)
    full = {name: dict(inputs.readings) | readings for name, readings in theories.items()}
    mixture = tuple(TheoryShare(name, 1 / len(full), readings) for name, readings in full.items())
    shares = Distribution("choice", tuple(map(float, range(len(full)))), None, tuple(one.share for one in mixture))
    mixed = replace(inputs, quantities=inputs.quantities | {"theory": shares}, mixture=mixture)
    return Variant("mixed", mixed), {n: Variant(n, replace(inputs, readings=readings)) for n, readings in full.items()}


def test_every_reading_of_every_mechanism_is_lived_by_the_worlds_that_draw_it() -> None:
    """Whatever reading a world draws, it is that of the theory's own worlds, bit for bit, and its label says so."""
    rival = {f"{m}-{k}": {m: k} for m, readings in READINGS.items() for k in range(1, len(readings))}
    mixed, alone = _drawing({"documents": {}} | rival, 420)
    worlds = 12 * len(alone)
    [block] = run_worlds([mixed], worlds, 1, threads=2, digests=True)
    assert set(block.theories) == set(alone)
    documents = next(iter(run_worlds([alone["documents"]], worlds, 1, threads=2, digests=True)))
    moved = set()
    for i, name in enumerate(block.theories):
        [one] = run_worlds([alone[name]], 1, 1, first=i, threads=1, digests=True)
        assert block.digests[i].tobytes() == one.digests[0].tobytes(), (i, name)
        assert block.outcomes[i].tobytes() == one.outcomes[0].tobytes(), (i, name)
        moved |= {name} if one.digests[0, -1] != documents.digests[i, -1] else set()
    assert len(moved) >= len(rival) - 2  # the test would notice: nearly every reading moves some world within 420 days


@settings(max_examples=12, deadline=None)
@given(st.dictionaries(st.sampled_from(list(READINGS)), st.integers(0, 1), max_size=14), st.integers(0, 10**6))
def test_any_theory_drawn_is_the_theory_lived(readings: dict[str, int], world: int) -> None:
    """A theory of any readings, drawn or given alone: the same world."""
    mixed, alone = _drawing({"documents": {}, "other": readings}, 60)
    [block] = run_worlds([mixed], 1, 1, first=world, threads=1, digests=True)
    [one] = run_worlds([alone[block.theories[0]]], 1, 1, first=world, threads=1, digests=True)
    assert block.digests.tobytes() == one.digests.tobytes()


def test_a_mixture_of_one_theory_is_that_theory_though_nothing_else_varies() -> None:
    """No column for a theory that all worlds share."""
    mixed, alone = _drawing({"proxies": {"M02": 1}}, 30)
    fixed_ones = {name: fixed(float(one.quantile(np.array([0.5]))[0])) for name, one in mixed.inputs.quantities.items()}
    fixed_mix = Variant("m", replace(mixed.inputs, readings=mixed.inputs.mixture[0].readings, quantities=fixed_ones))
    pure = Variant("p", replace(alone["proxies"].inputs, quantities={n: q for n, q in fixed_ones.items()
                                                                     if n != "theory"}))  # fmt: skip
    one, other = (next(iter(run_worlds([v], 2, 1, threads=1, digests=True))) for v in (fixed_mix, pure))
    assert one.digests.tobytes() == other.digests.tobytes()


def test_worlds_draw_by_weight_and_alike_under_every_policy(mixed: Results) -> None:
    """Three worlds of four by the one, and world 7 the same theory under both policies."""
    first, second = (mixed.outcomes_columns(["theory"], v)["theory"] for v in mixed.variants)
    assert list(first) == list(second)
    assert 0.6 < (first == "documents").mean() < 0.9


def test_shares_are_exact_in_whatever_order_weights_stand() -> None:
    """Python sums numbers otherwise from 3.12 on, and in another order to other bits; very large ones to infinity."""
    names = names_of("theory")[:4]
    weights = dict(zip(names, (0.1, 0.2, 0.3, 0.7), strict=True))
    there = [one.share for one in resolve_mixture(weights)]
    assert there == [one.share for one in resolve_mixture(dict(reversed(weights.items())))]
    assert [one.share for one in resolve_mixture(dict(zip(names, (3, 1, 4, 2), strict=True)))] == [0.3, 0.1, 0.4, 0.2]
    assert [one.share for one in resolve_mixture(dict.fromkeys(names, 1.5e308))] == [0.25] * 4


def test_a_scenario_with_theories_takes_no_theory_besides() -> None:
    """It would be read by nobody."""
    with pytest.raises(InputError, match="worlds draw among theories"):
        changed(load_scenario("2020-soleimani"), MIXED, settings=["theory=proxies"])
    for wrong in ("documents:0,deterrence:1", "documents:1,deterence:1", "documents:much,deterrence:1"):
        with pytest.raises(InputError, match=r"expected a (weight above 0|theory)|number"):
            resolve(changed(load_scenario("2020-soleimani"), wrong))


def test_the_story_names_the_theory_of_its_world() -> None:
    """Not the shares."""
    variant = _variant(MIXED)
    block = next(iter(run_worlds([variant], 6, 1, threads=1)))
    assert [story(variant, i).theory for i in range(3)] == block.theories[:3]


def test_shares_as_drawn_weigh_nothing_anew(mixed: Results) -> None:
    """The mean and its interval come out as they were, worth all worlds."""
    drawn = mixed.outcomes_columns(["theory"], mixed.variants[0])["theory"].value_counts(normalize=True)
    found = by_theory.by_theory(mixed, {str(name): float(share) for name, share in drawn.items()})
    for one in found:
        assert one.found[by_theory.ANEW].as_plain() == pytest.approx(one.found[by_theory.DRAWN].as_plain())


def test_all_weight_on_one_theory_is_that_theory_alone(mixed: Results) -> None:
    """And a theory left out has no weight."""
    for one in by_theory.by_theory(mixed, {"deterrence": 2.0}):
        assert one.found[by_theory.ANEW].as_plain() == pytest.approx(one.found["deterrence"].as_plain())


def test_weights_that_cannot_be_meant_are_told_all_at_once(mixed: Results) -> None:
    """A name that nobody drew, a share below 0, no number, no share at all."""
    with pytest.raises(InputError) as wrong:
        by_theory.weights_of("documnts:1,deterrence:-1,documents:x", by_theory.theories_of(mixed))
    assert wrong.value.problems[0].hint == "did you mean 'documents'?"
    assert len(wrong.value.problems) == 3
    with pytest.raises(InputError, match="one share above 0"):
        by_theory.weights_of("documents:0", ["documents"])


def test_results_of_one_theory_cannot_be_weighed(tmp_path) -> None:
    """There is nothing to weigh against."""
    done = run("2020-soleimani", worlds=5, days=20, out=tmp_path / "r")
    with pytest.raises(InputError, match="whose worlds drew theories"):
        by_theory.theories_of(done)


def test_a_weighted_interval_of_equal_weights_is_the_usual_one_and_covers() -> None:
    """Equal weights give nearly the t interval; unequal ones cover the mean of what they weigh towards."""
    values = np.random.default_rng(1).normal(3, 2, 200)
    plain = stats.summarise(values, next(m for m in OUTCOMES if m.name == "us_troops_end"))
    equal = stats.weighted_interval(values, np.full(200, 0.3))
    assert equal.mean == pytest.approx(plain.mean)
    assert equal.low == pytest.approx(plain.low, abs=0.01)
    assert equal.effective == pytest.approx(200)
    rng, covered = np.random.default_rng(2), 0
    for _ in range(600):
        group = rng.random(150) < 0.5
        x = rng.normal(np.where(group, 1.0, 4.0), 1.5)
        w = np.where(group, 0.2 / group.mean(), 0.8 / (1 - group.mean()))
        found = stats.weighted_interval(x, w)
        covered += found.low <= 0.2 * 1.0 + 0.8 * 4.0 <= found.high
    assert covered / 600 > 0.93
    assert stats.weighted_interval([np.nan], [1.0]).mean is None


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return two policies under each of two theories, 30 worlds each."""
    return compare(
        "2020-soleimani", vary={"us": ["restraint", "in-kind"], "theory": ["documents", "deterrence"]}, worlds=30,
        days=120, out=tmp_path_factory.mktemp("varied") / "results",
    )  # fmt: skip


def test_variants_of_several_theories_are_compared_each_under_its_own(varied: Results) -> None:
    """The difference under deterrence is that of the two variants under deterrence."""
    assert by_theory.varied_theories(varied) == ["documents", "deterrence"]
    found = {(one.variant.split("us=")[1], one.measure.name): one for one in by_theory.over_variants(varied)}
    labels = dict(zip((("restraint", "documents"), ("restraint", "deterrence"), ("in-kind", "documents"),
                       ("in-kind", "deterrence")), varied.variants, strict=True))  # fmt: skip
    for theory in ("documents", "deterrence"):
        killed = {p: np.asarray(varied.column("us_killed", labels[p, theory]), float) for p in ("restraint", "in-kind")}
        apart = float((killed["in-kind"] - killed["restraint"]).mean())
        assert found["in-kind", "us_killed"].found[theory].mean == pytest.approx(apart)
        assert found["restraint", "us_killed"].found[theory].mean == pytest.approx(killed["restraint"].mean())
    assert found["in-kind", "exited"].against
    assert not found["restraint", "exited"].against


def test_a_report_is_of_the_first_theory_and_shows_the_others_apart(varied: Results) -> None:
    """Two variants in the comparison, two theories in a section of its own."""
    from sim import report
    from sim.report.blocks import Picture, Table

    assert by_theory.of_one_theory(varied).variants == varied.variants[::2]
    made = report.build(varied)
    parts = {section.anchor: section.blocks for section in made.sections}
    table = next(block for block in parts["comparison"] if isinstance(block, Table))
    assert len(table.head) == 3
    [heat] = [block for block in parts["theories"] if isinstance(block, Picture)]
    assert heat.name == "by_theory"
    assert any("theory" in block.caption for block in parts["theories"] if isinstance(block, Table))


def test_results_of_one_theory_have_none_varied(mixed: Results) -> None:
    """Drawing and varying are two things."""
    assert by_theory.varied_theories(mixed) == []
    assert by_theory.of_one_theory(mixed).variants == mixed.variants
