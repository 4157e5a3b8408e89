"""Run what was asked for into a folder of results: anew, on from where it broke off, further, or a share of it.

Whatever the way, the same worlds come to the same bytes: a run that was killed and taken up, sixteen shards merged, a
cluster that lost a worker, and a run that was never disturbed.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.design import Column, Drawing, Drawn, Variant
from sim.errors import InputError, Problem, Rejected
from sim.names.measures import SERIES
from sim.runs import (
    DESIGN,
    PAIRING,
    SERIES_OF_ALL,
    Arm,
    Asked,
    Setting,
    arms_of,
    asked_in_python,
    several_arms_of,
)
from sim.scenario import load_scenario, override, resolve
from sim.store import (
    FINISHED,
    Results,
    Store,
    StoreError,
    begin_again,
    create,
    differences_told,
    drop_tables,
    folder_name,
    inputs_hash,
    inputs_table,
    open_results,
    reopen,
    texts,
)
from sim.world.compiled import PLAIN, is_compiled, prune, rule_hash

if TYPE_CHECKING:
    import threading

    import pyarrow as pa

    from sim.ensemble import Block, Failure, Unit

#: Worlds whose inputs are drawn at a time when they are written.
DRAWN_AT_A_TIME = 2_000


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

    def says(self, words: str) -> None:
        """Take note of what happens on the way."""


class Runner(Protocol):
    """Runs units of worlds, here or elsewhere; blocks may come in any order."""

    def __call__(
        self, variants: Sequence[Variant], units: "Iterable[Unit]", seed: int, *, threads: int,
        series_worlds: int | None, ran: Callable[[int], None] | None, stop: "threading.Event | None" = None,
    ) -> "Iterator[Block]":  # fmt: skip
        """Yield the block of each unit."""


@dataclass(frozen=True)
class Done:
    """A finished run: its results, and whether they had been there before."""

    results: Results
    already_there: bool = False


class Interrupted(KeyboardInterrupt):
    """A run was broken off by hand; ``results`` holds what is there, and the same run goes on from it."""

    def __init__(self, results: Results, kept: int, asked: int) -> None:
        super().__init__()
        self.results, self.kept, self.asked = results, kept, asked


@dataclass(frozen=True)
class How:
    """How worlds are run; nothing of it changes what comes.

    Parameters
    ----------
    threads : int, optional
        How many worlds to run side by side (as many as there are processors by default).
    watch : Watch
        Is told how the run goes.
    runner : Runner, optional
        Runs the units elsewhere than on this machine's threads.
    """

    threads: int | None = None
    watch: Watch = field(default_factory=Watch)
    runner: Runner | None = None


@dataclass(frozen=True)
class Job:
    """A run: what was asked for, and the variants."""

    asked: Asked
    arms: tuple[Arm, ...]

    @property
    def label(self) -> str:
        """Return the name of the whole run: what all variants share."""
        if self.asked.name:
            return self.asked.name
        words = [arm.label.split() for arm in self.arms]
        first = dict.fromkeys(arm.variant.inputs.name for arm in self.arms)
        shared = [word for word in words[0][1:] if all(word in others for others in words)]
        return " ".join(["+".join(first), *shared])

    @cached_property
    def variants(self) -> list[Variant]:
        """Return the variants."""
        return [arm.variant for arm in self.arms]

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """Return all that was given, whole: the first variant's inputs, and how the others differ from them."""
        plains = [arm.variant.inputs.plain() for arm in self.arms]
        others = [{"label": arm.label} | _less(plain, plains[0]) for arm, plain in zip(self.arms, plains, strict=True)]
        variants = [{"label": self.arms[0].label} | plains[0], *others[1:]]
        asked, drawing = self.asked, self.arms[0].variant.drawing.plain()
        given = {"worlds": asked.worlds, "seed": asked.seed, "series": asked.kept_series, "variants": variants}
        return given | ({"drawing": drawing} if drawing else {}) | ({"until": list(asked.until)} if asked.until else {})

    @property
    def folder(self) -> Path:
        """Return where results go when nothing else is said: named after what was asked, and the rules."""
        varied = [text.replace(" ", "") for text in self.asked.vary]
        label = " ".join([self.label, *varied]) if len(self.arms) > 1 and not self.asked.name else self.label
        name = folder_name(label, self.inputs | {"rules": rule_hash()})
        return Path("results") / (f"{name}-shard-{'-of-'.join(self.asked.shard.split('/'))}" * bool(self.asked.shard)
                                  or name)  # fmt: skip

    @property
    def more(self) -> dict[str, Any]:
        """Return what else the manifest says of the run."""
        first = self.arms[0].variant.inputs
        return {
            "title": first.title if len({arm.variant.inputs.title for arm in self.arms}) == 1 else None,
            "start": first.start.isoformat(), "days": max(arm.variant.inputs.days for arm in self.arms),
            "shard": self.asked.shard or None, "drawn": Inputs(self.variants).plain(),
        }  # fmt: skip

    def command(self, variant: int, world: int) -> str:
        """Return the command that tells the story of one world."""
        return self.arms[variant].command(world, self.asked.seed)


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


