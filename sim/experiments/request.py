"""What a run is asked for, as variants, and what comes of it, summed up.

For the command line and for Python alike; ``sim.running`` runs it. Settings lie on a scenario in a fixed
order: what it extends, its own file, ``--theory``, ``--policy``, ``--set`` (and ``--days``), ``--vary``.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from sim import stats
from sim.errors import InputError, Problem, described, option_problem
from sim.experiments.variants import Variant
from sim.inputs.arguments import DAYS, SEED, WORLDS, settings_of, value_text, whole, whole_or_none
from sim.inputs.labels import label_of, with_baseline_first
from sim.inputs.resolve import Inputs, resolve
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
from sim.inputs.yaml.snapshots import at_one_moment
from sim.names.measures import OUTCOMES, Measure
from sim.results import Results, StoreError
from sim.results.comparison import Comparison
from sim.results.files import plain_json
from sim.results.json_forms import COUNT, TEXT, Fields, ListOf, MapOf, misfits
from sim.results.layout import PAIRING
from sim.wording import difference, in_shell, interval, number

#: Weekly series are kept of all worlds up to so many a variant; beyond that, of the first so many.
SERIES_OF_ALL, SERIES_OF_FIRST = 5_000, 1_000
_NUMBER = re.compile(r"[0-9]{1,9}")
_PAIRING = ListOf(Fields({"variant": TEXT, "line": TEXT, "parted": MapOf(COUNT)}))
#: More shards than that are a mistake of typing.
MOST_SHARDS = 100_000
_SHARD = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


@dataclass(frozen=True)
class Asked:
    """What a command or a call asks for.

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


@dataclass(frozen=True)
class Arm:
    """One variant of a run, with the scenario and the settings that made it."""

    variant: Variant
    scenario: str
    settings: tuple[Setting, ...] = ()

    @property
    def label(self) -> str:
        """Return the variant's label."""
        return self.variant.label

    @property
    def inputs(self) -> Inputs:
        """Return all that the variant's worlds are made of."""
        return self.variant.inputs

    def plain(self) -> dict[str, Any]:
        """Return what tells this variant from others, as plain values."""
        changed = {setting.path: setting.value for setting in self.settings}
        name = self.variant.inputs.name
        file = {"file": self.scenario} if self.scenario != name else {}
        return {"scenario": name, **file, "settings": changed, "hash8": self.variant.inputs.hash8}

    def command(self, world: int, seed: int) -> str:
        """Return the command that tells the story of one world of this variant."""
        settings = [word for s in self.settings for word in ("--set", f"{s.path}={s.value}")]
        words = ["crossfire", "story", self.scenario, "--world", str(world), "--seed", str(seed), *settings]
        return in_shell(words)


# Variants --------------------------------------------------------------------------------------------------------


def arms_of(asked: Asked) -> list[Arm]:
    """Return the variants that were asked for, the baseline first; InputError with all that is wrong in all of them."""
    problems: list[Problem] = []
    arms: list[Arm] = []
    with at_one_moment():
        for name in asked.scenarios:
            try:
                arms += _arms_of_scenario(asked, name, problems)
            except InputError as wrong:
                problems += wrong.problems
    once = ("every variant once", "leave one of the two out")
    problems += [option_problem("variants", once[0], got, once[1]) for got in twins(arms)]
    if problems:
        raise InputError(problems)
    return with_baseline_first(arms, asked.baseline)


def several_arms_of(asked: Asked) -> list[Arm]:
    """Return the variants that were asked for; fewer than two are an InputError."""
    arms = arms_of(asked)
    if len(arms) < 2:
        expected = "two variants or more: several scenarios, or --vary PATH=VALUE,VALUE"
        raise InputError([option_problem("compare", expected, "one")])
    return arms


