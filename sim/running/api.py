"""Running from Python: ``sim.run``, ``sim.compare`` and ``sim.sweep``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.experiments.request import Request, several_variants_of, variants_of
from sim.experiments.sweep import Sweep
from sim.inputs.arguments import WORLDS, whole
from sim.inputs.scenario import Scenario
from sim.results import Results
from sim.running.execute import execute
from sim.running.run import options_on


def run(
    scenario: str | Path | Scenario, worlds: int = 1_000, seed: int = 1, *, policies: Mapping[str, str] | None = None,
    theory: str = "", settings: Mapping[str, Any] | None = None, days: int | None = None, series: str | int = "",
    out: Path | str | None = None, force: bool = False, threads: int | None = None,
) -> Results:  # fmt: skip
    """Return the results of running a scenario in many worlds.

    Parameters
    ----------
    scenario : str, path or Scenario
        A scenario's name, or the path of its file, or one that was loaded.
    worlds, seed : int
        How many worlds, and where chance begins.
    policies : mapping, optional
        Policies by actor: ``{"us": "restraint"}``.
    theory : str, optional
        The name of a theory.
    settings : mapping, optional
        Values by path: ``{"situation.us_troops": 2500}``; numbers of NumPy and dates as well.
    days, series, out, force, threads : optional
        As on the command line.

    Raises
    ------
    InputError
        If anything is asked for that the command line would refuse, in the same words.

    Examples
    --------
    >>> import sim
    >>> results = sim.run("2021-quiet", worlds=20, days=30, policies={"us": "restraint"})
    >>> results.outcomes.shape[0]
    20
    """
    asked = Request.of(
        scenario,
        worlds=worlds,
        seed=seed,
        days=days,
        theory=theory,
        policies=policies,
        settings=settings,
        series=series,
    )
    return execute(asked, variants_of(asked), out=out, force=force, options=options_on(threads)).results


def compare(
    *scenarios: str | Path | Scenario, vary: Mapping[str, Any] | None = None, baseline: str = "", worlds: int = 1_000,
    seed: int = 1, policies: Mapping[str, str] | None = None, theory: str = "",
    settings: Mapping[str, Any] | None = None, days: int | None = None, series: str | int = "",
    out: Path | str | None = None, force: bool = False, threads: int | None = None,
) -> Results:  # fmt: skip
    """Return the results of running several variants in the same worlds.

    Parameters
    ----------
    *scenarios : str, path or Scenario
        Scenarios by name or path, or loaded.
    vary : mapping, optional
        Values to try by path, each combination a variant: ``{"us": ["restraint", "in-kind"], "M08": [0, 1]}``; an
        array as well, or text as it would be typed.
    baseline : str, optional
        The label of the variant that the others are compared with (the first by default).

    Notes
    -----
    The other parameters are those of ``run``.

    Examples
    --------
    >>> import sim
    >>> results = sim.compare("2021-quiet", vary={"us": ["restraint", "in-kind"]}, worlds=20, days=30)
    >>> results.comparison().labels
    ['2021-quiet days=30 us=restraint', '2021-quiet days=30 us=in-kind']
    """
    asked = Request.of(
        *scenarios, worlds=worlds, seed=seed, days=days, theory=theory, policies=policies, settings=settings, vary=vary,
        baseline=baseline, series=series,
    )  # fmt: skip
    return execute(asked, several_variants_of(asked), out=out, force=force, options=options_on(threads)).results


def sweep(
    name: str | Path | Sweep, worlds: int | None = None, *, out: Path | str | None = None, force: bool = False,
    threads: int | None = None,
) -> Results:  # fmt: skip
    """Return the results of running a sweep.

    Parameters
    ----------
    name : str, path or Sweep
        A sweep's name, or the path of its file, or one that was loaded.
    worlds : int, optional
        Worlds of each variant, instead of those in the file.
    out, force, threads : optional
        As on the command line.

    Examples
    --------
    >>> import sim
    >>> sim.sweep("policies-by-theories", worlds=1_000).comparison()  # doctest: +SKIP
    """
    asked = name if isinstance(name, Sweep) else Sweep.load(name)
    if worlds is not None:
        asked = asked.with_worlds(whole(worlds, WORLDS))
    return execute(asked.request(), asked.variants, out=out, force=force, options=options_on(threads)).results
