"""What results come to, each thing worked out once: summaries, differences, verdicts, exits over time, pairing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar

import numpy as np

from sim import stats
from sim.errors import InputError, option_problem, unknown
from sim.inputs.labels import named
from sim.names.measures import OUTCOMES, Measure
from sim.results.exits import incidence
from sim.results.pairing import PairingAudit

#: Values read at a time when outcomes are summed up: memory stays flat whatever the number of worlds.
VALUES_AT_A_TIME = 2_000_000

#: Variants that are named where a comparison is shown in a few lines.
SHOWN = 3

#: By a variant's label, then a measure's name.
Summaries = dict[str, dict[str, stats.Summary]]
Differences = dict[str, dict[str, stats.Difference]]


Found = TypeVar("Found")


class Worlds(Protocol):
    """Outcomes of variants, in a folder or in memory; the first variant is the baseline."""

    @property
    def worlds(self) -> int:
        """Return how many worlds of each there are to be."""
        ...

    @property
    def variants(self) -> list[str]:
        """Return the variants' labels."""
        ...

    def names(self) -> list[str]:
        """Return the outcome measures that there are."""
        ...

    def columns(self, names: Sequence[str]) -> Mapping[str, Mapping[str, np.ndarray]]:
        """Return columns by label and name, with the ``world`` of each row."""
        ...

    def days_of(self, variant: str) -> int | None:
        """Return how many days a variant's worlds were run."""
        ...

    def longest(self, *variants: str) -> int | None:
        """Return the longest horizon of some variants."""
        ...

    def arrays(self, names: Sequence[str], variant: str) -> Mapping[str, np.ndarray]:
        """Return columns of one variant by name."""
        ...

    @property
    def pairing(self) -> list[PairingAudit]:
        """Return what an audit of pairing found; nothing where none was made."""
        ...


def measures_of(results: Worlds) -> list[Measure]:
    """Return the outcome measures that the results hold."""
    names = set(results.names())
    return [measure for measure in OUTCOMES if measure.name in names]


def headlines_of(results: Worlds) -> list[Measure]:
    """Return the headline measures that the results hold."""
    return [measure for measure in measures_of(results) if measure.headline]


