"""The fields of the tables that describe places, sites, blocs and factions; each may be a number or a distribution."""

PLACE_TRAITS = (
    "population", "sunni_arab", "shia", "kurd", "other", "haven", "syria_border", "iran_border",
    "isis_share",
)  # fmt: skip
SITE_TRAITS = ("personnel_share", "protection", "hardened", "is_embassy", "outside")
BLOC_TRAITS = (
    "seats", "view_us", "view_us_spread", "view_iran", "view_iran_spread", "discipline", "faction_tie", "iran_money",
    "sadrist", "street", "us_money",
)  # fmt: skip
FACTION_TRAITS = (
    "appetite", "closeness", "stake", "heavy", "fighters", "discretion", "embassy_crowds", "outside_share",
)  # fmt: skip
#: Of a coalition member: soldiers; how much danger and discontent it bears; share of its work that is training; how
#: readily all sides in Baghdad talk with it.
ALLY_TRAITS = ("troops", "tolerance", "trainers", "standing")
