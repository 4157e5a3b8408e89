"""How a type checker sees a world (stand-in until made from the record)."""

from typing import Any

World = Any
