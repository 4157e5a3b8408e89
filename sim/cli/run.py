"""Commands that run worlds."""

import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.base import (
    MOST_WORLDS,
    QUICK_WORLDS,
    USUAL_WORLDS,
    AsJson,
    Baseline,
    Cluster,
    Days,
    Figures,
    Force,
    Out,
    Policies,
    Quick,
    Resume,
    ScenarioName,
    ScenarioNames,
    Seed,
    Series,
    Sets,
    Shard,
    Theory,
    Threads,
    Ties,
    Until,
    Vary,
    Wants,
    WithReport,
    Worlds,
    app,
    echo,
    examples,
    guarded,
    print_json,
    print_table,
    say,
    telling_of_compilation,
    watch_of_run,
)
from sim.cli.output import beside_whole_results, draw_figures, show_places, show_tables, write_report
from sim.cli.rare import Effort, LevelsOf, Rare, carry_out_rare, refuse_together
from sim.errors import InputError, option_problem

if TYPE_CHECKING:
    from sim.experiments.request import Arm, Asked
    from sim.experiments.sweep import Sweep
    from sim.results import Results
    from sim.running.job import How
    from sim.stats import Preferences


#: What takes longer (seconds), or more room on the disk (bytes), is asked about.
LONG, LARGE = 600, 5e9
#: At the end of a run so many variants are shown; ``crossfire show`` shows all.
MOST_SHOWN = 60


@dataclass(frozen=True)
class Way:
    """How to run: into which folder, whether over an earlier run or on from it, on how many threads or where else."""

    out: Path | None = None
    force: bool = False
    resume: bool = False
    threads: int | None = None
    cluster: str = ""


@dataclass(frozen=True)
class Showing:
    """What to show at the end."""

    as_json: bool = False
    figures: bool = False
    report: bool = False
    preferences: "Preferences | None" = None


@app.command(
    epilog=examples(
        "crossfire run 2020-soleimani",
        "crossfire run 2020-soleimani --policy us=in-kind --set situation.us_troops=2500",
        "crossfire run my-scenario.yaml --theory proxies --worlds 5000 --json",
        'crossfire run 2020-soleimani --until "exited +- 1%"',
        "crossfire run 2020-soleimani --rare open_war",
    )
)
@guarded
def run(
    context: typer.Context, scenario: ScenarioName, worlds: Worlds = None, seed: Seed = 1, days: Days = None,
    policy: Policies = None, theory: Theory = "", setting: Sets = None, series: Series = "", until: Until = None,
    threads: Threads = None, cluster: Cluster = "", shard: Shard = "", out: Out = None, figures: Figures = False,
    with_report: WithReport = False, force: Force = False, resume: Resume = False, as_json: AsJson = False,
    quick: Quick = False, rare: Rare = "", effort: Effort = None, levels: LevelsOf = None,
) -> None:  # fmt: skip
    """Run a scenario in many worlds, and show what comes of it.

    With --rare END it finds how likely a rare end is, in far fewer days than plain worlds would take.
    """
    from sim.experiments.request import arms_of

    refuse_together(context)
    asked = asked_of([scenario], worlds, quick, seed, days, policy, theory, setting, None, "", series, until, shard)
    if rare:
        told = how(threads, "")
        carry_out_rare(arms_of(asked), asked, context, told, out=out, force=force, resume=resume, as_json=as_json)
        return
    carry_out(arms_of(asked), asked, Way(out, force, resume, threads, cluster), Showing(as_json, figures, with_report))


@app.command(
    epilog=examples(
        "crossfire compare 2020-soleimani --vary us=restraint,in-kind,maximum-pressure",
        "crossfire compare 2020-soleimani 2020-no-strike --worlds 5000",
        'crossfire compare 2020-soleimani --vary us=restraint,in-kind --vary M08=0,1 --baseline "us=in-kind M08=1"',
        'crossfire compare 2020-soleimani --vary us=restraint,in-kind --tie us_killed=1 --want "us_killed lower"',
        'crossfire compare 2020-soleimani --vary us=restraint,in-kind --until "exited: restraint - in-kind +- 2%"',
    )
)
@guarded
def compare(
    context: typer.Context, scenario: ScenarioNames, vary: Vary = None, baseline: Baseline = "", worlds: Worlds = None,
    seed: Seed = 1, days: Days = None, policy: Policies = None, theory: Theory = "", setting: Sets = None,
    series: Series = "", until: Until = None, threads: Threads = None, cluster: Cluster = "", shard: Shard = "",
    out: Out = None, figures: Figures = False, with_report: WithReport = False, force: Force = False,
    resume: Resume = False, tie: Ties = None, want: Wants = None, as_json: AsJson = False, quick: Quick = False,
    rare: Rare = "", effort: Effort = None, levels: LevelsOf = None,
) -> None:  # fmt: skip
    """Run several variants in the same worlds, and show how they differ.

    A verdict for each headline measure says higher, lower, a tie, or that it cannot be told yet and how many more
    worlds would tell. --tie and --want may also be given to show, without another run. With --rare END it finds how
    likely a rare end is under each variant, each by itself.
    """
    from sim.experiments.preferences import read_preferences
    from sim.experiments.request import several_arms_of

    refuse_together(context)
    asked = asked_of(scenario, worlds, quick, seed, days, policy, theory, setting, vary, baseline, series, until, shard)
    if rare:
        told = how(threads, "")
        carry_out_rare(
            several_arms_of(asked), asked, context, told, out=out, force=force, resume=resume, as_json=as_json
        )
        return
    showing = Showing(as_json, figures, with_report, read_preferences(tie or (), want or ()))
    carry_out(several_arms_of(asked), asked, Way(out, force, resume, threads, cluster), showing)


