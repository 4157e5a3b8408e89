"""ISIS cells, each an agent: they hide, rebuild, recruit, attack, move, split and die under what presses on them."""

import numpy as np

from sim.names.actors import ISIS, N_GOVERNORATES, NOWHERE, PUBLIC
from sim.names.events import (
    CELL_DESTROYED,
    CELL_SPLIT,
    FIGHTERS_LOST,
    FIGHTERS_RECRUITED,
    ISIS_ATTACKS,
    ISIS_KILLED_PEOPLE,
)
from sim.names.mechanisms import M27, M72
from sim.names.streams import C_ATTACKS, C_DESTROYED, C_MOVES, C_SPLITS, N_CELL_DRAWS
from sim.names.tables import MAX_CELLS
from sim.world.compiled import rule
from sim.world.draws import (
    CELL_START_DRAW,
    ISIS_SIZE_DRAW,
    draw_at_start,
    drawn,
    draws_of,
    fill_cells,
    heavy_tail,
    mix,
    poisson,
)
from sim.world.elementary import cosine_of_turns
from sim.world.events import by, clamp, happen, happen_at
from sim.world.shape import World
from sim.world.wear import recruiting, spend_recruits, take_leaders, told_on, turn_on

_CHILD = np.uint64(0x9E6C63D0876A9A47)
#: A cell that has not shown itself is found this often, over one that is wholly exposed.
GREEN = 0.4
#: What is left of a year's cosine over a quarter of it, on the mean: sin(x)/x of an eighth of a turn.
QUARTER_OF_COSINE = 0.9016
#: Attacks of one place in one week whose sizes are drawn one by one; a week beyond that is summed as of this many.
MOST_SIZES = 200


# The start ----------------------------------------------------------------------------------------------------------


@rule
def start_cells(w: World) -> None:
    """Spread the fighters over cells, and the cells over the places that shelter them."""
    total = 0.0
    for g in range(N_GOVERNORATES):
        total += w.place_in[g].isis_share
    wanted = max(1.0, w.s.isis_fighters / w.p.cell_fighters)
    n = int(min(MAX_CELLS - 50.0, wanted))
    w.beyond_room += max(0.0, wanted - (MAX_CELLS - 50.0))
    w.n_cells = n
    for i in range(n):
        w.cell_key[i] = mix(w.key ^ CELL_START_DRAW ^ mix(np.uint64(i + 1)))
        w.cell_place[i] = _place_at(w, draw_at_start(w, CELL_START_DRAW, 3 * i) * total)
        w.cell_fighters[i] = w.s.isis_fighters / n * (0.5 + draw_at_start(w, CELL_START_DRAW, 3 * i + 1))
        w.cell_skill[i] = 0.3 + 0.4 * draw_at_start(w, CELL_START_DRAW, 3 * i + 2)
        w.cell_supplies[i] = 0.5
        w.fighters += w.cell_fighters[i]
    w.fighters_start = w.fighters
    w.isis_trend = 1.0
    for g in range(N_GOVERNORATES):
        for k in range(13):  # the quarter before, as it was counted
            w.isis_quarter[g, k] = w.s.isis_attacks_quarter / 13.0 * w.place_in[g].isis_share / max(1e-9, total)
    _take_ground(w)
    for g in range(N_GOVERNORATES):
        w.border_start += w.place_fighters[g] * w.place_in[g].iran_border


@rule
def _place_at(w: World, mark: float) -> int:
    for g in range(N_GOVERNORATES):
        mark -= w.place_in[g].isis_share
        if mark < 0.0:
            return g
    return 0


# What it sees and feels ---------------------------------------------------------------------------------------------


@rule
def _of_year(w: World, later: float) -> float:
    """Return where in the year it is, so many days from now: 1 at the seasonal peak, -1 half a year from it."""
    return cosine_of_turns((w.start_ordinal + w.day + later - w.p.season_peak) / 365.25)


@rule
def _season_of_quarter(w: World, first: float) -> float:
    """Return the season of the 91 days from then on, on the mean."""
    return 1.0 + w.p.season_swing * QUARTER_OF_COSINE * _of_year(w, first + 45.5)


@rule
def _note_trend(w: World) -> None:
    """Hold the attacks of the last 13 weeks against those counted at the start, each by its season."""
    total = 0.0
    for g in range(N_GOVERNORATES):
        for k in range(13):
            total += w.isis_quarter[g, k]
    expected = w.s.isis_attacks_quarter * _season_of_quarter(w, -84.0)
    w.isis_trend = total / max(1.0, expected)


@rule
def _growth_that_keeps_even(w: World, room: float) -> float:
    """Return the growth that makes up for what usual pressure destroys in a week, and for the drift of the start."""
    lost, base = 0.0, 0.0
    for i in range(w.n_cells):
        g = w.cell_place[i]
        lost += w.cell_fighters[i] * w.p.cell_loss * w.pressure_usual[g] * GREEN * (1.3 - w.cell_skill[i])
        base += w.cell_fighters[i] * room * w.place_crowd[g] * (1.0 + w.place_room[g])
    return (lost + w.s.isis_drift / 52.0 * w.fighters) / max(1e-9, base)


