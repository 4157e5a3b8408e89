"""Results read back: tables when asked for, column by column, of one variant or of all."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import nearest
from sim.inputs.arguments import folder_at
from sim.inputs.labels import fitting
from sim.results import manifest as about
from sim.results.arrays import as_array, as_frame, by_variant
from sim.results.drawn import inputs_of
from sim.results.factors import labels_where, narrowed
from sim.results.files import StoreError, digest_of, known_digest_of, opened_own, suggested
from sim.results.journal import part_order
from sim.results.layout import (
    FILES,
    FINISHED,
    INPUTS,
    INTERRUPTED,
    JOURNAL,
    MANIFEST,
    MERGING,
    NEW,
    OUTCOMES,
    SERIES,
    SHARD,
)
from sim.results.parquet import rows_of
from sim.results.unwritten_parts import UNWRITTEN
from sim.results.verification import UNNAMED, damage_of, problems_of, wrong_tables

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.results.comparison import Comparison
    from sim.results.pairing import PairingAudit
    from sim.stats import Preferences

#: Variants that are named where results are shown in a line or two.
SHOWN = 3

_INDEX = {OUTCOMES: ("variant", "world"), SERIES: ("variant", "world", "week"), INPUTS: ("world",)}
_PLACES = ("variant", "world", "week", "point", "replicate")


@dataclass(frozen=True, init=False, repr=False)
class Results:
    """The results in a folder, read when asked for, column by column; of a run that broke off, as far as it got.

    Parameters
    ----------
    folder : str or path
        The folder, or its manifest.
    manifest : dict, optional
        What it says of itself; read there by default, and nothing else is.

    Raises
    ------
    StoreError
        If no results lie there.

    Examples
    --------
    >>> import sim
    >>> folder = sim.run("2021-quiet", worlds=20, days=30).folder
    >>> sim.Results(folder).variants
    ['2021-quiet days=30']
    """

    folder: Path
    manifest: dict[str, Any]

    def __init__(self, folder: Path | str, manifest: dict[str, Any] | None = None) -> None:
        path = folder_at(folder, "results")
        path = path.parent if path.name == MANIFEST and manifest is None else path
        vars(self).update(folder=path, manifest=about.manifest_in(path) if manifest is None else manifest)

    def __repr__(self) -> str:
        """Return where they are, and of what."""
        of, first = len(self.variants), ", ".join(map(repr, self.variants[:SHOWN]))
        more = f" and {of - SHOWN:,} more" if of > SHOWN else ""
        lines = f"{self.worlds:,} worlds of each variant, seed {self.seed}: {first}{more}"
        return f"<Results {str(self.folder)!r} ({self.status})\n {lines}>"

    @property
    def status(self) -> str:
        """Return ``finished``, ``interrupted``, or ``running`` (or broken off without a chance to say so)."""
        return self.manifest["status"]

    @property
    def variants(self) -> list[str]:
        """Return the variants' labels; the first is the baseline."""
        return [variant["label"] for variant in self.manifest["variants"]]

    @property
    def worlds(self) -> int:
        """Return how many worlds each variant was to be run in."""
        return int(self.manifest["worlds"])

    @property
    def seed(self) -> int:
        """Return the seed of the run."""
        return int(self.manifest["seed"])

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Return the worlds that could not be run, each with its ``variant``, its ``world``, and why."""
        return list(self.manifest["failures"])

    def days_of(self, variant: str) -> int | None:
        """Return how many days a variant's worlds were run; None where the manifest does not say."""
        inputs = self.manifest["inputs"].get("variants") or [{}]
        own: dict[str, Any] = next((one for one in inputs if one.get("label") == variant), {})
        days = self.manifest.get("days")
        for entry in (inputs[0], own):
            days = entry.get("days", days)  # a variant says only what it has otherwise
        return None if days is None else int(days)

    def longest(self, *variants: str) -> int | None:
        """Return the longest horizon of some variants, in days; None where the manifest does not say."""
        days = [self.days_of(variant) for variant in variants]
        return None if None in days else max(one for one in days if one is not None)

    # Choosing ---------------------------------------------------------------------------------------------------------

    def begun(self) -> "Results":
        """Return the results of the variants that have worlds: all, unless the run is not finished.

        Raises
        ------
        StoreError
            If there are no worlds, or none of the baseline, with which all others are compared.
        """
        if self.status == FINISHED:
            return self
        there = {part["variant"] for part in self.manifest["parts"]} | set(self._in_base())
        if 0 not in there:
            lacking = f"no worlds of the baseline, {self.variants[0]}," if there else "no worlds"
            raise StoreError(f"{self.folder}: {lacking} yet ({self.status}); {self._to_have_more()}")
        return self if len(there) == len(self.variants) else self.only([self.variants[k] for k in sorted(there)])

    def _to_have_more(self) -> str:
        """Return what to do so that worlds come that are not there yet."""
        if self.manifest.get("shard"):
            rest = " once it is finished" if self.status != SHARD else ""
            return f"this is shard {self.manifest['shard']}: crossfire merge puts it together with the others{rest}"
        return f"{suggested('resume', self.folder)} runs them" if self.status == INTERRUPTED else "they will come"

    def _in_base(self) -> range:
        """Return the variants of which finished tables hold worlds: of none, or of all in results that are extended."""
        return range(len(self.variants) if self.manifest["files"] else 0)

    def only(self, labels: Collection[str]) -> "Results":
        """Return the results of the variants with these labels alone, in their order; StoreError for others."""
        known, asked = set(self.variants), [labels] if isinstance(labels, str) else [*labels]
        labels = {label if label in known else self.label_of(label) for label in asked}
        if not labels:
            raise StoreError(f"{self.folder}: no variant asked for; they are {'; '.join(self.variants)}")
        kept = [k for k, label in enumerate(self.variants) if label in labels]
        return replace(self, manifest=narrowed(self.manifest, kept))

    def where(self, **factors: object) -> "Results":
        """Return the results of the variants whose factors have these values: ``where(us="restraint")``.

        A factor is named by its path or the end of it (``us``, ``M08``, ``us_troops``); a list gives several values.
        Values are compared as they are meant, however they were written: 1 is 1.0, a tenth times three three tenths.

        Raises
        ------
        StoreError
            If no variant has such a factor, or none one of the values.
        """
        return self.only(labels_where(self, factors))

    # Reading ----------------------------------------------------------------------------------------------------------

    def names(self, table: str = OUTCOMES) -> list[str]:
        """Return the columns of ``outcomes``, ``series`` or ``inputs``; nothing if the table was not kept."""
        import pyarrow as pa

        sources = self._sources(table)
        try:
            return [n for n in _schema_of(sources[0]).names if n not in _PLACES] if sources else []
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{sources[0]}: cannot be read: {error}") from error

    def beside(self, name: str) -> bytes:
        """Return a small file that the manifest names; nothing where none was to be written.

        Raises
        ------
        StoreError
            If the file is not what was written.
        """
        self._refuse_unnamed([name])
        if not any(entry["file"] == name for entry in self.manifest["files"]):
            return b""
        self.refuse_damaged(name)
        with opened_own(self.path_of(name)) as file:
            return file.read()

    @cached_property
    def outcomes(self) -> "pd.DataFrame":
        """Return all outcomes: a row for each world of each variant."""
        return self.outcomes_columns(None)

    @cached_property
    def series(self) -> "pd.DataFrame":
        """Return all weekly series: a row for each week of each world of each variant; empty if none were kept."""
        return self.series_columns(None)

    @cached_property
    def design(self) -> "pd.DataFrame":
        """Return the variants: a row for each, with its scenario and the values of all that was set, as text."""
        import pandas as pd

        rows = []
        for entry in self.manifest["variants"]:
            given = entry["inputs"] or {}
            rows.append({"variant": entry["label"], "scenario": given.get("scenario")} | (given.get("settings") or {}))
        return pd.DataFrame(rows)

    @cached_property
    def inputs(self) -> "pd.DataFrame":
        """Return what was drawn for the worlds of the first variant, as ``inputs_of``."""
        return self.inputs_of(self.variants[0])

    def inputs_of(self, variant: str, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """Return the uncertain quantities of a variant's worlds, by world: a column for each (None: all).

        A quantity that the variant holds fixed comes with that value; one that it does not know is NaN.

        Raises
        ------
        StoreError
            If the run is not finished (inputs are written at its end), or a column is unknown.
        """
        return inputs_of(self, self.label_of(variant), columns)

    def outcomes_columns(self, columns: Sequence[str] | None, variant: str | None = None) -> "pd.DataFrame":
        """Return variant, world and the ``columns`` asked for (None: all), of one variant or of all."""
        return self.frame(OUTCOMES, columns, variant and self.label_of(variant))

    def series_columns(self, columns: Sequence[str] | None, variant: str | None = None) -> "pd.DataFrame":
        """Return variant, world, week and the ``columns`` asked for (None: all), of one variant or of all."""
        return self.frame(SERIES, columns, variant and self.label_of(variant))

    def arrays(self, names: Sequence[str], variant: str) -> dict[str, np.ndarray]:
        """Return outcomes of one variant as plain arrays: numbers (NaN for null), words of a category as they are.

        As ``outcomes_columns``, without pandas, which takes longer to load than a summary takes to make.
        """
        import pyarrow as pa

        groups = self._tables(OUTCOMES, names, variant if variant in self.variants else self.label_of(variant))
        if not groups:
            return {name: np.zeros(0) for name in names}
        table = pa.concat_tables(groups)
        return {name: as_array(table[name]) for name in names}

    def columns(self, names: Sequence[str]) -> dict[str, dict[str, np.ndarray]]:
        """Return outcomes of all variants by label and name, each as in ``arrays``, with the worlds' numbers."""
        import pyarrow as pa

        groups = self._tables(OUTCOMES, ["world", *names], None)
        if not groups:
            return {label: {name: np.zeros(0) for name in ("world", *names)} for label in self.variants}
        return by_variant(pa.concat_tables(groups), ["world", *names], self.variants)

    def worlds_above_0(self, name: str) -> dict[str, int]:
        """Return for each variant in how many of its worlds an outcome is above 0, where it is in any."""
        counted: Counter[str] = Counter()
        for group in self._tables(OUTCOMES, [name], None):
            above = as_array(group[name]) > 0
            if above.any():
                counted.update(as_array(group["variant"])[above].tolist())
        return {label: counted[label] for label in self.variants if counted[label]}

    def column(self, name: str, variant: str) -> "pd.Series":
        """Return one outcome, or one input, of one variant, by world."""
        variant = self.label_of(variant)
        if name not in self.names() and name in self.names(INPUTS):
            return self.inputs_of(variant, [name])[name]
        return self.outcomes_columns([name], variant).set_index("world")[name]

    def pair(self, name: str, first: str, second: str) -> "tuple[pd.Series, pd.Series]":
        """Return one outcome of two variants over the worlds that both have, in the same order."""
        a, b = self.column(name, first), self.column(name, second)
        worlds = a.index.intersection(b.index)
        return a.loc[worlds], b.loc[worlds]

    # Comparing --------------------------------------------------------------------------------------------------------

    def comparison(self, preferences: "Preferences | None" = None) -> "Comparison":
        """Return what the variants that have worlds come to (``begun``): the same object each time, worked out once.

        ``preferences`` has the analyst's tie zones and wishes.
        """
        from sim.results.comparison import Comparison
        from sim.stats import Preferences

        wanted = preferences or Preferences()
        if not any(one.preferences == wanted for one in self.comparisons):
            self.comparisons.append(Comparison(self.begun(), wanted))
        return next(one for one in self.comparisons if one.preferences == wanted)

    @cached_property
    def comparisons(self) -> "list[Comparison]":
        """Return what was asked for so far of what the variants come to."""
        return []

    @cached_property
    def pairing(self) -> "list[PairingAudit]":
        """Return what the audit of pairing found for each variant after the first."""
        from sim.results.run_facts import pairing_of

        return pairing_of(self)

    # Checking ---------------------------------------------------------------------------------------------------------

    def verify(self) -> list[str]:
        """Return what is wrong with the files, in words; nothing if they are as they were written.

        Every file is read anew, and the rows of finished tables are held against what the manifest says.
        """
        return problems_of(self)

    def wrong_tables(self) -> set[str]:
        """Return the names of the finished files that are gone, not what was written, or not of all worlds once."""
        return wrong_tables(self)

    def refuse_damaged(self, *tables: str) -> None:
        """Raise StoreError if a finished file of these tables, or of these names, is not what was written.

        Without any, all files that the manifest names are looked at, and the journal of a run under way.
        """
        names = {name for table in tables for name in (table, f"{table}.parquet")}
        self._refuse_unnamed(names or FILES)
        self._refuse([e for e in self.manifest["files"] if not tables or e["file"] in names], "results")
        if not tables and self.manifest.get("damage"):
            self._refuse_damaged_journal()

    def _refuse_unnamed(self, files: Collection[str]) -> None:
        """Raise StoreError if the manifest does not name one of these files, though the run was to write it."""
        lacking = [file for file in about.unnamed(self.manifest) if file in files]
        if lacking:
            said = "; ".join(f"{self.folder / file}: {UNNAMED}" for file in lacking)
            raise StoreError(f"{self.folder}: results cannot be read: {said}; {self._mending()}")

    def _mending(self) -> str:
        return f"{suggested('resume', self.folder)} makes it again"

    def _refuse(self, entries: Sequence[dict[str, Any]], what: str) -> None:
        """Raise StoreError if one of these files is not what was written; each is read once as long as it stays."""
        wrong = [path for e in entries if known_digest_of(path := self.path_of(e["file"])) != e["sha256"]]
        if wrong:
            said = "; ".join(f"{path}: {damage_of(path)}" for path in wrong[:3])
            raise StoreError(f"{self.folder}: {what} cannot be read: {said}; {self._mending()}")

    def _refuse_damaged_journal(self) -> None:
        raise StoreError(
            f"{self.folder / JOURNAL}: {self.manifest['damage']}; {suggested('resume', self.folder)} runs again what"
            " it does not name"
        )

    def label_of(self, words: str) -> str:
        """Return the label that is ``words``, or the only one that has all of them; StoreError if there is none."""
        found = fitting(self.variants, words)
        if len(found) != 1:
            hint = nearest(words, self.variants)
            raise StoreError(
                f"{self.folder}: {'several variants are' if found else 'no variant is'} {words!r};"
                f" they are {'; '.join(self.variants)}" + f"; {hint}" * bool(hint)
            )
        return found[0]

    def is_whole(self, entry: dict[str, Any]) -> bool:
        """Return whether a file that the manifest names is there as it was written."""
        return digest_of(self.path_of(entry["file"])) == entry["sha256"]

    def path_of(self, file: str) -> Path:
        """Return where a file lies: a finished table may still have the name that it had until it was to count."""
        new = self.folder / (file + NEW)
        return new if self.status == MERGING and new.exists() else self.folder / file

    def _sources(self, table: str) -> "list[Path | pa.Table]":
        """Return where a table's rows are: in the finished file; of a run under way in parts, in files or in memory.

        Raises
        ------
        StoreError
            If one of them, or the journal that names them, is not what was written: no number of it is shown.
        """
        self._refuse_unnamed([f"{table}.parquet"])
        entries = [e for e in self.manifest["files"] if e["file"] == f"{table}.parquet"]
        found: list[Path | pa.Table] = [self.path_of(entry["file"]) for entry in entries]
        if self.status not in (FINISHED, MERGING):
            if self.manifest.get("damage"):
                self._refuse_damaged_journal()
            for part in sorted(self.manifest["parts"], key=part_order):
                own = [file for file in part["files"] if file["table"] == table]
                unwritten = part.get(UNWRITTEN, {})
                found += (
                    [unwritten[table].table()] if table in unwritten else [self.path_of(file["file"]) for file in own]
                )
                entries += own
        self._refuse(entries, table)
        return found

    def frame(self, table: str, columns: Sequence[str] | None, variant: str | None) -> "pd.DataFrame":
        """Return rows of a table with some columns (None: all), of the variant of a label or of all."""
        import pandas as pd
        import pyarrow as pa

        groups = self._tables(table, columns, variant)
        if not groups:
            return pd.DataFrame(columns=[*_INDEX[table], *(columns or [])])
        return as_frame(pa.concat_tables(groups), self.variants)

    def _tables(self, table: str, columns: Sequence[str] | None, variant: str | None) -> "list[pa.Table]":
        """Return the rows asked for, of each file of a table."""
        import pyarrow as pa

        try:
            return list(self._read(table, columns, variant))
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{self.folder}: {table} cannot be read: {error} ({self._mending()})") from error

    def _read(self, table: str, columns: Sequence[str] | None, variant: str | None) -> "Iterator[pa.Table]":
        """Yield the rows asked for; those of results narrowed to some variants are read variant by variant."""
        narrowed = table != INPUTS and variant is None and len(self.variants) < self.manifest.get("of_variants", 0)
        for source in self._sources(table):
            for one in self.variants if narrowed else [variant]:
                yield rows_of(source, _INDEX[table], columns, one)


def _schema_of(source: "Path | pa.Table") -> "pa.Schema":
    import pyarrow.parquet as pq

    return pq.read_schema(source) if isinstance(source, Path) else source.schema
