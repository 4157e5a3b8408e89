"""Settings laid on a scenario: what asks for one, the path that it changes, and how variants are told apart by them."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Protocol, TypeVar

from sim.errors import InputError, Problem, Rejected, described, nearest, one_of
from sim.inputs.distributions.quantities import read_quantity
from sim.inputs.labels import fitting
from sim.inputs.scenario import Inputs, Scenario, setting_path
from sim.inputs.values import spelling
from sim.inputs.yaml.text import parse
from sim.wording import visible


class Labelled(Protocol):
    """A variant by its label."""

    @property
    def label(self) -> str:
        """Return the label."""
        ...


class Made(Labelled, Protocol):
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


_Variant = TypeVar("_Variant", bound=Labelled)


@dataclass(frozen=True)
class Setting:
    """One change to a scenario: the option and words that ask for it, and the full path that it changes."""

    option: str
    text: str
    path: str

    @property
    def value(self) -> str:
        """Return the text of the new value."""
        return self.text.partition("=")[2].strip()


def short_path(base: Scenario, path: str) -> str:
    """Return the shortest end of ``path`` that still means it."""
    steps = path.split(".")
    for k in range(len(steps) - 1, 0, -1):
        short = ".".join(steps[k:])
        try:
            if setting_path(base, f"{short}=0") == path:
                return short
        except InputError:
            continue
    return path


def two_on_one_path(settings: Sequence[Setting]) -> list[Problem]:
    """Return a problem for each path that two settings set, under the name of the second."""
    first: dict[str, Setting] = {}
    problems = []
    for setting in settings:
        earlier = first.setdefault(setting.path, setting)
        if earlier is not setting:
            expected = f"one setting of '{setting.path}'"
            got = f"two: {earlier.option} {earlier.text} and {setting.option} {setting.text}"
            problems.append(Problem(f"{setting.option} {setting.text}", 1, 1, setting.path, expected, got))
    return problems


def twins(variants: Sequence[Made]) -> list[str]:
    """Return which variants are there twice, in words: by their label, or in other words that mean the same."""
    counted = Counter(one.label for one in variants)
    alike: dict[object, list[Made]] = {}
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


def with_baseline_first(variants: list[_Variant], baseline: str) -> list[_Variant]:
    """Return the variants with the one first whose label has all words of ``baseline``; InputError unless it is one."""
    if not baseline:
        return variants
    label = named([one.label for one in variants], baseline, "--baseline")
    return sorted(variants, key=lambda one: one.label != label)


def named(labels: Sequence[str], words: str, option: str) -> str:
    """Return the label that is ``words``, or the only one that has all of them; InputError unless it is one."""
    found = fitting(labels, words)
    if len(found) != 1:
        raise InputError([Problem(option, 1, 1, "", one_of(labels), described(words), nearest(words, labels))])
    return found[0]
