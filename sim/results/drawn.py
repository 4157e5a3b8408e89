"""What was drawn for the worlds of a variant, out of the one table that all variants share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.results.files import StoreError
from sim.results.layout import INPUTS

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.reading import Results


def inputs_of(results: "Results", label: str, columns: Sequence[str] | None) -> "pd.DataFrame":
    """Return the uncertain quantities of a variant's worlds, by world, as ``Results.inputs_of`` says."""
    import pandas as pd

    known = _known(results)
    asked = known if columns is None else columns
    if unknown := [name for name in asked if name not in known]:
        raise StoreError(f"{results.folder}: no input {', '.join(unknown)}")
    drawn = (results.manifest.get("drawn") or [{}] * len(results.variants))[results.variants.index(label)]
    other, fixed = drawn.get("other", {}), drawn.get("fixed", {})
    stored = {name: column for name in asked if (column := other.get(name, name))}
    frame = results.frame(INPUTS, [*dict.fromkeys(stored.values())], None).set_index("world")
    made = {
        name: frame[stored[name]] if name in stored and name not in fixed else fixed.get(name, np.nan) for name in asked
    }
    return pd.DataFrame(made, index=frame.index)


def _known(results: "Results") -> list[str]:
    """Return the names of all quantities that vary; columns of a variant alone have a ``#`` and are none."""
    names = results.names(INPUTS)
    if not names:
        lacking = f"no table of inputs ({results.status}; it is written when a run is finished)"
        raise StoreError(f"{results.folder}: {lacking}")
    return [name for name in names if "#" not in name]
