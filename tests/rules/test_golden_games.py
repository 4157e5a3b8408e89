"""Short games, one at least for each policy: what happens, and the exact list of moves that its purpose asks for.

Every quantity stands at its median, and so does every threshold of a policy. What happens on a day (``script``) is
seen the next morning, as everything in a day is; ``start`` is how things stand on the first. Nothing else moves: no
actor but the seat decides, no feeling fades. A rule with a probability below 1 is made certain, or, where the game is
not ``lucky``, never comes up.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.inputs.policies.named import load_policy
from sim.inputs.yaml.files import names_of
from sim.names.actions import ACTIONS, LANES, US_ACTIONS
from sim.names.actors import FACTIONS, LEAVING, POLICY_KEYS, SEAT_FIRST_FACTION, SEAT_GOVERNMENT, SEAT_IRAN, SEAT_US
from sim.names.perceptions import OWN_PERCEPTIONS, PUBLIC_PERCEPTIONS, ROW, Perception, perceptions_of
from sim.world import bases, day, decide, government, iran, militias, strikes, washington
from sim.world.acts import order_attack
from tests.rules.situations import situation

Move = tuple[int, str, dict[str, Any]]
#: Something that happens: it changes the world, or what the seat sees from then on.
Happening = Callable[[Any, dict[str, float]], None]


# What can happen -------------------------------------------------------------------------------------------------


def attack(faction: str, killed: int) -> Happening:
    """Let a faction attack a base in Iraq and kill so many; who did it will be beyond doubt."""

    def happens(w: Any, _seen: dict[str, float]) -> None:
        order_attack(w, FACTIONS.index(faction), 0, 0, 0, 0)
        w.attacks[int(w.n_attacks) - 1].fixed_dead = killed
        bases.settle_attacks(w)

    return happens


def iran_fires(killed: int) -> Happening:
    """Let a blow of Iran's own fall, with so many US dead."""
    return so(us__iran_case=1, us__iran_case_killed=killed, us__iran_case_day="today")


def so(**fields: float | str) -> Happening:
    """Set fields of the world: ``so(government__demand=1)`` sets ``w.government.demand``; "today" is the day."""

    def happens(w: Any, _seen: dict[str, float]) -> None:
        for path, value in fields.items():
            *inner, name = path.split("__")
            part = w
            for step in inner:
                part = part[FACTIONS.index(step)] if step in FACTIONS else getattr(part, step)
            setattr(part, name, w.day if value == "today" else value)

    return happens


def seen(**perceptions: float) -> Happening:
    """Let the seat see this from now on, whatever the world is like."""
    return lambda _w, overruled: overruled.update(perceptions)


def a_leader_dies() -> Happening:
    """Let a strike kill a leader: unavenged, a grievance."""
    return so(iran__unavenged=1, iran__grievance=0.8, last_leader="today", last_strike="today")


# A game ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Game:
    """One short game: policy, story, how things stand, what happens on which day, and the moves that are expected."""

    policy: str
    story: str
    days: int
    moves: tuple[Iterable[Move], ...]
    start: tuple[Happening, ...] = ()
    script: dict[int, tuple[Happening, ...]] = field(default_factory=dict)
    faction: str = "kataib_hezbollah"
    lucky: bool = True

    @property
    def key(self) -> str:
        """Return the key of the policy's actor."""
        return self.policy.split("/")[0]


def on(first: int, action: str, **options: Any) -> list[Move]:
    """Expect a move on one day."""
    return [(first, action, options)]


def daily(first: int, last: int, action: str, **options: Any) -> list[Move]:
    """Expect the same move on every day from ``first`` to ``last``."""
    return [(d, action, options) for d in range(first, last + 1)]


def seat_of(game: Game) -> int:
    """Return the seat that plays."""
    if game.key == "factions":
        return SEAT_FIRST_FACTION + FACTIONS.index(game.faction)
    return {"us": SEAT_US, "iran": SEAT_IRAN, "government": SEAT_GOVERNMENT}[game.key]


def overrule(w: Any, key: str, seat: int, what: dict[str, float]) -> None:
    """Set perceptions of a seat by name."""
    columns = perceptions_of(key)
    for name, value in what.items():
        column = columns[name][0]
        if column < ROW:
            w.sees_all[0, column] = value
        else:
            w.sees_all[1 + seat, column - ROW] = value


def decided(w: Any, key: str, seat: int) -> Iterator[tuple[int, int]]:
    """Let a seat decide, and yield the rules that acted, each with its action."""
    before = w.fired[seat].copy()
    if key == "us":
        washington.decide_washington(w)
    elif key == "iran":
        iran.decide_iran(w)
    elif key == "government":
        government.decide_government(w)
    else:
        militias.decide_faction(w, seat - SEAT_FIRST_FACTION)
    for r in np.flatnonzero(w.fired[seat] != before):
        yield int(r), int(decide.action_of(w, seat, int(r)))


def in_words(w: Any, key: str, seat: int, r: int, action: int) -> tuple[str, dict[str, Any]]:
    """Return a chosen rule's action and options, in the words of a policy file."""
    chosen = ACTIONS[key][action]
    values = [float(decide.option_of(w, seat, r, k)) for k in range(len(chosen.options))]
    said = {o.name: o.choices[int(v)] if o.choices else v for o, v in zip(chosen.options, values, strict=True)}
    return chosen.name, said


