"""A file of one's own is read with every mistake at its place, forecast from the start alone, and scored rightly."""

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import cli
from sim.errors import InputError
from sim.evidence.backtest import rivals, scoring
from sim.evidence.backtest.kinds import COUNTED, KINDS, Recorded, Span, read_off
from sim.evidence.backtest.mixtures import mixtures_of
from sim.evidence.backtest.rows import read_rows
from sim.evidence.backtest.worlds import MODEL, variants_of
from sim.names.actors import GOVERNORATES
from sim.names.events import ATTACK, ATTACK_OUTSIDE, EXIT_DECIDED, ISIS_ATTACKS

HEAD = "id,kind,scenario,measure,start,end,value,low,high,place,of_start,of_end,group"
GOOD = """a,count,2020-soleimani,attacks,2020-01-03,2020-02-03,4,,,,,,
b,share,2020-soleimani,isis_attacks,2020-01-03,2020-03-03,0.2,,,Diyala,,,
c,ratio,2020-soleimani,isis_attacks,2020-02-03,2020-03-03,1.1,,,,2020-01-03,2020-02-02,
d,happened,2020-soleimani,framework_signed,2020-01-03,2020-03-03,0,,,,,,
e,days_until,2020-soleimani,attack,2020-01-03,2020-03-03,5,,,,,,
f,level,2020-soleimani,us_troops,2020-02-03,2020-02-03,5200,,,,,,spring
g,longest_quiet,2020-soleimani,attacks_theatre,2020-01-03,2020-03-03,20,,,,,,spring
h,joint_days,2020-soleimani,attacks,2020-01-03,2020-03-03,1,,,,,,
i,outcome,2020-soleimani,us_killed,2020-01-03,2020-03-03,,0,5,,,,
past,count,2020-soleimani,attacks,2019-12-01,2019-12-31,31,,,,,,
"""


def _file(folder: Path, rows: str, head: str = HEAD) -> Path:
    path = folder / "mine.csv"
    path.write_text(f"{head}\n{rows}", encoding="utf-8")
    return path


# Rows --------------------------------------------------------------------------------------------------------------


def test_rows_of_every_kind_are_read(tmp_path: Path) -> None:
    """Each with its days from the scenario's start; one before it is said to be past."""
    rows = {one.id: one for one, _ in read_rows(_file(tmp_path, GOOD))}
    assert {one.kind for one in rows.values()} == set(KINDS)
    assert (rows["a"].span, rows["c"].of) == (Span(0, 31), Span(0, 30))
    assert rows["past"].unforecastable.startswith("before the scenario's start")
    assert all(not one.unforecastable for name, one in rows.items() if name != "past")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,counts,2020-soleimani,attacks,2020-01-03,2020-02-03,4,,,,,,", r"2:3: kind: .*did you mean 'count'"),
        ("a,count,2020-solemani,attacks,2020-01-03,2020-02-03,4,,,,,,", r"2:9: scenario: .*'2020-soleimani'"),
        ("a,count,2020-soleimani,atacks,2020-01-03,2020-02-03,4,,,,,,", r"2:24: measure: .*'attacks'"),
        ("a,count,2020-soleimani,attacks,3 Jan,2020-02-03,4,,,,,,", r"2:32: start: expected a date"),
        ("a,count,2020-soleimani,attacks,2020-02-03,2020-01-03,4,,,,,,", r"end: expected a day from the start on"),
        ("a,count,2020-soleimani,attacks,2020-01-03,2020-02-03,many,,,,,,", r"2:54: value: expected a number"),
        ("a,count,2020-soleimani,attacks,2020-01-03,2020-02-03,,,,,,,", r"value: expected a value, or a bound"),
        ("a,count,2020-soleimani,attacks,2020-01-03,2020-02-03,,9,3,,,,", r"low: expected at most the upper bound"),
        ("a,happened,2020-soleimani,attack,2020-01-03,2020-02-03,0.5,,,,,,", r"value: expected 1 if it happened"),
        ("a,share,2020-soleimani,attacks,2020-01-03,2020-02-03,0.5,,,,,,", r"place: expected a governorate"),
        ("a,share,2020-soleimani,attacks,2020-01-03,2020-02-03,0.5,,,Diyalla,,,", r"place: .*'Diyala'"),
        ("a,level,2020-soleimani,us_troops,2020-01-03,2020-02-03,5,,,Diyala,,,", r"place: expected nothing"),
        ("a,ratio,2020-soleimani,attacks,2020-01-03,2020-02-03,5,,,,,,", r"of_start: expected a date in of_start"),
        ("a,count,2020-soleimani,attacks,2020-01-03,2020-02-03,4,,,,2020-01-03,,", r"of_start: expected nothing"),
        ("a,outcome,2020-soleimani,us_killed,2020-01-10,2020-02-03,4,,,,,,", r"start: expected the scenario's start"),
        ("a,count,2020-soleimani,attacks,2020-01-03,2020-02-03,4", r"2:1: expected 13 values, got 7"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, row: str, words: str) -> None:
    """Line, column, what was expected, what came, what might be meant."""
    with pytest.raises(InputError, match=words):
        read_rows(_file(tmp_path, row + "\n"))


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    """Good rows between them help nothing."""
    bad = (
        "x,count,nowhere,attacks,2020-01-03,2020-02-03,4,,,,,,\n"
        "y,count,2020-soleimani,attacks,soon,2020-02-03,4,,,,,,\n"
    )
    with pytest.raises(InputError) as told:
        read_rows(_file(tmp_path, bad + GOOD))
    assert len(told.value.problems) == 2
    for head, words in (("scenario,measure,start,end", "a column 'value'"), (HEAD + ",plaice", "did you mean 'place'")):
        with pytest.raises(InputError, match=words):
            read_rows(_file(tmp_path, "", head))
    with pytest.raises(InputError, match="a row of an observation"):
        read_rows(_file(tmp_path, ""))


