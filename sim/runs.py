"""Put a run together: variants from what was asked, their worlds into a folder of results, summaries out of it.

The one place where this is done, for the command line and for Python alike. Settings lie on a scenario in a fixed
order: what it extends, its own file, ``--theory``, ``--policy``, ``--set`` (and ``--days``), ``--vary``.
"""

import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import stats
from sim.design import Variant
from sim.errors import InputError, Problem, described, nearest, one_of
from sim.names.measures import OUTCOMES, SERIES, Measure
from sim.scenario import (
    Scenario,
    load_scenario,
    override,
    policy_setting,
    resolve,
    setting_path,
    theory_setting,
)
from sim.store import Results, Store, create, folder_name, texts
from sim.world.compiled import PLAIN, is_compiled, prune, rule_hash

if TYPE_CHECKING:
    from sim.ensemble import Block

#: Weekly series are kept of all worlds up to so many a variant; beyond that, of the first so many.
SERIES_OF_ALL, SERIES_OF_FIRST = 5_000, 1_000
#: Values read at a time when outcomes are summed up: memory stays flat whatever the number of worlds.
VALUES_AT_A_TIME = 400_000
DESIGN, PAIRING = "design.parquet", "pairing.json"
_NUMBER = re.compile(r"[0-9]{1,9}")


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


@dataclass(frozen=True)
class Setting:
    """One change to a scenario: the option and words that ask for it, and the full path that it changes."""

    option: str
    text: str
    path: str

    @property
    def value(self) -> str:
        """Return the text of the new value."""
        return self.text.partition("=")[2].strip()


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
        return shlex.join(words)


# Variants --------------------------------------------------------------------------------------------------------


def arms_of(asked: Asked) -> list[Arm]:
    """Return the variants that were asked for, the baseline first; InputError with all that is wrong in all of them."""
    problems: list[Problem] = []
    arms: list[Arm] = []
    for name in asked.scenarios:
        try:
            arms += _arms_of_scenario(asked, name, problems)
        except InputError as wrong:
            problems += wrong.problems
    problems += _twins(arms)
    if problems:
        raise InputError(problems)
    return _with_baseline_first(arms, asked.baseline)


def several_arms_of(asked: Asked) -> list[Arm]:
    """Return the variants that were asked for; fewer than two are an InputError."""
    arms = arms_of(asked)
    if len(arms) < 2:
        expected = "two variants or more: several scenarios, or --vary PATH=VALUE,VALUE"
        raise InputError([Problem("compare", 1, 1, "", expected, "one")])
    return arms


def _arms_of_scenario(asked: Asked, name: str, problems: list[Problem]) -> Iterator[Arm]:
    """Yield the variants of one scenario; what is wrong with any of them goes to ``problems``."""
    base = load_scenario(name)
    common, varied = _settings(asked, base, problems)
    for combination in product(*varied):
        settings = (*common, *combination)
        try:
            changed = _changed(base, settings)
            yield Arm(Variant(_label(base, settings), resolve(changed)), name, settings)
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
    problems += _two_on_one_path([*common, *(values[0] for values in varied)])
    return common, varied


def values_of(text: str) -> list[str]:
    """Return ``us=a,b`` as ``us=a`` and ``us=b``: values part at commas outside of brackets and quotes."""
    path, equals, values = text.partition("=")
    parts = [part.strip() for part in _parted(values)]
    if not equals or not all(parts):
        raise InputError([_wrong("--vary", text, "PATH=VALUE,VALUE such as us=restraint,in-kind")])
    return [f"{path}={part}" for part in parts]


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


def _two_on_one_path(settings: Sequence[Setting]) -> list[Problem]:
    """Return a problem for each path that two options set."""
    first: dict[str, Setting] = {}
    problems = []
    for setting in settings:
        earlier = first.setdefault(setting.path, setting)
        if earlier is not setting:
            expected = f"one setting of '{setting.path}'"
            got = f"two: {earlier.option} {earlier.text} and {setting.option} {setting.text}"
            problems.append(Problem(f"{setting.option} {setting.text}", 1, 1, setting.path, expected, got))
    return problems


