"""Who has left by when, counted over the worlds of a variant."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim import stats

if TYPE_CHECKING:
    from sim.results.reading import Results

#: The columns that the figure is drawn from.
COLUMNS = ("exit_day", "exit_kind", "north_kept")
#: Up to so many days a curve has a point for every day, beyond that for every week.
DAILY = 4 * 365 / 12


class Dated(Protocol):
    """Worlds of variants that run for some days."""

    @property
    def variants(self) -> list[str]:
        """Return the variants' labels."""
        ...

    def days_of(self, variant: str) -> int | None:
        """Return how many days a variant's worlds were run."""
        ...

    def arrays(self, names: Sequence[str], variant: str) -> Mapping[str, np.ndarray]:
        """Return columns of one variant by name."""
        ...


def incidence(results: Dated, variant: str, days: Sequence[int] | None = None) -> stats.Incidence:
    """Return the share of a variant's worlds gone in each way.

    By default on the days that the figure draws: every day of a short run, every week of a long one.
    """
    until = results.days_of(variant) or _last_exit(results)
    if days is None:
        days = np.append(np.arange(0, until, 1 if until <= DAILY else 7), until).tolist()
    found = results.arrays(COLUMNS, variant)
    ends = stats.ends_of(found["exit_kind"], found["north_kept"])
    return stats.cumulative_incidence(found["exit_day"], ends, until, np.asarray(days))


def horizon(results: "Results") -> int:
    """Return the last day of the scenario, or of any exit where the manifest does not say."""
    days = results.manifest.get("days")
    return _last_exit(results) if days is None else int(days)


def _last_exit(results: Dated) -> int:
    exits = np.concatenate([results.arrays(["exit_day"], label)["exit_day"] for label in results.variants])
    return int(np.nanmax(exits)) if np.isfinite(exits).any() else 1