# Read off ----------------------------------------------------------------------------------------------------------


def _worlds() -> Recorded:
    """Return two worlds of four weeks: in the first attacks on days 2, 2 (by two factions), 9 and abroad on day 20."""
    kept = np.dtype([("world", "i4"), ("day", "i4"), ("kind", "i2"), ("place", "i2"), ("actor", "i2"), ("size", "f8")])
    diyala, kirkuk = GOVERNORATES.index("Diyala"), GOVERNORATES.index("Kirkuk")
    events = np.array([
        (0, 2, ATTACK, 0, 4, 1), (0, 2, ATTACK, 0, 5, 1), (0, 9, ATTACK, 0, 4, 1), (0, 20, ATTACK_OUTSIDE, 20, 4, 1),
        (0, 7, ISIS_ATTACKS, diyala, 0, 3), (0, 14, ISIS_ATTACKS, kirkuk, 0, 1), (1, 12, EXIT_DECIDED, 0, 1, 1),
    ], kept)  # fmt: skip
    weekly = np.zeros((2, 4), [("us_troops", "f4")])
    weekly["us_troops"] = [[5, 4, 3, 2], [9, 9, 9, 0]]
    return Recorded(2, events, weekly, {27: np.array([(7.0,), (8.0,)], [("us_killed", "f8")])})


@pytest.mark.parametrize(
    ("kind", "measure", "span", "of", "place", "expected"),
    [
        ("count", "attacks", Span(0, 27), None, "", [3, 0]),
        ("count", "attacks", Span(3, 8), None, "", [0, 0]),
        ("count", "attacks", Span(2, 9), None, "", [3, 0]),
        ("count", "attacks_theatre", Span(0, 27), None, "", [4, 0]),
        ("count", "isis_attacks", Span(0, 27), None, "Diyala", [3, 0]),
        ("share", "isis_attacks", Span(0, 27), None, "Diyala", [0.75, np.nan]),
        ("ratio", "isis_attacks", Span(8, 27), Span(0, 7), "", [1 / 3, np.nan]),
        ("days_until", "exit_decided", Span(5, 27), None, "", [np.nan, 7]),
        ("happened", "exit_decided", Span(0, 11), None, "", [0, 0]),
        ("happened", "exit_decided", Span(0, 12), None, "", [0, 1]),
        ("longest_quiet", "attacks", Span(0, 27), None, "", [18, 28]),
        ("longest_quiet", "attacks_theatre", Span(0, 27), None, "", [10, 28]),
        ("joint_days", "attacks", Span(0, 27), None, "", [1, 0]),
        ("level", "us_troops", Span(0, 8), None, "", [4, 9]),
        ("outcome", "us_killed", Span(0, 27), None, "", [7, 8]),
    ],
)
def test_what_worlds_show_in_place_of_a_row(
    kind: str, measure: str, span: Span, of: Span | None, place: str, expected: list[float]
) -> None:
    """Counted to the day; nothing of the kind is no number."""
    assert read_off(kind, measure, _worlds(), span, of, place) == pytest.approx(expected, nan_ok=True)


def test_every_counted_measure_is_said_in_words() -> None:
    """What one counts, as a user reads it."""
    assert all(kinds and words for kinds, words in COUNTED.values())


