"""Ends that can be asked for: any outcome that a world has or has not, and what comes before it on the way."""

from dataclasses import dataclass

import numpy as np

from sim.errors import InputError, option_problem, unknown
from sim.names.events import EVENT_KINDS
from sim.names.measures import OUTCOMES, Measure
from sim.world.record import offset

#: Outcomes that nothing takes back: a world has reached such an end as soon as it shows.
_STAYS = {
    "exited", "exit_ugly", "open_war", "vote_held", "vote_passed", "framework_signed", "sanctions_imposed",
    "first_demand_in_office",
}  # fmt: skip
_KIND = {kind.name: k for k, kind in enumerate(EVENT_KINDS)}


@dataclass(frozen=True)
class Milestone:
    """What lies on the way to an end: a number of the record that is above something once it was passed, for good."""

    said: str
    path: str
    above: float
    below: float = float("inf")
    whole: bool = True

    def passed(self, numbers: np.ndarray) -> bool:
        """Return whether a world has passed it, of its record as numbers."""
        at = offset(self.path)
        return bool(self.above < (numbers.view(np.int64)[at] if self.whole else numbers[at]) < self.below)


def _event(name: str, said: str, times: int = 1) -> Milestone:
    return Milestone(said, f"total.{_KIND[name]}", times - 0.5, whole=False)


_DEMAND = Milestone("a demand to leave", "government.first_demand_day", -1)
_LEAVING = (Milestone("a decision to leave", "presence.decided_day", -1), _DEMAND)
_TABLED = (_event("motion_tabled", "a motion to expel"),)
_LADDER = (
    _event("iran_missiles", "a second salvo from Iran", 2), _event("us_struck_iran", "a US strike on Iranian soil"),
    _event("iran_missiles", "a salvo from Iran"),
)  # fmt: skip
#: What is looked for where an end itself is too rare to learn from: the rarest comes first.
_ON_THE_WAY = {
    "open_war": _LADDER, "highest_rung": _LADDER, "exited": _LEAVING, "exit_ugly": _LEAVING, "exit_kind": _LEAVING,
    "exit_cause": _LEAVING, "presence_end": _LEAVING, "north_kept": _LEAVING, "sanctions_imposed": _LEAVING,
    "vote_passed": _TABLED, "vote_held": _TABLED, "first_demand_in_office": (_DEMAND,),
}  # fmt: skip


@dataclass(frozen=True)
class End:
    """A rare end: an outcome that a world has or has not, or one kind of an outcome of several."""

    measure: Measure
    category: int = 1

    @property
    def name(self) -> str:
        """Return how it is asked for: ``open_war``, or ``exit_kind=own_choice``."""
        kinds = self.measure.categories
        return f"{self.measure.name}={kinds[self.category]}" if kinds else self.measure.name

    @property
    def said(self) -> str:
        """Return it in words."""
        kinds = self.measure.categories
        return f"{self.measure.label}: {kinds[self.category]}" if kinds else self.measure.label

    @property
    def on_the_ladder(self) -> bool:
        """Return whether it lies at the top of the ladder between the US and Iran, rather than at the way out."""
        return self.measure.name in ("open_war", "highest_rung")

    @property
    def stays(self) -> bool:
        """Return whether nothing takes it back, so that a world is over for it once it came."""
        top = self.measure.name == "highest_rung" and self.category == len(self.measure.categories) - 1
        way_out = self.measure.name in ("exit_kind", "exit_cause") and self.category > 0
        return self.measure.name in _STAYS or top or way_out

    def came(self, row: np.void) -> bool:
        """Return whether a world has it, of its outcomes as they stand; one that is not defined it has not."""
        return bool(row[self.measure.name] == self.category)

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """Return what lies on the way, the rarest first."""
        found = _ON_THE_WAY.get(self.measure.name, ())
        if self.measure.name == "exit_kind" and self.category:  # decided so, and not carried out yet
            return Milestone("such a decision", "presence.exit_kind", self.category - 0.5, self.category + 0.5), *found
        return found


def ends() -> list[str]:
    """Return the names of outcomes that a world has or has not."""
    return [measure.name for measure in OUTCOMES if measure.kind == "flag"]


def end_of(text: str) -> End:
    """Return the end that a text names: ``open_war``, or ``exit_kind=own_choice``; InputError if there is none."""
    name, equals, kind = (part.strip() for part in text.partition("="))
    measure = {m.name: m for m in OUTCOMES}.get(name)
    if measure and measure.kind == "flag" and not equals:
        return End(measure)
    if measure and measure.kind == "category":
        if kind in measure.categories:
            return End(measure, measure.categories.index(kind))
        raise _wrong(text, [f"{name}={one}" for one in measure.categories])
    raise _wrong(text, ends(), ", or a kind of an outcome of several, such as exit_kind=own_choice")


def _wrong(text: str, names: list[str], more: str = "") -> InputError:
    mistake = unknown(text, names, "an outcome that a world has or has not")
    return InputError([option_problem("--rare", mistake.expected + more, mistake.got, mistake.hint)])