def _arms_of_scenario(asked: Asked, name: str, problems: list[Problem]) -> Iterator[Arm]:
    """Yield the variants of one scenario; what is wrong with any of them goes to ``problems``."""
    base = load_scenario(name)
    common, varied = _settings(asked, base, problems)
    for combination in product(*varied):
        settings = (*common, *combination)
        try:
            inputs = resolve(with_settings(base, settings))
            yield Arm(Variant(_label(base, settings), inputs), name, settings)
        except InputError as wrong:
            problems += wrong.problems


def _settings(asked: Asked, base: Scenario, problems: list[Problem]) -> tuple[list[Setting], list[list[Setting]]]:
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


# Summing up ------------------------------------------------------------------------------------------------------


def pairing_of(results: Results) -> list[dict[str, Any]]:
    """Return what the audit of pairing found for each variant after the first; nothing where none was made.

    Raises
    ------
    StoreError
        If the file that holds it is not what was written, or says something else.
    """
    raw = results.beside(PAIRING)
    if not raw:
        return []
    try:
        found = plain_json(raw)
    except ValueError as error:
        raise StoreError(f"{results.folder / PAIRING}: not what a run writes: {error}") from error
    for wrong in misfits(found, _PAIRING):
        raise StoreError(f"{results.folder / PAIRING}: {wrong}")
    return [one for one in found if one["variant"] in results.variants]


def count_worlds(results: Results, variant: str) -> int:
    """Return how many worlds of a variant are there."""
    return len(results.arrays(["world"], variant)["world"])


def fewest_worlds(results: Results) -> int:
    """Return how many worlds of each variant are there, or of the one that has fewest; all are counted at once."""
    return min(len(found["world"]) for found in results.columns([]).values())


def failures(results: Results, variant: str) -> list[dict[str, Any]]:
    """Return the failed worlds of a variant, with the reason of each."""
    return [f for f in results.failures if results.variants[f["variant"]] == variant]


def drawn_by_design(results: Results) -> str:
    """Return how the worlds of results were drawn, and what that does to intervals, which take them as independent.

    Nothing where they are: each drawn by itself, at random.
    """
    given = results.manifest["inputs"].get("drawing") or {}
    design, replicates = given.get("design"), given.get("replicates", 1)
    kinds = {"sobol": "a Sobol sequence", "latin-hypercube": "a Latin hypercube"}
    over = (
        f"points of {kinds.get(design['kind'], design['kind'])} over {len(design['over'])} quantities" if design else ""
    )
    lived = f"each {'point' if design else 'world'} lived {replicates} times, with other luck" if replicates > 1 else ""
    said_of = ", ".join(filter(None, (over, lived)))
    # Lives of a point are alike, so they tell less than as many worlds; points that lie evenly tell more.
    so = "too narrow" if replicates > 1 else "rather too wide"
    return f"Worlds are not drawn one by one ({said_of}): intervals, which take them so, are {so}." if said_of else ""


def precisions(results: Results) -> list[tuple[str, bool]]:
    """Return for each precision asked for what was reached, in a line, and whether it was."""
    measures = {measure.name: measure for measure in OUTCOMES}
    return [
        (_precision(one, measures[one["measure"]]), bool(one["reached"])) for one in results.manifest.get("until") or ()
    ]


def _precision(one: Mapping[str, Any], measure: Measure) -> str:
    if one["half_width"] is None:
        came = "no interval"
    elif one["second"]:
        came = "{} ({})".format(*difference({**one, "difference": one["estimate"]}, measure))
    else:
        came = f"{number(one['estimate'], measure)} ({interval(one, measure)})"
    reached = "reached" if one["reached"] else f"not reached ({one['why_not']})"
    return f"{one['asked']}: {reached} with {one['worlds']:,} worlds: {came}"


def run_json(results: Results) -> dict[str, Any]:
    """Return the results of one variant as plain values: scenario, worlds, seed, outcomes."""
    results = results.begun()
    label = results.variants[0]
    plain = {
        "scenario": label,
        "worlds": count_worlds(results, label),
        "seed": results.seed,
        "outcomes": Comparison(results.only([label])).summary(label),
    }
    failed = len(failures(results, label))
    return plain | ({"failed": failed} if failed else {}) | _until_json(results)


