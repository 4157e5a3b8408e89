"""Clauses of a story: whom a blow hurt and what was said of it, and what many small events come to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sim.names.actors import ACTOR_LABELS, ACTORS, PLACES
from sim.names.events import (
    ATTACK_OUTSIDE,
    CELL_DESTROYED,
    CIVILIANS_KILLED_BY_US,
    CIVILIANS_KILLED_FIGHTING_ISIS,
    CLAIMED_BY_FRONT,
    COALITION_KILLED,
    FRAMEWORK_RATIFIED,
    FRAMEWORK_UNRATIFIED,
    GOVERNMENT_PROTESTED,
    HELD,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    ISIS_ATTACKS,
    ISIS_KILLED_PEOPLE,
    LEADER_KILLED,
    LEFT_SYRIA,
    MILITIA_KILLED,
    PRESIDENT_CONDEMNED,
    PROTESTERS_KILLED_BY_FACTIONS,
    PROTESTERS_KILLED_BY_FORCES,
    TROOPS_LEFT,
    US_KILLED,
    US_WOUNDED,
    WARNED,
)
from sim.stories.events import Event
from sim.wording import in_letters, listed

#: What a blow does to people: told in one sentence with it.
HARM = (
    LEADER_KILLED, MILITIA_KILLED, US_KILLED, US_WOUNDED, COALITION_KILLED, IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US, CIVILIANS_KILLED_BY_US,
)  # fmt: skip
#: What flows off day by day and week by week.
LEFT = (TROOPS_LEFT, LEFT_SYRIA)
_WORST_PLACES = 3


def attacks_told(events: Sequence[Event], month: str, besides: bool) -> str:
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
    return f"{head.format('factions')}, hurting nobody: {listed([f'{f} {k}' for f, k in ranked])}{abroad}"


def run_told(events: Sequence[Event]) -> str:
    """Return what a run of small events comes to: of rallies, unless it is one of the others."""
    n, kind = len(events), events[0].kind
    if kind == HELD:
        return f"Washington held its fire after {in_words(n)} attacks"
    if kind == GOVERNMENT_PROTESTED:
        return f"the prime minister condemned {in_words(n)} strikes as breaches of sovereignty"
    most = max(event.size for event in events)
    return f"people rallied against the US {in_words(n)} times, about {in_words(most)} of them at the most"


def surges_told(events: Sequence[Event]) -> str:
    """Return where protest surged, and where more than once."""
    places: dict[int, int] = defaultdict(int)
    for event in events:
        places[event.place] += 1
    often = sorted(places.items(), key=lambda item: (-item[1], item[0]))
    return f"protest surged in {listed([PLACES[p] + (f' ({times(n)})' if n > 1 else '') for p, n in often])}"


def isis_told(events: Iterable[Event]) -> str:
    """Return what ISIS did in a quarter, and where most."""
    by_place: dict[int, float] = defaultdict(float)
    sums: dict[int, float] = defaultdict(float)
    for event in events:
        sums[event.kind] += event.size
        if event.kind == ISIS_ATTACKS:
            by_place[event.place] += event.size
    worst = sorted(by_place, key=lambda place: (-by_place[place], place))[:_WORST_PLACES]
    places = listed([f"{PLACES[place]} ({by_place[place]:,.0f})" for place in worst])
    told = f"ISIS carried out {counted(sums[ISIS_ATTACKS], 'attack')}" + (f", above all in {places}" * bool(places))
    killed = sums[ISIS_KILLED_PEOPLE]
    harm = [f"{were_people(killed, 'person', 'people')} killed"] if killed else []
    lost = sums[CELL_DESTROYED]
    harm += [f"{were_people(lost, 'of its cells', 'of its cells')} destroyed"] if lost else []
    caught = sums[CIVILIANS_KILLED_FIGHTING_ISIS]
    harm += [f"{counted(caught, 'civilian')} died where factions fought it"] if caught else []
    return told + ("; " + listed(harm) if harm else "")


def left_told(events: Iterable[Event]) -> str:
    """Return how many US troops left in a quarter, and from where."""
    sums: dict[int, float] = defaultdict(float)
    for event in events:
        sums[event.kind] += event.size
    clauses = [f"{counted(sums[TROOPS_LEFT], 'US soldier')} left Iraq"] if sums[TROOPS_LEFT] else []
    who = "" if clauses else " US soldiers"
    clauses += [f"{in_words(sums[LEFT_SYRIA])}{who} left Syria and Jordan"] if sums[LEFT_SYRIA] else []
    return listed(clauses)


def hurts_anybody(parts: Sequence[Event]) -> bool:
    """Return whether what came with a blow hurt anybody."""
    return any(part.kind in HARM for part in parts)


def parts_told(parts: Sequence[Event]) -> list[str]:
    """Return what came with an event, a clause for each: whom it hurt, and what was said of it."""
    n: dict[int, float] = defaultdict(float)
    for part in parts:
        n[part.kind] += part.size
    hurt = _harm_told(parts)
    shot = n[PROTESTERS_KILLED_BY_FACTIONS] + n[PROTESTERS_KILLED_BY_FORCES]
    clauses = [listed(hurt)] if hurt else []
    clauses += [f"{were_people(shot, 'protester')} killed"] if shot else []
    clauses += ["Iraqi forces had been warned to keep away"] if n[WARNED] else []
    clauses += ["a name that nobody had heard of claimed it"] if n[CLAIMED_BY_FRONT] else []
    clauses += ["the president, a friend of the presence, condemned it"] if n[PRESIDENT_CONDEMNED] else []
    clauses += [f"parliament ratified it with {in_words(n[FRAMEWORK_RATIFIED])} votes"] if n[FRAMEWORK_RATIFIED] else []
    if any(part.kind == FRAMEWORK_UNRATIFIED for part in parts):
        clauses.append("parliament withheld its vote, so that it rests on letters between the governments")
    return clauses + ([f"{counted(n[TROOPS_LEFT], 'US soldier')} went home"] if n[TROOPS_LEFT] else [])


def _harm_told(harm: Sequence[Event]) -> list[str]:
    """Return whom a blow hurt, a clause for each."""
    n: dict[int, float] = defaultdict(float)
    for event in harm:
        n[event.kind] += event.size
    guest = any(event.kind == LEADER_KILLED and event.detail for event in harm)
    clauses = _fighters_told(n[LEADER_KILLED], n[MILITIA_KILLED], guest)
    clauses += _us_told(n[US_KILLED], n[US_WOUNDED])
    clauses += [f"{were_people(n[COALITION_KILLED], 'coalition soldier')} killed"] if n[COALITION_KILLED] else []
    iraqis = n[IRAQI_KILLED_BY_MILITIA] + n[IRAQI_KILLED_BY_US]
    clauses += [f"{in_words(iraqis)} Iraqi {soldiers_or_police(iraqis)} died"] if iraqis else []
    civilians = n[CIVILIANS_KILLED_BY_US]
    return clauses + ([f"{counted(civilians, 'civilian')} died"] if civilians else [])


def _fighters_told(leaders: float, fighters: float, guest: bool) -> list[str]:
    if leaders:
        dead = ["a leader", *["an Iranian commander"] * guest, *[counted(fighters, "fighter")] * bool(fighters)]
        return [f"{listed(dead)} {'was' if len(dead) == 1 else 'were'} killed"]
    return [f"{were_people(fighters, 'fighter')} killed"] if fighters else []


def _us_told(killed: float, wounded: float) -> list[str]:
    people = ("US soldier or contractor", "US personnel")
    if killed and wounded:
        return [f"{were_people(killed, *people)} killed and {in_words(wounded)} wounded"]
    if killed or wounded:
        return [f"{were_people(killed or wounded, *people)} {'killed' if killed else 'wounded'}"]
    return []


def soldiers_or_police(n: float) -> str:
    """Return what Iraqi forces are called, one or several."""
    return "soldier or policeman" if n == 1 else "soldiers or police"


def were_people(n: float, one: str, many: str = "") -> str:
    """Return ``two fighters were`` or ``one fighter was``."""
    return f"{counted(n, one, many)} {'was' if n == 1 else 'were'}"


def in_words(number: float) -> str:
    """Return a count as a whole number, one below ten as a word."""
    return in_letters(round(number), most=9)


def counted(n: float, one: str, many: str = "") -> str:
    """Return ``two fighters`` or ``one fighter``."""
    return f"{in_words(n)} {one if n == 1 else many or one + 's'}"


def times(n: float) -> str:
    """Return ``once``, ``twice`` or ``three times``."""
    return {1: "once", 2: "twice"}.get(round(n), f"{in_words(n)} times")
