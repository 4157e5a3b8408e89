"""Commands that look at results, at one world, and at how inputs differ."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.base import (
    AsJson,
    Days,
    Out,
    Policies,
    ResultsFolder,
    Seed,
    Sets,
    Theory,
    Ties,
    Wants,
    app,
    echo,
    examples,
    folder_of,
    guarded,
    load_rules,
    opened,
    print_json,
    print_page,
    print_table,
    say,
    say_progress,
)
from sim.cli.output import beside_whole_results, show_places, show_tables, write_report
from sim.cli.rare import refuse_of_rare, show_rare
from sim.errors import InputError, described, option_problem, unknown
from sim.inputs.arguments import WORLD

if TYPE_CHECKING:
    from sim.experiments.request import Arm
    from sim.inputs.scenario import Scenario
    from sim.results import Results
    from sim.running.rare.results import RareResults
    from sim.stats import Preferences


@app.command(
    epilog=examples(
        "crossfire show results/2020-soleimani-1a2b3c4d",
        "crossfire show 2020-soleimani-1a2b3c4d --json",
        "crossfire show 2020-soleimani-1a2b3c4d --adjusted",
        "crossfire show scenario 2020-taji --resolved",
        "crossfire show scenario 2020-taji --resolved --policy us=restraint --set us_troops=2500",
        "crossfire show policy in-kind",
    )
)
@guarded
def show(
    context: typer.Context,
    results: Annotated[
        str, typer.Argument(metavar="RESULTS|scenario|policy", help="A results folder, or its name in results/.")
    ],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="After 'scenario' or 'policy': which.")] = "",
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Of a scenario: every value, defaults too, and where each is from.")
    ] = False,
    adjusted: Annotated[
        bool,
        typer.Option(
            "--adjusted",
            help="Of results: means and differences freed of luck in the draw of inputs too (docs/adjusted.md).",
        ),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --adjusted: of each measure, not the headline ones alone.")
    ] = False,
    policy: Policies = None, theory: Theory = "", setting: Sets = None, tie: Ties = None, want: Wants = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show results again, of a run that was broken off as far as it got; or a scenario or a policy as YAML.

    A scenario is shown as its file and those that it extends have it, with --resolved whole: what is printed can be
    read again, and gives the same worlds. A policy is shown with what it extends and every option filled in.
    """
    from sim.experiments.preferences import read_preferences

    if everything and not adjusted:
        raise InputError([option_problem("show", "--all with --adjusted only", "--all")])
    if not name:
        from sim.results.manifest import is_rare

        if is_rare(folder_of(results)):
            from sim.running.rare.results import read

            refuse_of_rare(context)
            show_rare(read(folder_of(results)), as_json)
            return
        _show_results(results, as_json, read_preferences(tie or (), want or ()), adjusted, everything)
        return
    if adjusted:
        raise InputError([option_problem("show", "--adjusted with results only", f"it with a {results}")])
    from sim.inputs.authoring import as_yaml as whole
    from sim.inputs.policies.named import policy_named

    if results == "scenario":
        scenario = _scenario_with(name, policy, theory, setting)
        text = whole.scenario_yaml(scenario) if resolved else whole.scenario_as_said(scenario)
    elif results == "policy":
        text = whole.policy_yaml(policy_named(name))
    else:
        expected = "a results folder alone, or 'scenario' or 'policy' and a name"
        raise InputError([option_problem(results, expected, described(f"{results} {name}"))])
    print_page(text)


def _show_results(
    results: str, as_json: bool, preferences: "Preferences", with_adjusted: bool, everything: bool
) -> None:
    """Show the results in a folder."""
    there = opened(results)
    found = []
    if with_adjusted:
        from sim.experiments.adjusted import adjusted

        found = adjusted(there, everything=everything)
    show_tables(there, as_json, preferences, found)
    show_places(there, as_json, [])


