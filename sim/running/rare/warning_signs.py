"""Signs by which it is judged how near a world is to an end, read off its record.

They stand along two ways: the ladder between the US and Iran, and what staying costs Washington against what it is
worth, with the demands and dates by which a presence ends. What is read here decides where worlds are split, and
nothing else: no probability depends on it.
"""

from collections import namedtuple
from math import exp, expm1, log, log1p
from typing import Any

import numpy as np

from sim.experiments.variants import Variant
from sim.inputs.distributions.normal import quantile
from sim.names.actions import IRAN_FIRE_MISSILES, US_STRIKE_IRAN
from sim.names.actors import NORTH_ONLY, SEAT_IRAN, SEAT_US
from sim.names.events import EVENT_KINDS, WINDOWED_KINDS, WINDOWS
from sim.names.perceptions import perceptions_of
from sim.world.draws import quantiles_of
from sim.world.events import TOP_RUNG
from sim.world.record import offset

_KIND = {kind.name: k for k, kind in enumerate(EVENT_KINDS)}


def in_window(kind: str, days: int) -> str:
    """Return the path of how often a kind of event happened over the last so many days."""
    return f"window.{WINDOWS.index(days)}.{WINDOWED_KINDS.index(_KIND[kind])}"


#: Numbers of the record that signs are made of, and whole numbers.
_NUMBERS = {
    "resolve": "us.resolve", "cost": "us.cost", "worth": "us.worth", "surge": "us.surge", "weary": "us.weary",
    "case_killed": "us.iran_case_killed", "pull": "us.pull_answer", "humiliation": "humiliation", "fear": "iran.fear",
    "grievance": "iran.grievance", "pressure": "iran.pressure", "stock": "iran.stock",
    "per_salvo": "p.fear_per_salvo", "answer_base": "p.answer_base", "answer_resolve": "p.answer_resolve",
    "no_dead": "p.answer_no_dead", "own_rate": "p.own_exit_rate", "own_gain": "p.own_exit_gain",
    "concede_rate": "p.concede_rate", "concede_gain": "p.concede_gain", "strain_usual": "p.strain_usual",
    "face": "p.face", "exit_days": "p.exit_days", "transition": "p.transition_days", "case_days": "p.iran_case_days",
    "demand": "government.demand", "trust": "government.trust", "pull_demand": "government.pull_demand",
    "pull_negotiate": "government.pull_negotiate", "progress": "government.talks_progress",
    "momentum": "parliament.momentum", "outrage": "parliament.outrage", "expulsion": "parliament.for_expulsion",
    "troops": "presence.troops", "troops_start": "presence.troops_start", "north": "presence.troops_north",
    "willing": "north_willing", "salvoes": f"total.{_KIND['iran_missiles']}",
    "struck_iran": f"total.{_KIND['us_struck_iran']}", "attacks_30": in_window("attack", 30),
    "attacks_90": in_window("attack", 90), "killed_30": in_window("us_killed", 30),
    "killed_90": in_window("us_killed", 90), "strikes_30": in_window("strike", 30), "economy": "economy",
    "protest": "protest_all", "mood": "mood_us", "war": "war",
}  # fmt: skip
_WHOLE = {
    "day": "day", "rung": "rung", "highest": "highest_rung", "case": "us.iran_case", "us_case": "us.case_open",
    "threat": "us.threat", "sanctions": "us.sanctions", "struck": "iran.struck", "struck_day": "iran.struck_day",
    "unavenged": "iran.unavenged", "open_war": "open_war", "decided": "presence.decided_day",
    "gone": "presence.exit_day", "kind": "presence.exit_kind", "state": "presence.state", "ugly": "presence.ugly",
    "framework": "government.framework", "dated": "government.dated", "end_day": "government.end_day",
    "refused": "government.refused", "in_office": "government.in_office", "leaning": "government.leaning",
    "talks": "government.talks_open", "ratified": "government.ratified", "seeks": "government.seeks_talks",
    "passed": "parliament.passed", "tabled": "parliament.tabled", "deadly": "last_deadly", "leader": "last_leader",
    "siege": "siege", "offered": "north_offered", "suspended": "us.suspended",
}  # fmt: skip
_Numbers: Any = namedtuple("_Numbers", tuple(_NUMBERS))  # type: ignore[misc]
_Whole: Any = namedtuple("_Whole", tuple(_WHOLE))  # type: ignore[misc]
#: Parameters that move a world along the ladder, and towards an exit, and that its state does not show.
_UP_THE_LADDER = (
    "fear_base", "fear_per_salvo", "answer_base", "answer_resolve", "answer_no_dead", "missile_deadly", "war_chance",
    "fear_days", "iran_case_days",
)  # fmt: skip
_OUT = (
    "attack_tempo", "branching", "push_drive", "cost_per_attack", "cost_per_death", "cost_half_life", "own_exit_rate",
    "own_exit_gain", "face", "concede_rate", "concede_gain", "exit_days", "transition_days",
)  # fmt: skip
_OF_POLICIES = ("threshold:us:", "threshold:iran:")
#: Days by which a withdrawal under way is done in time, in the measure of a sign.
_SOON = 30.0


