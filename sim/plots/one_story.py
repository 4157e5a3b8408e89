"""What the pictures of one world show: how the house voted, and its main events in lanes with a few words each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.experiments.variants import Variant
from sim.inputs.arguments import folder_at
from sim.names.actors import ACTOR_LABELS, ACTORS, LEANINGS
from sim.names.events import (
    AIR_DEFENCE,
    ATTACK,
    CIVILIANS_KILLED_BY_US,
    COALITION_KILLED,
    DEMAND_ACCEPTED,
    DEMAND_REFUSED,
    DEMAND_WITHDRAWN,
    DEMANDED,
    DRAWN_DOWN_EVENT,
    EXIT_DECIDED,
    EXITED,
    FRAMEWORK_RENEWED,
    FRAMEWORK_SIGNED,
    GOVERNMENT_FELL,
    GOVERNMENT_FORMED,
    IRAN_MISSILES,
    IRAQI_KILLED_BY_MILITIA,
    IRAQI_KILLED_BY_US,
    LEADER_KILLED,
    LEAVING_HURRIED,
    LEAVING_SLOWED,
    LIMITS_LIFTED,
    MILITIA_KILLED,
    MOTION_LAPSED,
    MOTION_TABLED,
    MOVED_NORTH,
    NORTH_LEFT,
    OPERATIONS_LIMITED,
    QUORUM_FAILED,
    REINFORCED,
    SADR_CALLED,
    SANCTIONS,
    SIEGE_BEGAN,
    STRIKE,
    TALKS_OPENED,
    TALKS_RESUMED,
    TALKS_STUCK,
    TALKS_SUSPENDED,
    THREATENED,
    TURNED_NORTH,
    US_KILLED,
    US_STRUCK_IRAN,
    US_WOUNDED,
    VOTE_FAILED,
    VOTE_PASSED,
    WAR_BEGAN,
    WAR_ENDED,
)
from sim.plots.frame import save, scenario_line, style
from sim.plots.parliament import Bloc, ParliamentSession, hemicycle
from sim.plots.timeline import LANES, Timeline, TimelineMark, timeline
from sim.running.interruption import heeded
from sim.running.one_world import OneWorld
from sim.world.parliament import ABSENT, AGAINST, FOR

_POLITICS, _PRESENCE, _ATTACKS, _STRIKES = LANES
_SESSIONS = {
    VOTE_PASSED: "the motion to end the foreign presence passes",
    VOTE_FAILED: "the motion to end the foreign presence fails",
    QUORUM_FAILED: "no quorum for the motion to end the foreign presence",
}
_VOTES = {"for": FOR, "against": AGAINST, "absent": ABSENT}


class TimelineEntry(NamedTuple):
    """How a kind of event stands in the timeline: its lane, a few words, how much they matter (0 to 10)."""

    lane: str
    words: str
    weight: float


TIMELINE_ENTRIES = {
    MOTION_TABLED: TimelineEntry(_POLITICS, "motion to expel", 4),
    MOTION_LAPSED: TimelineEntry(_POLITICS, "motion lapses", 3),
    VOTE_PASSED: TimelineEntry(_POLITICS, "vote to expel passes: {size} for", 10),
    VOTE_FAILED: TimelineEntry(_POLITICS, "motion fails: {size} for", 9),
    QUORUM_FAILED: TimelineEntry(_POLITICS, "no quorum: {detail} came", 9),
    GOVERNMENT_FORMED: TimelineEntry(_POLITICS, "{leaning} premier", 8),
    GOVERNMENT_FELL: TimelineEntry(_POLITICS, "premier resigns", 8),
    DEMANDED: TimelineEntry(_POLITICS, "demand to leave", 9),
    DEMAND_WITHDRAWN: TimelineEntry(_POLITICS, "demand put aside", 7),
    DEMAND_REFUSED: TimelineEntry(_POLITICS, "Washington refuses", 3),
    DEMAND_ACCEPTED: TimelineEntry(_POLITICS, "demand accepted", 9),
    OPERATIONS_LIMITED: TimelineEntry(_POLITICS, "limits on US forces", 5),
    LIMITS_LIFTED: TimelineEntry(_POLITICS, "limits on US forces lifted", 3),
    TALKS_OPENED: TimelineEntry(_POLITICS, "talks with Washington open", 6),
    TALKS_SUSPENDED: TimelineEntry(_POLITICS, "talks suspended", 5),
    TALKS_RESUMED: TimelineEntry(_POLITICS, "talks resume", 4),
    TALKS_STUCK: TimelineEntry(_POLITICS, "talks break off", 6),
    FRAMEWORK_SIGNED: TimelineEntry(_POLITICS, "framework signed", 10),
    FRAMEWORK_RENEWED: TimelineEntry(_POLITICS, "transition put off", 6),
    SADR_CALLED: TimelineEntry(_POLITICS, "Sadr calls his followers out", 3),
    SANCTIONS: TimelineEntry(_POLITICS, "US sanctions", 9),
    THREATENED: TimelineEntry(_POLITICS, "threat of sanctions", 5),
    EXIT_DECIDED: TimelineEntry(_PRESENCE, "decision to leave", 10),
    EXITED: TimelineEntry(_PRESENCE, "last soldier leaves", 10),
    DRAWN_DOWN_EVENT: TimelineEntry(_PRESENCE, "force cut", 8),
    MOVED_NORTH: TimelineEntry(_PRESENCE, "move to the north", 8),
    TURNED_NORTH: TimelineEntry(_PRESENCE, "part turns north", 7),
    NORTH_LEFT: TimelineEntry(_PRESENCE, "the north left too", 9),
    REINFORCED: TimelineEntry(_PRESENCE, "{size} more troops", 6),
    LEAVING_HURRIED: TimelineEntry(_PRESENCE, "leaving sped up", 5),
    LEAVING_SLOWED: TimelineEntry(_PRESENCE, "leaving slowed down", 5),
    AIR_DEFENCE: TimelineEntry(_PRESENCE, "air defences brought in", 4),
    ATTACK: TimelineEntry(_ATTACKS, "", 0),
    IRAN_MISSILES: TimelineEntry(_ATTACKS, "salvo from Iran", 9),
    SIEGE_BEGAN: TimelineEntry(_ATTACKS, "embassy besieged", 6),
    STRIKE: TimelineEntry(_STRIKES, "", 0),
    US_STRUCK_IRAN: TimelineEntry(_STRIKES, "strike on Iran", 10),
    WAR_BEGAN: TimelineEntry(_STRIKES, "open war", 10),
    WAR_ENDED: TimelineEntry(_STRIKES, "war stopped", 9),
}


@heeded()
def draw_story(
    variant: Variant, number: int, seed: int, folder: Path | str, branches: Sequence[tuple[int, int]] = ()
) -> list[Path]:
    """Return the paths of the pictures of one world: its timeline, and the house at its vote where there was one."""
    folder = folder_at(folder, "folder")
    folder.mkdir(parents=True, exist_ok=True)
    world = OneWorld(variant, number, seed, record=True, branches=branches).run_to()
    facts = (scenario_line(variant.label, variant.inputs.title), f"world {number}", f"seed {seed}")
    house = house_at_vote(variant, number, seed, world.events(), branches)
    paths = []
    with style():
        paths += save(timeline(timeline_of(world), facts), folder / "timeline")
        paths += save(hemicycle(house, facts), folder / "parliament") if house else []
    return paths


# Parliament ------------------------------------------------------------------------------------------------------


def house_at_vote(
    variant: Variant, number: int, seed: int, log: np.ndarray, branches: Sequence[tuple[int, int]] = ()
) -> ParliamentSession | None:
    """Return the house at the vote that passed, else at the first session on a motion; None where it held none."""
    sessions = [row for row in log if row["kind"] in _SESSIONS]
    if not sessions:
        return None
    session = next((row for row in sessions if row["kind"] == VOTE_PASSED), sessions[0])
    day = int(session["day"])
    world = OneWorld(variant, number, seed, record=False, branches=branches).run_to(day + 1).worlds[0]
    members = int(world["n_members"])
    bloc, vote = world["member_bloc"][:members], world["member_vote"][:members]
    blocs = []
    for b, (name, entry) in enumerate(variant.inputs.house.blocs.items()):
        votes = vote[bloc == b]
        counted = {word: int(np.sum(votes == code)) for word, code in _VOTES.items()}
        blocs.append(Bloc(str(entry.facts.get("label", name)), counted))
    ranked = sorted((b for b in blocs if b.seats), key=lambda b: (-b.votes["for"] / b.seats, -b.seats))
    day_of = variant.inputs.start + timedelta(days=day)
    return ParliamentSession(day_of, _SESSIONS[int(session["kind"])], tuple(ranked), int(world["quorum"]))


# Timeline --------------------------------------------------------------------------------------------------------


def timeline_of(world: OneWorld) -> Timeline:
    """Return the main events of a world that has been lived through, and its weekly troops and ISIS attacks."""
    inputs, log = world.variant.inputs, world.events()
    lanes: dict[str, list[TimelineMark]] = {lane: [] for lane in LANES}
    for lane, mark in _marks(log):
        lanes[lane].append(mark)
    weekly = {
        "ISIS attacks in the week": world.series["isis_attacks"][0], "US troops in Iraq": world.series["us_troops"][0],
    }  # fmt: skip
    return Timeline(inputs.start, inputs.days, _ending(world, log), lanes, weekly)


def _marks(log: np.ndarray) -> Iterator[tuple[str, TimelineMark]]:
    harm: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row in log:
        harm[int(row["cause"])][int(row["kind"])] += float(row["size"])
    for row in log:
        kind = int(row["kind"])
        if kind not in TIMELINE_ENTRIES:
            continue
        lane, words, weight = TIMELINE_ENTRIES[kind]
        hurt = harm[int(row["id"])]
        if kind in (ATTACK, IRAN_MISSILES):
            yield lane, _attack(int(row["day"]), words, weight, hurt)
        elif kind == STRIKE:
            yield lane, _strike(int(row["day"]), ACTOR_LABELS[ACTORS[row["target"]]], hurt)
        else:
            yield lane, TimelineMark(int(row["day"]), words.format(**_words(row)), weight)


def _words(row: np.void) -> dict[str, str]:
    leaning = LEANINGS[int(row["detail"])] if 0 <= row["detail"] < len(LEANINGS) else ""
    words = {"none": "neutral", "pro_iran": "pro-Iran"}.get(leaning, leaning)
    return {"size": f"{row['size']:,.0f}", "detail": f"{row['detail']:,.0f}", "leaning": words}


def _attack(day: int, words: str, weight: float, hurt: dict[int, float]) -> TimelineMark:
    """Return an attack or salvo with whom it hurt: US personnel and soldiers of the coalition first."""
    killed, allies, wounded = hurt.get(US_KILLED, 0), hurt.get(COALITION_KILLED, 0), hurt.get(US_WOUNDED, 0)
    told = [words] if words else []
    if killed:
        told.append(f"{killed:.0f} US killed")
    elif allies:
        told.append(f"{allies:.0f} of the coalition killed")
    elif wounded:
        told.append(f"{wounded:.0f} US wounded")
    harm = bool(killed or allies or wounded or hurt.get(IRAQI_KILLED_BY_MILITIA, 0))
    matters = weight + (7 + killed / 10 if killed else 4 if allies else 2 + wounded / 1000 if wounded else 0)
    return TimelineMark(day, ": ".join(told), matters if told else 0.0, harm)


def _strike(day: int, target: str, hurt: dict[int, float]) -> TimelineMark:
    """Return a strike with its target and whom it killed."""
    dead, leaders = hurt.get(MILITIA_KILLED, 0), hurt.get(LEADER_KILLED, 0)
    others = hurt.get(IRAQI_KILLED_BY_US, 0) + hurt.get(CIVILIANS_KILLED_BY_US, 0)
    told = "leader killed" if leaders else f"{dead + others:.0f} killed" if dead + others else "nobody killed"
    return TimelineMark(
        day, f"{target}: {told}", 1 + (9 if leaders else 0) + (dead + 2 * others) / 100, bool(leaders or dead or others)
    )


def _ending(world: OneWorld, log: np.ndarray) -> str:
    """Return in words what became of the presence."""
    start = world.variant.inputs.start
    gone: Sequence[np.void] = [row for row in log if row["kind"] == EXITED]
    if gone:
        day = start + timedelta(days=int(gone[0]["day"]))
        return f"US forces left federal Iraq on {day.day} {day:%B %Y}"
    troops = world.outcomes()["us_troops_end"]
    return f"US forces still in federal Iraq at the end ({troops:,.0f} troops in Iraq)"
