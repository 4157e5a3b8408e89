"""The sites: how troops and protection lie among them, where attacks fall and whom they hurt; exact moves."""

from typing import Any

import pytest

from sim.names.actors import (
    COALITION,
    DEADLY_ATTACK,
    FIRST_FACTION,
    IRAN,
    IRAQI_FORCES,
    MISSILES,
    ROCKETS,
    SYRIA,
    US,
)
from sim.names.events import (
    ATTACK,
    ATTACK_OUTSIDE,
    BARRAGE,
    CLAIMED_BY_FRONT,
    COALITION_KILLED,
    CONVOY_BOMB,
    DRONES,
    IRAN_MISSILES,
    IRAQI_KILLED_BY_MILITIA,
    ROCKET_FIRE,
    RUNG_CLIMBED,
    US_KILLED,
    US_WOUNDED,
    WARNED,
)
from sim.names.mechanisms import M06, M07, M24
from sim.names.streams import U_MISSILES_HURT, U_MISSILES_KILL
from sim.world import bases
from sim.world.acts import order_attack
from sim.world.draws import (
    ATTACK_CLAIMED_DRAW,
    ATTACK_DEAD_DRAW,
    ATTACK_HURTS_DRAW,
    ATTACK_KILLS_DRAW,
    ATTACK_OUTSIDE_DRAW,
    ATTACK_SITE_DRAW,
    ATTACK_VICTIMS_DRAW,
    ATTACK_WARNED_DRAW,
    ATTACK_WEAPON_DRAW,
    ATTACK_WOUNDED_DRAW,
)
from tests.rules.exact import Told, blank, dice, got, moved, put, told

SULAYMANIYAH, ERBIL, ANBAR = 3, 6, 7

# Troops among the sites


#: A base in Baghdad, one in Erbil, a closed one in Anbar, a site abroad, one in Sulaymaniyah; a sixth is beyond them.
LAND: dict[str, Any] = {
    "n_sites": 5,
    "site_place.0": 0, "site_in.0.personnel_share": 0.2, "sites.0.open": 1, "site_in.0.protection": 0.3,
    "site_place.1": ERBIL, "site_in.1.personnel_share": 0.3, "sites.1.open": 1,
    "site_place.2": ANBAR, "site_in.2.personnel_share": 0.5, "sites.2.troops": 77.0,
    "site_place.3": ERBIL, "site_in.3.personnel_share": 0.25, "site_in.3.outside": 1.0, "sites.3.open": 1,
    "site_place.4": SULAYMANIYAH, "site_in.4.personnel_share": 0.1, "sites.4.open": 1, "site_in.4.protection": 0.1,
    "site_place.5": ERBIL, "site_in.5.personnel_share": 0.8, "sites.5.open": 1,
    "presence.troops": 1200.0, "presence.troops_north": 400.0, "outside_troops": 800.0,
    "p.well_defended_troops": 500.0, "p.defence_of_troops": 0.5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "troops"),
    [
        # Shares of those open in Iraq are 0.2, 0.3 and 0.1 of 0.6; of the north 0.3 and 0.1 of 0.4.
        ({}, [400.0, 900.0, 0.0, 200.0, 300.0, 0.0]),
        ({"presence.troops_north": 0.0}, [400.0, 600.0, 0.0, 200.0, 200.0, 0.0]),
        ({"presence.troops": 0.0}, [0.0, 300.0, 0.0, 200.0, 100.0, 0.0]),
        ({"sites.1.open": 0}, [800.0, 0.0, 0.0, 200.0, 800.0, 0.0]),
        ({"sites.1.open": 0, "sites.4.open": 0}, [1200.0, 0.0, 0.0, 200.0, 0.0, 0.0]),
        ({"sites.0.open": 0, "sites.1.open": 0, "sites.4.open": 0}, [0.0, 0.0, 0.0, 200.0, 0.0, 0.0]),
        (dict.fromkeys((f"site_in.{b}.personnel_share" for b in (0, 1, 4)), 0.0), [0.0, 0.0, 0.0, 200.0, 0.0, 0.0]),
        ({"sites.3.open": 0}, [400.0, 900.0, 0.0, 200.0, 300.0, 0.0]),
        ({"sites.2.open": 1}, [1200 / 5.5, 3600 / 11 + 300, 6000 / 11, 200.0, 1200 / 11 + 100, 0.0]),
    ],
)
def test_troops_lie_among_the_open_sites_by_their_shares(values: dict[str, Any], troops: list[float]) -> None:
    """Those in Iraq over all open sites there, those of the north over its own, those abroad whatever is open."""
    w = blank(LAND | values)
    bases.lay_out_troops(w)
    assert [float(w.sites[b].troops) for b in range(6)] == pytest.approx(troops)


