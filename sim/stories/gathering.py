"""The sentences of a story: events told alone, several of a day or a month at once, or a quarter summed up."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sim.names.actors import N_FACTIONS
from sim.names.events import (
    AIMS_DECLARED,
    ALLY_LEFT,
    ATTACK,
    ATTACK_OUTSIDE,
    BACKED_POLITICIANS,
    BACKED_PROTESTERS,
    BASE_HANDED_OVER,
    BASE_REOPENED,
    CELL_DESTROYED,
    CIVILIANS_KILLED_FIGHTING_ISIS,
    EVENT_KINDS,
    GOVERNMENT_PROTESTED,
    HELD,
    ISIS_ATTACKS,
    ISIS_KILLED_PEOPLE,
    PROTEST_SURGED,
    RALLY,
    TRAINERS_HOME,
    TRUCE_BEGAN,
    TRUCE_ENDED,
)
from sim.stories.clauses import LEFT, attacks_told, hurts_anybody, isis_told, left_told, run_told, surges_told
from sim.stories.events import Event, Sentence
from sim.stories.telling import Narrator
from sim.wording import listed

Tell = Callable[[Sequence[Event]], str]
_ISIS_WEEKLY = (ISIS_ATTACKS, ISIS_KILLED_PEOPLE, CELL_DESTROYED, CIVILIANS_KILLED_FIGHTING_ISIS)


class JointSentence(NamedTuple):
    """How several events of a kind are told at once: which word names each, the sentence, whether over a month."""

    word: str
    text: str
    monthly: bool = False


_JOINT_SENTENCES = {
    TRUCE_BEGAN: JointSentence("actor", "{names} promised to hold fire"),
    TRUCE_ENDED: JointSentence("actor", "the promises of {names} to hold fire ended: {detail}"),
    BASE_HANDED_OVER: JointSentence("site", "US troops handed {names} over to Iraq"),
    BASE_REOPENED: JointSentence("site", "US troops returned to {names}"),
    ALLY_LEFT: JointSentence("detail", "{names} withdrew from Iraq", monthly=True),
    TRAINERS_HOME: JointSentence("detail", "{names} took their trainers home", monthly=True),
}
#: Runs of these in a month are told at once: of attacks, those that hurt nobody.
_RUNS = {ATTACK: ATTACK, ATTACK_OUTSIDE: ATTACK, HELD: HELD, GOVERNMENT_PROTESTED: GOVERNMENT_PROTESTED, RALLY: RALLY}
#: So many of them make a run.
_RUN = 3
#: Washington's stances: nothing ends them, so that one is news once, or when another takes its place.
_STANCES = (BACKED_POLITICIANS, BACKED_PROTESTERS, AIMS_DECLARED)


def sentences(narrator: Narrator, everything: bool) -> list[Sentence]:
    """Return the sentences in the order of events, those of months and quarters among them."""
    parts = {part.id for parts in narrator.parts.values() for part in parts}
    whole = [event for event in narrator.events if event.id not in parts]
    if everything:
        told = [narrator.sentence(event) for event in whole]
    else:
        shown = [e for e in whole if not EVENT_KINDS[e.kind].hidden and e.kind not in _ISIS_WEEKLY]
        surges = _unanswered(narrator, shown)
        left = [event for event in _news(shown) if event not in surges]
        told = [*_gathered(narrator, left), *_by_quarter(narrator, surges, surges_told, "protest")]
    told += [*_quarters(narrator, _ISIS_WEEKLY, isis_told, "isis"), *_quarters(narrator, LEFT, left_told, "troops")]
    return sorted(told, key=lambda one: (one.day, not one.scripted, one.order))


def _news(shown: Sequence[Event]) -> Iterator[Event]:
    """Yield events without a stance taken again that its actor has taken already."""
    taken: dict[tuple[int, int], float] = {}
    for event in shown:
        stance = (event.kind, event.actor)
        if event.kind in _STANCES and taken.get(stance) == event.detail:
            continue
        taken[stance] = event.detail
        yield event


def _gathered(narrator: Narrator, shown: Sequence[Event]) -> list[Sentence]:
    """Return the sentences that tell events, runs of small ones and what several do for one reason at once."""
    groups: dict[object, list[Event]] = defaultdict(list)
    alone = _alone(narrator, shown)
    for event in shown:
        groups[event.id if event.id in alone else _group_of(narrator, event)].append(event)
    told: list[Sentence] = []
    for events in groups.values():
        if len(events) == 1 or (events[0].kind in _RUNS and len(events) < _RUN):
            told += [narrator.sentence(event) for event in events]
        else:
            told.append(_at_once(narrator, events))
    return told


def _unanswered(narrator: Narrator, shown: Sequence[Event]) -> list[Event]:
    """Return the surges of protest that the scenario does not script and nobody in the story answers."""
    answered = {event.cause for event in narrator.events}
    return [event for event in shown
            if event.kind == PROTEST_SURGED and event.id not in answered and not narrator.scripted(event)]  # fmt: skip


def _alone(narrator: Narrator, shown: Sequence[Event]) -> set[int]:
    """Return the events to tell by themselves: the first of a run, what others answer, the first answers."""
    alone: set[int] = set()
    begun: set[int] = set()
    answered: set[int] = set()
    for event in shown:
        run = _run_of(narrator, event)
        if not run:
            alone.add(event.cause)
        first_answer = run == ATTACK and event.cause not in answered | {0}
        if (run and run not in begun) or first_answer:
            alone.add(event.id)
        begun.add(run)
        answered |= {event.cause} if event.kind in _RUNS and run in (0, ATTACK) else set()
    return alone


def _run_of(narrator: Narrator, event: Event) -> int:
    """Return the kind of run that an event may be told in, 0 for none."""
    return 0 if hurts_anybody(narrator.parts.get(event.id, [])) else _RUNS.get(event.kind, 0)


def _group_of(narrator: Narrator, event: Event) -> object:
    """Return what the events have in common that are told at once; an event's number where it stands alone."""
    on, run = narrator.date_of(event.day), _run_of(narrator, event)
    if run:
        return run, on.year, on.month
    joint = _JOINT_SENTENCES.get(event.kind)
    if joint is None:
        return event.id
    detail = event.detail if joint.word != "detail" else 0.0
    when = (on.year, on.month) if joint.monthly else on
    return event.kind, when, event.cause, narrator.rule_of(event.rule), detail, narrator.scripted(event)


