"""The texts of ``--until``: what they may say, which variants they mean, and what is told of those that say nothing."""

import pytest

from sim.errors import InputError
from sim.experiments.precision import for_each, read_precision, resolved
from sim.stats import Precision

LABELS = ["2020-soleimani us=restraint", "2020-soleimani us=in-kind", "2020-soleimani us=in-kind iran=patience"]


@pytest.mark.parametrize("sign", ["+-", "+/-", "±"])
@pytest.mark.parametrize("width", ["0.01", "1%", "1 %", "1e-2"])
def test_a_share_within_a_percentage_point(sign, width):
    """However it is typed, and with or without spaces."""
    assert read_precision(f"exited {sign} {width}") == Precision("exited", 0.01)
    assert read_precision(f" exited{sign}{width} ") == Precision("exited", 0.01)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("us_killed +- 2", Precision("us_killed", 2)),
        ("exit_day +- 7", Precision("exit_day", 7)),
        ("iran_influence_end +- 2%", Precision("iran_influence_end", 0.02)),
        ("exited: restraint - in-kind +- 0.02", Precision("exited", 0.02, "restraint", "in-kind")),
        ("us_killed : us=a iran=b - us=c ± 1.5", Precision("us_killed", 1.5, "us=a iran=b", "us=c")),
    ],
)
def test_what_was_asked_can_be_said_again(text, asked):
    """Measures that are not defined in every world, and differences, whose labels hold hyphens."""
    assert read_precision(text) == asked
    assert read_precision(asked.text) == asked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exited", "expected MEASURE +- HALF_WIDTH"),
        ("exitd +- 0.01", "did you mean 'exited'?"),
        ("+- 0.01", "expected a measure"),
        ("exit_kind +- 0.01", "categories have none"),
        ("exited +- 0", "above 0 and below 1, or a percentage, got '0'"),
        ("exited +- 1", "above 0 and below 1"),
        ("exited +- 100%", "above 0 and below 1"),
        ("exited +- nan", "above 0"),
        ("exited +- -0.1", "above 0"),
        ("exited +- ", "got ''"),
        ("us_killed +- 5%", "above 0 in people"),
        ("us_killed +- inf", "above 0 in people"),
        ("exited: restraint +- 0.02", "two variants with ' - ' between them"),
        ("exited: restraint - +- 0.02", "two variants"),
        ("exited: - restraint +- 0.02", "two variants"),
        ("exited: a - b - c +- 0.02", "two variants"),
        ("exited: +- 0.02", "two variants"),
    ],
)
def test_what_cannot_be_meant_is_told(text, said):
    """Each with what would do instead."""
    with pytest.raises(InputError) as wrong:
        read_precision(text)
    assert str(wrong.value).startswith("--until:1:1: ")
    assert said in str(wrong.value)


@pytest.mark.parametrize("first", [LABELS[0], "us=restraint", "restraint", "2020-soleimani restraint"])
@pytest.mark.parametrize("second", [LABELS[2], "iran=patience", "patience", "in-kind patience"])
def test_variants_are_found_by_words(first, second):
    """By label, by words of it, by values alone."""
    found = resolved(Precision("exited", 0.02, first, second), LABELS)
    assert (found.first, found.second) == (LABELS[0], LABELS[2])


def test_a_label_stands_for_itself_though_it_is_part_of_another():
    """The second label's words are all in the third's."""
    assert resolved(Precision("exited", 0.02, LABELS[1], "restraint"), LABELS).first == LABELS[1]


@pytest.mark.parametrize(
    ("second", "said"),
    [("in-kind", "2 variants fit"), ("in-kin", "one of the variants"), ("us=restraint", "both mean"), ("us", "one of")],
)
def test_variants_that_cannot_be_meant_are_told(second, said):
    """Several, none, the same twice, and a setting without its value."""
    with pytest.raises(InputError, match=said):
        resolved(Precision("exited", 0.02, "restraint", second), LABELS)


def test_a_mean_of_no_named_variant_is_asked_of_each():
    """A difference is asked once."""
    assert [one.first for one in for_each(Precision("exited", 0.02), LABELS)] == LABELS
    assert for_each(Precision("exited", 0.02), LABELS[:1]) == (Precision("exited", 0.02),)
    difference = Precision("exited", 0.02, "restraint", "patience")
    assert for_each(difference, LABELS) == (resolved(difference, LABELS),)
