"""The story of one world: its recorded events as dated plain sentences, each with its cause, its rule and its claim.

Sentences come from the templates in ``sim.names.events``. An attack or a strike is told together with whom it hurt;
what happens by the week is summed up by the quarter; what nobody in the story could know is left out unless asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from sim.design import Variant
from sim.ensemble import OneWorld
from sim.names.actors import (
    ACTOR_LABELS,
    ACTORS,
    EXIT_KINDS,
    PLACES,
    POLICY_KEYS,
    PRESENCES,
    RUNGS,
    SEATS,
)
from sim.names.events import (
    ATTACK,
    ATTACK_OUTSIDE,
    CELL_DESTROYED,
    CIVILIANS_KILLED_BY_US,
    COALITION_KILLED,
    DEMAND_ACCEPTED,
    DEMANDED,
    EVENT_KINDS,
    EXIT_DECIDED,
    FRAMEWORK_SIGNED,
    IRAN_MISSILES,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    ISIS_ATTACKS,
    ISIS_KILLED_PEOPLE,
    LEADER_KILLED,
    MILITIA_KILLED,
    MOTION_TABLED,
    QUORUM_FAILED,
    RUNG_CLIMBED,
    SIEGE_BEGAN,
    STRIKE,
    US_KILLED,
    US_WOUNDED,
    VOTE_FAILED,
    VOTE_PASSED,
)
from sim.names.mechanisms import MECHANISMS
from sim.names.script import SCRIPT_ATTACK, SCRIPT_LEADERSHIP, SCRIPT_MISSILES, SCRIPT_STRIKE
from sim.names.tables import MAX_RULES

#: What a blow does to people: told in one sentence with it.
BLOWS = (ATTACK, ATTACK_OUTSIDE, STRIKE, IRAN_MISSILES)
HARM = (
    LEADER_KILLED, MILITIA_KILLED, US_KILLED, US_WOUNDED, COALITION_KILLED, IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US, CIVILIANS_KILLED_BY_US,
)  # fmt: skip
#: How a later event calls an earlier one that it answers or follows from.
NOUNS = {
    ATTACK: "the attack", ATTACK_OUTSIDE: "the attack", STRIKE: "the strike", LEADER_KILLED: "the killing of a leader",
    IRAN_MISSILES: "the salvo", SIEGE_BEGAN: "the siege", MOTION_TABLED: "the motion", VOTE_PASSED: "the vote",
    VOTE_FAILED: "the vote", QUORUM_FAILED: "the session", DEMANDED: "the demand", DEMAND_ACCEPTED: "the acceptance",
    FRAMEWORK_SIGNED: "the framework", EXIT_DECIDED: "the decision to leave", US_KILLED: "the attack",
}  # fmt: skip
_ANSWERED = (ATTACK, ATTACK_OUTSIDE, STRIKE, LEADER_KILLED, IRAN_MISSILES, DEMANDED)
_SCRIPTED_KINDS = {
    SCRIPT_STRIKE: (STRIKE,), SCRIPT_LEADERSHIP: (STRIKE,), SCRIPT_ATTACK: (ATTACK, ATTACK_OUTSIDE),
    SCRIPT_MISSILES: (IRAN_MISSILES,),
}  # fmt: skip
_WEEKLY = (ISIS_ATTACKS, ISIS_KILLED_PEOPLE, CELL_DESTROYED)
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_WORST_PLACES = 3
_WITH_ARTICLE = ("embassy", "command")


class Event(NamedTuple):
    """One line of a world's record of events; see ``LOG`` in ``sim.world.record``."""

    id: int
    day: int
    kind: int
    actor: int
    target: int
    place: int
    size: float
    detail: float
    cause: int
    rule: int
    claim: int
    site: int


@dataclass(frozen=True)
class Cited:
    """The rule of a policy that an event followed: the actor's key, the policy, the rule, what the rule cites."""

    actor: str
    policy: str
    rule: str
    claims: tuple[str, ...]

    def __str__(self) -> str:
        """Return the rule and its claims in a few words."""
        return "; ".join([f"{self.actor} {self.policy}: {self.rule}", *self.claims])


@dataclass(frozen=True)
class Sentence:
    """One dated sentence: the events that it tells, those that they answer, and on whose word."""

    day: int
    date: date
    text: str
    kind: str
    events: tuple[int, ...]
    causes: tuple[int, ...] = ()
    rule: Cited | None = None
    mechanism: str = ""
    scripted: str = ""

    @property
    def source(self) -> str:
        """Return rule, claims and mechanism in a few words; nothing where none is named."""
        words = [f"scenario: {self.scripted}"] if self.scripted else []
        words += [str(self.rule)] if self.rule else []
        named = self.rule.claims if self.rule else ()
        return "; ".join(words + [self.mechanism] * bool(self.mechanism and self.mechanism not in named))

    def plain(self) -> dict[str, Any]:
        """Return the sentence as plain values."""
        rule = self.rule and {
            "actor": self.rule.actor, "policy": self.rule.policy, "rule": self.rule.rule,
            "claims": list(self.rule.claims),
        }  # fmt: skip
        return {
            "day": self.day, "date": self.date.isoformat(), "text": self.text, "kind": self.kind,
            "events": list(self.events), "causes": list(self.causes), "rule": rule,
            "mechanism": self.mechanism or None, "scripted": self.scripted or None,
        }  # fmt: skip


