"""How fast the model is on this machine: against plain Mesa, against its chance alone, from cold to an answer."""

from sim.running.bench.figures import Speeds, measure
from sim.running.bench.history import Noted, note, noted
from sim.running.bench.miniature import against_mesa
from sim.running.bench.turns import Figure
from sim.running.bench.units import living_cells

__all__ = ["Figure", "Noted", "Speeds", "against_mesa", "living_cells", "measure", "note", "noted"]
