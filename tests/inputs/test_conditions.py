"""Conditions: what can be said, where it is refused, and what it becomes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import Rejected
from sim.inputs.expressions import MAX_DEPTH
from sim.inputs.policies.condition_logic import verdict
from sim.inputs.policies.condition_parser import parse_condition
from sim.inputs.policies.conditions import Row
from sim.names.perceptions import perceptions_of
from sim.names.tables import AT_LEAST, FALSE, LESS, MORE, RELATIONS, TRUE

US = perceptions_of("us")
KILLED, TALKS, ATTRIBUTION = (US[name][0] for name in ("us_killed_7d", "talks_open", "attribution"))
WORDS = ["us_killed_7d", "attribution", "talks_open", "government_leaning", "pro_iran", "rung", "quiet", "deaths",
         "and", "or", "not", "(", ")", "<", "<=", ">", ">=", "==", "!=", "=", "1", "-0.5", "1e999", "0x", "is", "in",
         "if", "else", "lambda", ".", "+", "*", ",", "'x'", "[", "]", ":", "\n", "\0", "é", "9" * 400]  # fmt: skip


def rows(text: str) -> tuple[Row, ...]:
    """Return the rows of a condition of Washington's, with one threshold called deaths."""
    return parse_condition(text, US, ["deaths"]).rows


def outcome(code: tuple[Row, ...], seen: dict[int, float]) -> bool:
    """Return what the rows come to, followed from the first to where they end."""
    at = 0
    while at >= 0:
        row = code[at]
        x = seen[row.column]
        held = {"<": x < row.value, "<=": x <= row.value, ">": x > row.value, ">=": x >= row.value,
                "==": x == row.value, "!=": x != row.value}  # fmt: skip
        at = row.yes if held[RELATIONS[row.relation]] else row.no
    return at == TRUE


def test_a_comparison_becomes_one_row() -> None:
    """Perception, relation and number stand in the row."""
    assert rows("us_killed_7d >= 3") == (Row(KILLED, AT_LEAST, 3.0),)


def test_a_number_may_stand_first() -> None:
    """3 <= x says the same as x >= 3."""
    assert rows("3 <= us_killed_7d") == rows("us_killed_7d >= 3")


def test_a_chain_is_two_comparisons_of_which_the_first_leads_to_the_second() -> None:
    """1 <= x < 5 holds between its ends."""
    expected = (Row(KILLED, AT_LEAST, 1.0, yes=1), Row(KILLED, LESS, 5.0))
    assert rows("1 <= us_killed_7d < 5") == expected


def test_a_flag_may_stand_alone() -> None:
    """What is 0 or 1 needs no comparison."""
    assert rows("not talks_open") == (Row(TALKS, MORE, 0.0, yes=FALSE, no=TRUE),)


def test_a_threshold_is_named_in_its_row() -> None:
    """The value is each world's own, so the row keeps the name."""
    assert rows("us_killed_7d >= deaths") == (Row(KILLED, AT_LEAST, 0.0, threshold="deaths"),)


def test_a_category_is_its_place_in_the_list() -> None:
    """Words of several parts are written with underscores; ordered ones have more and less."""
    assert rows("government_leaning == pro_iran")[0].value == 1.0
    assert rows("rung >= strike_in_kind")[0].value == 3.0
    assert rows("suspect != badr")[0].value == 5.0


def test_and_binds_closer_than_or() -> None:
    """Without brackets, 'a or b and c' is 'a or (b and c)'."""
    plain = rows("talks_open or attribution > 0.5 and us_killed_7d > 1")
    assert plain == rows("talks_open or (attribution > 0.5 and us_killed_7d > 1)")
    assert [(row.yes, row.no) for row in plain] == [(TRUE, 1), (2, FALSE), (TRUE, FALSE)]


def test_the_rows_mean_what_the_text_says() -> None:
    """The rows agree with Python's own reading for every combination of three flags."""
    text = "not (talks_open and demand_made) or demand_made and not exit_decided"
    names = ("talks_open", "demand_made", "exit_decided")
    for values in itertools.product([0.0, 1.0], repeat=3):
        talks, demand, leaving = map(bool, values)
        seen = {US[name][0]: value for name, value in zip(names, values, strict=True)}
        assert outcome(rows(text), seen) == (not (talks and demand) or (demand and not leaving))


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("atribution > 0.7", 0, "did you mean 'attribution'"),
        ("talks_open and atribution > 0.7", 15, "did you mean 'attribution'"),
        ("  atribution > 0.7", 2, "did you mean 'attribution'"),
        ("us_killed_7d", 0, "write 'us_killed_7d > 0'"),
        ("us_killed_7d > attribution", 15, "got the perception 'attribution'"),
        ("government_leaning > pro_iran", 21, "has no order"),
        ("government_leaning == pro_irn", 22, "did you mean 'pro_iran'"),
        ("government_leaning == 1", 22, "a category of 'government_leaning'"),
        ("us_killed_7d >= deths", 16, "did you mean 'deaths'"),
        ("attribution * 2 > 1", 12, "there is no arithmetic"),
        ("attribution + 1 > 2", 0, "got arithmetic"),
        ("attribution.real > 1", 0, "a dot in a name"),
        ("open(attribution)", 0, "got a call"),
        ("attribution > 'a'", 14, "without quotes"),
        ("attribution = 1", 12, "write '=='"),
        ("attribution > 1e999", 14, "a finite number"),
        ("attribution >", 13, "got the end of it"),
        ("talks_open & demand_made", 11, "write 'and'"),
        ("talks_open\0", 10, "expected perceptions"),
        ("1 < 2", 4, "a perception"),
        ("talks_open == true", 14, "got 'true'"),
    ],
)
def test_the_word_at_fault_is_pointed_at(text: str, offset: int, words: str) -> None:
    """The mistake counts the letters before the word that cannot stand, and says what could."""
    with pytest.raises(Rejected, match=words) as caught:
        rows(text)
    assert caught.value.mistakes[0].offset == offset


