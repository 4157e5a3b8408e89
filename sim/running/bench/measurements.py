"""All figures of ``crossfire bench``: what is measured by turns, and what it is called."""

import platform
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.results.manifest import git_state, version
from sim.running.bench.floor import DAYS, SCENARIO, floor_seconds, live, measured_variant, model_seconds
from sim.running.bench.miniature import ABSENT, AGAINST_MESA, mesa_seconds
from sim.running.bench.rule_costs import TimedRule, cost_of, living_cells, middle, timed_rules
from sim.running.bench.timed_commands import FEW, MANY, cold_start, compiling, edit_to_answer, memory, somewhere
from sim.running.bench.turns import Figure, Measurement, Telling, rounded, take_turns
from sim.running.bench.warm import edit_when_warm
from sim.running.compiling import prepare_rules
from sim.running.ensemble import RECORD_BYTES, WORKING_BYTES
from sim.world.aside import processors
from sim.world.compiled import PLAIN

PROCESSOR_SECONDS = "s of the processor"
#: What each figure is called, and its unit; in the order in which they are told.
FIGURES = {
    AGAINST_MESA: ("the model against plain Mesa, one thread", "times"),
    "model_share_of_floor": ("the model's speed over that of its chance alone (the floor), one thread", "of the floor"),
    "two_threads_against_one": ("two threads against one", "times"),
    "first_world_against_python": ("from cold to the first world, against starting Python", "times"),
    "model": (f"{SCENARIO}, {DAYS} days, one thread", "worlds a second of the processor"),
    "plain_mesa": ("plain Mesa, one thread", "worlds a second of the processor"),
    "floor": ("the floor, one thread", "worlds a second of the processor"),
    "one_thread": ("one thread, by the clock", "worlds a second"),
    "two_threads": ("two threads, by the clock", "worlds a second"),
    "python": ("Python alone", PROCESSOR_SECONDS),
    "help": ("crossfire --help", "s"),
    "help_processor": ("crossfire --help", PROCESSOR_SECONDS),
    "first_world": ("from cold to the first world, written", "s"),
    "first_world_processor": ("from cold to the first world, written", PROCESSOR_SECONDS),
    "edit_to_answer": ("from an edited policy to 2 × 1,000 worlds compared, from cold", "s"),
    "edit_to_answer_processor": ("from an edited policy to 2 × 1,000 worlds compared, from cold", PROCESSOR_SECONDS),
    "edit_when_warm_first": ("from an edited policy to 2 × 200 worlds compared, a warm engine", "s"),
    "edit_when_warm_first_processor": (
        "from an edited policy to 2 × 200 worlds compared, a warm engine",
        PROCESSOR_SECONDS,
    ),
    "edit_when_warm": ("from an edited policy to 2 × 1,000 worlds compared, a warm engine", "s"),
    "edit_when_warm_processor": (
        "from an edited policy to 2 × 1,000 worlds compared, a warm engine",
        PROCESSOR_SECONDS,
    ),
    "memory_few": (f"memory at its peak, a run of {FEW:,} worlds", "MB"),
    "memory_many": (f"memory at its peak, a run of {MANY:,} worlds", "MB"),
    "compiling": ("compiling the rules, from nothing", "s"),
    "compiling_processor": ("compiling the rules, from nothing", PROCESSOR_SECONDS),
    "compiling_memory": ("memory at its peak while compiling (the largest process)", "MB"),
}
#: Figures that say as much on another machine.
RATIOS = tuple(name for name, (_, unit) in FIGURES.items() if unit in {"times", "of the floor"})


