"""Results on disk: a folder with a manifest and a few tables, written part by part and put together at the end.

``manifest.json`` says what was asked, with what, and how far it got; ``outcomes.parquet`` has a row for each world of
each variant, ``series.parquet`` one for each of their weeks, ``inputs.parquet`` one for each world, with what was drawn
for it. While a run goes on, its parts lie under ``parts/``, and ``parts.jsonl`` names those that are whole.
"""

from sim.results.derived import note_derived, write_derived
from sim.results.files import StoreError, suggested
from sim.results.layout import FINISHED, INTERRUPTED, MERGING, RUNNING, SHARD
from sim.results.manifest import folder_name, inputs_hash, same_inputs
from sim.results.opening import begin_again, create, differences_told, drop_tables, other_arithmetic, reopen
from sim.results.parquet import size_of
from sim.results.reading import Results
from sim.results.tables import inputs_table, outcomes_table, series_table, texts
from sim.results.writing import Store

__all__ = [
    "FINISHED", "INTERRUPTED", "MERGING", "RUNNING", "SHARD", "Results", "Store", "StoreError", "begin_again", "create",
    "differences_told", "drop_tables", "folder_name", "inputs_hash", "inputs_table", "note_derived",
    "other_arithmetic", "outcomes_table", "reopen", "same_inputs", "series_table", "size_of", "suggested", "texts",
    "write_derived",
]  # fmt: skip
