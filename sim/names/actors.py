"""Who acts, who decides by a policy, and where."""

#: Everybody that an event can name as its actor or its target, in a fixed order (the index is what the record holds).
ACTORS = (
    "nobody", "us", "iran", "government", "kataib_hezbollah", "asaib_ahl_al_haq", "nujaba", "sayyid_al_shuhada",
    "imam_ali", "badr", "parliament", "premier", "sadr", "public", "iraqi_forces", "isis", "coalition", "scenario",
    "president", "kurdistan_region", "protesters",
)  # fmt: skip
(
    NOBODY, US, IRAN, GOVERNMENT, KATAIB_HEZBOLLAH, ASAIB_AHL_AL_HAQ, NUJABA, SAYYID_AL_SHUHADA,
    IMAM_ALI, BADR, PARLIAMENT, PREMIER, SADR, PUBLIC, IRAQI_FORCES, ISIS, COALITION, SCENARIO,
    PRESIDENT, KURDISTAN_REGION, PROTESTERS,
) = range(len(ACTORS))  # fmt: skip

ACTOR_LABELS = {
    "nobody": "nobody", "us": "Washington", "iran": "Iran", "government": "the government",
    "kataib_hezbollah": "Kataib Hezbollah", "asaib_ahl_al_haq": "Asaib Ahl al-Haq", "nujaba": "Nujaba",
    "sayyid_al_shuhada": "Kataib Sayyid al-Shuhada", "imam_ali": "Kataib Imam Ali", "badr": "Badr",
    "parliament": "parliament", "premier": "the prime minister", "sadr": "Sadr", "public": "the public",
    "iraqi_forces": "Iraqi forces", "isis": "ISIS", "coalition": "the coalition", "scenario": "the scenario",
    "president": "the president", "kurdistan_region": "the Kurdistan Region", "protesters": "the protesters",
}  # fmt: skip

#: The armed factions, by name; ``w.factions[f]`` is faction ``f`` of this list, its actor number FIRST_FACTION + f.
FACTIONS = ACTORS[KATAIB_HEZBOLLAH : BADR + 1]
N_FACTIONS = len(FACTIONS)
#: All of them, as a set of bits.
EVERY_FACTION = (1 << N_FACTIONS) - 1
FIRST_FACTION = KATAIB_HEZBOLLAH

#: Seats decide by a policy file. Their order is the row of their perceptions and of their policy's memory.
SEATS = ("us", "iran", "government", *FACTIONS)
N_SEATS = len(SEATS)
SEAT_US, SEAT_IRAN, SEAT_GOVERNMENT, SEAT_FIRST_FACTION = 0, 1, 2, 3

#: The keys under ``policies:`` in a scenario, with the seats that each fills.
POLICY_KEYS = {"us": ("us",), "iran": ("iran",), "government": ("government",), "factions": FACTIONS}

#: Members of the coalition, and the NATO mission: ``w.allies[k]`` is member ``k`` of this list.
ALLIES = (
    "Italy", "Spain", "Canada", "United Kingdom", "Australia", "France", "Germany", "Poland", "Hungary", "Denmark",
    "Finland", "Sweden", "Norway", "Netherlands", "New Zealand", "Portugal", "Czech Republic", "NATO mission",
)  # fmt: skip
N_ALLIES = len(ALLIES)

GOVERNORATES = (
    "Baghdad", "Ninewa", "Basra", "Sulaymaniyah", "Dhi Qar", "Babil", "Erbil", "Anbar", "Diyala", "Kirkuk",
    "Salah al-Din", "Najaf", "Wasit", "Duhok", "Qadisiyah", "Karbala", "Maysan", "Muthanna",
)  # fmt: skip
N_GOVERNORATES = len(GOVERNORATES)
#: The Kurdistan Region.
REGION = ("Sulaymaniyah", "Erbil", "Duhok")
REGION_PLACES = tuple(GOVERNORATES.index(name) for name in REGION)
#: Where an event can lie: the governorates, then the neighbours that hold US sites, then nowhere in particular.
PLACES = (*GOVERNORATES, "Syria", "Jordan", "nowhere")
BAGHDAD, SYRIA, JORDAN, NOWHERE = 0, N_GOVERNORATES, N_GOVERNORATES + 1, N_GOVERNORATES + 2

#: Sites that hold US personnel, in the order of configs/geography.yaml; ``w.sites[b]`` is site ``b`` of this list.
SITES = (
    "Ain al-Asad", "al-Qaim", "al-Taqaddum", "Qayyarah West", "Nineveh operations command", "K-1", "Balad", "Camp Taji",
    "Besmaya", "Union III", "Baghdad airport", "US embassy", "Erbil", "Harir", "al-Tanf", "north-east Syria",
    "Tower 22",
)  # fmt: skip

COMMUNITIES = ("sunni_arab", "shia", "kurd", "other")
N_COMMUNITIES = len(COMMUNITIES)
SUNNI, SHIA, KURD, OTHER = range(N_COMMUNITIES)

#: What a premier leans to (``none`` is a caretaker without an agenda of his own).
LEANINGS = ("none", "pro_iran", "balancing", "nationalist", "reformist")
LEANS_NOWHERE, PRO_IRAN, BALANCING, NATIONALIST, REFORMIST = range(len(LEANINGS))

#: Named rungs of the ladder, lowest first (model.md, 'the ladder').
RUNGS = (
    "quiet", "unclaimed rockets", "deadly attack", "strike in kind", "heavy strike", "siege of the embassy",
    "leadership killing", "missiles from Iran", "open war",
)  # fmt: skip
(QUIET, ROCKETS, DEADLY_ATTACK, STRIKE_IN_KIND, HEAVY_STRIKE, SIEGE, LEADERSHIP_KILLING, MISSILES, OPEN_WAR) = range(9)

#: States of the US presence in Iraq.
PRESENCES = (
    "full", "limited", "transition", "drawn_down", "north_only", "leaving",
    "gone_agreement", "gone_demand", "gone_own_choice",
)  # fmt: skip
(FULL, LIMITED, TRANSITION, DRAWN_DOWN, NORTH_ONLY, LEAVING, GONE_AGREEMENT, GONE_DEMAND, GONE_OWN_CHOICE) = range(9)

#: What Washington says its forces are in Iraq for.
AIMS = ("counter_isis", "watch_iran", "bill_baghdad")
COUNTER_ISIS, WATCH_IRAN, BILL_BAGHDAD = range(3)

#: What Baghdad's forces are ordered to do about protest and the factions.
FORCES_ORDERS = ("none", "guard_protests", "clear_protests", "confront_factions")
NO_ORDER, GUARD_PROTESTS, CLEAR_PROTESTS, CONFRONT_FACTIONS = range(4)

#: How an exit came about; ``none`` while there is no exit.
EXIT_KINDS = ("none", "agreement", "demand", "own_choice")
NO_EXIT, BY_AGREEMENT, BY_DEMAND, BY_OWN_CHOICE = range(4)
