"""The president and the Kurdistan Region: what offends him, when it offers to host US forces."""

from typing import Any

import pytest

from sim.names.actors import GOVERNORATES, KURDISTAN_REGION, PRESIDENT
from sim.names.events import NORTH_OFFERED, PRESIDENT_CONDEMNED
from sim.names.mechanisms import M38
from sim.names.streams import U_OFFERS
from sim.world import north
from tests.rules.bare import Told, bare, expect

ERBIL = GOVERNORATES.index("Erbil")
#: No offer is made on such a day.
NO_OFFER = {"north_offered": 1}


def test_the_north_starts_as_the_scenario_has_it() -> None:
    """Two different numbers at two places."""
    w = bare({"s.president_backs": 0.37, "s.north_willing": 0.71})
    expect(w, north.start_north, (), {"president_backs": 0.37, "north_willing": 0.71})


@pytest.mark.parametrize(("kept", "backs"), [(1.0, 0.9), (0.0, 0.6), (0.7, 0.6 + 0.3 * 0.7)])
def test_the_president_comes_round_to_what_he_thought_at_the_start(kept: float, backs: float) -> None:
    """By what a day keeps of the difference; a strike that killed no Iraqi changes nothing."""
    w = bare(NO_OFFER, {"s.president_backs": 0.6, "president_backs": 0.9, "kept.president": kept})
    w.n_strikes, w.strikes[0].killed, w.strikes[1].iraqis = 1, 5.0, 3.0  # the second is of another day
    expect(w, north.friends_day, (), {"president_backs": backs})


def test_the_president_condemns_each_strike_that_killed_iraqis() -> None:
    """Soldiers or civilians; each costs a share of what is left, before he comes round."""
    strikes = {"p.president_offence": 0.3, "n_strikes": 4, "strikes.0.iraqis": 0.5, "strikes.2.civilians": 1.5}
    w = bare(NO_OFFER, {"s.president_backs": 0.5, "president_backs": 0.8, "kept.president": 0.9}, strikes)
    for k in range(4):
        w.strikes[k].event = 11 + k
    w.strikes[3].iraqis, w.strikes[3].civilians = 2.0, 2.0
    condemned = [Told(PRESIDENT_CONDEMNED, PRESIDENT, cause) for cause in (11, 13, 14)]
    left = 0.8 * 0.7 * 0.7 * 0.7
    expect(w, north.friends_day, (), {"president_backs": 0.5 + (left - 0.5) * 0.9}, *condemned)


#: The Region would offer: a demand stands at half its weight, ISIS is worse than usual, Iran presses a little.
NEAR = {
    "p.north_offers": 0.37, "presence.exit_day": -1, "presence.decided_day": -1, "government.demand": 0.6,
    "north_willing": 0.4, "sees.public.isis_trend": 1.5, "iran.push": 0.3, "presence.exit_event": 5,
    "government.demand_event": 7,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "chance"),
    [
        ({}, 0.37 * 0.6 * (0.4 + 0.3 * 0.5 - 0.15)),
        ({"north_offered": 1}, 0.0),
        ({"presence.exit_day": 0}, 0.0),
        ({"presence.exit_day": 9}, 0.0),
        ({"presence.decided_day": 0}, 0.37 * (0.4 + 0.3 * 0.5 - 0.15)),
        ({"government.demand": 0.0}, 0.0),
        ({"government.demand": 0.0, "presence.decided_day": 3}, 0.37 * 0.4),
        ({"sees.public.isis_trend": 0.8}, 0.37 * 0.6 * (0.4 - 0.3 * 0.2 - 0.15)),
        ({"sees.public.isis_trend": 0.4}, 0.37 * 0.6 * (0.4 - 0.3 * 0.5 - 0.15)),
        ({"sees.public.isis_trend": 2.2, "iran.push": 1.0}, 0.37 * 0.6 * (0.4 + 0.3 - 0.5)),
        ({"iran.push": -0.8}, 0.37 * 0.6 * (0.4 + 0.15)),
        ({"north_willing": 1.5}, 0.37 * 0.6 * 1.0),
        ({"north_willing": 0.0, "sees.public.isis_trend": 1.0}, 0.0),
        ({f"strength.{M38}": 0.5}, 0.5 * 0.37 * 0.6 * 0.4),
        ({f"strength.{M38}": 0.0}, 0.0),
        ({f"strength.{M38}": 2.0}, 2.0 * 0.37 * 0.6 * 0.4),
    ],
)
def test_the_chance_of_an_offer(change: dict[str, Any], chance: float) -> None:
    """By how near an exit is, how willing the Region, how bad ISIS, how hard Iran presses; once, and before the end."""
    for luck, offers in ((chance * 0.999, chance > 0.0), (chance * 1.001, False)):
        w = bare(NEAR, change, {f"u.{U_OFFERS}": luck})
        north._may_offer(w)
        assert w.n_events == offers


def test_an_offer_at_the_very_chance_is_not_made() -> None:
    """Luck is below a chance, or it is not: 0.5 is not below 0.5."""
    w = bare(NEAR, {"p.north_offers": 1.0, "government.demand": 0.5, "north_willing": 9.0, f"u.{U_OFFERS}": 0.5})
    expect(w, north._may_offer, (), {})


@pytest.mark.parametrize(("decided", "cause"), [(-1, 7), (0, 5)])
def test_an_offer_is_an_event_in_erbil(decided: int, cause: int) -> None:
    """It answers the decision to leave where there is one, else the demand."""
    w = bare(NEAR, {"presence.decided_day": decided, "s.president_backs": 0.5, "president_backs": 0.5})
    offer = Told(NORTH_OFFERED, KURDISTAN_REGION, cause, place=ERBIL, claim=M38)
    expect(w, north.friends_day, (), {"north_offered": 1}, offer)
