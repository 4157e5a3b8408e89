"""Commands that look at inputs, at the ledger of claims, and at what the model is held against."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.base import (
    BAD_INPUT,
    WARNED,
    AsJson,
    Seed,
    app,
    echo,
    examples,
    guarded,
    load_rules,
    print_json,
    print_page,
    print_table,
    say,
    say_progress,
)
from sim.errors import InputError, Problem, described, option_problem

if TYPE_CHECKING:
    from sim.experiments.check import CheckResult
    from sim.inputs.policies.policy import Policy
    from sim.inputs.scenario import Scenario


LISTS = (
    "scenarios", "sweeps", "policies", "perceptions", "actions", "measures", "parameters", "mechanisms", "theories",
    "claims", "events",
)  # fmt: skip
DESCRIBED = ("policy", "scenario", "theory", "claim", "parameter", "mechanism", "action", "perception")
#: Worlds kept by a fit below which it can hardly find anything.
FEW_KEPT = 200


@app.command(
    "list",
    epilog=examples(
        "crossfire list scenarios",
        "crossfire list perceptions --json",
        "crossfire list all --markdown > reference.md",
    ),
)
@guarded
def list_(
    what: Annotated[str, typer.Argument(metavar="|".join((*LISTS, "all")), help="What to list.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, for a page.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what there is: scenarios, policies, what actors see and can do, what is measured, and the rest.

    'all' is what conditions, rules and scenarios can name: perceptions, actions, measures, parameters, mechanisms.
    """
    from sim.inputs.authoring import lists as catalogue

    if what not in (*LISTS, "all"):
        from sim.errors import nearest, one_of

        raise InputError([option_problem("list", one_of(LISTS), described(what), nearest(what, LISTS))])
    lists = tuple(catalogue.REFERENCE) if what == "all" else (what,)
    if as_json:
        print_json({one: catalogue.rows_of(one)[0] for one in lists})
    elif markdown:
        print_page(catalogue.reference_page() if what == "all" else "\n".join(catalogue.markdown(what)))
    else:
        from sim.cli.tables import listing

        for one in lists:
            print_table(listing(*catalogue.rows_of(one)))


@app.command(
    epilog=examples(
        "crossfire check",
        "crossfire check my-scenario.yaml my-policy.yaml --strict",
        "crossfire check my-policy.yaml --sample 200",
    )
)
@guarded
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
    from sim.experiments import check as checks

    found = checks.checked(files) if not sample else _sampled(files, sample)
    if as_json:
        warnings = InputError(found.warnings).json()["error"]
        print_json({"files": found.files, "error": InputError(found.errors).json()["error"], "warning": warnings})
    else:
        for problem in found.errors:
            say(str(problem))
        for problem in found.warnings:
            say(f"warning: {problem}")
        counts = {"file": found.files, "error": len(found.errors), "warning": len(found.warnings)}
        echo(", ".join(f"{n} {word}{'s' * (n != 1)}" for word, n in counts.items()))
    if found.errors:
        raise typer.Exit(BAD_INPUT)
    if found.warnings and strict:
        raise typer.Exit(WARNED)


def _sampled(files: list[str] | None, worlds: int) -> "CheckResult":
    """Return what is found in files, and in so many worlds of each policy and scenario among them."""
    from sim.evidence.idle_rules import idle_rules
    from sim.experiments import check as checks

    def rehearsed(what: "Policy | Scenario") -> list[Problem]:
        load_rules()  # only once there is something to rehearse: what is wrong in a file is told at once
        return idle_rules(what, worlds)

    return checks.checked(files, rehearsed)


@app.command(
    epilog=examples(
        "crossfire claims",
        "crossfire claims P01 P09 M05 --worlds 2000 --theory documents",
        "crossfire claims --without ctg-2020",
        "crossfire claims --powerless",
    )
)
@guarded
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
    from sim.evidence import findings, findings_page
    from sim.evidence.inert import powers

    _refuse_together(bool(names), powerless, bool(without), write is not None)
    findings.check_asked(names or (), theory or (), without)
    if write:
        findings_page.findings_to_write(write)
    load_rules()
    if powerless:
        done = findings.Findings(worlds, seed, (), parameters=tuple(powers(seed=seed, tell=say_progress)))
    else:
        done = findings.find_all(
            names or (), worlds=worlds, seed=seed, theories=theory or (), without=without,
            everything=write is not None, tell=say_progress,
        )  # fmt: skip
    say_progress("")
    if write:
        findings_page.write_findings(done, write)
    if as_json:
        print_json(done.plain())
    else:
        from sim.cli.tables import findings_tables

        print_table(findings_tables(done))


def _refuse_together(names: bool, powerless: bool, without: bool, write: bool) -> None:
    """Refuse options that ask for a part and for the whole, or for two different things."""
    asked = {"--powerless": powerless, "--without": without, "--write": write}
    both = [name for name, is_asked in asked.items() if is_asked]
    both += ["a choice of claims"] if names and (powerless or write) else []
    if len(both) > 1:
        raise InputError([option_problem("claims", f"only one of {', '.join(both)}", "all of them")])