@app.command(
    epilog=examples(
        "crossfire run 2020-soleimani --theory documents:1,deterrence:1 --out results/two-theories",
        "crossfire reweigh two-theories",
        "crossfire reweigh two-theories --weights documents:0.8,deterrence:0.2 --json",
    )
)
@guarded
def reweigh(
    results: Annotated[str, typer.Argument(metavar="RESULTS", help="A results folder, or its name in results/.")],
    weights: Annotated[
        str, typer.Option(metavar="THEORY:SHARE,...", help="Other shares of theories than were drawn.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show results by theory, and as they would be with other shares of theories, without a run."""
    from sim.cli.result_tables import theory_tables
    from sim.results import by_theory as weighing

    there = opened(results)
    shares = weighing.weights_of(weights, weighing.theories_of(there))
    found = weighing.by_theory(there, shares)
    if as_json:
        print_json({"weights": shares, "outcomes": [one.plain() for one in found]})
    else:
        print_table(theory_tables(there, found))


@app.command(
    epilog=examples(
        "crossfire report results/2020-soleimani-1a2b3c4d",
        "crossfire report 2020-soleimani-1a2b3c4d --format md --out comparison.md",
    )
)
@guarded
def report(
    results: Annotated[str, typer.Argument(metavar="RESULTS", help="A results folder, or its name in results/.")],
    form: Annotated[str, typer.Option("--format", metavar="html|md", help="One page of HTML, or Markdown.")] = "html",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it (RESULTS/report.html).")] = None,
    tie: Ties = None, want: Wants = None,
) -> None:  # fmt: skip
    """Write one report of results, for people who will attack it: verdicts, figures, grounds, worlds, provenance."""
    if form not in ("html", "md"):
        raise InputError([option_problem("--format", "'html' or 'md'", described(form))])
    from sim.experiments.preferences import read_preferences

    there = opened(results, "series")
    with beside_whole_results(there, {"report": True}):
        path = write_report(there, read_preferences(tie or (), want or ()), form, out)
    echo(f"Report: {path}")


def _scenario_with(name: str, policies: list[str] | None, theory: str, settings: list[str] | None) -> "Scenario":
    from sim.inputs.scenario import load_scenario
    from sim.inputs.settings import changed

    return changed(load_scenario(name), theory, policies or (), settings or ())


@app.command(
    epilog=examples(
        "crossfire diff 2020-soleimani 2020-no-strike",
        "crossfire diff in-kind restraint",
        "crossfire diff 2020-taji --policy us=restraint --theory deterrence",
    )
)
@guarded
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario or a policy: its name, or its file.")],
    second: Annotated[str, typer.Argument(metavar="[B]", help="Another (A itself, with the options).")] = "",
    policy: Policies = None, theory: Theory = "", setting: Sets = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say how two scenarios, or two policies, differ once everything is filled in.

    Options change the second one; without a second, the first with the options is held against itself without.
    """
    from sim.inputs.authoring import differences

    options = bool(policy or theory or setting)
    names = [_is_policy(name) for name in (first, second or first)]
    if names[0] != names[1]:
        raise InputError([option_problem(second, "two scenarios, or two policies", "one of each")])
    if (names[0] and options) or not (second or options):
        expected = "options with scenarios only" if names[0] and options else "a second one, or options"
        raise InputError([option_problem("diff", expected, "a policy with options" if options else "one name")])
    if names[0]:
        from sim.inputs.policies.named import policy_named

        rows = differences.policies_differ(policy_named(first), policy_named(second))
    else:
        from sim.inputs.resolve import resolve

        changed = _scenario_with(second or first, policy, theory, setting)
        rows = differences.scenarios_differ(resolve(_scenario_with(first, None, "", None)), resolve(changed))
    _print_rows(rows, first, second or f"{first}, changed", as_json)


def _print_rows(rows: list[dict[str, str]], first: str, second: str, as_json: bool) -> None:
    """Print differences: JSON, or a table with the two names above their columns."""
    if as_json:
        print_json({"first": first, "second": second, "differences": rows})
        return
    from sim.cli.tables import differences_table

    if rows:
        print_table(differences_table(rows, first, second))
    else:
        echo(f"{first} and {second}: no difference that can move a result")


def _is_policy(name: str) -> bool:
    """Return whether a name, or the file at a path, is a policy's and no scenario's; InputError if it is neither."""
    from sim.inputs.policies.named import policy_files, policy_here
    from sim.inputs.yaml.files import here, names_of, not_found
    from sim.inputs.yaml.text import read

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
    epilog=examples(
        "crossfire plot results/2020-soleimani-1a2b3c4d",
        "crossfire plot 2020-soleimani-1a2b3c4d --out figures",
    )
)
@guarded
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
            raise InputError([option_problem("--only", mistake.expected, mistake.got, mistake.hint)])
    there = opened(results, "series")
    with beside_whole_results(there, {"plot": True}):
        paths = draw_all(there, out or there.folder / "figures", only or (), say_progress)
        say_progress("")
    if as_json:
        print_json({"figures": [str(path) for path in paths]})
    for path in [] if as_json else paths:
        echo(str(path))


@app.command(
    epilog=examples(
        "crossfire story 2020-soleimani --world 17",
        "crossfire story 2020-soleimani --world 17 --policy us=restraint --no-sources",
        "crossfire story 2020-soleimani --world 17 --figures --out world-17",
        "crossfire story results/all-uncertain-1a2b3c4d --variant us=restraint --world 17",
    )
)
@guarded
def story(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO|RESULTS", help="A scenario's name or file, or the folder of results.")
    ],
    world: Annotated[
        int, typer.Option(min=WORLD.least, max=WORLD.most, metavar="N", help="Which world, counted from 0.")
    ] = 0,
    seed: Seed = 1, days: Days = None, policy: Policies = None, theory: Theory = "", setting: Sets = None,
    variant: Annotated[
        str, typer.Option(metavar="LABEL", help="Of results: which variant, by enough words of its label (the first).")
    ] = "",
    branch: Annotated[
        list[str] | None,
        typer.Option(metavar="DAY.N", help="A branch that the world takes on a day, as --rare names them; repeatable."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Each event, those that nobody could know too.")] = False,
    sources: Annotated[bool, typer.Option(help="The rule and the claim behind each line, in brackets.")] = True,
    figures: Annotated[
        bool, typer.Option("--figures", help="Draw the world as a timeline, and parliament at its vote.")
    ] = False,
    only_figures: Annotated[bool, typer.Option("--only-figures", help="Draw the world without telling it.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder for the figures (results/NAME).")] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Tell what happened in one world, day by day, and on whose word.

    A world of results is told as it was run: with its variant's settings, its seed, and what a design gave it.
    """
    from sim.experiments.request import Asked, arms_of

    if _is_results(scenario):
        given = {"--policy": policy, "--theory": theory, "--set": setting, "--days": days, "--seed": seed != 1}
        arm, seed = _arm_of_results(scenario, variant, world, [name for name, value in given.items() if value])
    elif variant:
        raise InputError([option_problem("--variant", "the folder of results, of which to take a variant", scenario)])
    else:
        asked = Asked((scenario,), 1, seed, days, theory, tuple(policy or ()), tuple(setting or ()))
        [arm] = arms_of(asked)
    load_rules()
    branches = _branches(branch or (), arm.variant.inputs.days)
    told = _told(arm, world, seed, everything, branches)
    paths = _drawn(arm, world, seed, out, branches) if figures or only_figures or out else []
    if as_json:
        print_json(({} if only_figures else told.plain()) | {"figures": [str(path) for path in paths]})
    elif not only_figures:
        from sim.cli.tables import story_lines

        print_table(story_lines(told, sources))
    tell = say if as_json else echo
    for path in paths:
        tell(f"Figure: {path}")


def _is_results(text: str) -> bool:
    """Return whether a word means a folder of results, and no scenario."""
    from sim.inputs.yaml.files import names_of
    from sim.results.manifest import is_rare

    folder = folder_of(text)
    return text not in names_of("scenario") and ((folder / "manifest.json").exists() or is_rare(folder))


def _arm_of_results(text: str, label: str, world: int, given: list[str]) -> tuple["Arm", int]:
    """Return the variant of results that a world is of, and their seed; options that change it are refused."""
    from sim.inputs.labels import named
    from sim.results import open_results
    from sim.results.manifest import is_rare
    from sim.running.resume import variant_again

    if given:
        raise InputError([option_problem(given[0], "no option that changes a world of results", "one that does")])
    folder = folder_of(text)
    results: Results | RareResults
    if is_rare(folder):
        from sim.running.rare.results import read

        results = read(folder)
        roots = {one["label"]: one["roots"] for one in results.found}
    else:
        results = open_results(folder)
        roots = dict.fromkeys(results.variants, results.manifest["worlds"])
    found = named(results.variants, label, "--variant") if label else results.variants[0]
    if found in roots and world >= roots[found]:
        raise InputError([option_problem("--world", f"a world from 0 to {roots[found] - 1}", str(world))])
    return variant_again(results, found), int(results.manifest["seed"])


def _branches(texts: Sequence[str], days: int) -> tuple[tuple[int, int], ...]:
    """Return the branches that a world takes, by day and number; InputError for what is none, or none in order."""
    found: list[tuple[int, int]] = []
    for text in texts:
        day, dot, number = text.partition(".")
        fits = dot and all(one.isascii() and one.isdecimal() and len(one) < 8 for one in (day, number))
        if not fits or not (found[-1][0] if found else -1) < int(day) < days or not 0 < int(number) < 2**20:
            expected = f"DAY.N such as 12.3: a day from 0 to {days - 1}, later than the one before, and a number from 1"
            raise InputError([option_problem("--branch", expected, described(text))])
        found.append((int(day), int(number)))
    return tuple(found)


def _drawn(arm: "Arm", world: int, seed: int, out: Path | None, branches: tuple[tuple[int, int], ...]) -> list[Path]:
    """Return the paths of the pictures of one world."""
    from sim.plots.one_story import draw_story
    from sim.results import folder_name

    given = [arm.variant.inputs.hash8, seed, *([list(map(list, branches))] if branches else [])]
    name = folder_name(f"{arm.variant.label}-world-{world}", given)
    return draw_story(arm.variant, world, seed, out or Path("results") / name, branches)


def _told(arm: "Arm", world: int, seed: int, everything: bool, branches: tuple[tuple[int, int], ...]) -> Any:
    from sim.stories.story import story as story_of

    return story_of(arm.variant, world, seed, everything=everything, branches=branches)
