"""Go on with results: make them whole, or give them more worlds. The run is made again from their manifest."""

import os
from collections.abc import Callable, Mapping
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sim.errors import CrossfireError, InputError, Rejected, option_problem
from sim.experiments.request import SERIES_OF_ALL, Request
from sim.experiments.variants import Drawing, Variant
from sim.inputs.resolve import resolve
from sim.inputs.scenario import load_scenario
from sim.inputs.settings import Setting, with_settings
from sim.results import (
    FINISHED,
    MERGING,
    Results,
    StoreError,
    begin_again,
    differences_told,
    drop_tables,
    other_arithmetic,
    reopen,
    same_inputs,
    suggested,
)
from sim.results.files import closed_on_error
from sim.running.execute import carried_out
from sim.running.run import ExecutorOptions, FinishedRun, Run
from sim.world.meaning import rule_hash


class StoredRun(Protocol):
    """What lies in a folder and says of each of its variants what it is made of."""

    @property
    def folder(self) -> Path:
        """Return the folder."""

    @property
    def manifest(self) -> dict[str, Any]:
        """Return what it says of itself."""

    @property
    def variants(self) -> list[str]:
        """Return the variants' labels."""


def resume(folder: Path | str, options: ExecutorOptions | None = None) -> FinishedRun:
    """Return the results in a folder, made whole: worlds that are missing, or lie in damaged files, run again.

    Raises
    ------
    StoreError
        If scenarios, policies or rules are no longer those of the run, with the differences.
    """
    # What refuses only reads: a command that may not go on changes nothing.
    run = run_of_results(Results(folder))
    store = reopen(Path(folder))
    with closed_on_error(store):
        if store.finished:
            wrong = Results(store.folder, store.manifest).wrong_tables()
            if not wrong:
                store.close()
                return FinishedRun(Results(store.folder), already_there=True)
            if not wrong & {"outcomes.parquet", "series.parquet"}:
                begin_again(store, store.worlds)
            else:
                drop_tables(store)
    return carried_out(run, store, options or ExecutorOptions())


def extend(folder: Path | str, worlds: int, options: ExecutorOptions | None = None) -> FinishedRun:
    """Return finished results with more worlds: those that are there stay the first ones, to the bit.

    Raises
    ------
    StoreError
        If the results are not finished, hold so many already, or have a design that cannot grow.
    """
    there = Results(folder)
    _refuse_to_extend(there, worlds)
    run = run_of_results(there)
    _refuse_design(run.variants[0], worlds)
    longer = _longer(run, there, worlds)
    store = reopen(Path(folder))
    with closed_on_error(store):
        begin_again(store, worlds, longer.inputs)
    return carried_out(longer, store, options or ExecutorOptions())


def _refuse_to_extend(results: Results, worlds: int) -> None:
    there, folder = results.manifest, results.folder
    if results.status not in (FINISHED, MERGING):
        raise StoreError(f"{folder}: the run is {results.status}; {suggested('resume', folder)} finishes it first")
    if there["schema_version"] == 1:
        raise StoreError(
            f"{folder}: made by an older Crossfire, whose tables had other columns; run it again to extend"
        )
    if worlds <= there["worlds"]:
        raise StoreError(f"{folder}: has {there['worlds']:,} worlds of each variant already; ask for more than that")
    wrong = results.wrong_tables()
    if wrong:
        raise StoreError(f"{folder}: {', '.join(sorted(wrong))} damaged; {suggested('resume', folder)} mends it first")


