"""The compiled rules, loaded or compiled before worlds run."""

import sys
from dataclasses import replace

from sim.experiments.variants import Variant
from sim.world.compiled import PLAIN, have_kernels
from sim.world.kernels import native_code


def load_numba_lightly() -> None:
    """Load Numba, where kernels need it, without SciPy's linear algebra, which takes as long as all the rest.

    No rule multiplies matrices. Numba looks for it once, as it starts; where it is not to be had, ``numpy.dot`` cannot
    be compiled.
    """
    have_kernels()
    if "numba.np.arraymath" in sys.modules or "scipy.linalg" in sys.modules or PLAIN or native_code() is not None:
        return
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules["scipy.linalg"]


def prepare_rules(variant: Variant, everything: bool = False) -> None:
    """Load the compiled rules, compiled first where they are not there.

    Where Numba alone has them, that is by living through one day of one world; with ``everything`` those too that only
    a story needs.
    """
    if not everything and (PLAIN or native_code() is not None):
        return
    from sim.running.ensemble import run_worlds
    from sim.running.one_world import OneWorld

    one_day = Variant(variant.label, replace(variant.inputs, days=1))
    for _ in run_worlds([one_day], 1, 1, threads=1):
        pass
    if everything:
        world = OneWorld(one_day, 0).run_to()
        world.outcomes()
        world.digest()
