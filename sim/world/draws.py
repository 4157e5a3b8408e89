"""Random numbers by address: (world's key, day, name, entity), never by history.

The hash is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195; variant 13 of
Stafford), applied to keys that are hashes themselves. It is frozen by a known-answer test.
"""

import math
from collections.abc import Sequence

import numpy as np

from sim.names.address import address
from sim.names.streams import CELL_KEYS, MEMBER_DRIFT_KEY, N_DAILY, SINGLE_KEYS, SLOT_KEYS
from sim.world.compiled import rule
from sim.world.elementary import exp, exp_within, log
from sim.world.shape import World

_U = np.uint64
GOLDEN, FIRST, SECOND = _U(0x9E3779B97F4A7C15), _U(0xBF58476D1CE4E5B9), _U(0x94D049BB133111EB)
S30, S27, S31, S11 = _U(30), _U(27), _U(31), _U(11)
S32, LOW_32 = _U(32), _U(0xFFFFFFFF)
UNIT_32 = 2.3283064365386963e-10  # 2 to the -32
UNIT = 1.1102230246251565e-16  # 2 to the -53

_SLOT_KEYS = np.array(SLOT_KEYS, np.uint64)
_CELL_KEYS = np.array(CELL_KEYS, np.uint64)
_MEMBER_DRIFT = _U(MEMBER_DRIFT_KEY)

ATTACK_OUTSIDE_DRAW = _U(SINGLE_KEYS["attack goes outside"])
ATTACK_SITE_DRAW = _U(SINGLE_KEYS["attack site"])
ATTACK_WEAPON_DRAW = _U(SINGLE_KEYS["attack weapon"])
ATTACK_HURTS_DRAW = _U(SINGLE_KEYS["attack hurts"])
ATTACK_KILLS_DRAW = _U(SINGLE_KEYS["attack kills"])
ATTACK_DEAD_DRAW = _U(SINGLE_KEYS["attack dead"])
ATTACK_WOUNDED_DRAW = _U(SINGLE_KEYS["attack wounded"])
ATTACK_WARNED_DRAW = _U(SINGLE_KEYS["attack warned of"])
ATTACK_VICTIMS_DRAW = _U(SINGLE_KEYS["attack victims"])
STRIKE_KILLED_DRAW = _U(SINGLE_KEYS["strike killed"])
STRIKE_IRAQIS_DRAW = _U(SINGLE_KEYS["strike iraqis"])
STRIKE_IRAQI_DEAD_DRAW = _U(SINGLE_KEYS["strike iraqi dead"])
STRIKE_CIVILIANS_DRAW = _U(SINGLE_KEYS["strike civilians"])
STRIKE_CIVILIAN_DEAD_DRAW = _U(SINGLE_KEYS["strike civilian dead"])
EVIDENCE_DRAW = _U(SINGLE_KEYS["evidence"])
POLICY_DRAW = _U(SINGLE_KEYS["policy rule"])
MEMBER_START_DRAW = _U(SINGLE_KEYS["member at start"])
MEMBER_COMES_DRAW = _U(SINGLE_KEYS["member comes"])
MEMBER_VOTES_DRAW = _U(SINGLE_KEYS["member votes"])
MEMBER_CONFIRMS_DRAW = _U(SINGLE_KEYS["member confirms"])
CELL_START_DRAW = _U(SINGLE_KEYS["cell at start"])
ISIS_SIZE_DRAW = _U(SINGLE_KEYS["isis sizes"])
VOTE_DELAY_DRAW = _U(SINGLE_KEYS["vote delay"])
ATTACK_CLAIMED_DRAW = _U(SINGLE_KEYS["attack claimed by front"])
OIL_DRAW = _U(SINGLE_KEYS["oil"])
ALLY_LEAVES_DRAW = _U(SINGLE_KEYS["ally leaves"])
SPARK_DRAW = _U(SINGLE_KEYS["protest spark"])
CLEARS_DRAW = _U(SINGLE_KEYS["protest is cleared"])
REPRESSION_DRAW = _U(SINGLE_KEYS["repression kills"])
REPRESSION_DEAD_DRAW = _U(SINGLE_KEYS["repression dead"])
ROUGH_DRAW = _U(SINGLE_KEYS["rough methods"])
FRAMEWORK_DATED_DRAW = _U(SINGLE_KEYS["framework dated"])
FRAMEWORK_RENEWED_DRAW = _U(SINGLE_KEYS["framework renewed"])
MEMBER_RATIFIES_DRAW = _U(SINGLE_KEYS["member ratifies"])
WAR_SALVO_DRAW = _U(SINGLE_KEYS["war salvo"])
NORTH_LEFT_DRAW = _U(SINGLE_KEYS["north left"])
SANCTIONS_DRAW = _U(SINGLE_KEYS["sanctions follow"])
SADRS_CROWD_DRAW = _U(SINGLE_KEYS["sadr's crowd"])
TALKS_SUSPENDED_DRAW = _U(SINGLE_KEYS["talks suspended"])
GUEST_DRAW = _U(SINGLE_KEYS["guest"])
FORCES_OBEY_DRAW = _U(SINGLE_KEYS["forces obey"])
ROUND_DRAW = _U(SINGLE_KEYS["round of talks"])
LAPSE_DRAW = _U(SINGLE_KEYS["framework lapses"])
PUT_TO_VOTE_DRAW = _U(SINGLE_KEYS["framework put to vote"])
SEASON_DRAW = _U(SINGLE_KEYS["season of violence"])
REVIEW_DRAW = _U(SINGLE_KEYS["review"])
OFFICE_DRAW = _U(SINGLE_KEYS["office"])
LEADER_TAKEN_DRAW = _U(SINGLE_KEYS["isis leader taken"])
ARMY_BREAKS_DRAW = _U(SINGLE_KEYS["army breaks"])
TOWNS_FALL_DRAW = _U(SINGLE_KEYS["towns that fall"])


