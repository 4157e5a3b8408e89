"""How and when US forces leave: worlds gone by each day, by competing ends, with bands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.names.actors import EXIT_KINDS
from sim.stats.bootstrap import SEED
from sim.stats.records import Record, plain
from sim.stats.summaries import Z95
from sim.stats.values import codes_of, numbers_of

#: The ends that compete: an exit of one of three kinds, or one from federal Iraq to the Kurdistan Region that lasts.
STAYED, NORTH = "none", "north_only"
ENDS = (STAYED, "agreement", "demand", "own_choice", NORTH)
#: Draws of the largest departure, for simultaneous bands.
DRAWS = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class IncidenceCurve(Record):
    """The share of all worlds gone by each of some days, arrays (days,); NaN where nothing is known.

    ``low`` to ``high`` holds the true share of one day in 95% of cases, ``band_low`` to ``band_high`` the whole curve.
    """

    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    band_low: np.ndarray
    band_high: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """Which shares of worlds are gone by each ``day`` (days,), by end; for the first end it is the share still there.

    NaN only after the last day on which any world was seen, where nothing is known.
    """

    day: np.ndarray
    ends: dict[str, IncidenceCurve]

    @property
    def gone(self) -> IncidenceCurve:
        """Return share and bands of all ends together: what the share still there leaves of all worlds."""
        still = next(iter(self.ends.values()))
        # Rounding would leave a trace of worlds where all are gone.
        bounds = (still.share, still.high, still.low, still.band_high, still.band_low)
        return IncidenceCurve(*(1 - np.round(values, 12) for values in bounds))

    def as_plain(self) -> dict[str, Any]:
        """Return lists: the days, and the curves of each end by its name."""
        return {"day": self.day.tolist()} | plain(self.ends)


def ends_of(exit_kind: Any, north_kept: Any) -> np.ndarray:
    """Return each world's end as its place in ``ENDS`` (worlds,): the kind of its exit, or ``north_only``.

    ``north_only`` are exits after which US forces stay in the Kurdistan Region alone to the end, whatever brought them
    about; a world that leaves the north later counts by the kind of its exit.
    """
    kind, north = codes_of(exit_kind, EXIT_KINDS), numbers_of(north_kept) > 0
    return np.where((kind > 0) & north, ENDS.index(NORTH), np.maximum(kind, 0))


def cumulative_incidence(
    time: Any, end: Any, until: Any, days: Sequence[int] | np.ndarray | int, ends: Sequence[str] = ENDS
) -> Incidence:
    """Return the share of worlds gone in each way by each day, with pointwise and simultaneous 95% bands.

    Parameters
    ----------
    time : array-like, shape (worlds,)
        Whole day of the end; null where there was none.
    end : array-like of int, shape (worlds,)
        Place in ``ends`` of how it ended; 0 for none.
    until : int, or array-like, shape (worlds,)
        The last day on which a world was seen: its horizon. What it would have done after is not known.
    days : int or array of int
        The days asked about, or a horizon: every day from 0 up to it.
    ends : sequence of str
        The first is no end at all.

    Notes
    -----
    Aalen and Johansen's estimator (1978, jstor 4615704); without censoring before a day it is the plain share. Its
    variance is the infinitesimal jackknife's, which without censoring is that of a share. Intervals are Wilson's for as
    many uncensored worlds as have that variance (Rothman 1978, doi:10.1016/0021-9681(78)90043-0). Simultaneous bands
    are Kolmogorov's kind, as wide on every day: the 95% quantile of the largest departure over the days asked about,
    found with normal multipliers of each world's influence (Lin, Fleming & Wei 1994, doi:10.1093/biomet/81.1.73).
    """
    asked = np.arange(days + 1) if isinstance(days, (int, np.integer)) else np.asarray(days)
    groups, counts = _groups(time, end, until)
    if len(counts) == 0:
        nothing = IncidenceCurve(*[np.full(len(asked), np.nan)] * 5)
        return Incidence(asked, dict.fromkeys(ends, nothing))
    shares, influences = _aalen_johansen(groups, counts, asked, len(ends))
    if np.any(groups[groups[:, 0] == groups[:, 0].max(), 1] == 0):  # else nobody is left of whom anything is unknown
        shares[:, asked > groups[:, 0].max()] = np.nan
    return Incidence(asked, {name: _bands(shares[k], influences[k], counts) for k, name in enumerate(ends)})


def _groups(time: Any, end: Any, until: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct (last day seen, end) (groups, 2), and how many worlds have each."""
    day, last = numbers_of(time), np.broadcast_to(np.asarray(until, dtype=float), np.shape(time))
    ended = ~np.isnan(day) & (day <= last) & (np.asarray(end) > 0)
    seen = np.where(ended, day, last).astype(np.int64)
    pairs = np.column_stack([seen, np.where(ended, np.asarray(end), 0).astype(np.int64)])
    groups, counts = np.unique(pairs, axis=0, return_counts=True)
    return groups, counts.astype(float)


