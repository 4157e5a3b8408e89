"""How fast the model is on this machine: against plain Mesa, against its chance alone, from cold to an answer."""

from sim.running.bench.history import HistoryLine, note, noted
from sim.running.bench.measurements import Speeds, measure
from sim.running.bench.miniature import against_mesa
from sim.running.bench.rule_costs import living_cells
from sim.running.bench.turns import Figure

__all__ = ["Figure", "HistoryLine", "Speeds", "against_mesa", "living_cells", "measure", "note", "noted"]
