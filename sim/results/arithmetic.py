"""What this machine's arithmetic comes to, as a short hash: results of machines that differ cannot be merged."""

import hashlib
from functools import cache

import numpy as np

from sim.inputs.distributions import elementary, normal
from sim.inputs.distributions.quantities import read_quantity
from sim.world.draws import quantiles, world_keys

#: One distribution of each kind that takes more than a multiplication; beta, the slow one, is made of exp and log1p.
_DRAWN = (
    {"uniform": [-3, 7.1]}, {"loguniform": [0.003, 17]}, {"triangular": [0.1, 0.7, 2]}, {"normal": [3, 0.7]},
    {"lognormal": [40, 1.3], "within": [3, 900]}, {"deciles": [k * k / 7 for k in range(11)]},
)  # fmt: skip


@cache
def arithmetic() -> str:
    """Return a hash (16 hex) of known draws and elementary functions as they come out on this machine.

    It is the same wherever arithmetic follows IEEE 754.
    """
    u = quantiles(world_keys(1, np.arange(40)), "arithmetic")
    x = 80.0 * (u - 0.5)
    found = [elementary.exp(x), elementary.log(u), elementary.log1p(u - 0.5), normal.quantile(u), np.sqrt(u), u / x]
    found += [np.array([normal.share_below(float(score)) for score in x[:8] / 8.0])]
    found += [read_quantity(plain).quantile(u) for plain in _DRAWN]
    return hashlib.sha256(b"".join(one.astype("<f8").tobytes() for one in found)).hexdigest()[:16]