@dataclass(frozen=True)
class Story:
    """The story of one world: who decides by what, the sentences in order, how it ends."""

    variant: Variant
    world: int
    seed: int
    sentences: tuple[Sentence, ...]
    ending: str
    outcomes: dict[str, float | None]
    missing: int

    @property
    def policies(self) -> dict[str, str]:
        """Return the policy of each actor by key; factions of several minds are told apart."""
        inputs = self.variant.inputs
        names: dict[str, str] = {}
        for key, seats in POLICY_KEYS.items():
            of_seats = {seat: inputs.policies[inputs.policy_of[SEATS.index(seat)]].name for seat in seats}
            shared = len(set(of_seats.values())) == 1
            names |= {key: of_seats[seats[0]]} if shared else of_seats
        return names

    def plain(self) -> dict[str, Any]:
        """Return the story as plain values."""
        inputs = self.variant.inputs
        return {
            "scenario": self.variant.label, "title": inputs.title, "start": inputs.start.isoformat(),
            "days": inputs.days, "world": self.world, "seed": self.seed, "policies": self.policies,
            "theory": inputs.theory, "sentences": [sentence.plain() for sentence in self.sentences],
            "ending": self.ending, "outcomes": self.outcomes, "missing_events": self.missing,
        }  # fmt: skip


def story(variant: Variant, number: int, seed: int = 1, *, everything: bool = False) -> Story:
    """Return the story of world ``number`` of a variant; with ``everything`` what was hidden from the actors too."""
    world = OneWorld(variant, number, seed, record=True).run_to()
    missing = int(world.worlds["log_full"][0])
    outcomes = world.outcomes()
    told = _Telling(variant, world.events()).sentences(everything)
    defined = {name: None if np.isnan(value) else value for name, value in outcomes.items()}
    return Story(variant, number, seed, tuple(told), ending(variant, defined), defined, missing)


# Sentences -------------------------------------------------------------------------------------------------------