def _changed(base: Scenario, settings: Sequence[Setting]) -> Scenario:
    for setting in settings:
        base = override(base, setting.text, setting.option)
    return base


def _label(base: Scenario, settings: Sequence[Setting]) -> str:
    """Return ``2020-soleimani us=in-kind``: the scenario, then each setting by its shortest path."""
    words = [f"{_short_path(base, s.path)}={''.join(s.value.split())}" for s in settings]
    return " ".join([base.name, *words])


def _short_path(base: Scenario, path: str) -> str:
    """Return the shortest end of ``path`` that still means it."""
    steps = path.split(".")
    for k in range(len(steps) - 1, 0, -1):
        short = ".".join(steps[k:])
        try:
            if setting_path(base, f"{short}=0") == path:
                return short
        except InputError:
            continue
    return path


def _twins(arms: Sequence[Arm]) -> list[Problem]:
    labels = [arm.label for arm in arms]
    twins = dict.fromkeys(label for label in labels if labels.count(label) > 1)
    return [_wrong("variants", label, "every variant once", "leave one of the two out") for label in twins]


def _with_baseline_first(arms: list[Arm], baseline: str) -> list[Arm]:
    if not baseline:
        return arms
    exact = [arm for arm in arms if arm.label == baseline]
    fitting = exact or [arm for arm in arms if set(baseline.split()) <= set(arm.label.split())]
    if len(fitting) != 1:
        labels = [arm.label for arm in arms]
        raise InputError([_wrong("--baseline", baseline, one_of(labels), nearest(baseline, labels))])
    return fitting + [arm for arm in arms if arm is not fitting[0]]


def _wrong(option: str, text: str, expected: str, hint: str = "") -> Problem:
    return Problem(option, 1, 1, "", expected, described(text), hint)


# Running ---------------------------------------------------------------------------------------------------------


class Watch:
    """Is told how a run goes; says nothing by itself."""

    def preparing(self) -> AbstractContextManager[Any]:
        """Return what surrounds loading or compiling the rules."""
        return nullcontext()

    def running(self, worlds: int) -> AbstractContextManager[Any]:
        """Return what surrounds the running of so many worlds."""
        return nullcontext()

    def ran(self, worlds: int) -> None:
        """Take note of so many more worlds."""


@dataclass(frozen=True)
class Done:
    """A finished run: its results, and whether they had been there before."""

    results: Results
    already_there: bool = False


class Interrupted(KeyboardInterrupt):
    """A run was broken off by hand; ``results`` holds what is there, and the same run goes on from it."""

    def __init__(self, results: Results) -> None:
        super().__init__()
        self.results = results

    @property
    def kept(self) -> int:
        """Return how many worlds of all variants are kept."""
        return sum(part["n"] for part in self.results.manifest["parts"] if part["table"] == "outcomes")

    @property
    def asked(self) -> int:
        """Return how many worlds of all variants were asked for."""
        return int(self.results.manifest["worlds"]) * len(self.results.variants)


@dataclass
class _Job:
    """What a run needs on its way."""

    asked: Asked
    arms: list[Arm]
    columns: tuple[str, ...] = field(default=())

    @property
    def label(self) -> str:
        """Return the name of the whole run: what all variants share."""
        words = [arm.label.split() for arm in self.arms]
        first = dict.fromkeys(arm.variant.inputs.name for arm in self.arms)
        shared = [word for word in words[0][1:] if all(word in others for others in words)]
        return " ".join(["+".join(first), *shared])

    @property
    def inputs(self) -> dict[str, Any]:
        """Return all that was given, whole: the first variant's inputs, and how the others differ from them."""
        plains = [arm.variant.inputs.plain() for arm in self.arms]
        others = [{"label": arm.label} | _less(plain, plains[0]) for arm, plain in zip(self.arms, plains, strict=True)]
        variants = [{"label": self.arms[0].label} | plains[0], *others[1:]]
        asked = self.asked
        return {"worlds": asked.worlds, "seed": asked.seed, "series": asked.kept_series, "variants": variants}

    @property
    def folder(self) -> Path:
        """Return where results go when nothing else is said: named after what was asked, and the rules."""
        varied = [text.replace(" ", "") for text in self.asked.vary]
        label = " ".join([self.label, *varied]) if len(self.arms) > 1 else self.label
        return Path("results") / folder_name(label, self.inputs | {"rules": rule_hash()})


