"""The audit of mechanisms: whether each, in whole worlds, moves the signal that the ledger names, the way it says.

A world lives with everything on until the morning of the day on which the mechanism matters first (or an event that the
ledger names happens). From there it lives on twice, with the mechanism and without, and the gauge is read off both: the
difference is the mechanism's alone, whatever it sets going later. On the evening of that same day the fields are read
that the ledger lists as untouched: what reaches them later does so by way of something else.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from sim.errors import Mistake, Rejected
from sim.experiments.variants import Variant, shipped_variant
from sim.inputs.claims import load_claims
from sim.names.events import EVENT_KINDS
from sim.names.mechanisms import MECHANISMS, N_MECHANISMS
from sim.running.one_world import OneWorld
from sim.world.aside import processors
from sim.world.record import WORLD, offset

#: What the audit asks for: a mechanism touches this share of worlds, and its sign is right in this share of those.
ENOUGH_TOUCHED, ENOUGH_RIGHT = 0.05, 0.80
#: What is untouched may move by this share of its own value, and in this share of the worlds at most.
STILL, SELDOM = 0.02, 0.05
_KIND_OF = {kind.name: k for k, kind in enumerate(EVENT_KINDS)}
_GAUGE = re.compile(r"^(?P<path>[a-z_0-9.*]+?)(?: (?P<relation>=|<|>) (?P<value>-?\d+(\.\d+)?))?$")


@dataclass(frozen=True)
class Gauge:
    """Where a mechanism's signal is read: ``factions.*.revenge`` (a mean), or ``government.nominee = 1`` (0 or 1)."""

    places: tuple[int, ...]
    whole: bool
    relation: str = ""
    value: float = 0.0

    def values(self, numbers: np.ndarray) -> np.ndarray:
        """Return the fields that it reads, one by one."""
        values = numbers[list(self.places)]
        return (values.view(np.int64) if self.whole else values).astype(float)

    def read(self, numbers: np.ndarray) -> float:
        """Return what the gauge shows of a world's memory."""
        x = float(self.values(numbers).mean())
        return x if not self.relation else float(_holds(x, self.relation, self.value))


def _holds(x: float, relation: str, value: float) -> bool:
    return {"=": x == value, "<": x < value, ">": x > value}[relation]


def read_gauge(text: str) -> Gauge:
    """Return the gauge that ``text`` names; Rejected if the record has no such field."""
    match = _GAUGE.match(text)
    if match is None:
        raise Rejected(Mistake("a field of the record such as factions.*.revenge", repr(text)))
    paths = list(_spelled_out(_by_number(match["path"].split("."))))
    kind = _kind(paths[0])
    if kind not in "fi":
        raise Rejected(Mistake("a field of the record that is a number", repr(text)))
    return Gauge(
        tuple(offset(path) for path in paths), kind == "i", match["relation"] or "", float(match["value"] or 0)
    )


def _by_number(words: list[str]) -> list[str]:
    """Return a path with the name of a kind of event as its number, so that ``total.attack`` can be read."""
    is_kind = words[0] == "total" and words[-1] in _KIND_OF
    return [words[0], str(_KIND_OF[words[-1]])] if is_kind else words


def _spelled_out(words: Sequence[str]) -> Iterator[str]:
    """Yield the paths that a path with stars stands for."""
    if "*" not in words:
        yield ".".join(words)
        return
    k = list(words).index("*")
    for i in range(_length(words[:k])):
        yield from _spelled_out([*words[:k], str(i), *words[k + 1 :]])


def _walk(words: Sequence[str]) -> np.dtype:
    dtype = WORLD
    for word in words:
        base, shape = dtype.subdtype or (dtype, ())
        if word.isdigit():
            dtype = np.dtype((base, shape[1:])) if shape[1:] else base
        elif base.names is None or word not in base.names:
            raise Rejected(Mistake("a field of the record", repr(".".join(words))))
        else:
            dtype = base[word]
    return dtype


