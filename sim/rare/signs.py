"""Signs by which it is judged how near a world is to an end, read off its record.

They stand along two ways: the ladder between the US and Iran, and what staying costs Washington against what it is
worth, with the demands and dates by which a presence ends. What is read here decides where worlds are split, and
nothing else: no probability depends on it.
"""

from math import exp, expm1, log, log1p

import numpy as np

from sim.design import Variant
from sim.names.actions import IRAN_FIRE_MISSILES, US_STRIKE_IRAN
from sim.names.actors import SEAT_IRAN, SEAT_US
from sim.names.events import EVENT_KINDS
from sim.names.perceptions import perceptions_of
from sim.normal import quantile
from sim.world.draws import quantiles_of
from sim.world.presence import TOP_RUNG
from sim.world.record import offset

_KIND = {kind.name: k for k, kind in enumerate(EVENT_KINDS)}
#: Numbers of the record that signs are made of, and whole numbers.
_NUMBERS = (
    "us.resolve", "us.cost", "us.worth", "us.surge", "us.weary", "us.iran_case_killed", "us.pull_answer", "humiliation",
    "iran.fear", "iran.grievance", "iran.pressure", "iran.stock", "p.fear_per_salvo", "p.answer_base",
    "p.answer_resolve", "p.answer_no_dead", "p.own_exit_rate", "p.own_exit_gain", "p.concede_rate", "p.concede_gain",
    "p.strain_usual", "p.face", "p.exit_days", "p.transition_days", "p.iran_case_days", "government.demand",
    "government.trust", "government.pull_demand", "government.pull_negotiate", "government.talks_progress",
    "parliament.momentum", "parliament.outrage", "parliament.for_expulsion", "presence.troops", "presence.troops_start",
    "presence.troops_north", "north_willing", f"total.{_KIND['iran_missiles']}", f"total.{_KIND['us_struck_iran']}",
    "window.0.2", "window.0.3", "window.2.2", "window.2.3", "window.7.2", "economy", "protest_all", "mood_us", "war",
)  # fmt: skip
_WHOLE = (
    "day", "rung", "highest_rung", "us.iran_case", "us.iran_case_day", "us.case_open", "us.threat", "us.sanctions",
    "iran.struck", "iran.struck_day", "iran.unavenged", "open_war", "presence.decided_day", "presence.exit_day",
    "presence.exit_kind", "presence.state", "presence.ugly", "government.framework", "government.dated",
    "government.end_day", "government.refused", "government.in_office", "government.leaning", "government.talks_open",
    "government.ratified", "government.seeks_talks", "parliament.passed", "parliament.tabled", "last_deadly",
    "last_leader", "siege", "north_offered", "us.suspended",
)  # fmt: skip
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