def _refuse_design(variant: Variant, worlds: int) -> None:
    """Refuse more worlds than a design has points for."""
    drawing = variant.drawing
    if worlds % drawing.replicates:
        expected = f"a multiple of {drawing.replicates}: so often each point is lived"
        raise InputError([option_problem("--worlds", expected, str(worlds))])
    try:
        if drawing.design is not None:
            drawing.design.quantiles(drawing.design.over[0], np.array([(worlds - 1) // drawing.replicates]))
    except Rejected as wrong:
        raise wrong.named("--worlds") from None


def _longer(run: Run, results: Results, worlds: int) -> Run:
    """Return the run with more worlds; weekly series are kept of new ones too if they were of all, up to a limit."""
    all_kept = run.asked.kept_series >= results.worlds
    series = "all" if all_kept and worlds <= SERIES_OF_ALL else str(run.asked.kept_series)
    return replace(run, asked=replace(run.asked, worlds=worlds, series=series, until=()))


def run_of_results(results: Results) -> Run:
    """Return the run of results, made again from their manifest; StoreError if it would not be the same one."""
    there = results.manifest
    refuse_other_rules(results)
    run = Run(_request_again(there), tuple(remade_variant(results, entry) for entry in there["variants"]))
    refuse_other_run(results, run.inputs)
    return run


def refuse_other_rules(results: StoredRun) -> None:
    """Raise StoreError if the rules are no longer those of the run."""
    there = results.manifest
    if there["rules_hash"] != rule_hash():
        raise StoreError(
            f"{results.folder}: run with other rules (the model was changed since, or this is another version:"
            f" {there['crossfire']}); new worlds would not belong to those that are there"
        )


def refuse_other_run(results: StoredRun, inputs: Mapping[str, Any]) -> None:
    """Raise StoreError if this machine's arithmetic, or ``inputs`` as they are today, are not those of the run."""
    from sim.results.arithmetic import arithmetic

    there = results.manifest
    if other_arithmetic(there, {"arithmetic": arithmetic()}):
        raise StoreError(
            f"{results.folder}: run on a machine whose elementary functions come to other last digits; new worlds"
            " would not belong to those that are there. Go on with it there, or begin anew here (--out)"
        )
    if not same_inputs(there, {"inputs": inputs}):
        raise StoreError(
            f"{results.folder}: scenarios, policies or parameters were changed since; new worlds would not belong to"
            f" those that are there. Put them back, or begin anew in another folder (--out)."
            f"{differences_told(there, {'inputs': inputs})}"
        )


def _request_again(there: Mapping[str, Any]) -> Request:
    given = there["inputs"]
    return Request(
        tuple(dict.fromkeys((entry["inputs"] or {}).get("scenario", "") for entry in there["variants"])),
        worlds=_said(there, "worlds"), seed=there["seed"], series=str(_said(there, "series")), name=there["label"],
        until=tuple(given.get("until", ())), shard=there.get("shard") or "",
        **{key: (there.get("sweep") or {}).get(key, "") for key in ("title", "purpose")},
    )  # fmt: skip


def _said(there: Mapping[str, Any], key: str) -> Any:
    if key not in there["inputs"]:
        raise StoreError(f"{there['label']}: does not say for how many {key} it was asked, and cannot be gone on with")
    return there["inputs"][key]


def remade_variant(results: StoredRun, entry: Mapping[str, Any]) -> Variant:
    """Return a variant made again; StoreError if nobody says what it is made of."""
    if "scenario" not in (entry["inputs"] or {}):
        raise StoreError(f"{results.folder}: does not say what its variants are made of, and cannot be gone on with")
    return variant_of_results(results, entry)


def variant_again(results: StoredRun, label: str) -> Variant:
    """Return a variant of results made again, for a world of it to be told.

    Raises
    ------
    StoreError
        If scenarios, policies or rules are no longer those of the run: its worlds cannot be told again.
    """
    entry = results.manifest["variants"][results.variants.index(label)]
    given = entry["inputs"] or {}
    again = variant_of_results(results, entry) if "scenario" in given else None
    same_rules = results.manifest["rules_hash"] == rule_hash()
    if again is None or not same_rules or again.inputs.hash8 != given.get("hash8"):
        raise StoreError(
            f"{results.folder}: its rules, scenarios or policies were changed since the run; its worlds would not be"
            " told as they were"
        )
    return again


def variant_of_results(results: StoredRun, entry: Mapping[str, Any]) -> Variant:
    """Return a variant of results made again, wherever they are read from: by the files beside which it was run.

    Where that folder is no more, or they are no longer there, those of the current one are taken.
    """
    drawing = results.manifest["inputs"].get("drawing")
    return _where_it_was_run(results.manifest.get("from"), lambda: variant_of_manifest(entry, drawing))


def _where_it_was_run(folder: str | None, make: Callable[[], Variant]) -> Variant:
    """Return what is made in the folder in which a run was begun; names and paths of its files hold from there."""
    if folder and os.path.isabs(folder) and os.path.isdir(folder) and Path(folder) != Path.cwd():
        try:
            with chdir(folder):
                return make()
        except (CrossfireError, OSError):
            pass  # it may lie elsewhere now
    return make()


def variant_of_manifest(entry: Mapping[str, Any], drawing: Mapping[str, Any] | None) -> Variant:
    """Return a variant of results made again from what the manifest says of it.

    Raises
    ------
    CrossfireError
        If its files are not there, or no longer take its settings.
    """
    given = entry["inputs"]
    scenario = load_scenario(given.get("file") or given["scenario"])
    settings = [Setting("--set", f"{path}={value}", path) for path, value in given["settings"].items()]
    inputs = resolve(with_settings(scenario, settings))
    asked = given.get("file") or given["scenario"]
    return Variant(entry["label"], inputs, Drawing.from_plain(drawing), asked, tuple(settings))