@rule
def _recruits_for_presence(w: World, g: int) -> float:
    """Return what resentment of foreign troops adds to recruits among Sunnis (M72): the first thousands count most."""
    felt = w.presence.troops / max(1e-9, w.presence.troops + w.p.presence_felt)
    return by(w, M72, w.p.presence_recruits * w.place_in[g].sunni_arab * w.mood_us * felt)


@rule
def _weigh_places(w: World, growth: float) -> None:
    """Work out once for every place what a week there makes of a cell: its end, its growth, supplies and attacks."""
    for g in range(N_GOVERNORATES):
        eased, crowd = w.place_ease[g], w.place_crowd[g]
        ripe = 1.0 + eased + w.place_room[g]
        rise = growth * crowd * ripe
        if growth < 0.0 or crowd < 0.0 or ripe < 0.0:  # whatever holds cells back, two of them no less
            rise = -abs(rise)
        w.place_loss[g] = w.p.cell_loss * w.pressure[g] * told_on(w, g)
        w.place_growth[g] = rise
        w.place_supplies[g] = min(1.0, max(0.0, 0.5 + 0.5 * eased))
        w.place_tempo[g] = max(0.1, 1.0 + eased)


# What it decides ----------------------------------------------------------------------------------------------------


@rule
def cells_week(w: World) -> None:
    """Let every cell live through a week under the pressure where it is, then close the ranks over the dead."""
    fill_cells(w)
    for g in range(N_GOVERNORATES):
        w.place_sum[g] = 0.0
        w.place_more[g] = 0.0
        w.place_ease[g] = by(w, M27, w.p.ease * (w.pressure_usual[g] - w.pressure[g]))
        w.place_room[g] = w.p.grievance_recruits * w.grievance[g] + _recruits_for_presence(w, g)
        most = w.p.place_limit * w.p.fighters_limit
        w.place_crowd[g] = clamp(1.0 - w.place_fighters[g] / most, -0.5, 1.0)
    before = w.fighters
    season = 1.0 + w.p.season_swing * _of_year(w, 0.0)
    room = clamp(1.0 - w.fighters / w.p.fighters_limit, -0.5, 1.0)
    if w.day == 0:
        w.growth_even = _growth_that_keeps_even(w, room)
    take_leaders(w)
    gained = _live_all(w, season, room)
    spend_recruits(w, gained)
    _settle_attacks(w)
    _note_trend(w)
    _split_all(w)
    lost = _close_ranks(w)
    w.fighters = before + gained - lost
    _book(w, gained, lost)
    _take_ground(w)


@rule
def _live_all(w: World, season: float, room: float) -> float:
    """Let every cell live a week, and note those that die or split; return the fighters gained."""
    p, place, heat, skill, supplies = w.p, w.cell_place, w.cell_heat, w.cell_skill, w.cell_supplies
    fighters, u = w.cell_fighters, w.cell_u
    learning, moves = p.cell_learning, p.cell_moves
    _weigh_places(w, w.growth_even * room * recruiting(w))
    # What a fighter does follows from the attacks that were counted at the start: how many fighters there were then.
    tempo = p.isis_tempo * season * w.s.isis_attacks_quarter / 13.0 / max(1.0, w.fighters_start)
    # Where there are many, bands are larger: the record's room for cells holds nobody back.
    large = max(p.split_size, 2.5 * w.fighters / MAX_CELLS)
    gained = 0.0
    w.n_dead = 0
    w.n_large = 0
    for i in range(w.n_cells):
        g = place[i]
        if u[C_DESTROYED, i] < w.place_loss[g] * (GREEN + (1.0 - GREEN) * heat[i]) * (1.3 - skill[i]):
            w.place_more[g] += 1.0
            w.dead[w.n_dead] = i
            w.n_dead += 1
            continue
        fed = 0.5 + supplies[i]
        gain = fighters[i] * max(-0.05, w.place_growth[g] * fed)
        fighters[i] += gain
        gained += gain
        green = max(0.0, gain) / max(1e-9, fighters[i])
        skill[i] += learning * (1.0 - skill[i]) + green * (p.recruit_skill - skill[i])
        supplies[i] += 0.1 * (w.place_supplies[g] - supplies[i])
        n = poisson(u[C_ATTACKS, i], tempo * fighters[i] * fed * w.place_tempo[g])
        if n > 0:
            w.place_sum[g] += n
        heat[i] = min(1.0, 0.6 * heat[i] + (0.4 if n > 0 else 0.0))
        if u[C_MOVES, i] < moves:
            _move(w, i, g, u[C_MOVES, i] / moves)
        if fighters[i] > large and u[C_SPLITS, i] < p.split_rate:
            w.large[w.n_large] = i
            w.n_large += 1
    return gained


