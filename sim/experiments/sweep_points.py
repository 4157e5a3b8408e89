"""The block of a sweep that samples: what it is over, in which ranges, and at which points worlds stand."""

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from sim.errors import Mistake, Rejected, described, nearest
from sim.experiments.constraints import Constraint
from sim.experiments.sampling import HYPERCUBE, MOST_PLACES, RANDOM, SOBOL, Floats, Sampling
from sim.experiments.sweep_factors import GROUPS, OWN, UNCERTAIN, Draft, Start, distributions_of, name_at, path_of
from sim.experiments.variants import Variant
from sim.inputs.distributions.quantities import Distribution, is_distribution
from sim.inputs.resolve import drawn_by
from sim.inputs.scenario import Scenario
from sim.inputs.settings import Setting, setting_path
from sim.inputs.yaml.document import Where
from sim.names.mechanisms import MECHANISMS

_TO_GRID = "put it in a grid: its values are then crossed with all points, and compared over the same worlds"


def _over(draft: Draft) -> Iterator[tuple[str, Any, Where, bool]]:
    """Yield what the sampled block is over: a name, its range (OWN for its own), its place, and if it is a key."""
    if draft.sampled is None:
        return
    over, at = draft.sampled.value["over"], (*draft.sampled.at, "over")
    if isinstance(over, dict):
        yield from ((key, value, (*at, key), True) for key, value in over.items())
    elif isinstance(over, str):
        yield over, OWN, at, False
    else:
        yield from ((name, OWN, (*at, k), False) for k, name in enumerate(over))


def ranges(draft: Draft, base: Scenario) -> list[Setting]:
    """Return the settings that give quantities the ranges of the sampled block."""
    settings: list[Setting] = []
    for name, given, where, of_key in _over(draft):
        if name == UNCERTAIN or name in GROUPS:
            paths = [f"mechanisms.{one.id}" for one in MECHANISMS] if name == "mechanisms" else []
            if given != OWN and not paths:
                hint = "their units differ: give each a range by its own name"
                draft.wrong(where, Mistake(f"'{OWN}' for all of {name}", described(given), hint))
                continue
        else:
            path = "" if ":" in name else draft.path(base, name, where, "over", of_key)
            if not path or (not name_at(path) and _is_chosen(draft, base, path, where, of_key)):
                continue
            paths = [path]
        value = _range(draft, given, where)
        if value is not None:
            settings += [s for path in paths for s in draft.setting(base, "over", path, value, where)]
    return settings


def _is_chosen(draft: Draft, base: Scenario, path: str, where: Where, of_key: bool) -> bool:
    """Return whether what stands at a path is chosen, not drawn; then note that it belongs in a grid."""
    if path == "theory" and base.form.theories:  # worlds draw it
        return False
    expected = "a quantity that is drawn from a distribution"
    draft.wrong(where, Mistake(expected, f"'{path}', which is chosen", _TO_GRID, of_key=of_key))
    return True


def _range(draft: Draft, given: Any, where: Where) -> Any:
    """Return a range as a distribution in plain values; None for a quantity's own, or for what is none, noted."""
    if given == OWN:
        return None
    if isinstance(given, list) and len(given) == 2:
        return {"uniform": given}
    if isinstance(given, dict) and is_distribution(given):
        return given
    hint = _TO_GRID if isinstance(given, str | list) else "what stays fixed stands under 'set'"
    expected = f"[low, high], a distribution such as {{uniform: [1, 5]}}, or '{OWN}'"
    draft.wrong(where, Mistake(expected, described(given), hint))
    return None