def _less(plain: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of ``plain`` is not in ``base``, maps looked into."""
    rest: dict[str, Any] = {}
    for key, value in plain.items():
        if key not in base or (value != base[key] and not (isinstance(value, dict) and isinstance(base[key], dict))):
            rest[key] = value
        elif value != base[key]:
            rest[key] = _less(value, base[key])
    gone = [key for key in base if key not in plain]
    return rest | ({"without": gone} if gone else {})


def execute(
    asked: Asked,
    arms: list[Arm],
    *,
    out: Path | str | None = None,
    force: bool = False,
    threads: int | None = None,
    watch: Watch | None = None,
) -> Done:
    """Return the results of running all variants, taken up where the same run broke off, or shown if it is there.

    Parameters
    ----------
    out : path, optional
        The folder for the results; ``results/NAME`` with a name made of what was asked by default.
    force : bool
        Replace the results of an earlier run.
    threads : int, optional
        How many worlds to run side by side (as many as there are processors by default).
    watch : Watch, optional
        Is told how the run goes.

    Raises
    ------
    Interrupted
        If it is broken off by Ctrl-C; what was run is kept.
    """
    job = _Job(asked, arms)
    first = arms[0].variant.inputs
    store = create(
        Path(out) if out is not None else job.folder,
        job.inputs,
        label=job.label,
        seed=asked.seed,
        worlds=asked.worlds,
        variants=[{"label": arm.label, "inputs": arm.plain()} for arm in arms],
        rules_hash=rule_hash(),
        title=first.title if len({arm.variant.inputs.title for arm in arms}) == 1 else None,
        start=first.start.isoformat(),
        days=max(arm.variant.inputs.days for arm in arms),
        force=force,
    )
    if store.finished:
        return Done(Results(store.folder, store.manifest), already_there=True)
    job.columns = _uncertain(arms)
    try:
        with store:
            _run_all(job, store, threads, watch or Watch())
            return Done(store.finish())
    except KeyboardInterrupt:
        raise Interrupted(Results(store.folder, store.manifest)) from None


def _run_all(job: _Job, store: Store, threads: int | None, watch: Watch) -> None:
    """Run all worlds that are not there yet, and keep them part by part."""
    with watch.preparing():
        _load_numba_lightly()
        from sim.ensemble import processors, run_worlds

        prepare_rules(job.arms[0].variant)
    variants, asked = [arm.variant for arm in job.arms], job.asked
    with watch.running(asked.worlds * len(variants)):
        for block in run_worlds(
            variants, asked.worlds, asked.seed, threads=threads or processors(), series_worlds=asked.kept_series,
            skip=store.has, ran=watch.ran,
        ):  # fmt: skip
            # Written while the next worlds run, as is all that follows: the threads are not waiting for it.
            if len(job.arms) > 1 and not (store.folder / DESIGN).exists():
                _write_design(job.arms, store.folder / DESIGN)
            _keep(job, store, block)
    if len(variants) > 1:
        _write_pairing(variants, asked, store.folder / PAIRING)


def _write_pairing(variants: list[Variant], asked: Asked, path: Path) -> None:
    """Write how a few worlds of every variant part from the baseline's, and whether for a reason."""
    from sim.pairing import audit_pairing

    found = [audit.plain() for audit in audit_pairing(variants, asked.worlds, asked.seed)]
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _load_numba_lightly() -> None:
    """Load Numba without SciPy's linear algebra: no rule multiplies matrices, and it takes as long as all the rest.

    Numba looks for it once, as it starts; where it is not to be had, ``numpy.dot`` cannot be compiled.
    """
    if "numba.np.arraymath" in sys.modules or "scipy.linalg" in sys.modules or PLAIN:
        return
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules["scipy.linalg"]


def prepare_rules(variant: Variant, everything: bool = False) -> None:
    """Load the compiled rules, or compile them, by living through one day of one world.

    With ``everything``, or when nothing has been compiled yet, those too that only a story needs.
    """
    from sim.ensemble import OneWorld, run_worlds

    one_day = Variant(variant.label, replace(variant.inputs, days=1))
    everything = everything or not is_compiled()
    for _ in run_worlds([one_day], 1, 1, threads=1):
        pass
    if everything:
        world = OneWorld(one_day, 0).run_to()
        world.outcomes()
        world.digest()
        prune()


def _keep(job: _Job, store: Store, block: "Block") -> None:
    """Keep a block of worlds: failures first, so that a part that is there has all of its own named."""
    for world in block.failed:
        store.fail(block.variant, world, _failure(job, block, world))
    names = block.outcomes.dtype.names or ()
    outcomes = {name: block.outcomes[name] for name in names}
    series = {m.name: block.series[m.name] for m in SERIES} if len(block.series) else None
    store.add(block.variant, block.first, outcomes | _inputs_of(job, block), series)


def _inputs_of(job: _Job, block: "Block") -> dict[str, np.ndarray]:
    """Return each uncertain quantity of these worlds; where a variant holds it fixed its value, else null."""
    n, known = len(block.outcomes), job.arms[block.variant].variant.inputs.quantities
    columns = {}
    for name in job.columns:
        if name == "theory":
            arm = job.arms[block.variant].variant
            columns[name] = np.array(arm.theories(block.inputs) or [arm.inputs.theory] * n, dtype=object)
        elif name in block.inputs:
            columns[name] = block.inputs[name]
        else:
            fixed = known[name].quantile(np.zeros(1))[0] if name in known else np.nan
            columns[name] = np.full(n, fixed)
    return columns


def _uncertain(arms: Sequence[Arm]) -> tuple[str, ...]:
    """Return the names of the quantities that vary from world to world in any of the variants."""
    return tuple(dict.fromkeys(column.name for arm in arms for column in arm.variant.columns))


def _failure(job: _Job, block: "Block", world: int) -> str:
    """Return what went wrong with a world: at which stage, with what, and how to see it again."""
    row = block.outcomes[world - block.first]
    broken = [m.name for m in OUTCOMES if not m.among and not np.isfinite(row[m.name])]
    again = job.arms[block.variant].command(world, job.asked.seed)
    return f"stage: outcomes; cause: no finite number for {', '.join(broken)}; to repeat: {again}"


def _write_design(arms: Sequence[Arm], path: Path) -> None:
    """Write a table of the variants: label, scenario, and the value of each path that was set, as text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    paths = dict.fromkeys(setting.path for arm in arms for setting in arm.settings)
    given = [{setting.path: setting.value for setting in arm.settings} for arm in arms]
    columns: dict[str, list[str | None]] = {
        "variant": [arm.label for arm in arms],
        "scenario": [arm.variant.inputs.name for arm in arms],
    }
    columns |= {path: [settings.get(path) for settings in given] for path in paths}
    pq.write_table(pa.table({name: texts(values) for name, values in columns.items()}), path)


# Summing up ------------------------------------------------------------------------------------------------------


def measures_of(results: Results) -> list[Measure]:
    """Return the outcome measures that the results hold."""
    names = set(results.names())
    return [measure for measure in OUTCOMES if measure.name in names]


def headlines_of(results: Results) -> list[Measure]:
    """Return the headline measures that the results hold."""
    return [measure for measure in measures_of(results) if measure.headline]


def columns_of(results: Results, variant: str) -> Callable[[str], Any]:
    """Return a reader of a variant's outcomes by name, for measures asked for in order; it reads a few at a time."""
    names = [measure.name for measure in measures_of(results)]
    together = max(1, VALUES_AT_A_TIME // results.manifest["worlds"])
    at_hand: dict[str, Any] = {}

    def read(name: str) -> Any:
        if name not in at_hand:
            at = names.index(name)
            at_hand.clear()
            at_hand.update(results.arrays(names[at : at + together], variant))
        return at_hand[name]

    return read


def summary(results: Results, variant: str) -> dict[str, dict[str, Any]]:
    """Return the summary of every outcome of one variant, by measure."""
    return stats.summaries(columns_of(results, variant), measures_of(results))


def differences(results: Results, variant: str, judging: stats.Judging | None = None) -> dict[str, dict[str, Any]]:
    """Return how every outcome of ``variant`` differs from the baseline's over the same worlds, by measure.

    Verdicts are as they stand alone: ``comparison`` corrects them for their number.
    """
    baseline, measures = results.variants[0], measures_of(results)
    if results.manifest["status"] == "finished":
        return stats.differences(columns_of(results, baseline), columns_of(results, variant), measures, judging)
    pairs = {m.name: results.pair(m.name, baseline, variant) for m in measures}
    return stats.differences(lambda n: pairs[n][0], lambda n: pairs[n][1], measures, judging)


def comparison(results: Results, judging: stats.Judging | None = None) -> dict[str, dict[str, dict[str, Any]]]:
    """Return how every variant after the first differs from it, by label and measure, as ``stats.paired_difference``.

    Verdicts of headline measures are corrected by Holm over all of them and all variants (``stats.decide``).
    """
    found = {label: differences(results, label, judging) for label in results.variants[1:]}
    return stats.correct(found, measures_of(results), judging)


def pairing_of(results: Results) -> list[dict[str, Any]]:
    """Return what the audit of pairing found for each variant after the first; nothing where none was made."""
    try:
        found = json.loads((results.folder / PAIRING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [one for one in found if one["variant"] in results.variants]


def exits_over_time(results: Results, variant: str, days: Sequence[int] | None = None) -> dict[str, Any]:
    """Return the share of a variant's worlds gone in each way by each day asked about (weekly), with bands.

    As ``stats.cumulative_incidence``, by the ends of ``stats.ENDS``; worlds are seen to their variant's last day.
    """
    frame = results.outcomes_columns(["exit_day", "exit_kind", "north_kept"], variant)
    inputs = results.manifest["inputs"].get("variants") or [{}]
    place = results.variants.index(variant)
    until = int(inputs[min(place, len(inputs) - 1)].get("days", inputs[0].get("days", results.manifest["days"])))
    asked = np.append(np.arange(0, until, 7), until) if days is None else np.asarray(days)
    ends = stats.ends_of(frame["exit_kind"], frame["north_kept"])
    return stats.cumulative_incidence(frame["exit_day"], ends, until, asked)


def short_labels(labels: Sequence[str]) -> list[str]:
    """Return labels without the words that all of them share."""
    words = [label.split() for label in labels]
    shared = set(words[0]).intersection(*words[1:]) if len(labels) > 1 else set()
    return [" ".join(w for w in parts if w not in shared) or "as it is" for parts in words]


def count_worlds(results: Results, variant: str) -> int:
    """Return how many worlds of a variant are there."""
    return len(results.arrays(["world"], variant)["world"])


def failures(results: Results, variant: str) -> list[dict[str, Any]]:
    """Return the failed worlds of a variant, with the reason of each."""
    return [f for f in results.manifest["failures"] if results.variants[f["variant"]] == variant]


def run_json(results: Results) -> dict[str, Any]:
    """Return the results of one variant as plain values: scenario, worlds, seed, outcomes."""
    label = results.variants[0]
    plain = {
        "scenario": label,
        "worlds": count_worlds(results, label),
        "seed": results.manifest["seed"],
        "outcomes": summary(results, label),
    }
    failed = len(failures(results, label))
    return plain | ({"failed": failed} if failed else {})


def compare_json(results: Results, judging: stats.Judging | None = None) -> dict[str, Any]:
    """Return the results of several variants as plain values: each one's outcomes, and differences to the baseline.

    ``verdict`` is ``higher``, ``lower``, ``tie`` or ``cannot tell yet`` (``better`` and ``worse`` where the analyst
    said what is wanted; ``not defined`` without worlds), corrected by Holm for headline measures; ``uncorrected`` is
    the same without. ``pairing`` is what the audit of pairing found, null where none was made.
    """
    labels, found = results.variants, comparison(results, judging)
    return {
        "baseline": labels[0],
        "worlds": min(count_worlds(results, label) for label in labels),
        "seed": results.manifest["seed"],
        "variants": [_variant_json(results, k) for k in range(len(labels))],
        "differences": [row for label in labels[1:] for row in _difference_rows(results, label, found[label])],
        "pairing": pairing_of(results) or None,
    }


def _variant_json(results: Results, number: int) -> dict[str, Any]:
    entry = results.manifest["variants"][number]
    failed = len(failures(results, entry["label"]))
    plain = {"label": entry["label"], "inputs": entry["inputs"], "outcomes": summary(results, entry["label"])}
    return plain | ({"failed": failed} if failed else {})


_DIFFERENCE = (
    "difference", "low", "high", "only_first", "only_second", "verdict", "uncorrected", "corrected", "p", "p_corrected",
    "tie", "more_worlds", "method", "standardised", "superiority", "superiority_low", "superiority_high",
    "pairing_saves",
)  # fmt: skip


def _difference_rows(results: Results, variant: str, found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row for each measure, and for each category of a measure of categories."""
    for measure in measures_of(results):
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
        Values by path: ``{"situation.us_troops": 2500}``.
    days, series, out, force, threads : optional
        As on the command line.

    Examples
    --------
    >>> sim.run("2020-soleimani", worlds=100, policies={"us": "restraint"}).outcomes  # doctest: +SKIP
    """
    asked = _asked_in_python([scenario], worlds, seed, policies, theory, settings, None, "", days, series)
    return execute(asked, arms_of(asked), out=out, force=force, threads=threads).results


def compare(
    *scenarios: str | Path, vary: Mapping[str, Sequence[Any]] | None = None, baseline: str = "", worlds: int = 1_000,
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
        Values to try by path, each combination a variant: ``{"us": ["restraint", "in-kind"], "M08": [0, 1]}``.
    baseline : str, optional
        The label of the variant that the others are compared with (the first by default).

    Notes
    -----
    The other parameters are those of ``run``.
    """
    asked = _asked_in_python(scenarios, worlds, seed, policies, theory, settings, vary, baseline, days, series)
    return execute(asked, several_arms_of(asked), out=out, force=force, threads=threads).results


def _asked_in_python(
    scenarios: Sequence[str | Path], worlds: int, seed: int, policies: Mapping[str, str] | None, theory: str,
    settings: Mapping[str, Any] | None, vary: Mapping[str, Sequence[Any]] | None, baseline: str, days: int | None,
    series: str | int,
) -> Asked:  # fmt: skip
    return Asked(
        tuple(map(str, scenarios)), worlds, seed, days, theory,
        tuple(f"{actor}={policy}" for actor, policy in (policies or {}).items()),
        tuple(f"{path}={_as_yaml(value)}" for path, value in (settings or {}).items()),
        tuple(f"{path}={','.join(map(_as_yaml, values))}" for path, values in (vary or {}).items()),
        baseline, str(series),
    )  # fmt: skip


def _as_yaml(value: Any) -> str:
    """Return a value as the text of a setting: words as they are, everything else as JSON, which is YAML."""
    return value if isinstance(value, str) else json.dumps(value)
