"""Print how long it takes to edit a policy and compare 1,000 worlds of it with another, the whole process counted.

Nothing is compiled again. ``python benchmarks/edit_and_compare.py``; ``crossfire bench`` measures it too, and
``benchmarks/warm.py`` what a warm engine makes of it.
"""

from sim.running.bench.timed_commands import edit_to_answer

if __name__ == "__main__":
    turn = edit_to_answer(1_000)
    for _ in range(5):
        print("{edit_to_answer:.2f} s, of the processor {edit_to_answer_processor:.2f}".format(**turn()), flush=True)