@cache
def played(number: int) -> tuple[list[Move], frozenset[int]]:
    """Play a game: return the seat's moves, in the order of days and lanes, and the rules that made them."""
    game = GAMES[number]
    w, seat = situation(game.policy.replace("/", "="), p__attribution_rate=100.0), seat_of(game)
    overruled: dict[str, float] = {}
    moves: list[Move] = []
    rules: set[int] = set()
    for happening in game.start:
        happening(w, overruled)
    with pytest.MonkeyPatch.context() as chance:
        chance.setattr(decide, "_lucky", lambda *_: game.lucky)
        for today in range(game.days):
            day.dawn(w)
            overrule(w, game.key, seat, overruled)
            for r, action in decided(w, game.key, seat):
                moves.append((today, *in_words(w, game.key, seat, r, action)))
                rules.add(r)
            strikes.settle_strikes(w)
            for happening in game.script.get(today, ()):
                happening(w, overruled)
            w.day += 1
    return moves, frozenset(rules)


def in_order(key: str, moves: tuple[Iterable[Move], ...]) -> list[Move]:
    """Return expected moves in the order of days and lanes."""
    lanes = {action.name: LANES[key].index(action.lane) for action in ACTIONS[key]}
    return sorted((move for some in moves for move in some), key=lambda move: (move[0], lanes[move[1]]))


# Words used again and again ---------------------------------------------------------------------------------------

QUIETLY = {"effort": 0.5, "how": "quietly"}
IN_KIND = {"target": "suspect", "weight": "proportionate", "baghdad": "notice", "place": "desert"}
NO_PROTEST = seen(protest=0.05)
A_DEMAND = so(government__demand=1.0)
A_VOTE = so(parliament__passed=1)
A_STRIKE_ON_IRAQI_SOIL = so(government__unprotested=1, last_strike="today")