def _until_json(results: Results) -> dict[str, Any]:
    reached = results.manifest.get("until")
    return {"until": reached} if reached else {}


def compare_json(results: Results, preferences: stats.Preferences | None = None) -> dict[str, Any]:
    """Return the results of several variants as plain values: each one's outcomes, and differences to the baseline.

    ``verdict`` is ``higher``, ``lower``, ``tie`` or ``cannot tell yet`` (``better`` and ``worse`` where the analyst
    said what is wanted; ``not defined`` without worlds), corrected by Holm for headline measures; ``uncorrected`` is
    the same without. ``pairing`` is what the audit of pairing found, null where none was made.
    """
    results = results.begun()
    labels, compared = results.variants, Comparison(results, preferences)
    found, measures = compared.differences(), compared.measures
    return {
        "baseline": labels[0],
        "worlds": fewest_worlds(results),
        "seed": results.seed,
        "variants": [_variant_json(results, compared, k) for k in range(len(labels))],
        "differences": [row for label in labels[1:] for row in _difference_rows(measures, label, found[label])],
        "pairing": pairing_of(results) or None,
    } | _until_json(results)


def _variant_json(results: Results, compared: Comparison, number: int) -> dict[str, Any]:
    entry = results.manifest["variants"][number]
    failed = len(failures(results, entry["label"]))
    plain = {"label": entry["label"], "inputs": entry["inputs"], "outcomes": compared.summary(entry["label"])}
    return plain | ({"failed": failed} if failed else {})


_DIFFERENCE = (
    "difference", "low", "high", "only_first", "only_second", "verdict", "uncorrected", "corrected", "p", "p_corrected",
    "tie", "more_worlds", "method", "standardised", "superiority", "superiority_low", "superiority_high",
    "pairing_saves",
)  # fmt: skip


def _difference_rows(measures: Iterable[Measure], variant: str, found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row for each measure, and for each category of a measure of categories."""
    for measure in measures:
        head = {"variant": variant, "measure": measure.name}
        if measure.kind == "category":
            for category, one in found[measure.name]["shares"].items():
                yield head | {"category": category} | _difference_row(one, measure)
        else:
            yield head | _difference_row(found[measure.name], measure)


def _difference_row(found: Mapping[str, Any], measure: Measure) -> dict[str, Any]:
    alone = {"uncorrected": found["verdict"], "corrected": False}
    return {key: (alone | dict(found)).get(key) for key in (*_DIFFERENCE, *(("n",) if measure.among else ()))}


# From Python -----------------------------------------------------------------------------------------------------


def asked_in_python(
    scenarios: Sequence[str | Path], worlds: int, seed: int, policies: Mapping[str, str] | None, theory: str,
    settings: Mapping[str, Any] | None, vary: Mapping[str, Any] | None, baseline: str, days: int | None,
    series: str | int,
) -> Asked:  # fmt: skip
    """Return what a call from Python asks for; InputError with all that the command line would refuse too."""
    problems: list[Problem] = []

    def tried(form: Callable[..., Any], *given: Any) -> Any:
        try:
            return form(*given)
        except InputError as wrong:
            problems.extend(wrong.problems)
            return 1

    asked = Asked(
        tuple(map(str, scenarios)), tried(whole, worlds, WORLDS), tried(whole, seed, SEED),
        tried(whole_or_none, days, DAYS), str(theory or ""),
        tried(settings_of, policies, "--policy", "{'us': 'restraint'}"),
        tried(settings_of, settings, "--set", "{'situation.us_troops': 2500}"), tried(_varied, vary), str(baseline),
        str(series),
    )  # fmt: skip
    tried(lambda: asked.kept_series)
    if problems:
        raise InputError(problems)
    return asked


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