class _Telling:
    """Tells the events of one world."""

    def __init__(self, variant: Variant, log: np.ndarray) -> None:
        self.inputs = variant.inputs
        self.rule_names = [table.rule_names for table in variant.tables]
        self.sites = list(variant.inputs.geography.sites)
        self.events = [Event(*(row[name].item() for name in Event._fields)) for row in log]
        self.by_id = {event.id: event for event in self.events}
        self.harm: dict[int, list[Event]] = defaultdict(list)
        for event in self.events:
            if event.kind in HARM and self._kind_of(event.cause) in BLOWS:
                self.harm[event.cause].append(event)

    def sentences(self, everything: bool) -> list[Sentence]:
        """Return the sentences in the order of events, those of the quarters among them."""
        merged = {event.id for blows in self.harm.values() for event in blows}
        shown = [e for e in self.events if e.id not in merged and (everything or not EVENT_KINDS[e.kind].hidden)]
        told = [(event.day, event.id, self._sentence(event)) for event in shown]
        told += [(s.day, s.events[-1], s) for s in self._quarters()]
        return [sentence for _, _, sentence in sorted(told, key=lambda one: one[:2])]

    def _kind_of(self, event: int) -> int:
        return self.by_id[event].kind if event in self.by_id else 0

    def _sentence(self, event: Event) -> Sentence:
        harm = self.harm.get(event.id, [])
        return Sentence(
            event.day,
            self._date(event.day),
            self._text(event, harm),
            EVENT_KINDS[event.kind].name,
            (event.id, *(e.id for e in harm)),
            (event.cause,) if event.cause in self.by_id else (),
            self._cited(event.rule),
            MECHANISMS[event.claim - 1].id if event.claim else "",
            self._scripted(event),
        )

    def _text(self, event: Event, harm: Sequence[Event]) -> str:
        """Return the template filled in, with what the event answers and whom it hurt."""
        text = EVENT_KINDS[event.kind].text.format(**self._words(event)).rstrip(".")
        text = self._with_cause(text, event)
        if event.kind in BLOWS:
            text += "; " + _listed(_harm_told(harm) or ["nobody was hurt"])
        return _headed(text) + "."

    def _words(self, event: Event) -> dict[str, str]:
        details = EVENT_KINDS[event.kind].details
        k = int(event.detail)
        return {
            "actor": ACTOR_LABELS[ACTORS[event.actor]],
            "target": ACTOR_LABELS[ACTORS[event.target]],
            "place": PLACES[event.place],
            "site": self._site(event),
            "size": in_words(event.size),
            "detail": details[k] if 0 <= k < len(details) else in_words(event.detail),
        }

    def _site(self, event: Event) -> str:
        if not 0 <= event.site < len(self.sites):
            return f"a site in {PLACES[event.place]}"
        name = self.sites[event.site]
        return f"the {name}" if name.endswith(_WITH_ARTICLE) else name

    def _with_cause(self, text: str, event: Event) -> str:
        """Return the sentence with the date of what it answers, unless that is told on the same day."""
        cause = self.by_id.get(event.cause)
        if cause is None or cause.kind not in NOUNS or event.kind == RUNG_CLIMBED or cause.day == event.day:
            return text
        noun, when = NOUNS[cause.kind], self._date_beside(cause.day, event.day)
        at = text.lower().find(noun)
        if at >= 0:
            end = at + len(noun)
            return f"{text[:end]} of {when}{text[end:]}"
        return f"{text}, {'in answer to' if cause.kind in _ANSWERED else 'after'} {noun} of {when}"

    def _cited(self, rule: int) -> Cited | None:
        """Return the rule that an event names: 1 + seat * MAX_RULES + the rule's place in the seat's policy."""
        if rule <= 0:
            return None
        seat, place = divmod(rule - 1, MAX_RULES)
        policy = self.inputs.policies[self.inputs.policy_of[seat]]
        return Cited(policy.key, policy.name, policy.all_rules[place].name, policy.all_rules[place].claims)

    def _scripted(self, event: Event) -> str:
        """Return the scenario's own name of an event that it has happen."""
        acts = [act for act in self.inputs.script if act.day == event.day and not event.rule and not event.cause]
        return next((act.name for act in acts if event.kind in _SCRIPTED_KINDS.get(act.kind, ())), "")

    def _date(self, day: int) -> date:
        return self.inputs.start + timedelta(days=day)

    def _date_beside(self, day: int, other: int) -> str:
        """Return a date, without its year where that is the other's."""
        one, beside = self._date(day), self._date(other)
        return f"{one.day} {one:%B}" if one.year == beside.year else said(one)

    def _quarters(self) -> Iterator[Sentence]:
        """Yield a sentence on ISIS for each quarter."""
        quarters: dict[tuple[int, int], list[Event]] = defaultdict(list)
        for event in self.events:
            if event.kind in _WEEKLY:
                on = self._date(event.day)
                quarters[on.year, (on.month - 1) // 3].append(event)
        for (year, quarter), events in quarters.items():
            last = events[-1]
            months = self._months(year, quarter)
            text = f"{months} {year} {_isis_told(events)}."
            ids = tuple(e.id for e in events)
            yield Sentence(last.day, self._date(last.day), text, "isis_quarter", ids)

    def _months(self, year: int, quarter: int) -> str:
        """Return the months of a quarter that lie in the run, in words."""
        first = max(date(year, 3 * quarter + 1, 1), self.inputs.start)
        end = self._date(self.inputs.days - 1)
        last = date(year, 3 * quarter + 3, 1)
        last = end if (end.year, end.month) < (last.year, last.month) else last
        return f"In {first:%B}" if first.month == last.month else f"From {first:%B} to {last:%B}"


def _isis_told(events: Iterable[Event]) -> str:
    """Return what ISIS did in a quarter, and where most."""
    by_place: dict[int, float] = defaultdict(float)
    sums: dict[int, float] = defaultdict(float)
    for event in events:
        sums[event.kind] += event.size
        if event.kind == ISIS_ATTACKS:
            by_place[event.place] += event.size
    worst = sorted(by_place, key=lambda place: (-by_place[place], place))[:_WORST_PLACES]
    places = _listed([f"{PLACES[place]} ({by_place[place]:,.0f})" for place in worst])
    told = f"ISIS carried out {_counted(sums[ISIS_ATTACKS], 'attack')}" + (f", above all in {places}" * bool(places))
    killed = sums[ISIS_KILLED_PEOPLE]
    harm = [f"{_people(killed, 'person', 'people')} killed"] if killed else []
    lost = sums[CELL_DESTROYED]
    harm += [f"{_people(lost, 'of its cells', 'of its cells')} destroyed"] if lost else []
    return told + ("; " + _listed(harm) if harm else "")


def _harm_told(harm: Sequence[Event]) -> list[str]:
    """Return whom a blow hurt, a clause for each."""
    n: dict[int, float] = defaultdict(float)
    for event in harm:
        n[event.kind] += event.size
    clauses = _fighters_told(n[LEADER_KILLED], n[MILITIA_KILLED])
    clauses += _us_told(n[US_KILLED], n[US_WOUNDED])
    clauses += [f"{_people(n[COALITION_KILLED], 'coalition soldier')} killed"] if n[COALITION_KILLED] else []
    iraqis = n[IRAQI_KILLED_BY_MILITIA] + n[IRAQI_KILLED_BY_US]
    clauses += [f"{in_words(iraqis)} Iraqi {_soldiers(iraqis)} died"] if iraqis else []
    civilians = n[CIVILIANS_KILLED_BY_US]
    return clauses + ([f"{_counted(civilians, 'civilian')} died"] if civilians else [])


def _fighters_told(leaders: float, fighters: float) -> list[str]:
    if leaders:
        return [f"a leader and {_counted(fighters, 'fighter')} were killed" if fighters else "a leader was killed"]
    return [f"{_people(fighters, 'fighter')} killed"] if fighters else []


def _us_told(killed: float, wounded: float) -> list[str]:
    people = ("US soldier or contractor", "US personnel")
    if killed and wounded:
        return [f"{_people(killed, *people)} killed and {in_words(wounded)} wounded"]
    if killed or wounded:
        return [f"{_people(killed or wounded, *people)} {'killed' if killed else 'wounded'}"]
    return []


def _soldiers(n: float) -> str:
    return "soldier or policeman" if n == 1 else "soldiers or police"


def _people(n: float, one: str, many: str = "") -> str:
    """Return ``two fighters were`` or ``one fighter was``."""
    return f"{_counted(n, one, many)} {'was' if n == 1 else 'were'}"


def _counted(n: float, one: str, many: str = "") -> str:
    return f"{in_words(n)} {one if n == 1 else many or one + 's'}"


# How it ends -----------------------------------------------------------------------------------------------------


def ending(variant: Variant, outcomes: dict[str, float | None]) -> str:
    """Return how a world ends, in a paragraph: the presence, the dead, ISIS."""
    o = {name: value if value is not None else 0.0 for name, value in outcomes.items()}
    return " ".join([_presence_told(variant, o), _toll_told(o), _isis_end_told(o)])


def _presence_told(variant: Variant, o: dict[str, float]) -> str:
    start, last = variant.inputs.start, variant.inputs.start + timedelta(days=variant.inputs.days - 1)
    if not o["exited"]:
        state = PRESENCES[int(o["presence_end"])].replace("_", " ")
        return f"On {said(last)} US forces were still in Iraq: {o['us_troops_end']:,.0f} troops, the presence {state}."
    left = said(start + timedelta(days=int(o["exit_day"])))
    ways = {"agreement": "by agreement", "demand": "on Baghdad's demand", "own_choice": "by Washington's own choice"}
    way = ways.get(EXIT_KINDS[int(o["exit_kind"])], "")
    ugly = ", an ugly exit" if o["exit_ugly"] else ""
    north = f"; {o['us_troops_end']:,.0f} troops stayed in the Kurdistan Region" if o["north_kept"] else ""
    return f"US forces left federal Iraq on {left} {way}{ugly}{north}."


def _toll_told(o: dict[str, float]) -> str:
    attacks = o["militia_attacks"] + o["militia_attacks_outside"]
    fire = f"{in_words(o['us_killed'])} US personnel killed and {in_words(o['us_wounded'])} wounded"
    outside = (
        f" ({in_words(o['militia_attacks_outside'])} of them outside Iraq)" if o["militia_attacks_outside"] else ""
    )
    struck = f"{_counted(attacks, 'attack')}{outside}, {_counted(o['us_strikes'], 'US strike')}"
    others = _listed([
        f"{_counted(o['militia_killed'], 'fighter')} of the factions",
        f"{in_words(o['coalition_killed'])} coalition {_soldiers(o['coalition_killed'])}",
        f"{in_words(o['iraqi_forces_killed'])} Iraqi {_soldiers(o['iraqi_forces_killed'])}",
        f"{_counted(o['civilians_killed'], 'civilian')}",
    ])  # fmt: skip
    rung = RUNGS[int(o["highest_rung"])]
    return f"In all {struck}, {fire}; {others} died. The ladder's highest rung was: {rung}."


def _isis_end_told(o: dict[str, float]) -> str:
    return (
        f"ISIS ended with {o['isis_fighters_end']:,.0f} fighters, {o['isis_regrowth']:.2f} times those at the start, "
        f"in {o['isis_governorates_end']:.0f} governorates."
    )


# Words -----------------------------------------------------------------------------------------------------------


def said(on: date) -> str:
    """Return a date as ``11 March 2020``."""
    return f"{on.day} {on:%B %Y}"


def in_words(number: float) -> str:
    """Return a count as a whole number, a small one as a word."""
    whole = round(number)
    return _SMALL[whole] if 0 <= whole < len(_SMALL) else f"{whole:,}"


def _headed(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(words: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