def _aalen_johansen(
    groups: np.ndarray, counts: np.ndarray, asked: np.ndarray, ends: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return shares (ends, days asked), and each group's influence on them (ends, groups, days asked).

    Influence is the derivative by the weight of one world of the group. Only days on which something ended count.
    """
    events = np.unique(groups[groups[:, 1] > 0, 0])
    at_risk = (groups[:, 0][:, None] >= events).astype(float)
    n = counts @ at_risk
    gone = [((groups[:, 0][:, None] == events) & (groups[:, 1] == code)[:, None]).astype(float) for code in range(ends)]
    gone[0] = sum(gone[1:], np.zeros_like(at_risk))
    hazard = [counts @ one / n for one in gone]
    tilt = [(one - at_risk * h) / n for one, h in zip(gone, hazard, strict=True)]
    left = np.cumprod(1 - hazard[0])
    before = np.concatenate([[1.0], left[:-1]])
    # By the product rule; after the last world at risk nothing is left, and nothing changes.
    slope = np.cumsum(np.divide(-tilt[0], 1 - hazard[0], where=hazard[0] < 1, out=np.zeros_like(tilt[0])), axis=1)
    earlier = np.concatenate([np.zeros((len(groups), 1)), slope[:, :-1]], axis=1)
    place = np.searchsorted(events, asked, side="right")
    shares, influences = [], []
    for code in range(1, ends):
        share = np.cumsum(before * hazard[code])
        influence = np.cumsum(before * tilt[code] + earlier * before * hazard[code], axis=1)
        shares.append(np.concatenate([[0.0], share])[place])
        influences.append(np.concatenate([np.zeros((len(groups), 1)), influence], axis=1)[:, place])
    shares.insert(0, 1 - np.sum(shares, axis=0))
    influences.insert(0, -np.sum(influences, axis=0))
    return np.array(shares), np.array(influences)


def _bands(share: np.ndarray, influence: np.ndarray, counts: np.ndarray) -> IncidenceCurve:
    low, high = _wilson(share, counts @ influence**2, counts.sum())
    half = _largest_departure(influence, counts)
    band_low, band_high = np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)
    # Nothing is known better of all days than of one.
    return IncidenceCurve(share, low, high, np.minimum(low, band_low), np.maximum(high, band_high))


def _wilson(share: np.ndarray, variance: np.ndarray, worlds: float) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's limits for shares that vary as those of so many uncensored worlds would."""
    p, z = np.clip(share, 0.0, 1.0), Z95
    spread = p * (1 - p)
    n = np.divide(spread, variance, where=variance > 1e-15, out=np.full(len(p), float(worlds)))
    middle, half = p + z * z / (2 * n), z * np.sqrt(spread / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low, high = (middle - half) / scale, (middle + half) / scale
    # A share that is nothing but for rounding would have limits a hair outside.
    return np.where(p <= 0, 0.0, np.maximum(low, 0.0)), np.where(p >= 1, 1.0, np.minimum(high, 1.0))


def _largest_departure(influence: np.ndarray, counts: np.ndarray) -> float:
    """Return the 95% quantile of the largest departure of a curve from the truth over the days."""
    # The worlds of a group have independent multipliers of variance 1, which add up to one of variance ``counts``.
    multipliers = np.random.default_rng(SEED).standard_normal((DRAWS, len(counts)))
    departures = multipliers @ (np.sqrt(counts)[:, None] * influence)
    return float(np.quantile(np.abs(departures).max(axis=1), 0.95))
