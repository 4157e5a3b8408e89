"""How fast the model is on this machine: against plain Mesa, against its chance alone, from cold to an answer."""

from sim.bench.figures import Speeds, measure
from sim.bench.history import Noted, note, noted
from sim.bench.miniature import against_mesa
from sim.bench.turns import Figure
from sim.bench.units import living_cells

__all__ = ["Figure", "Noted", "Speeds", "against_mesa", "living_cells", "measure", "note", "noted"]
