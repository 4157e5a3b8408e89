"""What conditions and constraints have in common: text to a syntax tree, with the place of what is at fault."""

import ast
import re
from typing import Any

import pytest

from sim.errors import Mistake, Rejected
from sim.inputs.expressions import MAX_LENGTH, Grammar, Source, comparisons, read, signed

SUM = Grammar("a sum", "some sum", "a sum such as 'a + b'", "letters and +", re.compile(r"[^a-z+ \n()=]"),
              {"-": "add what is below 0"}, lambda line: line.replace("z", "a"))  # fmt: skip


def tree_of(text: str) -> ast.expr:
    """Return the tree of a sum."""
    return read(text, SUM, lambda line: f"hint for {line}", lambda source: source.tree)


def mistakes(text: str, reader: Any = lambda source: source.tree) -> tuple[Mistake, ...]:
    """Return what is wrong with a sum."""
    with pytest.raises(Rejected) as wrong:
        read(text, SUM, lambda line: f"hint for {line}", reader)
    return tuple(wrong.value.mistakes)


def test_text_becomes_the_tree_of_its_rewritten_line() -> None:
    """Breaks of lines are blanks, and what a grammar writes otherwise is rewritten before it is parsed."""
    assert ast.dump(tree_of("  z\n+ b ")) == ast.dump(ast.parse("a + b", mode="eval").body)


def test_letters_are_refused_each_at_its_place_and_four_at_most() -> None:
    """Text in another script would be one mistake a letter; advice goes with the letter that it is for."""
    found = mistakes(" a - 1 - 2 - 3 - 4")
    assert [(one.got, one.offset, one.hint) for one in found] == [
        ("'-'", 3, "add what is below 0"), ("'1'", 5, ""), ("'-'", 7, "add what is below 0"), ("'2'", 9, ""),
    ]  # fmt: skip


def test_a_lone_equals_is_no_comparison() -> None:
    """It assigns in Python, and means 'is' to whoever writes it."""
    assert mistakes("a = b") == (Mistake("a comparison", "'='", "write '==' for 'is'", offset=2),)


@pytest.mark.parametrize(("text", "expected", "got"), [
    ("", "some sum", "an empty one"), ("   ", "some sum", "an empty one"),
    ("a" * (MAX_LENGTH + 1), "a sum of at most 1000 characters", "1001 characters"),
])  # fmt: skip
def test_nothing_and_too_much_are_told_in_the_grammar_s_words(text: str, expected: str, got: str) -> None:
    """Whoever wrote it looks for the word that it goes by in the file."""
    assert mistakes(text) == (Mistake(expected, got),)


def test_more_brackets_than_python_s_parser_takes_are_one_mistake() -> None:
    """Which of its errors they end in is a matter of its version."""
    (only,) = mistakes("(" * 300 + "a" + ")" * 300)
    assert only.expected.startswith("a sum ")


def test_no_python_is_told_at_the_word_where_it_ends_with_a_hint() -> None:
    """The place counts from the start of the text, blanks in front of it among its letters."""
    (only,) = mistakes("   a + b c")
    assert (only.expected, only.hint) == ("a sum such as 'a + b'", "hint for a + b c")
    assert only.offset is not None
    assert only.offset >= 3


def test_a_reader_that_nests_beyond_python_s_stack_is_told_as_too_deep() -> None:
    """A reader calls itself for each bracket; where that ends is no traceback."""

    def endless(source: Source) -> None:
        endless(source)

    assert mistakes("  a", endless) == (Mistake("a sum that nests less deeply", "'  a'", offset=2),)


def test_the_place_of_a_part_counts_from_the_start_of_the_text() -> None:
    """A reader tells of a part of the tree; whoever reads the error looks at the file."""
    placed = read("   a == b", SUM, str, lambda source: source.wrong(source.tree.comparators[0], "x", "y"))  # type: ignore[attr-defined]
    assert placed.mistakes[0].offset == 8


def test_a_chain_is_its_comparisons_in_turn() -> None:
    """1 < a < b says that 1 < a and that a < b."""
    chain = ast.parse("1 < a <= b", mode="eval").body
    assert isinstance(chain, ast.Compare)
    said = [(ast.unparse(left), type(relation), ast.unparse(right)) for left, relation, right in comparisons(chain)]
    assert said == [("1", ast.Lt, "a"), ("a", ast.LtE, "b")]


@pytest.mark.parametrize(("text", "sign"), [("5", 1.0), ("+5", 1.0), ("-5", -1.0)])
def test_a_sign_is_taken_off_what_it_stands_before(text: str, sign: float) -> None:
    """Numbers below 0 are written with a sign, which Python's parser reads as an operation."""
    found, inner = signed(ast.parse(text, mode="eval").body)
    assert (found, ast.unparse(inner)) == (sign, "5")