GAMES = (
    # Washington ---------------------------------------------------------------------------------------------------
    Game(
        "us/restraint",
        "Two die: a protest, better defences, quiet support for friends, no shot",
        days=4,
        script={0: (attack("nujaba", 2),)},
        moves=(
            daily(0, 3, "back_politicians", **QUIETLY),
            daily(1, 3, "protest"),
            on(1, "air_defence"),
        ),
    ),
    Game(
        "us/restraint",
        "Iran kills three and is not struck; measures are lifted; a demand is rebuffed; full squares are stood by",
        days=4,
        start=(so(government__in_office=1, us__measures=1),),
        script={0: (iran_fires(3),), 1: (A_DEMAND, seen(protest=0.4))},
        moves=(
            on(0, "waive"),
            daily(0, 1, "offer_talks"),
            daily(0, 1, "back_politicians", **QUIETLY),
            on(2, "refuse"),
            daily(2, 3, "back_protesters", **QUIETLY),
        ),
    ),
    Game(
        "us/restraint",
        "Rockets that hurt nobody are let pass; many of them send the force to shelter, once a month at most",
        days=4,
        script={
            0: (attack("nujaba", 0), seen(attacks_7d=4)),
            1: (seen(attacks_7d=1),),
            2: (seen(attacks_7d=5),),
        },
        moves=(
            daily(0, 3, "back_politicians", **QUIETLY),
            daily(1, 3, "hold"),
            on(1, "suspend"),
            on(2, "resume"),
        ),
    ),
    Game(
        "us/consolidate",
        "At the first dead the troops draw together, then air defences come; nobody shoots",
        days=4,
        script={0: (attack("kataib_hezbollah", 2),)},
        moves=(
            daily(0, 3, "back_politicians", **QUIETLY),
            daily(1, 3, "protest"),
            on(1, "consolidate"),
            on(2, "air_defence"),
        ),
    ),
    Game(
        "us/consolidate",
        "Rockets are enough to draw together; for the rest it is restraint: shelter, talks, a demand rebuffed",
        days=4,
        start=(so(government__in_office=1),),
        script={
            0: (attack("nujaba", 0), seen(attacks_7d=4, attacks_30d=4)),
            1: (seen(attacks_7d=1, protest=0.4), A_DEMAND),
        },
        moves=(
            daily(0, 1, "offer_talks"),
            daily(0, 1, "back_politicians", **QUIETLY),
            daily(1, 3, "hold"),
            on(1, "consolidate"),
            on(1, "suspend"),
            on(2, "resume"),
            on(2, "refuse"),
            daily(2, 3, "back_protesters", **QUIETLY),
        ),
    ),
    Game(
        "us/consolidate",
        "After a long quiet the troops go back to their bases; after two months of it fewer are kept",
        days=3,
        start=(so(us__consolidated=1),),
        script={0: (seen(days_since_attack=60, isis_trend=0.9),), 1: (seen(days_since_attack=120),)},
        moves=(
            daily(0, 2, "back_politicians", **QUIETLY),
            on(1, "draw_down", share=0.6),
            on(2, "spread"),
        ),
    ),
    Game(
        "us/consult-first",
        "A strike with the consent of a Baghdad that trusts; the next dead come too soon after it and are let be",
        days=5,
        start=(so(government__trust=0.9),),
        script={0: (attack("nujaba", 2),), 2: (attack("nujaba", 1),)},
        moves=(
            daily(0, 4, "back_politicians", **QUIETLY),
            on(1, "strike", **IN_KIND | {"baghdad": "consent"}),
            on(1, "air_defence"),
            daily(3, 4, "hold"),
        ),
    ),
    Game(
        "us/consult-first",
        "A Baghdad that distrusts is not even asked; after a week of waiting there is a protest",
        days=9,
        start=(so(government__trust=0.2),),
        script={0: (attack("nujaba", 1),)},
        moves=(
            daily(0, 8, "back_politicians", **QUIETLY),
            on(1, "air_defence"),
            daily(1, 6, "hold"),
            daily(7, 8, "protest"),
        ),
    ),
    Game(
        "us/consult-first",
        "In quiet it works and talks; a caretaker's demand is rebuffed",
        days=3,
        start=(so(us__suspended=1),),
        script={0: (A_DEMAND,), 1: (so(government__in_office=0),)},
        moves=(
            daily(0, 2, "back_politicians", **QUIETLY),
            on(0, "resume"),
            on(1, "refuse"),
        ),
    ),
    Game(
        "us/consult-first",
        "It talks with a government in office, and goes when that insists",
        days=2,
        start=(so(government__in_office=1),),
        script={0: (A_DEMAND,)},
        moves=(
            daily(0, 1, "back_politicians", **QUIETLY),
            on(0, "offer_talks"),
            on(1, "accept_demand"),
        ),
    ),
    Game(
        "us/in-kind",
        "Two die and a strike follows; Iran kills five and is answered; the force takes cover",
        days=4,
        script={0: (attack("kataib_hezbollah", 2),), 1: (iran_fires(5),)},
        moves=(
            on(1, "strike", **IN_KIND),
            on(1, "air_defence"),
            on(2, "strike_iran", weight=0.3),
            on(2, "suspend"),
        ),
    ),
    Game(
        "us/in-kind",
        "What hurts few is let pass, a salvo of Iran's that kills nobody too; many wounded are not",
        days=5,
        script={0: (attack("nujaba", 0), seen(case_wounded=2)), 1: (iran_fires(0),), 2: (seen(case_wounded=4),)},
        moves=(
            daily(1, 2, "hold"),
            on(3, "strike", **IN_KIND),
            on(4, "suspend"),
        ),
    ),
    Game(
        "us/in-kind",
        "In quiet it works and talks; a demand is rebuffed",
        days=3,
        start=(so(government__in_office=1, us__suspended=1),),
        script={0: (A_DEMAND,)},
        moves=(
            on(0, "resume"),
            on(0, "offer_talks"),
            on(1, "refuse"),
        ),
    ),
    Game(
        "us/disproportionate",
        "One wounded brings a heavy strike, one dead by Iran's hand a heavier blow at Iran; a demand is refused",
        days=5,
        script={0: (attack("imam_ali", 0), seen(case_wounded=1)), 1: (iran_fires(1),), 2: (A_DEMAND,)},
        moves=(
            on(1, "strike", **IN_KIND | {"weight": "heavy", "place": "town"}),
            on(2, "strike_iran", weight=0.7),
            on(2, "suspend"),
            on(3, "refuse"),
        ),
    ),
    Game(
        "us/disproportionate",
        "Two die: a heavy strike, defences, cover, back to work in quiet; what hurts nobody is let pass",
        days=5,
        script={
            0: (attack("nujaba", 2),),
            2: (seen(days_since_strike=22),),
            3: (attack("nujaba", 0), seen(case_wounded=0)),
        },
        moves=(
            on(1, "strike", **IN_KIND | {"weight": "heavy", "place": "town"}),
            on(1, "air_defence"),
            on(2, "suspend"),
            on(3, "resume"),
            on(4, "hold"),
        ),
    ),
    Game(
        "us/maximum-pressure",
        "A siege costs a leader his life, a vote brings a threat, a demand its execution, and Iran is answered itself",
        days=5,
        script={
            0: (so(siege=1),),
            1: (so(siege=0), A_VOTE),
            2: (A_DEMAND,),
            3: (iran_fires(2),),
        },
        moves=(
            daily(0, 4, "refuse"),
            on(0, "declare_aims", aims="watch_iran"),
            on(1, "leadership_strike", target="kataib_hezbollah", baghdad="nothing", place="capital"),
            on(2, "suspend"),
            on(2, "threaten"),
            on(3, "use_measures"),
            on(4, "strike_iran", weight=0.5),
        ),
    ),
    Game(
        "us/maximum-pressure",
        "Four dead cost a leader his life and bring more troops, then defences; the next dead a heavy strike",
        days=5,
        script={0: (attack("asaib_ahl_al_haq", 4),), 2: (attack("nujaba", 1),)},
        moves=(
            daily(0, 4, "refuse"),
            on(0, "declare_aims", aims="watch_iran"),
            on(1, "leadership_strike", target="suspect", baghdad="nothing", place="capital"),
            on(1, "reinforce", troops=750.0),
            on(2, "air_defence"),
            on(2, "suspend"),
            on(3, "strike", target="suspect", weight="heavy", baghdad="nothing", place="town"),
        ),
    ),
    Game(
        "us/maximum-pressure",
        "In quiet there is work again, but still no talk of leaving",
        days=2,
        start=(so(us__suspended=1, government__in_office=1),),
        moves=(
            daily(0, 1, "refuse"),
            on(0, "declare_aims", aims="watch_iran"),
            on(0, "resume"),
        ),
    ),
    Game(
        "us/hold-fire",
        "Two die and nobody is struck; better defences come",
        days=3,
        script={0: (attack("nujaba", 2),)},
        moves=(daily(1, 2, "hold"), on(1, "air_defence")),
    ),
    Game(
        "us/hold-fire",
        "After a strike that the scenario made, shelter; a demand is rebuffed",
        days=3,
        script={0: (seen(days_since_strike=1),), 1: (seen(days_since_strike=2), A_DEMAND)},
        moves=(on(1, "suspend"), on(2, "refuse")),
    ),
    Game(
        "us/hold-fire",
        "In quiet there is work again, and talk with a government",
        days=2,
        start=(so(us__suspended=1, government__in_office=1),),
        moves=(on(0, "resume"), daily(0, 1, "offer_talks")),
    ),
    Game(
        "us/restraint-pressing",
        "After the vote a quiet word every day, no threat; the dead are protested, defences come",
        days=4,
        script={0: (A_VOTE, attack("nujaba", 2)), 2: (A_DEMAND,)},
        moves=(
            daily(0, 3, "back_politicians", **QUIETLY),
            daily(1, 3, "protest"),
            on(1, "air_defence"),
            daily(1, 3, "quiet_leverage"),
            on(3, "refuse"),
        ),
    ),
    Game(
        "us/restraint-pressing",
        "Before any vote it is restraint: measures lifted, talks, shelter under fire and work after it, full squares",
        days=4,
        start=(so(government__in_office=1, us__measures=1),),
        script={
            0: (seen(protest=0.4), attack("nujaba", 0)),
            1: (seen(attacks_7d=5, protest=0.1),),
            2: (seen(attacks_7d=1),),
        },
        moves=(
            daily(1, 3, "hold"),
            on(0, "waive"),
            daily(0, 3, "offer_talks"),
            on(0, "back_politicians", **QUIETLY),
            on(1, "back_protesters", **QUIETLY),
            daily(2, 3, "back_politicians", **QUIETLY),
            on(2, "suspend"),
            on(3, "resume"),
        ),
    ),
    Game(
        "us/restraint-threatening",
        "After the vote a threat in the open, once; for the rest it is restraint",
        days=4,
        script={0: (A_VOTE, attack("nujaba", 2)), 2: (A_DEMAND,)},
        moves=(
            daily(0, 3, "back_politicians", **QUIETLY),
            daily(1, 3, "protest"),
            on(1, "air_defence"),
            on(1, "threaten"),
            on(3, "refuse"),
        ),
    ),
    Game(
        "us/restraint-threatening",
        "Before any vote nobody is threatened: measures lifted, talks, shelter and work, full squares",
        days=4,
        start=(so(government__in_office=1, us__measures=1),),
        script={
            0: (seen(protest=0.4), attack("nujaba", 0)),
            1: (seen(attacks_7d=5, protest=0.1),),
            2: (seen(attacks_7d=1),),
        },
        moves=(
            daily(1, 3, "hold"),
            on(0, "waive"),
            daily(0, 3, "offer_talks"),
            on(0, "back_politicians", **QUIETLY),
            on(1, "back_protesters", **QUIETLY),
            daily(2, 3, "back_politicians", **QUIETLY),
            on(2, "suspend"),
            on(3, "resume"),
        ),
    ),
    Game(
        "us/maximum-pressure",
        "Full squares are stood by in the open",
        days=2,
        script={0: (seen(protest=0.4),)},
        moves=(
            daily(0, 1, "refuse"),
            on(0, "declare_aims", aims="watch_iran"),
            on(1, "back_protesters", effort=0.6, how="openly"),
        ),
    ),
    Game(
        "us/destroy-a-faction",
        "Nujaba kills two, and the campaign against Kataib Hezbollah goes on by itself, strike upon strike",
        days=15,
        script={0: (attack("nujaba", 2),)},
        moves=(
            on(1, "strike", target="kataib_hezbollah", weight="heavy", baghdad="nothing", place="town"),
            on(7, "strike", target="kataib_hezbollah", weight="heavy", baghdad="nothing", place="town"),
            on(8, "leadership_strike", target="kataib_hezbollah", baghdad="nothing", place="town"),
            on(8, "reinforce", troops=1000.0),
            on(8, "suspend"),
            on(13, "strike", target="kataib_hezbollah", weight="heavy", baghdad="nothing", place="town"),
        ),
    ),
    Game(
        "us/destroy-a-faction",
        "One dead is not yet the occasion; a demand is rebuffed",
        days=3,
        start=(so(us__suspended=1),),
        script={0: (attack("kataib_hezbollah", 1), A_DEMAND)},
        moves=(
            on(0, "resume"),
            daily(1, 2, "hold"),
            on(1, "refuse"),
        ),
    ),
    Game(
        "us/negotiate-framework",
        "Talks are offered till a framework is signed, paused over the dead; a demand is met quietly",
        days=5,
        start=(so(government__in_office=1, us__measures=1),),
        script={
            0: (attack("kataib_hezbollah", 2),),
            1: (A_DEMAND,),
            2: (so(government__demand=0.0, government__talks_open=1),),
            3: (so(government__talks_open=0, government__framework=1),),
        },
        moves=(
            daily(0, 4, "back_politicians", **QUIETLY),
            daily(0, 2, "offer_talks"),
            on(3, "suspend_talks"),
            daily(1, 4, "protest"),
            on(1, "air_defence"),
            on(2, "quiet_leverage"),
            on(3, "waive"),
        ),
    ),
    Game(
        "us/negotiate-framework",
        "What kills nobody is let pass, and work goes on",
        days=2,
        start=(so(us__suspended=1),),
        script={0: (attack("nujaba", 0),)},
        moves=(
            daily(0, 1, "offer_talks"),
            daily(0, 1, "back_politicians", **QUIETLY),
            on(0, "resume"),
            on(1, "hold"),
        ),
    ),
    Game(
        "us/refuse-talks",
        "Nobody talks about the presence, whatever falls and whoever asks; a demand is met quietly",
        days=5,
        start=(so(government__in_office=1),),
        script={0: (attack("kataib_hezbollah", 2),), 1: (A_DEMAND,)},
        moves=(
            daily(0, 4, "back_politicians", **QUIETLY),
            daily(0, 4, "refuse"),
            daily(1, 4, "protest"),
            on(1, "air_defence"),
            daily(2, 4, "quiet_leverage"),
        ),
    ),
    Game(
        "us/refuse-talks",
        "What kills nobody is let pass, and work goes on",
        days=2,
        start=(so(us__suspended=1),),
        script={0: (attack("nujaba", 0),)},
        moves=(
            daily(0, 1, "refuse"),
            daily(0, 1, "back_politicians", **QUIETLY),
            on(0, "resume"),
            on(1, "hold"),
        ),
    ),
    Game(
        "us/fighting-withdrawal",
        "The way out begins at once; whoever kills on the way is answered, Iran too; who only wounds is not",
        days=4,
        script={0: (attack("nujaba", 1),), 1: (iran_fires(5),), 2: (attack("imam_ali", 0),)},
        moves=(
            on(0, "withdraw", days=200.0),
            on(0, "suspend"),
            on(1, "strike", **IN_KIND),
            on(2, "strike_iran", weight=0.3),
            on(3, "hold"),
        ),
    ),
    Game(
        "us/prompt-withdrawal",
        "The way out begins at once; three die and nobody is struck; under fire the force looks after itself",
        days=3,
        script={0: (attack("kataib_hezbollah", 3), seen(attacks_7d=3))},
        moves=(
            on(0, "withdraw", days=120.0),
            daily(1, 2, "hold"),
            on(1, "suspend"),
        ),
    ),
    Game(
        "us/relocate-north",
        "A willing Region takes the forces in; the dead on the way bring a protest; work goes on",
        days=3,
        start=(so(us__suspended=1),),
        script={0: (attack("kataib_hezbollah", 1),)},
        moves=(
            on(0, "relocate_north", days=150.0),
            on(0, "resume"),
            daily(1, 2, "protest"),
        ),
    ),
    Game(
        "us/relocate-north",
        "The move waits for a Region that is willing",
        days=4,
        start=(seen(region_willing=0.1),),
        script={0: (attack("nujaba", 0),), 1: (so(north_offered=1),)},
        moves=(
            daily(1, 3, "hold"),
            on(2, "relocate_north", days=150.0),
        ),
    ),
    Game(
        "us/do-nothing",
        "Dead, a siege, a demand, a blow of Iran's: nothing",
        days=4,
        script={0: (attack("kataib_hezbollah", 3), so(siege=1)), 1: (A_DEMAND, iran_fires(5))},
        moves=(),
    ),
    # Iran ---------------------------------------------------------------------------------------------------------
    Game(
        "iran/all-out",
        "A killed leader brings a heavy salvo, a blow at home all there is; factions and money all the while",
        days=5,
        script={
            0: (a_leader_dies(),),
            1: (so(iran__unavenged=0),),
            2: (so(iran__struck=1),),
            3: (so(iran__struck=0),),
        },
        moves=(
            daily(0, 4, "order", push=1.0),
            daily(0, 4, "court", effort=1.0),
            on(1, "missiles", weight=0.7),
            on(3, "missiles", weight=1.0),
        ),
    ),
    Game(
        "iran/calibrated",
        "A leader is avenged once, on day 4, the factions held back till then; then they press, or politics works",
        days=8,
        start=(a_leader_dies(),),
        script={4: (so(iran__unavenged=0, iran__grievance=0.4),), 6: (so(parliament__momentum=0.5),)},
        moves=(
            daily(0, 4, "order", push=-0.3),
            on(4, "missiles", weight=0.35),
            daily(5, 6, "order", push=0.5),
            on(7, "order", push=-0.2),
            daily(0, 7, "court", effort=0.7),
        ),
    ),
    Game(
        "iran/calibrated",
        "A blow at home is not answered while war is much feared, and is once it is feared less",
        days=4,
        start=(so(government__in_office=1),),
        script={
            0: (so(iran__struck=1, iran__fear=0.9, iran__grievance=0.5),),
            1: (so(iran__fear=0.5),),
            2: (so(iran__struck=0),),
        },
        moves=(
            on(0, "order", push=0.2),
            on(1, "order", push=-0.4),
            on(0, "court", effort=0.4),
            on(2, "missiles", weight=0.3),
            daily(2, 3, "order", push=0.5),
            daily(1, 3, "court", effort=0.7),
        ),
    ),
    Game(
        "iran/calibrated",
        "A government that talks is spared; while war is feared little, those who stay are reminded of the price",
        days=3,
        start=(so(government__in_office=1, iran__fear=0.5, government__talks_open=1),),
        script={1: (so(government__talks_open=0, iran__fear=0.1),)},
        moves=(
            on(0, "order", push=-0.25),
            on(1, "order", push=-0.25),
            on(2, "order", push=0.4),
            daily(0, 2, "court", effort=0.4),
        ),
    ),
    Game(
        "iran/expel-by-proxy",
        "A leader is avenged on the third day; the factions push, all out after a blow at home, until the US has gone",
        days=8,
        start=(a_leader_dies(),),
        script={
            3: (so(iran__unavenged=0),),
            4: (so(iran__struck=1, iran__fear=0.5),),
            5: (so(iran__fear=0.8),),
            6: (so(iran__struck=0, presence__troops=0.0, presence__troops_north=0.0),),
        },
        moves=(
            daily(0, 7, "court", effort=0.4),
            daily(0, 4, "order", push=0.7),
            on(3, "missiles", weight=0.4),
            daily(5, 6, "order", push=1.0),
            on(5, "missiles", weight=0.2),
            on(7, "order", push=0.0),
        ),
    ),
    Game(
        "iran/political-route",
        "Money in full; factions held back while politics moves, nudged when it is refused; a leader avenged for face",
        days=6,
        start=(so(iran__fear=0.95),),
        script={
            0: (a_leader_dies(),),
            1: (so(parliament__momentum=0.5),),
            3: (so(parliament__momentum=0.05, government__demand=1.0, government__refused=1),),
        },
        moves=(
            daily(0, 5, "court", effort=1.0),
            daily(0, 1, "order", push=-0.3),
            daily(2, 3, "order", push=-0.5),
            daily(4, 5, "order", push=0.3),
            on(5, "missiles", weight=0.25),
        ),
    ),
    Game(
        "iran/political-route",
        "Where politics rests and war is little feared it keeps a hand in; where it is feared, not",
        days=3,
        start=(so(iran__fear=0.2),),
        script={1: (so(iran__fear=0.95),)},
        moves=(
            daily(0, 2, "court", effort=1.0),
            daily(0, 1, "order", push=0.2),
            on(2, "order", push=-0.3),
        ),
    ),
    Game(
        "iran/stand-down",
        "A killed leader and a blow at home change nothing",
        days=8,
        script={0: (a_leader_dies(),), 3: (so(iran__struck=1),)},
        moves=(
            daily(0, 7, "order", push=-0.9),
            daily(0, 7, "court", effort=0.2),
        ),
    ),
    # Factions -----------------------------------------------------------------------------------------------------
    Game(
        "factions/resistance",
        "It marches and moves a motion when a leader dies, holds fire while politics moves, then avenges and presses",
        days=6,
        start=(NO_PROTEST,),
        script={
            0: (a_leader_dies(), so(parliament__momentum=0.3), seen(us_strikes_7d=1, anger_at_us=0.6)),
            1: (so(siege=1, factions__kataib_hezbollah__besieging=1),),
            2: (
                so(siege=0, factions__kataib_hezbollah__besieging=0, factions__kataib_hezbollah__revenge=0.5),
                so(parliament__momentum=0.0, parliament__passed=1, parliament__passed_day=2),
            ),
            3: (so(factions__kataib_hezbollah__revenge=0.1, government__demand=1.0, government__refused=1),),
            4: (so(government__refused=0), seen(protest=0.4)),
        },
        moves=(
            on(0, "harass", effort=1.0),
            daily(1, 2, "hold", days=45.0),
            on(1, "besiege_embassy"),
            daily(1, 2, "table_motion"),
            on(2, "call_off"),
            on(3, "press", effort=2.2, heavy=0.5),
            on(4, "press", effort=1.5, heavy=0.35),
            on(5, "harass", effort=1.0),
            on(5, "repress", weight=0.5),
        ),
    ),
    Game(
        "factions/resistance",
        "Politics that moves gets its chance",
        days=1,
        start=(NO_PROTEST, so(parliament__momentum=0.5)),
        moves=(on(0, "hold", days=40.0),),
    ),
    Game(
        "factions/resistance",
        "Politics gets its chance, and squares are cleared, now and then only",
        days=3,
        start=(so(parliament__momentum=0.5), seen(protest=0.5)),
        moves=(daily(0, 2, "harass", effort=1.0),),
        lucky=False,
    ),
    Game(
        "factions/resistance",
        "One with seats tries its motion now and then without an occasion",
        days=1,
        faction="asaib_ahl_al_haq",
        start=(NO_PROTEST,),
        moves=(
            on(0, "harass", effort=1.0),
            on(0, "table_motion"),
        ),
    ),
    Game(
        "factions/revenge-first",
        "A dead leader is avenged by fire, crowd and motion, though talks are open; full squares are cleared roughly",
        days=4,
        faction="asaib_ahl_al_haq",
        start=(NO_PROTEST, so(factions__asaib_ahl_al_haq__revenge=0.0)),
        script={
            0: (
                so(factions__asaib_ahl_al_haq__memory=0.5, government__talks_open=1),
                seen(us_strikes_7d=1, days_since_strike=1),
            ),
            1: (so(siege=1, factions__asaib_ahl_al_haq__besieging=1),),
            2: (so(siege=0, factions__asaib_ahl_al_haq__besieging=0), seen(us_strikes_7d=0, protest=0.4)),
        },
        moves=(
            on(0, "harass", effort=1.2),
            daily(1, 3, "press", effort=2.5, heavy=0.5),
            on(1, "besiege_embassy"),
            daily(1, 2, "table_motion"),
            on(2, "call_off"),
            on(3, "repress", weight=0.8),
        ),
    ),
    Game(
        "factions/political-stake",
        "It holds fire for a government that talks and for a house that moves, and fights ISIS when it is needed",
        days=5,
        faction="badr",
        script={
            0: (so(government__in_office=1, government__talks_open=1), seen(us_strikes_30d=1)),
            1: (so(government__talks_open=0, parliament__passed=1),),
            2: (so(parliament__momentum=0.3),),
            3: (so(parliament__momentum=0.0, need=0.5),),
        },
        moves=(
            on(0, "harass", effort=0.5),
            on(1, "hold", days=120.0),
            on(1, "table_motion"),
            on(2, "harass", effort=0.5),
            on(3, "hold", days=60.0),
            on(4, "harass", effort=0.5),
            on(4, "fight_isis", effort=0.6),
        ),
    ),
    Game(
        "factions/political-stake",
        "One with little stake answers for its own camp, and sends its crowd home",
        days=1,
        start=(so(siege=1, factions__kataib_hezbollah__besieging=1, factions__kataib_hezbollah__revenge=0.6),),
        moves=(
            on(0, "press", effort=1.3, heavy=0.3),
            on(0, "call_off"),
        ),
    ),
    Game(
        "factions/hold-while-talks",
        "It holds fire while they talk, breaks its promise when talks have long been off, presses, then harasses again",
        days=5,
        script={
            0: (so(government__talks_open=1),),
            1: (
                so(government__talks_open=0, government__talks_suspended=1),
                so(factions__kataib_hezbollah__holding=1, factions__kataib_hezbollah__hold_since=-20),
            ),
            2: (so(factions__kataib_hezbollah__holding=0),),
            3: (
                so(government__talks_suspended=0, siege=1, factions__kataib_hezbollah__besieging=1),
                seen(us_strikes_7d=1),
            ),
        },
        moves=(
            on(0, "harass", effort=1.0),
            on(1, "hold", days=90.0),
            on(2, "break_promise"),
            on(3, "press", effort=1.8, heavy=0.4),
            on(4, "harass", effort=1.0),
            on(4, "call_off"),
            on(4, "table_motion"),
        ),
    ),
    # Baghdad ------------------------------------------------------------------------------------------------------
    Game(
        "government/balancing",
        "Words, a demand that must be, limits; dollars and squares minded; a demand let rest; talks, as soon as it can",
        days=8,
        start=(NO_PROTEST,),
        script={
            0: (A_STRIKE_ON_IRAQI_SOIL, A_VOTE, so(government__pull_demand=0.3, government__pull_limit=0.6)),
            2: (so(us__leverage=0.3),),
            3: (seen(protest=0.4),),
            4: (so(government__pull_demand=0.1), seen(days_since_strike=90)),
            5: (so(government__in_office=1, government__pull_negotiate=0.6),),
            6: (so(government__talks_suspended=1, government__suspended_day=-60),),
        },
        moves=(
            on(1, "demand"),
            on(1, "protest"),
            on(2, "limit"),
            daily(3, 7, "cooperate_on_finance"),
            daily(4, 7, "guard_protests"),
            on(5, "let_rest"),
            daily(6, 7, "negotiate"),
            on(7, "resume_talks"),
        ),
    ),
    Game(
        "government/balancing",
        "Past its breaking point it demands, talks or no talks; short of it it talks, demand or no demand",
        days=2,
        start=(NO_PROTEST, so(government__in_office=1, government__pull_negotiate=0.9, government__pull_demand=0.6)),
        script={0: (so(government__pull_demand=0.4),)},
        moves=(
            on(0, "demand"),
            on(1, "negotiate"),
        ),
    ),
    Game(
        "government/implement-resolution",
        "What the house resolved is demanded, operations are limited meanwhile; money and squares move it not",
        days=4,
        script={
            0: (A_STRIKE_ON_IRAQI_SOIL, A_VOTE, seen(us_strikes_30d=1)),
            1: (so(us__leverage=0.5, us__measures=1), seen(protest=0.4)),
        },
        moves=(
            on(1, "demand"),
            on(1, "protest"),
            on(2, "limit"),
        ),
    ),
    Game(
        "government/implement-resolution",
        "Where it is pulled hard it does not wait for the house",
        days=2,
        start=(so(government__pull_demand=0.7),),
        moves=(on(0, "demand"),),
    ),
    Game(
        "government/limit-operations",
        "A vote brings limits, the strongest pull a demand, quiet lifts them; dollars are minded under pressure",
        days=4,
        script={
            0: (A_VOTE, A_STRIKE_ON_IRAQI_SOIL),
            1: (so(government__pull_demand=0.9),),
            2: (so(parliament__passed=0, government__pull_demand=0.2, government__pull_limit=0.2, us__leverage=0.3),),
        },
        moves=(
            on(1, "limit"),
            on(1, "protest"),
            on(2, "demand"),
            on(3, "let_rest"),
            on(3, "cooperate_on_finance"),
        ),
    ),
    Game(
        "government/negotiate",
        "A framework is sought, a demand let rest, what was signed enforced, and the squares are shielded",
        days=5,
        start=(NO_PROTEST, so(government__in_office=1)),
        script={
            0: (A_STRIKE_ON_IRAQI_SOIL, so(us__measures=1)),
            1: (so(government__demand=1.0, government__pull_demand=0.3),),
            2: (so(government__framework=1), seen(attacks_30d=4, protest=0.4)),
            3: (seen(attacks_30d=0),),
        },
        moves=(
            daily(0, 1, "negotiate"),
            on(1, "protest"),
            daily(1, 4, "cooperate_on_finance"),
            on(2, "let_rest"),
            on(3, "confront_factions"),
            on(4, "guard_protests"),
        ),
    ),
    Game(
        "government/negotiate",
        "The strongest pull brings even this one to demand; talks that broke off are taken up again in quiet",
        days=2,
        start=(NO_PROTEST, so(government__in_office=1, government__pull_demand=0.9)),
        script={0: (so(government__talks_suspended=1, government__suspended_day=-60),)},
        moves=(
            on(0, "demand"),
            on(1, "resume_talks"),
        ),
    ),
    Game(
        "government/survive",
        "It limits for show, clears squares or shields them by what it owes, bows to money and then to the factions",
        days=7,
        start=(NO_PROTEST,),
        script={
            0: (A_STRIKE_ON_IRAQI_SOIL, seen(us_strikes_7d=1)),
            2: (so(government__debt=0.6), seen(us_strikes_7d=0, protest=0.4)),
            3: (so(government__debt=0.2),),
            4: (so(government__demand=1.0, us__leverage=0.5),),
            5: (so(government__pull_demand=0.8, government__legitimacy=0.2, government__debt=0.6),),
        },
        moves=(
            on(0, "ignore"),
            on(1, "limit"),
            on(1, "protest"),
            daily(2, 4, "ignore"),
            on(3, "clear_protests"),
            daily(4, 5, "guard_protests"),
            on(5, "let_rest"),
            daily(5, 6, "cooperate_on_finance"),
            on(6, "demand"),
            on(6, "clear_protests"),
        ),
    ),
)

