"""Each mechanism in a prepared situation: off, on and doubled it moves the signal that it names.

A case prepares a world, lets one rule act, and reads one number. The direction is what the mechanism does when on;
doubled it does more of the same (or as much, where a bound is reached); off it does nothing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from sim.names.actors import BALANCING, PRO_IRAN, SHIA
from sim.names.events import CONSENT, HEAVY, LEADERSHIP, UNANNOUNCED
from sim.names.mechanisms import MECHANISMS
from sim.world import bases, government, iran, iraqi_forces, isis, militias, north, parliament, public, strikes
from sim.world.acts import order_attack, order_strike
from tests.rules.situations import situation

UP, DOWN = 1, -1
DESERT, CAPITAL = 0, 2


def _struck(w: Any, weight: int = HEAVY, consent: int = UNANNOUNCED, place: int = DESERT) -> None:
    order_strike(w, 0, weight, consent, place, 0, 0)
    strikes.settle_strikes(w)


def revenge(w: Any) -> float:
    """Return the drive of a faction three weeks after a heavy strike on it."""
    _struck(w)
    militias.suffer_strikes(w)
    for _ in range(21):
        militias.feelings(w, 0)
    return militias.drive(w, 0)


def push(w: Any) -> float:
    """Return Iran's push when it feels pressure and orders nothing."""
    w.iran.pressure = 0.9
    return iran._push(w)


def grievance(w: Any) -> float:
    """Return Iran's grievance after a leader was killed."""
    _struck(w, LEADERSHIP)
    iran.feel_iran(w)
    return w.iran.grievance


def held_back(w: Any) -> float:
    """Return the rate of a faction that has promised to hold fire."""
    w.factions[0].holding, w.factions[0].effort = 1, 1.0
    return militias.attack_rate(w, 0)


def doubt(w: Any) -> float:
    """Return Washington's belief in the true perpetrator three days after an attack."""
    from sim.world import day, washington

    order_attack(w, 2, 0, 0, 0, 0)
    bases.settle_attacks(w)
    for d in range(1, 4):
        w.day = d
        day.new_day(w)
        washington.learn(w)
        w.n_attacks = 0
    return washington.attribution(w)


def outrage(w: Any) -> float:
    """Return the breach that the house feels at a strike in the desert."""
    _struck(w)
    return w.parliament.outrage


def shared_blame(w: Any) -> float:
    """Return the breach that the house feels at a strike that Baghdad had agreed to."""
    _struck(w, consent=CONSENT)
    return w.parliament.outrage


def _lean_of(w: Any, community: int) -> float:
    parliament.lean_all(w)
    blocs = [b for b in range(w.n_blocs) if w.bloc_community[b] == community]
    return sum(float(w.bloc_line[b]) for b in blocs) / len(blocs)


def counterweight(w: Any) -> float:
    """Return how Sunni blocs lean to expel."""
    return _lean_of(w, 0)


def pressed_and_paid(w: Any) -> float:
    """Return how Shia blocs lean to expel when Iran courts them."""
    w.iran.courting = 1.0
    return _lean_of(w, SHIA)


def standing(w: Any) -> float:
    """Return the weight of a caretaker's demand."""
    government._demand(w)
    return w.government.demand


def majority(w: Any) -> float:
    """Return how many would confirm a balancing premier in a split house."""
    w.parliament.polarisation = 0.7
    return parliament.confidence(w, BALANCING)


def impunity(w: Any) -> float:
    """Return a faction's drive without a government."""
    return militias.drive(w, 0)


def legal_basis(w: Any) -> float:
    """Return the pull to demand an exit under a framework."""
    w.government.framework = 1
    government.weigh(w)
    return w.government.pull_demand


def political_price(w: Any) -> float:
    """Return the drive of a faction with a stake, against a government that talks."""
    w.government.in_office = w.government.talks_open = 1
    return militias.drive(w, 1)


