"""Print how long it takes to edit a policy and compare 1,000 worlds of it with another, the whole process counted.

The policy is a copy in a temporary folder; nothing is compiled again. ``python benchmarks/edit_and_compare.py``.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
CROSSFIRE = Path(sys.executable).with_name("crossfire")
SCENARIO = """scenario: edited-scenario
title: An edited policy
purpose: To time an edit.
extends: 2020-soleimani
policies: {us: edited}
"""


def timed(folder: Path, probability: float) -> float:
    """Return the seconds that a comparison takes after an edit of the policy's first rule."""
    text = (ROOT / "configs/policies/us/in-kind.yaml").read_text().replace("policy: in-kind", "policy: edited")
    (folder / "edited.yaml").write_text(text.replace("    claim:", f"    probability: {probability}\n    claim:", 1))
    (folder / "edited-scenario.yaml").write_text(SCENARIO)
    asked = [str(folder / "edited-scenario.yaml"), "--vary", "us=edited,restraint", "--worlds", "1000"]
    start = time.perf_counter()
    subprocess.run([CROSSFIRE, "compare", *asked, "--out", folder / f"out-{probability}"], check=True,
                   capture_output=True)  # fmt: skip
    return time.perf_counter() - start


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        times = [timed(Path(name), probability) for probability in (1.0, 0.9, 0.8, 0.7)]
    print("seconds in all, the first with a change of the model compiled if there was one:",
          ", ".join(f"{seconds:.2f}" for seconds in times))  # fmt: skip
