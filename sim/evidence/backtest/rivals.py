"""Naive rivals: what one would forecast without a model, from the past that the same file states."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import nbinom, poisson

from sim.evidence.backtest.rows import Answer, Question

#: Quantiles that stand for a distribution, evenly spread.
POINTS = (np.arange(400) + 0.5) / 400
#: Jeffreys' prior of a rate, in events.
_HALF = 0.5


def pasts_of(question: Question, rows: Sequence[tuple[Question, Answer]]) -> list[tuple[Question, Answer]]:
    """Return the rows of the same kind, measure and place that end before the question's scenario starts, in order."""
    same = (question.kind, question.measure, question.place)
    before = [
        (one, answer) for one, answer in rows
        if (one.kind, one.measure, one.place) == same and one.end < question.begins and not np.isnan(answer.value)
    ]  # fmt: skip
    return sorted(before, key=lambda row: row[0].end)


def naive(question: Question, rows: Sequence[tuple[Question, Answer]]) -> dict[str, np.ndarray]:
    """Return what naive rivals forecast, by name: each a sample; none where the file states no past.

    ``last`` says the last value again, counts by their days. For counts ``poisson`` takes the past rate as known, and
    ``negative_binomial`` as learnt from that past (a gamma posterior of the rate).
    """
    past = pasts_of(question, rows)
    if not past:
        return {}
    last, value = past[-1][0], past[-1][1].value
    if question.kind != "count":
        return {"last": np.array([value])}
    days = sum((one.end - one.start).days + 1 for one, _ in past)
    events = sum(answer.value for _, answer in past)
    ahead = question.span.days
    shape = events + _HALF
    return {
        "last": np.array([value / ((last.end - last.start).days + 1) * ahead]),
        "poisson": poisson.ppf(POINTS, events / days * ahead),
        "negative_binomial": nbinom.ppf(POINTS, shape, days / (days + ahead)),
    }
