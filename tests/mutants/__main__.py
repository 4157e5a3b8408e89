"""The command: ``python -m tests.mutants --help``."""

import os
import sys

os.environ["CROSSFIRE_RULES"] = "python"  # before anything of the model is imported
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if __name__ == "__main__":
    from tests.mutants.command import main

    sys.exit(main())
