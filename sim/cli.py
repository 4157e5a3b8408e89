"""The command line: ``crossfire run``, ``compare``, ``plot``, ``show``, ``story``, ``list``, ``check`` and the rest.

Commands only read options, call the layers below, and print. JSON is alone on standard output; all that is said on the
way goes to standard error. Whatever is slow to load is loaded by the command that needs it.
"""

import functools
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from sim.errors import CrossfireError, InputError, Problem, described, unknown

if TYPE_CHECKING:
    from rich.console import Console

    from sim.checks import Checked
    from sim.policy import Policy
    from sim.running import Interrupted, Watch
    from sim.runs import Arm, Asked
    from sim.scenario import Scenario
    from sim.stats import Judging
    from sim.store import Results

Command = TypeVar("Command", bound=Callable[..., None])
OK, WARNED, BAD_INPUT, BROKEN_OFF = 0, 1, 2, 130
#: Worlds kept by a fit below which it can hardly find anything.
FEW_KEPT = 200
QUICK_WORLDS = 100
#: Tables are this wide where no terminal says how wide it is.
WIDTH = 120
LISTS = (
    "scenarios", "policies", "perceptions", "actions", "measures", "parameters", "mechanisms", "theories", "claims",
    "events",
)  # fmt: skip
DESCRIBED = ("policy", "scenario", "theory", "claim", "parameter", "mechanism", "action", "perception")
COMPILING = "compiling the rules, once for this version: about three minutes"
#: Loading compiled rules takes a few seconds; what takes longer is compiling them, say for another processor.
LOADING = 20.0

app = typer.Typer(
    name="crossfire", no_args_is_help=True, add_completion=False, rich_markup_mode="rich",
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    help="Crossfire: a wargame of the contest over the US presence in Iraq, played out in thousands of worlds.",
    epilog="Begin with [bold]crossfire list scenarios[/] and [bold]crossfire run 2020-soleimani --quick[/].",
)  # fmt: skip


def _examples(*commands: str) -> str:
    """Return the foot of a command's help: commands to copy, a line each."""
    return "\n\n".join(["Examples:", *(f"[bold]{command}[/]" for command in commands)])


# Options ---------------------------------------------------------------------------------------------------------

ScenarioName = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="A scenario's name (of this folder, or shipped), or the path of its file."),
]
ScenarioNames = Annotated[
    list[str], typer.Argument(metavar="SCENARIO...", help="Names (of this folder, or shipped) or paths of scenarios.")
]
ResultsFolder = Annotated[str, typer.Argument(metavar="RESULTS", help="A results folder, or its name in results/.")]
Worlds = Annotated[int | None, typer.Option(min=1, max=10_000_000, metavar="N", help="Worlds of each variant (1,000).")]
Seed = Annotated[
    int, typer.Option(min=0, max=2**63 - 1, metavar="N", help="Chance begins here: the same seed, the same worlds.")
]
Days = Annotated[int | None, typer.Option(min=1, max=3650, metavar="N", help="Days to run, instead of the scenario's.")]
Threads = Annotated[
    int | None, typer.Option(min=1, max=1024, metavar="N", help="Worlds run side by side (all processors).")
]
Out = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder for the results (results/NAME).")]
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
Figures = Annotated[bool, typer.Option("--figures", help="Draw the figures too, into RESULTS/figures.")]
WithReport = Annotated[bool, typer.Option("--report", help="Write the report too, RESULTS/report.html.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the results of an earlier run.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, and nothing else there.")]
Quick = Annotated[bool, typer.Option("--quick", help=f"{QUICK_WORLDS} worlds, to see that things work.")]

# Speaking --------------------------------------------------------------------------------------------------------


def _console(stderr: bool = False) -> "Console":
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    told = os.environ.get("COLUMNS", "")
    width = None if stream.isatty() else int(told) if told.isdigit() and int(told) > 20 else WIDTH
    return Console(stderr=stderr, width=width, highlight=False, soft_wrap=False)


