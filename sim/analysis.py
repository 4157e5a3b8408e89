"""The audit of mechanisms: whether each, in whole worlds, moves the signal that the ledger names, the way it says.

A world lives with everything on until the morning of the day on which the mechanism matters first (or an event that the
ledger names happens). From there it lives on twice, with the mechanism and without, and the gauge is read off both: the
difference is the mechanism's alone, whatever it sets going later.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from sim.claims import load_claims
from sim.design import Variant
from sim.ensemble import OneWorld
from sim.errors import InputError, Mistake, Problem, Rejected
from sim.names.events import EVENT_KINDS
from sim.names.mechanisms import MECHANISMS, N_MECHANISMS
from sim.scenario import load_scenario, override, resolve
from sim.world.record import WORLD, offset

#: What the audit asks for: a mechanism touches this share of worlds, and its sign is right in this share of those.
ENOUGH_TOUCHED, ENOUGH_RIGHT = 0.05, 0.80
_KIND_OF = {kind.name: k for k, kind in enumerate(EVENT_KINDS)}
_GAUGE = re.compile(r"^(?P<path>[a-z_0-9.*]+?)(?: (?P<relation>=|<|>) (?P<value>-?\d+(\.\d+)?))?$")


@dataclass(frozen=True)
class Gauge:
    """Where a mechanism's signal is read: ``factions.*.revenge`` (a mean), or ``government.nominee = 1`` (0 or 1)."""

    places: tuple[int, ...]
    whole: bool
    relation: str = ""
    value: float = 0.0

    def read(self, numbers: np.ndarray) -> float:
        """Return what the gauge shows of a world's memory."""
        values = numbers[list(self.places)]
        x = float((values.view(np.int64) if self.whole else values).mean())
        return x if not self.relation else float(_holds(x, self.relation, self.value))


def _holds(x: float, relation: str, value: float) -> bool:
    return {"=": x == value, "<": x < value, ">": x > value}[relation]


def read_gauge(text: str) -> Gauge:
    """Return the gauge that ``text`` names; Rejected if the record has no such field."""
    match = _GAUGE.match(text)
    if match is None:
        raise Rejected(Mistake("a field of the record such as factions.*.revenge", repr(text)))
    paths = list(_spelled_out(match["path"].split(".")))
    kind = _kind(paths[0])
    if kind not in "fi":
        raise Rejected(Mistake("a field of the record that is a number", repr(text)))
    return Gauge(
        tuple(offset(path) for path in paths), kind == "i", match["relation"] or "", float(match["value"] or 0)
    )


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
    """What the audit of one mechanism found."""

    id: str
    gauge: str
    direction: str
    seen_in: str
    worlds: int
    touched: int
    right: int

    @property
    def passed(self) -> bool:
        """Return whether the mechanism touches enough worlds, with the right sign in enough of them."""
        return self.touched >= ENOUGH_TOUCHED * self.worlds and self.right >= ENOUGH_RIGHT * max(1, self.touched)

    def plain(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        share = self.right / self.touched if self.touched else None
        return {
            "mechanism": self.id, "gauge": self.gauge, "direction": self.direction, "seen_in": self.seen_in,
            "worlds": self.worlds, "touched": self.touched / self.worlds, "right": share, "passed": self.passed,
        }  # fmt: skip

    def row(self) -> dict[str, str]:
        """Return the finding as a row of a table."""
        right = f"{self.right / self.touched:.0%}" if self.touched else ""
        return {
            "id": self.id, "reads": self.gauge, "should go": self.direction, "seen in": self.seen_in,
            "touched": f"{self.touched / self.worlds:.0%}", "right": right, "": "" if self.passed else "short",
        }  # fmt: skip


def check_names(mechanisms: Sequence[str]) -> None:
    """Raise InputError unless every name is that of a mechanism."""
    known = [m.id for m in MECHANISMS]
    problems = [
        Problem(name, 1, 1, "", "a mechanism, M01 to M61", repr(name)) for name in mechanisms if name not in known
    ]
    if problems:
        raise InputError(problems)


def audit(
    worlds: int = 500, seed: int = 1, only: Sequence[str] = (), tell: Callable[[str], None] | None = None
) -> list[Finding]:
    """Return what each mechanism (or those named in ``only``) does in the scenario in which the ledger has it seen."""
    ledger = load_claims()
    chosen = [m.id for m in MECHANISMS if not only or m.id in only]
    findings = []
    for mechanism in chosen:
        if tell:
            tell(mechanism)
        findings.append(_audit_one(mechanism, ledger[mechanism].more, worlds, seed))
    return findings


def _audit_one(mechanism: str, claim: dict[str, Any], worlds: int, seed: int) -> Finding:
    settings = tuple(claim.get("seen_with", ()))
    variant = _variant(claim["seen_in"], settings)
    gauge, number = read_gauge(claim["gauge"]["reads"]), int(mechanism[1:])
    where = read_gauge(claim["gauge"]["where"]) if "where" in claim["gauge"] else None
    lag = int(claim["gauge"].get("days", 1))
    starts = _first_days(claim["seen_in"], settings, worlds, seed)
    kind = claim["gauge"].get("at")
    column = N_MECHANISMS + 1 + _KIND_OF[kind] if kind else number
    touched = right = 0
    for i in range(worlds):
        if starts[i, column] < 0:
            continue
        change = _difference(variant, i, seed, int(starts[i, column]), lag, number, gauge, where)
        touched += change != 0.0
        right += (change > 0.0) if claim["gauge"]["goes"] == "up" else (change < 0.0)
    seen_in = " ".join([claim["seen_in"], *settings])
    return Finding(mechanism, claim["gauge"]["reads"], claim["gauge"]["goes"], seen_in, worlds, touched, right)


def _difference(
    variant: Variant, world: int, seed: int, day: int, lag: int, number: int, gauge: Gauge, where: Gauge | None
) -> float:
    """Return the gauge with the mechanism less that without, ``lag`` days from the morning of ``day``."""
    one = OneWorld(variant, world, seed, record=False).run_to(day)
    morning = one.snapshot()
    last = min(day + lag, variant.inputs.days)
    one.run_to(last)
    if where is not None and not where.read(one.numbers):
        return 0.0
    with_it = gauge.read(one.numbers)
    one.restore(morning)
    one.numbers[offset(f"strength.{number}")] = 0.0
    return with_it - gauge.read(one.run_to(last).numbers)


@lru_cache(maxsize=32)
def _variant(scenario: str, settings: tuple[str, ...]) -> Variant:
    chosen = load_scenario(scenario)
    for setting in settings:
        chosen = override(chosen, setting)
    return Variant(" ".join([scenario, *settings]), resolve(chosen))


@lru_cache(maxsize=32)
def _first_days(scenario: str, settings: tuple[str, ...], worlds: int, seed: int) -> np.ndarray:
    """Return the day on which each mechanism first mattered, then that of each kind of event; -1 for never."""
    variant = _variant(scenario, settings)
    days = np.full((worlds, N_MECHANISMS + 1 + len(EVENT_KINDS)), -1)
    for i in range(worlds):
        one = OneWorld(variant, i, seed, record=True).run_to()
        days[i, : N_MECHANISMS + 1] = one.worlds["mattered"][0]
        events = one.events()
        kinds, first = np.unique(events["kind"], return_index=True)
        days[i, N_MECHANISMS + 1 + kinds] = events["day"][first]
    return days