@pytest.mark.parametrize(
    ("troops", "shelter", "values", "protection"),
    [
        (250.0, 0.3, {}, 1 - 0.7 * 0.8 * 0.75),
        (500.0, 0.3, {}, 1 - 0.7 * 0.8 * 0.5),
        (900.0, 0.3, {}, 1 - 0.7 * 0.8 * 0.5),
        (250.0, 0.3, {f"strength.{M24}": 2.0}, 1 - 0.7 * 0.8 * 0.5),
        (900.0, 0.3, {f"strength.{M24}": 2.0}, 1 - 0.7 * 0.8 * 0.05),
        (900.0, 0.3, {f"strength.{M24}": 0.0}, 1 - 0.7 * 0.8),
        (900.0, 0.9, {f"strength.{M24}": 2.0}, 0.98),
        (0.0, 0.0, {"us.air_defence": 0.0}, 0.0),
        (250.0, 0.0, {"us.air_defence": 0.4}, 1 - 0.6 * 0.75),
        (250.0, 1.0, {"us.air_defence": 0.0}, 0.98),
        (0.0, -0.5, {"us.air_defence": 0.0}, 0.0),
    ],
)
def test_protection_rises_with_shelter_air_defence_and_troops(
    troops: float, shelter: float, values: dict[str, Any], protection: float
) -> None:
    """M24: each takes its share of what the others leave bare; nothing protects wholly."""
    w = blank({"us.air_defence": 0.2, "p.well_defended_troops": 500.0, "p.defence_of_troops": 0.5} | values)
    assert bases._protection(w, troops, shelter) == pytest.approx(protection)


def test_every_site_is_protected_by_what_is_its_own() -> None:
    """A closed site and one abroad have their protection too: by shelter, and by troops where there are some."""
    w = blank(LAND | {"site_in.2.protection": 0.4, "site_in.3.protection": 0.5})
    bases.lay_out_troops(w)
    protection = [1 - 0.7 * 0.6, 0.5, 0.4, 1 - 0.5 * 0.8, 1 - 0.9 * 0.7, 0.0]
    assert [float(w.sites[b].protection) for b in range(6)] == pytest.approx(protection)


@pytest.mark.parametrize(
    ("day", "values", "due"),
    [
        (15, {}, False),
        (14, {}, True),
        (20, {}, False),
        (15, {"presence.troops": 1199.0}, True),
        (15, {"presence.troops_north": 399.0}, True),
        (15, {"presence.troops": 1201.0, "presence.troops_north": 399.0}, True),
        (15, {"presence.next_base": 30}, True),
        (15, {"presence.troops": 1199.0, "presence.next_base": 1000}, False),
    ],
)
def test_troops_are_laid_out_anew_when_they_have_moved_or_a_week_is_over(
    day: int, values: dict[str, Any], due: bool
) -> None:
    """One soldier less and a base in a thousand days cancel out: what was laid out is remembered as one number."""
    w = blank(LAND)
    bases.lay_out_troops(w)
    assert w.laid_out == 1200.0 + 400e6
    assert bases.troops_moved(put(w, values | {"day": day})) == due


@pytest.mark.parametrize(("consolidated", "opened"), [(0.0, [1, 1, 1, 1]), (0.5, [0, 1, 1, 1]), (1.0, [0, 1, 1, 1])])
def test_where_troops_are_drawn_together_only_some_sites_are_open(consolidated: float, opened: list[int]) -> None:
    """Hardened ones, the embassy, and those abroad; troops are laid out over what is open."""
    w = blank({"n_sites": 4, "s.consolidated": consolidated, "site_in.1.hardened": 0.5, "site_in.2.is_embassy": 1.0,
               "site_in.3.outside": 1.0, "presence.troops": 300.0, "p.well_defended_troops": 9.0,
               "site_in.0.personnel_share": 0.5, "site_in.1.personnel_share": 0.5})  # fmt: skip
    bases.start_sites(w)
    assert [int(w.sites[b].open) for b in range(5)] == [*opened, 0]
    assert w.sites[1].troops == (150.0 if opened[0] else 300.0)


@pytest.mark.parametrize(
    ("place", "outside", "north"), [(3, 0.0, True), (6, 0.0, True), (13, 0.0, True), (7, 0.0, False), (6, 1.0, False)]
)
def test_the_north_is_the_three_places_of_the_region(place: int, outside: float, north: bool) -> None:
    """Sulaymaniyah, Erbil and Duhok; a site abroad lies in none."""
    assert bases._is_north(blank({"site_place.1": place, "site_in.1.outside": outside}), 1) == north


# Attacks