def _say(words: str) -> None:
    """Say something on standard error."""
    typer.echo(words, err=True)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _guarded(command: Command) -> Command:
    """Return a command whose errors are said in lines, without a traceback, and end with the code that they mean."""

    @functools.wraps(command)
    def guarded(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except CrossfireError as error:
            _complain(error, bool(options.get("as_json")))
            raise typer.Exit(BAD_INPUT) from None
        except BrokenPipeError:
            raise  # whoever read our output has had enough
        except OSError as error:
            _complain(CrossfireError(f"{error.filename or 'file'}: {error.strerror or error}"), False)
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt as broken_off:
            _say_what_is_kept(broken_off)
            raise typer.Exit(BROKEN_OFF) from None

    return guarded  # type: ignore[return-value]


def _complain(error: CrossfireError, as_json: bool) -> None:
    if not as_json:
        _say(str(error))
    elif isinstance(error, InputError):
        _print_json(error.json())
    else:
        _print_json({"error": [{"file": None, "line": None, "column": None, "expected": None, "got": str(error)}]})


def _say_what_is_kept(broken_off: KeyboardInterrupt) -> None:
    """Say what a run that was broken off leaves, and how to go on."""
    results = getattr(broken_off, "results", None)
    if results is None:
        _say("Interrupted.")
        return
    interrupted: Interrupted = broken_off  # type: ignore[assignment]
    _say(f"Interrupted: {interrupted.kept:,} of {interrupted.asked:,} worlds are kept in {results.folder}.")
    _say(
        "The same command goes on from there."
        + f" To see them: crossfire show {results.folder}" * bool(interrupted.kept)
    )


def _watch() -> "Watch":
    """Return what tells how a run goes, with the time left; silent where standard error is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sim.running import Watch

    class Telling(Watch):
        def __init__(self) -> None:
            console = _console(stderr=True)
            self.progress = Progress(
                TextColumn("running worlds"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(compact=True),
                TextColumn("left"), console=console, transient=True, disable=not console.is_terminal,
            )  # fmt: skip
            self.task = self.progress.add_task("", total=None)

        def preparing(self) -> AbstractContextManager[Any]:
            return _telling_of_compilation()

        def running(self, worlds: int) -> AbstractContextManager[Any]:
            self.progress.reset(self.task, total=worlds)
            return self.progress

        def ran(self, worlds: int) -> None:
            self.progress.advance(self.task, worlds)

    return Telling()


@contextmanager
def _telling_of_compilation() -> Iterator[None]:
    """Say that the rules are being compiled: at once where nothing is compiled yet, else when loading takes too long.

    It surrounds their loading alone, never the work that they are loaded for.
    """
    from sim.world.compiled import is_compiled

    if not is_compiled():
        _say(COMPILING)
        yield
        return
    late = threading.Timer(LOADING, _say, [COMPILING])
    late.daemon = True
    late.start()
    try:
        yield
    finally:
        late.cancel()


# Running ---------------------------------------------------------------------------------------------------------


@app.command(
    epilog=_examples(
        "crossfire run 2020-soleimani",
        "crossfire run 2020-soleimani --policy us=in-kind --set situation.us_troops=2500",
        "crossfire run my-scenario.yaml --theory proxies --worlds 5000 --json",
    )
)
@_guarded
def run(
    scenario: ScenarioName, worlds: Worlds = None, seed: Seed = 1, days: Days = None, policy: Policies = None,
    theory: Theory = "", setting: Sets = None, series: Series = "", threads: Threads = None, out: Out = None,
    figures: Figures = False, with_report: WithReport = False, force: Force = False, as_json: AsJson = False,
    quick: Quick = False,
) -> None:  # fmt: skip
    """Run a scenario in many worlds, and show what comes of it."""
    from sim.runs import arms_of

    asked = _asked([scenario], worlds, quick, seed, days, policy, theory, setting, None, "", series)
    _run(arms_of(asked), asked, out, force, threads, as_json, figures, with_report)


@app.command(
    epilog=_examples(
        "crossfire compare 2020-soleimani --vary us=restraint,in-kind,maximum-pressure",
        "crossfire compare 2020-soleimani 2020-no-strike --worlds 5000",
        'crossfire compare 2020-soleimani --vary us=restraint,in-kind --vary M08=0,1 --baseline "us=in-kind M08=1"',
        'crossfire compare 2020-soleimani --vary us=restraint,in-kind --tie us_killed=1 --want "us_killed lower"',
    )
)
@_guarded
def compare(
    scenario: ScenarioNames, vary: Vary = None, baseline: Baseline = "", worlds: Worlds = None, seed: Seed = 1,
    days: Days = None, policy: Policies = None, theory: Theory = "", setting: Sets = None, series: Series = "",
    threads: Threads = None, out: Out = None, figures: Figures = False, with_report: WithReport = False,
    force: Force = False, tie: Ties = None, want: Wants = None, as_json: AsJson = False, quick: Quick = False,
) -> None:  # fmt: skip
    """Run several variants in the same worlds, and show how they differ.

    A verdict for each headline measure says higher, lower, a tie, or that it cannot be told yet and how many more
    worlds would tell. --tie and --want may also be given to show, without another run.
    """
    from sim.runs import several_arms_of
    from sim.stats import judging_of

    asked = _asked(scenario, worlds, quick, seed, days, policy, theory, setting, vary, baseline, series)
    judging = judging_of(tie or (), want or ())
    _run(several_arms_of(asked), asked, out, force, threads, as_json, figures, with_report, judging)


@app.command(
    epilog=_examples(
        "crossfire spread 2020-soleimani",
        "crossfire spread 2020-soleimani --vary us=restraint,in-kind --replicates 8 --out spread",
        "crossfire spread 2020-soleimani --theory documents:1,deterrence:1 --json",
    )
)
@_guarded
def spread(
    scenario: ScenarioNames, vary: Vary = None, baseline: Baseline = "",
    worlds: Annotated[int, typer.Option(min=2, max=100_000, metavar="N", help="Worlds of each variant.")] = 300,
    replicates: Annotated[
        int, typer.Option(min=2, max=1000, metavar="N", help="How often each world is lived, with other luck.")
    ] = 4,
    seed: Seed = 1, days: Days = None, policy: Policies = None, theory: Theory = "", setting: Sets = None,
    threads: Threads = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write a figure and spread.json there.")] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Take the spread over worlds apart: chance, parameters, theory; and say whether more worlds would help.

    Every world is lived several times, with the same parameters and other luck. With --vary the differences from the
    baseline are taken apart too, life by life.
    """
    from sim import spread as spreading
    from sim.running import prepare_rules
    from sim.runs import arms_of

    asked = _asked(scenario, worlds, False, seed, days, policy, theory, setting, vary, baseline, "none")
    arms, watch = arms_of(asked), _watch()
    with watch.preparing():
        prepare_rules(arms[0].variant)
    with watch.running(worlds * replicates * len(arms)):
        variants = [arm.variant for arm in arms]
        found = spreading.spreads(variants, worlds, seed, replicates, threads=threads, ran=watch.ran)
    plain = {"worlds": worlds, "replicates": replicates, "seed": seed, "spreads": [one.plain() for one in found]}
    facts = [f"Scenario {arms[0].label}", f"{worlds:,} worlds", f"{replicates} lives each", f"seed {seed}"]
    paths = spreading.written(found, plain, out, facts) if out else []
    if as_json:
        _print_json(plain | {"figures": [str(path) for path in paths]})
    else:
        from sim.show import spreads_shown

        _console().print(spreads_shown(found, "; ".join(facts)))
    for path in paths:
        (_say if as_json else typer.echo)(f"Written: {path}")


def _asked(
    scenarios: list[str], worlds: int | None, quick: bool, seed: int, days: int | None, policies: list[str] | None,
    theory: str, settings: list[str] | None, vary: list[str] | None, baseline: str, series: str,
) -> "Asked":  # fmt: skip
    from sim.runs import Asked

    if quick and worlds is not None:
        raise InputError([Problem("--quick", 1, 1, "", "either --quick or --worlds", "both")])
    number = QUICK_WORLDS if quick else 1_000 if worlds is None else worlds
    return Asked(
        tuple(scenarios), number, seed, days, theory, tuple(policies or ()), tuple(settings or ()), tuple(vary or ()),
        baseline, series,
    )  # fmt: skip


def _run(
    arms: list["Arm"], asked: "Asked", out: Path | None, force: bool, threads: int | None, as_json: bool,
    figures: bool, with_report: bool, judging: "Judging | None" = None,
) -> None:  # fmt: skip
    from sim.running import How, execute

    done = execute(asked, arms, out=out, force=force, how=How(threads, _watch()))
    if done.already_there:
        _say(f"already there: {done.results.folder} (--force runs it again)")
    drawn = _draw(done.results) if figures else []
    _report(done.results, as_json, drawn, judging, _write_report(done.results, judging) if with_report else None)


def _report(
    results: "Results", as_json: bool, figures: list[Path], judging: "Judging | None" = None, page: Path | None = None
) -> None:
    """Show results, say where they are, and end with code 1 if worlds failed, or parted without a reason."""
    from sim import runs

    if as_json:
        _print_json(runs.compare_json(results, judging) if len(results.variants) > 1 else runs.run_json(results))
    else:
        from sim.show import results_shown

        _console().print(results_shown(results, judging))
    tell = _say if as_json else typer.echo
    tell(f"Results: {results.folder}")
    for path in figures:
        tell(f"Figure: {path}")
    if page:
        tell(f"Report: {page}")
    if results.manifest["failures"] or any(one["parted"]["error"] for one in runs.pairing_of(results)):
        raise typer.Exit(WARNED)


def _write_report(
    results: "Results", judging: "Judging | None" = None, form: str = "html", out: Path | None = None
) -> Path:
    """Return the path of the report of results, written whole or not at all."""
    from sim import report as reporting

    made = reporting.build(results, judging, _say_progress)
    _say_progress("")
    path = out or results.folder / f"report.{form}"
    part = path.with_name(path.name + ".part")
    part.write_text(reporting.as_html(made) if form == "html" else reporting.as_markdown(made), encoding="utf-8")
    part.replace(path)
    return path


def _draw(results: "Results") -> list[Path]:
    from sim.plots import draw_all

    return draw_all(results, results.folder / "figures")


# Looking at results ----------------------------------------------------------------------------------------------


@app.command(
    epilog=_examples(
        "crossfire show results/2020-soleimani-1a2b3c4d",
        "crossfire show 2020-soleimani-1a2b3c4d --json",
        "crossfire show scenario 2020-taji --resolved",
        "crossfire show scenario 2020-taji --resolved --policy us=restraint --set us_troops=2500",
        "crossfire show policy in-kind",
    )
)
@_guarded
def show(
    results: Annotated[
        str, typer.Argument(metavar="RESULTS|scenario|policy", help="A results folder, or its name in results/.")
    ],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="After 'scenario' or 'policy': which.")] = "",
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Of a scenario: every value, defaults too, and where each is from.")
    ] = False,
    policy: Policies = None, theory: Theory = "", setting: Sets = None, tie: Ties = None, want: Wants = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show results again, of a run that was broken off as far as it got; or a scenario or a policy as YAML.

    A scenario is shown as its file and those that it extends have it, with --resolved whole: what is printed can be
    read again, and gives the same worlds. A policy is shown with what it extends and every option filled in.
    """
    if not name:
        from sim.stats import judging_of

        _report(_opened(results), as_json, [], judging_of(tie or (), want or ()))
        return
    from sim import described as pages_of
    from sim import resolved as whole

    if results == "scenario":
        scenario = _scenario_with(name, policy, theory, setting)
        text = whole.scenario_yaml(scenario) if resolved else whole.scenario_as_said(scenario)
    elif results == "policy":
        text = whole.policy_yaml(pages_of.policy_named(name))
    else:
        expected = "a results folder alone, or 'scenario' or 'policy' and a name"
        raise InputError([Problem(results, 1, 1, "", expected, described(f"{results} {name}"))])
    typer.echo(text, nl=False)


@app.command(
    epilog=_examples(
        "crossfire run 2020-soleimani --theory documents:1,deterrence:1 --out results/two-theories",
        "crossfire reweigh two-theories",
        "crossfire reweigh two-theories --weights documents:0.8,deterrence:0.2 --json",
    )
)
@_guarded
def reweigh(
    results: Annotated[str, typer.Argument(metavar="RESULTS", help="A results folder, or its name in results/.")],
    weights: Annotated[
        str, typer.Option(metavar="THEORY:SHARE,...", help="Other shares of theories than were drawn.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show results by theory, and as they would be with other shares of theories, without a run."""
    from sim import reweigh as weighing
    from sim.show import weighed_shown

    opened = _opened(results)
    shares = weighing.weights_of(weights, weighing.theories_of(opened))
    found = weighing.by_theory(opened, shares)
    if as_json:
        _print_json({"weights": shares, "outcomes": [one.plain() for one in found]})
    else:
        _console().print(weighed_shown(opened, found))