def suspension(w: Any) -> float:
    """Return whether talks are open after a deadly attack, over many luck draws."""
    w.day = w.last_deadly = 5
    open_after = 0
    for k in range(50):
        w.government.talks_open, w.government.talks_suspended = 1, 0
        w.u[:] = (k + 0.5) / 50
        government._make_progress(w)
        open_after += w.government.talks_open
    return open_after


def limits(w: Any) -> float:
    """Return the pull to demand an exit."""
    government.weigh(w)
    return w.government.pull_demand


def hesitation(w: Any) -> float:
    """Return how moderates lean to expel when it is near."""
    w.government.demand = 0.8
    parliament.lean_all(w)
    return sum(float(x) for x in w.member_x[: w.n_members])


def cost(w: Any) -> float:
    """Return the cost at home after three US dead."""
    from sim.names.events import US_KILLED
    from sim.world import washington

    w.total[US_KILLED] += 3.0
    washington.feel_washington(w)
    return w.us.cost


def leverage(w: Any) -> float:
    """Return the pull to demand an exit under quiet leverage."""
    w.sees.government.leverage_felt = 0.6
    government.weigh(w)
    return w.government.pull_demand


def effort(w: Any) -> float:
    """Return coalition effort while operations are suspended."""
    w.us.suspended = 1
    return iraqi_forces._coalition_effort(w)


def defence(w: Any) -> float:
    """Return the protection of a site with many troops."""
    return bases._protection(w, 1500.0, 0.2)


def militias_free(w: Any) -> float:
    """Return what factions busy with the US have left for ISIS."""
    for f in range(6):
        w.factions[f].effort = 2.0
    return iraqi_forces._militias_free(w)


def reached(w: Any) -> float:
    """Return pressure on rough ground with the usual coalition means."""
    w.enablers[:] = 0.6
    return iraqi_forces._pressure(w, 9, 0.0)


def ease(w: Any) -> float:
    """Return what cells gain in a week when nothing presses on them."""
    from sim.world.draws import new_day

    new_day(w)
    w.pressure[:] = 0.05
    before = float(w.fighters_in)
    isis.cells_week(w)
    return float(w.fighters_in) - before


def humiliation(w: Any) -> float:
    """Return Washington's wounded pride when a crowd has come to the embassy."""
    w.factions[0].wants_crowd = 1
    w.u[:] = 0.0001
    militias.crowds(w)
    return w.humiliation


def memory(w: Any) -> float:
    """Return a faction's memory after its leader was killed."""
    _struck(w, LEADERSHIP)
    militias.suffer_strikes(w)
    return w.factions[0].memory


def war(w: Any) -> float:
    """Return a faction's drive during a regional war."""
    w.war = 0.8
    return militias.drive(w, 0)


def hosted(w: Any) -> float:
    """Return how often the Kurdistan Region offers to host, once leaving is decided, over many luck draws."""
    offers, w.presence.decided_day = 0.0, 3
    for k in range(400):
        w.u[:], w.north_offered = (k + 0.5) / 400, 0
        north.friends_day(w)
        offers += w.north_offered
    return offers


def months(w: Any) -> float:
    """Return how long an exit takes once decided."""
    from sim.world.acts import decide_exit

    decide_exit(w, 3, 0, 100.0, 0, 0)
    return w.presence.exit_days


def taste(w: Any) -> float:
    """Return the pull of a pro-Iran premier to demand an exit."""
    w.government.leaning, w.government.in_office = PRO_IRAN, 1
    government.weigh(w)
    return w.government.pull_demand


def terms(w: Any) -> float:
    """Return Baghdad's trust after a strike in the desert that killed no Iraqi."""
    w.p.bystander_iraqis = w.p.bystander_civilians = 0.0
    _struck(w)
    return w.government.trust


def street(w: Any) -> float:
    """Return how many would confirm a pro-Iran premier while the street is angry."""
    w.mood_government, w.mood_iran = 0.9, 0.8
    return parliament.confidence(w, PRO_IRAN)