# Running ----------------------------------------------------------------------------------------------------------


def execute(
    asked: Asked, arms: Sequence[Arm], *, out: Path | str | None = None, force: bool = False, resume: bool = False,
    how: How | None = None,
) -> Done:  # fmt: skip
    """Return the results of running all variants, taken up where the same run broke off, or shown if it is there.

    Parameters
    ----------
    out : path, optional
        The folder for the results; ``results/NAME`` with a name made of what was asked by default.
    force : bool
        Replace the results of an earlier run.
    resume : bool
        Go on with a run that broke off, and do not begin one.
    how : How, optional
        On how many threads, or where else, and who is told.

    Raises
    ------
    Interrupted
        If it is broken off by Ctrl-C; what was run is kept.
    StoreError
        If results cannot be written, or the folder holds those of another run.
    """
    job = Job(asked, tuple(arms))
    folder = Path(out) if out is not None else job.folder
    if resume:
        _refuse_to_begin(job, folder)
    store = create(
        folder, job.inputs, label=job.label, seed=asked.seed, worlds=asked.worlds,
        variants=[{"label": arm.label, "inputs": arm.plain()} for arm in job.arms], rules_hash=rule_hash(),
        more=job.more, force=force,
    )  # fmt: skip
    if store.finished:
        return Done(Results(store.folder, store.manifest), already_there=True)
    return _carried_out(job, store, how or How())


def _refuse_to_begin(job: Job, folder: Path) -> None:
    """Refuse to go on where nothing was begun; say in what a run of the same name differs, if one broke off."""
    if (folder / "manifest.json").exists():
        return
    asked = {"inputs": job.inputs}
    for other in sorted(folder.parent.glob(f"{folder.name[:-9]}-????????/manifest.json")):
        there = open_results(other)
        if there.status != FINISHED:
            told = differences_told(there.manifest, asked) or "\nIts rules are others: the model was changed since."
            raise StoreError(f"{there.folder}: broke off, but what is asked for now is another run{told}")
    raise StoreError(f"{folder}: nothing here to go on with; leave --resume out to begin")


def _carried_out(job: Job, store: Store, how: How) -> Done:
    """Return the results of a run once all of its worlds are there."""
    try:
        with store:
            _run_all(job, store, how)
            return Done(_finished(job, store))
    except KeyboardInterrupt:
        asked = len(job.arms) * store.manifest["worlds"]
        raise Interrupted(open_results(store.folder), store.kept, asked) from None
    except OSError as error:
        raise StoreError(
            f"{error.filename or store.folder}: {error.strerror or error}; {store.kept:,} worlds are kept in"
            f" {store.folder}, and the same command, or crossfire resume {store.folder}, goes on from there"
        ) from error


def _run_all(job: Job, store: Store, how: How) -> None:
    """Run all worlds that are not there yet, and keep them part by part."""
    with how.watch.preparing():
        _load_numba_lightly()
        from sim import ensemble

        prepare_rules(job.arms[0].variant)
    threads = how.threads or ensemble.processors()
    runner = how.runner or ensemble.run_units
    worlds = store.manifest["worlds"]
    with how.watch.running(worlds * len(job.arms)):
        units = _missing(job, store, how.watch, ensemble.units_of(len(job.arms), worlds))
        for block in runner(
            job.variants, units, job.asked.seed, threads=threads, series_worlds=job.asked.kept_series,
            ran=how.watch.ran,
        ):  # fmt: skip
            # Written while the next worlds run, as is all that follows: the threads are not waiting for it.
            _keep(job, store, block)


def _missing(job: Job, store: Store, watch: Watch, units: "Iterable[Unit]") -> "Iterator[Unit]":
    """Yield the units that are a shard's (or all), and not there yet."""
    for k, unit in enumerate(units):
        if not _is_ours(k, job.asked.shard):
            continue
        for part in _beyond(unit, store.manifest.get("base_worlds", 0)):
            if not store.has(*part):
                yield part
                continue
            watch.ran(part.n)