#: Baghdad, abroad, Anbar, an embassy, Erbil: only the first three hold troops, and the third attracts most.
SITES: dict[str, Any] = {
    "n_sites": 5, "day": 12, "presence.ever": 5e4, "coalition_troops": 5.0, "coalition_troops_start": 500.0,
    "site_place.0": 0, "sites.0.troops": 100.0, "sites.0.attacks": 3.0,
    "site_place.1": SYRIA, "sites.1.troops": 60.0, "site_in.1.outside": 1.0,
    "site_place.2": ANBAR, "sites.2.troops": 300.0,
    "site_place.3": 0, "site_in.3.is_embassy": 1.0,
    "site_place.4": ERBIL,
    "faction_in.2.outside_share": 0.4, "p.site_visibility": 20.0, "p.north_reach": 0.5, "factions.2.heavy": 0.5,
    "factions.2.arsenal": 0.8, "p.drone_share": 0.3, "p.convoy_share": 0.5, "p.arsenal_use": 0.25,
    "p.harm_light": 0.2, "p.harm_heavy": 0.6, "p.harm_exponent": 2.0, "p.harm_most": 0.05,
    "factions.2.last_attack_event": 5, "sites.19.troops": 500.0,
}  # fmt: skip
#: The address of the third attack today of faction 2.
THIRD = 2 * 256 + 3
#: Luck by which it falls in Iraq, at the first site, with rockets, and hurts nobody.
LUCK = {ATTACK_OUTSIDE_DRAW: 0.4, ATTACK_SITE_DRAW: 0.0, ATTACK_WEAPON_DRAW: 0.5, ATTACK_HURTS_DRAW: 0.2,
        ATTACK_WOUNDED_DRAW: 0.76, ATTACK_KILLS_DRAW: 0.3, ATTACK_DEAD_DRAW: 0.6, ATTACK_WARNED_DRAW: 0.9,
        ATTACK_CLAIMED_DRAW: 0.9}  # fmt: skip


def _attacked(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], lucks: dict[Any, float], settle: Any = bases.settle_attacks
) -> Any:
    """Return a world after the third attack of faction 2, with the luck of its address and of no other."""
    address = {name: {THIRD: u} for name, u in (LUCK | lucks).items()}
    dice(monkeypatch, bases, address | {ATTACK_VICTIMS_DRAW: {THIRD * 256 + j: 0.0 for j in range(9)}})
    w = blank(SITES)
    order_attack(w, 2, 3, 44, 9, 8)
    settle(put(w, values))
    return w


ME = FIRST_FACTION + 2
IN_BAGHDAD = {"place": 0, "target": US, "site": 0, "rule": 9}
CLIMBED = Told(RUNG_CLIMBED, ME, 0, cause=1, detail=ROCKETS, rule=9)


def test_an_attack_is_told_counted_and_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who, at which site, with what, why and by which rule; the ladder climbs, the site and the faction keep it."""
    w = _attacked(monkeypatch, {}, {})
    fired = Told(ATTACK, ME, cause=44, detail=ROCKET_FIRE, claim=8, also=5, **IN_BAGHDAD)
    assert told(w) == [fired, CLIMBED]
    assert got(w, "attacks.0.site", "attacks.0.weapon", "attacks.0.event", "attacks.0.outside") == (0, 0, 1, 0)
    assert got(w, "sites.0.attacks", "last_attack", "factions.2.last_attack_event") == (4.0, 12, 1)
    assert got(w, "harmless", "rung", "acting_rule", "attacks.0.hurt") == (1.0, ROCKETS, 0, 0)


@pytest.mark.parametrize(
    ("values", "u", "outside"),
    [
        ({}, 0.39, 1),
        ({}, 0.4, 0),
        ({"presence.exit_day": 0}, 0.9, 1),
        ({"presence.exit_day": 5}, 0.9, 1),
        ({"presence.exit_day": 5, "presence.troops_north": 0.5}, 0.9, 0),
        ({"presence.exit_day": 5, "presence.troops_north": 0.5}, 0.1, 1),
        ({"presence.exit_day": -1, "presence.troops_north": 0.0}, 0.9, 0),
        ({"attacks.0.fixed_dead": 0}, 0.1, 0),
        ({"attacks.0.fixed_dead": 0, "attacks.0.outside": 1}, 0.9, 1),
    ],
)
def test_an_attack_goes_outside_iraq_by_chance_or_when_nobody_is_left_inside(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], u: float, outside: int
) -> None:
    """By the faction's share; where all have left it always does; a scripted one goes where the script says."""
    w = _attacked(monkeypatch, values, {ATTACK_OUTSIDE_DRAW: u})
    first = told(w)[0]
    assert w.attacks[0].outside == outside
    assert (first.kind, first.place, first.site) == ((ATTACK_OUTSIDE, SYRIA, 1) if outside else (ATTACK, 0, 0))