class _Worked(NamedTuple):
    """What was worked out of some measures, for all variants."""

    summaries: Summaries
    differences: Differences


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Variants over the same worlds, or one alone: what they come to, worked out when it is asked for, and once.

    Parameters
    ----------
    results : Results, or worlds in memory
        The first variant is the baseline. Of a run that broke off, two variants are compared over the worlds that both
        have.
    preferences : Preferences, optional
        The analyst's tie zones and wishes.

    Examples
    --------
    >>> import sim
    >>> results = sim.compare("2021-quiet", vary={"us": ["restraint", "in-kind"]}, worlds=20, days=30)
    >>> compared = results.comparison()
    >>> compared.summary("in-kind")["exited"].mean, compared.verdict("exited", "in-kind")
    (0.0, 'cannot tell yet')
    """

    results: Worlds
    preferences: stats.Preferences | None = None

    def __repr__(self) -> str:
        """Return how many worlds of which variants are compared; nothing is worked out for it."""
        baseline, *others = self.labels
        more = f" and {len(others) - SHOWN:,} more" if len(others) > SHOWN else ""
        against = f"\n baseline {baseline!r}, against {', '.join(map(repr, others[:SHOWN]))}{more}" if others else ""
        worlds = f"{self.results.worlds:,} worlds"
        return f"<Comparison of {worlds} of {len(self.labels):,} variant{'s' * bool(others)}{against}>"

    @property
    def labels(self) -> list[str]:
        """Return the variants' labels, the baseline's first."""
        return self.results.variants

    @cached_property
    def measures(self) -> list[Measure]:
        """Return the outcome measures that there are."""
        return measures_of(self.results)

    @cached_property
    def headlines(self) -> list[Measure]:
        """Return the headline measures that there are."""
        return [measure for measure in self.measures if measure.headline]

    def headline_summary(self, label: str) -> dict[str, stats.Summary]:
        """Return the summary of each headline measure of a variant, by name."""
        return self._of_headlines.summaries[label]

    def summary(self, label: str) -> dict[str, stats.Summary]:
        """Return the summary of every outcome of a variant, by name.

        The variant is told by its label, or by enough of its words; InputError where that is not one of them.
        """
        label = self._label(label)
        return self._in_order(self._of_headlines.summaries[label] | self._of_others.summaries[label])

    def headline_differences(self) -> Differences:
        """Return how headline outcomes of each variant differ from the baseline's, by label and measure.

        Their verdicts are corrected by Holm over all of them and all variants (``stats.decide``).
        """
        return self._of_headlines.differences

    def verdict(self, measure: str, label: str) -> str:
        """Return what the difference of an outcome from the baseline's comes to, in a word: ``lower``, a ``tie`` ...

        Raises
        ------
        InputError
            If there is no such measure, or one of categories, which have a verdict each; or no such variant after the
            first.
        """
        label = named(self.labels[1:], label, "variant")
        if measure not in (names := [one.name for one in self.measures]):
            wrong = unknown(measure, names, "a measure")
            raise InputError([option_problem("measure", wrong.expected, wrong.got, wrong.hint)])
        is_headline = any(one.name == measure for one in self.headlines)
        found = self.headline_differences() if is_headline else self.differences()
        if found[label][measure].shares is not None:
            expected = "a measure without categories (of one with them, each has its own verdict in differences())"
            raise InputError([option_problem("measure", expected, measure)])
        return found[label][measure].verdict

    def _label(self, words: str) -> str:
        return words if words in self.results.variants else named(self.labels, words, "variant")

    def between(self, measure: Measure, first: str, second: str) -> stats.Difference:
        """Return how an outcome of one variant differs from that of any other, alone: its verdict is not corrected."""
        one, other = (self.results.arrays(["world", measure.name], label) for label in (first, second))
        return stats.paired_difference(
            *paired(one, other, measure.name), measure, self.preferences, self.results.longest(first, second)
        )

    def incidence(self, label: str, days: Sequence[int] | None = None) -> stats.Incidence:
        """Return the share of a variant's worlds gone in each way by each day."""
        label = self._label(label)
        key = label, None if days is None else tuple(days)
        if key not in self._incidence:
            self._incidence[key] = incidence(self.results, label, days)
        return self._incidence[key]

    @cached_property
    def _incidence(self) -> dict[tuple[str, tuple[int, ...] | None], stats.Incidence]:
        return {}

    @property
    def pairing(self) -> list[PairingAudit]:
        """Return where and why worlds of each variant part from the baseline's; nothing where no audit was made."""
        return self.results.pairing

    def differences(self) -> Differences:
        """Return how every outcome of each variant differs from the baseline's, by label and measure.

        Verdicts of headline measures are corrected, as in ``headline_differences``.
        """
        others = self._of_others.differences
        return {label: self._in_order(found | others[label]) for label, found in self.headline_differences().items()}

    def _in_order(self, found: Mapping[str, Found]) -> dict[str, Found]:
        return {measure.name: found[measure.name] for measure in self.measures}

    @cached_property
    def _of_headlines(self) -> _Worked:
        found = self._worked(self.headlines)
        return found._replace(differences=stats.correct(found.differences, self.headlines, self.preferences))

    @cached_property
    def _of_others(self) -> _Worked:
        return self._worked([measure for measure in self.measures if not measure.headline])

    def _worked(self, measures: Sequence[Measure]) -> _Worked:
        """Return what some measures come to, a few read at a time, of all variants."""
        baseline, *others = self.labels
        found = _Worked({label: {} for label in self.labels}, {label: {} for label in others})
        days = {label: self.results.days_of(label) for label in self.labels}
        longest = {label: self.results.longest(baseline, label) for label in others}
        for some in self._at_a_time(measures):
            columns = self.results.columns([measure.name for measure in some])
            for m in some:
                for label in self.labels:
                    found.summaries[label][m.name] = stats.summarise(columns[label][m.name], m, days[label])
                for label in others:
                    pair = paired(columns[baseline], columns[label], m.name)
                    found.differences[label][m.name] = stats.paired_difference(
                        *pair, m, self.preferences, longest[label]
                    )
        return found

    def _at_a_time(self, measures: Sequence[Measure]) -> Iterator[Sequence[Measure]]:
        rows = self.results.worlds * len(self.labels)
        together = max(1, VALUES_AT_A_TIME // max(rows, 1))
        return (measures[at : at + together] for at in range(0, len(measures), together))


def paired(
    first: Mapping[str, np.ndarray], second: Mapping[str, np.ndarray], name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return one column of two variants over the worlds that both have, in the same order."""
    if np.array_equal(first["world"], second["world"]):
        return first[name], second[name]
    _, here, there = np.intersect1d(first["world"], second["world"], assume_unique=True, return_indices=True)
    return first[name][here], second[name][there]