@app.command(
    epilog=_examples(
        "crossfire report results/2020-soleimani-1a2b3c4d",
        "crossfire report 2020-soleimani-1a2b3c4d --format md --out comparison.md",
    )
)
@_guarded
def report(
    results: Annotated[str, typer.Argument(metavar="RESULTS", help="A results folder, or its name in results/.")],
    form: Annotated[str, typer.Option("--format", metavar="html|md", help="One page of HTML, or Markdown.")] = "html",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it (RESULTS/report.html).")] = None,
    tie: Ties = None, want: Wants = None,
) -> None:  # fmt: skip
    """Write one report of results, for people who will attack it: verdicts, figures, grounds, worlds, provenance."""
    if form not in ("html", "md"):
        raise InputError([Problem("--format", 1, 1, "", "'html' or 'md'", described(form))])
    from sim.stats import judging_of

    path = _write_report(_opened(results), judging_of(tie or (), want or ()), form, out)
    typer.echo(f"Report: {path}")


def _scenario_with(name: str, policies: list[str] | None, theory: str, settings: list[str] | None) -> "Scenario":
    from sim.scenario import changed, load_scenario

    return changed(load_scenario(name), theory, policies or (), settings or ())


@app.command(
    epilog=_examples(
        "crossfire diff 2020-soleimani 2020-no-strike",
        "crossfire diff in-kind restraint",
        "crossfire diff 2020-taji --policy us=restraint --theory deterrence",
    )
)
@_guarded
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario or a policy: its name, or its file.")],
    second: Annotated[str, typer.Argument(metavar="[B]", help="Another (A itself, with the options).")] = "",
    policy: Policies = None, theory: Theory = "", setting: Sets = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say how two scenarios, or two policies, differ once everything is filled in.

    Options change the second one; without a second, the first with the options is held against itself without.
    """
    from sim import differing

    options = bool(policy or theory or setting)
    names = [_is_policy(name) for name in (first, second or first)]
    if names[0] != names[1]:
        raise InputError([Problem(second, 1, 1, "", "two scenarios, or two policies", "one of each")])
    if (names[0] and options) or not (second or options):
        expected = "options with scenarios only" if names[0] and options else "a second one, or options"
        raise InputError([Problem("diff", 1, 1, "", expected, "a policy with options" if options else "one name")])
    if names[0]:
        from sim.described import policy_named

        rows = differing.policies_differ(policy_named(first), policy_named(second))
    else:
        from sim.scenario import resolve

        changed = _scenario_with(second or first, policy, theory, setting)
        rows = differing.scenarios_differ(resolve(_scenario_with(first, None, "", None)), resolve(changed))
    _print_rows(rows, first, second or f"{first}, changed", as_json)


def _print_rows(rows: list[dict[str, str]], first: str, second: str, as_json: bool) -> None:
    """Print differences: JSON, or a table with the two names above their columns."""
    if as_json:
        _print_json({"first": first, "second": second, "differences": rows})
        return
    from sim.show import differences_shown

    if rows:
        _console().print(differences_shown(rows, first, second))
    else:
        typer.echo(f"{first} and {second}: no difference that can move a result")


def _is_policy(name: str) -> bool:
    """Return whether a name, or the file at a path, is a policy's and no scenario's; InputError if it is neither."""
    from sim.described import not_found, policy_files, policy_here
    from sim.yamlfile import here, names_of, read

    if name.endswith((".yaml", ".yml")):
        values = read(Path(name)).values
        return isinstance(values, dict) and "policy" in values
    if here("scenario", name) or policy_here(name):
        return not here("scenario", name)
    policies = [word for full in policy_files() for word in (full, full.partition("/")[2])]
    if name not in policies and name not in names_of("scenario"):
        raise not_found("a scenario or a policy", name, [*names_of("scenario"), *policies])
    return name not in names_of("scenario")


@app.command(
    epilog=_examples(
        "crossfire plot results/2020-soleimani-1a2b3c4d",
        "crossfire plot 2020-soleimani-1a2b3c4d --out figures",
    )
)
@_guarded
def plot(
    results: ResultsFolder, out: Out = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="FIGURE", help="Only this figure; repeatable (all).")
    ] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Draw the figures of results: outcomes and their differences, exits and weekly series over time, maps."""
    from sim.plots import FIGURES, draw_all

    for name in only or ():
        if name not in FIGURES:
            mistake = unknown(name, FIGURES, "a figure")
            raise InputError([Problem("--only", 1, 1, "", mistake.expected, mistake.got, mistake.hint)])
    opened = _opened(results)
    paths = draw_all(opened, out or opened.folder / "figures", only or ())
    if as_json:
        _print_json({"figures": [str(path) for path in paths]})
    for path in [] if as_json else paths:
        typer.echo(str(path))


