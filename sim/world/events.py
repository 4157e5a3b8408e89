"""What happened, why, and what it answers; and the one place where a mechanism's strength enters.

``happen`` is the only writer of cumulative totals. It always counts and always numbers the event; it writes the event
down when the world is being recorded. So stories and totals agree by construction, and recording changes nothing.
"""

from sim.names.actors import US
from sim.names.events import RUNG_CLIMBED
from sim.world.compiled import rule
from sim.world.elementary import exp
from sim.world.field import MAX_EVENTS
from sim.world.shape import World

NO_SITE = -1
#: The rung of the ladder at which leaving would be leaving under fire altogether.
TOP_RUNG = 7.0


@rule
def happen_at(w: World, kind: int, actor: int, target: int, place: int, site: int, size: float, detail: float,
              cause: int) -> int:  # fmt: skip
    """Count an event, write it down when the world is recorded, and return its number (from 1)."""
    w.total[kind] += size
    w.n_events += 1
    if w.recording:
        if w.n_events > MAX_EVENTS:
            w.log_full += 1
        else:
            _write(w, kind, actor, target, place, site, size, detail, cause)
    w.acting_claim = 0
    w.acting_also = 0
    return w.n_events


@rule
def _write(w: World, kind: int, actor: int, target: int, place: int, site: int, size: float, detail: float,
           cause: int) -> None:  # fmt: skip
    row = w.log[w.n_events - 1]
    row.id = w.n_events
    row.day = w.day
    row.kind = kind
    row.actor = actor
    row.target = target
    row.place = place
    row.site = site
    row.size = size
    row.detail = detail
    row.cause = cause
    row.rule = w.acting_rule
    row.claim = w.acting_claim
    row.also = w.acting_also if w.acting_also != cause else 0


@rule
def happen(w: World, kind: int, actor: int, place: int, size: float, cause: int) -> int:
    """Count an event that has no target, site or detail; return its number."""
    return happen_at(w, kind, actor, 0, place, NO_SITE, size, 0.0, cause)


@rule
def happen_detail(w: World, kind: int, actor: int, place: int, size: float, detail: float, cause: int) -> int:
    """Count an event with a detail; return its number."""
    return happen_at(w, kind, actor, 0, place, NO_SITE, size, detail, cause)


@rule
def by(w: World, mechanism: int, amount: float) -> float:
    """Return ``amount`` at the strength of its mechanism, and note the first day on which it mattered."""
    amount *= w.strength[mechanism]
    if amount != 0.0 and w.mattered[mechanism] < 0:
        w.mattered[mechanism] = w.day
    return amount


@rule
def reads(w: World, mechanism: int, reading: int) -> bool:
    """Return whether this reading (0 is the documents' own) of the mechanism holds in this world."""
    return w.reading[mechanism] == reading


@rule
def climb(w: World, rung: int, actor: int, place: int, cause: int) -> None:
    """Let the ladder stand at ``rung`` at least; a rung never reached before is an event."""
    if actor != US:  # its own strikes leave nobody under fire
        w.under_fire = max(w.under_fire, min(1.0, rung / TOP_RUNG))
    if rung >= w.rung:
        w.rung = rung
        w.rung_day = w.day
    if rung > w.highest_rung:
        w.highest_rung = rung
        happen_detail(w, RUNG_CLIMBED, actor, place, 1.0, float(rung), cause)


@rule
def come_down(w: World) -> None:
    """Let the ladder step down one rung when nothing of its kind has happened for a while."""
    if w.rung > 0 and w.day - w.rung_day >= w.p.rung_rest:
        w.rung -= 1
        w.rung_day = w.day
        w.under_fire = min(w.under_fire, w.rung / TOP_RUNG)


@rule
def clamp(x: float, low: float, high: float) -> float:
    """Return ``x`` held between ``low`` and ``high``."""
    return min(high, max(low, x))


@rule
def left(span: float, days: float) -> float:
    """Return what is left, after ``span`` days, of something that fades with a time constant of so many days.

    The exact solution, whatever the constant: a step of ``span / days`` would overshoot where that is above 1.
    """
    return exp(-span / days) if days > 0.0 else 0.0


@rule
def nudge(x: float, amount: float) -> float:
    """Return share ``x`` moved by ``amount``, the less the nearer it is to 0 or 1."""
    if amount >= 0.0:
        return x + min(amount, 1.0) * (1.0 - x)
    return x * (1.0 + max(amount, -1.0))
