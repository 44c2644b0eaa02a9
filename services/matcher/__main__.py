"""`python -m services.matcher serve | migrate | verify-audit | keys DIR | add-partner NAME`."""

import sys

from services.chassis.process.process import run
from services.matcher.app import BLUEPRINT

if __name__ == "__main__":
    sys.exit(run(BLUEPRINT))
