"""Run what was asked for into a folder of results: anew, on from where it broke off, further, or a share of it.

Whatever the way, the same worlds come to the same bytes: a run that was killed and taken up, sixteen shards merged, a
cluster that lost a worker, and a run that was never disturbed.
"""

from sim.running.foresight import Foreseen, foresee
from sim.running.from_python import compare, run, run_sweep
from sim.running.going_on import arm_again, arm_of_results, extend, resume, variant_again
from sim.running.job import Done, How, Interrupted, Job, Runner, Watch
from sim.running.merging import merge
from sim.running.rules import prepare_rules
from sim.running.worlds import execute

__all__ = [
    "Done", "Foreseen", "How", "Interrupted", "Job", "Runner", "Watch", "arm_again", "arm_of_results", "compare",
    "execute", "extend",
    "foresee", "merge", "prepare_rules", "resume", "run", "run_sweep",
    "variant_again",
]  # fmt: skip
