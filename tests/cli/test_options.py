"""Options of commands: said once, in the order in which help lists them, and handed on by name."""

import inspect
from dataclasses import fields
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.main import get_command

from sim import cli
from sim.cli import commands
from sim.cli.options import QUICK_WORLDS, AsJson, RunOptions, Seed, takes
from sim.errors import InputError, option_problem

#: Options of commands that are those of runs by name, with a meaning of their own.
OWN = {
    ("spread", "worlds"), ("spread", "out"), ("extend", "worlds"), ("merge", "out"), ("story", "out"),
    ("story", "figures"),
}  # fmt: skip


def options_of(name: str) -> dict[str, str]:
    """Return the options of a command by the parameter's name, each with its help, in order."""
    command = get_command(cli.app).commands[name]
    return {one.name: one.help for one in command.params if one.param_type_name == "option"}


def test_a_command_takes_the_options_that_it_names_in_that_order():
    """They stand where the object stands, and come as that object; all others keep their defaults."""
    came = []

    @takes("as_json", "seed")
    def command(first: str, options: RunOptions, last: int = 3) -> None:
        came.append((first, options, last))

    assert list(inspect.signature(command).parameters) == ["first", "as_json", "seed", "last"]
    annotations = [one.annotation for one in inspect.signature(command).parameters.values()]
    assert annotations == [str, AsJson, Seed, int]
    command(first="a", as_json=True, seed=7, last=4)
    assert came == [("a", RunOptions(as_json=True, seed=7), 4)]


def test_an_option_of_a_commands_own_stands_where_it_is_named():
    """It takes the place of the option of that name, and is not part of the object."""
    came = []
    own = Annotated[int, typer.Option(help="Mine.")]

    @takes("vary", "worlds", "seed")
    def command(options: RunOptions, worlds: own = 30) -> None:
        came.append((options, worlds))

    signature = inspect.signature(command)
    assert list(signature.parameters) == ["vary", "worlds", "seed"]
    assert (signature.parameters["worlds"].annotation, signature.parameters["worlds"].default) == (own, 30)
    command(vary=None, worlds=5, seed=1)
    assert came == [(RunOptions(), 5)]


def test_an_option_that_is_none_is_found_at_once():
    """A misspelt name fails where the command is defined, not where it is called."""
    with pytest.raises(KeyError, match="polices"):
        takes("polices")(lambda options: None)


def test_commands_that_share_an_option_say_the_same_of_it():
    """Help of --seed and its like is one text, whatever the command."""
    said: dict[str, set[str]] = {}
    for name in get_command(cli.app).commands:
        for option, words in options_of(name).items():
            if option in RunOptions.__dataclass_fields__ and (name, option) not in OWN:
                said.setdefault(option, set()).add(words)
    # claims tries the theories that are named, reports go to a file, and what begins a file replaces one.
    differing = {option for option, words in said.items() if len(words) > 1}
    assert differing == {"theory", "out", "force", "worlds", "quick"}
    assert all(len(words) == 1 for option, words in said.items() if option not in differing)
    assert set(said) == {one.name for one in fields(RunOptions)}


def test_comparisons_take_what_runs_take_and_more():
    """What can be said of one variant can be said of several."""
    run, compare = options_of("run"), options_of("compare")
    assert set(compare) - set(run) == {"vary", "baseline", "ties", "wants"}
    assert [name for name in compare if name in run] == list(run)
    assert set(compare) == {one.name for one in fields(RunOptions)}


def test_each_option_reaches_what_it_asks_for():
    """No two of them can be taken for each other: each has a value of its own."""
    options = RunOptions(
        vary=["us=a,b"], baseline="us=a", worlds=11, seed=12, days=13, policies=["us=c"], theory="t", settings=["x=1"],
        series="5", until=["exited +- 1"], shard="1/2",
    )  # fmt: skip
    asked = options.request(["one", "two"])
    assert (asked.scenarios, asked.vary, asked.baseline) == (("one", "two"), ("us=a,b",), "us=a")
    assert (asked.worlds, asked.seed, asked.days) == (11, 12, 13)
    assert (asked.policies, asked.theory, asked.settings) == (("us=c",), "t", ("x=1",))
    assert (asked.series, asked.until, asked.shard) == ("5", ("exited +- 1",), "1/2")


def test_how_many_worlds_are_run_where_nobody_says():
    """A thousand; a hundred with --quick; twenty thousand at the most where a precision ends it."""
    assert RunOptions().request(["one"]).worlds == 1_000
    assert RunOptions(quick=True).request(["one"]).worlds == QUICK_WORLDS == 100
    assert RunOptions(until=["exited +- 1"]).request(["one"]).worlds == 20_000
    assert RunOptions(until=["exited +- 1"], worlds=7).request(["one"]).worlds == 7
    with pytest.raises(InputError, match="--quick:1:1: expected either --quick or --worlds, got both"):
        RunOptions(quick=True, worlds=7).request(["one"])


def test_a_problem_of_an_option_names_the_option_as_its_file():
    """Its line and its column are the first ones; what is wrong within it may be named."""
    problem = option_problem("--set x=1", "a number", "'one'", "did you mean '1'?", path="situation.x")
    assert str(problem) == "--set x=1:1:1: situation.x: expected a number, got 'one'; did you mean '1'?"
    place = {"file": "--seed", "line": 1, "column": 1, "expected": "a number", "got": "'one'"}
    assert InputError([option_problem("--seed", "a number", "'one'")]).json() == {"error": [place]}


def test_every_command_stands_in_the_file_of_its_name():
    """Whoever looks for a command finds it, and the file says at its top which it holds."""
    folder = Path(commands.__file__).parent
    names = set(get_command(cli.app).commands)
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == names
    for name in names:
        callback = get_command(cli.app).commands[name].callback
        assert inspect.unwrap(callback).__module__ == f"sim.cli.commands.{name}"
        assert (folder / f"{name}.py").read_text(encoding="utf-8").startswith(f'"""``crossfire {name}``: ')
