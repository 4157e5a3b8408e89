"""``crossfire story``: what happened in one world."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import OF_SCENARIO, AsJson, RunOptions, folder_of, takes
from sim.cli.printing import echo, print_json, print_table, say
from sim.cli.program import command
from sim.cli.progress import load_rules
from sim.errors import InputError, option_problem
from sim.inputs.arguments import WORLD, branches_of

if TYPE_CHECKING:
    from sim.experiments.variants import Variant


@command(
    "crossfire story 2020-soleimani --world 17",
    "crossfire story 2020-soleimani --world 17 --policy us=restraint --no-sources",
    "crossfire story 2020-soleimani --world 17 --figures --out world-17",
    "crossfire story results/all-uncertain-1a2b3c4d --variant us=restraint --world 17",
)
@takes(*OF_SCENARIO)
def story(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO|RESULTS", help="A scenario's name or file, or the folder of results.")
    ],
    world: Annotated[
        int, typer.Option(min=WORLD.least, max=WORLD.most, metavar="N", help="Which world, counted from 0.")
    ] = 0,
    *,
    options: RunOptions,
    label: Annotated[
        str,
        typer.Option(
            "--variant", metavar="LABEL", help="Of results: which variant, by enough words of its label (the first)."
        ),
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
) -> None:
    """Tell what happened in one world, day by day, and on whose word.

    A world of results is told as it was run: with its variant's settings, its seed, and what a design gave it.
    """
    variant, seed = _variant_of(scenario, world, label, options)
    load_rules()
    branches = branches_of(branch or (), variant.inputs.days)
    told = _told(variant, world, seed, everything, branches)
    paths = _drawn(variant, world, seed, out, branches) if figures or only_figures or out else []
    if as_json:
        print_json(({} if only_figures else told.plain()) | {"figures": [str(path) for path in paths]})
    elif not only_figures:
        from sim.stories.page import page_of

        print_table(page_of(told, sources))
    tell = say if as_json else echo
    for path in paths:
        tell(f"Figure: {path}")


def _variant_of(scenario: str, world: int, label: str, options: RunOptions) -> tuple["Variant", int]:
    """Return the variant that a world is of, and its seed: of a scenario with options, or of results as they are."""
    if _is_results(scenario):
        return _variant_of_results(folder_of(scenario), world, label, options)
    if label:
        raise InputError([option_problem("--variant", "the folder of results, of which to take a variant", scenario)])
    from sim.experiments.request import variants_of

    [variant] = variants_of(replace(options, worlds=1).request([scenario]))
    return variant, options.seed


def _variant_of_results(folder: Path, world: int, label: str, options: RunOptions) -> tuple["Variant", int]:
    """Return the variant of results that a world is of, and their seed; options that would change it are refused."""
    from sim.results import Results
    from sim.results.manifest import is_rare
    from sim.stories.api import refuse_changes, variant_of_world

    given = {
        "--policy": options.policies, "--theory": options.theory, "--set": options.settings, "--days": options.days,
        "--seed": options.seed != RunOptions.seed,
    }  # fmt: skip
    refuse_changes([name for name, value in given.items() if value])
    if is_rare(folder):
        from sim.running.rare.results import read

        rare = read(folder)
        worlds = {one["label"]: one["roots"] for one in rare.found}
        return variant_of_world(rare, label, world, worlds), int(rare.manifest["seed"])
    results = Results(folder)
    return variant_of_world(results, label, world, dict.fromkeys(results.variants, results.worlds)), results.seed


def _is_results(text: str) -> bool:
    """Return whether a word means a folder of results, and no scenario."""
    from sim.inputs.yaml.files import names_of
    from sim.results.manifest import is_rare

    folder = folder_of(text)
    return text not in names_of("scenario") and ((folder / "manifest.json").exists() or is_rare(folder))


def _drawn(
    variant: "Variant", world: int, seed: int, out: Path | None, branches: tuple[tuple[int, int], ...]
) -> list[Path]:
    """Return the paths of the pictures of one world."""
    from sim.plots.one_story import draw_story
    from sim.results import folder_name

    given = [variant.inputs.hash8, seed, *([list(map(list, branches))] if branches else [])]
    name = folder_name(f"{variant.label}-world-{world}", given)
    return draw_story(variant, world, seed, out or Path("results") / name, branches)


def _told(variant: "Variant", world: int, seed: int, everything: bool, branches: tuple[tuple[int, int], ...]) -> Any:
    from sim.stories.story import story as story_of

    return story_of(variant, world, seed, everything=everything, branches=branches)
