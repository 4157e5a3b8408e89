"""Parameters that move nothing: each set low and high in the same worlds, until some measure or weekly series moves.

A parameter is tried in a few scenarios, the likeliest first: the reference under restraint and under maximum pressure,
then wherever the mechanism that it drives is seen and under each reading of it, then in the rest; and in more worlds,
for what seldom happens. One that moves nothing anywhere may still move what is told of a world; else it is a mistake,
or waits for a situation that no scenario has.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from sim.errors import InputError, described, nearest, option_problem
from sim.experiments.variants import Variant, shipped_variant
from sim.inputs.claims import load_claims
from sim.inputs.distributions.quantities import fixed
from sim.inputs.theory import READINGS, Parameter, load_parameters
from sim.running.ensemble import run_worlds
from sim.running.one_world import OneWorld
from sim.world.aside import processors

#: Where a parameter is set: the 5% and 95% quantile of what is known of it; what is fixed, half as much and half more.
LOW, HIGH = 0.05, 0.95
#: Worlds of each trial, and so many times more in the first places and the wildest for what moves nothing in those.
WORLDS, MORE = 12, 25
#: Where every parameter is tried first, and where those are tried that nothing else has moved.
FIRST = (("2020-soleimani", ("us=restraint",)), ("2020-soleimani", ("us=maximum-pressure",)))
LAST = (
    ("2020-taji", ("us=consult-first",)), ("2024-tower22", ()), ("2019-escalation", ()),
    ("2020-soleimani", ("us=prompt-withdrawal",)), ("2020-soleimani", ("us=relocate-north",)),
    ("2020-soleimani", ("us=fighting-withdrawal",)), ("2020-soleimani", ("us=negotiate-framework",)),
    ("2020-framework-signed", ("days=1460",)), ("2020-soleimani", ("iran=all-out", "us=maximum-pressure")),
    ("2020-soleimani", ("factions=revenge-first", "us=destroy-a-faction")),
    ("2020-soleimani", ("government=negotiate",)), ("2020-soleimani", ("government=implement-resolution",)),
    ("2020-soleimani", ("government=limit-operations",)),
    ("2020-protest-and-strike", ()), ("2011-withdrawal", ()), ("2024-war-goes-on", ()), ("2021-quiet", ()),
)  # fmt: skip
WILD = ("2020-soleimani", ("iran=all-out", "us=maximum-pressure"))
Place = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class ParameterPower:
    """What came of trying one parameter: where it first moved anything and what, or how many places were tried.

    ``told`` says of one that moves no measure that the record of events differs: it moves what stories tell.
    """

    name: str
    drives: tuple[str, ...]
    where: str
    moved: str
    places: int
    told: bool = False

    @property
    def powerless(self) -> bool:
        """Return whether it moved nothing wherever it was tried."""
        return not self.moved

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "parameter": self.name, "drives": list(self.drives), "seen_in": self.where or None,
            "moved": self.moved or None, "places": self.places, "told": self.told,
        }  # fmt: skip


def powers(
    names: Sequence[str] = (), *, worlds: int = WORLDS, seed: int = 1, tell: Callable[[str], None] | None = None,
) -> list[ParameterPower]:  # fmt: skip
    """Return what every parameter (or those named) moves; InputError for a name that is none."""
    known = load_parameters()
    wrong = [name for name in names if name not in known]
    if wrong:
        raise InputError(
            option_problem(
                "parameters", "a parameter of configs/parameters.yaml", described(name), nearest(name, known)
            )
            for name in wrong
        )
    found = []
    for name in names or known:
        if tell:
            tell(name)
        found.append(power_of(name, known[name], worlds, seed))
    return found


def power_of(name: str, parameter: Parameter, worlds: int = WORLDS, seed: int = 1) -> ParameterPower:
    """Return the first place in which a parameter moves anything, and what it moves there."""
    places = [*((place, worlds) for place in _places(parameter)), *((place, MORE * worlds) for place in (*FIRST, WILD))]
    for k, ((scenario, settings), n) in enumerate(places, start=1):
        for value in _extremes(parameter):
            moved = _moves(scenario, settings, name, value, n, seed)
            if moved:
                return ParameterPower(name, parameter.drives, " ".join([scenario, *settings]), moved, k)
    return ParameterPower(name, parameter.drives, "", "", len(places), _is_told(name, parameter, worlds, seed))


def _extremes(parameter: Parameter) -> tuple[float, float]:
    value = parameter.value
    if value.is_fixed:
        level = float(value.bounds()[0])
        return 0.5 * level, 1.5 * level
    low, high = value.quantile(np.array([LOW, HIGH])).tolist()
    return low, high


def _places(parameter: Parameter) -> Iterator[Place]:
    """Yield where to try a parameter, the likeliest first, none of them twice."""
    yield from dict.fromkeys([*FIRST, *_where_seen(parameter.drives), *LAST])


def _where_seen(drives: Iterable[str]) -> Iterator[Place]:
    """Yield where the mechanisms that a parameter drives are seen, under each of their readings."""
    ledger = load_claims()
    for mechanism in (one for one in drives if one in ledger):
        seen = ledger[mechanism].more
        settings = tuple(seen.get("seen_with", ()))
        yield seen["seen_in"], settings
        for reading in READINGS.get(mechanism, ())[1:]:
            yield seen["seen_in"], (*settings, f"theory.{mechanism}={reading}")
            yield FIRST[1][0], (*FIRST[1][1], f"theory.{mechanism}={reading}")


def _moves(scenario: str, settings: tuple[str, ...], name: str, value: float, worlds: int, seed: int) -> str:
    """Return the first outcome or weekly series that another value moves, nothing if none."""
    before = _run(scenario, settings, worlds, seed)
    for one, other in zip(before, _results(_changed(scenario, settings, name, value), worlds, seed), strict=True):
        if one.tobytes() != other.tobytes():
            return _first_difference(one, other)
    return ""


def _changed(scenario: str, settings: tuple[str, ...], name: str, value: float) -> Variant:
    inputs = shipped_variant(scenario, settings).inputs
    return Variant(name, replace(inputs, quantities=inputs.quantities | {f"parameter:{name}": fixed(value)}))


def _is_told(name: str, parameter: Parameter, worlds: int, seed: int) -> bool:
    """Return whether a parameter moves the record of events in a few worlds."""
    for scenario, settings in FIRST:
        for value in _extremes(parameter):
            changed = _changed(scenario, settings, name, value)
            for i in range(worlds):
                one, other = (
                    OneWorld(v, i, seed).run_to().events() for v in (shipped_variant(scenario, settings), changed)
                )
                if one.tobytes() != other.tobytes():
                    return True
    return False


def _first_difference(one: np.ndarray, other: np.ndarray) -> str:
    for field in one.dtype.names or ():
        if not np.array_equal(one[field], other[field], equal_nan=True):
            return field
    return ""


@lru_cache(maxsize=64)
def _run(scenario: str, settings: tuple[str, ...], worlds: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    return _results(shipped_variant(scenario, settings), worlds, seed)


def _results(variant: Variant, worlds: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    blocks = list(run_worlds([variant], worlds, seed, threads=processors()))
    return np.concatenate([b.outcomes for b in blocks]), np.concatenate([b.series for b in blocks])
