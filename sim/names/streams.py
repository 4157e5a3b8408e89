"""Where chance enters: every draw has a name, and an entity that it belongs to.

Daily draws are filled a block at a time; their slot is found by the address of draw and entity, so that another draw
or another entity shifts nobody's luck. The others are drawn one by one, or by week for the populations.
"""

from sim.names.actors import FACTIONS
from sim.names.address import address

_ONE = ("",)
#: (name of the draw, entities that have one), one uniform a day each.
DAILY = (
    ("attacks today", FACTIONS),
    ("truce breaks", FACTIONS),
    ("policy missiles: people hurt", _ONE),
    ("policy missiles: people killed", _ONE),
    ("speaker allows a vote", _ONE),
    ("president charges a nominee", _ONE),
    ("leaning of the nominee", _ONE),
    ("nominee goes to a vote", _ONE),
    ("nominee gives up", _ONE),
    ("washington concedes", _ONE),
    ("cost exceeds worth", _ONE),
    ("kurdistan region hosts", _ONE),
    ("crowd follows", FACTIONS),
    ("siege is cleared", _ONE),
    ("government falls", _ONE),
    ("sadr calls", _ONE),
    ("force is cut", _ONE),
    ("region offers", _ONE),
    ("talks break over the date", _ONE),
    ("war turns", _ONE),
    ("epidemic breaks out", _ONE),
)
SLOT: dict[str, int] = {}
SLOT_KEYS: list[int] = []
for _name, _entities in DAILY:
    SLOT[_name] = len(SLOT_KEYS)
    SLOT_KEYS += [address("daily", _name, entity) for entity in _entities]
N_DAILY = len(SLOT_KEYS)

U_ATTACKS = SLOT["attacks today"]
U_TRUCE = SLOT["truce breaks"]
U_MISSILES_HURT = SLOT["policy missiles: people hurt"]
U_MISSILES_KILL = SLOT["policy missiles: people killed"]
U_SPEAKER = SLOT["speaker allows a vote"]
U_CHARGE = SLOT["president charges a nominee"]
U_LEANING = SLOT["leaning of the nominee"]
U_CONFIDENCE = SLOT["nominee goes to a vote"]
U_GIVES_UP = SLOT["nominee gives up"]
U_CONCEDES = SLOT["washington concedes"]
U_COST = SLOT["cost exceeds worth"]
U_HOSTS = SLOT["kurdistan region hosts"]
U_CROWD = SLOT["crowd follows"]
U_CLEARED = SLOT["siege is cleared"]
U_FALLS = SLOT["government falls"]
U_SADR = SLOT["sadr calls"]
U_CUT = SLOT["force is cut"]
U_OFFERS = SLOT["region offers"]
U_STUCK = SLOT["talks break over the date"]
U_WAR = SLOT["war turns"]
U_EPIDEMIC = SLOT["epidemic breaks out"]

#: Draws made one by one, when something happens; the entity is a number (an ordinal, a member, a faction).
SINGLE = (
    "attack goes outside", "attack site", "attack weapon", "attack hurts", "attack kills", "attack dead",
    "attack wounded", "attack victims", "strike killed", "strike iraqis", "strike iraqi dead", "strike civilians",
    "strike civilian dead", "evidence", "policy rule", "member at start", "member comes", "member votes",
    "member confirms", "cell at start", "isis sizes", "vote delay",
    "attack warned of", "attack claimed by front", "oil", "ally leaves", "protest spark", "repression kills",
    "repression dead", "rough methods", "framework dated", "member ratifies", "framework renewed", "war salvo",
    "north left", "sanctions follow", "sadr's crowd", "forces obey", "protest is cleared", "talks suspended", "guest",
    "isis leader taken", "army breaks", "towns that fall", "review", "office",
    "round of talks", "framework lapses", "framework put to vote", "season of violence",
)  # fmt: skip
SINGLE_KEYS = {name: address("single", name) for name in SINGLE}

#: Weekly draws of a cell, by the cell's own key, two of each hash: an end and attacks, a move and a split.
CELL_HASHES = ("destroyed, attacks", "moves, splits")
CELL_KEYS = tuple(address("cell", names) for names in CELL_HASHES)
N_CELL_DRAWS = 2 * len(CELL_KEYS)
C_DESTROYED, C_ATTACKS, C_MOVES, C_SPLITS = range(N_CELL_DRAWS)
MEMBER_DRIFT_KEY = address("weekly", "member drift")