def _beyond(unit: "Unit", base: int) -> "Iterator[Unit]":
    """Yield what of a unit lies beyond the worlds of finished results that are extended."""
    first, last = max(unit.first, base), unit.first + unit.n
    if first < last:
        yield unit._replace(first=first, n=last - first)


def _is_ours(number: int, shard: str) -> bool:
    """Return whether a unit belongs to shard ``k/n``: every n-th does."""
    k, _, n = shard.partition("/")
    return not shard or number % int(n) == int(k) - 1


def _keep(job: Job, store: Store, block: "Block") -> None:
    """Keep a block of worlds, with those among them that failed."""
    columns: dict[str, Any] = {name: block.outcomes[name] for name in block.outcomes.dtype.names or ()}
    if any(variant.inputs.mixture for variant in job.variants):
        theory = job.variants[block.unit.variant].inputs.theory
        columns["theory"] = np.array(block.theories or [theory] * block.unit.n, dtype=object)
    series = {m.name: block.series[m.name] for m in SERIES} if len(block.series) else None
    failures = [_failure(job, block.unit.variant, failure) for failure in block.failed]
    store.add(block.unit.variant, block.unit.first, columns, series, failures)


def _failure(job: Job, variant: int, failure: "Failure") -> dict[str, Any]:
    """Return the record of a failure: which world, at which stage, with what cause, and how to see it again."""
    return {
        "world": failure.world, "label": job.arms[variant].label, "stage": failure.stage, "cause": failure.cause,
        "repeat": job.command(variant, failure.world),
    }  # fmt: skip


def _finished(job: Job, store: Store) -> Results:
    """Return the results: tables of the design, the pairing and the inputs written, and parts merged."""
    if job.asked.shard:
        return store.leave_parts()
    if len(job.arms) > 1:
        _write_design(job.arms, store.folder / DESIGN)
        _write_pairing(job, store.manifest["worlds"], store.folder / PAIRING)
    return store.finish(Inputs(job.variants).tables(job.asked.seed, store.manifest["worlds"]))


def _write_pairing(job: Job, worlds: int, path: Path) -> None:
    """Write how a few worlds of every variant part from the baseline's, and whether for a reason."""
    from sim.pairing import audit_pairing

    found = [audit.plain() for audit in audit_pairing(job.variants, worlds, job.asked.seed)]
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


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


# What was drawn ---------------------------------------------------------------------------------------------------


class Inputs:
    """The table of what is drawn for worlds: a row for each, a column for each quantity that varies in any variant.

    Variants share most of it, for a quantity is drawn by its name. One that has another distribution in some variant
    has a column for each, ``NAME`` and ``NAME#2``; the manifest says which variant's is which.
    """

    def __init__(self, variants: Sequence[Variant]) -> None:
        self.variants = variants
        self.stored: dict[str, Column] = {}
        self.of_variant = [self._placed(variant) for variant in variants]

    def _placed(self, variant: Variant) -> dict[str, str]:
        """Return the column of each quantity that varies in a variant."""
        return {column.name: self._column(column) for column in variant.columns if column.name != "theory"}

    def _column(self, column: Column) -> str:
        name, k = column.name, 1
        while name in self.stored and self.stored[name].distribution != column.distribution:
            k += 1
            name = f"{column.name}#{k}"
        self.stored.setdefault(name, column)
        return name

    def plain(self) -> list[dict[str, Any]]:
        """Return for each variant what differs from the table: other columns, fixed values, quantities not known."""
        names = [name for name in self.stored if "#" not in name]
        return [
            self._of(variant, placed, names) for variant, placed in zip(self.variants, self.of_variant, strict=True)
        ]

    @staticmethod
    def _of(variant: Variant, placed: Mapping[str, str], names: Sequence[str]) -> dict[str, Any]:
        known = variant.inputs.quantities
        fixed = {name: float(known[name].quantile(np.zeros(1))[0]) for name in names
                 if name not in placed and name in known}  # fmt: skip
        other: dict[str, str | None] = {name: placed[name] for name in placed if placed[name] != name}
        other |= {name: None for name in names if name not in placed and name not in known}
        return {key: value for key, value in (("fixed", fixed), ("other", other)) if value}

    def tables(self, seed: int, worlds: int) -> "Iterator[pa.Table]":
        """Yield the rows of worlds 0 up to ``worlds``, some at a time; nothing where no quantity varies."""
        drawing = self.variants[0].drawing
        for first in range(0, worlds if self.stored else 0, DRAWN_AT_A_TIME):
            numbers = np.arange(first, min(first + DRAWN_AT_A_TIME, worlds))
            known: Drawn = {}
            for variant in self.variants:
                variant.values(seed, numbers, known)
            values = {name: known[column.drawn_by, column.distribution] for name, column in self.stored.items()}
            yield inputs_table(numbers, values, drawing.replicates)


