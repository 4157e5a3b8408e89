"""Laws that hold in every world, whatever the parameters and the policies."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.inputs.yaml.files import names_of
from sim.names.actors import COMMUNITIES
from sim.names.events import N_KINDS, REINFORCED, TROOPS_LEFT
from sim.names.measures import BY_PLACE, places_of
from sim.running.one_world import OneWorld
from sim.world.actor_fields import FACTION_STATE, GOVERNMENT_STATE, IRAN_STATE, PARLIAMENT_STATE, US_STATE
from sim.world.field import Field
from sim.world.fields import STATE
from tests.worlds import variant

BLOCKS = {"us": US_STATE, "iran": IRAN_STATE, "factions": FACTION_STATE, "government": GOVERNMENT_STATE,
          "parliament": PARLIAMENT_STATE}  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> OneWorld:
    """Return some world of some policies, its parameters anywhere in their ranges, lived to some day."""
    chosen = [f"{key}={draw(st.sampled_from(names_of(f'{key} policy')))}" for key in ("us", "iran", "government")]
    chosen.append(f"factions={draw(st.sampled_from(names_of('factions policy')))}")
    scenario = draw(st.sampled_from(names_of("scenario")))
    made = variant(scenario, *chosen, "days=400")
    world = OneWorld(made, draw(st.integers(0, 10**6)), draw(st.integers(0, 2**32)))
    quantiles = np.random.default_rng(draw(st.integers(0, 2**32)))
    if draw(st.booleans()):
        _push_to_the_edges(world, quantiles)
    return world.run_to(draw(st.sampled_from([60, 200, 400])))


def _push_to_the_edges(world: OneWorld, luck: np.random.Generator) -> None:
    """Set every varying input near one end of its range."""
    from sim.world import kernel
    from sim.world.living import compiled_view

    made = world.variant
    values = {c.name: c.distribution.quantile(luck.choice([0.001, 0.999], 1)) for c in made.columns}
    kernel.prepare(compiled_view(world.worlds), world.numbers, made.template, made.places, made.pokes(values)[0],
                   world.worlds["key"][0])  # fmt: skip


LAWS = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@LAWS
@given(worlds())
def test_what_is_kept_by_governorate_adds_up_to_the_country(world: OneWorld) -> None:
    """Attacks, those of ISIS and troops are sums; anger at the US is a mean over all people, week by week."""
    weeks = world.series[0][: (world.day + 6) // 7]
    by_place = {name: np.array([weeks[place] for place in places_of(name)], float) for name in BY_PLACE}
    assert np.array_equal(by_place["attacks"].sum(axis=0), weeks["attacks"])
    assert np.array_equal(by_place["isis_attacks"].sum(axis=0), weeks["isis_attacks"])
    assert np.allclose(by_place["us_troops"].sum(axis=0), weeks["us_troops"], rtol=1e-5, atol=1e-2)
    here = world.worlds[0]["place_in"]
    people = here["population"] * sum(here[community] for community in COMMUNITIES)
    assert np.allclose(np.average(by_place["anti_us"], axis=0, weights=people), weeks["anti_us"], atol=1e-5)


@LAWS
@given(worlds())
def test_totals_equal_the_record_of_events(world: OneWorld) -> None:
    """Every total is the sum of its events, to the last bit of their sizes."""
    events, w = world.events(), world.worlds[0]
    assert int(w["log_full"]) == 0
    summed = np.zeros(N_KINDS)
    for kind in range(N_KINDS):
        for size in events["size"][events["kind"] == kind]:
            summed[kind] += size
    assert np.array_equal(summed, w["total"])


@LAWS
@given(worlds())
def test_personnel_are_conserved(world: OneWorld) -> None:
    """Troops there are troops at the start, plus those sent, less those who left."""
    w = world.worlds[0]
    there, total = w["presence"], w["total"]
    expected = there["troops_start"] + total[REINFORCED] - total[TROOPS_LEFT]
    assert there["troops"] + there["troops_north"] == pytest.approx(expected, abs=1e-5)
    assert there["troops"] >= 0.0
    assert there["troops_north"] >= 0.0
    inside = [b for b in range(int(w["n_sites"])) if w["site_in"][b]["outside"] == 0]
    housed = sum(w["sites"][b]["troops"] for b in inside)
    assert housed == pytest.approx(there["troops"] + there["troops_north"], abs=1e-5)


@LAWS
@given(worlds())
def test_the_books_of_the_cells_balance(world: OneWorld) -> None:
    """Fighters are those of the start, plus the recruited, less the lost; each cell has some, and a key of its own."""
    w = world.worlds[0]
    n = int(w["n_cells"])
    fighters, keys = w["cell_fighters"][:n], w["cell_key"][:n]
    expected = w["fighters_start"] + w["fighters_in"] - w["fighters_out"]
    assert w["fighters"] == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert fighters.sum() == pytest.approx(float(w["fighters"]), rel=1e-9, abs=1e-6)
    assert (fighters > 0).all()
    assert len(set(keys.tolist())) == n


@LAWS
@given(worlds())
def test_votes_add_up(world: OneWorld) -> None:
    """Nobody votes who is not present, and no more are present than there are members."""
    house, n = world.worlds[0]["parliament"], int(world.worlds[0]["n_members"])
    assert -1 <= house["first_for"] <= max(-1, house["first_present"]) <= n
    assert 0.0 <= house["for_expulsion"] <= 1.0


@LAWS
@given(worlds())
def test_no_count_is_negative_and_every_number_is_a_number(world: OneWorld) -> None:
    """Totals, sizes, rates and people are finite and not below zero."""
    w = world.worlds[0]
    assert (w["total"] >= 0).all()
    assert (world.events()["size"] >= 0).all()
    assert (w["window"] >= 0).all()
    assert (w["factions"]["rate"] >= 0).all()
    for field in STATE:
        if field.type == "f8":
            assert np.isfinite(w[field.name]).all(), field.name


def _shares(fields: tuple[Field, ...]) -> list[str]:
    return [f.name for f in fields if f.unit == "share" and f.type == "f8"]


@LAWS
@given(worlds())
def test_shares_lie_between_0_and_1(world: OneWorld) -> None:
    """Whatever the record calls a share is one."""
    w = world.worlds[0]
    found = {
        (block, name): np.atleast_1d(w[block][name]) for block, fields in BLOCKS.items() for name in _shares(fields)
    }
    found |= {("", name): w[name] for name in _shares(STATE)}
    for where, values in found.items():
        assert (values >= -1e-12).all() and (values <= 1 + 1e-12).all(), (where, values)


@LAWS
@given(worlds())
def test_nobody_acts_after_leaving(world: OneWorld) -> None:
    """After the last soldier has left federal Iraq only sites in the north are attacked; after all have left, none."""
    w, events = world.worlds[0], world.events()
    there = w["presence"]
    attacks = events[events["kind"] == 1]
    if there["exit_day"] >= 0:
        later = attacks[attacks["day"] > there["exit_day"]]
        assert all(w["place_in"][place]["kurd"] > 0.5 for place in later["place"])
        assert there["troops"] == 0.0
    if there["left_all_day"] >= 0:
        assert not (attacks["day"] > there["left_all_day"]).any()
        assert there["troops_north"] == 0.0