@pytest.mark.parametrize(
    ("fixed", "troops", "u", "site"),
    [
        (2, {}, 0.0, 2),
        (0, {}, 0.9, 0),
        (2, {2: 0.0}, 0.0, 0),
        (2, {2: 0.5}, 0.0, 2),
        (0, {0: 0.0}, 0.0, 2),
        (-1, {}, 0.9, 2),
        (-1, {}, 0.0, 0),
    ],
)
def test_a_scripted_site_is_attacked_while_it_holds_troops(
    monkeypatch: pytest.MonkeyPatch, fixed: int, troops: dict[int, float], u: float, site: int
) -> None:
    """Empty, or none being named, another is picked by luck."""
    values: dict[str, Any] = {f"sites.{b}.troops": n for b, n in troops.items()}
    w = _attacked(monkeypatch, values | {"attacks.0.fixed_site": fixed}, {ATTACK_SITE_DRAW: u})
    assert w.attacks[0].site == site


def test_an_attack_without_a_site_to_fall_on_does_not_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is told, counted or climbed."""
    w = _attacked(monkeypatch, {"sites.0.troops": 0.0, "sites.2.troops": 0.0}, {})
    assert (told(w), w.last_attack, w.harmless, w.rung, w.attacks[0].site) == ([], -1, 0.0, 0, -1)


@pytest.mark.parametrize(
    ("values", "u", "weapon"),
    [
        ({}, 0.1, DRONES),
        ({"attacks.0.fixed_weapon": BARRAGE}, 0.9, BARRAGE),
        ({"attacks.0.fixed_weapon": ROCKET_FIRE}, 0.1, ROCKET_FIRE),
        ({}, 0.9, CONVOY_BOMB),
        ({"attacks.0.fixed_weapon": CONVOY_BOMB}, 0.1, CONVOY_BOMB),
        ({"site_in.0.is_embassy": 1.0}, 0.9, ROCKET_FIRE),
        ({"site_in.0.is_embassy": 1.0}, 0.1, DRONES),
        ({"site_place.0": ERBIL}, 0.9, ROCKET_FIRE),
        ({"site_place.0": ERBIL}, 0.1, DRONES),
        ({"sites.0.troops": 0.0, "sites.2.troops": 0.0, "presence.exit_day": 3}, 0.9, ROCKET_FIRE),
        ({"sites.0.troops": 0.0, "sites.2.troops": 0.0, "presence.exit_day": 3}, 0.1, DRONES),
    ],
)
def test_a_convoy_is_bombed_only_where_convoys_drive(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], u: float, weapon: int
) -> None:
    """An embassy, the north, or a site abroad is fired at instead; other weapons reach all of them."""
    w = _attacked(monkeypatch, values, {ATTACK_WEAPON_DRAW: u})
    assert w.attacks[0].weapon == weapon
    assert told(w)[0].detail == weapon


def test_an_attack_in_spite_of_a_promise_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The detail counts the same weapons a second time."""
    w = _attacked(monkeypatch, {"factions.2.holding": 1}, {ATTACK_WEAPON_DRAW: 0.9})
    assert told(w)[0].detail == CONVOY_BOMB + 4


@pytest.mark.parametrize(
    ("values", "u", "hurt"),
    [
        ({}, 0.19, 1),
        ({}, 0.2, 0),
        ({"sites.0.protection": 0.5}, 0.09, 1),
        ({"sites.0.protection": 0.5}, 0.11, 0),
        ({"attacks.0.fixed_weapon": DRONES}, 0.59, 1),
        ({"attacks.0.fixed_weapon": DRONES}, 0.61, 0),
        ({"attacks.0.fixed_weapon": BARRAGE}, 0.59, 1),
        ({"attacks.0.fixed_weapon": CONVOY_BOMB}, 0.19, 1),
        ({"attacks.0.fixed_weapon": CONVOY_BOMB}, 0.21, 0),
        ({"attacks.0.fixed_dead": 0}, 0.0, 0),
        ({"attacks.0.fixed_dead": 1}, 0.99, 1),
        ({"attacks.0.fixed_dead": 0, "attacks.0.fixed_allied": 1}, 0.99, 1),
        ({"attacks.0.fixed_dead": -1, "attacks.0.fixed_allied": 0}, 0.99, 0),
    ],
)
def test_an_attack_hurts_by_weapon_protection_and_luck_or_by_script(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], u: float, hurt: int
) -> None:
    """Rockets and convoy bombs lightly, barrages and drones heavily; a scripted one by its dead alone."""
    w = _attacked(monkeypatch, values, {ATTACK_HURTS_DRAW: u})
    assert (w.attacks[0].hurt, w.harmless) == (hurt, 1.0 - hurt)
    assert w.total[US_WOUNDED] == (4.0 if hurt else 0.0)


