"""From inputs to the worlds table: what all worlds of a variant share, and a column for each quantity that varies.

World *i* is a function of the seed and *i* through names alone: a quantity is the quantile of its distribution at a
number drawn by the quantity's own name. So policies, variants, other quantities and the number of worlds move nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.names.actors import ALLIES, FACTIONS, GOVERNORATES
from sim.names.address import address
from sim.names.mechanisms import MECHANISMS
from sim.policy import DecisionTable
from sim.quantities import Distribution
from sim.scenario import Inputs
from sim.world.draws import quantiles
from sim.world.record import as_numbers, new_worlds, offset

_NUMBER_OF = {mechanism.id: k + 1 for k, mechanism in enumerate(MECHANISMS)}


@dataclass(frozen=True)
class Column:
    """One quantity that varies from world to world: its name, distribution, and places in the record."""

    name: str
    distribution: Distribution
    places: tuple[int, ...]

    @property
    def drawn_by(self) -> str:
        """Return the name by which it is drawn: a threshold's holds for its actor, whatever the policy."""
        kind, *words = self.name.split(":")
        return ":".join((kind, words[0], words[-1])) if kind == "threshold" else self.name


@dataclass(frozen=True)
class Variant:
    """One arm of a comparison: its label and the inputs of its worlds."""

    label: str
    inputs: Inputs

    @cached_property
    def tables(self) -> tuple[DecisionTable, ...]:
        """Return the decision tables of the variant's policies, in their order."""
        return tuple(policy.table(self.inputs.start) for policy in self.inputs.policies)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Return the quantities that vary from world to world."""
        return tuple(column for column in _columns(self) if not column.distribution.is_fixed)

    @cached_property
    def places(self) -> np.ndarray:
        """Return where each column's value goes in the record (n,), a column with several places repeated.

        Where worlds draw their theory, the places of the readings come last.
        """
        readings = [offset(f"reading.{_NUMBER_OF[mechanism]}") for mechanism in self._drawn_readings]
        return np.array([place for column in self.columns for place in column.places] + readings, np.int64)

    @property
    def _drawn_readings(self) -> tuple[str, ...]:
        """Return the mechanisms whose reading is drawn with the world's theory."""
        return tuple(self.inputs.readings) if self.inputs.mixture else ()

    def theories(self, values: dict[str, np.ndarray]) -> list[str]:
        """Return the name of each world's theory, for the values of its quantities."""
        names = [one.name for one in self.inputs.mixture]
        return [names[int(k)] for k in values["theory"]] if "theory" in values else []

    @cached_property
    def template(self) -> np.ndarray:
        """Return the inputs that all worlds share, as numbers; fixed quantities are in place."""
        worlds = new_worlds(1)
        _write_structure(worlds[0], self)
        numbers: np.ndarray = as_numbers(worlds)[0]
        for column in _columns(self):
            if column.distribution.is_fixed:
                numbers[list(column.places)] = column.distribution.quantile(np.zeros(1))[0]
        return numbers

    def values(self, keys: np.ndarray) -> dict[str, np.ndarray]:
        """Return the value of each varying quantity by name, (worlds,) each, for worlds with these keys."""
        return {c.name: c.distribution.quantile(quantiles(keys, c.drawn_by)) for c in self.columns}

    def pokes(self, values: dict[str, np.ndarray]) -> np.ndarray:
        """Return ``values`` as rows of what goes to ``places``: (worlds, places)."""
        rows = [values[column.name] for column in self.columns for _ in column.places]
        if self.inputs.mixture:
            drawn = values["theory"].astype(np.int64) if "theory" in values else np.zeros(len(rows[0]), np.int64)
            for mechanism in self._drawn_readings:
                of_theories = np.array([one.readings[mechanism] for one in self.inputs.mixture], np.int64)
                rows.append(of_theories[drawn].view(np.float64))  # a whole number's bits, as the record holds them
        return np.ascontiguousarray(np.array(rows).T) if rows else np.zeros((1, 0))


def _columns(variant: Variant) -> Iterator[Column]:
    where = _Where(variant)
    for name, distribution in variant.inputs.quantities.items():
        yield Column(name, distribution, where.places(name))


class _Where:
    """Finds where in the record a named quantity belongs."""

    def __init__(self, variant: Variant) -> None:
        geography, house = variant.inputs.geography, variant.inputs.house
        self.variant = variant
        self.rows = {
            "place": ("place_in", list(GOVERNORATES)),
            "site": ("site_in", list(geography.sites)),
            "bloc": ("bloc_in", list(house.blocs)),
            "faction": ("faction_in", list(FACTIONS)),
            "ally": ("ally_in", list(ALLIES)),
        }

    def places(self, name: str) -> tuple[int, ...]:
        kind, *words = name.split(":")
        if kind == "theory":  # it goes where the readings are
            return ()
        if kind in ("parameter", "situation"):
            return (offset(f"{kind[0]}.{words[0]}"),)
        if kind == "mechanism":
            return (offset(f"strength.{_NUMBER_OF[words[0]]}"),)
        if kind == "threshold":
            return tuple(self._threshold(*words))
        block, entries = self.rows[kind]
        return (offset(f"{block}.{entries.index(words[0])}.{words[1]}"),)

    def _threshold(self, key: str, policy: str, threshold: str) -> Iterator[int]:
        for k, (one, table) in enumerate(zip(self.variant.inputs.policies, self.variant.tables, strict=True)):
            if (one.key, one.name) == (key, policy):
                for name, row in table.threshold_rows:
                    if name == threshold:
                        yield offset(f"policies.{k}.code.{row}.value")


def _write_structure(w: np.void, variant: Variant) -> None:
    inputs = variant.inputs
    for k, table in enumerate(variant.tables):
        w["policies"][k] = table.table
    w["policy_of"] = inputs.policy_of
    w["start_ordinal"] = inputs.start.toordinal()
    w["strength"] = 1.0
    for mechanism, reading in inputs.readings.items():
        w["reading"][_NUMBER_OF[mechanism]] = reading
    for switch, on in inputs.switches.items():
        w[switch] = int(on)
    w["n_script"] = len(inputs.script)
    for k, act in enumerate(inputs.script):
        w["script"][k] = (act.day, act.kind, address(act.name) % 1_000_000, (*act.options, *[0.0] * 6)[:6])
    _write_ground(w, inputs)


def _write_ground(w: np.void, inputs: Inputs) -> None:
    for g, neighbours in enumerate(inputs.neighbours):
        w["n_neighbours"][g] = len(neighbours)
        w["neighbours"][g, : len(neighbours)] = neighbours
    sites = inputs.geography.site_places()
    w["n_sites"] = len(sites)
    w["site_place"][: len(sites)] = sites
    blocs = inputs.house.communities()
    w["n_blocs"] = len(blocs)
    w["bloc_community"][: len(blocs)] = blocs
    w["n_members"] = inputs.house.members
    w["quorum"] = inputs.house.quorum