def _opened(text: str) -> "Results":
    """Return the results in a folder that is given whole, or by its name in ``results/``; they hold worlds."""
    from sim.store import StoreError, open_results

    path = Path(text) if Path(text).exists() else Path("results") / text
    opened = open_results(path if path.exists() else Path(text))
    if not opened.names():
        raise StoreError(f"{opened.folder}: no worlds yet ({opened.status})")
    return opened.begun()


@app.command(
    epilog=_examples(
        "crossfire story 2020-soleimani --world 17",
        "crossfire story 2020-soleimani --world 17 --policy us=restraint --no-sources",
        "crossfire story 2020-soleimani --world 17 --figures --out world-17",
    )
)
@_guarded
def story(
    scenario: ScenarioName,
    world: Annotated[int, typer.Option(min=0, max=2**31, metavar="N", help="Which world, counted from 0.")] = 0,
    seed: Seed = 1, days: Days = None, policy: Policies = None, theory: Theory = "", setting: Sets = None,
    everything: Annotated[bool, typer.Option("--all", help="Each event, those that nobody could know too.")] = False,
    sources: Annotated[bool, typer.Option(help="The rule and the claim behind each line, in brackets.")] = True,
    figures: Annotated[
        bool, typer.Option("--figures", help="Draw the world as a timeline, and parliament at its vote.")
    ] = False,
    only_figures: Annotated[bool, typer.Option("--only-figures", help="Draw the world without telling it.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder for the figures (results/NAME).")] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Tell what happened in one world, day by day, and on whose word."""
    from sim.runs import arms_of

    [arm] = arms_of(_asked([scenario], 1, False, seed, days, policy, theory, setting, None, "", ""))
    _load_rules()
    told = _told(arm, world, seed, everything)
    paths = _drawn(arm, world, seed, out) if figures or only_figures or out else []
    if as_json:
        _print_json(({} if only_figures else told.plain()) | {"figures": [str(path) for path in paths]})
    elif not only_figures:
        from sim.show import story_shown

        _console().print(story_shown(told, sources))
    tell = _say if as_json else typer.echo
    for path in paths:
        tell(f"Figure: {path}")


def _drawn(arm: "Arm", world: int, seed: int, out: Path | None) -> list[Path]:
    """Return the paths of the pictures of one world."""
    from sim.moments import draw_story
    from sim.store import folder_name

    name = folder_name(f"{arm.variant.label}-world-{world}", [arm.variant.inputs.hash8, seed])
    return draw_story(arm.variant, world, seed, out or Path("results") / name)


def _told(arm: "Arm", world: int, seed: int, everything: bool) -> Any:
    from sim.explain import story as story_of

    return story_of(arm.variant, world, seed, everything=everything)


# Looking at inputs -----------------------------------------------------------------------------------------------


@app.command(
    "list",
    epilog=_examples(
        "crossfire list scenarios",
        "crossfire list perceptions --json",
        "crossfire list all --markdown > reference.md",
    ),
)
@_guarded
def list_(
    what: Annotated[str, typer.Argument(metavar="|".join((*LISTS, "all")), help="What to list.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, for a page.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what there is: scenarios, policies, what actors see and can do, what is measured, and the rest.

    'all' is what conditions, rules and scenarios can name: perceptions, actions, measures, parameters, mechanisms.
    """
    from sim import catalogue

    if what not in (*LISTS, "all"):
        from sim.errors import nearest, one_of

        raise InputError([Problem("list", 1, 1, "", one_of(LISTS), described(what), nearest(what, LISTS))])
    lists = tuple(catalogue.REFERENCE) if what == "all" else (what,)
    if as_json:
        _print_json({one: catalogue.rows_of(one)[0] for one in lists})
    elif markdown:
        typer.echo(catalogue.reference_page() if what == "all" else "\n".join(catalogue.markdown(what)), nl=False)
    else:
        from sim.show import listing

        for one in lists:
            _console().print(listing(*catalogue.rows_of(one)))


@app.command(
    epilog=_examples(
        "crossfire check",
        "crossfire check my-scenario.yaml my-policy.yaml --strict",
        "crossfire check my-policy.yaml --sample 200",
    )
)
@_guarded
def check(
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILES]", help="Files to check (all shipped).")] = None,
    sample: Annotated[
        int, typer.Option(min=0, max=100_000, metavar="N", help="Warn of rules that never act in N worlds, too.")
    ] = 0,
    strict: Annotated[bool, typer.Option("--strict", help="End with code 1 on warnings.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check YAML files: everything that is wrong, with its line and column, and rules that make no sense.

    A policy is sampled in its seat of 2020-soleimani, a scenario by itself.
    """
    from sim import checks

    found = checks.checked(files) if not sample else _sampled(files, sample)
    if as_json:
        warnings = InputError(found.warnings).json()["error"]
        _print_json({"files": found.files, "error": InputError(found.errors).json()["error"], "warning": warnings})
    else:
        for problem in found.errors:
            _say(str(problem))
        for problem in found.warnings:
            _say(f"warning: {problem}")
        counts = {"file": found.files, "error": len(found.errors), "warning": len(found.warnings)}
        typer.echo(", ".join(f"{n} {word}{'s' * (n != 1)}" for word, n in counts.items()))
    if found.errors:
        raise typer.Exit(BAD_INPUT)
    if found.warnings and strict:
        raise typer.Exit(WARNED)


def _sampled(files: list[str] | None, worlds: int) -> "Checked":
    """Return what is found in files, and in so many worlds of each policy and scenario among them."""
    from sim import checks
    from sim.rehearsal import idle_rules

    def rehearsed(what: "Policy | Scenario") -> list[Problem]:
        _load_rules()  # only once there is something to rehearse: what is wrong in a file is told at once
        return idle_rules(what, worlds)

    return checks.checked(files, rehearsed)


@app.command(
    epilog=_examples(
        "crossfire claims",
        "crossfire claims P01 P09 M05 --worlds 2000 --theory documents",
        "crossfire claims --without ctg-2020",
        "crossfire claims --powerless",
    )
)
@_guarded
def claims(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIMS]", help="Which, such as P01 or M05 (all of the ledger).")
    ] = None,
    worlds: Annotated[int, typer.Option(min=2, metavar="N", help="Worlds of each arm.")] = 500,
    seed: Seed = 1,
    theory: Annotated[
        list[str] | None, typer.Option("--theory", metavar="NAME", help="Only under this theory; repeatable (all).")
    ] = None,
    without: Annotated[
        str, typer.Option(metavar="DOCUMENT", help="Try predictions again without what rests on it alone.")
    ] = "",
    powerless: Annotated[bool, typer.Option("--powerless", help="Name the parameters that move nothing.")] = False,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Do all of it, and write the page of findings there.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try the ledger: what is cited, whether mechanisms do what it says, which predictions hold under which theory."""
    from sim import findings
    from sim.powerless import powers

    _refuse_together(bool(names), powerless, bool(without), write is not None)
    findings.check_asked(names or (), theory or (), without)
    _load_rules()
    if powerless:
        done = findings.Findings(worlds, seed, (), parameters=tuple(powers(seed=seed, tell=_say_progress)))
    else:
        done = findings.find_all(
            names or (), worlds=worlds, seed=seed, theories=theory or (), without=without,
            everything=write is not None, tell=_say_progress,
        )  # fmt: skip
    _say_progress("")
    if write:
        findings.write_findings(done, write)
    if as_json:
        _print_json(done.plain())
    else:
        from sim.show import findings_shown

        _console().print(findings_shown(done))


@functools.cache
def _load_rules() -> None:
    """Load the compiled rules, those of stories too, or compile them and say so, before what takes long anyway."""
    from sim.running import prepare_rules
    from sim.runs import Asked, arms_of

    [arm] = arms_of(Asked(("2020-soleimani",)))
    with _telling_of_compilation():
        prepare_rules(arm.variant, everything=True)


def _refuse_together(names: bool, powerless: bool, without: bool, write: bool) -> None:
    """Refuse options that ask for a part and for the whole, or for two different things."""
    asked = {"--powerless": powerless, "--without": without, "--write": write}
    both = [name for name, is_asked in asked.items() if is_asked]
    both += ["a choice of claims"] if names and (powerless or write) else []
    if len(both) > 1:
        raise InputError([Problem("claims", 1, 1, "", f"only one of {', '.join(both)}", "all of them")])


@app.command(
    epilog=_examples(
        "crossfire describe policy in-kind",
        "crossfire describe claim M08",
        "crossfire describe parameter attack_tempo",
        "crossfire describe action us/strike",
        "crossfire describe perception talks_open",
        "crossfire describe scenario my-scenario.yaml > page.md",
    )
)
@_guarded
def describe(
    what: Annotated[str, typer.Argument(metavar="|".join(DESCRIBED), help="What to describe.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name, or the path of its file; 'scenario all' for all of them.")
    ],
) -> None:
    """Describe something in words: a policy in sentences, a claim with all that rests on it, a parameter's spread.

    The page is Markdown. Policies may be named with their actor: us/in-kind.
    """
    from sim import described as pages_of
    from sim import pages

    if what not in DESCRIBED:
        from sim.errors import nearest, one_of

        raise InputError([Problem(what, 1, 1, "", one_of(DESCRIBED), described(what), nearest(what, DESCRIBED))])
    if what == "scenario":
        text = pages.all_scenarios_page() if name == "all" else pages.scenario_page(name)
    else:
        text = pages_of.page(what, name)
    typer.echo(text, nl=False)


@app.command(
    epilog=_examples(
        "crossfire new policy patient --extends in-kind",
        "crossfire new policy bolder --actor iran --out mine",
        "crossfire new scenario my-scenario --extends 2020-taji",
    )
)
@_guarded
def new(
    what: Annotated[str, typer.Argument(metavar="policy|scenario", help="What to begin.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, and that of its file.")],
    extends: Annotated[str, typer.Option(metavar="NAME", help="The policy or scenario that it rests on.")] = "",
    actor: Annotated[str, typer.Option(metavar="|".join(("us", "iran", "government", "factions")),
                                       help="Of a policy: whose it is.")] = "",
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the file (this one).")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:  # fmt: skip
    """Write a policy or a scenario to start from: it passes the check, and comments say what can be changed."""
    from sim import starters
    from sim.yamlfile import refuse_no_name

    if what not in ("policy", "scenario"):
        raise InputError([Problem(what, 1, 1, "", "'policy' or 'scenario'", described(what))])
    if what == "scenario" and actor:
        raise InputError([Problem("--actor", 1, 1, "", "an actor with a policy only", "one with a scenario")])
    refuse_no_name(name, f"a {what}")
    path = out / f"{name}.yaml"
    text = starters.new_policy(path, actor, extends) if what == "policy" else starters.new_scenario(path, extends)
    typer.echo(str(starters.write_new(text, path, force)))


@app.command(
    epilog=_examples(
        "crossfire schema",
        "crossfire schema --out my-schemas",
    )
)
@_guarded
def schema(
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder for the schemas (configs/schemas).")
    ] = None,
) -> None:
    """Write the JSON Schemas of the YAML files, by which editors complete and check them."""
    from sim import schemas
    from sim.yamlfile import home

    for path in schemas.write_schemas(out or home() / schemas.FOLDER):
        typer.echo(str(path))


@app.command(
    epilog=_examples(
        "crossfire patterns",
        "crossfire patterns --write docs/evidence.md",
    )
)
@_guarded
def patterns(
    worlds: Annotated[int, typer.Option(min=50, metavar="N", help="Worlds of each scenario.")] = 1000,
    seed: Seed = 1,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the page of evidence there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Hold the model against the documents' figures and the known patterns of conflicts; what fails is shown."""
    from sim import evidence

    _load_rules()
    shown, told = evidence.patterns(worlds, seed), evidence.figures(worlds, seed)
    found = [*shown, *told]
    rows = [one.row() for one in found]
    if write:
        write.write_text(evidence.evidence_page(shown, told, worlds, seed), encoding="utf-8")
    if as_json:
        _print_json({"worlds": worlds, "seed": seed, "patterns": rows})
    else:
        from sim.show import listing

        rows = [
            {"holds": row["holds"], "came": row["came"], "wanted": row["wanted"], "of": row["pattern"]} for row in rows
        ]
        _console().print(listing(rows))
        typer.echo(f"{sum(one.holds for one in found)} of {len(found)} hold")


@app.command(
    epilog=_examples(
        "crossfire fit --worlds 4000",
        "crossfire fit --write",
    )
)
@_guarded
def fit(
    worlds: Annotated[int, typer.Option(min=100, metavar="N", help="Worlds of each scenario (20,000).")] = 20_000,
    kept: Annotated[
        float, typer.Option(min=0.001, max=0.5, metavar="SHARE", help="Share of the worlds that is kept.")
    ] = 0.025,
    seed: Seed = 1,
    write: Annotated[
        bool, typer.Option("--write", help="Make it the default: write configs/fit.yaml and docs/fit.md.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fit the parameters to what was observed: which distributions move, and from what to what."""
    from sim import fit as fitting
    from sim.yamlfile import home

    _load_rules()
    found = fitting.fit(worlds, kept, seed, _say_progress)
    rows = fitting.rows(found)
    if write:
        fitting.write_fit(found)
        (home() / "docs" / "fit.md").write_text(fitting.fit_page(found), encoding="utf-8")
    if as_json:
        _print_json({"worlds": found.worlds, "kept": found.kept, "seed": seed, "moved": rows})
    else:
        from sim.show import listing

        _console().print(listing(rows))
        typer.echo(f"{len(found.moved)} of {found.asked} parameters moved; {found.kept:,} of {worlds:,} worlds kept")
        if found.kept < FEW_KEPT:
            typer.echo(f"From fewer than {FEW_KEPT} worlds only large moves show: more --worlds, or a larger --kept.")


def _say_progress(words: str) -> None:
    """Say what is under way on standard error, over what was said before, where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{words:<78}\r")
        sys.stderr.flush()


# The model itself ------------------------------------------------------------------------------------------------


@app.command(
    "compile",
    epilog=_examples(
        "crossfire compile",
    ),
)
@_guarded
def compile_() -> None:
    """Compile the model's rules, once for each version; any run does it by itself when it must."""
    from sim.running import prepare_rules
    from sim.runs import Asked, arms_of
    from sim.world.compiled import PLAIN

    if PLAIN:
        typer.echo("CROSSFIRE_RULES=python: rules run as plain Python, nothing to compile")
        return
    [arm] = arms_of(Asked(("2020-soleimani",)))
    began = time.perf_counter()
    with _telling_of_compilation():
        prepare_rules(arm.variant, everything=True)
    typer.echo(f"the rules are compiled ({time.perf_counter() - began:.1f} s)")


@app.command(
    epilog=_examples(
        "crossfire bench",
        "crossfire bench --quick --json",
    )
)
@_guarded
def bench(as_json: AsJson = False, quick: Quick = False) -> None:
    """Measure the speed of the model on this machine, and what each kind of actor costs."""
    # Rules are timed one by one: without a cache of their own each would be compiled again.
    os.environ.setdefault("CROSSFIRE_KEEP_RULES", "1")
    from sim.bench import measure

    speeds = measure(quick, _telling_of_compilation())
    if as_json:
        _print_json(speeds.plain())
    else:
        from sim import show as tables

        _console().print(tables.speeds(speeds.head(), speeds.rows()))


def _version(asked: bool) -> None:
    if asked:
        from sim import __version__

        typer.echo(f"crossfire {__version__}")
        raise typer.Exit(OK)


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