@app.command(
    epilog=examples(
        "crossfire sweep policies-by-theories --dry-run",
        "crossfire sweep policies-by-theories --figures --report",
        "crossfire sweep my-sweep.yaml --shard 3/16",
        "crossfire sweep all-uncertain --yes --json",
    )
)
@guarded
def sweep(
    name: Annotated[str, typer.Argument(metavar="SWEEP", help="A sweep's name (of this folder, or shipped), or file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the design, and run nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, however long it takes.")] = False,
    worlds: Worlds = None, until: Until = None, threads: Threads = None, cluster: Cluster = "", shard: Shard = "",
    out: Out = None, figures: Figures = False, with_report: WithReport = False, force: Force = False,
    resume: Resume = False, tie: Ties = None, want: Wants = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Run a sweep: what its file varies, in the same worlds throughout. Says first what it will take.

    It asks before it begins what takes longer than ten minutes or more than five gigabytes.
    """
    from sim.experiments.preferences import read_preferences
    from sim.experiments.sweep_reader import load_sweep

    asked_for = load_sweep(name)
    if worlds is not None:
        asked_for = asked_for.with_worlds(worlds)
    for warning in asked_for.warnings:
        say(f"warning: {warning}")
    if dry_run:
        _show_design(asked_for, as_json)
        return
    preferences = read_preferences(tie or (), want or ())
    asked = replace(asked_for.asked(), shard=shard)
    asked = replace(asked, until=tuple(until)) if until else asked
    arms, way = asked_for.arms(), Way(out, force, resume, threads, cluster)
    _announce(arms, asked, way, yes)
    carry_out(arms, asked, way, Showing(as_json, figures, with_report, preferences))


def _show_design(asked_for: "Sweep", as_json: bool) -> None:
    rows = asked_for.design_rows()
    if as_json:
        print_json(asked_for.plain() | {"worlds": asked_for.worlds, "design": rows})
        return
    from sim.cli.tables import listing

    blank = {key for key in rows[0] if all(row[key] in (None, "") for row in rows)}
    print_table(listing([{k: "" if v is None else v for k, v in row.items() if k not in blank} for row in rows]))
    for line in asked_for.points_said():
        echo(line)
    kept = sum(not row["left_out_by"] for row in rows)
    echo(f"{kept:,} variants of {asked_for.worlds:,} worlds: {kept * asked_for.worlds:,} in all")


def _announce(arms: list["Arm"], asked: "Asked", way: Way, yes: bool) -> None:
    """Say what a run will take; ask where it is much, and where nobody can answer, refuse."""
    from sim.experiments.request import shard_of
    from sim.running.estimate import foresee
    from sim.running.job import Job

    if asked.shard:
        shard_of(asked.shard)
    job = Job(asked, tuple(arms))
    folder = way.out or job.folder
    if way.resume or ((folder / "manifest.json").exists() and not way.force):
        return  # begun before: it was said then
    with telling_of_compilation():
        foreseen = foresee(job, way.threads)
    share = f"; this share about {100 / shard_of(asked.shard)[1]:.2g}% of that" if asked.shard else ""
    say(("At most " if asked.until else "") + foreseen.said() + share)
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if foreseen.on_the_way > free:
        say(f"warning: only {free / 1e9:,.1f} GB are free where {folder} will be")
    if yes or (foreseen.seconds < LONG and foreseen.at_end < LARGE):
        return
    if not sys.stdin.isatty():
        expected = "--yes for what takes so long, as nobody is there to be asked"
        raise InputError([option_problem("sweep", expected, "none")])
    typer.confirm("Begin?", abort=True, err=True)


@app.command(
    epilog=examples(
        "crossfire spread 2020-soleimani",
        "crossfire spread 2020-soleimani --vary us=restraint,in-kind --replicates 8 --out spread",
        "crossfire spread 2020-soleimani --theory documents:1,deterrence:1 --json",
    )
)
@guarded
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
    from sim.experiments.request import arms_of
    from sim.running import spread as spreading
    from sim.running.compiling import prepare_rules

    asked = asked_of(scenario, worlds, False, seed, days, policy, theory, setting, vary, baseline, "none")
    arms, watch = arms_of(asked), watch_of_run()
    with watch.preparing():
        prepare_rules(arms[0].variant)
    with watch.running(worlds * replicates * len(arms)):
        variants = [arm.variant for arm in arms]
        found = spreading.spreads(variants, worlds, seed, replicates, threads=threads, ran=watch.ran)
    plain = {"worlds": worlds, "replicates": replicates, "seed": seed, "spreads": [one.plain() for one in found]}
    facts = [f"Scenario {arms[0].label}", f"{worlds:,} worlds", f"{replicates} lives each", f"seed {seed}"]
    paths = []
    if out:
        from sim.plots.spreads import write_spreads

        paths = write_spreads(found, plain, out, facts)
    if as_json:
        print_json(plain | {"figures": [str(path) for path in paths]})
    else:
        from sim.cli.result_tables import spread_tables

        print_table(spread_tables(found, "; ".join(facts)))
    for path in paths:
        (say if as_json else echo)(f"Written: {path}")


def asked_of(
    scenarios: list[str], worlds: int | None, quick: bool, seed: int, days: int | None, policies: list[str] | None,
    theory: str, settings: list[str] | None, vary: list[str] | None, baseline: str, series: str,
    until: list[str] | None = None, shard: str = "",
) -> "Asked":  # fmt: skip
    """Return what the options of a command that runs worlds ask for."""
    from sim.experiments.request import Asked

    if quick and worlds is not None:
        raise InputError([option_problem("--quick", "either --quick or --worlds", "both")])
    usual = MOST_WORLDS if until else USUAL_WORLDS
    number = QUICK_WORLDS if quick else usual if worlds is None else worlds
    return Asked(
        tuple(scenarios), number, seed, days, theory, tuple(policies or ()), tuple(settings or ()), tuple(vary or ()),
        baseline, series, tuple(until or ()), shard,
    )  # fmt: skip


def carry_out(arms: list["Arm"], asked: "Asked", way: Way, showing: Showing) -> None:
    """Run what was asked for, and show what comes of it: the tables first, as soon as the worlds are there."""
    from sim.running.execute import execute

    shown: list[Results] = []

    def early(results: "Results") -> None:
        shown.append(results)
        with beside_whole_results(results, {"plot": showing.figures, "report": showing.report}):
            show_tables(results, showing.as_json, showing.preferences, most=MOST_SHOWN)

    way_of_running = replace(how(way.threads, way.cluster), early=early)
    done = execute(asked, arms, out=way.out, force=way.force, resume=way.resume, how=way_of_running)
    if done.already_there:
        say(f"already there: {done.results.folder} (--force runs it again)")
    show_done(done.results, showing, tables=not shown)


def how(threads: int | None, cluster: str) -> "How":
    """Return how worlds are run: on this machine's threads, or on a cluster."""
    from sim.running.job import How

    watch = watch_of_run()
    if not cluster:
        return How(threads, watch)
    from sim.running.cluster import cluster_runner

    return How(threads, watch, cluster_runner(cluster, says=watch.says))


def show_done(results: "Results", showing: Showing, tables: bool = True) -> None:
    """Show finished results, their tables unless they were shown early; of a shard say how far it is, and what next."""
    from sim.results.manifest import SHARD

    if results.status == SHARD:
        n = sum(part["n"] for part in results.manifest["parts"])
        echo(f"Shard {results.manifest['shard']}: {n:,} worlds in {results.folder}")
        echo("When all shards are there: crossfire merge FOLDER FOLDER ... --out WHOLE")
        return
    drawn: list[Path] = []
    page: Path | None = None
    asked = {"plot": showing.figures, "report": showing.report}
    with beside_whole_results(results, asked):
        if tables:
            show_tables(results, showing.as_json, showing.preferences, most=MOST_SHOWN)
        if showing.figures:
            drawn = draw_figures(results)
            asked["plot"] = False
        if showing.report:
            page = write_report(results, showing.preferences)
            asked["report"] = False
        show_places(results, showing.as_json, drawn, page)
