"""Of what kind exits are, and who stays where nobody leaves: counts of worlds, which add up."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sim import stats
from sim.inputs.theory import load_parameters
from sim.plots.exits import END_LOOKS
from sim.report.blocks import Table
from sim.results import Results
from sim.stories.ending import UGLY

_READ = ("exited", "exit_kind", "north_kept", "exit_ugly", "us_troops_end", "presence_days")


class ExitCounts(NamedTuple):
    """How the worlds of a variant ended: of ``worlds``, so many by each end, out of all of Iraq, and uglily.

    ``troops`` are those at the end of the worlds that stayed, on average; None where none did.
    """

    worlds: int
    ends: dict[str, int]
    everywhere: int
    ugly: int
    troops: float | None

    @property
    def gone(self) -> int:
        """Return how many worlds have an exit."""
        return sum(self.ends.values())

    def said(self) -> str:
        """Return the kinds of exits in words: ``121 of 2,000 worlds (78 by agreement, 43 by own choice)``."""
        kinds = [f"{n:,} {END_LOOKS[end][0]}" for end, n in self.ends.items() if n]
        return f"{self.gone:,} of {self.worlds:,} worlds" + (f" ({', '.join(kinds)})" if kinds else "")


def exit_counts(results: Results, label: str) -> ExitCounts | None:
    """Return how the worlds of a variant ended; None where the results lack what tells it."""
    if not set(_READ) <= set(results.names()):
        return None
    frame = results.outcomes_columns(["world", *_READ], label)
    ends = stats.ends_of(frame["exit_kind"], frame["north_kept"])
    gone = frame["exited"].to_numpy(dtype=float) > 0
    counts = {name: int((ends == k).sum()) for k, name in enumerate(stats.ENDS) if name != stats.ENDS[0]}
    north = frame["north_kept"].to_numpy(dtype=float) > 0
    ugly = np.nan_to_num(frame["exit_ugly"].to_numpy(dtype=float)) > 0
    stayed = frame["us_troops_end"].to_numpy(dtype=float)[~gone]
    return ExitCounts(len(frame), counts, int((gone & ~north).sum()), int((gone & ugly).sum()),
                float(stayed.mean()) if len(stayed) else None)  # fmt: skip


def exits_table(names: Sequence[str], found: Sequence[ExitCounts]) -> Table:
    """Return the table of exits by kind."""
    head = ("worlds", *(words for words, *_ in END_LOOKS.values()), "of them gone from all of Iraq", "of them ugly",
            "troops at the end where the US stayed")  # fmt: skip
    rows = tuple(
        (name, f"{one.gone:,} of {one.worlds:,}", *(f"{one.ends.get(end, 0):,}" for end in END_LOOKS),
         f"{one.everywhere:,}", f"{one.ugly:,}", "–" if one.troops is None else f"{one.troops:,.0f}")
        for name, one in zip(names, found, strict=True)
    )  # fmt: skip
    return Table(("", *("exits" if word == "worlds" else word for word in head)), rows, "Exits by kind, in worlds")


def what_an_exit_is() -> str:
    """Return what kinds of exits there are, and what makes one ugly."""
    kinds = ", ".join(words for words, *_ in END_LOOKS.values())
    days = float(load_parameters()["ugly_days"].default.quantile(0.5))
    return (
        f"An exit is of one of four kinds: {kinds}; the last leaves soldiers in the north to the end, so Americans are "
        f"gone from federal Iraq and not from Iraq. An exit is ugly where it came {UGLY}; fire counts up to {days:.0f} "
        "days before the last soldier leaves."
    )


def more_where_it_stays(
    names: Sequence[str], found: Sequence[ExitCounts], days: Sequence[float], troops: Sequence[float]
) -> Iterator[str]:  # fmt: skip
    """Yield why a variant has fewer days of presence than the first, and yet more troops at the end."""
    for k in range(1, len(names)):
        own, first = found[k].troops, found[0].troops
        if days[k] < days[0] and troops[k] > troops[0] and own is not None and first is not None and own > first:
            yield (
                f"{names[k][:1].upper()}{names[k][1:]} has fewer days of presence than {names[0]} and yet more troops "
                f"at the end: it stays in fewer worlds, but where it stays, it does so with {own:,.0f} soldiers on "
                f"average, against {first:,.0f}."
            )