POLICIES = [f"{key}/{name}" for key in POLICY_KEYS for name in names_of(f"{key} policy")]


@pytest.mark.parametrize("number", range(len(GAMES)), ids=[f"{game.policy}: {game.story}" for game in GAMES])
def test_a_policy_plays_as_its_purpose_says(number: int) -> None:
    """Exactly these moves, on these days, with these options, and no other."""
    game = GAMES[number]
    assert played(number)[0] == in_order(game.key, game.moves)


@pytest.mark.parametrize("policy", POLICIES)
def test_every_rule_of_a_policy_has_its_turn_in_some_game(policy: str) -> None:
    """No policy goes without a game, and no rule stands where it can never act."""
    numbers = [number for number, game in enumerate(GAMES) if game.policy == policy]
    acted = {r for number in numbers for r in played(number)[1]}
    key, name = policy.split("/")
    names = [rule.name for rule in load_policy(key, name).all_rules]
    assert numbers
    assert {names[r] for r in acted} == set(names)


# A contract for whatever is seen ----------------------------------------------------------------------------------

#: What Washington cannot do any more once it has left: no troops, nothing to strike from, nothing to decide about.
OVER = {"strike", "leadership_strike", "consolidate", "spread", "reinforce", "offer_talks", "accept_demand",
        "declare_aims", "withdraw", "relocate_north", "draw_down"}  # fmt: skip