def test_every_word_at_fault_is_told() -> None:
    """Four mistakes of one condition come at once, each where it stands."""
    with pytest.raises(Rejected) as caught:
        rows("atribution > 1 and not (talks_opn or us_killed_7d) and 1 < attribution < pro_iran")
    assert [mistake.offset for mistake in caught.value.mistakes] == [0, 24, 37, 73]


@pytest.mark.parametrize(
    ("text", "hint"),
    [("grievance > 1", "only 'iran' sees that"), ("deaths >= 1", "compare a perception"), ("deahts >= 1", "'deaths'")],
)
def test_a_word_that_is_known_elsewhere_is_told_where(text: str, hint: str) -> None:
    """Another actor's perception, a threshold in a perception's place, a slip of the pen."""
    with pytest.raises(Rejected, match=hint):
        rows(text)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "(" * 500, "not " * 200 + "talks_open", "talks_open and " * 200, "attribution > " + "9" * 900,
     "(" * (MAX_DEPTH + 2) + "not " * (MAX_DEPTH + 2) + "talks_open", "__import__('os').system('true')",
     "[attribution for attribution in ()]", "lambda: 1", "attribution if talks_open else 1 > 2", "(attribution := 1)"],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text: str) -> None:
    """Too long, too deep, or more of Python than the grammar has: Rejected, never anything else."""
    with pytest.raises(Rejected):
        rows(text)


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
def test_no_text_makes_the_parser_crash(text: str) -> None:
    """Whatever the text, it is a condition whose rows lead only onwards, or Rejected."""
    try:
        code = rows(text)
    except Rejected as wrong:
        assert wrong.mistakes
        return
    for k, row in enumerate(code):
        assert all(to in (TRUE, FALSE) or k < to < len(code) for to in (row.yes, row.no))


def test_it_is_said_in_english() -> None:
    """A condition reads as a sentence, its thresholds with what is known of them."""
    said = parse_condition("us_killed_7d >= deaths and not (talks_open or demand_made)", US, ["deaths"])
    assert said.english({"deaths": "uniform from 1 to 5"}) == (
        "US personnel killed by hostile action, all sites in the last 7 days: at least 'deaths' (uniform from 1 to 5) "
        "and it is not so that (talks on the presence are open or Baghdad has demanded that US forces leave, and the "
        "demand stands)"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attribution > 1.5", "never"),
        ("attribution >= 0", "always"),
        ("attribution < 0.3 and attribution > 0.6", "never"),
        ("attribution < 0.6 or attribution > 0.3", "always"),
        ("talks_open or not talks_open", "always"),
        ("talks_open and not talks_open", "never"),
        ("government_leaning == pro_iran and government_leaning == balancing", "never"),
        ("us_killed_7d >= deaths and us_killed_7d < 1", "never"),
        ("us_killed_7d >= deaths and us_killed_7d < 3", ""),
        ("us_killed_7d >= 0", "always"),
        ("not us_killed_7d < 0", "always"),
        ("0.3 < attribution < 0.6", ""),
        ("attribution == 0.5 and attribution != 0.5", "never"),
        ("us_killed_1d > 3 and us_killed_30d <= 3", "never"),
        ("us_killed_1d > 3 and us_killed_30d < 3.5", ""),
        ("us_killed_7d <= 3 and us_killed_30d > 3", ""),
        ("us_killed_1d >= deaths and us_killed_7d < 1", "never"),
        ("us_killed_1d >= 1 and us_wounded_7d < 1", ""),
        ("us_killed_7d >= deaths and us_killed_7d < deaths", "never"),
    ],
)
def test_nonsense_is_noticed_and_sense_is_not(text: str, expected: str) -> None:
    """What the ranges of perceptions and thresholds (deaths: 1 to 5) rule out or force is told, nothing else is."""
    assert verdict(parse_condition(text, US, ["deaths"]), {"deaths": (1.0, 5.0)}) == expected


@given(st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.sampled_from([0, 0.25, 0.5, 1, 2])),
                min_size=1, max_size=4), st.sampled_from([" and ", " or "]))  # fmt: skip
def test_a_verdict_is_never_wrong(comparisons: list[tuple[str, float]], joint: str) -> None:
    """A condition called impossible, or certain, is so at every value tried."""
    condition = parse_condition(joint.join(f"attribution {relation} {x}" for relation, x in comparisons), US)
    found = {outcome(condition.rows, {ATTRIBUTION: x / 16}) for x in range(17)}
    assert found <= {"never": {False}, "always": {True}, "": {True, False}}[verdict(condition)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rung == deadly attack", "write 'deadly_attack' for 'deadly attack'"),
        ("rung == attack", "a category of 'rung'"),
        ("rung == big bang", "categories of 'rung': quiet, "),
        ("us_killed_7d + 1 > 2", "conditions have no arithmetic"),
        ("us_killed_7d > 1 + 1", "conditions have no arithmetic"),
        ("talks_offered", "nobody sees an offer"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_can(text: str, words: str) -> None:
    """The categories of the perception, as they are written."""
    with pytest.raises(Rejected) as wrong:
        parse_condition(text, perceptions_of("us"))
    assert words in str(wrong.value)
