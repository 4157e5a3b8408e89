"""Coalition members and the NATO mission: who stays, whose trainers work, and how much partners broker in Baghdad."""

from sim.names.actors import COALITION, N_ALLIES, NOWHERE
from sim.names.events import ALLY_LEFT, COALITION_KILLED, TRAINERS_HOME, WINDOWED_KINDS
from sim.names.mechanisms import M28, M50, M53
from sim.world.compiled import rule
from sim.world.draws import ALLY_LEAVES_DRAW, draw
from sim.world.elementary import exp_within
from sim.world.events import by, clamp, happen_detail, left, nudge, reads
from sim.world.shape import World

_KILLED = WINDOWED_KINDS.index(COALITION_KILLED)
_MONTH = 2
#: A member whose trainers are fewer than this at work is said to have taken them home.
SENT_HOME = 0.5
#: Days for which a deadly attack can be why a member leaves.
LATELY = 60


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_coalition(w: World) -> None:
    """Set every member's soldiers and trainers at the start."""
    for k in range(N_ALLIES):
        a = w.allies[k]
        a.troops = w.ally_in[k].troops * w.s.coalition_scale
        a.there = 1 if a.troops >= 1.0 else 0
        a.trainers = 1.0
    _count(w)
    w.coalition_troops_start = w.coalition_troops


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def _tension(w: World) -> float:
    """Return how tense it is (0 to 1): the rung of the ladder, and fire in the last month."""
    if w.open_war:
        return 1.0
    return clamp(w.rung / 6.0 + w.sees.public.attacks_30d / 30.0, 0.0, 1.0)


@rule
def lacking(w: World) -> float:
    """Return how much US lift, protection and political weight is gone (0 to 1); others may come to supply it."""
    there = w.presence
    support = (there.troops + 0.5 * there.troops_north) / max(1.0, 0.2 * there.troops_start)
    lack = 1.0 - min(1.0, support)
    if reads(w, M28, 1) and there.decided_day >= 0:
        found = 1.0 - left(float(w.day - there.decided_day), w.p.replacing_days)
        lack *= 1.0 - found
    return lack


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def coalition_week(w: World) -> None:
    """Let every member weigh danger, opinion at home and what carries it; then count who is there, and who brokers."""
    tension = _tension(w)
    lack = lacking(w)
    for k in range(N_ALLIES):
        if w.allies[k].there:
            _train(w, k, tension)
            if w.day > 0:
                _stay_or_leave(w, k, lack)
    _count(w)
    w.broker = _brokering(w, tension)


@rule
def _stay_or_leave(w: World, k: int, lack: float) -> None:
    """Let a member leave by chance: likelier the less carries it, and the more danger and unease there are (M28)."""
    a = w.allies[k]
    killed = w.window[_MONTH, _KILLED] / 3.0
    a.unease = nudge(0.9 * a.unease, clamp(w.p.unease_per_dead * killed, 0.0, 0.9))
    danger = a.unease + 0.5 * min(1.0, w.sees.public.attacks_30d / 20.0) + w.open_war
    ill_at_ease = by(w, M28, w.p.ally_lift * lack + w.p.ally_danger * danger * (1.0 - w.ally_in[k].tolerance))
    hazard = w.p.ally_leaves * exp_within(clamp(ill_at_ease, -5.0, 8.0))
    if draw(w, ALLY_LEAVES_DRAW, k) >= hazard:
        return
    a.there = 0
    a.troops = 0.0
    w.acting_claim = M28 if ill_at_ease > 0.5 else 0
    fresh = w.last_deadly >= 0 and w.day - w.last_deadly <= LATELY
    why = w.presence.exit_event if lack > 0.0 else (w.last_deadly_event if fresh else 0)
    happen_detail(w, ALLY_LEFT, COALITION, NOWHERE, 1.0, float(k), why)


@rule
def _train(w: World, k: int, tension: float) -> None:
    """Let a member's trainers work, or go home: for an epidemic (M53), or, the rival reading, for tension."""
    a = w.allies[k]
    reason = w.epidemic if reads(w, M53, 0) else tension
    ready = w.ally_in[k].trainers * (1.5 - w.ally_in[k].tolerance)
    away = clamp(by(w, M53, w.p.epidemic_pause * ready * reason), 0.0, 1.0)
    before = a.trainers
    a.trainers += (1.0 - away - a.trainers) * w.p.trainers_move
    if a.trainers < SENT_HOME <= before:
        w.acting_claim = M53
        happen_detail(w, TRAINERS_HOME, COALITION, NOWHERE, 1.0, float(k), 0)


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def _count(w: World) -> None:
    """Count members and soldiers there, and trainers at work over those of the start."""
    members, troops, trainers, all_trainers = 0.0, 0.0, 0.0, 0.0
    for k in range(N_ALLIES):
        a, t = w.allies[k], w.ally_in[k]
        all_trainers += t.troops * t.trainers
        if a.there:
            members += 1.0
            troops += a.troops
            trainers += t.troops * t.trainers * a.trainers
    w.coalition_members = members
    w.coalition_troops = troops
    w.trainers = trainers / max(1.0, all_trainers)


@rule
def _brokering(w: World, tension: float) -> float:
    """Return how much partners help a government along and calm factions (M50): paralysed when it is tense."""
    standing, most = 0.0, 0.0
    for k in range(N_ALLIES):
        most += w.ally_in[k].standing
        standing += w.ally_in[k].standing * w.allies[k].there
    calm = max(0.0, 1.0 - 2.0 * tension)
    return clamp(by(w, M50, calm * standing / max(1e-9, most)), 0.0, 1.0)
