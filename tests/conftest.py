"""What holds for all tests: a terminal wide enough that no line of output is wrapped."""

import pytest
from hypothesis import HealthCheck, settings


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


# How fast examples come depends on who else uses the machine; that is no finding.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