@rule
def mix(z: np.uint64) -> np.uint64:
    """Return ``z`` scrambled: each bit of the result depends on each bit given."""
    z = (z ^ (z >> S30)) * FIRST
    z = (z ^ (z >> S27)) * SECOND
    return z ^ (z >> S31)


@rule
def unit(z: np.uint64) -> float:
    """Return the top 53 bits of ``z`` as a number from 0 up to, but not, 1."""
    return float(z >> S11) * UNIT


@rule
def draw(w: World, name: np.uint64, entity: int) -> float:
    """Return today's uniform number of this name and entity."""
    return drawn(draws_of(w, name), entity)


@rule
def draws_of(w: World, name: np.uint64) -> np.uint64:
    """Return today's key of a name: what many entities draw by it, they draw with ``drawn``."""
    return mix(w.day_key ^ name)


@rule
def drawn(key: np.uint64, entity: int) -> float:
    """Return the uniform number of an entity under a key of ``draws_of``."""
    return unit(mix(key + _U(entity) * GOLDEN))


@rule
def draw_at_start(w: World, name: np.uint64, entity: int) -> float:
    """Return the uniform number of this name and entity that holds for the whole of a world."""
    return unit(mix(mix(w.key ^ name) + _U(entity) * GOLDEN))


@rule
def new_day(w: World) -> None:
    """Set today's key and fill the block of daily draws."""
    w.day_key = mix(w.luck + _U(w.day) * GOLDEN)
    key, u = w.day_key, w.u
    for i in range(N_DAILY):
        u[i] = unit(mix(key ^ _SLOT_KEYS[i]))


@rule
def fill_members(w: World) -> None:
    """Fill this week's draw of every member of parliament: even, of mean 0 and variance 1 (weeks add up to normal)."""
    key, z = mix(w.day_key ^ _MEMBER_DRIFT), w.member_z
    for i in range(len(z)):
        z[i] = (unit(mix(key + _U(i) * GOLDEN)) - 0.5) * 3.4641016151377544


@rule
def fill_cells(w: World) -> None:
    """Fill this week's draws of every living cell, by the cell's own key: two numbers from each hash.

    Half a hash, 32 bits, tells chances apart that differ by a part in four billion: enough for what befalls one cell in
    a hundred a week.
    """
    keys = w.cell_key
    for j in range(len(_CELL_KEYS)):
        week = mix(w.day_key ^ _CELL_KEYS[j])
        upper, lower = w.cell_u[2 * j], w.cell_u[2 * j + 1]
        for i in range(w.n_cells):
            z = mix(keys[i] + week)
            upper[i] = float(z >> S32) * UNIT_32
            lower[i] = float(z & LOW_32) * UNIT_32


@rule
def poisson(u: float, mean: float) -> int:
    """Return the Poisson count of this mean at quantile ``u``; above a mean of 30, that of the normal nearest to it."""
    if u < 1.0 - mean:  # exp(-mean) is never less: most calls end here without the exponential
        return 0
    if mean > 30.0:
        return int(min(1e9, max(0.0, mean + math.sqrt(mean) * normal(u) + 0.5)))
    chance = exp(-mean)
    below = chance
    k = 0
    while u >= below and chance > 1e-18:  # what is left is less than a quantile can tell
        k += 1
        chance *= mean / k
        below += chance
    return k


@rule
def normal(u: float) -> float:
    """Return the standard normal quantile at ``u`` (Acklam's approximation, relative error under 1.2e-9)."""
    if u < 1e-16:
        u = 1e-16
    if u < 0.02425 or u > 0.97575:
        q = math.sqrt(-2.0 * log(min(u, 1.0 - u)))
        x = (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
               - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783) / (
            (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
             + 3.754408661907416) * q + 1.0)  # fmt: skip
        return x if u < 0.5 else -x
    q = u - 0.5
    r = q * q
    return (((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
              + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239) * q / (
        ((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
          + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0)  # fmt: skip


@rule
def heavy_tail(u: float, exponent: float, most: float) -> int:
    """Return a whole number of at least 1 with density falling as size to the minus ``exponent``, cut at ``most``."""
    size = exp(-log(1.0 - u) / (exponent - 1.0))
    return int(min(size, max(1.0, most)))


@rule
def logistic(x: float) -> float:
    """Return the logistic function of ``x``, without a branch."""
    return 1.0 / (1.0 + exp_within(-x))


def world_keys(seed: int, numbers: np.ndarray) -> np.ndarray:
    """Return the 64-bit keys of worlds ``numbers`` (n,) under ``seed``, computed for all at once."""
    with np.errstate(over="ignore"):
        root = _mix_all(np.array([seed % 2**64], np.uint64) + GOLDEN)
        return _mix_all(root + (numbers.astype(np.uint64) + _U(1)) * GOLDEN)


def quantiles(keys: np.ndarray, name: str) -> np.ndarray:
    """Return the quantile (n,) in 0 to 1 at which worlds with these keys draw the quantity called ``name``."""
    return quantiles_of(keys, [name])[0]


def quantiles_of(keys: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return the quantiles (names, n) at which worlds with these keys draw quantities, all of them at once."""
    addresses = np.array([address("quantity", name) for name in names], np.uint64)
    with np.errstate(over="ignore"):
        mixed = _mix_all(keys ^ addresses[:, None])
        return (mixed >> S11).astype(np.float64) * UNIT


def _mix_all(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> S30)) * FIRST
    z = (z ^ (z >> S27)) * SECOND
    return z ^ (z >> S31)