# Rivals and scores -------------------------------------------------------------------------------------------------


def test_naive_rivals_say_the_past_again(tmp_path: Path) -> None:
    """31 attacks in 31 days: 32 more in 32 days, as a Poisson count, and wider where the rate is learnt from them."""
    rows = read_rows(_file(tmp_path, GOOD))
    [question] = [one for one, _ in rows if one.id == "a"]
    found = rivals.naive(question, rows)
    assert found["last"] == pytest.approx([32.0])
    assert found["poisson"].mean() == pytest.approx(32.0, rel=0.02)
    assert found["negative_binomial"].mean() == pytest.approx(32.5, rel=0.03)
    assert found["negative_binomial"].std() > 1.3 * found["poisson"].std()
    [other] = [one for one, _ in rows if one.id == "f"]
    assert rivals.naive(other, rows) == {}


def test_a_file_is_forecast_sealed_and_scored(tmp_path: Path) -> None:
    """What is kept before values are read does not change with them; each row that can be is scored."""
    path = _file(tmp_path, GOOD)
    forecasts = scoring.forecasts_of(path, 60, 1)
    sealed, digest = scoring.sealed_forecasts(forecasts)
    other = _file(tmp_path, re.sub(r",4,", ",400,", GOOD))
    assert scoring.sealed_forecasts(scoring.forecasts_of(other, 60, 1))[1] == digest
    assert hashlib.sha256(sealed).hexdigest() == digest
    rows = {one.question.id: one for one in scoring.scored(path, forecasts)}
    assert set(rows) == set("abcdefghi")
    sample = forecasts[0].samples[MODEL.name]
    assert rows["a"].p50 == np.median(sample)
    assert set(rows["a"].crps_naive) == {"last", "poisson", "negative_binomial", "no_mechanisms", "prior"}
    assert rows["d"].brier == pytest.approx(float(forecasts[3].samples[MODEL.name].mean()) ** 2)
    assert (rows["i"].crps, rows["i"].pit) == (None, None)
    summary = scoring.summary_of(list(rows.values()), forecasts)
    assert summary.left_out[0][1] == "past"
    assert list(summary.energy) == ["spring (2020-soleimani)"]
    assert sum(summary.pit[0]) == pytest.approx(8)
    json.dumps([one.plain() for one in rows.values()], allow_nan=False)


def test_policies_are_mixed_by_their_shares() -> None:
    """Two worlds of three follow the one, one the other, and none has another's number."""
    [mix] = mixtures_of(["us=restraint:2,in-kind"])
    first, second = variants_of("2020-soleimani", 10, 90, [mix])
    assert (first[1], second[1]) == (range(60), range(60, 90))
    assert (first[0].label, second[0].inputs.start) == ("2020-soleimani", date(2020, 1, 3))
    for text, words in (("uss=restraint", "a seat"), ("us=restrain", "restraint"), ("us=restraint:0", "above 0"),
                        ("us=a;b", "policies with shares")):  # fmt: skip
        with pytest.raises(InputError, match=words):
            mixtures_of([text])
    with pytest.raises(InputError, match="once"):
        mixtures_of(["us=restraint", "us=in-kind"])


def test_the_command_keeps_forecasts_scores_and_a_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says what was missed; a mistake in the file is told before anything runs, with code 2 and nothing kept."""
    monkeypatch.chdir(tmp_path)
    _file(tmp_path, GOOD)
    done = CliRunner().invoke(
        cli.app, ["backtest", "mine.csv", "--worlds", "50", "--no-rivals", "--out", "o", "--json"]
    )
    assert done.exit_code == 0, done.output
    plain = json.loads(done.stdout)
    assert plain["forecasts_sha256"] == hashlib.sha256((tmp_path / "o" / "forecasts.json").read_bytes()).hexdigest()
    assert {"p05", "p50", "p95", "inside90", "inside50", "crps", "crps_naive", "pit"} <= set(plain["rows"][0])
    assert plain["summary"]["not_forecast"][0]["id"] == "past"
    assert {one.name for one in (tmp_path / "o").iterdir()} == {
        "forecasts.json", "scores.json", "calibration.png", "calibration.svg",
    }  # fmt: skip
    _file(tmp_path, GOOD.replace("2020-02-03,4", "2020-02-03,four"))
    bad = CliRunner().invoke(cli.app, ["backtest", "mine.csv", "--worlds", "50", "--out", "p"])
    assert bad.exit_code == 2
    assert not (tmp_path / "p").exists()
