"""Variants are named by enough words of their labels."""

import pytest

from sim.errors import InputError
from sim.inputs.labels import fitting, label_of, named, short_labels, variant_names

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


def test_a_label_is_the_scenario_and_each_value_in_its_one_way_of_writing() -> None:
    """So that two ways of asking for the same thing come to the same label."""
    assert label_of("x", [("us", "in-kind"), ("M08", "1.0")]) == "x us=in-kind M08=1"
    assert label_of("x", []) == "x"


def test_an_option_names_one_variant_or_says_which_there_are() -> None:
    """Words that fit two variants, or none, are no name."""
    assert named(LABELS, "restraint", "--baseline") == "x us=restraint"
    with pytest.raises(InputError, match=r"--baseline:1:1: expected .*'x us=restraint'.*got 'in-kind'"):
        named(LABELS, "in-kind", "--baseline")


def test_what_all_labels_share_goes_without_saying() -> None:
    """A variant that has nothing of its own is the unchanged one; one variant alone keeps its whole label."""
    assert short_labels(["x", "x us=in-kind"]) == ["as it is", "us=in-kind"]
    assert short_labels(["x us=in-kind"]) == ["x us=in-kind"]


def test_in_figures_an_actor_is_named_only_where_more_than_one_is_varied() -> None:
    """A policy alone says whose it is as long as it is all that tells variants apart."""
    assert variant_names(["x us=restraint", "x us=in-kind"]) == ["restraint", "in kind"]
    assert variant_names(["x us=restraint", "x us=in-kind M08=0"]) == ["US: restraint", "US: in kind, M08: 0"]
