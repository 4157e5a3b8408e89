"""Who has left by when, counted over the worlds of a variant."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim import stats
from sim.results.reading import Results

#: The columns that the figure is drawn from.
COLUMNS = ("exit_day", "exit_kind", "north_kept")
#: Up to so many days a curve has a point for every day, beyond that for every week.
DAILY = 4 * 365 / 12


def incidence(results: Results, variant: str, days: Sequence[int] | None = None) -> dict[str, Any]:
    """Return the share of a variant's worlds gone in each way, as ``stats.cumulative_incidence``.

    By default on the days that the figure draws: every day of a short run, every week of a long one.
    """
    until = results.days_of(variant) or int(horizon(results))
    if days is None:
        days = np.append(np.arange(0, until, 1 if until <= DAILY else 7), until).tolist()
    frame = results.outcomes_columns(list(COLUMNS), variant)
    ends = stats.ends_of(frame["exit_kind"], frame["north_kept"])
    return stats.cumulative_incidence(frame["exit_day"], ends, until, np.asarray(days))


def horizon(results: Results) -> int:
    """Return the last day of the scenario, or of any exit where the manifest does not say."""
    days = results.manifest.get("days")
    if days is None:
        last = results.outcomes_columns(["exit_day"])["exit_day"].max()
        days = 1 if np.isnan(last) else last
    return int(days)
