"""What must be possible in a world: in which share of worlds of each family it comes, held against what was asked for.

A shape is asked for because institutions, the documents or Iraq before 2012 say that it can happen, never because it
did after a scenario's start.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.evidence.observations import ObservationCheck, variant_of
from sim.experiments.variants import shipped_variant
from sim.inputs.yaml.files import names_of
from sim.names.events import (
    DRAWN_DOWN_EVENT,
    EXIT_DECIDED,
    FRAMEWORK_RENEWED,
    FRAMEWORK_SIGNED,
    MOTION_LAPSED,
    MOTION_TABLED,
    QUORUM_FAILED,
    REVIEWED,
    VOTE_FAILED,
)
from sim.running.ensemble import run_worlds
from sim.running.one_world import OneWorld

#: One scenario for each time and place that the model is asked about.
FAMILIES = ("2011-withdrawal", "2019-escalation", "2020-soleimani", "2021-quiet", "2024-tower22")
DAYS = 730
#: Half a year, and the first week of the half-year that ends two years, in the season of the first.
_HALF = 26
#: Weeks that make a busy or a silent spell, and attacks in the theatre that make a week, or a fortnight, busy.
_SPELL, _BUSY, _FORTNIGHT = 8, 2.0, 14.0
_SWING, _PEAK = 0.25, 737_556.0
_SOURCE = "possible: phases before 2012, institutions, judgement"


class Lives(NamedTuple):
    """Outcomes (worlds,) and weekly series (worlds, weeks) of a family, and on which day it starts."""

    outcomes: np.ndarray
    weekly: np.ndarray
    start: int

    @property
    def theatre(self) -> np.ndarray:
        """Return attacks on US sites in Iraq, Syria and Jordan by week (worlds, weeks)."""
        return (self.weekly["attacks"] + self.weekly["attacks_outside"]).astype(float)

    @property
    def isis(self) -> np.ndarray:
        """Return ISIS attacks by week, the usual season taken out (worlds, weeks)."""
        days = self.start + 7 * np.arange(self.weekly.shape[1]) + 3
        season = 1.0 + _SWING * np.cos(2 * np.pi * (days - _PEAK) / 365.25)
        return self.weekly["isis_attacks"] / season


class Shape(NamedTuple):
    """One thing that must be possible: in words, the share of worlds in which it comes, and what was asked for."""

    name: str
    share: Callable[[Lives], float]
    low: float
    high: float
    families: tuple[str, ...] = FAMILIES


def lives_of(scenario: str, worlds: int, seed: int, settings: Sequence[str] = ()) -> Lives:
    """Return the worlds of a scenario over two years."""
    variant = shipped_variant(scenario, (f"days={DAYS}", *settings), label=scenario)
    blocks = list(run_worlds([variant], worlds, seed, threads=2, series_worlds=worlds))
    parts = (np.concatenate([b.outcomes for b in blocks]), np.concatenate([b.series for b in blocks]))
    return Lives(*parts, variant.inputs.start.toordinal())


def _runs(rows: np.ndarray, length: int) -> np.ndarray:
    """Return where so many true weeks in a row end (worlds, weeks)."""
    total = np.cumsum(rows, axis=1)
    before = np.pad(total, ((0, 0), (length, 0)))[:, : rows.shape[1]]
    return total - before >= length


def _quiet_rate(lives: Lives) -> float:
    """Return attacks in a week while all factions hold by a promise; nothing where they never do."""
    holding = (lives.weekly["factions_holding"] >= 5.5) & np.roll(lives.weekly["factions_holding"] >= 5.5, 1, axis=1)
    return float(lives.theatre[holding].mean()) if holding.any() else float("nan")


def _silence_after_fire(lives: Lives) -> float:
    """Return in which share of worlds with eight busy weeks eight silent ones come within a year after."""
    busy = _runs(lives.theatre >= _BUSY, _SPELL)
    silent = _runs(lives.theatre == 0, _SPELL)
    found = []
    for fire, peace in zip(busy, silent, strict=True):
        if fire.any():
            first = int(np.argmax(fire))
            found.append(bool(peace[first + _SPELL : first + _SPELL + 52].any()))
    return float(np.mean(found)) if found else float("nan")


def _daily_fire(lives: Lives) -> float:
    pairs = lives.theatre[:, 1:] + lives.theatre[:, :-1]
    return float((pairs >= _FORTNIGHT).any(axis=1).mean())


def _tail(lives: Lives) -> float:
    attacks = lives.outcomes["militia_attacks"]
    return float(np.percentile(attacks, 95) / max(1.0, np.median(attacks)))


def _halves(lives: Lives) -> np.ndarray:
    """Return ISIS attacks of the last half-year of two over those of the first (worlds,)."""
    isis = lives.isis
    return isis[:, -_HALF:].sum(axis=1) / np.maximum(1.0, isis[:, :_HALF].sum(axis=1))


def _cut(lives: Lives) -> float:
    """Return in which share of worlds two fifths of the force or more went by decision, with no exit decided."""
    troops = lives.weekly["us_troops"]
    stays = np.isnan(lives.outcomes["exit_decided_day"])
    return float((stays & (lives.outcomes["troops_low"] <= 0.6 * troops[:, 0])).mean())


def _flag(name: str) -> Callable[[Lives], float]:
    return lambda lives: float((lives.outcomes[name] > 0).mean())


IN_THE_CONTEST = FAMILIES[1:]
SHAPES = (
    Shape("attacks in a week while all factions hold by promise", _quiet_rate, 0.0, 0.2, IN_THE_CONTEST),
    Shape("eight silent weeks within a year of eight busy ones", _silence_after_fire, 0.15, 1.0, IN_THE_CONTEST),
    Shape("a fortnight of one attack a day or more", _daily_fire, 0.01, 0.4, IN_THE_CONTEST),
    Shape("attacks of the 95th percentile over the median", _tail, 0.0, 5.0, IN_THE_CONTEST),
    Shape("fewer ISIS attacks in the last half-year than in the first",
          lambda w: float((_halves(w) < 1).mean()), 0.2, 1.0),
    Shape("more ISIS attacks", lambda w: float((_halves(w) > 1).mean()), 0.2, 1.0),
    Shape("ISIS attacks halved", lambda w: float((_halves(w) <= 0.5).mean()), 0.05, 1.0),
    Shape("more than a twentieth of people held by ISIS",
          lambda w: float((w.outcomes["isis_control_max"] > 0.05).mean()), 0.005, 0.15, ("2011-withdrawal",)),
    Shape("a cut of two fifths or more without an exit", _cut, 0.1, 0.6, IN_THE_CONTEST),
    Shape("Iran told the factions to restrain themselves", _flag("iran_restrained_days"), 1 / 3, 1.0),
    Shape("Iran told the factions to push", _flag("iran_pushing_days"), 1 / 3, 1.0),
)  # fmt: skip
#: US policies under which talks are offered, so that a framework must be possible and no certainty.
TALKERS = ("restraint", "in-kind", "hold-fire", "consult-first", "negotiate-framework", "consolidate")


def shapes(worlds: int = 300, seed: int = 1) -> list[ObservationCheck]:
    """Return each shape with its share of worlds in each family, and whether all lie where they were asked to."""
    lives = {family: lives_of(family, worlds, seed) for family in FAMILIES}
    found = [_checked(one, {family: one.share(lives[family]) for family in one.families}) for one in SHAPES]
    return [*found, _frameworks(worlds, seed), *_reasons(min(worlds, 100), seed)]


def _checked(shape: Shape, shares: dict[str, float]) -> ObservationCheck:
    """Return a shape as a check; a family in which it has no occasion says so, and fails nothing."""
    known = [share for share in shares.values() if not np.isnan(share)]
    holds = all(shape.low <= share <= shape.high for share in known) and bool(known)
    came = ", ".join(f"{family} {'no occasion' if np.isnan(x) else f'{x:.2f}'}" for family, x in shares.items())
    wanted = f"at least {shape.low:.2g}" if shape.high >= 1.0 and shape.low else f"{shape.low:.2g} to {shape.high:.2g}"
    return ObservationCheck(shape.name, wanted, came, holds, _SOURCE)


def _frameworks(worlds: int, seed: int) -> ObservationCheck:
    shares = {us: _flag("framework_signed")(lives_of("2020-soleimani", worlds, seed, (f"us={us}",))) for us in TALKERS}
    return _checked(Shape("a framework signed within two years of 2020, by policy", _daily_fire, 0.1, 0.6), shares)


def _reasons(worlds: int, seed: int) -> list[ObservationCheck]:
    """Return how many exits and cuts have a review within 14 days before them, and how many motions fail."""
    explained, failed = {}, {}
    for family in IN_THE_CONTEST:
        logs = [OneWorld(variant_of(family, DAYS), i, seed, record=True).run_to().events() for i in range(worlds)]
        log = np.concatenate(logs)
        decided = [_has_reason(one) for one in logs]
        explained[family] = float(np.mean(np.concatenate(decided))) if sum(map(len, decided)) else float("nan")
        tabled = (log["kind"] == MOTION_TABLED).sum()
        lost = np.isin(log["kind"], (VOTE_FAILED, QUORUM_FAILED, MOTION_LAPSED)).sum()
        failed[family] = float(lost / tabled) if tabled else float("nan")
    return [
        _checked(Shape("exits and cuts with a review or an agreement that they answer", _tail, 0.9, 1.0), explained),
        _checked(Shape("motions voted down, lapsed or without a quorum", _tail, 0.15, 1.0), failed),
    ]


def _has_reason(log: np.ndarray) -> np.ndarray:
    """Return of each exit decision and cut of a world whether it answers an event of the two weeks before."""
    decisions = log[np.isin(log["kind"], (EXIT_DECIDED, DRAWN_DOWN_EVENT))]
    day_of = dict(zip(log["id"].tolist(), log["day"].tolist(), strict=True))
    kind_of = dict(zip(log["id"].tolist(), log["kind"].tolist(), strict=True))
    told = {REVIEWED, FRAMEWORK_SIGNED, FRAMEWORK_RENEWED}  # a review is on a date, and an agreement names one
    lately = [one["day"] - day_of.get(int(one["cause"]), -99) <= 14 for one in decisions]
    dated = [one["rule"] > 0 or kind_of.get(int(one["cause"])) in told for one in decisions]
    return np.array(lately, dtype=bool) | np.array(dated, dtype=bool)


# Sides -----------------------------------------------------------------------------------------------------------

#: In which scenarios, under which theories, and in which measures either side must be able to be the better one.
SIDES_IN = ("2020-soleimani", "2019-escalation", "2024-tower22")
THEORIES = {"documents": 0.10, "deterrence": 0.30}
MEASURES = {"exited": 0.0, "us_killed": 0.0, "iran_influence_end": 0.005}
PRESSURE, NOTHING = "maximum-pressure", "do-nothing"
#: Policies that mean to stay; no pair of them may have one side above this share of the worlds that differ.
LEAVERS = ("prompt-withdrawal", "fighting-withdrawal", "relocate-north")
ONE_SIDED = 0.95


def sides(worlds: int = 300, seed: int = 1) -> list[ObservationCheck]:
    """Return where force is the better choice among worlds that differ, and which policies are one-sided."""
    found = []
    for scenario in SIDES_IN:
        for theory, least in THEORIES.items():
            first, second = (
                lives_of(scenario, worlds, seed, (f"us={us}", f"theory={theory}")).outcomes
                for us in (PRESSURE, NOTHING)
            )
            shares = {name: _better(first[name], second[name], tie) for name, tie in MEASURES.items()}
            found.append(_checked(
                Shape(f"{PRESSURE} better than {NOTHING} in {scenario} under {theory}", _tail, least, 1 - least), shares
            ))  # fmt: skip
    return [*found, _pairs(worlds, seed)]


def _better(first: np.ndarray, second: np.ndarray, tie: float) -> float:
    """Return in which share of the worlds that differ the first has less; NaN of fewer than ten."""
    apart = first - second
    apart = apart[np.abs(apart) > tie]
    return float((apart < 0).mean()) if len(apart) >= 10 else float("nan")


def _pairs(worlds: int, seed: int) -> ObservationCheck:
    """Return the pairs of policies that mean to stay in which one is the better in nearly all worlds that differ."""
    names = [name for name in names_of("us policy") if name not in LEAVERS]
    outcomes = {us: lives_of("2020-soleimani", worlds, seed, (f"us={us}",)).outcomes for us in names}
    found = []
    for k, one in enumerate(names):
        for other in names[k + 1 :]:
            for measure, tie in MEASURES.items():
                share = _better(outcomes[one][measure], outcomes[other][measure], tie)
                if share > ONE_SIDED or share < 1 - ONE_SIDED:
                    found.append(f"{one} against {other} in {measure} {share:.2f}")
    came = "; ".join(found) or "none"
    return ObservationCheck(
        "pairs of policies that mean to stay, one better in over 95%", "none", came, not found, _SOURCE
    )
