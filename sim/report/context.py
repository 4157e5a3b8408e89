"""What a report is of, and what was found in it: each thing worked out when a section asks for it, and once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from sim import stats
from sim.errors import InputError
from sim.evidence.findings import load_findings
from sim.experiments.variants import Variant
from sim.inputs.labels import variant_names
from sim.names.measures import Measure
from sim.plots.drawing import FigurePool
from sim.report.blocks import unmarked
from sim.report.by_construction import GivenOutcome, given_outcomes
from sim.report.exits import ExitCounts, exit_counts
from sim.report.predictions_here import PredictionCheck, prediction_checks
from sim.report.typical_worlds import rebuilt
from sim.results import Results, by_theory
from sim.results.comparison import Comparison
from sim.running import spread
from sim.stories.causes_of_exits import Grounds, grounds_of_exits
from sim.wording import date_in_words

#: Worlds with an exit whose causes are followed, for each variant.
FOLLOWED = 25
#: Variants whose spread is taken apart, worlds of each, and how often each is lived.
TAKEN_APART, LIVED, LIVES = 4, 100, 4


@dataclass(frozen=True)
class Context:
    """Results of which a report is made, and all that its sections have in common.

    Lists are of the variants in their order; the first variant is the baseline of all comparisons.

    Parameters
    ----------
    whole : Results
        With variants of several theories, the report is of the first one's (``results``); the section by theory is of
        them all.
    preferences : Preferences, optional
        The analyst's tie zones and wishes.
    pool : FigurePool, optional
        Draws figures meanwhile in other processes; without one they are drawn here.
    """

    whole: Results
    preferences: stats.Preferences | None = None
    pool: FigurePool | None = None

    # What was run -----------------------------------------------------------------------------------------------------

    @cached_property
    def results(self) -> Results:
        """Return the results that are compared."""
        return by_theory.of_one_theory(self.whole)

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the manifest of the results that are compared."""
        return self.results.manifest

    @property
    def folder(self) -> str:
        """Return the name of the results' folder."""
        return self.results.folder.name

    @property
    def labels(self) -> list[str]:
        """Return the variants' labels."""
        return self.results.variants

    @cached_property
    def names(self) -> list[str]:
        """Return the variants in words."""
        names = variant_names(self.labels) if len(self.labels) > 1 else ["the scenario as it is"]
        return list(map(unmarked, names))

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """Return the first variant's inputs; a sweep's own title and purpose stand in place of the scenario's."""
        inputs: dict[str, Any] = self.manifest["inputs"]["variants"][0]
        sweep = self.manifest.get("sweep") or {}
        return inputs | {key: value for key, value in sweep.items() if key in ("title", "purpose")}

    @property
    def start(self) -> date:
        """Return the first day."""
        return date.fromisoformat(self.inputs["start"])

    @property
    def title(self) -> str:
        """Return the title: the scenario's."""
        return str(self.inputs["title"])

    @property
    def subtitle(self) -> str:
        """Return what was run, in a line."""
        n = f"{len(self.labels)} variants in the same " if len(self.labels) > 1 else ""
        worlds, seed = f"{n}{self.results.worlds:,} worlds", self.results.seed
        return f"{worlds}, {self.manifest['days']} days from {date_in_words(self.start)}; seed {seed}"

    @cached_property
    def variants(self) -> list[Variant | None]:
        """Return the variants made ready again; None for one whose rules or files have changed since."""
        return [rebuilt(self.results, k) for k in range(len(self.labels))]

    # What the worlds come to ------------------------------------------------------------------------------------------

    @cached_property
    def comparison(self) -> Comparison:
        """Return summaries and differences of all outcomes."""
        return self.results.comparison(self.preferences)

    @property
    def measures(self) -> list[Measure]:
        """Return the headline measures that there are."""
        return self.comparison.headlines

    @cached_property
    def summaries(self) -> list[dict[str, stats.Summary]]:
        """Return the summary of every outcome of each variant, by measure."""
        return [self.comparison.summary(label) for label in self.labels]

    @cached_property
    def differences(self) -> list[dict[str, stats.Difference]]:
        """Return how headline outcomes of each variant after the first differ from the first one's, by measure."""
        return list(self.comparison.headline_differences().values())

    @cached_property
    def exits(self) -> list[ExitCounts]:
        """Return how the worlds of each variant ended; nothing where the results lack what tells it."""
        return [one for label in self.labels if (one := exit_counts(self.results, label))]

    @cached_property
    def given(self) -> list[dict[str, GivenOutcome]]:
        """Return what follows from the policies or the scenario themselves, by measure, for each variant."""
        return [
            given_outcomes(variant, self.comparison.measures, partial(self.results.column, variant=label))
            for variant, label in zip(self.variants, self.labels, strict=True)
        ]

    def is_given(self, measure: Measure, place: int) -> bool:
        """Return whether a measure is given in the variant of this place, or in the baseline."""
        return measure.name in self.given[place] or measure.name in self.given[0]

    @cached_property
    def theories(self) -> tuple[list[str], list[by_theory.WeighedMeasure]]:
        """Return theories and what was found under each: those of variants, else those that worlds drew, if any."""
        theories = by_theory.varied_theories(self.whole)
        if theories:
            return theories, by_theory.over_variants(self.whole)
        try:
            return by_theory.theories_of(self.results), by_theory.by_theory(self.results, {})
        except InputError:
            return [], []

    # What worlds show that are lived again ----------------------------------------------------------------------------

    @cached_property
    def grounds(self) -> list[Grounds | None]:
        """Return what exits rest on under each variant; None where its worlds cannot be lived again."""
        found: list[Grounds | None] = []
        for variant, label in zip(self.variants, self.labels, strict=True):
            frame = self.results.outcomes_columns(["world", "exited"], label)
            left = frame["world"][frame["exited"].astype(bool)].head(FOLLOWED).tolist()
            found.append(None if variant is None else grounds_of_exits(variant, left, self.results.seed))
        return found

    @cached_property
    def spreads(self) -> dict[str, spread.Spread]:
        """Return the spread of the first variants and of their differences, by heading; none without their worlds."""
        ready = [variant for variant in self.variants[:TAKEN_APART] if variant is not None]
        if len(ready) < min(len(self.variants), TAKEN_APART):
            return {}
        found = spread.spreads(ready, LIVED, self.results.seed, LIVES)
        names = dict(zip([one.variant for one in found[: len(ready)]], self.names, strict=False))
        return {f"{names[o.variant]}{', less ' + names[o.against] if o.against else ''}": o for o in found}

    # What the ledger has to say ---------------------------------------------------------------------------------------

    @cached_property
    def trial(self) -> Mapping[str, Any]:
        """Return what the last trial of the ledger found; nothing where it was never tried."""
        return load_findings()

    @cached_property
    def checks(self) -> list[PredictionCheck]:
        """Return the predictions that concern what is compared, held against these results."""
        mixed = next((v.inputs.mixture for v in self.variants if v is not None), ())
        return prediction_checks(self.results, self.variants, mixed[0].name if mixed else self.inputs["theory"])