def vacuum(w: Any) -> float:
    """Return how often a pro-Iran nominee is charged while Iran's friends press, over many luck draws."""
    w.iran.courting = 1.0
    return sum(government._pick_leaning(w, (k + 0.5) / 200) == PRO_IRAN for k in range(200))


def training(w: Any) -> float:
    """Return Iraqi skill after a week with coalition means."""
    iraqi_forces.press(w)
    return w.skill


def weariness(w: Any) -> float:
    """Return anger stirred by a day of exchanges, whoever fired."""
    w.n_strikes = 1
    public.feel_public(w)
    return w.pending_us_all


def called_off(w: Any) -> float:
    """Return whether a siege goes on after its leaders said to go home."""
    from sim.world.acts import begin_siege

    begin_siege(w, 0, 0)
    w.factions[0].calls_off = 1
    w.u[:] = 0.99
    militias._siege_day(w)
    return w.siege


def colour_of_law(w: Any) -> float:
    """Return a faction's drive once a resolution stands."""
    w.parliament.passed = 1
    return militias.drive(w, 0)


def provocation(w: Any) -> float:
    """Return a faction's drive when every harmful attack has lately been answered."""
    w.sees.public.us_strikes_90d, w.sees.public.us_killed_90d = 3.0, 3.0
    return militias.drive(w, 0)


def supply(w: Any) -> float:
    """Return a faction's heavy weapons in the long run, with Iran's network broken."""
    w.iran.network, w.factions[0].arsenal = 0.5, 0.0
    for _ in range(600):
        militias.feelings(w, 0)
    return w.factions[0].arsenal


def cheap(w: Any) -> float:
    """Return a faction's men a month after losing half of them."""
    w.factions[0].strength = 0.5
    for _ in range(30):
        militias.feelings(w, 0)
    return w.factions[0].strength


def goodwill(w: Any) -> float:
    """Return the mood at the US after a week of help under a framework."""
    w.government.framework = 1
    public.public_week(w)
    return w.mood_us


def warned(w: Any) -> float:
    """Return how often Iraqi forces are near a heavy attack, over many attacks."""
    near = 0.0
    for k in range(60):
        w.n_attacks = 0
        order_attack(w, 0, k, 0, 0, 0)
        w.attacks[0].weapon, w.attacks[0].site = 1, 0
        near += bases._iraqis_near(w, 0, k)
    return near


def test_a_scripted_siege_humiliates_like_any_other() -> None:
    """What a siege does to pride is in the siege, whoever calls it."""
    from sim.world.acts import begin_siege

    w = situation()
    begin_siege(w, 0, 0)
    assert w.humiliation > 0.0


class Case(NamedTuple):
    """A mechanism, the number that shows it, which way it moves, and whether more strength moves it more."""

    id: str
    signal: Callable[[Any], float]
    direction: int
    structural: bool = False


CASES = (
    Case("M01", revenge, UP), Case("M03", push, UP), Case("M04", grievance, UP), Case("M05", held_back, DOWN),
    Case("M06", doubt, DOWN), Case("M08", outrage, UP), Case("M09", shared_blame, DOWN),
    Case("M11", counterweight, DOWN), Case("M12", pressed_and_paid, UP), Case("M13", standing, DOWN),
    Case("M14", majority, DOWN), Case("M15", impunity, UP), Case("M16", legal_basis, DOWN),
    Case("M17", political_price, DOWN), Case("M18", suspension, DOWN), Case("M19", limits, DOWN),
    Case("M20", hesitation, DOWN), Case("M21", cost, UP), Case("M22", leverage, DOWN), Case("M23", effort, DOWN),
    Case("M24", defence, UP), Case("M25", militias_free, DOWN), Case("M26", reached, UP), Case("M27", ease, UP),
    Case("M35", humiliation, UP), Case("M36", memory, UP), Case("M37", war, UP), Case("M38", hosted, UP),
    Case("M40", months, UP), Case("M42", taste, UP), Case("M45", terms, DOWN), Case("M48", street, DOWN),
    Case("M49", vacuum, UP), Case("M52", training, UP), Case("M58", weariness, UP),
    Case("M44", colour_of_law, UP), Case("M43", provocation, UP), Case("M55", supply, DOWN), Case("M39", cheap, UP),
    Case("M61", goodwill, DOWN), Case("M07", warned, DOWN),
    Case("M60", called_off, DOWN, structural=True),
)  # fmt: skip
_NUMBER = {mechanism.id: k + 1 for k, mechanism in enumerate(MECHANISMS)}


