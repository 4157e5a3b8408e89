"""Outcomes of many worlds summed up: means with their uncertainty, spreads over worlds, paired differences, curves.

Pure functions of arrays. Two kinds of range are kept apart throughout: ``low`` and ``high`` are the 95% interval of a
mean (it narrows with more worlds), ``p05`` to ``p95`` is the spread over worlds (it does not). Nothing returns NaN,
except curves where nothing is known: what is not defined is ``None``.
"""

from sim.stats.adjusted import AdjustedEstimate, Drawn, adjusted_difference, adjusted_mean
from sim.stats.bootstrap import SHIFTED, QuantileShift, bca_interval, shift
from sim.stats.differences import Difference, EffectSizes
from sim.stats.exits import ENDS, Incidence, IncidenceCurve, cumulative_incidence, ends_of
from sim.stats.few_worlds import interval_of_few, is_few, reach_apart
from sim.stats.paired import (
    correct,
    effect_sizes,
    flag_interval,
    interval_apart,
    newcombe_paired,
    paired_difference,
)
from sim.stats.rare import Chance, chance_of_end, plain_worlds
from sim.stats.records import Estimate, known
from sim.stats.sequential import Look, Precision, Standing, Statement, standing_of, tango_high
from sim.stats.spread import (
    CHANCE,
    ENOUGH,
    PARAMETERS,
    PARTS,
    THEORY,
    VarianceComponent,
    VarianceComponents,
    taken_apart,
)
from sim.stats.summaries import (
    FAN,
    SPREAD,
    Z95,
    Fan,
    Summary,
    WeightedMean,
    fan,
    mean_interval,
    summaries,
    summarise,
    t_quantile,
    weighted_interval,
    wilson,
    wilson_interval,
)
from sim.stats.values import codes_of
from sim.stats.verdicts import (
    BETTER,
    CANNOT_TELL,
    HIGHER,
    LOWER,
    NOT_DEFINED,
    TIE,
    TIES,
    TOO_MANY,
    WORSE,
    Preferences,
    Tie,
    decide,
    holm,
    is_open_tie,
    p_values,
    round_up,
    verdict_of,
    worlds_needed,
)

__all__ = [
    "BETTER", "CANNOT_TELL", "CHANCE", "ENDS", "ENOUGH", "FAN", "HIGHER", "LOWER", "NOT_DEFINED", "PARAMETERS", "PARTS",
    "SHIFTED", "SPREAD", "THEORY", "TIE", "TIES", "TOO_MANY", "WORSE", "Z95", "AdjustedEstimate", "Chance",
    "Difference", "Drawn", "EffectSizes", "Estimate", "Fan", "Incidence", "IncidenceCurve", "Look", "Precision",
    "Preferences", "QuantileShift", "Standing", "Statement", "Summary", "Tie", "VarianceComponent",
    "VarianceComponents", "WeightedMean", "adjusted_difference", "adjusted_mean", "bca_interval", "chance_of_end",
    "codes_of", "correct", "cumulative_incidence", "decide", "effect_sizes", "ends_of", "fan", "flag_interval", "holm",
    "interval_apart", "interval_of_few", "is_few", "is_open_tie", "known", "mean_interval", "newcombe_paired",
    "p_values", "paired_difference", "plain_worlds", "reach_apart", "round_up", "shift", "standing_of", "summaries",
    "summarise", "t_quantile", "taken_apart", "tango_high", "verdict_of", "weighted_interval", "wilson",
    "wilson_interval", "worlds_needed",
]  # fmt: skip