# Going on ---------------------------------------------------------------------------------------------------------


def resume(folder: Path | str, how: How | None = None) -> Done:
    """Return the results in a folder, made whole: worlds that are missing, or lie in damaged files, run again.

    Raises
    ------
    StoreError
        If scenarios, policies or rules are no longer those of the run, with the differences.
    """
    store = reopen(Path(folder))
    try:
        job = _job_again(store)
        if store.finished:
            wrong = _wrong_tables(store)
            if not wrong:
                return Done(open_results(store.folder), already_there=True)
            if wrong == {"inputs.parquet"}:
                begin_again(store, store.manifest["worlds"])
            else:
                drop_tables(store)
    except BaseException:
        store.close()
        raise
    return _carried_out(job, store, how or How())


def _wrong_tables(store: Store) -> set[str]:
    """Return the names of the finished tables that are gone or not what was written."""
    results = Results(store.folder, store.manifest)
    return {entry["file"] for entry in store.manifest["files"] if not results.is_whole(entry)}


def extend(folder: Path | str, worlds: int, how: How | None = None) -> Done:
    """Return finished results with more worlds: those that are there stay the first ones, to the bit.

    Raises
    ------
    StoreError
        If the results are not finished, hold so many already, or have a design that cannot grow.
    """
    store = reopen(Path(folder))
    try:
        _refuse_to_extend(store, worlds)
        job = _job_again(store)
        _refuse_design(job.arms[0].variant, worlds)
        longer = _longer(job, store, worlds)
        begin_again(store, worlds)
        store.manifest |= {"inputs": longer.inputs, "inputs_sha256": inputs_hash(longer.inputs)}
    except BaseException:
        store.close()
        raise
    return _carried_out(longer, store, how or How())


def _refuse_to_extend(store: Store, worlds: int) -> None:
    there, folder = store.manifest, store.folder
    if not store.finished:
        raise StoreError(f"{folder}: the run is {there['status']}; crossfire resume {folder} finishes it first")
    if there["schema_version"] == 1:
        raise StoreError(
            f"{folder}: made by an older Crossfire, whose tables had other columns; run it again to extend"
        )
    if worlds <= there["worlds"]:
        raise StoreError(f"{folder}: has {there['worlds']:,} worlds of each variant already; ask for more than that")
    wrong = _wrong_tables(store)
    if wrong:
        raise StoreError(f"{folder}: {', '.join(sorted(wrong))} damaged; crossfire resume {folder} mends it first")