@rule
def _move(w: World, i: int, g: int, u: float) -> None:
    """Move to the neighbour that chance points to, if it shelters cells and presses on them less."""
    n = w.n_neighbours[g]
    if n == 0:
        return
    there = w.neighbours[g, int(u * n)]
    if w.place_in[there].haven > 0.05 and w.pressure[there] < w.pressure[g]:
        w.cell_place[i] = there


# What comes of it ---------------------------------------------------------------------------------------------------


@rule
def _settle_attacks(w: World) -> None:
    """Count the week's attacks by place, and draw how many each killed (a heavy tail)."""
    w.ring_isis = (w.ring_isis + 1) % 13
    for g in range(N_GOVERNORATES):
        n = w.place_sum[g]
        w.isis_quarter[g, w.ring_isis] = n
        if n > 0.0:
            event = happen(w, ISIS_ATTACKS, ISIS, g, n, 0)
            w.isis_attacks_place[g] += n
            dead = _dead_of(w, g, int(min(n, MOST_SIZES)))
            w.beyond_room += max(0.0, n - MOST_SIZES)
            if dead > 0.0:
                happen_at(w, ISIS_KILLED_PEOPLE, ISIS, PUBLIC, g, -1, dead, 0.0, event)
            turn_on(w, g, dead)
        if w.place_more[g] > 0.0:
            happen(w, CELL_DESTROYED, ISIS, g, w.place_more[g], 0)


@rule
def _dead_of(w: World, g: int, n: int) -> float:
    dead, sizes = 0.0, draws_of(w, ISIS_SIZE_DRAW)
    for k in range(n):
        u = drawn(sizes, g * MOST_SIZES + k)
        if u < w.p.isis_deadly_share:
            dead += heavy_tail(u / w.p.isis_deadly_share, w.p.isis_exponent, w.p.isis_most_dead)
    return dead


@rule
def _split_all(w: World) -> None:
    """Let the cells that have grown too large for hiding split in two; the child's key comes from its parent's."""
    for k in range(w.n_large):
        if w.n_cells < MAX_CELLS:
            _split(w, w.large[k], w.n_cells)
            w.n_cells += 1
        else:
            w.beyond_room += 1.0


@rule
def _split(w: World, i: int, child: int) -> None:
    w.cell_children[i] += 1
    w.cell_fighters[i] *= 0.5
    w.cell_fighters[child] = w.cell_fighters[i]
    w.cell_key[child] = mix(w.cell_key[i] ^ (_CHILD * np.uint64(w.cell_children[i])))
    w.cell_place[child] = w.cell_place[i]
    w.cell_skill[child] = 0.8 * w.cell_skill[i]
    w.cell_heat[child] = 0.0
    w.cell_supplies[child] = w.cell_supplies[i]
    w.cell_children[child] = 0
    happen(w, CELL_SPLIT, ISIS, w.cell_place[i], 1.0, 0)


@rule
def _close_ranks(w: World) -> float:
    """Fill the place of each dead cell with the last living one, its key with it; return the fighters lost."""
    lost = 0.0
    for k in range(w.n_dead - 1, -1, -1):
        i = w.dead[k]
        lost += w.cell_fighters[i]
        w.n_cells -= 1
        _move_cell(w, w.n_cells, i)
        w.cell_fighters[w.n_cells] = 0.0
    return lost


@rule
def _move_cell(w: World, i: int, j: int) -> None:
    w.cell_key[j] = w.cell_key[i]
    w.cell_place[j] = w.cell_place[i]
    w.cell_fighters[j] = w.cell_fighters[i]
    w.cell_skill[j] = w.cell_skill[i]
    w.cell_heat[j] = w.cell_heat[i]
    w.cell_supplies[j] = w.cell_supplies[i]
    w.cell_children[j] = w.cell_children[i]
    for k in range(N_CELL_DRAWS):
        w.cell_u[k, j] = w.cell_u[k, i]


@rule
def _book(w: World, gained: float, lost: float) -> None:
    if gained < 0.0:  # where cells dwindle on balance, fighters are lost without a fight
        lost -= gained
        gained = 0.0
    w.fighters_in += gained
    w.fighters_out += lost
    if gained > 0.0:
        happen(w, FIGHTERS_RECRUITED, ISIS, NOWHERE, gained, 0)
    if lost > 0.0:
        happen(w, FIGHTERS_LOST, ISIS, NOWHERE, lost, 0)


@rule
def _take_ground(w: World) -> None:
    """Count fighters by place, and the people whom those can hold who no longer need to hide."""
    for g in range(N_GOVERNORATES):
        w.place_fighters[g] = 0.0
    for i in range(w.n_cells):
        w.place_fighters[w.cell_place[i]] += w.cell_fighters[i]
    held, people = 0.0, 0.0
    for g in range(N_GOVERNORATES):
        t = w.place_in[g]
        open_ones = max(0.0, w.place_fighters[g] * (1.0 - w.pressure[g]) - w.p.hidden_fighters)
        held += max(min(open_ones * w.p.people_held, t.population * t.sunni_arab), t.population * w.towns_lost[g])
        people += t.population
    w.control = held / max(1.0, people)
    w.control_max = max(w.control_max, w.control)