def _length(words: Sequence[str]) -> int:
    dtype = _walk(words)
    if dtype.subdtype is None:
        raise Rejected(Mistake("a field of the record with many entries", repr(".".join(words))))
    return int(dtype.subdtype[1][0])


def _kind(path: str) -> str:
    return _walk(path.split(".")).kind


@dataclass(frozen=True)
class Finding:
    """What the audit of one mechanism found.

    ``first_day`` is the median day on which it began to matter, ``amount`` the median difference that it makes to its
    gauge, both among the worlds that it touches; ``still`` counts, by field, the worlds in which what should be
    untouched moved on that first day (of ``tried``, those in which the mechanism mattered at all).
    """

    id: str
    gauge: str
    direction: str
    seen_in: str
    worlds: int
    touched: int
    right: int
    tried: int = 0
    first_day: float | None = None
    amount: float | None = None
    still: Mapping[str, int] = field(default_factory=dict)

    @property
    def moved(self) -> bool:
        """Return whether the mechanism moves its gauge in enough worlds."""
        return self.touched >= ENOUGH_TOUCHED * self.worlds

    @property
    def direction_ok(self) -> bool:
        """Return whether it moves it the way the ledger says, in enough of the worlds that it touches."""
        return self.touched > 0 and self.right >= ENOUGH_RIGHT * self.touched

    @property
    def untouched_ok(self) -> bool:
        """Return whether what the ledger lists as untouched stays as it is that day, in all worlds but a few."""
        return all(n <= SELDOM * self.tried for n in self.still.values())

    @property
    def passed(self) -> bool:
        """Return whether the mechanism does what the ledger says, and not what it says that it does not."""
        return self.moved and self.direction_ok and self.untouched_ok

    def plain(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return {
            "moved": self.moved, "direction_ok": self.direction_ok, "untouched_ok": self.untouched_ok,
            "gauge": self.gauge, "direction": self.direction, "seen_in": self.seen_in,
            "worlds": self.worlds, "touched": self.touched / self.worlds,
            "right": self.right / self.touched if self.touched else None, "first_day": self.first_day,
            "by_how_much": self.amount, "untouched": {path: n / max(1, self.tried) for path, n in self.still.items()},
        }  # fmt: skip

    def row(self) -> dict[str, str]:
        """Return the finding as a row of a table."""
        right = f"{self.right / self.touched:.0%}" if self.touched else ""
        moved = [f"{path} {n / max(1, self.tried):.0%}" for path, n in self.still.items() if n > SELDOM * self.tried]
        short = [] if self.moved else ["moves too little"]
        short += [] if self.direction_ok or not self.touched else ["wrong way"]
        short += [f"touches {', '.join(moved)}"] if moved else []
        return {
            "id": self.id, "reads": self.gauge, "should go": self.direction, "seen in": self.seen_in,
            "first day": "" if self.first_day is None else f"{self.first_day:.0f}",
            "touched": f"{self.touched / self.worlds:.0%}", "right": right,
            "by": "" if self.amount is None else f"{self.amount:+.3g}", "": "; ".join(short),
        }  # fmt: skip


def audit(
    worlds: int = 500, seed: int = 1, only: Sequence[str] = (), tell: Callable[[str], None] | None = None
) -> list[Finding]:
    """Return what each mechanism (or those named in ``only``) does in the scenario in which the ledger has it seen."""
    ledger = load_claims()
    chosen = [m.id for m in MECHANISMS if not only or m.id in only]
    findings = []
    with ThreadPoolExecutor(processors()) as pool:
        for mechanism in chosen:
            if tell:
                tell(mechanism)
            findings.append(_audit_one(mechanism, ledger[mechanism].more, worlds, seed, pool))
    return findings


#: Where a mechanism stands in the record, by its id.
_PLACE = {one.id: k + 1 for k, one in enumerate(MECHANISMS)}


@dataclass(frozen=True)
class _Probe:
    """What the audit of one mechanism does to each world: where it looks, when, and what it switches off."""

    variant: Variant
    drawn: np.ndarray
    seed: int
    number: int
    lag: int
    gauge: Gauge
    where: Gauge | None
    still: tuple[Gauge, ...]

    def at(self, world: int, day: int) -> tuple[float, list[bool]]:
        """Return the gauge with the mechanism less that without, and which untouched fields moved that first day."""
        one = OneWorld(self.variant, world, self.seed, False, self.drawn[world]).run_to(day)
        morning = one.snapshot()
        evening, last = day + 1, min(day + self.lag, self.variant.inputs.days)
        quiet = [gauge.values(one.run_to(evening).numbers) for gauge in self.still]
        with_it = self.gauge.read(one.run_to(last).numbers)
        counts = self.where is None or bool(self.where.read(one.numbers))
        one.restore(morning)
        one.numbers[offset(f"strength.{self.number}")] = 0.0
        moved = [
            _moved(gauge.values(one.run_to(evening).numbers), x) for gauge, x in zip(self.still, quiet, strict=True)
        ]
        without = self.gauge.read(one.run_to(last).numbers)
        return (with_it - without if counts else 0.0), moved


def _moved(without: np.ndarray, with_it: np.ndarray) -> bool:
    return bool((np.abs(with_it - without) > STILL * np.abs(with_it)).any())


def _audit_one(mechanism: str, claim: dict[str, Any], worlds: int, seed: int, pool: ThreadPoolExecutor) -> Finding:
    settings, reads = tuple(claim.get("seen_with", ())), claim["gauge"]
    untouched = tuple(claim.get("still", ()))
    where = read_gauge(reads["where"]) if "where" in reads else None
    look = _Probe(
        shipped_variant(claim["seen_in"], settings), _drawn(claim["seen_in"], settings, worlds, seed), seed,
        _PLACE[mechanism], int(reads.get("days", 1)),
        read_gauge(reads["reads"]), where, tuple(read_gauge(path) for path in untouched),
    )  # fmt: skip
    column = N_MECHANISMS + 1 + _KIND_OF[reads["at"]] if "at" in reads else look.number
    days = _first_days(claim["seen_in"], settings, worlds, seed)[:, column]
    there = [i for i in range(worlds) if days[i] >= 0]
    found = list(pool.map(lambda i: look.at(i, int(days[i])), there))
    changes = np.array([change for change, _ in found])
    touched = changes != 0.0
    right = (changes > 0.0) if reads["goes"] == "up" else (changes < 0.0)
    some = bool(touched.any())
    return Finding(
        mechanism, reads["reads"], reads["goes"], " ".join([claim["seen_in"], *settings]), worlds,
        int(touched.sum()), int(right.sum()), len(there),
        float(np.median(days[there][touched])) if some else None,
        float(np.median(changes[touched])) if some else None,
        {path: sum(moved[k] for _, moved in found) for k, path in enumerate(untouched)},
    )  # fmt: skip


@lru_cache(maxsize=32)
def _drawn(scenario: str, settings: tuple[str, ...], worlds: int, seed: int) -> np.ndarray:
    return shipped_variant(scenario, settings).drawn(seed, np.arange(worlds))


@lru_cache(maxsize=32)
def _first_days(scenario: str, settings: tuple[str, ...], worlds: int, seed: int) -> np.ndarray:
    """Return the day on which each mechanism first mattered, then that of each kind of event; -1 for never."""
    variant, drawn = shipped_variant(scenario, settings), _drawn(scenario, settings, worlds, seed)
    with ThreadPoolExecutor(processors()) as pool:
        rows = list(pool.map(lambda i: _first_days_of(OneWorld(variant, i, seed, True, drawn[i])), range(worlds)))
    return np.array(rows)


def _first_days_of(one: OneWorld) -> np.ndarray:
    days = np.full(N_MECHANISMS + 1 + len(EVENT_KINDS), -1)
    one.run_to()
    days[: N_MECHANISMS + 1] = one.worlds["mattered"][0]
    events = one.events()
    kinds, first = np.unique(events["kind"], return_index=True)
    days[N_MECHANISMS + 1 + kinds] = events["day"][first]
    return days