N_VIEWS = 36


def any_value(rng: np.random.Generator, perception: Perception) -> float:
    """Return some value that a perception can have: often an end of its range, or what never happened."""
    if perception.categories:
        return float(rng.integers(len(perception.categories)))
    low = perception.low or 0.0
    high = perception.high if perception.high is not None else rng.choice([3.0, 40.0, 9999.0])
    if perception.unit in ("0 or 1", "count", "people", "days", "rung", "members"):
        return float(rng.integers(int(low), int(high) + 1))
    return float(rng.choice([low, high, rng.uniform(low, high)]))


def shown(w: Any, seat: int, key: str, rng: np.random.Generator) -> None:
    """Let a seat see just anything."""
    for k, perception in enumerate(PUBLIC_PERCEPTIONS):
        w.sees_all[0, k] = any_value(rng, perception)
    for k, perception in enumerate(OWN_PERCEPTIONS[key]):
        w.sees_all[1 + seat, k] = any_value(rng, perception)


def shuffled(w: Any, rng: np.random.Generator) -> None:
    """Set what a seat's means hang on to just anything."""
    for part, names in (
        (w.us, ("case_open", "iran_case", "measures", "sanctions")),
        (w.us, ("consolidated", "suspended", "threat", "air_defence_ordered")),
        (w.government, ("in_office", "demand", "limited", "framework", "talks_open", "talks_suspended", "unprotested")),
        *((w.factions[f], ("holding", "besieging")) for f in range(len(FACTIONS))),
    ):
        for name in names:
            setattr(part, name, int(rng.integers(2)))


