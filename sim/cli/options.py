"""Options and arguments of commands, each said once, and those of commands that run worlds as one object."""

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.errors import InputError, option_problem, quoted
from sim.inputs.allowed_names import folder_fault
from sim.inputs.arguments import DAYS, SEED, THREADS, WORLDS

if TYPE_CHECKING:
    from sim.experiments.request import Request
    from sim.inputs.scenario import Scenario
    from sim.results import Results
    from sim.stats import Preferences

QUICK_WORLDS = 100
#: Worlds of a run for which none are asked, and the most where it stops at a precision.
USUAL_WORLDS, MOST_WORLDS = 1_000, 20_000

ScenarioName = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="A scenario's name (of this folder, or shipped), or the path of its file."),
]
ScenarioNames = Annotated[
    list[str], typer.Argument(metavar="SCENARIO...", help="Names (of this folder, or shipped) or paths of scenarios.")
]
ResultsFolder = Annotated[str, typer.Argument(metavar="RESULTS", help="A results folder, or its name in results/.")]
Worlds = Annotated[
    int | None, typer.Option(min=WORLDS.least, max=WORLDS.most, metavar="N", help="Worlds of each variant (1,000).")
]
Seed = Annotated[
    int,
    typer.Option(
        min=SEED.least, max=SEED.most, metavar="N", help="Chance begins here: the same seed, the same worlds."
    ),
]
Days = Annotated[
    int | None, typer.Option(min=DAYS.least, max=DAYS.most, metavar="N", help="Days to run, instead of the scenario's.")
]
Threads = Annotated[
    int | None,
    typer.Option(min=THREADS.least, max=THREADS.most, metavar="N", help="Worlds run side by side (all processors)."),
]


def name_in_utf_8(folder: Path | None) -> Path | None:
    """Let through a folder whose name is text: tables cannot be written below any other."""
    if any("\ud800" <= one <= "\udfff" for one in str(folder or "")):
        raise typer.BadParameter("expected a name in UTF-8, got bytes that are not text")
    if folder and (expected := folder_fault(str(folder))):
        raise typer.BadParameter(f"expected {expected}, got {quoted(str(folder))}")
    return folder


Out = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", callback=name_in_utf_8, help="Folder for the results (results/NAME)."),
]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change one value; repeatable.")]
Policies = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="ACTOR=NAME", help="An actor's policy, such as us=restraint; repeatable."),
]
Theory = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="A theory; one reading such as M01=deterrence; or shares of worlds: documents:1,proxies:1."
    ),
]
Vary = Annotated[
    list[str] | None,
    typer.Option("--vary", metavar="PATH=A,B", help="A variant for each value; repeated, for each combination."),
]
Baseline = Annotated[str, typer.Option(metavar="LABEL", help="The variant to compare with (the first).")]
Ties = Annotated[
    list[str] | None,
    typer.Option(
        "--tie",
        metavar="WHAT=SIZE",
        help="What counts as a tie: us_killed=2, share=0.02, count=5% of the baseline's mean; repeatable.",
    ),
]
Wants = Annotated[
    list[str] | None,
    typer.Option("--want", metavar='"MEASURE WAY"', help='Which way is better, as in "exited lower"; repeatable.'),
]
Series = Annotated[
    str, typer.Option(metavar="all|N|none", help="Worlds a variant whose weeks are kept (all up to 5,000, else 1,000).")
]
Until = Annotated[
    list[str] | None,
    typer.Option(
        metavar='"MEASURE +- SIZE"',
        help='Run on until an interval is so narrow, as "exited +- 0.01" or "exited: restraint - in-kind +- 2%";'
        " repeatable. --worlds is then the most (20,000).",
    ),
]
Shard = Annotated[
    str, typer.Option(metavar="K/N", help="Run the K-th of N shares only, for 'crossfire merge' to put together.")
]
Cluster = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://127.0.0.1:8786 (docs/cluster.md).")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that broke off; never begin one.")]
Figures = Annotated[bool, typer.Option("--figures", help="Draw the figures too, into RESULTS/figures.")]
Report = Annotated[bool, typer.Option("--report", help="Write the report too, RESULTS/report.html.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the results of an earlier run.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, and nothing else there.")]
Quick = Annotated[bool, typer.Option("--quick", help=f"{QUICK_WORLDS} worlds, to see that things work.")]
Rare = Annotated[
    str,
    typer.Option(
        "--rare",
        metavar="END",
        help="The chance of a rare end, such as open_war or exit_kind=agreement: worlds that come near it are split"
        " (docs/rare.md).",
    ),
]
Effort = Annotated[
    int | None,
    typer.Option(min=20, max=10_000_000, metavar="N", help="With --rare: days of about N plain worlds (6,000)."),
]
Levels = Annotated[
    int | None,
    typer.Option("--levels", min=1, max=60, metavar="N", help="With --rare: how many levels (each halves a weight)."),
]


