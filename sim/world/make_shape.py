"""Write ``shape.py``: how a type checker sees a world, made from the record (``python -m sim.world.make_shape``)."""

from pathlib import Path

import numpy as np

from sim.world.record import OUTCOME, WEEK, WORLD

_HEAD = '''"""How a type checker sees a world: made from the record by ``python -m sim.world.make_shape``."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Keys = NDArray[np.uint64]
'''
_SCALARS = {"f": "float", "i": "int", "u": "np.uint64"}
_ARRAYS = {"f": "Numbers", "i": "Whole", "u": "Keys"}


def shape_text() -> str:
    """Return the text of ``shape.py`` for the record as it stands."""
    blocks: list[str] = []
    _protocol("World", WORLD, blocks)
    _protocol("Outcome", OUTCOME, blocks)
    _protocol("Week", WEEK, blocks)
    return _HEAD + "".join(blocks)


def _protocol(name: str, dtype: np.dtype, blocks: list[str]) -> None:
    lines = [f'\n\nclass {name}(Protocol):\n    """Fields of {name}."""\n\n']
    for field in dtype.names or ():
        lines.append(f"    {field}: {_annotation(name, field, dtype[field], blocks)}\n")
    blocks.append("".join(lines))


def _annotation(owner: str, field: str, dtype: np.dtype, blocks: list[str]) -> str:
    base, shape = dtype.subdtype or (dtype, ())
    if base.names:
        inner = _class_name(owner, field)
        _protocol(inner, base, blocks)
        return f"list[{inner}]" if shape else inner
    return _ARRAYS[base.kind] if shape else _SCALARS[base.kind]


def _class_name(owner: str, field: str) -> str:
    prefix = "" if owner == "World" else owner
    return prefix + "".join(word.capitalize() for word in field.split("_"))


if __name__ == "__main__":
    (Path(__file__).parent / "shape.py").write_text(shape_text())
