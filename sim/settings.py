"""Settings laid on a scenario: what asks for one, the path that it changes, and how variants are told apart by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sim.errors import InputError, Problem, described, nearest, one_of
from sim.labels import fitting
from sim.scenario import Scenario, setting_path


class Labelled(Protocol):
    """A variant by its label."""

    @property
    def label(self) -> str:
        """Return the label."""
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


def twins(variants: Sequence[Labelled]) -> list[str]:
    """Return the labels that several variants have."""
    labels = [one.label for one in variants]
    return list(dict.fromkeys(label for label in labels if labels.count(label) > 1))


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
