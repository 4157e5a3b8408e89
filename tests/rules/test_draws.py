"""Chance by address: the hash, the draws made of it, and what quantiles are turned into; known answers."""

import math
from typing import Any

import numpy as np
import pytest

from sim.names.address import address
from sim.names.streams import CELL_KEYS, MEMBER_DRIFT_KEY, N_DAILY, SLOT_KEYS
from sim.names.tables import MAX_CELLS, MAX_MEMBERS
from sim.world import draws
from sim.world.elementary import exp
from tests.rules.exact import blank, scrambled

GOLDEN = 0x9E3779B97F4A7C15
WRAP = 2**64


def uniform(z: int) -> float:
    """Return the upper 53 bits of a whole number of 64, as a share."""
    return (z >> 11) / 2**53


@pytest.mark.parametrize(
    ("k", "number"),
    [
        (1, 0xE220A8397B1DCDAF),
        (2, 0x6E789E6AA1B965F4),
        (3, 0x06C45D188009454F),
        (4, 0xF88BB8A8724C81EC),
        (5, 0x1B39896A51A8749B),
    ],
)
def test_the_hash_is_the_finaliser_of_splitmix64(k: int, number: int) -> None:
    """The first numbers of the published generator from seed 0: the golden ratio's multiples, scrambled."""
    z = np.uint64(k * GOLDEN % WRAP)
    assert int(draws.mix(z)) == scrambled(k * GOLDEN % WRAP) == number
    assert int(draws._mix_all(np.array([z, z]))[1]) == number


@pytest.mark.parametrize(
    ("z", "share"),
    [(0, 0.0), (2**11 - 1, 0.0), (2**11, 2.0**-53), (2**63, 0.5), (3 * 2**62, 0.75), (2**64 - 1, 1 - 2.0**-53)],
)
def test_a_number_of_64_bits_is_a_share_below_one(z: int, share: float) -> None:
    """By its upper 53 bits."""
    assert draws.unit(np.uint64(z)) == share


KEY, DAY_KEY, NAME = 0x1234567890ABCDEF, 0x0FEDCBA987654321, 0xC0FFEE0DDBA11ADE


@pytest.mark.parametrize("entity", [0, 1, 5, 131_840 + 2**48])
def test_a_draw_is_found_by_key_name_and_entity(entity: int) -> None:
    """Of the day's key, or of the world's for what holds at the start."""
    w = blank({"key": KEY, "day_key": DAY_KEY})
    for draw, key in ((draws.draw, DAY_KEY), (draws.draw_at_start, KEY)):
        expected = uniform(scrambled((scrambled(key ^ NAME) + entity * GOLDEN) % WRAP))
        assert draw(w, np.uint64(NAME), entity) == expected


@pytest.mark.parametrize("day", [0, 1, 40])
def test_a_days_luck_is_found_by_the_world_the_day_and_the_name(day: int) -> None:
    """The key in force, not the world's own; every daily number is set."""
    w = blank({"luck": KEY, "key": 3, "day": day})
    draws.new_day(w)
    key = scrambled((KEY + day * GOLDEN) % WRAP)
    assert int(w.day_key) == key
    assert len(w.u) == N_DAILY
    assert list(w.u) == [uniform(scrambled(key ^ slot)) for slot in SLOT_KEYS]


def test_a_members_week_is_even_with_a_variance_of_one() -> None:
    """Every member of the house has one, from minus to plus the square root of three."""
    w = blank({"day_key": DAY_KEY})
    draws.fill_members(w)
    key = scrambled(DAY_KEY ^ MEMBER_DRIFT_KEY)
    shares = [uniform(scrambled((key + i * GOLDEN) % WRAP)) for i in range(MAX_MEMBERS)]
    assert list(w.member_z) == pytest.approx([(2 * share - 1) * math.sqrt(3) for share in shares], rel=1e-12)