def _signal_at(case: Case, strength: float) -> float:
    w = situation()
    w.strength[_NUMBER[case.id]] = strength
    return float(case.signal(w))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_mechanism_moves_its_signal_in_its_direction(case: Case) -> None:
    """On it moves the signal, and doubled at least as far again in the same direction."""
    off, on, doubled = (_signal_at(case, strength) for strength in (0.0, 1.0, 2.0))
    assert (on - off) * case.direction > 0.0
    if not case.structural:
        assert (doubled - on) * case.direction >= 0.0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_mechanism_that_is_off_never_matters(case: Case) -> None:
    """Off it is not noted as having mattered; on it is, on the day it first did."""
    number = _NUMBER[case.id]
    for strength, mattered in ((0.0, False), (1.0, True)):
        w = situation()
        w.strength[number] = strength
        w.mattered[number] = -1
        case.signal(w)
        assert (w.mattered[number] >= 0) == mattered


def test_where_strikes_deter_the_struck_faction_fires_less() -> None:
    """The rival reading of M01: the same blow lowers the drive that it would have raised."""
    w = situation("theory=deterrence")
    before = militias.drive(w, 0)
    _struck(w)
    militias.suffer_strikes(w)
    assert militias.drive(w, 0) < before


def test_where_factions_are_proxies_irans_order_turns_fire_on_and_off() -> None:
    """The rival reading of M02: revenge moves nothing, a stand-down order ends all."""
    w = situation("theory=proxies", p__proxy_gain=2.0, p__branching=0.0)
    w.factions[0].effort = 1.0
    usual = militias.attack_rate(w, 0)
    w.factions[0].revenge = 1.0
    assert militias.attack_rate(w, 0) == usual
    w.iran.push = -1.0
    assert militias.attack_rate(w, 0) == 0.0


def test_where_the_routes_are_complements_a_promise_restrains_nobody() -> None:
    """The rival reading of M05: political momentum adds to the drive, and holding fire does not lower the rate."""
    w = situation("theory=complements")
    w.factions[0].effort = 1.0
    free = militias.attack_rate(w, 0)
    w.factions[0].holding = 1
    assert militias.attack_rate(w, 0) == free
    w.parliament.momentum = 0.8
    assert militias.attack_rate(w, 0) > free


def test_where_only_casualties_count_fire_lends_no_resolve() -> None:
    """The rival reading of M21: the dead add to the cost and nothing to the will to stay."""
    from sim.names.events import US_KILLED
    from sim.world import washington

    for theory, lends in (("documents", True), ("casualty-cost", False)):
        w = situation(f"theory={theory}")
        w.total[US_KILLED] += 3.0
        washington.feel_washington(w)
        assert (w.us.surge > 0.0) == lends


def test_where_chiefs_alone_decide_the_street_moves_no_vote_on_a_premier() -> None:
    """The rival reading of M48: an angry street costs a pro-Iran nominee nothing."""
    w = situation("theory={M48: chiefs_alone}")
    w.mood_government = w.mood_iran = 0.9
    angry = parliament.confidence(w, PRO_IRAN)
    w.mood_government = w.mood_iran = 0.0
    assert parliament.confidence(w, PRO_IRAN) == angry
