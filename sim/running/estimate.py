"""What a run will take, before it is begun: worlds, time and disk, from a few worlds lived as a trial."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.experiments.variants import Drawing
from sim.names.measures import SERIES
from sim.results import outcomes_table, series_table, size_of
from sim.running.compiling import load_numba_lightly, prepare_rules
from sim.running.drawn_inputs import DrawnInputs
from sim.running.run import Run

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.running.ensemble import UnitResult

#: Worlds lived as a trial on each thread.
TRIED = 40
#: Bytes that the parts of a variant have at the least, for what a file says of its columns.
LEAST_OF_PART = 60_000
#: Bytes of a number in the table of inputs.
BYTES_OF_INPUT = 4


@dataclass(frozen=True)
class Estimate:
    """What a run will take: worlds of all variants, seconds, bytes on the disk at the end and on the way."""

    worlds: int
    seconds: float
    at_end: int
    on_the_way: int

    def plain(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "worlds": self.worlds, "seconds": round(self.seconds, 1), "bytes_at_end": self.at_end,
            "bytes_on_the_way": self.on_the_way,
        }  # fmt: skip

    def said(self) -> str:
        """Return it in a line."""
        return (
            f"{self.worlds:,} worlds in all, about {_minutes(self.seconds)}, {_size(self.at_end)} on the disk"
            f" ({_size(self.on_the_way)} on the way)"
        )


def estimate_of(run: Run, threads: int | None = None) -> Estimate:
    """Return what a run will take, after living a few worlds of its first variant.

    Parts and the tables made of them are on the disk together for a while, so a run needs more on the way than in the
    end. On a cluster, time goes by what this machine would need.
    """
    load_numba_lightly()
    from sim.running.ensemble import run_worlds
    from sim.world.aside import processors

    prepare_rules(run.variants[0])
    side_by_side = threads or processors()
    # Drawn at random: a trial may want more worlds than a design has points.
    tried = replace(run.variants[0], drawing=Drawing())
    began = time.perf_counter()
    [result] = run_worlds([tried], TRIED * side_by_side, run.asked.seed, threads=side_by_side)
    seconds = (time.perf_counter() - began) / result.unit.n
    of_variant = _seconds_a_variant(run, result)
    of_world, weeks = (_bytes_a_world(table) for table in _tables(run, result))
    drawn = BYTES_OF_INPUT * len(DrawnInputs(run.variants).stored)
    worlds = run.asked.worlds * len(run.variants)
    kept = run.asked.kept_series * len(run.variants)
    parts = of_world * worlds + weeks * kept
    least = LEAST_OF_PART * len(run.variants)
    return Estimate(
        worlds, seconds * worlds + of_variant * len(run.variants), round(parts + drawn * run.asked.worlds),
        round(2 * parts + least + drawn * run.asked.worlds),
    )  # fmt: skip


def _seconds_a_variant(run: Run, result: "UnitResult") -> float:
    """Return what a variant takes besides its worlds: its template, its draws, its parts and the tables made of them.

    Of many variants of few worlds that is most of what they take.
    """
    worlds = range(min(run.asked.worlds, TRIED))
    tables, known = list(_tables(run, result)), dict[Any, Any]()
    taken = []
    for _ in range(3):  # the first draws what all variants share, and loads what is needed
        began = time.perf_counter()
        one = replace(run.variants[-1])
        _ = one.template, one.places, one.drawn(run.asked.seed, worlds, one.values(run.asked.seed, worlds, known))
        for table in tables:
            size_of(table(len(worlds)))
        taken.append(time.perf_counter() - began)
    # A short run writes no parts, but its tables are put together and shown, which takes about as long.
    return min(taken)


def _tables(run: Run, result: "UnitResult") -> Iterator[Callable[[int], "pa.Table"]]:
    """Yield for outcomes and for series a function that makes the table of the first so many worlds."""
    label = run.variants[0].label
    columns = {name: result.outcomes[name] for name in result.outcomes.dtype.names or ()}
    yield lambda n: outcomes_table(label, 0, {name: column[:n] for name, column in columns.items()})
    yield lambda n: series_table(label, 0, {m.name: result.series[m.name][:n] for m in SERIES})


def _bytes_a_world(table: Callable[[int], "pa.Table"]) -> float:
    """Return what one world more adds to a file: what a file has to say of its columns is left out."""
    return (size_of(table(TRIED)) - size_of(table(TRIED // 2))) / (TRIED - TRIED // 2)


def _minutes(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _size(n: float) -> str:
    return f"{n / 1e6:,.0f} MB" if n < 1e9 else f"{n / 1e9:,.1f} GB"
