"""Beyond the border: the US contingent in Syria and Jordan, ISIS there, and the fighters who cross."""

import numpy as np

from sim.names.actors import ISIS, N_GOVERNORATES, SYRIA, US
from sim.names.events import CELL_CROSSED, LEFT_SYRIA
from sim.names.mechanisms import M29
from sim.names.tables import MAX_CELLS
from sim.world.compiled import rule
from sim.world.draws import CELL_START_DRAW, mix
from sim.world.events import by, clamp, happen
from sim.world.shape import World

_CROSSING = np.uint64(0x5A1D07C3B1E94F27)


@rule
def start_syria(w: World) -> None:
    """Set the contingent outside Iraq, and ISIS in Syria, at the start."""
    w.outside_troops = w.s.troops_outside
    w.syria_isis = w.s.syria_isis


@rule
def syria_week(w: World) -> None:
    """Let the contingent shrink when Iraq no longer carries it (M29), ISIS there answer, and fighters cross."""
    _contingent(w)
    held = w.outside_troops / max(1.0, w.s.troops_outside)
    w.syria_isis += w.p.syria_growth * (1.0 - held) * w.syria_isis * (1.0 - w.syria_isis / w.p.syria_limit)
    w.syria_isis += w.p.syria_return * held * (w.s.syria_isis - w.syria_isis)
    _cross(w)


@rule
def _contingent(w: World) -> None:
    there = w.presence
    carried = clamp((there.troops + there.troops_north) / max(1.0, 0.1 * there.troops_start), 0.0, 1.0)
    if carried >= 1.0 or w.outside_troops <= 0.0:
        return
    share = clamp(by(w, M29, (1.0 - carried) * (1.0 - w.kept.syria_week)), 0.0, 1.0)
    gone = min(w.outside_troops, share * w.s.troops_outside)
    if gone > 0.0:
        w.outside_troops -= gone
        w.acting_claim = M29
        happen(w, LEFT_SYRIA, US, SYRIA, gone, there.exit_event)


@rule
def _cross(w: World) -> None:
    """Let fighters cross where the border is, and form cells of their own on this side."""
    flow = by(w, M29, w.p.syria_inflow * w.syria_isis)
    total = 0.0
    for g in range(N_GOVERNORATES):
        total += w.place_in[g].syria_border
    for g in range(N_GOVERNORATES):
        w.crossing[g] += flow * w.place_in[g].syria_border / max(1e-9, total)
        if w.crossing[g] >= w.p.cell_fighters:
            _settle(w, g)


@rule
def _close_ranks_for_one(w: World) -> None:
    """Let the last cell's men join the first's: the record's room for cells holds nobody back."""
    w.n_cells -= 1
    w.cell_fighters[0] += w.cell_fighters[w.n_cells]
    w.cell_fighters[w.n_cells] = 0.0


@rule
def _settle(w: World, g: int) -> None:
    if w.n_cells >= MAX_CELLS:
        _close_ranks_for_one(w)
    i = w.n_cells
    w.crossed += 1
    w.n_cells += 1
    w.cell_key[i] = mix(w.key ^ CELL_START_DRAW ^ mix(_CROSSING + np.uint64(w.crossed)))
    w.cell_place[i] = g
    w.cell_fighters[i] = w.crossing[g]
    w.cell_skill[i] = 0.6
    w.cell_heat[i] = 0.0
    w.cell_supplies[i] = 0.5
    w.cell_children[i] = 0
    w.fighters += w.crossing[g]
    w.fighters_in += w.crossing[g]
    w.crossing[g] = 0.0
    w.acting_claim = M29
    happen(w, CELL_CROSSED, ISIS, g, 1.0, 0)