class Reader:
    """Reads the signs of worlds of a variant off their record: those of the ladder, or of both ways (``ladder``)."""

    def __init__(self, numbers: np.ndarray, variant: Variant, ladder: bool) -> None:
        self.numbers, self.whole, self.days = numbers, numbers.view(np.int64), variant.inputs.days
        self.ladder = ladder
        self._bearable = thresholds(variant, SEAT_IRAN, IRAN_FIRE_MISSILES, "iran", "fear_of_war")
        self._affront = thresholds(variant, SEAT_US, US_STRIKE_IRAN, "us", "pull_to_answer_iran")
        self._numbers = np.array([offset(path) for path in _NUMBERS])
        self._whole = np.array([offset(path) for path in _WHOLE])

    def signs(self) -> np.ndarray:
        """Return the signs (n,) of the world as it stands."""
        (
            resolve, cost, worth, surge, weary, case_killed, pull, humiliation, fear, grievance, pressure, stock,
            per_salvo, base, by_resolve, no_dead, own_rate, own_gain, rate, gain, usual, face, exit_days, transition,
            case_days, demand, trust, pull_demand, pull_negotiate, progress, momentum, outrage, expulsion, troops,
            troops_start, north, willing, salvoes, struck_iran, attacks_30, attacks_90, killed_30, killed_90,
            strikes_30, economy, protest, mood, war,
        ) = self.numbers[self._numbers].tolist()  # fmt: skip
        (
            day, rung, highest, case, _, us_case, threat, sanctions, struck, struck_day, unavenged, open_war,
            decided, gone, kind, state, ugly, framework, dated, end_day, refused, in_office, leaning, talks, ratified,
            seeks, passed, tabled, deadly, leader, siege, offered, suspended,
        ) = self.whole[self._whole].tolist()  # fmt: skip
        left = self.days - day
        # The ladder: whether Washington would answer a blow, and how far fear would then stand.
        to_come = 2 - case - 2 * struck if not struck else 0
        feared = 1.0 - (1.0 - fear) * (1.0 - per_salvo) ** max(to_come, 0)
        urge = base + by_resolve * (resolve + surge + humiliation - cost) - (0.0 if case and case_killed else no_dead)
        # How far that is from what either one's policy waits for: a blow at home that can be borne, an affront.
        bears = 8 * (max(self.numbers[self._bearable].tolist(), default=1.0) - feared)
        affront = min(max(min(self.numbers[self._affront].tolist(), default=0.01), 0.01), 0.99)
        urged = urge - log(affront / (1.0 - affront))
        fresh = exp((struck_day - day) / max(1.0, case_days)) if struck else 0.0
        ladder = (
            clipped(bears), bears > 0, clipped(urged), urged > 0, (bears > 0) * (urged > 0), (bears > 0) * struck,
            struck * clipped(bears), feared, urge, unavenged, unavenged * feared, unavenged * urge, case, case * min(case_killed, 5.0),
            case * pull, case * feared, struck, struck * fear, fresh, salvoes > 0, min(salvoes, 6.0),
            min(struck_iran, 6.0), open_war, grievance, pressure, min(stock, 3.0), rung, highest, log1p(attacks_30),
            log1p(killed_30), log1p(strikes_30), siege, us_case, recent(leader, day),
        )  # fmt: skip
        if self.ladder:
            return np.array((log(left + 7.0), left / self.days, *ladder), dtype=float)
        # Cost against worth: what the hazards of leaving come to over the days that are left.
        strain = cost - face * max(surge, rung / TOP_RUNG) * (1.0 - weary)
        gap = strain - worth * resolve
        time_to = max(left - exit_days, 0.0) if decided < 0 else 0.0
        own = log1p(time_to * own_rate * expm1(min(own_gain * max(gap, 0.0), 20.0)) * 10)
        driven = log1p(time_to * demand * rate * exp(min(gain * (strain - usual), 10.0)) * 10)
        leaving = decided >= 0 and gone < 0
        out = troops / max(troops_start, 1.0)
        in_time = (left - exit_days * out) / _SOON if leaving else 0.0
        ends = (end_day - day) if framework and dated and end_day >= 0 else transition
        dated_in_time = (left - ends - exit_days) / 100.0
        exits = (
            gap, max(gap, -0.2), own, driven, demand, refused, decided >= 0, leaving, clipped(in_time), gone >= 0,
            (kind == 1) * (decided >= 0), (kind == 2) * (decided >= 0), (kind == 3) * (decided >= 0), state == 4, out,
            north > 0, ugly, recent(deadly, day), framework, dated * framework, clipped(dated_in_time),
            dated * framework * clipped(dated_in_time), ratified, talks, progress, seeks, in_office, leaning == 1,
            leaning == 2, leaning == 3, leaning == 4, passed, tabled, momentum, outrage, expulsion, pull_demand,
            pull_negotiate, trust, threat, sanctions, offered, willing, resolve, cost, worth, log1p(attacks_90),
            log1p(killed_90), economy, protest, mood, war, suspended,
        )  # fmt: skip
        return np.array((log(left + 7.0), left / self.days, *ladder, *exits), dtype=float)


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
