"""Words of reports and stories: lists and capitals."""

import pytest

from sim.wording import headed, listed


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)  # fmt: skip
def test_words_are_listed_with_an_and_before_the_last(words: list[str], said: str) -> None:
    """One word stands alone, and nothing is nothing."""
    assert listed(words) == said


def test_a_head_has_a_capital_and_keeps_the_rest() -> None:
    """Names inside a sentence keep the letters that they have."""
    assert headed("us killed") == "Us killed"
    assert headed("strikes by the US") == "Strikes by the US"
    assert headed("") == ""
