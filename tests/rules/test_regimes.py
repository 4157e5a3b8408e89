"""Seasons of violence: how long they last, what turns them, what comes next, and what they are worth; exact moves."""

import math
from typing import Any

import pytest

from sim.names.actors import IRAN, N_FACTIONS, NOWHERE
from sim.names.events import ATTACK, ATTACK_OUTSIDE, CAMPAIGN, HARASSMENT, LULL, SEASON_TURNED
from sim.names.mechanisms import M77
from sim.world import regimes
from sim.world.draws import SEASON_DRAW
from tests.rules.exact import Told, blank, dice, got, told

#: Harassment whose time is over; a lull weighs 0.5, a campaign 0.25, harassment 1, when nothing moves the factions.
OVER: dict[str, Any] = {
    "day": 100, "season": HARASSMENT, "season_until": 100, "p.season_days": 60.0, "p.lull_weight": 0.5,
    "p.campaign_weight": 0.25, "p.season_push": 2.0, "p.season_war": 0.5, "p.exhaustion": 2.0, "iran.order_day": -1,
    "last_leader": -1, "iran.order_event": 7, "us.last_strike_event": 8,
}  # fmt: skip


def _turned(monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], luck: float, length: float = 0.5) -> Any:
    dice(monkeypatch, regimes, {SEASON_DRAW: {1: length, 2: luck}})
    w = blank(OVER | values)
    regimes.turn_season(w)
    return w


@pytest.mark.parametrize(
    ("luck", "season"),
    [(0.2856, LULL), (0.2858, CAMPAIGN), (0.4285, CAMPAIGN), (0.4287, HARASSMENT), (0.99, HARASSMENT)],
)
def test_the_season_that_comes_is_drawn_by_weight(monkeypatch: pytest.MonkeyPatch, luck: float, season: int) -> None:
    """Of 1.75: half a lull, a quarter a campaign; it lasts a week and 41 days at the median; a change is told."""
    w = _turned(monkeypatch, {}, luck)
    assert (w.season, w.season_until) == (season, 100 + 7 + int(60 * math.log(2)))
    change = [Told(SEASON_TURNED, IRAN, NOWHERE, detail=float(season), claim=M77)]
    assert told(w) == (change if season != HARASSMENT else [])


@pytest.mark.parametrize(
    ("values", "lull", "campaign"),
    [
        ({"iran.push": 0.5}, 0.5 * math.exp(-1), 0.25 * math.exp(1)),
        ({"war": 0.8}, 0.5 * math.exp(-0.8), 0.25 * math.exp(0.8)),
        ({"factions.1.fear": 0.6}, 0.5 * math.exp(0.2), 0.25 * math.exp(-0.2)),
        ({f"factions.{f}.holding": 1 for f in range(3)}, 0.5 * math.exp(1), 0.25 * math.exp(-1)),
        ({"season": CAMPAIGN}, 1.0, 0.125),
    ],
)
def test_what_weighs_in_which_season_comes(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], lull: float, campaign: float
) -> None:
    """Iran's push and a war raise campaigns, fear, promises and exhaustion lulls; a sixth counts for each faction."""
    assert N_FACTIONS == 6
    total = lull + campaign + 1.0
    for luck, season in ((lull / total - 1e-9, LULL), (lull / total + 1e-9, CAMPAIGN),
                         ((lull + campaign) / total + 1e-9, HARASSMENT)):  # fmt: skip
        assert _turned(monkeypatch, values, luck).season == season


@pytest.mark.parametrize(
    ("values", "cause"),
    [
        ({"iran.order_day": 99}, 7),
        ({"last_leader": 99}, 8),
        ({"iran.order_day": 98, "last_leader": 98}, None),
        ({"day": 0, "season_until": 1}, None),
    ],
)
def test_a_word_of_irans_or_a_killed_leader_turns_it_before_its_time(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], cause: int | None
) -> None:
    """On the day after."""
    w = _turned(monkeypatch, {"season_until": 150} | values, 0.0)
    turned = [Told(SEASON_TURNED, IRAN, NOWHERE, detail=float(LULL), cause=cause or 0, claim=M77)]
    assert told(w) == ([] if cause is None else turned)


def test_a_world_begins_somewhere_in_a_season(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of harassment; no luck makes it endless."""
    for luck, until in ((0.0, 7), (0.5, 48), (1.0, 7 + int(60 * math.log(1000) + 1e-9))):
        dice(monkeypatch, regimes, {SEASON_DRAW: luck}, "draw_at_start")
        w = blank({"p.season_days": 60.0})
        regimes.start_season(w)
        assert got(w, "season", "season_until") == (HARASSMENT, until)


@pytest.mark.parametrize(
    ("season", "strength", "share"),
    [(LULL, 1.0, 0.05), (LULL, 2.0, 0.0025), (LULL, 0.0, 1.0), (HARASSMENT, 1.0, 1.0), (CAMPAIGN, 1.0, 2.5),
     (CAMPAIGN, 0.0, 1.0)],
)  # fmt: skip
def test_what_a_season_is_worth(season: int, strength: float, share: float) -> None:
    """M77: next to no fire, the usual, several times as much."""
    w = blank({"season": season, "p.lull_share": 0.05, "p.campaign_gain": 2.5, f"strength.{M77}": strength})
    assert regimes.seasonal(w) == pytest.approx(share)


def test_quiet_days_are_counted_until_an_attack_anywhere() -> None:
    """The most in a row is kept."""
    w = blank({"quiet": 4, "quiet_most": 5})
    regimes.count_quiet(w)
    regimes.count_quiet(w)
    assert got(w, "quiet", "quiet_most") == (6, 6)
    for kind in (ATTACK, ATTACK_OUTSIDE):
        w = blank({"quiet": 6, "quiet_most": 6, f"total.{kind}": 2.0, f"total_dawn.{kind}": 1.0})
        regimes.count_quiet(w)
        assert got(w, "quiet", "quiet_most") == (0, 6)