@dataclass(frozen=True)
class Speeds:
    """What was measured: figures by name, what each kind of actor costs in nanoseconds, and on what."""

    figures: Mapping[str, Figure]
    unit_costs: tuple[tuple[TimedRule, float], ...]
    quick: bool
    machine: Mapping[str, Any]

    @property
    def absent(self) -> tuple[str, ...]:
        """Return in words what could not be measured here."""
        return () if AGAINST_MESA in self.figures else (ABSENT,)

    def plain(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {
            "scenario": SCENARIO, "days": DAYS, "quick": self.quick, **self.machine,
            "figures": {name: figure.plain() for name, figure in self.figures.items()},
            "absent": list(self.absent),
            "worlds_per_second_1": rounded(self.figures["one_thread"].median),
            "worlds_per_second_2": rounded(self.figures["two_threads"].median),
            "floor_worlds_per_second_1": rounded(self.figures["floor"].median),
            "record_bytes": RECORD_BYTES, "working_bytes": WORKING_BYTES,
            "unit_costs_ns": {one.name: round(cost, 1) for one, cost in self.unit_costs},
        }  # fmt: skip

    def head(self) -> Iterator[tuple[str, str, str]]:
        """Yield every figure in words: what, the median, and from where to where."""
        yield from (figure.said() for figure in self.figures.values())
        yield "record", f"{RECORD_BYTES:,} bytes", f"a day works on {WORKING_BYTES:,}"

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield what each kind of actor costs: each time, and over a whole world."""
        world = 1e6 / self.figures["model"].median
        for one, cost in self.unit_costs:
            whole = cost * one.entities * one.calls / 1000
            yield f"{one.name} ({one.each})", f"{cost:,.1f} ns", f"{whole:,.0f} µs ({whole / world:.0%})"

    def notes(self) -> Iterator[str]:
        """Yield how the figures are to be read."""
        where = "{processor}, {processors} processors; Python {python}, Numba {numba}"
        yield where.format(**self.machine)
        yield "By turns (A, B, A, B, ...): the median, the least, the most. One thread goes by the processor's time."
        if self.quick:
            yield "--quick shows that measuring works: these figures say nothing."
        yield from self.absent


def measure(
    quick: bool = False,
    preparing: AbstractContextManager[Any] | None = None,
    telling: Telling | None = None,
    compile_too: bool = False,
) -> Speeds:
    """Return the speeds of the model on this machine; ``quick`` only shows that measuring works.

    Parameters
    ----------
    preparing : context manager, optional
        Surrounds the loading or compiling of the rules.
    telling : function, optional
        Told what is measured, the share done and the seconds left.
    compile_too : bool
        Whether to compile the rules from nothing as well, which takes longer than all the rest.
    """
    on = machine()
    with preparing or nullcontext():
        prepare_rules(measured_variant())
    parts = [of_model(quick), of_threads(quick), *of_commands(quick), *([_COMPILING] if compile_too else [])]
    values = take_turns(parts, telling)
    figures = {name: Figure(name, *FIGURES[name], values[name]) for name in FIGURES if name in values}
    sample, repeats = middle(2 if quick else 16), 2 if quick else 20
    return Speeds(figures, tuple((one, cost_of(one, sample, repeats)) for one in timed_rules()), quick, on)


# Parts -----------------------------------------------------------------------------------------------------------

_COMPILING = Measurement("compiling from nothing", somewhere(compiling), 1, 90.0)


def of_model(quick: bool, turns: int = 11) -> Measurement:
    """Return the part that sets the model, its floor and plain Mesa side by side, by the processor's time."""
    few = 10 if quick else 100

    def turn() -> dict[str, float]:
        _laid_out(few)
        model, floor, there = model_seconds(few), floor_seconds(4 * few, living_cells()), mesa_seconds(2, DAYS)
        found = {"model": 1 / model, "floor": 1 / floor, "model_share_of_floor": floor / model}
        return found | ({"plain_mesa": 1 / there, AGAINST_MESA: there / model} if there else {})

    return Measurement("the model, its floor, plain Mesa", turn, 1 if quick else turns, 0.8)


@cache
def _laid_out(few: int) -> None:
    """Do once what is done once: load Mesa, compile the floor, find how many cells there are."""
    model_seconds(few)
    floor_seconds(1, living_cells())
    mesa_seconds(1, 1)


def of_threads(quick: bool) -> Measurement:
    """Return the part that sets two threads beside one, by the clock."""
    worlds = 10 if quick else 200

    def turn() -> dict[str, float]:
        one, two = worlds / live(worlds, 1), 2 * worlds / live(2 * worlds, 2)
        return {"one_thread": one, "two_threads": two, "two_threads_against_one": two / one}

    return Measurement("one thread, two threads", turn, 1 if quick else 9, 1.0)


def of_commands(quick: bool) -> list[Measurement]:
    """Return the parts that run whole commands."""
    few, many, worlds = (20, 40, 20) if quick else (FEW, MANY, 1_000)
    return [
        Measurement("from cold to a first world", somewhere(cold_start), 1 if quick else 7, 1.5),
        Measurement("from an edit to an answer", edit_to_answer(worlds), 1 if quick else 5, 5.0),
        Measurement("from an edit to an answer, warm", edit_when_warm(worlds), 1 if quick else 5, 4.0),
        Measurement("memory", memory(few, many), 1 if quick else 3, 16.0),
    ]


def machine() -> dict[str, Any]:
    """Return on what it is measured: version, commit, processor, Python, Numba."""
    import numba

    state = git_state()
    return {
        "version": version("crossfire-sim"), "commit": state["commit"][:12] + "+" * state["dirty"] if state else "",
        "processor": _processor(), "processors": processors(), "python": platform.python_version(),
        "numba": numba.__version__, "mesa": version("mesa"), "compiled": not PLAIN,
    }  # fmt: skip


def _processor() -> str:
    """Return the name of the processor, or of its kind where the system does not tell."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8", errors="replace").splitlines() if told.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
