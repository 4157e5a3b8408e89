"""Rules are tested uncompiled: ``CROSSFIRE_RULES=python`` must be set before anything of the model is imported."""

import numpy as np
import pytest

from sim.world.compiled import PLAIN


def pytest_collection_modifyitems() -> None:
    """Refuse to run compiled: a rule called with a prepared world must be plain Python."""
    if not PLAIN:
        raise pytest.UsageError("run these with CROSSFIRE_RULES=python in the environment (make test does)")


@pytest.fixture(autouse=True)
def _keys_wrap_around() -> object:
    """Let 64-bit keys wrap around without a warning."""
    with np.errstate(over="ignore"):
        yield