class SignReader:
    """Reads the signs of worlds of a variant off their record: those of the ladder, or of both ways (``ladder``)."""

    def __init__(self, numbers: np.ndarray, variant: Variant, ladder: bool) -> None:
        self.numbers, self.whole, self.days = numbers, numbers.view(np.int64), variant.inputs.days
        self.ladder = ladder
        self._bearable = thresholds(variant, SEAT_IRAN, IRAN_FIRE_MISSILES, "iran", "fear_of_war")
        self._affront = thresholds(variant, SEAT_US, US_STRIKE_IRAN, "us", "pull_to_answer_iran")
        self._numbers = np.array([offset(path) for path in _NUMBERS.values()])
        self._whole = np.array([offset(path) for path in _WHOLE.values()])

    def signs(self) -> np.ndarray:
        """Return the signs (n,) of the world as it stands."""
        n: Any = _Numbers._make(self.numbers[self._numbers].tolist())
        w: Any = _Whole._make(self.whole[self._whole].tolist())
        left = self.days - w.day
        bearable = max(self.numbers[self._bearable].tolist(), default=1.0)
        affront = min(self.numbers[self._affront].tolist(), default=0.0)
        found = (log(left + 7.0), left / self.days, *_of_ladder(n, w, bearable, affront))
        if not self.ladder:
            found = (*found, *_of_hazards(n, w, left), *_of_presence(n, w, left), *_of_politics(n, w))
        return np.array(found, dtype=float)


def _of_ladder(n: Any, w: Any, bearable: float, affront: float) -> tuple[float, ...]:
    """Return signs of the ladder: whether each side would answer a blow of the other's, and how things stand.

    Iran's policy answers as long as its fear can be borne, Washington's from an affront on.
    """
    to_come = 0 if w.struck else 2 - w.case
    feared = 1.0 - (1.0 - n.fear) * (1.0 - n.per_salvo) ** to_come
    bears = 8.0 * (bearable - feared)
    urge = n.answer_base + n.answer_resolve * (n.resolve + n.surge + n.humiliation - n.cost)
    urge -= 0.0 if w.case and n.case_killed else n.no_dead
    affront = min(max(affront, 0.01), 0.99)
    urged = urge - log(affront / (1.0 - affront))
    fresh = exp((w.struck_day - w.day) / max(1.0, n.case_days)) if w.struck else 0.0
    return (
        clipped(bears), bears > 0, clipped(urged), urged > 0, (bears > 0) * (urged > 0), (bears > 0) * w.struck,
        w.struck * clipped(bears), feared, urge, w.unavenged, w.unavenged * feared, w.unavenged * urge, w.case,
        w.case * min(n.case_killed, 5.0), w.case * n.pull, w.case * feared, w.struck, w.struck * n.fear, fresh,
        n.salvoes > 0, min(n.salvoes, 6.0), min(n.struck_iran, 6.0), w.open_war, n.grievance, n.pressure,
        min(n.stock, 3.0), w.rung, w.highest, log1p(n.attacks_30), log1p(n.killed_30), log1p(n.strikes_30), w.siege,
        w.us_case, recent(w.leader, w.day),
    )  # fmt: skip


def _of_hazards(n: Any, w: Any, left: int) -> tuple[float, ...]:
    """Return cost against worth, and what the hazards of leaving come to over the days that are left."""
    strain = n.cost - n.face * max(n.surge, w.rung / TOP_RUNG) * (1.0 - n.weary)
    gap = strain - n.worth * n.resolve
    time_to = max(left - n.exit_days, 0.0) if w.decided < 0 else 0.0
    own = log1p(10 * time_to * n.own_rate * expm1(min(n.own_gain * max(gap, 0.0), 20.0)))
    hazard = n.demand * n.concede_rate * exp(min(n.concede_gain * (strain - n.strain_usual), 10.0))
    return gap, max(gap, -0.2), own, log1p(10 * time_to * hazard), n.demand, n.resolve, n.cost, n.worth