def _refuse_design(variant: Variant, worlds: int) -> None:
    """Refuse more worlds than a design has points for."""
    drawing = variant.drawing
    try:
        if drawing.design is not None:
            drawing.design.quantiles(drawing.design.over[0], np.array([(worlds - 1) // drawing.replicates]))
    except Rejected as wrong:
        raise InputError([Problem("--worlds", 1, 1, "", m.expected, m.got, m.hint) for m in wrong.mistakes]) from None


def _longer(job: Job, store: Store, worlds: int) -> Job:
    """Return the job with more worlds; weekly series are kept of new ones too if they were of all, up to a limit."""
    all_kept = job.asked.kept_series >= store.manifest["worlds"]
    series = "all" if all_kept and worlds <= SERIES_OF_ALL else str(job.asked.kept_series)
    return replace(job, asked=replace(job.asked, worlds=worlds, series=series, until=()))


def _job_again(store: Store) -> Job:
    """Return the job of results, made again from their manifest; StoreError if it would not be the same one."""
    there = store.manifest
    if there["rules_hash"] != rule_hash():
        raise StoreError(
            f"{store.folder}: run with other rules (the model was changed since, or this is another version:"
            f" {there['crossfire']}); new worlds would not belong to those that are there"
        )
    job = Job(_asked_again(there), tuple(_arm_again(store, entry) for entry in there["variants"]))
    if inputs_hash(job.inputs) != there["inputs_sha256"]:
        raise StoreError(
            f"{store.folder}: scenarios, policies or parameters were changed since; new worlds would not belong to"
            f" those that are there{differences_told(there, {'inputs': job.inputs})}"
        )
    return job


def _asked_again(there: Mapping[str, Any]) -> Asked:
    given = there["inputs"]
    return Asked(
        tuple(dict.fromkeys((entry["inputs"] or {}).get("scenario", "") for entry in there["variants"])),
        worlds=given["worlds"], seed=there["seed"], series=str(given["series"]), name=there["label"],
        until=tuple(given.get("until", ())), shard=there.get("shard") or "",
    )  # fmt: skip


def _arm_again(store: Store, entry: Mapping[str, Any]) -> Arm:
    given = entry["inputs"]
    if not given:
        raise StoreError(f"{store.folder}: does not say what its variants are made of, and cannot be gone on with")
    return arm_again(entry, store.manifest["inputs"].get("drawing"))


def arm_again(entry: Mapping[str, Any], drawing: Mapping[str, Any] | None) -> Arm:
    """Return a variant of results made again from what the manifest says of it.

    Raises
    ------
    CrossfireError
        If its files are not there, or no longer take its settings.
    """
    given = entry["inputs"]
    scenario = load_scenario(given.get("file") or given["scenario"])
    settings = [Setting("--set", f"{path}={value}", path) for path, value in given["settings"].items()]
    for setting in settings:
        scenario = override(scenario, setting.text)
    variant = Variant(entry["label"], resolve(scenario), Drawing.from_plain(drawing))
    return Arm(variant, given.get("file") or given["scenario"], tuple(settings))


# Merging ----------------------------------------------------------------------------------------------------------


def merge(folders: Sequence[Path | str], out: Path | str, how: How | None = None) -> Done:
    """Return one folder of results made of the shards in several, each part checked.

    What is missing is run here, if ``how`` is given, else said.

    Raises
    ------
    StoreError
        If they are not of one run (other inputs, rules, version, seed), a part is damaged, or worlds are missing.
    """
    sources = [open_results(folder) for folder in folders]
    first = sources[0].manifest
    for other in sources[1:]:
        _refuse_stranger(sources[0], other)
    store = create(
        out, first["inputs"], label=first["label"], seed=first["seed"], worlds=first["worlds"],
        variants=first["variants"], rules_hash=first["rules_hash"],
        more={key: first.get(key) for key in ("title", "start", "days", "drawn")},
    )  # fmt: skip
    if store.finished:
        return Done(Results(store.folder, store.manifest), already_there=True)
    try:
        with store:
            for source in sources:
                for part in source.manifest["parts"]:
                    if not store.has(part["variant"], part["first"], part["n"]):
                        store.adopt(part, source.folder)
            job = _job_again(store)
            _refuse_gaps(job, store)
            return Done(_finished(job, store))
    except OSError as error:
        raise StoreError(f"{error.filename or store.folder}: {error.strerror or error}") from error


def _refuse_stranger(first: Results, other: Results) -> None:
    """Refuse results that are not of the same run."""
    names = {"inputs_sha256": "inputs", "seed": "seed", "rules_hash": "rules", "crossfire": "version", "numpy": "NumPy"}
    apart = [words for name, words in names.items() if first.manifest.get(name) != other.manifest.get(name)]
    if apart:
        told = differences_told(first.manifest, other.manifest)
        raise StoreError(
            f"{other.folder}: does not belong with {first.folder} (other {', '.join(apart)}); nothing merged{told}"
        )


def _refuse_gaps(job: Job, store: Store) -> None:
    """Refuse to put together what is not all there; what is there stays, and can be run on."""
    from sim.ensemble import units_of

    units = list(units_of(len(job.arms), store.manifest["worlds"]))
    missing = [unit for unit in units if not store.has(*unit)]
    if missing:
        one = missing[0]
        raise StoreError(
            f"{store.folder}: {len(missing)} of {len(units)} parts are missing, first worlds {one.first} to"
            f" {one.first + one.n - 1} of {job.arms[one.variant].label}; merge the shards that hold them into the same"
            f" folder, or run them here: crossfire resume {store.folder}"
        )


# The rules --------------------------------------------------------------------------------------------------------


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


# From Python ------------------------------------------------------------------------------------------------------


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
    asked = asked_in_python([scenario], worlds, seed, policies, theory, settings, None, "", days, series)
    return execute(asked, arms_of(asked), out=out, force=force, how=How(threads)).results


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
    asked = asked_in_python(scenarios, worlds, seed, policies, theory, settings, vary, baseline, days, series)
    return execute(asked, several_arms_of(asked), out=out, force=force, how=How(threads)).results
