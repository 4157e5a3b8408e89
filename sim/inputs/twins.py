"""Variants that are there twice: by their label, or in other words that mean the same."""

from collections import Counter
from collections.abc import Hashable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Protocol

from sim.errors import InputError, Rejected, described
from sim.inputs.distributions.quantities import read_quantity
from sim.inputs.labels import LabelledVariant
from sim.inputs.resolve import Inputs
from sim.inputs.settings import Setting
from sim.inputs.values import spelling
from sim.inputs.yaml.text import parse
from sim.wording import visible


class ResolvedVariant(LabelledVariant, Protocol):
    """A variant that is made of a scenario and settings, with what came of them."""

    @property
    def scenario(self) -> str:
        """Return the scenario's name."""
        ...

    @property
    def settings(self) -> "tuple[Setting, ...]":
        """Return what was changed."""
        ...

    @property
    def inputs(self) -> Inputs:
        """Return all that its worlds are made of."""
        ...


def twins(variants: Sequence[ResolvedVariant]) -> list[str]:
    """Return which variants are there twice, in words: by their label, or in other words that mean the same."""
    counted = Counter(one.label for one in variants)
    alike: dict[object, list[ResolvedVariant]] = {}
    for one in variants:
        if counted[one.label] == 1:
            said = frozenset((setting.path, _meant(setting.value)) for setting in one.settings)
            alike.setdefault((one.scenario, said), []).append(one)
    reworded = [
        f"'{visible(one.label)}' and '{visible(other.label)}', which mean the same"
        for group in alike.values()
        for one, other in combinations(group, 2)
        if _same_model(one.inputs, other.inputs)
    ]
    return [described(label) for label, n in counted.items() if n > 1] + reworded


def _meant(value: str) -> Hashable:
    """Return what tells a value from others at first sight: distributions and weights as they are meant."""
    spelled, given = spelling(value), None
    try:
        given = parse(value).values
        return read_quantity(given).meant if isinstance(given, dict | int | float) else spelled
    except (InputError, Rejected):
        pass
    if isinstance(given, dict) and all(isinstance(one, int | float) and one > 0 for one in given.values()):
        total = sum(map(Fraction, given.values()))
        return frozenset((name, Fraction(weight) / total) for name, weight in given.items())
    return frozenset((name, spelling(one)) for name, one in given.items()) if isinstance(given, dict) else spelled


def _same_model(one: Inputs, other: Inputs) -> bool:
    """Return whether worlds of two variants that say much the same would draw the same."""
    quantities = [{name: what.meant for name, what in each.quantities.items()} for each in (one, other)]
    return quantities[0] == quantities[1] and one.mixture == other.mixture