@app.command(
    epilog=examples(
        "crossfire describe policy in-kind",
        "crossfire describe claim M08",
        "crossfire describe parameter attack_tempo",
        "crossfire describe action us/strike",
        "crossfire describe perception talks_open",
        "crossfire describe scenario my-scenario.yaml > page.md",
    )
)
@guarded
def describe(
    what: Annotated[str, typer.Argument(metavar="|".join(DESCRIBED), help="What to describe.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name, or the path of its file; 'scenario all' for all of them.")
    ],
) -> None:
    """Describe something in words: a policy in sentences, a claim with all that rests on it, a parameter's spread.

    The page is Markdown. Policies may be named with their actor: us/in-kind.
    """
    from sim.inputs.authoring import pages as pages_of
    from sim.inputs.authoring import scenario_pages

    if what not in DESCRIBED:
        from sim.errors import nearest, one_of

        raise InputError([option_problem(what, one_of(DESCRIBED), described(what), nearest(what, DESCRIBED))])
    if what == "scenario":
        text = scenario_pages.all_scenarios_page() if name == "all" else scenario_pages.scenario_page(name)
    else:
        text = pages_of.page(what, name)
    print_page(text)


@app.command(
    epilog=examples(
        "crossfire new policy patient --extends in-kind",
        "crossfire new policy bolder --actor iran --out mine",
        "crossfire new scenario my-scenario --extends 2020-taji",
    )
)
@guarded
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
    from sim.inputs.authoring import templates
    from sim.inputs.yaml.files import refuse_no_name

    if what not in ("policy", "scenario"):
        raise InputError([option_problem(what, "'policy' or 'scenario'", described(what))])
    if what == "scenario" and actor:
        raise InputError([option_problem("--actor", "an actor with a policy only", "one with a scenario")])
    refuse_no_name(name, f"a {what}")
    path = out / f"{name}.yaml"
    text = templates.new_policy(path, actor, extends) if what == "policy" else templates.new_scenario(path, extends)
    echo(str(templates.write_new(text, path, force)))


@app.command(
    epilog=examples(
        "crossfire schema",
        "crossfire schema --out my-schemas",
    )
)
@guarded
def schema(
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder for the schemas (configs/schemas).")
    ] = None,
) -> None:
    """Write the JSON Schemas of the YAML files, by which editors complete and check them."""
    from sim.inputs.authoring import schemas
    from sim.inputs.yaml.files import home_to_write

    folder = out or home_to_write("a schema", "--out FOLDER writes them elsewhere") / schemas.FOLDER
    for path in schemas.write_schemas(folder):
        echo(str(path))


@app.command(
    epilog=examples(
        "crossfire patterns",
        "crossfire patterns --write docs/evidence.md",
    )
)
@guarded
def patterns(
    worlds: Annotated[int, typer.Option(min=50, metavar="N", help="Worlds of each scenario.")] = 1000,
    seed: Seed = 1,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the page of evidence there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Hold the model against the documents' figures and the known patterns of conflicts; what fails is shown."""
    from sim.evidence import patterns as evidence
    from sim.inputs.yaml.writing import refuse_unwritable, write_together

    refuse_unwritable([write] if write else [])
    load_rules()
    shown, told = evidence.patterns(worlds, seed), evidence.figures(worlds, seed)
    found = [*shown, *told]
    rows = [one.row() for one in found]
    if write:
        before = write.read_text(encoding="utf-8") if write.exists() else ""
        page = evidence.evidence_page(shown, told, worlds, seed).rstrip()
        write_together({write: "\n\n".join([page, *evidence.sections_of(before).values()]) + "\n"})
    if as_json:
        print_json({"worlds": worlds, "seed": seed, "patterns": rows})
    else:
        from sim.cli.tables import listing

        rows = [
            {"holds": row["holds"], "came": row["came"], "wanted": row["wanted"], "of": row["pattern"]} for row in rows
        ]
        print_table(listing(rows))
        echo(f"{sum(one.holds for one in found)} of {len(found)} hold")


@app.command(
    epilog=examples(
        "crossfire fit --worlds 4000",
        "crossfire fit --write",
    )
)
@guarded
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
    from sim.evidence import fit as fitting

    if write:
        fitting.fit_files()
    load_rules()
    found = fitting.fit(worlds, kept, seed, say_progress)
    rows = fitting.rows(found)
    if write:
        fitting.write_fit(found)
    if as_json:
        print_json({"worlds": found.worlds, "kept": found.kept, "seed": seed, "moved": rows})
    else:
        from sim.cli.tables import listing

        print_table(listing(rows))
        echo(f"{len(found.moved)} of {found.asked} parameters moved; {found.kept:,} of {worlds:,} worlds kept")
        if found.kept < FEW_KEPT:
            echo(f"From fewer than {FEW_KEPT} worlds only large moves show: more --worlds, or a larger --kept.")
