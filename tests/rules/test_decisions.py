"""Decisions in small prepared situations, with the exact moves that are expected."""

from typing import Any

from sim.names.actors import NORTH_ONLY, SEAT_US
from sim.names.events import CONSENT_REFUSED, FRAMEWORK_SIGNED, TALKS_OPENED
from sim.world import bases, day, washington
from sim.world import talks as talks_
from sim.world.acts import order_attack
from tests.rules.situations import events, situation


def _after_a_deadly_attack(*settings: str, **chosen: float) -> Any:
    """Return a world on the morning after an attack by Nujaba that killed two, the perpetrator beyond doubt."""
    w = situation(*settings, p__attribution_rate=100.0, **chosen)
    day.dawn(w)
    order_attack(w, 2, 0, 0, 0, 0)
    w.attacks[0].fixed_dead = 2
    bases.settle_attacks(w)
    w.day += 1
    day.dawn(w)
    return w


def test_in_kind_strikes_whoever_did_it_the_next_day() -> None:
    """One strike, on Nujaba, proportionate, after notice, in the desert."""
    w = _after_a_deadly_attack("us=in-kind")
    washington.decide_washington(w)
    (struck,) = [w.strikes[k] for k in range(int(w.n_strikes))]
    assert (struck.target, struck.weight, struck.consent, struck.place) == (2, 1, 1, 0)


def test_restraint_protests_and_does_not_strike() -> None:
    """Two dead, and no shot."""
    w = _after_a_deadly_attack("us=restraint")
    washington.decide_washington(w)
    assert w.n_strikes == 0
    assert w.us.case_held == 1


def test_consult_first_needs_a_baghdad_that_trusts() -> None:
    """The same attack is answered where Baghdad agrees; where it does not, its refusal is told and nothing falls."""
    for trust, strikes, refusals in ((0.9, 1, 0), (0.45, 0, 1)):
        w = _after_a_deadly_attack("us=consult-first", p__consent_trust=0.5)
        w.government.trust = trust
        w.sees.us.baghdad_trust = trust
        washington.decide_washington(w)
        assert (int(w.n_strikes), len(events(w, CONSENT_REFUSED))) == (strikes, refusals)


def test_no_framework_is_signed_once_the_us_has_decided_to_leave() -> None:
    """After a move to the north nobody opens talks on a presence in federal Iraq."""
    w = situation("us=negotiate-framework")
    w.presence.decided_day, w.presence.exit_day, w.presence.state = 3, 90, NORTH_ONLY
    w.government.in_office = w.government.seeks_talks = w.us.talks_offered = 1
    for _ in range(30):
        talks_.talk(w)
    assert events(w, TALKS_OPENED) == []
    assert events(w, FRAMEWORK_SIGNED) == []
    assert w.presence.state == NORTH_ONLY


def test_prompt_withdrawal_leaves_at_once_and_only_once() -> None:
    """The order is given on the first day; there is nothing left to order on the second."""
    w = situation("us=prompt-withdrawal")
    day.dawn(w)
    washington.decide_washington(w)
    assert w.presence.decided_day == 0
    w.day += 1
    day.dawn(w)
    fired = w.fired[SEAT_US].sum()
    washington.decide_washington(w)
    assert w.presence.decided_day == 0
    assert w.fired[SEAT_US].sum() == fired