def sampling_of(draft: Draft, starts: list[Start], variants: list[Variant], constraints: list[Constraint]) -> Sampling:
    """Return the design of the sampled block; without one, that every world draws for itself."""
    if draft.sampled is None or draft.problems or not variants:
        return Sampling(seed=draft.form.seed)
    kind, points = draft.sampled.kind, draft.sampled.value["points"]
    quantities = [item for one in variants for item in one.inputs.quantities.items()]
    uncertain = dict.fromkeys(drawn_by(name) for name, distribution in quantities if not distribution.is_fixed)
    entries = [(name, where, of_key) for name, _, where, of_key in _over(draft)]
    over = {name for entry in entries for name in _named(draft, starts[0], uncertain, *entry)}
    at = (*draft.sampled.at, "points")
    if kind == HYPERCUBE and points * len(over) > MOST_PLACES:
        most = f"at most {MOST_PLACES // len(over):,} points for {len(over)} quantities"
        draft.wrong(at, Mistake(most, f"{points:,}", "a Sobol sequence has no such limit"))
    if kind == SOBOL and points & (points - 1):
        powers = 2 ** (points.bit_length() - 1), 2 ** points.bit_length()
        mistake = Mistake("a power of two, at which a Sobol sequence is balanced", f"{points:,}",
                          f"take {powers[0]:,} or {powers[1]:,}")  # fmt: skip
        draft.warnings.append(draft.document.problem(at, mistake))
    sampling = Sampling(kind, tuple(sorted(over)), points, draft.form.seed)
    return _restricted(draft, sampling, variants, constraints) if constraints and not draft.problems else sampling


def _named(
    draft: Draft, start: Start, uncertain: Mapping[str, None], name: str, where: Where, of_key: bool
) -> list[str]:
    """Return the names of the varying quantities that an entry of ``over`` means; none are a problem."""
    if name in GROUPS:
        found = [one for one in uncertain if one.startswith(GROUPS[name])]
    elif name == UNCERTAIN:
        found = list(uncertain)
    else:
        path = "" if ":" in name else setting_path(start.base, f"{name}=0")
        found = [one for one in (name, name_at(path), path) if one in uncertain][:1]
    if not found:
        hint = "give it a range: {" + f"{name}: [low, high]" + "}"
        if name in GROUPS and name != "mechanisms":
            hint = ""
        elif ":" in name:
            hint = nearest(name, uncertain)
        got = f"'{name}', which is the same in all"
        draft.wrong(where, Mistake("what varies from world to world", got, hint, of_key=of_key))
    return found


def _restricted(draft: Draft, sampling: Sampling, variants: list[Variant], constraints: list[Constraint]) -> Sampling:
    """Return the design of the points that satisfy the constraints among sampled quantities."""
    names = list(dict.fromkeys(name for constraint in constraints for name in constraint.factors))
    distributions = {name: _same_everywhere(draft, name, sampling, variants) for name in names}
    known = {name: one for name, one in distributions.items() if one is not None}
    if sampling.kind == RANDOM:
        hint = "sample by sobol or latin-hypercube"
        draft.wrong(("where",), Mistake("constraints among the points of a design", "worlds drawn at random", hint))
    if len(known) < len(names) or draft.problems:
        return sampling

    def holds(numbers: Mapping[str, Floats]) -> Any:
        values = {name: one.quantile(numbers[name]) for name, one in known.items()}
        return reduce(lambda a, b: a & b, [constraint.holds(values) for constraint in constraints])

    try:
        return sampling.restricted(names, holds)
    except Rejected as wrong:
        draft.refuse(("where",), wrong)
        return sampling


def _same_everywhere(draft: Draft, name: str, sampling: Sampling, variants: list[Variant]) -> Distribution | None:
    """Return the distribution that a sampled quantity has in every variant; None, noted, where there is none."""
    if name not in sampling.over:
        hint = nearest(name, sampling.over)
        draft.wrong(("where",), Mistake("a factor of this sweep", f"'{path_of(name)}', which is not sampled", hint))
        return None
    drawn = [distributions_of(one.inputs).get(name) for one in variants]
    plain = [None if one is None else one.as_plain(sources=False) for one in drawn]
    if any(one != plain[0] for one in plain):
        expected = f"a constraint on what has the same distribution in every variant: '{path_of(name)}'"
        draft.wrong(("where",), Mistake(expected, "several"))
        return None
    return drawn[0]