# Options of commands that run worlds -------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunOptions:
    """What was said to a command that runs worlds; a command takes those of the options that it names (``takes``)."""

    vary: Vary = None
    baseline: Baseline = ""
    worlds: Worlds = None
    seed: Seed = 1
    days: Days = None
    policies: Policies = None
    theory: Theory = ""
    settings: Sets = None
    series: Series = ""
    until: Until = None
    threads: Threads = None
    cluster: Cluster = ""
    shard: Shard = ""
    out: Out = None
    figures: Figures = False
    report: Report = False
    force: Force = False
    resume: Resume = False
    ties: Ties = None
    wants: Wants = None
    as_json: AsJson = False
    quick: Quick = False
    rare: Rare = ""
    effort: Effort = None
    levels: Levels = None

    def request(self, scenarios: Iterable[str]) -> "Request":
        """Return what is asked for of scenarios; InputError for both --quick and --worlds."""
        from sim.experiments.request import Request

        return Request.of(
            *scenarios,
            worlds=self._number_of_worlds(),
            seed=self.seed,
            days=self.days,
            theory=self.theory,
            policies=self.policies,
            settings=self.settings,
            vary=self.vary,
            baseline=self.baseline,
            series=self.series,
            until=self.until or (),
            shard=self.shard,
        )

    def _number_of_worlds(self) -> int:
        if self.quick and self.worlds is not None:
            raise InputError([option_problem("--quick", "either --quick or --worlds", "both")])
        if self.quick:
            return QUICK_WORLDS
        usual = MOST_WORLDS if self.until else USUAL_WORLDS
        return usual if self.worlds is None else self.worlds

    def scenario(self, name: str) -> "Scenario":
        """Return a scenario with the theory, the policies and the settings that were said."""
        from sim.inputs.scenario import load_scenario
        from sim.inputs.settings import changed

        return changed(load_scenario(name), self.theory, self.policies or (), self.settings or ())

    def preferences(self) -> "Preferences":
        """Return what --tie and --want say; InputError for what cannot be meant."""
        from sim.experiments.preferences import read_preferences

        return read_preferences(self.ties or (), self.wants or ())


#: Options that several commands take in a row.
OF_SCENARIO = ("seed", "days", "policies", "theory", "settings")
OF_RUNNING = ("threads", "cluster", "shard", "out", "figures", "report", "force", "resume")
OF_RARE = ("rare", "effort", "levels")


def takes(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that gives a command these of the ``RunOptions``, in this order.

    They come as one object, the command's ``options``, and are listed where that stands among its parameters. A
    parameter of its own that is named too stands where it is named, instead of the option of that name.
    """

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command).parameters
        shared = [name for name in names if name not in own]

        @functools.wraps(command)
        def called(**given: Any) -> None:
            options = RunOptions(**{name: given.pop(name) for name in shared})
            command(**given, options=options)

        parameters = [*_listed(own, names)]
        called.__signature__ = inspect.Signature(parameters, return_annotation=None)  # type: ignore[attr-defined]
        called.__annotations__ = {one.name: one.annotation for one in parameters}
        return called

    return decorated


def _listed(own: Mapping[str, inspect.Parameter], names: Sequence[str]) -> Iterator[inspect.Parameter]:
    """Yield a command's own parameters, and where ``options`` stands among them those that are named."""
    by_name = inspect.Parameter.KEYWORD_ONLY
    known = {one.name: inspect.Parameter(one.name, by_name, default=one.default, annotation=one.type)
             for one in fields(RunOptions)} | dict(own)  # fmt: skip
    for place in own:
        for name in names if place == "options" else () if place in names else (place,):
            yield known[name].replace(kind=by_name)


# Results -----------------------------------------------------------------------------------------------------------


def folder_of(text: str) -> Path:
    """Return the folder of results that is given whole, or by its name in ``results/``."""
    path = Path(text) if Path(text).exists() else Path("results") / text
    return path if path.exists() else Path(text)


def opened(text: str, *tables: str) -> "Results":
    """Return the results in a folder that is given whole, or by its name in ``results/``; they hold worlds.

    Finished files of outcomes, and of the ``tables`` named, must be what was written.
    """
    from sim.results import Results
    from sim.results.layout import PAIRING

    there = Results(folder_of(text))
    there.refuse_damaged("outcomes", PAIRING, *tables)
    return there.begun()
