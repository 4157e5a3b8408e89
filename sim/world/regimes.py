"""Seasons of violence: lulls, harassment and campaigns that last weeks to months, and turn over causes (M77)."""

from sim.names.actors import IRAN, N_FACTIONS, NOWHERE
from sim.names.events import ATTACK, ATTACK_OUTSIDE, CAMPAIGN, HARASSMENT, LULL, SEASON_TURNED
from sim.names.mechanisms import M77
from sim.world.compiled import rule
from sim.world.draws import SEASON_DRAW, draw, draw_at_start
from sim.world.elementary import exp, log
from sim.world.events import by, happen_detail
from sim.world.shape import World

#: No season is shorter.
A_WEEK = 7
#: A luck of 1 would last for ever.
NEARLY_ALL = 0.999


@rule
def start_season(w: World) -> None:
    """Begin in the season that the scenario's attacks of the time before speak of, somewhere in its course."""
    w.season = HARASSMENT
    w.season_until = _length(w, draw_at_start(w, SEASON_DRAW, 0))


@rule
def _length(w: World, u: float) -> int:
    """Return how long a season lasts: memoryless, and a week at least."""
    return A_WEEK + int(-w.p.season_days * log(1.0 - min(u, NEARLY_ALL)))


@rule
def turn_season(w: World) -> None:
    """Let the season turn when its time is over, or when Iran's word or a killed leader turns it."""
    cause = _called(w)
    if w.day < w.season_until and cause == 0:
        return
    before = w.season
    w.season = _next(w, before)
    w.season_until = w.day + _length(w, draw(w, SEASON_DRAW, 1))
    if w.season != before:
        w.acting_claim = M77
        happen_detail(w, SEASON_TURNED, IRAN, NOWHERE, 1.0, float(w.season), cause)


@rule
def _called(w: World) -> int:
    """Return the event of yesterday that turns the season: an order of Iran's, or the killing of a leader."""
    if w.iran.order_day >= 0 and w.iran.order_day == w.day - 1:
        return w.iran.order_event
    return w.us.last_strike_event if w.last_leader >= 0 and w.last_leader == w.day - 1 else 0


@rule
def _next(w: World, before: int) -> int:
    """Return the season that comes: by Iran's push, the war in the region, fear, promises, and exhaustion."""
    push = w.iran.push + w.p.season_war * w.war
    held = _holding(w)
    lull = w.p.lull_weight * exp(w.p.season_push * (_fear(w) + held - push))
    campaign = w.p.campaign_weight * exp(w.p.season_push * (push - _fear(w) - held))
    if before == CAMPAIGN:  # men and stores are spent
        lull, campaign = lull * w.p.exhaustion, campaign / w.p.exhaustion
    mark = draw(w, SEASON_DRAW, 2) * (lull + campaign + 1.0)
    if mark < lull:
        return LULL
    return CAMPAIGN if mark < lull + campaign else HARASSMENT


@rule
def _fear(w: World) -> float:
    total = 0.0
    for f in range(N_FACTIONS):
        total += w.factions[f].fear / N_FACTIONS
    return total


@rule
def _holding(w: World) -> float:
    total = 0.0
    for f in range(N_FACTIONS):
        total += w.factions[f].holding / N_FACTIONS
    return total


@rule
def count_quiet(w: World) -> None:
    """Count the days since the last attack in the theatre, and keep the most that there were in a row."""
    fired = w.total[ATTACK] + w.total[ATTACK_OUTSIDE] > w.total_dawn[ATTACK] + w.total_dawn[ATTACK_OUTSIDE]
    w.quiet = 0 if fired else w.quiet + 1
    w.quiet_most = max(w.quiet_most, w.quiet)


@rule
def seasonal(w: World) -> float:
    """Return fire over that of harassment: next to none in a lull, several times as much in a campaign (M77)."""
    if w.season == LULL:
        return exp(by(w, M77, log(w.p.lull_share)))
    return exp(by(w, M77, log(w.p.campaign_gain))) if w.season == CAMPAIGN else 1.0
