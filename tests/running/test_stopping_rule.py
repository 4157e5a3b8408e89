"""Runs that stop at a precision: when, with what said, broken off and gone on with, and what cannot be meant."""

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.experiments.request import Request, variants_of
from sim.results.as_json import run_json
from sim.results.run_facts import precisions
from sim.running import ensemble
from sim.running.execute import execute
from sim.running.resume import extend, resume
from sim.running.run import Interrupted
from tests.running.small_runs import SCENARIO, designed

pytestmark = pytest.mark.usefixtures("elsewhere")


def until(*texts, worlds=3000, **asked):
    """Return what is asked for: a short run that stops at precisions."""
    return Request((SCENARIO,), worlds=worlds, days=30, until=texts, series="none", **asked)


def test_a_run_stops_at_a_precision_and_says_what_it_reached():
    """As many worlds as it took; the interval is the one that the looks give, whoever asks again."""
    asked = until("militia_attacks +- 0.35")
    results = execute(asked, variants_of(asked), out="r").results
    [reached] = results.manifest["until"]
    assert reached["reached"]
    assert reached["half_width"] <= reached["half_width_asked"]
    assert 200 < results.worlds < 3000
    assert len(results.outcomes) == results.worlds == results.manifest["looks"][-1]
    [(said, good)] = precisions(results)
    assert good
    assert "reached with" in said
    assert run_json(results)["until"] == results.manifest["until"]
    plain = Request((SCENARIO,), worlds=results.worlds, days=30, series="none")
    whole = execute(plain, variants_of(plain), out="plain").results
    assert (whole.folder / "outcomes.parquet").read_bytes() == (Path("r") / "outcomes.parquet").read_bytes()
    assert execute(asked, variants_of(asked), out="r").already_there
    longer = extend("r", results.worlds + 100).results
    assert longer.worlds == results.worlds + 100


def test_a_maximum_ends_it_and_is_said():
    """Not reached is not passed over."""
    asked = until("us_killed +- 0.001", worlds=300)
    results = execute(asked, variants_of(asked), out="r").results
    assert results.worlds == 300
    [(said, good)] = precisions(results)
    assert not good
    assert "not reached" in said


def test_a_run_that_stops_at_a_precision_can_break_off_too(monkeypatch):
    """It looks again as it would have, and ends with the same bytes."""
    asked = until("exited: in-kind - restraint +- 2%", vary=("us=restraint,in-kind",), worlds=800)
    whole = execute(asked, variants_of(asked), out="whole").results
    units = ensemble.run_units

    def broken(variants, *args, **options):
        for k, result in enumerate(units(variants, *args, **options)):
            if k == 1 and len(variants) > 1:
                raise KeyboardInterrupt
            yield result

    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(ensemble, "run_units", broken)
        execute(asked, variants_of(asked), out="r")
    results = resume("r").results
    assert results.manifest["until"] == whole.manifest["until"]
    assert results.manifest["looks"] == whole.manifest["looks"]
    assert (results.folder / "outcomes.parquet").read_bytes() == (whole.folder / "outcomes.parquet").read_bytes()


@pytest.mark.parametrize(
    "asked, words",
    [
        (until("exitd +- 1%"), "exited"),
        (until("exited: in-kind - restraint +- 1%"), "--until"),
        (until("exited +- 1%", shard="1/2"), "--shard"),
        (Request((SCENARIO,), worlds=3, shard="3/2"), "3/16"),
        *(
            (Request((SCENARIO,), worlds=3, shard=shard), "3/16")
            for shard in (
                "one",
                "1",
                "1/",
                "/2",
                "0/2",
                "-1/2",
                "1/2/3",
                "+1/2",
                "1 / 2",
                "1/2\n",
                "\u0661/\u0662",
                "1/\u00b2",
                "1/1e1",
            )
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_run(asked, words):
    """Nothing is written."""
    with pytest.raises(InputError, match=words):
        execute(asked, variants_of(asked), out="r")
    assert not Path("r").exists()


def test_precisions_take_worlds_that_are_drawn_one_by_one():
    """Lives of a point are alike: an interval that takes them for independent would be too narrow."""
    asked = until("exited +- 1%")
    [arm] = variants_of(asked)
    with pytest.raises(InputError, match="drawn at random"):
        execute(asked, [designed(arm, replicates=2)], out="r")
