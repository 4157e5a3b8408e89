"""The story of one world: its recorded events as dated plain sentences, each with its cause, its rule and its claim.

Sentences come from the templates in ``sim.names.events``. A blow is told together with whom it hurt and what came of
it on the spot; what several do on a day for one reason, and runs of what matters little, are told at once, by the
month; what happens by the week, and surges of protest that nobody answers, are summed up by the quarter. What nobody in
the story could know is left out, and so is what is begun again without an end between. With ``everything``, nothing is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from sim.experiments.variants import Variant
from sim.inputs.resolve import Inputs, ScriptedEvent
from sim.names.actors import (
    ACTOR_LABELS,
    ACTORS,
    LEANINGS,
    N_FACTIONS,
    PLACES,
    POLICY_KEYS,
    PRESENCES,
    RUNGS,
    SEATS,
)
from sim.names.events import (
    AIMS_DECLARED,
    AIR_DEFENCE,
    ALLY_LEFT,
    ATTACK,
    ATTACK_OUTSIDE,
    BACKED_POLITICIANS,
    BACKED_PROTESTERS,
    BASE_CLOSED,
    BASE_REOPENED,
    CAUSES,
    CELL_DESTROYED,
    CIVILIANS_KILLED_BY_US,
    CIVILIANS_KILLED_FIGHTING_ISIS,
    CLAIMED_BY_FRONT,
    COALITION_KILLED,
    DEMAND_ACCEPTED,
    DEMAND_RENEWED,
    DEMANDED,
    DRAWN_DOWN_EVENT,
    EPIDEMIC_BROKE_OUT,
    EVENT_KINDS,
    EXIT_DECIDED,
    FRAMEWORK_RATIFIED,
    FRAMEWORK_SIGNED,
    FRAMEWORK_UNRATIFIED,
    GOVERNMENT_FORMED,
    GOVERNMENT_PROTESTED,
    HELD,
    IRAN_MISSILES,
    IRAN_ORDERED,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    ISIS_ATTACKS,
    ISIS_KILLED_PEOPLE,
    LEADER_KILLED,
    LEAVING_HURRIED,
    LEAVING_SLOWED,
    LEFT_SYRIA,
    MILITIA_KILLED,
    MOTION_TABLED,
    NORTH_OFFERED,
    PRESIDENT_CONDEMNED,
    PROTEST_REPRESSED,
    PROTEST_SURGED,
    PROTESTERS_KILLED_BY_FACTIONS,
    PROTESTERS_KILLED_BY_FORCES,
    QUORUM_FAILED,
    RALLY,
    REGIONAL_WAR_BEGAN,
    REGIONAL_WAR_ENDED,
    REINFORCED,
    RUNG_CLIMBED,
    SADR_CALLED,
    SIEGE_BEGAN,
    SIEGE_ENDED,
    STRIKE,
    TALKS_SUSPENDED,
    TRAINERS_HOME,
    TROOPS_LEFT,
    TRUCE_BEGAN,
    TRUCE_ENDED,
    US_KILLED,
    US_STRUCK_IRAN,
    US_WOUNDED,
    VOTE_FAILED,
    VOTE_PASSED,
    WARNED,
)
from sim.names.mechanisms import MECHANISMS
from sim.names.script import (
    SCRIPT_ATTACK,
    SCRIPT_END_OF_WAR,
    SCRIPT_EPIDEMIC,
    SCRIPT_FRAMEWORK,
    SCRIPT_LEADERSHIP,
    SCRIPT_MISSILES,
    SCRIPT_PREMIER,
    SCRIPT_PROTEST,
    SCRIPT_REGIONAL_WAR,
    SCRIPT_SIEGE,
    SCRIPT_STRIKE,
)
from sim.names.tables import MAX_RULES
from sim.running.ensemble import OneWorld

#: What a blow does to people: told in one sentence with it.
BLOWS = (ATTACK, ATTACK_OUTSIDE, STRIKE, IRAN_MISSILES)
HARM = (
    LEADER_KILLED, MILITIA_KILLED, US_KILLED, US_WOUNDED, COALITION_KILLED, IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US, CIVILIANS_KILLED_BY_US,
)  # fmt: skip
#: What is told in one sentence with the event that it came of, by what that may be.
WITH = dict.fromkeys((*HARM, CLAIMED_BY_FRONT, WARNED, PRESIDENT_CONDEMNED), BLOWS) | {
    PROTESTERS_KILLED_BY_FACTIONS: (PROTEST_REPRESSED,), PROTESTERS_KILLED_BY_FORCES: (PROTEST_REPRESSED,),
    FRAMEWORK_RATIFIED: (FRAMEWORK_SIGNED,), FRAMEWORK_UNRATIFIED: (FRAMEWORK_SIGNED,),
    TROOPS_LEFT: (FRAMEWORK_SIGNED, DRAWN_DOWN_EVENT),
}  # fmt: skip
#: How a later event calls an earlier one that it answers or follows from.
NOUNS = {
    ATTACK: "the attack", ATTACK_OUTSIDE: "the attack", STRIKE: "the strike", LEADER_KILLED: "the killing of a leader",
    IRAN_MISSILES: "the salvo", SIEGE_BEGAN: "the siege", MOTION_TABLED: "the motion", VOTE_PASSED: "the vote",
    VOTE_FAILED: "the vote", QUORUM_FAILED: "the session", DEMANDED: "the demand", DEMAND_RENEWED: "the demand",
    DEMAND_ACCEPTED: "the acceptance",
    FRAMEWORK_SIGNED: "the framework", EXIT_DECIDED: "the decision to leave", US_KILLED: "the attack",
    US_STRUCK_IRAN: "the strike on Iranian soil", PROTEST_SURGED: "the protests",
}  # fmt: skip
_ANSWERED = (ATTACK, ATTACK_OUTSIDE, STRIKE, LEADER_KILLED, IRAN_MISSILES, DEMANDED, SIEGE_BEGAN, US_STRUCK_IRAN)
#: What merely follows from something, or comes in spite of it, is no answer to it.
_FOLLOWING = (EXIT_DECIDED, ALLY_LEFT, LEAVING_HURRIED, NORTH_OFFERED)
#: What ends or goes on with something: nobody needs its date again.
_UNDATED = (RUNG_CLIMBED, SIEGE_ENDED, LEAVING_SLOWED)
#: After so many days nobody would name the cause of such a thing any more.
_FRESH = {
    IRAN_ORDERED: 5, SIEGE_BEGAN: 30, TALKS_SUSPENDED: 30, MOTION_TABLED: 60, SADR_CALLED: 60, ALLY_LEFT: 60,
    AIR_DEFENCE: 60, BASE_CLOSED: 60, REINFORCED: 60,
}  # fmt: skip
#: An attack that answers something further back than this is made in memory of it.
_LONG_AGO = 90
_SCRIPTED_KINDS = {
    SCRIPT_STRIKE: (STRIKE,), SCRIPT_LEADERSHIP: (STRIKE,), SCRIPT_ATTACK: (ATTACK, ATTACK_OUTSIDE),
    SCRIPT_MISSILES: (IRAN_MISSILES,), SCRIPT_PREMIER: (GOVERNMENT_FORMED,), SCRIPT_FRAMEWORK: (FRAMEWORK_SIGNED,),
    SCRIPT_REGIONAL_WAR: (REGIONAL_WAR_BEGAN,), SCRIPT_END_OF_WAR: (REGIONAL_WAR_ENDED,),
    SCRIPT_EPIDEMIC: (EPIDEMIC_BROKE_OUT,), SCRIPT_SIEGE: (SIEGE_BEGAN,), SCRIPT_PROTEST: (PROTEST_SURGED,),
}  # fmt: skip
_ISIS_WEEKLY = (ISIS_ATTACKS, ISIS_KILLED_PEOPLE, CELL_DESTROYED, CIVILIANS_KILLED_FIGHTING_ISIS)
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_WORST_PLACES = 3
_WITH_ARTICLE = ("embassy", "command")


class Together(NamedTuple):
    """How several events of a kind are told at once: which word names each, the sentence, whether over a month."""

    word: str
    text: str
    monthly: bool = False


_TOGETHER = {
    TRUCE_BEGAN: Together("actor", "{names} promised to hold fire"),
    TRUCE_ENDED: Together("actor", "the promises of {names} to hold fire ended: {detail}"),
    BASE_CLOSED: Together("site", "US troops left {names}"),
    BASE_REOPENED: Together("site", "US troops returned to {names}"),
    ALLY_LEFT: Together("detail", "{names} withdrew from Iraq", monthly=True),
    TRAINERS_HOME: Together("detail", "{names} took their trainers home", monthly=True),
}
#: Runs of these in a month are told at once: of attacks, those that hurt nobody.
_RUNS = {ATTACK: ATTACK, ATTACK_OUTSIDE: ATTACK, HELD: HELD, GOVERNMENT_PROTESTED: GOVERNMENT_PROTESTED, RALLY: RALLY}
_RUN = 3
#: Washington's stances: nothing ends them, so that one is news once, or when another takes its place.
_STANCES = (BACKED_POLITICIANS, BACKED_PROTESTERS, AIMS_DECLARED)


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
    """One dated sentence: the events that it tells, those that they answer, and on whose word.

    ``order`` is the event by whose number it stands among the sentences of its day.
    """

    day: int
    date: date
    text: str
    kind: str
    events: tuple[int, ...]
    causes: tuple[int, ...] = ()
    rule: Cited | None = None
    mechanism: str = ""
    scripted: str = ""
    order: int = 0

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

    @property
    def theory(self) -> str:
        """Return the theory of the world, in words; the one that it drew where worlds draw."""
        drawn = self.variant.theories(self.variant.values(self.seed, [self.world]))
        return (drawn or [self.variant.inputs.theory])[0]

    def plain(self) -> dict[str, Any]:
        """Return the story as plain values."""
        inputs = self.variant.inputs
        return {
            "scenario": self.variant.label, "title": inputs.title, "start": inputs.start.isoformat(),
            "days": inputs.days, "world": self.world, "seed": self.seed, "policies": self.policies,
            "theory": self.theory, "sentences": [sentence.plain() for sentence in self.sentences],
            "ending": self.ending, "outcomes": self.outcomes, "missing_events": self.missing,
        }  # fmt: skip


def story(
    variant: Variant, number: int, seed: int = 1, *, everything: bool = False,
    branches: Sequence[tuple[int, int]] = (),
) -> Story:  # fmt: skip
    """Return the story of world ``number`` of a variant; with ``everything`` each event, hidden ones too.

    ``branches`` are those that the world takes, by day and number (``OneWorld``).
    """
    world = OneWorld(variant, number, seed, record=True, branches=branches).run_to()
    missing = int(world.worlds["log_full"][0])
    outcomes = world.outcomes()
    told = _Telling(variant, world.events()).sentences(everything)
    defined = {name: None if np.isnan(value) else value for name, value in outcomes.items()}
    return Story(variant, number, seed, tuple(told), ending(variant, defined), defined, missing)


def cited_rule(inputs: Inputs, rule: int) -> Cited | None:
    """Return the rule that an event names: 1 + seat * MAX_RULES + the rule's place in the seat's policy."""
    if rule <= 0:
        return None
    seat, place = divmod(rule - 1, MAX_RULES)
    policy = inputs.policies[inputs.policy_of[seat]]
    return Cited(policy.key, policy.name, policy.all_rules[place].name, policy.all_rules[place].claims)


# Sentences -------------------------------------------------------------------------------------------------------


class _Telling:
    """Tells the events of one world."""

    def __init__(self, variant: Variant, log: np.ndarray) -> None:
        self.inputs = variant.inputs
        self.rule_names = [table.rule_names for table in variant.tables]
        self.sites = list(variant.inputs.geography.sites)
        self.events = [Event(*(row[name].item() for name in Event._fields)) for row in log]
        self.by_id = {event.id: event for event in self.events}
        self.parts: dict[int, list[Event]] = defaultdict(list)
        for event in self.events:
            if self._kind_of(event.cause) in WITH.get(event.kind, ()):
                self.parts[event.cause].append(event)

    def sentences(self, everything: bool) -> list[Sentence]:
        """Return the sentences in the order of events, those of months and quarters among them."""
        parts = {part.id for parts in self.parts.values() for part in parts}
        whole = [event for event in self.events if event.id not in parts]
        if everything:
            told = [self._sentence(event) for event in whole]
        else:
            shown = [e for e in whole if not EVENT_KINDS[e.kind].hidden and e.kind not in _ISIS_WEEKLY]
            surges = self._unanswered(shown)
            left = [event for event in _news(shown) if event not in surges]
            told = [*self._gathered(left), *self._by_quarter(surges, _surges_told, "protest")]
        told += [*self._quarters(_ISIS_WEEKLY, _isis_told, "isis"), *self._quarters(_LEFT, _left_told, "troops")]
        return sorted(told, key=lambda one: (one.day, not one.scripted, one.order))

    def _kind_of(self, event: int) -> int:
        return self.by_id[event].kind if event in self.by_id else 0

    def _sentence(self, event: Event) -> Sentence:
        return self._as_one([event], self._text(event))

    def _as_one(self, events: Sequence[Event], text: str) -> Sentence:
        """Return a sentence that tells events, with the causes, the rule and the mechanism that they share."""
        last = events[-1]
        scripted = self._scripted(events[0])
        rules, claims = {self._cited(event.rule) for event in events}, {event.claim for event in events}
        causes = dict.fromkeys(event.cause for event in events if event.cause in self.by_id)
        claim = claims.pop() if len(claims) == 1 else 0
        return Sentence(
            last.day,
            self._date(last.day),
            _headed(text) + ".",
            EVENT_KINDS[events[0].kind].name,
            tuple(part.id for event in events for part in (event, *self.parts.get(event.id, []))),
            tuple(causes),
            rules.pop() if len(rules) == 1 else None,
            MECHANISMS[claim - 1].id if claim else "",
            scripted.name if scripted else "",
            last.id,
        )

    def _text(self, event: Event) -> str:
        """Return the template filled in (or the scenario's own words), with what is answered and what came of it."""
        parts = self.parts.get(event.id, [])
        scripted = self._scripted(event)
        if scripted and scripted.told:
            named = [part for part in parts if part.kind != LEADER_KILLED]
            return "; ".join([scripted.told.rstrip("."), *_parts_told(named)])
        text = self._with_cause(EVENT_KINDS[event.kind].text.format(**self._words(event)).rstrip("."), event)
        unhurt = ["nobody was hurt"] if event.kind in BLOWS and not _hurt(parts) else []
        return "; ".join([text, *unhurt, *_parts_told(parts)])

    def _words(self, event: Event) -> dict[str, str]:
        details, site = EVENT_KINDS[event.kind].details, self._site(event)
        k = int(event.detail)
        return {
            "actor": ACTOR_LABELS[ACTORS[event.actor]],
            "target": ACTOR_LABELS[ACTORS[event.target]],
            "place": PLACES[event.place],
            "site": site,
            "size": in_words(event.size),
            "s": "" if round(event.size) == 1 else "s",
            "were": "was" if round(event.size) == 1 else "were",
            "detail": details[k].format(site=site) if 0 <= k < len(details) else in_words(event.detail),
        }

    def _site(self, event: Event) -> str:
        if not 0 <= event.site < len(self.sites):
            return f"a site in {PLACES[event.place]}"
        name = self.sites[event.site]
        return f"the {name}" if name.endswith(_WITH_ARTICLE) else name

    def _with_cause(self, text: str, event: Event) -> str:
        """Return the sentence with the date of what it answers, unless that is told on the same day or long over."""
        cause = self.by_id.get(event.cause)
        if cause is None or cause.kind not in NOUNS or event.kind in _UNDATED or cause.day == event.day:
            return text
        age = event.day - cause.day
        if age > _FRESH.get(event.kind, age) and cause.kind != EXIT_DECIDED:
            return text
        noun, when = NOUNS[cause.kind], self._date_beside(cause.day, event.day)
        at = text.lower().find(noun)
        if at >= 0:
            end = at + len(noun)
            return f"{text[:end]} of {when}{text[end:]}"
        return f"{text}, {_link(event, cause)} {noun} of {when}"

    def _cited(self, rule: int) -> Cited | None:
        return cited_rule(self.inputs, rule)

    def _scripted(self, event: Event) -> ScriptedEvent | None:
        """Return what the scenario has happen, where this event is it."""
        if event.rule or event.cause:
            return None
        acts = (act for act in self.inputs.script if act.day == event.day)
        return next((act for act in acts if event.kind in _SCRIPTED_KINDS.get(act.kind, ())), None)

    def _date(self, day: int) -> date:
        return self.inputs.start + timedelta(days=day)

    def _date_beside(self, day: int, other: int) -> str:
        """Return a date, without its year where that is the other's."""
        one, beside = self._date(day), self._date(other)
        return f"{one.day} {one:%B}" if one.year == beside.year else said(one)

    # Several at once

    def _gathered(self, shown: Sequence[Event]) -> list[Sentence]:
        """Return the sentences that tell events, runs of small ones and what several do for one reason at once."""
        groups: dict[object, list[Event]] = defaultdict(list)
        alone = self._alone(shown)
        for event in shown:
            groups[event.id if event.id in alone else self._group_of(event)].append(event)
        told: list[Sentence] = []
        for events in groups.values():
            if len(events) == 1 or (events[0].kind in _RUNS and len(events) < _RUN):
                told += [self._sentence(event) for event in events]
            else:
                told.append(self._at_once(events))
        return told

    def _unanswered(self, shown: Sequence[Event]) -> list[Event]:
        """Return the surges of protest that the scenario does not script and nobody in the story answers."""
        answered = {event.cause for event in self.events}
        return [event for event in shown
                if event.kind == PROTEST_SURGED and event.id not in answered and not self._scripted(event)]  # fmt: skip

    def _alone(self, shown: Sequence[Event]) -> set[int]:
        """Return the events to tell by themselves: the first of a run, what others answer, the first answers."""
        alone: set[int] = set()
        begun: set[int] = set()
        answered: set[int] = set()
        for event in shown:
            run = self._run_of(event)
            if not run:
                alone.add(event.cause)
            first_answer = run == ATTACK and event.cause not in answered | {0}
            if (run and run not in begun) or first_answer:
                alone.add(event.id)
            begun.add(run)
            answered |= {event.cause} if event.kind in _RUNS and run in (0, ATTACK) else set()
        return alone

    def _run_of(self, event: Event) -> int:
        """Return the kind of run that an event may be told in, 0 for none."""
        return 0 if _hurt(self.parts.get(event.id, [])) else _RUNS.get(event.kind, 0)

    def _group_of(self, event: Event) -> object:
        """Return what the events have in common that are told at once; an event's number where it stands alone."""
        on, run = self._date(event.day), self._run_of(event)
        if run:
            return run, on.year, on.month
        together = _TOGETHER.get(event.kind)
        if together is None:
            return event.id
        detail = event.detail if together.word != "detail" else 0.0
        when = (on.year, on.month) if together.monthly else on
        return event.kind, when, event.cause, self._cited(event.rule), detail, self._scripted(event)

    def _at_once(self, events: Sequence[Event]) -> Sentence:
        """Return one sentence for events of a group."""
        one_day = events[0].day == events[-1].day
        when = "" if one_day else f"in {self._date(events[0].day):%B} "
        scripted = self._scripted(events[0])
        if scripted and scripted.told:
            return self._as_one(events, scripted.told.rstrip("."))
        if events[0].kind in _RUNS:
            if events[0].kind in (ATTACK, ATTACK_OUTSIDE):
                month = f"{self._date(events[0].day):%B}"
                return self._as_one(events, _attacks_told(events, month, self._others_that_month(events)))
            return self._as_one(events, when + self._run_told(events))
        together, words = _TOGETHER[events[0].kind], [self._words(event) for event in events]
        names = _listed(list(dict.fromkeys(word[together.word] for word in words)))
        if together.word == "actor" and len(events) == N_FACTIONS:
            names = "all the factions"
        text = when + together.text.format(names=names, detail=words[0]["detail"])
        return self._as_one(events, self._with_cause(text, events[-1]))

    def _run_told(self, events: Sequence[Event]) -> str:
        """Return what a run of small events comes to: of rallies, unless it is one of the others."""
        n, kind = len(events), events[0].kind
        if kind == HELD:
            return f"Washington held its fire after {in_words(n)} attacks"
        if kind == GOVERNMENT_PROTESTED:
            return f"the prime minister condemned {in_words(n)} strikes as breaches of sovereignty"
        most = max(event.size for event in events)
        return f"people rallied against the US {in_words(n)} times, about {in_words(most)} of them at the most"

    def _others_that_month(self, events: Sequence[Event]) -> bool:
        """Return whether factions attacked in the month of these attacks besides them: those are told one by one."""
        on = self._date(events[0].day)
        return any(
            event.kind in (ATTACK, ATTACK_OUTSIDE) and event not in events
            and (self._date(event.day).year, self._date(event.day).month) == (on.year, on.month)
            for event in self.events
        )  # fmt: skip

    def _quarters(
        self, kinds: Sequence[int], tell: Callable[[Sequence[Event]], str], name: str
    ) -> Iterator[Sentence]:  # fmt: skip
        """Yield a sentence for each quarter on what happens by the week or the day."""
        return self._by_quarter([e for e in self.events if e.kind in kinds and not self._is_part(e)], tell, name)

    def _by_quarter(
        self, told: Sequence[Event], tell: Callable[[Sequence[Event]], str], name: str
    ) -> Iterator[Sentence]:  # fmt: skip
        """Yield a sentence for each quarter on these events."""
        quarters: dict[tuple[int, int], list[Event]] = defaultdict(list)
        for event in told:
            on = self._date(event.day)
            quarters[on.year, (on.month - 1) // 3].append(event)
        for (year, quarter), events in quarters.items():
            day, ids = events[-1].day, tuple(event.id for event in events)
            text = f"{self._months(year, quarter)} {year} {tell(events)}."
            yield Sentence(day, self._date(day), text, f"{name}_quarter", ids, order=ids[-1])

    def _is_part(self, event: Event) -> bool:
        return self._kind_of(event.cause) in WITH.get(event.kind, ())

    def _months(self, year: int, quarter: int) -> str:
        """Return the months of a quarter that lie in the run, in words."""
        first = max(date(year, 3 * quarter + 1, 1), self.inputs.start)
        end = self._date(self.inputs.days - 1)
        last = date(year, 3 * quarter + 3, 1)
        last = end if (end.year, end.month) < (last.year, last.month) else last
        return f"In {first:%B}" if first.month == last.month else f"From {first:%B} to {last:%B}"


def _link(event: Event, cause: Event) -> str:
    """Return how an event hangs on its cause: in answer, in memory, or merely after it."""
    if event.kind in _FOLLOWING or cause.kind not in _ANSWERED:
        return "after"
    old = event.kind in (ATTACK, ATTACK_OUTSIDE) and event.day - cause.day > _LONG_AGO
    return "in memory of" if old else "in answer to"


def _news(shown: Sequence[Event]) -> Iterator[Event]:
    """Yield events without a stance taken again that its actor has taken already."""
    taken: dict[tuple[int, int], float] = {}
    for event in shown:
        stance = (event.kind, event.actor)
        if event.kind in _STANCES and taken.get(stance) == event.detail:
            continue
        taken[stance] = event.detail
        yield event


def _attacks_told(events: Sequence[Event], month: str, besides: bool) -> str:
    """Return who fired how often in a month without hurting anybody, how much of it outside Iraq.

    With ``besides`` there were other attacks in that month, which may have hurt somebody.
    """
    by_faction: dict[str, int] = defaultdict(int)
    for event in events:
        by_faction[ACTOR_LABELS[ACTORS[event.actor]]] += 1
    ranked = sorted(by_faction.items(), key=lambda item: (-item[1], item[0]))
    outside = sum(event.kind == ATTACK_OUTSIDE for event in events)
    abroad = (
        f"; {in_words(outside)} of these attacks {'was' if outside == 1 else 'were'} outside Iraq" if outside else ""
    )
    n = in_words(len(events))
    head = f"besides the attacks told one by one, {{}} fired at US sites {n} times in {month}" if besides else (
        f"in {month} {{}} fired at US sites {n} times"
    )  # fmt: skip
    if len(ranked) == 1:
        return f"{head.format(ranked[0][0])}, hurting nobody{abroad}"
    return f"{head.format('factions')}, hurting nobody: {_listed([f'{f} {k}' for f, k in ranked])}{abroad}"


def _surges_told(events: Sequence[Event]) -> str:
    """Return where protest surged, and where more than once."""
    places: dict[int, int] = defaultdict(int)
    for event in events:
        places[event.place] += 1
    often = sorted(places.items(), key=lambda item: (-item[1], item[0]))
    return f"protest surged in {_listed([PLACES[p] + (f' ({_times(n)})' if n > 1 else '') for p, n in often])}"


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
    caught = sums[CIVILIANS_KILLED_FIGHTING_ISIS]
    harm += [f"{_counted(caught, 'civilian')} died where factions fought it"] if caught else []
    return told + ("; " + _listed(harm) if harm else "")


#: What flows off day by day and week by week.
_LEFT = (TROOPS_LEFT, LEFT_SYRIA)


def _left_told(events: Iterable[Event]) -> str:
    """Return how many US troops left in a quarter, and from where."""
    sums: dict[int, float] = defaultdict(float)
    for event in events:
        sums[event.kind] += event.size
    clauses = [f"{_counted(sums[TROOPS_LEFT], 'US soldier')} left Iraq"] if sums[TROOPS_LEFT] else []
    who = "" if clauses else " US soldiers"
    clauses += [f"{in_words(sums[LEFT_SYRIA])}{who} left Syria and Jordan"] if sums[LEFT_SYRIA] else []
    return _listed(clauses)


def _hurt(parts: Sequence[Event]) -> bool:
    return any(part.kind in HARM for part in parts)


def _parts_told(parts: Sequence[Event]) -> list[str]:
    """Return what came with an event, a clause for each: whom it hurt, and what was said of it."""
    n: dict[int, float] = defaultdict(float)
    for part in parts:
        n[part.kind] += part.size
    hurt = _harm_told(parts)
    shot = n[PROTESTERS_KILLED_BY_FACTIONS] + n[PROTESTERS_KILLED_BY_FORCES]
    clauses = [_listed(hurt)] if hurt else []
    clauses += [f"{_people(shot, 'protester')} killed"] if shot else []
    clauses += ["Iraqi forces had been warned to keep away"] if n[WARNED] else []
    clauses += ["a name that nobody had heard of claimed it"] if n[CLAIMED_BY_FRONT] else []
    clauses += ["the president, a friend of the presence, condemned it"] if n[PRESIDENT_CONDEMNED] else []
    clauses += [f"parliament ratified it with {in_words(n[FRAMEWORK_RATIFIED])} votes"] if n[FRAMEWORK_RATIFIED] else []
    if any(part.kind == FRAMEWORK_UNRATIFIED for part in parts):
        clauses.append("parliament withheld its vote, so that it rests on letters between the governments")
    return clauses + ([f"{_counted(n[TROOPS_LEFT], 'US soldier')} went home"] if n[TROOPS_LEFT] else [])


def _harm_told(harm: Sequence[Event]) -> list[str]:
    """Return whom a blow hurt, a clause for each."""
    n: dict[int, float] = defaultdict(float)
    for event in harm:
        n[event.kind] += event.size
    guest = any(event.kind == LEADER_KILLED and event.detail for event in harm)
    clauses = _fighters_told(n[LEADER_KILLED], n[MILITIA_KILLED], guest)
    clauses += _us_told(n[US_KILLED], n[US_WOUNDED])
    clauses += [f"{_people(n[COALITION_KILLED], 'coalition soldier')} killed"] if n[COALITION_KILLED] else []
    iraqis = n[IRAQI_KILLED_BY_MILITIA] + n[IRAQI_KILLED_BY_US]
    clauses += [f"{in_words(iraqis)} Iraqi {_soldiers(iraqis)} died"] if iraqis else []
    civilians = n[CIVILIANS_KILLED_BY_US]
    return clauses + ([f"{_counted(civilians, 'civilian')} died"] if civilians else [])


def _fighters_told(leaders: float, fighters: float, guest: bool) -> list[str]:
    if leaders:
        dead = ["a leader", *["an Iranian commander"] * guest, *[_counted(fighters, "fighter")] * bool(fighters)]
        return [f"{_listed(dead)} {'was' if len(dead) == 1 else 'were'} killed"]
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

_STAYING = {
    "full": "on the old terms", "limited": "limited by a framework", "transition": "in an agreed transition",
    "drawn_down": "cut down", "leaving": "on their way out", "north_only": "in the north only",
}  # fmt: skip
_LEAVING_BY = dict(zip(CAUSES, (
    "by Washington's own choice, as its policy had it",
    "on Baghdad's demand, which Washington had accepted",
    "on Baghdad's demand, which Washington could defy no longer",
    "by agreement, as its date had come",
    "by Washington's own choice, as staying cost more than it was worth",
), strict=True))  # fmt: skip
#: What makes an exit ugly.
UGLY = "under deadly fire, or on a demand that Washington had refused"
#: Iran's influence (a share) in words, each up to a bound.
_INFLUENCE = ((0.2, "slight"), (0.4, "limited"), (0.6, "considerable"), (0.8, "strong"), (1.0, "dominant"))
_PREMIERS = {
    "pro_iran": "a pro-Iran",
    "balancing": "a balancing",
    "nationalist": "a nationalist",
    "reformist": "a reformist",
}


def ending(variant: Variant, outcomes: dict[str, float | None]) -> str:
    """Return how a world ends, in a paragraph: the presence, Baghdad, the dead and who killed them, ISIS."""
    o = {name: value if value is not None else 0.0 for name, value in outcomes.items()}
    days = {name: variant.inputs.start + timedelta(days=int(o[name])) for name in o if name.endswith("_day")}
    last = variant.inputs.start + timedelta(days=variant.inputs.days - 1)
    told = [_presence_told(o, days, last), _politics_told(o, days), _fight_told(o), _toll_told(o), _isis_end_told(o)]
    return " ".join([*told, *_beyond_room_told(o)])


def _beyond_room_told(o: dict[str, float]) -> list[str]:
    """Return what a world had no room for, where there was any: its numbers are too low from there on."""
    beyond = o.get("beyond_room", 0.0)
    told = f"{beyond:,.0f} cells, attacks or strikes found no room in this world and did not come about."
    return [told] if beyond > 0 else []


def _presence_told(o: dict[str, float], days: dict[str, date], last: date) -> str:
    if not o["exited"]:
        state = PRESENCES[int(o["presence_end"])]
        since = f" since {said(days['exit_decided_day'])}" if state == "leaving" else ""
        troops = f"{o['us_troops_end']:,.0f} troops, {_STAYING.get(state, state)}{since}"
        return f"On {said(last)} US forces were still in Iraq: {troops}."
    cause = _LEAVING_BY.get(("no exit", *CAUSES)[int(o["exit_cause"])], "")
    ugly = f"; it was an ugly exit ({UGLY})" if o["exit_ugly"] else ""
    text = f"US forces left federal Iraq on {said(days['exit_day'])} {cause}{ugly}"
    if o["north_kept"]:
        return f"{text}; {o['us_troops_end']:,.0f} troops stayed in the Kurdistan Region."
    gone = days["left_all_day"]
    return f"{text}{f'; they left the Kurdistan Region too on {said(gone)}' if gone > days['exit_day'] else ''}."


def _politics_told(o: dict[str, float], days: dict[str, date]) -> str:
    """Return who governed at the end, what had been agreed, who else had stayed, and how much Iran counted."""
    premier = _PREMIERS.get(LEANINGS[int(o["government_leaning"])])
    clauses = [f"{premier} prime minister governed" if premier else "a caretaker governed"]
    clauses += [f"a framework had been signed on {said(days['framework_day'])}"] if o["framework_signed"] else []
    clauses += ["Washington had imposed sanctions"] if o["sanctions_imposed"] else []
    members = o["coalition_members_end"]
    still = f"{_counted(members, 'coalition member')} still had soldiers in Iraq"
    clauses += [still if members else "no coalition member had soldiers in Iraq any more"]
    share = o["iran_influence_end"]
    word = next((word for bound, word in _INFLUENCE if share <= bound), "dominant")
    return f"At the end {_listed(clauses)}; Iran's influence in Baghdad was {word} ({share:.0%})."


def _fight_told(o: dict[str, float]) -> str:
    abroad = o["militia_attacks_outside"]
    outside = f" ({in_words(abroad)} of them outside Iraq)" if abroad else ""
    salvoes = (
        f", {_counted(o['iran_direct_strikes'], 'salvo', 'salvoes')} from Iran" if o["iran_direct_strikes"] else ""
    )
    wrong = o["wrong_target_strikes"]
    missed = f" ({in_words(wrong)} on a faction that had not fired)" if wrong else ""
    n = o["militia_attacks"] + abroad
    struck = f"{_counted(o['us_strikes'], 'US strike')}{missed}"
    fought = (
        f"There {'was' if n == 1 else 'were'} {_counted(n, 'attack')} by the factions{outside}{salvoes} and {struck}"
    )
    on_iran = f"; Washington struck Iranian soil {_times(o['us_strikes_on_iran'])}" if o["us_strikes_on_iran"] else ""
    return f"{fought}{on_iran}; the ladder's highest rung was: {RUNGS[int(o['highest_rung'])]}."


def _times(n: float) -> str:
    return {1: "once", 2: "twice"}.get(round(n), f"{in_words(n)} times")


def _toll_told(o: dict[str, float]) -> str:
    """Return the dead, by who killed them."""
    americans = _people(o["us_killed"], "US soldier or contractor", "US personnel")
    lost = f"{americans} killed and {in_words(o['us_wounded']) if o['us_wounded'] else 'none'} wounded"
    allies = f"; {_people(o['coalition_killed'], 'coalition soldier')} killed" if o["coalition_killed"] else ""
    civilians = ("civilian or protester", "civilians and protesters")
    soldiers = {who: o[f"iraqi_forces_killed_by_{who}"] for who in ("us", "militias")}
    killed = {
        "US strikes": [
            (o["militia_killed"], "fighter of the factions", "fighters of the factions"),
            (soldiers["us"], f"Iraqi {_soldiers(soldiers['us'])}", ""),
            (o["civilians_killed_by_us"], "civilian", ""),
        ],
        "factions": [
            (soldiers["militias"], f"Iraqi {_soldiers(soldiers['militias'])}", ""),
            (o["civilians_killed_by_militias"], *civilians),
        ],
        "Iraqi forces": [(o["civilians_killed_by_forces"], "protester", "")],
        "ISIS": [(o["killed_by_isis"], "person", "people")],
    }
    told = [f"{who} killed {_listed(dead)}" for who, tolls in killed.items() if (dead := _dead_told(tolls))]
    return f"{_headed(lost)}{allies}. {_headed('; '.join(told))}." if told else f"{_headed(lost)}{allies}."


def _dead_told(tolls: Iterable[tuple[float, str, str]]) -> list[str]:
    """Return the dead of each sort, where there are any."""
    return [_counted(n, one, many or (one if "soldier" in one else "")) for n, one, many in tolls if n]


def _isis_end_told(o: dict[str, float]) -> str:
    return (
        f"ISIS ended with {o['isis_fighters_end']:,.0f} fighters, {o['isis_regrowth']:.2f} times those at the start, "
        f"in {_counted(o['isis_governorates_end'], 'governorate')}."
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
