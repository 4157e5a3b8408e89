"""Commands that run worlds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.base import (
    QUICK_WORLDS,
    AsJson,
    Baseline,
    Days,
    Figures,
    Force,
    Out,
    Policies,
    Quick,
    ScenarioName,
    ScenarioNames,
    Seed,
    Series,
    Sets,
    Theory,
    Threads,
    Ties,
    Vary,
    Wants,
    WithReport,
    Worlds,
    app,
    console,
    examples,
    guarded,
    print_json,
    say,
    watch_of_run,
)
from sim.cli.shown import draw_figures, show_results, write_report
from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.runs import Arm, Asked
    from sim.stats import Judging


@app.command(
    epilog=examples(
        "crossfire run 2020-soleimani",
        "crossfire run 2020-soleimani --policy us=in-kind --set situation.us_troops=2500",
        "crossfire run my-scenario.yaml --theory proxies --worlds 5000 --json",
    )
)
@guarded
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
    epilog=examples(
        "crossfire compare 2020-soleimani --vary us=restraint,in-kind,maximum-pressure",
        "crossfire compare 2020-soleimani 2020-no-strike --worlds 5000",
        'crossfire compare 2020-soleimani --vary us=restraint,in-kind --vary M08=0,1 --baseline "us=in-kind M08=1"',
        'crossfire compare 2020-soleimani --vary us=restraint,in-kind --tie us_killed=1 --want "us_killed lower"',
    )
)
@guarded
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
    from sim import spread as spreading
    from sim.running import prepare_rules
    from sim.runs import arms_of

    asked = _asked(scenario, worlds, False, seed, days, policy, theory, setting, vary, baseline, "none")
    arms, watch = arms_of(asked), watch_of_run()
    with watch.preparing():
        prepare_rules(arms[0].variant)
    with watch.running(worlds * replicates * len(arms)):
        variants = [arm.variant for arm in arms]
        found = spreading.spreads(variants, worlds, seed, replicates, threads=threads, ran=watch.ran)
    plain = {"worlds": worlds, "replicates": replicates, "seed": seed, "spreads": [one.plain() for one in found]}
    facts = [f"Scenario {arms[0].label}", f"{worlds:,} worlds", f"{replicates} lives each", f"seed {seed}"]
    paths = spreading.written(found, plain, out, facts) if out else []
    if as_json:
        print_json(plain | {"figures": [str(path) for path in paths]})
    else:
        from sim.show import spreads_shown

        console().print(spreads_shown(found, "; ".join(facts)))
    for path in paths:
        (say if as_json else typer.echo)(f"Written: {path}")


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

    done = execute(asked, arms, out=out, force=force, how=How(threads, watch_of_run()))
    if done.already_there:
        say(f"already there: {done.results.folder} (--force runs it again)")
    drawn = draw_figures(done.results) if figures else []
    show_results(done.results, as_json, drawn, judging, write_report(done.results, judging) if with_report else None)
