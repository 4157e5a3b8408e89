"""Events of one world told as sentences: what happened, in answer to what, by which rule, and what came of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from sim.experiments.variants import Variant
from sim.inputs.resolve import ScriptedEvent
from sim.names.actors import ACTOR_LABELS, ACTORS, PLACES
from sim.names.events import (
    AIR_DEFENCE,
    ALLY_LEFT,
    ATTACK,
    ATTACK_OUTSIDE,
    BASE_HANDED_OVER,
    CLAIMED_BY_FRONT,
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
    IRAN_MISSILES,
    IRAN_ORDERED,
    LEADER_KILLED,
    LEAVING_HURRIED,
    LEAVING_SLOWED,
    MOTION_TABLED,
    NORTH_OFFERED,
    PRESIDENT_CONDEMNED,
    PROTEST_REPRESSED,
    PROTEST_SURGED,
    PROTESTERS_KILLED_BY_FACTIONS,
    PROTESTERS_KILLED_BY_FORCES,
    QUORUM_FAILED,
    REGIONAL_WAR_BEGAN,
    REGIONAL_WAR_ENDED,
    REINFORCED,
    RUNG_CLIMBED,
    SADR_CALLED,
    SIEGE_BEGAN,
    SIEGE_ENDED,
    STRIKE,
    TALKS_SUSPENDED,
    TROOPS_LEFT,
    US_KILLED,
    US_STRUCK_IRAN,
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
from sim.stories.clauses import HARM, hurts_anybody, in_words, parts_told
from sim.stories.events import CitedRule, Event, Sentence, cited_rule
from sim.wording import date_in_words, headed

#: What may hurt people.
BLOWS = (ATTACK, ATTACK_OUTSIDE, STRIKE, IRAN_MISSILES)
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
    AIR_DEFENCE: 60, BASE_HANDED_OVER: 60, REINFORCED: 60,
}  # fmt: skip
#: An attack that answers something further back than this is made in memory of it.
_LONG_AGO = 90
_SCRIPTED_KINDS = {
    SCRIPT_STRIKE: (STRIKE,), SCRIPT_LEADERSHIP: (STRIKE,), SCRIPT_ATTACK: (ATTACK, ATTACK_OUTSIDE),
    SCRIPT_MISSILES: (IRAN_MISSILES,), SCRIPT_PREMIER: (GOVERNMENT_FORMED,), SCRIPT_FRAMEWORK: (FRAMEWORK_SIGNED,),
    SCRIPT_REGIONAL_WAR: (REGIONAL_WAR_BEGAN,), SCRIPT_END_OF_WAR: (REGIONAL_WAR_ENDED,),
    SCRIPT_EPIDEMIC: (EPIDEMIC_BROKE_OUT,), SCRIPT_SIEGE: (SIEGE_BEGAN,), SCRIPT_PROTEST: (PROTEST_SURGED,),
}  # fmt: skip
_WITH_ARTICLE = ("embassy", "command")


class Narrator:
    """Tells the events of one world, one by one or several as one."""

    def __init__(self, variant: Variant, log: np.ndarray) -> None:
        self.inputs = variant.inputs
        self.sites = list(variant.inputs.geography.sites)
        self.events = [Event(*(row[name].item() for name in Event._fields)) for row in log]
        self.by_id = {event.id: event for event in self.events}
        self.parts: dict[int, list[Event]] = defaultdict(list)
        for event in self.events:
            if self.kind_of(event.cause) in WITH.get(event.kind, ()):
                self.parts[event.cause].append(event)

    def kind_of(self, event: int) -> int:
        """Return the kind of an event by its number, 0 where the record has none."""
        return self.by_id[event].kind if event in self.by_id else 0

    def is_part(self, event: Event) -> bool:
        """Return whether an event is told in one sentence with what it came of."""
        return self.kind_of(event.cause) in WITH.get(event.kind, ())

    def sentence(self, event: Event) -> Sentence:
        """Return the sentence that tells an event."""
        return self.as_one([event], self._text(event))

    def as_one(self, events: Sequence[Event], text: str) -> Sentence:
        """Return a sentence that tells events, with the causes, the rule and the mechanism that they share."""
        last = events[-1]
        scripted = self.scripted(events[0])
        rules, claims = {self.rule_of(event.rule) for event in events}, {event.claim for event in events}
        causes = dict.fromkeys(event.cause for event in events if event.cause in self.by_id)
        claim = claims.pop() if len(claims) == 1 else 0
        return Sentence(
            last.day,
            self.date_of(last.day),
            headed(text) + ".",
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
        scripted = self.scripted(event)
        if scripted and scripted.told:
            named = [part for part in parts if part.kind != LEADER_KILLED]
            return "; ".join([scripted.told.rstrip("."), *parts_told(named)])
        text = self.with_cause(EVENT_KINDS[event.kind].text.format(**self.words_of(event)).rstrip("."), event)
        unhurt = ["nobody was hurt"] if event.kind in BLOWS and not hurts_anybody(parts) else []
        return "; ".join([text, *unhurt, *parts_told(parts)])

    def words_of(self, event: Event) -> dict[str, str]:
        """Return the words for the blanks of an event's template."""
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

    def with_cause(self, text: str, event: Event) -> str:
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

    def rule_of(self, rule: int) -> CitedRule | None:
        """Return the rule that an event names by its number."""
        return cited_rule(self.inputs, rule)

    def scripted(self, event: Event) -> ScriptedEvent | None:
        """Return what the scenario has happen, where this event is it."""
        if event.rule or event.cause:
            return None
        acts = (act for act in self.inputs.script if act.day == event.day)
        return next((act for act in acts if event.kind in _SCRIPTED_KINDS.get(act.kind, ())), None)

    def date_of(self, day: int) -> date:
        """Return the date of a day of the run."""
        return self.inputs.start + timedelta(days=day)

    def _date_beside(self, day: int, other: int) -> str:
        """Return a date, without its year where that is the other's."""
        one, beside = self.date_of(day), self.date_of(other)
        return f"{one.day} {one:%B}" if one.year == beside.year else date_in_words(one)


def _link(event: Event, cause: Event) -> str:
    """Return how an event hangs on its cause: in answer, in memory, or merely after it."""
    if event.kind in _FOLLOWING or cause.kind not in _ANSWERED:
        return "after"
    old = event.kind in (ATTACK, ATTACK_OUTSIDE) and event.day - cause.day > _LONG_AGO
    return "in memory of" if old else "in answer to"
