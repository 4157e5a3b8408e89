"""Variants by the words of their labels: found by enough of them, told apart by those that they do not share.

``in-kind`` and ``M08=1.0`` find ``2020-soleimani us=in-kind M08=1``; a figure calls it ``US: in kind, M08: 1``.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from sim.errors import InputError, described, nearest, one_of, option_problem
from sim.inputs.values import spelling
from sim.wording import visible

#: What actors with a policy are called before a colon.
_SEATS = {"us": "US", "iran": "Iran", "factions": "Factions", "government": "Baghdad"}


def label_of(scenario: str, settings: Iterable[tuple[str, str]]) -> str:
    """Return ``2020-soleimani us=in-kind``: a scenario's name, then each setting by a path and its value."""
    return " ".join([scenario, *(f"{path}={spelling(value)}" for path, value in settings)])


def fitting(labels: Sequence[str], words: str) -> list[str]:
    """Return the label that is ``words``; else all with each of them as a word; else as a word or a factor's value."""
    asked = [_spelled(word) for word in str(words).split()]
    if words in labels or not asked:
        return [label for label in labels if label == words]
    whole = [label for label in labels if set(asked) <= set(_words(label))]
    return whole or [label for label in labels if all(_has(label, word) for word in asked)]


def _has(label: str, word: str) -> bool:
    return any(word in (one, one.partition("=")[2]) for one in _words(label))


def _words(label: str) -> list[str]:
    return [_spelled(word) for word in label.split()]


def _spelled(word: str) -> str:
    """Return a word of a label, or a value alone, with the value in its one way of writing."""
    path, equals, value = word.partition("=")
    return f"{path}={spelling(value)}" if equals else spelling(word)


class LabelledVariant(Protocol):
    """A variant by its label."""

    @property
    def label(self) -> str:
        """Return the label."""
        ...


_Variant = TypeVar("_Variant", bound=LabelledVariant)


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
        raise InputError([option_problem(option, one_of(labels), described(words), nearest(words, labels))])
    return found[0]


def short_labels(labels: Sequence[str]) -> list[str]:
    """Return labels without the words that all of them share."""
    return [" ".join(words) or "as it is" for words in _own_words(labels)]


def variant_names(labels: Sequence[str]) -> list[str]:
    """Return variants' labels as words: what all share left out, ``us=in-kind`` as ``US: in kind``.

    Where one actor's policy is all that tells them apart, its actor goes without saying: ``in kind``.
    """
    own = _own_words([visible(label) for label in labels])
    actors = {w.partition("=")[0].rpartition(".")[2] if "=" in w else "" for parts in own for w in parts}
    bare = len(actors) == 1 and actors <= set(_SEATS) and all(len(parts) == 1 for parts in own)
    return [", ".join(_in_words(w, bare) for w in parts) or "baseline" for parts in own]


def _own_words(labels: Sequence[str]) -> list[list[str]]:
    """Return of each label the words that not all of them share."""
    words = [label.split() for label in labels]
    shared = set(words[0]).intersection(*words[1:]) if len(labels) > 1 else set()
    return [[word for word in of_one if word not in shared] for of_one in words]


def _in_words(word: str, bare: bool = False) -> str:
    path, equals, value = word.partition("=")
    if not equals:
        return word
    name, said_value = path.rpartition(".")[2], value.replace("-", " ").replace("_", " ")
    return said_value if bare else f"{_SEATS.get(name, name.replace('_', ' '))}: {said_value}"