def _of_presence(n: Any, w: Any, left: int) -> tuple[float, ...]:
    """Return signs of a withdrawal: decided or under way, of which kind, and whether it is over in time."""
    decided = w.decided >= 0
    leaving = decided and w.gone < 0
    out = n.troops / max(n.troops_start, 1.0)
    in_time = (left - n.exit_days * out) / _SOON if leaving else 0.0
    ends = w.end_day - w.day if w.framework and w.dated and w.end_day >= 0 else n.transition
    dated_in_time = clipped((left - ends - n.exit_days) / 100.0)
    kinds = [decided and w.kind == kind for kind in (1, 2, 3)]
    return (
        w.refused, decided, leaving, clipped(in_time), w.gone >= 0, *kinds, w.state == NORTH_ONLY, out, n.north > 0,
        w.ugly, recent(w.deadly, w.day), w.framework, w.dated * w.framework, dated_in_time,
        w.dated * w.framework * dated_in_time,
    )  # fmt: skip


def _of_politics(n: Any, w: Any) -> tuple[float, ...]:
    """Return signs of Baghdad's politics, of talks, of moods and of what is fired."""
    leanings = [w.leaning == leaning for leaning in (1, 2, 3, 4)]
    return (
        w.ratified, w.talks, n.progress, w.seeks, w.in_office, *leanings, w.passed, w.tabled, n.momentum, n.outrage,
        n.expulsion, n.pull_demand, n.pull_negotiate, n.trust, w.threat, w.sanctions, w.offered, n.willing,
        log1p(n.attacks_90), log1p(n.killed_90), n.economy, n.protest, n.mood, n.war, w.suspended,
    )  # fmt: skip


def recent(then: int, day: int) -> float:
    """Return 1 for what happened today, less the longer ago it was, 0 for what never did."""
    return exp((then - day) / 30.0) if then >= 0 else 0.0


def clipped(x: float) -> float:
    """Return a number held between -5 and 5."""
    return min(5.0, max(-5.0, x))


def drawn_signs(variant: Variant, seed: int, numbers: np.ndarray) -> np.ndarray:
    """Return what is drawn for worlds ``numbers`` as signs (n, quantities), each as its normal quantile.

    Of worlds that draw their theory, whether each theory is theirs comes last.
    """
    named = [column for column in variant.columns if column.name != "theory"]
    keys = variant.keys(seed, numbers)
    drawn = quantiles_of(keys, [column.drawn_by for column in named]) if named else np.zeros((0, len(numbers)))
    columns = list(quantile(np.clip(drawn, 1e-9, 1 - 1e-9)))
    if len(named) < len(variant.columns):
        theory = variant.values(seed, numbers)["theory"]
        columns += [np.asarray(theory == k, dtype=float) for k in range(len(variant.inputs.mixture))]
    return np.column_stack(columns) if columns else np.zeros((len(numbers), 0))


def looked_at(variant: Variant, ladder: bool) -> list[int]:
    """Return the places, among drawn signs, of what is always looked at: what moves a world by how it is made."""
    named = [column.name for column in variant.columns if column.name != "theory"]
    moving = {f"parameter:{name}" for name in (_UP_THE_LADDER if ladder else (*_UP_THE_LADDER[:6], *_OUT))}
    return [k for k, name in enumerate(named) if name in moving or name.startswith(_OF_POLICIES)]


def thresholds(variant: Variant, seat: int, action: int, key: str, perception: str) -> np.ndarray:
    """Return where in the record the numbers stand that a seat's rules for an action compare a perception with."""
    k = variant.inputs.policy_of[seat]
    column, table = perceptions_of(key)[perception][0], variant.tables[k].table
    found = []
    for rule_ in table["rules"][: table["n_rules"]]:
        if rule_["action"] == action:
            rows = range(int(rule_["first"]), int(rule_["first"] + rule_["length"]))
            found += [
                offset(f"policies.{k}.code.{row}.value") for row in rows if table["code"][row]["column"] == column
            ]
    return np.array(found, np.int64)
