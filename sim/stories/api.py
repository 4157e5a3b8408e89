"""Stories from Python: ``sim.story``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError, option_problem
from sim.experiments.request import Request, variants_of
from sim.experiments.variants import Variant
from sim.inputs.arguments import SEED, WORLD, whole
from sim.inputs.labels import named
from sim.inputs.scenario import Scenario
from sim.results import Results
from sim.running.resume import StoredRun, variant_again
from sim.stories.story import Story
from sim.stories.story import story as story_of


def story(
    scenario: str | Path | Scenario | Variant | Results, world: int = 0, seed: int = 1, *, variant: str = "",
    policies: Mapping[str, str] | None = None, theory: str = "",
    settings: Mapping[str, Any] | Sequence[str] | None = None, days: int | None = None, everything: bool = False,
) -> Story:  # fmt: skip
    """Return the story of one world; ``str`` of it is what ``crossfire story`` prints.

    Parameters
    ----------
    scenario : str, path, Scenario, Variant or Results
        Of what it is a world. A world of results is told as it was run: with their settings and their seed.
    world, seed : int
        Which world: the same as world ``world`` of a run with this seed.
    variant : str, optional
        Of results: the label of a variant, or enough of its words (the first by default).
    policies, theory, settings, days : optional
        As for ``sim.run``; of a scenario alone.
    everything : bool
        Tell each event, hidden ones too.

    Raises
    ------
    CrossfireError
        As on the command line, in the same words.

    Examples
    --------
    >>> import sim
    >>> told = sim.story("2020-soleimani", world=17, days=30)
    >>> print(str(told).splitlines()[1])
    2020-soleimani days=30, world 17, seed 1; 30 days from the start
    """
    number, seed = whole(world, WORLD), whole(seed, SEED)
    changes = {"--policy": policies, "--theory": theory, "--set": settings, "--days": days}
    if isinstance(scenario, Results):
        refuse_changes([option for option, value in changes.items() if value] + ["--seed"] * (seed != 1))
        worlds = dict.fromkeys(scenario.variants, scenario.manifest["worlds"])
        one, seed = variant_of_world(scenario, variant, number, worlds), int(scenario.manifest["seed"])
    elif variant:
        expected = "the folder of results, of which to take a variant"
        raise InputError([option_problem("--variant", expected, str(scenario))])
    elif isinstance(scenario, Variant):
        refuse_changes([option for option, value in changes.items() if value], "a variant")
        one = scenario
    else:
        asked = Request.of(
            scenario, worlds=1, seed=seed, days=days, theory=theory, policies=policies, settings=settings
        )
        [one] = variants_of(asked)
    return story_of(one, number, seed, everything=everything)


def variant_of_world(results: StoredRun, words: str, world: int, worlds: Mapping[str, int]) -> Variant:
    """Return the variant of results, by its label or enough words of it, that a world is of.

    ``worlds`` has how many there are of each, by label. InputError where there is no such variant, or world.
    """
    label = named(results.variants, words, "--variant") if words else results.variants[0]
    if label in worlds and world >= worlds[label]:
        raise InputError([option_problem("--world", f"a world from 0 to {worlds[label] - 1}", str(world))])
    return variant_again(results, label)


def refuse_changes(options: Sequence[str], of: str = "a world of results") -> None:
    """Raise InputError where options would change what is told as it is."""
    if options:
        raise InputError([option_problem(options[0], f"no option that changes {of}", "one that does")])
