"""Variants named by enough words of their labels: ``in-kind``, ``M08=1.0``, for ``2020-soleimani us=in-kind M08=1``."""

from collections.abc import Sequence

from sim.inputs.values import spelling


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
