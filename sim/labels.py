"""Variants named by enough words of their labels: ``in-kind`` for ``2020-soleimani us=in-kind M08=1``."""

from collections.abc import Sequence


def fitting(labels: Sequence[str], words: str) -> list[str]:
    """Return the label that is ``words``; else all with each of them as a word; else as a word or a factor's value."""
    asked = words.split()
    if words in labels or not asked:
        return [label for label in labels if label == words]
    whole = [label for label in labels if set(asked) <= set(label.split())]
    return whole or [label for label in labels if all(_has(label, word) for word in asked)]


def _has(label: str, word: str) -> bool:
    return any(word in (one, one.partition("=")[2]) for one in label.split())
