"""Python's doors are as strict as the command line's, and as clear."""

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim import cli
from sim.errors import CrossfireError, InputError
from sim.inputs.arguments import branches_of


class _Strange:
    """A value that is none; its name is the same in every process."""

    def __repr__(self) -> str:
        return "something strange"


STRANGE = _Strange()
WRONG = [
    {"worlds": 0}, {"worlds": -3}, {"worlds": 2.5}, {"worlds": True}, {"worlds": "10"}, {"worlds": None},
    {"worlds": 10_000_001}, {"worlds": np.nan}, {"worlds": [2]}, {"seed": 1.5}, {"seed": -7}, {"seed": 2**70},
    {"seed": False}, {"threads": 0}, {"threads": 1.5}, {"threads": True}, {"threads": 5000}, {"days": 0}, {"days": 7.5},
    {"days": -1}, {"days": 4000}, {"days": True}, {"series": -1}, {"series": "some"}, {"series": 2.5},
    {"series": True}, {"policies": "us=restraint"}, {"settings": "M08=0"}, {"settings": {"M08": STRANGE}},
    {"theory": "nobody's"}, {"settings": {"M08": float("nan")}},
]  # fmt: skip


@pytest.mark.parametrize("asked", WRONG, ids=str)
@pytest.mark.parametrize("door", [sim.run, sim.compare], ids=["run", "compare"])
def test_what_the_command_line_refuses_is_refused_from_python(door, asked, tmp_path):
    """With the project's own error, which names the option, before anything is written."""
    given = {"worlds": 2, "days": 5} | asked
    more = {"vary": {"us": ["in-kind", "restraint"]}} if door is sim.compare else {}
    with pytest.raises(InputError) as wrong:
        door("2021-quiet", out=tmp_path / "x", **given, **more)
    [option] = asked
    words = {"policies": "--policy", "settings": "", "theory": "theory"}
    assert words.get(option, f"--{option}") in str(wrong.value)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("asked", [{"worlds": 0}, {"worlds": 2.5}, {"worlds": True}, {"threads": 0}], ids=str)
def test_sweeps_from_python_are_held_to_the_same(asked, tmp_path):
    """Their own number of worlds may be changed for another that can be."""
    with pytest.raises(InputError):
        sim.sweep("policies-by-theories", out=tmp_path / "x", **asked)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "asked",
    [{"world": -1}, {"world": 2.5}, {"world": True}, {"seed": -1}, {"seed": 2**63}, {"seed": 0.5}, {"days": 0},
     {"days": 2.5}, {"days": 9999}, {"settings": "us=restraint"}, {"settings": {"us": STRANGE}}],
    ids=str,
)  # fmt: skip
def test_a_model_is_of_a_world_that_there_is(asked):
    """Worlds and seeds are whole numbers from 0."""
    with pytest.raises(InputError):
        sim.IraqModel("2021-quiet", **{"days": 5} | asked)


def test_all_that_is_wrong_with_a_call_is_told_at_once():
    """Three options, three problems."""
    with pytest.raises(InputError) as wrong:
        sim.run("2021-quiet", worlds=0, seed=-1, days=0)
    assert [one.file for one in wrong.value.problems] == ["--worlds", "--seed", "--days"]


@pytest.mark.parametrize(("option", "value"), [("worlds", 0), ("seed", -1), ("days", 4000), ("threads", 1025)])
def test_the_command_line_has_the_same_bounds(option, value):
    """Code 2, with the bounds that Python tells."""
    result = CliRunner().invoke(cli.app, ["run", "2021-quiet", f"--{option}", str(value)])
    assert result.exit_code == 2


def test_numbers_of_numpy_are_whole_numbers(tmp_path):
    """Worlds, seed, days, threads and series."""
    one = sim.run("2021-quiet", np.int64(2), np.uint8(3), days=np.int16(5), threads=np.int8(1), series=np.int64(1),
                  out=tmp_path / "x")  # fmt: skip
    assert (one.manifest["worlds"], one.manifest["seed"], one.manifest["days"]) == (2, 3, 5)
    assert sim.IraqModel("2021-quiet", np.int64(1), np.int64(3), days=np.int64(5)).world == 1


def test_settings_of_a_model_may_be_a_map_or_texts():
    """The same world either way."""
    texts = sim.IraqModel("2021-quiet", days=5, settings=("us_troops=2500",))
    values = sim.IraqModel("2021-quiet", days=5, settings={"us_troops": np.int64(2500)})
    assert texts.digest() == values.digest()


def test_unknown_names_in_results_are_told(tmp_path):
    """Columns, variants and tables that there are not: the project's own error."""
    found = sim.run("2021-quiet", worlds=2, days=5, out=tmp_path / "x")
    label = found.variants[0]
    for call in (
        lambda: found.column("nothing", label), lambda: found.column("us_killed", "nobody"),
        lambda: found.outcomes_columns(["nothing"]), lambda: found.series_columns(["nothing"]),
        lambda: found.arrays(["nothing"], label), lambda: found.inputs_of(label, ["nothing"]),
        lambda: found.where(us="restraint"), lambda: found.pair("nothing", label, label),
        lambda: sim.Results(tmp_path / "nowhere"), lambda: found.column("us_killed", 3),
    ):  # fmt: skip
        with pytest.raises(CrossfireError):
            call()


def test_branches_of_a_world_are_read_in_their_order():
    """A day and the number of the branch, a later day after an earlier one."""
    assert branches_of([], 20) == ()
    assert branches_of(["0.1", "12.3"], 20) == ((0, 1), (12, 3))


@pytest.mark.parametrize(
    "texts",
    [["3"], ["3."], [".1"], ["3.0"], ["-1.2"], ["20.1"], ["5.1", "5.2"], ["5.1", "4.1"], ["٣.1"], ["1.1048576"]],
)
def test_what_is_no_branch_of_a_world_is_refused(texts):
    """Neither a day of the world that comes later than the one before, nor a number from 1."""
    with pytest.raises(InputError, match=r"^--branch:1:1: expected DAY\.N such as 12\.3: a day from 0 to 19, later"):
        branches_of(texts, 20)