def test_every_living_cell_has_its_draws_by_its_own_key() -> None:
    """Four of them, the upper and the lower halves of two hashes; a cell that does not live has none."""
    w = blank({"day_key": DAY_KEY, "n_cells": 3, "cell_key.0": 11, "cell_key.1": 2**63 + 5, "cell_key.2": 7})
    draws.fill_cells(w)
    for j, key in enumerate(CELL_KEYS):
        week = scrambled(DAY_KEY ^ key)
        hashes = [scrambled((own + week) % WRAP) for own in (11, 2**63 + 5, 7)]
        assert list(w.cell_u[2 * j, :3]) == [z // 2**32 / 2**32 for z in hashes]
        assert list(w.cell_u[2 * j + 1, :3]) == [z % 2**32 / 2**32 for z in hashes]
    assert w.cell_u[:, 3:].sum() == 0.0


def test_the_two_numbers_of_a_hash_have_nothing_to_do_with_each_other() -> None:
    """All are even, and over twelve thousand cells their correlations are those of chance."""
    w, weeks = blank({"n_cells": MAX_CELLS}), []
    w.cell_key[:] = np.arange(MAX_CELLS)
    for day in range(20):
        w.day_key = np.uint64(scrambled(DAY_KEY + day))
        draws.fill_cells(w)
        weeks.append(w.cell_u.copy())
    numbers = np.concatenate(weeks, axis=1)
    assert np.abs(numbers.mean(axis=1) - 0.5).max() < 0.011
    assert np.abs(numbers.var(axis=1) - 1 / 12).max() < 0.003
    assert np.abs(np.corrcoef(numbers) - np.eye(4)).max() < 0.04
    assert 0.0 <= numbers.min() < numbers.max() < 1.0


# Counts, sizes, normals


#: Quantiles of the Poisson distribution.
COUNTS = [
    (0.0, 5.0, 0), (0.5, 0.3, 0), (0.75, 0.3, 1), (0.99, 0.3, 2), (0.9999, 0.3, 4), (0.5, 0.7, 1), (0.9999, 0.7, 5),
    (0.31, 1.0, 0), (0.5, 1.0, 1), (0.75, 1.0, 2), (0.99, 1.0, 4), (0.05, 4.5, 1), (0.31, 4.5, 3), (0.9, 4.5, 7),
    (0.9999, 4.5, 14), (1e-6, 29.9, 8), (0.99, 29.9, 43), (0.05, 30.0, 21), (0.75, 30.0, 34), (0.9999, 30.0, 52),
    (0.0, 0.0, 0), (0.999, 0.0, 0), (0.6, 0.5, 0), (0.6066, 0.5, 1),
]  # fmt: skip


@pytest.mark.parametrize(("u", "mean", "count"), COUNTS)
def test_a_count_is_the_poisson_quantile(u: float, mean: float, count: int) -> None:
    """Up to a mean of thirty, as tables of the distribution have it."""
    assert draws.poisson(u, mean) == count


@pytest.mark.parametrize(
    ("u", "mean", "count"),
    [(0.5, 30.5, 31), (0.99, 30.5, 43), (0.9999, 30.1, 51), (1e-6, 30.1, 4), (0.9999, 31.0, 52), (0.25, 40.0, 36),
     (0.8413447461, 100.0, 110), (0.0013498980, 100.0, 70), (0.8413447461, 1e4, 10_100), (0.5, 1e12, 10**9),
     (1e-17, 31.0, 0), (0.5, 2e9, 10**9)],
)  # fmt: skip
def test_beyond_a_mean_of_thirty_a_count_is_that_of_the_nearest_normal(u: float, mean: float, count: int) -> None:
    """Rounded, none at least, and a billion at most."""
    assert draws.poisson(u, mean) == count


def test_at_the_very_chance_of_none_a_count_is_one() -> None:
    """A quantile below the chance of none is none; at it, it is the next."""
    none = float(exp(-1.0))
    assert (draws.poisson(none, 1.0), draws.poisson(math.nextafter(none, 0.0), 1.0)) == (1, 0)


@pytest.mark.parametrize(("mean", "least", "most"), [(0.5, 12, 16), (5.0, 28, 36), (30.0, 84, 97)])
def test_at_the_very_last_quantile_a_count_ends(mean: float, least: int, most: int) -> None:
    """Where the sum of chances, as rounded, never reaches the quantile: at the first count of a chance below 1e-18."""
    assert least <= draws.poisson(1 - 2.0**-53, mean) <= most


#: Quantiles of the standard normal distribution, from its tables to sixteen digits.
NORMALS = [
    (1e-16, -8.222082216130435), (1e-10, -6.361340902404056), (0.001, -3.090232306167813), (0.01, -2.3263478740408408),
    (0.02, -2.0537489106318225), (0.0242, -1.9738394633131993), (0.0243, -1.9720841590292884),
    (0.03, -1.8807936081512509), (0.04, -1.7506860712521695), (0.1, -1.2815515655446008), (0.3, -0.5244005127080407),
    (0.6, 0.2533471031357998), (0.8, 0.8416212335729144), (0.9, 1.2815515655446008), (0.96, 1.7506860712521695),
    (0.97, 1.8807936081512504), (0.975, 1.9599639845400536), (0.976, 1.9773684281819461), (0.99, 2.3263478740408408),
    (0.9999999, 5.199337582290662),
]  # fmt: skip


@pytest.mark.parametrize(("u", "x"), NORMALS)
def test_a_normal_number_is_the_quantile_to_nine_digits(u: float, x: float) -> None:
    """As Acklam's approximation claims of itself."""
    assert draws.normal(u) == pytest.approx(x, rel=1.2e-9)


def test_the_middle_is_none_and_nothing_lies_beyond_the_last_quantile() -> None:
    """A quantile of none would be infinite."""
    assert draws.normal(0.5) == 0.0
    assert draws.normal(0.0) == draws.normal(1e-17) == draws.normal(1e-16)


@pytest.mark.parametrize(
    ("u", "exponent", "most", "size"),
    [
        (0.0, 2.0, 99.0, 1),
        (0.76, 2.0, 99.0, 4),  # 1 / 0.24 = 4.17
        (0.99, 2.0, 99.0, 99),
        (0.9, 2.0, 7.9, 7),
        (0.95, 3.0, 99.0, 4),  # the root of 20
        (0.951, 1.5, 999.0, 416),  # 20.41 squared
        (0.9, 2.0, 0.3, 1),
        (0.9, 2.0, 1.5, 1),
        (0.6, 1.5, 99.0, 6),  # 2.5 squared
    ],
)
def test_a_heavy_tail_falls_as_a_power_of_size(u: float, exponent: float, most: float, size: int) -> None:
    """Beyond size x there are x to the minus (exponent - 1); one at least, and cut at the most."""
    assert draws.heavy_tail(u, exponent, most) == size


@pytest.mark.parametrize(
    ("x", "share"), [(0.0, 0.5), (2.0, 0.8807970779778823), (-2.0, 0.11920292202211755), (-1000.0, 0.0), (40.0, 1.0)]
)
def test_the_logistic_function_is_a_share(x: float, share: float) -> None:
    """Even about its middle."""
    assert draws.logistic(x) == pytest.approx(share, abs=1e-15)


# Worlds


@pytest.mark.parametrize("seed", [0, 7, 2**64 + 7, -1])
def test_a_worlds_key_is_found_by_seed_and_number(seed: int) -> None:
    """Each by itself: seeds wrap around, and world 0 is not the seed's own number."""
    root = scrambled((seed + GOLDEN) % WRAP)
    numbers = np.array([0, 1, 9000])
    expected = [scrambled((root + (n + 1) * GOLDEN) % WRAP) for n in (0, 1, 9000)]
    assert [int(key) for key in draws.world_keys(seed, numbers)] == expected


def test_a_quantity_is_drawn_by_its_name_in_each_world() -> None:
    """Names in rows, worlds in columns; one name gives its own row."""
    keys: Any = np.array([5, KEY, WRAP - 1], np.uint64)
    names = ["parameter:face", "situation:us_troops"]
    expected = [[uniform(scrambled(int(key) ^ address("quantity", name))) for key in keys] for name in names]
    assert draws.quantiles_of(keys, names).tolist() == expected
    assert draws.quantiles(keys, names[1]).tolist() == expected[1]