def _at_once(narrator: Narrator, events: Sequence[Event]) -> Sentence:
    """Return one sentence for events of a group."""
    one_day = events[0].day == events[-1].day
    when = "" if one_day else f"in {narrator.date_of(events[0].day):%B} "
    scripted = narrator.scripted(events[0])
    if scripted and scripted.told:
        return narrator.as_one(events, scripted.told.rstrip("."))
    if events[0].kind in _RUNS:
        if events[0].kind in (ATTACK, ATTACK_OUTSIDE):
            month = f"{narrator.date_of(events[0].day):%B}"
            return narrator.as_one(events, attacks_told(events, month, _others_that_month(narrator, events)))
        return narrator.as_one(events, when + run_told(events))
    joint, words = _JOINT_SENTENCES[events[0].kind], [narrator.words_of(event) for event in events]
    names = listed(list(dict.fromkeys(word[joint.word] for word in words)))
    if joint.word == "actor" and len(events) == N_FACTIONS:
        names = "all the factions"
    text = when + joint.text.format(names=names, detail=words[0]["detail"])
    return narrator.as_one(events, narrator.with_cause(text, events[-1]))


def _others_that_month(narrator: Narrator, events: Sequence[Event]) -> bool:
    """Return whether factions attacked in the month of these attacks besides them: those are told one by one."""
    on = narrator.date_of(events[0].day)
    return any(
        event.kind in (ATTACK, ATTACK_OUTSIDE) and event not in events
        and (narrator.date_of(event.day).year, narrator.date_of(event.day).month) == (on.year, on.month)
        for event in narrator.events
    )  # fmt: skip


def _quarters(narrator: Narrator, kinds: Sequence[int], tell: Tell, name: str) -> Iterator[Sentence]:
    """Yield a sentence for each quarter on what happens by the week or the day."""
    these = [event for event in narrator.events if event.kind in kinds and not narrator.is_part(event)]
    return _by_quarter(narrator, these, tell, name)


def _by_quarter(narrator: Narrator, told: Sequence[Event], tell: Tell, name: str) -> Iterator[Sentence]:
    """Yield a sentence for each quarter on these events."""
    quarters: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in told:
        on = narrator.date_of(event.day)
        quarters[on.year, (on.month - 1) // 3].append(event)
    for (year, quarter), events in quarters.items():
        day, ids = events[-1].day, tuple(event.id for event in events)
        text = f"{_months(narrator, year, quarter)} {year} {tell(events)}."
        yield Sentence(day, narrator.date_of(day), text, f"{name}_quarter", ids, order=ids[-1])


def _months(narrator: Narrator, year: int, quarter: int) -> str:
    """Return the months of a quarter that lie in the run, in words."""
    first = max(date(year, 3 * quarter + 1, 1), narrator.inputs.start)
    end = narrator.date_of(narrator.inputs.days - 1)
    last = date(year, 3 * quarter + 3, 1)
    last = end if (end.year, end.month) < (last.year, last.month) else last
    return f"In {first:%B}" if first.month == last.month else f"From {first:%B} to {last:%B}"