@pytest.mark.parametrize(
    ("strength", "u", "claimed"), [(1.0, 0.29, True), (1.0, 0.3, False), (2.0, 0.59, True), (0.0, 0.0, False)]
)
def test_a_harmful_attack_may_be_claimed_by_a_front(
    monkeypatch: pytest.MonkeyPatch, strength: float, u: float, claimed: bool
) -> None:
    """M06: the likelier the more discreet the faction; a harmless attack is claimed by nobody."""
    values = {"p.front_claims": 0.5, "faction_in.2.discretion": 0.6, f"strength.{M06}": strength}
    w = _attacked(monkeypatch, values, {ATTACK_HURTS_DRAW: 0.0, ATTACK_CLAIMED_DRAW: u})
    front = Told(CLAIMED_BY_FRONT, ME, cause=1, claim=M06, **IN_BAGHDAD)
    assert [event for event in told(w) if event.kind == CLAIMED_BY_FRONT] == ([front] if claimed else [])
    assert w.attacks[0].front == int(claimed)
    harmless = _attacked(monkeypatch, values, {ATTACK_CLAIMED_DRAW: 0.0})
    assert harmless.attacks[0].front == 0


def test_every_attack_of_the_day_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by its own address."""
    drawn = dice(monkeypatch, bases, dict.fromkeys(LUCK, 0.5))
    w = blank(SITES)
    for ordinal in (0, 7):
        order_attack(w, 1, ordinal, 0, 0, 0)
    order_attack(w, 5, 1, 0, 0, 0)
    bases.settle_attacks(w)
    assert w.total[ATTACK] == 3.0
    assert {entity for _, entity in drawn} == {256, 263, 1281}


@pytest.mark.parametrize(
    ("outside", "u", "values", "site"),
    [
        # Pulls in Iraq: 100 + 20 in Baghdad, nothing at an empty site, (50 + 20) / 2 in Erbil: 155 in all.
        (0, 0.0, {}, 0),
        (0, 0.774, {}, 0),
        (0, 0.775, {}, 3),
        (0, 0.999, {}, 3),
        (0, 0.5, {"sites.3.troops": 220.0}, 3),
        (0, 0.49, {"sites.3.troops": 220.0}, 0),
        (1, 0.0, {}, 1),
        (1, 0.999, {}, 1),
        (1, 0.5, {"sites.1.troops": 0.0}, -1),
        (0, 0.5, {"sites.0.troops": 0.0, "sites.3.troops": 0.0}, -1),
        (0, 1.0, {}, -1),
        (1, 0.9, {"sites.1.troops": 0.5, "p.site_visibility": 0.0}, 1),
    ],
)
def test_a_site_is_picked_by_its_troops_its_visibility_and_its_distance(
    outside: int, u: float, values: dict[str, Any], site: int
) -> None:
    """Sites in Iraq or abroad, those with troops; the north is half as near."""
    w = blank({"n_sites": 4, "sites.0.troops": 100.0, "sites.1.troops": 70.0, "sites.3.troops": 50.0,
               "sites.4.troops": 900.0, "site_in.1.outside": 1.0, "site_place.1": SYRIA, "site_place.3": ERBIL,
               "p.site_visibility": 20.0, "p.north_reach": 0.5} | values)  # fmt: skip
    assert bases._pick_site(w, outside, u) == site


@pytest.mark.parametrize(
    ("u", "weapon", "arsenal"),
    [(0.0, DRONES, 0.6), (0.119, DRONES, 0.6), (0.12, BARRAGE, 0.6), (0.399, BARRAGE, 0.6), (0.4, ROCKET_FIRE, 0.8),
     (0.7, ROCKET_FIRE, 0.8), (0.701, CONVOY_BOMB, 0.8)],
)  # fmt: skip
def test_a_weapon_is_picked_by_what_the_faction_has(u: float, weapon: int, arsenal: float) -> None:
    """Heavy weapons by 0.5 of an arsenal of 0.8, which using them wears; of the rest a half are convoy bombs."""
    w = blank(SITES | {"p.drone_share": 0.3, "factions.1.heavy": 1.0})
    assert bases._pick_weapon(w, 2, u) == weapon
    assert w.factions[2].arsenal == pytest.approx(arsenal)


def test_at_the_very_share_of_heavy_weapons_it_is_a_light_one() -> None:
    """Shares that binary numbers hold exactly: below them, not at them."""
    w = blank({"factions.2.heavy": 0.5, "factions.2.arsenal": 1.0, "p.drone_share": 0.5, "p.convoy_share": 0.5})
    assert [bases._pick_weapon(w, 2, u) for u in (0.25, 0.5, 0.75)] == [BARRAGE, ROCKET_FIRE, ROCKET_FIRE]


# Whom an attack hurts


@pytest.mark.parametrize(
    ("values", "lucks", "killed", "wounded"),
    [
        # At an exponent of 2 a quantile u is 1 / (1 - u) people: 0.76 is 4.17, 0.6 is 2.5.
        ({}, {}, 0.0, 4.0),
        ({}, {ATTACK_KILLS_DRAW: 0.29}, 2.0, 4.0),
        ({}, {ATTACK_KILLS_DRAW: 0.29, ATTACK_DEAD_DRAW: 0.995}, 5.0, 4.0),
        ({}, {ATTACK_WOUNDED_DRAW: 0.995}, 0.0, 5.0),
        ({"p.harm_most": 99.0}, {ATTACK_WOUNDED_DRAW: 0.9999}, 0.0, 5000.0),
        ({"p.harm_most": 0.0}, {ATTACK_WOUNDED_DRAW: 0.995}, 0.0, 1.0),
        ({"p.harm_exponent": 3.0}, {ATTACK_WOUNDED_DRAW: 0.95}, 0.0, 4.0),
        ({"attacks.0.fixed_dead": 3, "p.victim_us": 0.0}, {ATTACK_KILLS_DRAW: 0.9}, 3.0, 4.0),
        ({"attacks.0.fixed_dead": 0, "attacks.0.fixed_allied": 1}, {ATTACK_KILLS_DRAW: 0.0}, 0.0, 4.0),
        ({"p.victim_us": 0.0}, {ATTACK_KILLS_DRAW: 0.29}, 0.0, 4.0),
    ],
)
def test_an_attack_that_hurts_wounds_some_and_may_kill(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], lucks: dict[Any, float], killed: float, wounded: float
) -> None:
    """The dead by a chance of their own; neither more than a share of those who are there, nor than 5,000."""
    values = {"p.deadly_share": 0.3, "p.victim_us": 1.0} | values
    if values.get("p.harm_most", 0.0) > 1.0:
        values["p.harm_exponent"] = 1.5
    w = _attacked(monkeypatch, values, {ATTACK_HURTS_DRAW: 0.0} | lucks)
    assert (w.total[US_KILLED], w.total[US_WOUNDED]) == (killed, wounded)
    assert got(w, "attacks.0.us_killed", "attacks.0.us_wounded") == (killed, wounded)


#: Half of the victims are American; 0.3 of them allied, by half as many as are left: 0.15; the rest Iraqi, if near.
SHARED = {"p.victim_us": 0.5, "p.victim_coalition": 0.3, "coalition_troops": 40.0, "coalition_troops_start": 80.0,
          "day": 12, "p.warning_chance": 0.6, "attacks.0.faction": 2, "attacks.0.site": 1, "site_place.1": ANBAR,
          "attacks.0.event": 77, "highest_rung": 1}  # fmt: skip
VICTIMS = (0.49, 0.5, 0.649, 0.651, 0.999)


@pytest.mark.parametrize(
    ("values", "lucks", "us", "allied", "iraqi"),
    [
        ({}, VICTIMS, 1, 2, 2),
        ({"coalition_troops": 160.0}, (0.49, 0.5, 0.79, 0.81, 0.999), 1, 2, 2),
        ({"coalition_troops": 0.0}, VICTIMS, 1, 0, 4),
        ({"coalition_troops": 0.5, "coalition_troops_start": 0.0}, VICTIMS, 1, 0, 2),  # nobody was there to die
        ({"attacks.0.outside": 1}, VICTIMS, 1, 2, 0),
        ({"attacks.0.outside": 1, "p.victim_coalition": 0.5}, (0.75, 0.7499), 0, 1, 0),
        ({"attacks.0.fixed_allied": 3}, VICTIMS, 1, 5, 2),
        ({"attacks.0.weapon": BARRAGE}, VICTIMS, 1, 2, 0),
        ({}, (), 0, 0, 0),
        ({"p.victim_us": 0.0, "p.victim_coalition": 0.0}, (0.0,), 0, 0, 1),
    ],
)
def test_the_dead_are_shared_out_among_who_is_there(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], lucks: tuple[float, ...], us: int, allied: int, iraqi: int
) -> None:
    """Americans, allies by how many of them are left, Iraqis who were not warned away; abroad there are none."""
    dice(monkeypatch, bases, {ATTACK_VICTIMS_DRAW: {THIRD * 256 + j: u for j, u in enumerate(lucks)},
                              ATTACK_WARNED_DRAW: {THIRD: 0.0}})  # fmt: skip
    w = blank(SHARED | values)
    bases._share_out(w, 0, len(lucks), 6, False, THIRD)
    blow = {"place": ANBAR, "site": 1, "cause": 77}
    expected = [
        Told(kind, ME, size=n, target=whose, **blow)
        for kind, whose, n in ((US_KILLED, US, us), (COALITION_KILLED, COALITION, allied),
                               (IRAQI_KILLED_BY_MILITIA, IRAQI_FORCES, iraqi), (US_WOUNDED, US, 6))
        if n
    ]  # fmt: skip
    climbed = [Told(RUNG_CLIMBED, ME, ANBAR, cause=77, detail=DEADLY_ATTACK)] if lucks else []
    assert [event for event in told(w) if event.kind != WARNED] == expected + climbed
    assert got(w, "last_deadly", "last_deadly_event", "factions.2.killed_today") == ((12, 77, 1) if us else (-1, 0, 0))
    assert got(w, "attacks.0.hurt", "attacks.0.us_killed", "attacks.0.us_wounded") == (1, us, 6)
    hurt = us + allied + iraqi + 6
    assert got(w, f"harm_count.{hurt}", f"harm_sum.{hurt}") == (1.0, hurt)


def test_all_the_dead_of_a_scripted_attack_are_american(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever their luck would have been; nobody wounded is no event."""
    dice(monkeypatch, bases, {ATTACK_VICTIMS_DRAW: 0.999})
    w = blank(SHARED)
    bases._share_out(w, 0, 2, 0, True, THIRD)
    assert [(event.kind, event.size) for event in told(w)] == [(US_KILLED, 2.0), (RUNG_CLIMBED, 1.0)]


