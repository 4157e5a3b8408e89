"""The notebooks run from top to bottom, and are kept without outputs."""

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "docs" / "notebooks").glob("*.ipynb"))


def _cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path) -> None:
    """Every cell runs, one after another, and figures come of it."""
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    names: dict[str, Any] = {"__name__": path.stem}
    try:
        for k, cell in enumerate(_cells(path)):
            exec(compile("".join(cell["source"]), f"{path.name}, code cell {k}", "exec"), names)
        assert plt.get_fignums()
    finally:
        plt.close("all")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    """What is kept is what somebody wrote: no outputs, no counts, nothing of the machine that ran it."""
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in _cells(path))
    assert str(Path.home()) not in path.read_text()
