"""What a scenario may have happen on a day, whatever the actors' policies say."""

from sim.names.actions import Action, Option
from sim.names.actors import FACTIONS, LEANINGS, SITES

_TARGET = Option("target", "which faction is struck", 0.0, choices=FACTIONS)
_BAGHDAD = Option("baghdad", "what Baghdad is told or asked beforehand", 0.0, choices=("nothing", "notice", "consent"))
_PLACE = Option("place", "where it falls", 0.0, choices=("desert", "town", "capital"))

SCRIPTED = (
    Action("strike", "script", "a US strike on a faction",
           (_TARGET, Option("weight", "how heavy", 0.0, choices=("proportionate", "heavy")), _BAGHDAD, _PLACE)),
    Action("leadership_strike", "script", "a US strike that kills a leader of a faction",
           (_TARGET, _BAGHDAD, _PLACE,
            Option("guest", "who is with him", 0.0, choices=("nobody", "iranian_commander")))),
    Action("attack", "script", "an attack by a faction",
           (Option("by", "which faction", 0.0, choices=FACTIONS),
            Option("deadly", "US personnel killed", 0.0, "people", 0.0, 1000.0),
            Option("where", "in Iraq or outside", 0.0, choices=("in_iraq", "outside")),
            Option("site", "which site (any, as chance has it)", 0.0, choices=("any", *SITES)),
            Option("weapon", "with what (any, as chance has it)", 0.0,
                   choices=("any", "rockets", "barrage", "drones", "roadside_bomb")),
            Option("allied", "coalition soldiers killed", 0.0, "people", 0.0, 1000.0))),
    Action("motion", "script", "a motion to expel is tabled, and the session held the next day"),
    Action("premier", "script", "parliament confirms a premier",
           (Option("leaning", "what he leans to", 0.0, choices=LEANINGS),)),
    Action("framework", "script", "a framework for the presence is signed"),
    Action("iran_missiles", "script", "Iran fires missiles at US bases",
           (Option("weight", "share of a full salvo, aimed to hurt", 0.3, "share", 0.0, 1.0),)),
    Action("end_of_war", "script", "the regional war ends"),
    Action("regional_war", "script", "a war breaks out in the region",
           (Option("level", "how near and how large", 0.7, "share", 0.0, 1.0),)),
    Action("epidemic", "script", "an epidemic breaks out"),
    Action("oil_shock", "script", "the oil price falls",
           (Option("share", "share of the price that is left", 0.5, "ratio", 0.05, 5.0),)),
    Action("protest", "script", "protest surges, turned to reform and against Iran's friends",
           (Option("strength", "how strong", 0.7, "share", 0.0, 1.0),)),
    Action("siege", "script", "a crowd besieges the embassy",
           (Option("by", "which faction leads it", 0.0, choices=FACTIONS),)),
)  # fmt: skip
(
    SCRIPT_STRIKE, SCRIPT_LEADERSHIP, SCRIPT_ATTACK, SCRIPT_MOTION, SCRIPT_PREMIER, SCRIPT_FRAMEWORK,
    SCRIPT_MISSILES, SCRIPT_END_OF_WAR, SCRIPT_REGIONAL_WAR, SCRIPT_EPIDEMIC, SCRIPT_OIL, SCRIPT_PROTEST, SCRIPT_SIEGE,
) = range(len(SCRIPTED))  # fmt: skip
MAX_SCRIPT = 16
