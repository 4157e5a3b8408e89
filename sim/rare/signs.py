"""Signs by which it is judged how near a world is to an end: what its record holds, taken as the units of fields say.

Every number of the state is a sign (the ladder, what staying costs and what it is worth, pulls, moods, who governs), and
so is everything that is drawn for the world. What is read here decides where worlds are split, and nothing else: no
probability depends on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from sim.design import Variant
from sim.normal import quantile
from sim.world.draws import quantiles_of
from sim.world.record import N_WINDOWED, N_WINDOWS, STATE, Field, offset

#: Units of numbers that are taken as they are, of sizes that are taken by their logarithm, and of categories.
_AS_IT_IS = {"share", "ratio", "level", "0 or 1", "0, 1 or 2", "-1, 0 or 1", "rung", "attacks per day", "aims", "order"}
_BY_SIZE = {"people", "attacks", "days", "members", "events", "motions", "cells", "strikes"}
_OF_KINDS = {"leaning": 5, "presence": 9, "kind": 4, "cause": 5}
#: Days after which something that happened is half forgotten, as a sign.
_RECENT = 30.0
#: Signs of time: the logarithm of the days that are left, and the share of them.
_OF_TIME = 2


@dataclass(frozen=True)
class Places:
    """Where signs stand in the record, by how they are taken."""

    plain: np.ndarray
    whole: np.ndarray
    sizes: np.ndarray
    whole_sizes: np.ndarray
    days: np.ndarray
    kinds: np.ndarray
    of_kinds: np.ndarray

    @property
    def n(self) -> int:
        """Return how many signs they make, with those of time."""
        singles = len(self.plain) + len(self.whole) + len(self.sizes) + len(self.whole_sizes)
        return _OF_TIME + singles + 2 * len(self.days) + int(self.of_kinds.sum())


def _fields(fields: tuple[Field, ...], path: str = "") -> Iterator[tuple[str, Field]]:
    """Yield the path of each single number of the state, blocks looked into, and its field."""
    for field in fields:
        name = f"{path}{field.name}"
        if isinstance(field.type, tuple):
            if not field.shape:
                yield from _fields(field.type, f"{name}.")
        elif not field.shape:
            yield name, field


@cache
def places() -> Places:
    """Return where the signs of a world's state stand."""
    found: dict[str, list[int]] = {name: [] for name in ("plain", "whole", "sizes", "whole_sizes", "days", "kinds")}
    of_kinds: list[int] = []
    for path, field in _fields(STATE):
        at, real = offset(path), field.type == "f8"
        if field.unit in _AS_IT_IS:
            found["plain" if real else "whole"].append(at)
        elif field.unit in _BY_SIZE:
            found["sizes" if real else "whole_sizes"].append(at)
        elif field.unit == "day" and path != "day":
            found["days"].append(at)
        elif field.unit in _OF_KINDS:
            found["kinds"].append(at)
            of_kinds.append(_OF_KINDS[field.unit])
    first = offset("window")
    found["sizes"] += list(range(first, first + N_WINDOWED * N_WINDOWS))
    return Places(*(np.array(one, np.int64) for one in found.values()), np.array(of_kinds, np.int64))


class Reader:
    """Reads the signs of a world of so many days off its record."""

    def __init__(self, numbers: np.ndarray, days: int) -> None:
        self.numbers, self.whole, self.days, self.at = numbers, numbers.view(np.int64), days, places()
        first = np.concatenate([[0], np.cumsum(self.at.of_kinds)[:-1]]).astype(np.int64)
        self._first, self._n_kinds, self._day = first, int(self.at.of_kinds.sum()), offset("day")

    def signs(self) -> np.ndarray:
        """Return the signs (n,) of the world as it stands."""
        numbers, whole, at = self.numbers, self.whole, self.at
        day = int(whole[self._day])
        since = whole[at.days]
        left = self.days - day
        kinds = np.zeros(self._n_kinds)
        kinds[self._first + np.minimum(whole[at.kinds], at.of_kinds - 1)] = 1.0
        return np.concatenate(
            [
                (np.log(left + 7.0), left / self.days), numbers[at.plain], whole[at.whole],
                np.log1p(np.maximum(numbers[at.sizes], 0.0)), np.log1p(np.maximum(whole[at.whole_sizes], 0)),
                since >= 0, np.exp((np.minimum(since, day) - day) / _RECENT), kinds,
            ]
        )  # fmt: skip


def drawn_signs(variant: Variant, seed: int, numbers: np.ndarray) -> np.ndarray:
    """Return what is drawn for worlds ``numbers`` as signs (n, quantities), each as its normal quantile.

    Of worlds that draw their theory, whether each theory is theirs comes last.
    """
    named = [column for column in variant.columns if column.name != "theory"]
    keys = variant.keys(seed, numbers)
    drawn = quantiles_of(keys, [column.drawn_by for column in named]) if named else np.zeros((0, len(numbers)))
    columns = list(quantile(np.clip(drawn, 1e-9, 1 - 1e-9)))
    if len(named) < len(variant.columns):
        theory = variant.values(seed, numbers)["theory"]
        columns += [np.asarray(theory == k, dtype=float) for k in range(len(variant.inputs.mixture))]
    return np.column_stack(columns) if columns else np.zeros((len(numbers), 0))
