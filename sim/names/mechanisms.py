"""The mechanisms: number, short name, and the rival reading where the documents allow one.

What each one claims, with document and paragraph, stands in ``configs/claims.yaml``.
"""

from typing import NamedTuple


class Mechanism(NamedTuple):
    """One mechanism: its id, its name in a few words, and its readings (the first is the documents' own)."""

    id: str
    name: str
    readings: tuple[str, ...] = ()


MECHANISMS = (
    Mechanism("M01", "strikes give a motive to answer", ("revenge", "deterrence")),
    Mechanism("M02", "factions act on their own", ("agency", "proxies")),
    Mechanism("M03", "Iran pushes through proxies, harder under pressure"),
    Mechanism("M04", "Iran answers a leadership killing directly, then by proxy"),
    Mechanism("M05", "political and armed routes substitute", ("substitutes", "complements")),
    Mechanism("M06", "attacks go unclaimed, attribution is uncertain"),
    Mechanism("M07", "warnings to Iraqi forces foretell heavier attacks"),
    Mechanism("M08", "a strike reads as a breach of sovereignty"),
    Mechanism("M09", "consent shares the blame, notice does not"),
    Mechanism("M10", "Sadr is a nationalist swing"),
    Mechanism("M11", "Sunni and Kurdish members fear Iran's camp"),
    Mechanism("M12", "commanders intimidate, Iran pays"),
    Mechanism("M13", "a demand weighs by the standing of who makes it"),
    Mechanism("M14", "polarisation makes a majority harder to find"),
    Mechanism("M15", "without a government factions act with impunity"),
    Mechanism("M16", "a framework gives the presence a legal basis", ("legal_basis", "timetable")),
    Mechanism("M17", "factions with a stake pay a political price"),
    Mechanism("M18", "talks are suspended over a deadly attack"),
    Mechanism("M19", "leaders prefer limits to a full exit"),
    Mechanism("M20", "moderates hesitate the nearer expulsion comes"),
    Mechanism("M21", "attacks raise cost and, for a while, resolve", ("resolve", "casualty_cost")),
    Mechanism("M22", "quiet leverage works, open threats inflame"),
    Mechanism("M23", "tension turns effort from ISIS to self-protection"),
    Mechanism("M24", "fewer, better defended bases reach less far"),
    Mechanism("M25", "militias busy with the US fight ISIS less"),
    Mechanism("M26", "cells in rugged terrain are pressed with coalition means"),
    Mechanism("M27", "cells under less pressure rebuild"),
    Mechanism("M28", "members depend on US supply and protection", ("us_supplied", "replaceable")),
    Mechanism("M29", "the Syria contingent lives on support from Iraq"),
    Mechanism("M30", "the presence is a counterweight"),
    Mechanism("M31", "a worse ISIS makes militias more needed"),
    Mechanism("M32", "a resented exit brings sanctions"),
    Mechanism("M33", "a strike moves the reform movement to sovereignty"),
    Mechanism("M34", "the US presence diverts from protest; repression costs"),
    Mechanism("M35", "humiliation provokes out of proportion"),
    Mechanism("M36", "a killed leader is remembered for years"),
    Mechanism("M37", "a regional war adds to factions' drive"),
    Mechanism("M38", "the Kurdistan Region might host"),
    Mechanism("M39", "the factions' campaign is cheap"),
    Mechanism("M40", "an exit takes months"),
    Mechanism("M41", "backing friends shifts opinion slowly"),
    Mechanism("M42", "a premier's leaning is his taste"),
    Mechanism("M43", "a response by rote invites provocation", ("rote_invites", "price_deters")),
    Mechanism("M44", "a resolution lends attacks a colour of law", ("emboldens", "calms")),
    Mechanism("M45", "strikes outside the task wear down consent", ("terms", "deaths_only")),
    Mechanism("M46", "declared aims anger without a shot"),
    Mechanism("M47", "US dead weigh on answering Iran", ("weighs", "pride")),
    Mechanism("M48", "a premier must suit chiefs and street", ("chiefs_and_street", "chiefs_alone")),
    Mechanism("M49", "in the vacuum factions press for a premier"),
    Mechanism("M50", "partners broker, unless tension paralyses"),
    Mechanism("M51", "sectarian politics undoes alliances"),
    Mechanism("M52", "training makes forces self-sufficient slowly"),
    Mechanism("M53", "an epidemic pauses training", ("epidemic", "tension")),
    Mechanism("M54", "Iran accepts a stronger ISIS", ("accepts", "eases_off")),
    Mechanism("M55", "Iran's supply sets how weighty attacks can be"),
    Mechanism("M56", "words and acts part", ("words_and_acts", "words_bind")),
    Mechanism("M57", "ambiguous talks are cheap until a date"),
    Mechanism("M58", "a battlefield wearies Iraqis of no camp"),
    Mechanism("M59", "doubts feed each other"),
    Mechanism("M60", "leaders can call a siege off"),
    Mechanism("M61", "practical help earns goodwill"),
    Mechanism("M62", "fear of the next blow holds", ("holds", "hardens")),
    Mechanism("M64", "a killed leader breaks command", ("broken", "replaced")),
    Mechanism("M65", "strikes take what factions fire", ("stocks", "plentiful")),
    Mechanism("M66", "a government reins factions in", ("reins", "looks_on")),
    Mechanism("M67", "administrations differ", ("differ", "outlived")),
    Mechanism("M68", "a framework is bargained item by item", ("bargained", "theatre")),
    Mechanism("M70", "ISIS can be worn down", ("worn_down", "regrows")),
    Mechanism("M71", "Iraqi forces learn by fighting", ("by_fighting", "by_training")),
    Mechanism("M72", "a foreign presence feeds those who fight it"),
    Mechanism("M73", "an army without cohesion loses cities"),
    Mechanism("M74", "a premier needs dollars and somebody between"),
    Mechanism("M77", "violence has seasons"),
    Mechanism("M78", "tension and foreign friends move a formation"),
)
(
    M01, M02, M03, M04, M05, M06, M07, M08, M09, M10, M11, M12, M13, M14, M15, M16, M17, M18, M19, M20,
    M21, M22, M23, M24, M25, M26, M27, M28, M29, M30, M31, M32, M33, M34, M35, M36, M37, M38, M39, M40,
    M41, M42, M43, M44, M45, M46, M47, M48, M49, M50, M51, M52, M53, M54, M55, M56, M57, M58, M59, M60, M61,
    M62, M64, M65, M66, M67, M68, M70, M71, M72, M73, M74, M77, M78,
) = range(1, len(MECHANISMS) + 1)  # fmt: skip
N_MECHANISMS = len(MECHANISMS)