def views(policy: str, seat: int) -> Iterator[tuple[Any, list[tuple[int, int]]]]:
    """Yield a world for each of many views, with the rules that acted under it and their actions."""
    key, name = policy.split("/")
    w = situation(f"{key}={name}")
    rng = np.random.default_rng(len(policy) + 1000 * seat)
    day.dawn(w)
    for _ in range(N_VIEWS):
        w.n_strikes = 0
        shuffled(w, rng)
        shown(w, seat, key, rng)
        yield w, list(decided(w, key, seat))
        w.day += 1


@pytest.mark.parametrize("policy", POLICIES)
def test_whatever_is_seen_a_policy_does_only_what_it_can_and_once_a_lane(policy: str) -> None:
    """At most one action in a lane and on a day, none without its means, every option in its range."""
    key = policy.split("/", maxsplit=1)[0]
    seat = {"us": SEAT_US, "iran": SEAT_IRAN, "government": SEAT_GOVERNMENT, "factions": SEAT_FIRST_FACTION}[key]
    for w, chosen in views(policy, seat):
        lanes = [ACTIONS[key][action].lane for _, action in chosen]
        assert len(lanes) == len(set(lanes))
        assert all(w.can[seat, action] for _, action in chosen)
        for r, action in chosen:
            for k, option in enumerate(ACTIONS[key][action].options):
                high = len(option.choices) - 1 if option.choices else option.high
                assert option.low <= decide.option_of(w, seat, r, k) <= high


@pytest.mark.parametrize("policy", [policy for policy in POLICIES if policy.startswith("us/")])
def test_after_the_us_has_left_there_is_nothing_to_strike_from_or_to_decide_about(policy: str) -> None:
    """No strike, no posture of troops that are not there, no second exit, whatever is seen."""
    w = situation(policy.replace("/", "="))
    rng = np.random.default_rng(len(policy))
    day.dawn(w)
    w.presence.decided_day = w.presence.exit_day = 0
    w.presence.troops = w.presence.troops_north = 0.0
    w.presence.state = LEAVING
    done = set()
    for _ in range(N_VIEWS):
        shuffled(w, rng)
        w.us.consolidated = 0
        shown(w, SEAT_US, "us", rng)
        done |= {US_ACTIONS[action].name for _, action in decided(w, "us", SEAT_US)}
        w.day += 1
    assert not done & OVER
    assert w.n_strikes == 0
