"""Variants are named by enough words of their labels."""

import pytest

from sim.inputs.labels import fitting

LABELS = ["x us=restraint", "x us=in-kind", "x us=in-kind M08=1"]


@pytest.mark.parametrize(
    "words, found",
    [
        ("x us=in-kind", ["x us=in-kind"]), ("us=restraint", ["x us=restraint"]), ("restraint", ["x us=restraint"]),
        ("M08=1 us=in-kind", ["x us=in-kind M08=1"]), ("in-kind M08=1", ["x us=in-kind M08=1"]),
        ("in-kind", LABELS[1:]), ("x", LABELS), ("hope", []), ("", []), ("in", []),
    ],
)  # fmt: skip
def test_a_label_itself_goes_before_its_words_and_words_before_values(words: str, found: list[str]) -> None:
    """A part of a word is no word; nothing fits nothing."""
    assert fitting(LABELS, words) == found
