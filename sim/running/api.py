"""Running from Python: ``sim.run`` and ``sim.compare``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.experiments.request import arms_of, asked_in_python, several_arms_of
from sim.inputs.arguments import WORLDS, whole
from sim.results import Results
from sim.running.execute import execute
from sim.running.run import options_on


def run(
    scenario: str | Path, worlds: int = 1_000, seed: int = 1, *, policies: Mapping[str, str] | None = None,
    theory: str = "", settings: Mapping[str, Any] | None = None, days: int | None = None, series: str | int = "",
    out: Path | str | None = None, force: bool = False, threads: int | None = None,
) -> Results:  # fmt: skip
    """Return the results of running a scenario in many worlds.

    Parameters
    ----------
    scenario : str or path
        A scenario's name, or the path of its file.
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
    >>> sim.run("2020-soleimani", worlds=100, policies={"us": "restraint"}).outcomes  # doctest: +SKIP
    """
    asked = asked_in_python([scenario], worlds, seed, policies, theory, settings, None, "", days, series)
    return execute(asked, arms_of(asked), out=out, force=force, options=options_on(threads)).results


def compare(
    *scenarios: str | Path, vary: Mapping[str, Any] | None = None, baseline: str = "", worlds: int = 1_000,
    seed: int = 1, policies: Mapping[str, str] | None = None, theory: str = "",
    settings: Mapping[str, Any] | None = None, days: int | None = None, series: str | int = "",
    out: Path | str | None = None, force: bool = False, threads: int | None = None,
) -> Results:  # fmt: skip
    """Return the results of running several variants in the same worlds.

    Parameters
    ----------
    *scenarios : str or path
        Names or paths of scenarios.
    vary : mapping, optional
        Values to try by path, each combination a variant: ``{"us": ["restraint", "in-kind"], "M08": [0, 1]}``; an
        array as well, or text as it would be typed.
    baseline : str, optional
        The label of the variant that the others are compared with (the first by default).

    Notes
    -----
    The other parameters are those of ``run``.
    """
    asked = asked_in_python(scenarios, worlds, seed, policies, theory, settings, vary, baseline, days, series)
    return execute(asked, several_arms_of(asked), out=out, force=force, options=options_on(threads)).results


def run_sweep(
    name: str | Path, worlds: int | None = None, *, out: Path | str | None = None, force: bool = False,
    threads: int | None = None,
) -> Results:  # fmt: skip
    """Return the results of running a sweep.

    Parameters
    ----------
    name : str or path
        A sweep's name, or the path of its file.
    worlds : int, optional
        Worlds of each variant, instead of those in the file.
    out, force, threads : optional
        As on the command line.
    """
    from sim.experiments.sweep_reader import load_sweep  # no other way of running needs it

    sweep = load_sweep(name) if worlds is None else load_sweep(name).with_worlds(whole(worlds, WORLDS))
    return execute(sweep.asked(), sweep.arms(), out=out, force=force, options=options_on(threads)).results
