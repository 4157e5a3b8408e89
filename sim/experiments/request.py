"""What a run is asked for, as variants.

For the command line and for Python alike; ``sim.running`` runs it. Settings lie on a scenario in a fixed
order: what it extends, its own file, ``--theory``, ``--policy``, ``--set`` (and ``--days``), ``--vary``.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem, described, option_problem
from sim.experiments.variants import Variant
from sim.inputs.arguments import DAYS, SEED, WORLDS, settings_of, value_text, whole, whole_or_none
from sim.inputs.labels import label_of, with_baseline_first
from sim.inputs.resolve import resolve
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.settings import (
    Setting,
    policy_setting,
    setting_path,
    short_path,
    theory_setting,
    two_on_one_path,
    with_settings,
)
from sim.inputs.twins import twins
from sim.inputs.values import in_a_row, spelling
from sim.inputs.yaml.files import file_named
from sim.inputs.yaml.snapshots import at_one_moment

#: Weekly series are kept of all worlds up to so many a variant; beyond that, of the first so many.
SERIES_OF_ALL, SERIES_OF_FIRST = 5_000, 1_000
_NUMBER = re.compile(r"[0-9]{1,9}")
#: More shards than that are a mistake of typing.
MOST_SHARDS = 100_000
_SHARD = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


#: Values by path, or texts such as ``us=restraint``.
Given = Mapping[str, Any] | Sequence[str] | None


@dataclass(frozen=True, repr=False)
class Request:
    """What is asked for: scenarios, what is laid on them, what is varied, in how many worlds.

    Parameters
    ----------
    scenarios : tuple of str
        Names or paths of scenarios.
    theory : str
        The name of a theory, or a reading such as ``M01=deterrence``.
    policies, settings, vary : tuple of str
        ``us=restraint``; ``situation.us_troops=2500``; ``us=restraint,in-kind``.
    baseline : str
        A label, or enough of its words to tell it from the others; the first variant by default.
    series : str
        ``all``, ``none`` or a number: of how many worlds a variant to keep the weekly series.
    until : tuple of str
        Precisions at which to stop, such as ``exited +- 0.01``; ``worlds`` is then the most that are run.
    shard : str
        ``k/n``: only every n-th part of the worlds, for ``crossfire merge``.
    name, title, purpose : str
        What the run is called, where it has a name of its own, what it is in words, and what it is for.

    Examples
    --------
    >>> import sim
    >>> sim.Request.of("2021-quiet", worlds=20, vary={"us": ["restraint", "in-kind"]})
    Request(scenarios=('2021-quiet',), worlds=20, vary=('us=restraint,in-kind',))
    """

    scenarios: tuple[str, ...]
    worlds: int = 1_000
    seed: int = 1
    days: int | None = None
    theory: str = ""
    policies: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    vary: tuple[str, ...] = ()
    baseline: str = ""
    series: str = ""
    until: tuple[str, ...] = ()
    shard: str = ""
    name: str = ""
    title: str = ""
    purpose: str = ""

    @classmethod
    def of(
        cls, *scenarios: str | Path | Scenario, worlds: int = 1_000, seed: int = 1, days: int | None = None,
        theory: str = "", policies: Given = None, settings: Given = None, vary: Given = None, baseline: str = "",
        series: str | int = "", until: Sequence[str] = (), shard: str = "",
    ) -> "Request":  # fmt: skip
        """Return what options of the command line, or keywords of Python, ask for.

        ``policies``, ``settings`` and ``vary`` are maps by path, or texts as they are typed.

        Raises
        ------
        InputError
            With all of it that can be no such thing; files are not looked at yet.
        """
        problems: list[Problem] = []

        def tried(form: Callable[..., Any], *given: Any) -> Any:
            try:
                return form(*given)
            except InputError as wrong:
                problems.extend(wrong.problems)
                return 1

        asked = cls(
            tuple(map(_named, scenarios)), tried(whole, worlds, WORLDS), tried(whole, seed, SEED),
            tried(whole_or_none, days, DAYS), str(theory or ""),
            tried(settings_of, policies, "--policy", "{'us': 'restraint'}"),
            tried(settings_of, settings, "--set", "{'situation.us_troops': 2500}"), tried(_varied, vary), str(baseline),
            str(series), tuple(until), shard,
        )  # fmt: skip
        tried(lambda: asked.kept_series)
        if problems:
            raise InputError(problems)
        return asked

    def __repr__(self) -> str:
        """Return what is asked for, as far as it is not as usual."""
        told = [f"{one.name}={value!r}" for one in fields(self) if (value := getattr(self, one.name)) != one.default]
        return f"Request({', '.join(told)})"

    @property
    def kept_series(self) -> int:
        """Return of how many worlds a variant the weekly series are kept."""
        if not self.series:
            return self.worlds if self.worlds <= SERIES_OF_ALL else SERIES_OF_FIRST
        if self.series in ("all", "none"):
            return self.worlds if self.series == "all" else 0
        if not _NUMBER.fullmatch(self.series):
            raise InputError([_wrong("--series", self.series, "'all', 'none' or a number of worlds")])
        return min(int(self.series), self.worlds)


def shard_of(text: str) -> tuple[int, int]:
    """Return k and n of a share ``k/n`` of a run; InputError if it is none. ``03/16`` is the same as ``3/16``."""
    found = _SHARD.fullmatch(text)
    k, n = map(int, found.groups()) if found else (0, 0)
    if not 1 <= k <= n <= MOST_SHARDS:
        raise InputError([_wrong("--shard", text, "K/N with K from 1 to N, such as 3/16")])
    return k, n


# Variants --------------------------------------------------------------------------------------------------------


def variants_of(asked: Request) -> list[Variant]:
    """Return the variants that were asked for, the baseline first; InputError with all that is wrong in all of them."""
    problems: list[Problem] = []
    variants: list[Variant] = []
    with at_one_moment():
        for name in asked.scenarios:
            try:
                variants += _variants_of_scenario(asked, name, problems)
            except InputError as wrong:
                problems += wrong.problems
    once = ("every variant once", "leave one of the two out")
    problems += [option_problem("variants", once[0], got, once[1]) for got in twins(variants)]
    if problems:
        raise InputError(problems)
    return with_baseline_first(variants, asked.baseline)


def several_variants_of(asked: Request) -> list[Variant]:
    """Return the variants that were asked for; fewer than two are an InputError."""
    variants = variants_of(asked)
    if len(variants) < 2:
        expected = "two variants or more: several scenarios, or --vary PATH=VALUE,VALUE"
        raise InputError([option_problem("compare", expected, "one")])
    return variants


def _variants_of_scenario(asked: Request, name: str, problems: list[Problem]) -> Iterator[Variant]:
    """Yield the variants of one scenario; what is wrong with any of them goes to ``problems``."""
    base = load_scenario(name)
    common, varied = _settings(asked, base, problems)
    for combination in product(*varied):
        settings = (*common, *combination)
        try:
            inputs = resolve(with_settings(base, settings))
            yield Variant(_label(base, settings), inputs, scenario=name, settings=settings)
        except InputError as wrong:
            problems += wrong.problems


def _settings(asked: Request, base: Scenario, problems: list[Problem]) -> tuple[list[Setting], list[list[Setting]]]:
    """Return the settings that all variants share, and for each ``--vary`` its settings, one for each value.

    Those whose path is none go to ``problems`` and are left out, so that the rest can be looked at too.
    """

    def place(option: str, text: str, form: Callable[[str], str] = str) -> list[Setting]:
        try:
            said = form(text)
            return [Setting(option, said, setting_path(base, said, option))]
        except InputError as wrong:
            problems.extend(wrong.problems)
            return []

    common = place("--theory", asked.theory, theory_setting) if asked.theory else []
    common += [s for text in asked.policies for s in place("--policy", text, policy_setting)]
    common += [s for text in asked.settings for s in place("--set", text)]
    common += place("--days", f"days={asked.days}") if asked.days is not None else []
    varied = [[s for value in values_of(text) for s in place("--vary", value)] for text in asked.vary]
    varied = [values for values in varied if values]
    problems += two_on_one_path([*common, *(values[0] for values in varied)])
    return common, varied


def values_of(text: str) -> list[str]:
    """Return ``us=a,b`` as ``us=a`` and ``us=b``: values part at commas outside of brackets and quotes."""
    path, equals, values = text.partition("=")
    parts = [part.strip() for part in _parted(values)]
    if not equals or not all(parts):
        raise InputError([_wrong("--vary", text, "PATH=VALUE,VALUE such as us=restraint,in-kind")])
    return [f"{path}={part}" for part in parts]


def varied_said(text: str) -> str:
    """Return ``M08=0,1`` for ``M08=0, 1.0``: what is varied in the one way of writing it."""
    given = [one.partition("=") for one in values_of(text)]
    return f"{given[0][0]}={','.join(spelling(value) for _, _, value in given)}"


def _parted(text: str) -> list[str]:
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if letter == "," and not depth and not quote:
            parts.append("")
            continue
        if letter in "\"'" and quote in ("", letter):
            quote = "" if quote else letter
        elif not quote:
            depth += (letter in "[{") - (letter in "]}")
        parts[-1] += letter
    return parts


def _label(base: Scenario, settings: Sequence[Setting]) -> str:
    """Return ``2020-soleimani us=in-kind``: the scenario, then each setting by its shortest path."""
    return label_of(base.name, [(short_path(base, one.path), one.value) for one in settings])


def _wrong(option: str, text: str, expected: str, hint: str = "") -> Problem:
    return option_problem(option, expected, described(text), hint)


# Words of requests --------------------------------------------------------------------------------------------------


def _named(scenario: str | Path | Scenario) -> str:
    """Return the name, or the path, by which a scenario is found again."""
    if not isinstance(scenario, Scenario):
        return str(scenario)
    path = scenario.document.path
    try:
        by_name = path is None or file_named("scenario", scenario.name) == path
    except InputError:  # there is none of this name here
        by_name = False
    return scenario.name if by_name else str(path)


def _varied(given: Any) -> tuple[str, ...]:
    """Return ``us=a,b`` for each path to vary: for several values, for one alone, or for text as it would be typed."""
    if not isinstance(given, Mapping):
        return settings_of(given, "--vary", "{'us': ['restraint', 'in-kind']}")
    return tuple(
        f"{path}={values if isinstance(values, str) else ','.join(_texts(values, str(path)))}"
        for path, values in given.items()
    )


def _in_a_row(values: Iterable[Any], path: str) -> Iterable[Any]:
    try:
        return in_a_row(values)
    except TypeError:  # a set of what cannot be said says so value by value
        return values


def _texts(values: Any, path: str) -> list[str]:
    many = isinstance(values, Iterable) and not isinstance(values, Mapping) and getattr(values, "shape", None) != ()
    texts = [value_text(one, path) for one in (_in_a_row(values, path) if many else [values])]
    # A comma would part text in two.
    return [json.dumps(text) if len(_parted(text)) > 1 else text for text in texts]
