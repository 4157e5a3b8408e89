"""The command: ``python -m tests.attacks --help``."""

import sys

from tests.attacks.command import main

sys.exit(main())