def test_every_victim_has_an_address_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those beyond the ordinals of one attack are far from all other addresses."""
    drawn = dice(monkeypatch, bases, {ATTACK_VICTIMS_DRAW: 0.0})
    bases._share_out(blank(SHARED), 0, 258, 0, False, THIRD)
    entities = [entity for _, entity in drawn]
    assert entities[:2] == [131_840, 131_841]
    assert entities[255:] == [132_095, 131_840 + 2**48, 131_841 + 2**48]


@pytest.mark.parametrize(("hurt", "place"), [(0, 0), (7, 7), (39, 39), (40, 40), (41, 40), (5000, 40)])
def test_an_attack_is_counted_by_how_many_it_hurt(hurt: int, place: int) -> None:
    """Those that hurt forty or more together."""
    w = blank({f"harm_count.{place}": 2.0, f"harm_sum.{place}": 3.0})
    bases._book_harm(w, hurt)
    assert got(w, f"harm_count.{place}", f"harm_sum.{place}") == (3.0, 3.0 + hurt)
    assert w.harm_count.sum() == 3.0


@pytest.mark.parametrize(
    ("values", "u", "near"),
    [
        ({"attacks.0.weapon": ROCKET_FIRE}, 0.0, 1.0),
        ({"attacks.0.weapon": CONVOY_BOMB}, 0.0, 1.0),
        ({"attacks.0.weapon": BARRAGE}, 0.599, 0.0),
        ({"attacks.0.weapon": DRONES}, 0.599, 0.0),
        ({"attacks.0.weapon": DRONES}, 0.6, 1.0),
        ({"attacks.0.weapon": DRONES, f"strength.{M07}": 0.5}, 0.31, 1.0),
        ({"attacks.0.weapon": DRONES, f"strength.{M07}": 0.0}, 0.0, 1.0),
    ],
)
def test_warned_before_a_heavy_attack_iraqi_forces_keep_away(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], u: float, near: float
) -> None:
    """M07: barrages and drones are warned of by chance; a site abroad has no Iraqi forces near it at all."""
    dice(monkeypatch, bases, {ATTACK_WARNED_DRAW: {THIRD: u}})
    w = blank(SHARED | values)
    assert bases._iraqis_near(w, 0, THIRD) == near
    warned = Told(WARNED, ME, ANBAR, target=IRAQI_FORCES, site=1, cause=77, claim=M07)
    assert told(w) == ([] if near else [warned])
    abroad = blank(SHARED | values | {"attacks.0.outside": 1})
    assert (bases._iraqis_near(abroad, 0, THIRD), told(abroad)) == (0.0, [])


# Salvoes from Iran


SALVO: dict[str, Any] = {
    "presence.ever": 5e4, "day": 30, "n_sites": 4,
    "iran.missiles_today": 1, "iran.missile_weight": 0.8, "missile_rule": 6,
    "iran.grievance_event": 21, "iran.stock": 3.0, "us.dispersed": 0.25, "p.dispersal": 0.4,
    "p.missile_harm": 0.05, "p.missile_deadly": 0.5, "p.harm_exponent": 2.0, "p.harm_most": 0.02,
    "site_place.1": ANBAR, "sites.0.troops": 900.0, "sites.1.troops": 1000.0,
    "sites.2.troops": 5000.0, "site_in.2.outside": 1.0, "sites.3.troops": 5000.0, "site_in.3.is_embassy": 1.0,
    "sites.4.troops": 9000.0,
}  # fmt: skip
FELL = {"actor": IRAN, "place": ANBAR, "rule": 6}


def _salvo(values: dict[str, Any], hurt: float, kill: float) -> Any:
    w = blank(SALVO | values)
    w.u[U_MISSILES_HURT], w.u[U_MISSILES_KILL] = hurt, kill
    bases.settle_missiles(w)
    return w


@pytest.mark.parametrize(
    ("values", "hurt", "kill", "wounded", "dead"),
    [
        # A weight of 0.8 on a force dispersed by a quarter is 0.6: 1000 * 0.05 * 0.6 * 0.71 = 21.3 wounded;
        # a chance of 0.3 to kill, of which 0.23 is the quantile 0.767: 1 / (1 - 0.767) = 4.29.
        ({}, 0.71, 0.31, 21, 0),
        ({"iran.missile_weight": 1.0, "us.dispersed": 0.5}, 0.71, 0.25, 17, 0),
        ({}, 0.71, 0.23, 21, 4),
        ({}, 0.03, 0.23, 0, 4),
        ({}, 0.05, 0.31, 1, 0),
        ({}, 0.71, 0.2999, 21, 20),
        ({"p.harm_most": 50.0, "sites.1.troops": 2000.0, "p.missile_harm": 0.0}, 0.5, 0.29999, 0, 5000),
        ({"us.dispersed": 0.0}, 0.71, 0.39, 28, 20),
        ({"p.missile_deadly": 0.0}, 0.71, 0.0, 21, 0),
        ({"us.dispersed": 1.0}, 0.71, 0.0, 0, 0),
        ({"p.missile_deadly": 5e-10, "us.dispersed": 0.0, "iran.missile_weight": 1.0}, 0.5, 4e-10, 25, 1),
    ],
)
def test_a_salvo_hurts_by_its_weight_on_a_force_that_has_not_dispersed(
    values: dict[str, Any], hurt: float, kill: float, wounded: int, dead: int
) -> None:
    """It falls on the largest base in Iraq, neither the embassy nor abroad; chance decides over the dead."""
    w = _salvo(values, hurt, kill)
    at = {"target": US, "site": 1}
    expected = [Told(IRAN_MISSILES, cause=21, detail=w.iran.missile_weight, **FELL, **at),
                Told(RUNG_CLIMBED, cause=1, detail=MISSILES, **FELL)]  # fmt: skip
    if wounded:
        expected.append(Told(US_WOUNDED, size=wounded, cause=1, **FELL, **at))
    if dead:
        expected.append(Told(US_KILLED, size=dead, cause=1, **FELL, **at))
    assert told(w) == expected
    assert got(w, "last_deadly", "last_deadly_event") == ((30, 1) if dead else (-1, 0))
    assert got(w, "us.iran_case", "us.iran_case_killed", "us.iran_case_day", "us.iran_case_event") == (1, dead, 30, 1)
    assert (w.acting_rule, w.rung) == (0, MISSILES)


@pytest.mark.parametrize(("stock", "left"), [(3.0, 2.2), (0.5, 0.0)])
def test_a_salvo_empties_the_stock_and_disperses_the_force(stock: float, left: float) -> None:
    """By its weight, to nothing at least; of those not dispersed yet a share disperses."""
    w = _salvo({"iran.stock": stock}, 0.5, 0.9)
    assert got(w, "iran.stock", "us.dispersed") == pytest.approx((left, 0.25 + 0.4 * 0.75))


@pytest.mark.parametrize(("open_case", "killed"), [(1, 7.0), (0, 4.0)])
def test_the_dead_of_a_second_salvo_add_to_a_case_that_is_open(open_case: int, killed: float) -> None:
    """And to no case that was closed."""
    w = _salvo({"us.iran_case": open_case, "us.iran_case_killed": 3.0}, 0.71, 0.23)
    assert w.us.iran_case_killed == killed


def test_without_a_salvo_nothing_falls_and_without_a_base_nothing_was_answered() -> None:
    """No order moves nothing; an order that finds nobody to hit is forgotten."""
    assert moved(blank(SALVO | {"iran.missiles_today": 0}), bases.settle_missiles) == set()
    nobody = blank(SALVO | {"sites.0.troops": 0.0, "sites.1.troops": 0.0})
    assert moved(nobody, bases.settle_missiles) == {"iran.missiles_today"}
    assert nobody.iran.missiles_today == 0


@pytest.mark.parametrize(
    ("troops", "site"), [((900.0, 1000.0), 1), ((1000.0, 900.0), 0), ((900.0, 900.0), 0), ((0.5, 0.0), 0)]
)
def test_the_largest_base_is_the_first_of_those_with_most_troops(troops: tuple[float, float], site: int) -> None:
    """Embassies, sites abroad and sites beyond those there are do not count."""
    assert bases._largest_site(blank(SALVO | {"sites.0.troops": troops[0], "sites.1.troops": troops[1]})) == site


def test_the_last_site_of_all_may_be_the_largest() -> None:
    """Sites are looked at to the last."""
    assert bases._largest_site(blank(SALVO | {"n_sites": 5})) == 4
